"""Records of old workbooks: what calamine would pass over."""

from __future__ import annotations

import struct

import pytest

from pipelines.intake.biff import OldWorkbook, OleFile, scan_workbook
from pipelines.intake.scanning import SheetScan, Unshown
from tests.intake.old_books import (
    BOF,
    BOUNDSHEET,
    DATEMODE,
    EMPTY_RESULT,
    EOF,
    ERROR,
    ERROR_RESULT,
    FILEPASS,
    FORMULA,
    STYLED,
    Record,
    ole,
    record,
    workbook,
)

RESULT = Record(FORMULA, struct.pack("<d", 2.0) + bytes(8))


def scan(rows: list[list[object]], **more: object) -> SheetScan:
    (sheet,) = scan_workbook(workbook({"数据": rows}, **more)).sheets  # type: ignore[arg-type]
    return sheet


def test_errors_and_formulas() -> None:
    rows = [["x", 1.5, ERROR], [ERROR_RESULT, EMPTY_RESULT, RESULT]]
    errors = {(1, 3): Unshown("error", "#DIV/0!"), (2, 1): Unshown("error", "#N/A")}
    assert scan(rows) == SheetScan(errors, 6)
    uncalculated = scan(rows, is_calculated=False)
    assert uncalculated.unshown == errors | {(2, 2): Unshown("formula", "")}


def test_formats_that_show_something_else() -> None:
    assert scan([[STYLED, 1.0]], number_format='0.00"万元"').unshown == {
        (1, 1): Unshown("formatted", '0.00"万元"')
    }
    assert scan([[STYLED, 1.0]], number_format="#,##0.00").unshown == {}


def test_numbers_in_a_row_of_one_record() -> None:
    body = struct.pack("<HIHIH", 1, 0, 0, 0, 2)  # styles 1 and 0, then the last column
    several = Record(0xBD, body)
    stream = workbook({"数据": [[None, several]]}, number_format="0%")
    place = stream.index(record(0xBD, struct.pack("<3H", 0, 1, 0) + body))
    # The record has row and first column only, no style of its own.
    short = record(0xBD, struct.pack("<2H", 0, 1) + body)
    stream = stream[:place] + short + stream[place + len(short) + 2 :]
    (sheet,) = scan_workbook(stream).sheets
    assert sheet == SheetScan({(1, 2): Unshown("formatted", "0%")}, 3)


def test_a_lock_is_seen_first() -> None:
    locked = workbook({"数据": [["x"]]}, record(FILEPASS, bytes(6)))
    assert scan_workbook(locked) == OldWorkbook(True, False, 1900, [])


def test_macros_of_before_vba_are_noted() -> None:
    stream = workbook({"宏": [["x"]]})
    assert not scan_workbook(stream).has_macro_sheets
    place = stream.index(struct.pack("<H", BOUNDSHEET)) + 4 + 5
    macro = stream[:place] + b"\x01" + stream[place + 1 :]
    assert scan_workbook(macro).has_macro_sheets


def test_the_epoch() -> None:
    assert scan_workbook(workbook({}, record(DATEMODE, b"\x01\x00"))).epoch == 1904
    assert scan_workbook(workbook({}, record(DATEMODE, b"\x00\x00"))).epoch == 1900


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        bytes(4_096),
        workbook({"数据": [["x"]]})[:-4],
        workbook({"数据": [["x"]]})[:-10],
        workbook({"数据": [["x"]]}, record(0x85, b"\x01\x00\x00\x00\x00\x00")),
        workbook({"数据": [[None] * 256 + [1.0]]}),
        workbook({}, record(0x41E, b"\x01")),
        record(BOF, b"\x00\x06") + record(0x0E, b"")[:-1],
    ],
)
def test_unsound_records(stream: bytes) -> None:
    with pytest.raises(ValueError, match=r"record|column"):
        scan_workbook(stream)


def test_a_chart_within_a_sheet_does_not_end_it() -> None:
    stream = workbook({"数据": [["x"]]})
    chart = record(BOF, bytes(16)) + record(EOF)
    (sheet,) = scan_workbook(stream[:-4] + chart + record(0x203, bytes(14)) + stream[-4:]).sheets
    assert sheet.grid_cells == 1


def test_streams_are_found_in_any_case() -> None:
    file = OleFile(ole({"WORKBOOK": b"x"}, ["_VBA_PROJECT_CUR"]))
    assert file.read("workbook", "book").rstrip(b"\0") == b"x"
    assert file.holds("_vba_project_cur")
    assert not file.holds("worddocument")


@pytest.mark.parametrize("size", [8, 511, 512, 1_000, 4_600, 5_000])
def test_a_file_cut_off_is_not_sound(size: int) -> None:
    content = ole({"Workbook": bytes(4_096)})
    assert size < len(content)
    with pytest.raises(ValueError, match=r"sound|stream"):
        OleFile(content[:size]).read("workbook")
