"""A thousand good files among all the bad ones: a thousand are read."""

from __future__ import annotations

import importlib
import importlib.util
import random
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from pipelines.intake.gates import OLE
from pipelines.intake.inbox import take_in
from pipelines.orchestration.receiving import read_months
from pipelines.orchestration.writer import open_writer
from pipelines.root import Root
from tests.intake.books import credit_code, save, single

GOOD = 1_000


def bad_files(good: bytes) -> dict[str, bytes]:
    """Files that must not be read, by name: all variants there are, and what is made of a good one.

    Among them are some that abort the program that decodes them.
    """
    middle = len(good) // 2
    files = {
        "空.xlsx": b"",
        "网页.xls": b"<html><table><tr><td>1</td></tr></table></html>",
        "断.xlsx": good[:middle],
        "翻.xlsx": good[:middle] + bytes([good[middle] ^ 0xFF]) + good[middle + 1 :],
        "密.xlsx": OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "旧.xls": OLE + bytes(600) + "Workbook".encode("utf-16-le"),
    }
    if importlib.util.find_spec("tests.intake.hostile"):
        files |= importlib.import_module("tests.intake.hostile").hostile_files()
    return files


def stray_cell(path: Path) -> None:
    """Write a workbook of which calamine allocates the whole grid, and aborts."""
    sheets = single()
    save(sheets | {"页": [["x"]]}, path)
    book = openpyxl.load_workbook(path)
    book["页"]["XFD1048576"] = " "
    book.save(path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
def test_a_thousand_good_files_among_all_bad_ones_are_read(tmp_path: Path, seed: int) -> None:
    root = Root(tmp_path)
    june = root.inbox / "reports" / "2025-06"
    june.mkdir(parents=True)
    contents = {
        f"好{number:04}.xlsx": save(
            single(code=credit_code(number)), tmp_path / "good.xlsx"
        ).read_bytes()
        for number in range(1, GOOD + 1)
    }
    contents |= bad_files(contents["好0001.xlsx"])
    stray_cell(tmp_path / "stray.xlsx")
    contents["越界.xlsx"] = (tmp_path / "stray.xlsx").read_bytes()
    names = list(contents)
    random.Random(seed).shuffle(names)
    for number, name in enumerate(names):
        june.joinpath(f"{number:05}{Path(name).name}").write_bytes(contents[name])
    receipts = take_in(root)
    with open_writer(root) as writer:
        assert len(read_months(writer, ["2025-06"])) == len(receipts)
        rows = writer.connection.execute(
            "select substr(file_name, 6, 1), outcome from raw_files"
        ).fetchall()
        values = writer.connection.execute(
            "select count(*) from raw_values group by credit_code having credit_code is not null"
        ).fetchall()
    outcomes = Counter(rows)
    assert len(rows) == len(receipts)
    assert outcomes["好", "read"] == GOOD
    assert outcomes["好", "refused"] == 0
    assert len(values) >= GOOD
    assert sum(count for (_, outcome), count in outcomes.items() if outcome != "read") > 5
