"""A release's name follows from everything that can change a figure, and from nothing else."""

from dataclasses import replace
from pathlib import Path

from pipelines.warehouse.release import (
    Method,
    Release,
    current_method,
    files_digest,
    reading_digest,
)

RELEASE = Release(
    "2025-06",
    [{"receipt_no": 1, "sha256": "ab"}],
    [],
    Method("catalog", "sql", "expectations", "code"),
)


def test_equal_inputs_have_an_equal_name() -> None:
    again = replace(RELEASE, inputs=[{"sha256": "ab", "receipt_no": 1}])
    assert again.release_id == RELEASE.release_id
    period, _, digest = RELEASE.release_id.rpartition("-")
    assert period == "2025-06"
    assert len(digest) == 12


def test_every_input_and_every_part_of_the_method_counts() -> None:
    others = [
        replace(RELEASE, inputs=[]),
        replace(RELEASE, decisions=[{"decision_no": 1, "kind": "lock"}]),
        replace(RELEASE, inputs=[{"receipt_no": 1, "sha256": "cd"}]),
        *(
            replace(RELEASE, method=replace(RELEASE.method, **{part: "other"}))
            for part in ("catalog", "sql", "expectations", "code")
        ),
    ]
    names = {RELEASE.release_id, *(release.release_id for release in others)}
    assert len(names) == len(others) + 1


def test_the_method_is_what_stands_in_the_files() -> None:
    method = current_method()
    assert method == current_method()
    assert reading_digest(method) != reading_digest(replace(method, catalog="other"))


def test_a_digest_knows_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    before = files_digest(tmp_path, tmp_path.iterdir())
    (tmp_path / "a").rename(tmp_path / "c")
    renamed = files_digest(tmp_path, tmp_path.iterdir())
    (tmp_path / "c").write_bytes(b"3")
    assert len({before, renamed, files_digest(tmp_path, tmp_path.iterdir())}) == 3
