"""The demo wipes only what it made itself."""

from pathlib import Path

import pytest

from pipelines.orchestration.demo_root import NotADemoError, is_made_up, new_demo_root
from pipelines.root import Root
from pipelines.warehouse.frozen import freeze


def test_a_demo_root_is_made_anew(tmp_path: Path) -> None:
    root = new_demo_root(tmp_path / "demo")
    assert is_made_up(root)
    (root.path / "data").mkdir()

    new_demo_root(tmp_path / "demo")
    assert not (root.path / "data").exists()


def test_another_folder_is_never_wiped(tmp_path: Path) -> None:
    kept = tmp_path / "raw" / "名录.xlsx"
    kept.parent.mkdir()
    kept.touch()

    with pytest.raises(NotADemoError, match="没有改动"):
        new_demo_root(tmp_path)
    assert kept.exists()
    assert not is_made_up(Root(tmp_path))


def test_frozen_releases_of_a_demo_are_wiped_too(tmp_path: Path) -> None:
    root = new_demo_root(tmp_path / "demo")
    folder = root.releases / "2025-06-0123456789ab"
    folder.mkdir(parents=True)
    freeze(folder, {}, {"bulletin-2025-06.html": b"page"})
    new_demo_root(root.path)
    assert not root.releases.exists()
