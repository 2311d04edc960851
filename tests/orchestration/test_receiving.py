"""Rows of receipts replaced in the warehouse, in whatever order receipts are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.inbox import take_in
from pipelines.orchestration import receiving
from pipelines.orchestration.writer import open_writer
from pipelines.root import Root
from tests.intake.books import at, credit_code, save, single


def rows_after(path: Path, batches: list[list[int]]) -> dict[str, list[tuple[object, ...]]]:
    """Read three reports, of which each has a problem, batch by batch; rows as they stand."""
    root = Root(path)
    for number in range(3):
        sheets = single(code=credit_code(number + 1))
        at(sheets, "营业收入", "01", "本月", "一千二")
        save(sheets, root.inbox / "reports" / "2025-06" / f"{number}.xlsx")
    receipts = take_in(root)
    with open_writer(root) as writer:
        receiving.readings(writer)
        for batch in batches:
            receiving._replace_rows(writer, [receipts[place] for place in batch], "x")
        return {
            table: writer.connection.execute(f"from {table}").fetchall()
            for table in receiving.RAW_KEYS
        }


@pytest.mark.parametrize(
    "batches", [[[0], [1], [2]], [[1], [0, 2]], [[2], [1], [0]], [[0, 1, 2], [1]], [[0, 2], [1, 2]]]
)
def test_the_tables_stay_in_order_whoever_came_first(
    tmp_path: Path, batches: list[list[int]]
) -> None:
    expected = rows_after(tmp_path / "at_once", [[0, 1, 2]])
    assert [row[0] for row in expected["raw_files"]] == [1, 2, 3]
    assert [row[:2] for row in expected["raw_problems"]] == [(1, 1), (2, 1), (3, 1)]
    made = rows_after(tmp_path / "in_batches", batches)
    assert made["raw_values"] == expected["raw_values"]
    assert made["raw_problems"] == expected["raw_problems"]
    assert [row[0] for row in made["raw_files"]] == [1, 2, 3]
