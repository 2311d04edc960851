"""Rows of receipts replaced in the warehouse, in whatever order receipts are read."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from pipelines.intake.inbox import take_in
from pipelines.orchestration import receiving
from pipelines.orchestration.writer import Writer, open_writer
from pipelines.root import PROJECT, Root
from pipelines.warehouse.database import PYTHON_SCHEMAS
from tests.intake.books import at, credit_code, roll, save, single

# Reads what is new, and is killed before the third insertion.
KILLED = """
import os, signal, sys
from pathlib import Path
from pipelines.orchestration import receiving
from pipelines.orchestration.writer import Writer, open_writer
from pipelines.root import Root

really_insert = receiving.insert_columns
inserted = []

def insert(*arguments):
    if len(inserted) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    inserted.append(really_insert(*arguments))

receiving.BATCH_CHARACTERS = 0
receiving.insert_columns = insert
with open_writer(Root(Path(sys.argv[1]))) as writer:
    receiving.read_months(writer, ["2025-06"])
"""
# Hands on rows early, and dies of the file named for it after the last.
DYING = """
import os
from pipelines.intake import reading_worker, records
from pipelines.intake.reading import WorkbookReader

really_read = WorkbookReader.read

def read(reader, workbook, receipt, hand_on):
    reading = really_read(reader, workbook, receipt, hand_on)
    if receipt.file_name == "dies.xlsx":
        os.abort()
    return reading

records.ROWS_HANDED_ON = 10
WorkbookReader.read = read
reading_worker.main()
"""


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
        return rows_of(writer)


def rows_of(writer: Writer) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: writer.connection.execute(f"from {table}").fetchall() for table in receiving.RAW_KEYS
    }


def read_all(root: Root) -> dict[str, list[tuple[object, ...]]]:
    """Read what is new as a run does; rows as they stand."""
    with open_writer(root) as writer:
        receiving.read_months(writer, ["2025-06"])
        return rows_of(writer)


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


def test_a_run_killed_between_batches_leaves_the_warehouse_as_it_was(tmp_path: Path) -> None:
    root = Root(tmp_path)
    june = root.inbox / "reports" / "2025-06"
    save(single(), june / "0.xlsx")
    before = read_all(root)
    for number in range(1, 5):
        save(single(code=credit_code(number + 1)), june / f"{number}.xlsx")
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    assert subprocess.run(command, cwd=PROJECT, check=False).returncode == -9
    with open_writer(root) as writer:
        assert set(receiving.readings(writer)) == {1}
        assert rows_of(writer) == before
    rows = read_all(root)
    assert [row[0] for row in rows["raw_files"]] == [1, 2, 3, 4, 5]
    assert {row[0] for row in rows["raw_values"]} == {1, 2, 3, 4, 5}


def test_rows_of_a_file_that_costs_the_worker_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Root(tmp_path / "root")
    for number, name in enumerate(("a", "dies", "z")):
        codes = [credit_code(number * 9 + place) for place in range(1, 9)]
        save(roll(codes=codes), root.inbox / "reports" / "2025-06" / f"{name}.xlsx")
    script = tmp_path / "worker.py"
    script.write_text(DYING)
    worker = [sys.executable, str(script)]
    read = partial(receiving.read_receipts_into_rows, worker=worker)
    monkeypatch.setattr(receiving, "read_receipts_into_rows", read)
    monkeypatch.setattr(receiving, "BATCH_CHARACTERS", 0)
    rows = read_all(root)
    rule = list(PYTHON_SCHEMAS["raw_files"]).index("refusal_rule")
    assert [(row[0], row[rule]) for row in rows["raw_files"]] == [
        (1, None),
        (2, "decode_crashed"),
        (3, None),
    ]
    assert {row[0] for row in rows["raw_values"]} == {1, 3}
    assert [row[:2] for row in rows["raw_problems"]] == [(2, 1)]


def test_a_warehouse_with_other_columns_is_filled_anew(tmp_path: Path) -> None:
    """As after an update of the program that keeps more of each file than the one before."""
    root = Root(tmp_path)
    save(single(), root.inbox / "reports" / "2025-06" / "a.xlsx")
    with open_writer(root) as writer:
        receiving.read_months(writer, ["2025-06"])
        expected = writer.connection.execute("from raw_files").fetchall()
        writer.connection.execute("alter table raw_files drop column has_macros")
        (again,) = receiving.read_months(writer, ["2025-06"])
        assert writer.connection.execute("from raw_files").fetchall() == expected
        assert receiving.read_months(writer, ["2025-06"]) == []
    assert again.receipt_no == 1
