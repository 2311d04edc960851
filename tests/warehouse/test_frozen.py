"""What a frozen release is, and which drafts go when the next one is published."""

import json
import os
from pathlib import Path

import pytest

from pipelines.root import Root
from pipelines.warehouse.frozen import (
    RECORD,
    changed_files,
    freeze,
    is_frozen,
    make_writable,
    prune_drafts,
    read_record,
    release_folders,
)

PAGES = {"bulletin-2025-06.html": b"page"}


def draft(root: Root, number: int) -> Path:
    """A release whose files were written at that second."""
    folder = root.releases / f"2025-06-{number:012x}"
    (folder / "internal").mkdir(parents=True)
    for name in ("hr_services.duckdb", "manifest.json", "internal/core_periods.parquet"):
        (folder / name).write_text(f"{name} {number}")
    os.utime(folder / "hr_services.duckdb", (number, number))
    return folder


def current(root: Root, folder: Path) -> None:
    (root.marts / "current").write_text(f"{folder.name}\n", encoding="utf-8")


def names(root: Root) -> list[str]:
    return [folder.name[-1] for folder in release_folders(root)]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def test_a_frozen_release_is_read_only_and_knows_its_bytes(root: Root) -> None:
    folder = draft(root, 1)
    assert not is_frozen(folder)
    freeze(folder, {"release_id": folder.name, "signed": ["王五"]}, PAGES)
    assert is_frozen(folder)
    paths = [folder, *folder.rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o555"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_file()} == {"0o444"}
    record = read_record(folder)
    assert record["signed"] == ["王五"]
    assert set(record["files"]) == {
        "bulletin-2025-06.html",
        "hr_services.duckdb",
        "internal/core_periods.parquet",
        "manifest.json",
    }
    assert changed_files(folder, record["files"]) == []


def test_what_was_changed_or_lost_is_named(root: Root) -> None:
    folder = draft(root, 1)
    freeze(folder, {}, PAGES)
    digests = read_record(folder)["files"]
    make_writable(folder)
    (folder / "manifest.json").unlink()
    (folder / "bulletin-2025-06.html").chmod(0o644)
    (folder / "bulletin-2025-06.html").write_bytes(b"other")
    assert changed_files(folder, digests) == ["bulletin-2025-06.html", "manifest.json"]


def test_freezing_again_ends_an_interrupted_freezing(root: Root) -> None:
    folder = draft(root, 1)
    freeze(folder, {"signed": ["王五"]}, PAGES)
    freeze(folder, {"signed": ["赵六"]}, {"bulletin-2025-06.html": b"later"})
    record = read_record(folder)
    assert record["signed"] == ["赵六"]
    assert RECORD not in record["files"]
    assert changed_files(folder, record["files"]) == []
    assert json.loads((folder / RECORD).read_text(encoding="utf-8")) == record


def test_only_the_last_two_drafts_are_kept_and_never_what_is_signed_or_published(
    root: Root,
) -> None:
    folders = [draft(root, number) for number in range(1, 7)]
    freeze(folders[1], {}, PAGES)
    current(root, folders[2])
    prune_drafts(root)
    assert names(root) == ["2", "3", "5", "6"]
    prune_drafts(root)
    assert names(root) == ["2", "3", "5", "6"]
    assert not list(root.releases.glob("*.tmp"))


def test_two_drafts_are_not_too_many(root: Root) -> None:
    folders = [draft(root, number) for number in (2, 1)]
    current(root, folders[0])
    prune_drafts(root)
    assert names(root) == ["1", "2"]
