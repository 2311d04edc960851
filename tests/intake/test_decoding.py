"""Decoding in a child process: what cells become, and what a file can cost."""

from __future__ import annotations

import datetime as dt
import logging
import sys
import time
from pathlib import Path

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from pipelines.intake import limits
from pipelines.intake.decoding import (
    REASONS,
    DecodeFailure,
    Formatted,
    Sheet,
    Unreadable,
    Workbook,
    decode_files,
)
from tests.intake.books import save, single

WORKER = """
import os, sys, time
from pipelines.intake import worker

class PanicException(BaseException):
    pass

really_decode = worker.decode

def decode(path):
    kind = path.stem.rstrip("0123456789")
    if kind == "abort":
        os.abort()
    if kind == "leave":
        os._exit(0)
    if kind == "hang":
        time.sleep(600)
    if kind == "wait":
        time.sleep(2)
    if kind == "spin":
        sum(range(10**12))
    if kind == "panic":
        raise PanicException("range end index 64 out of range")
    if kind == "memory":
        return [bytearray(2**40)]
    if kind == "bug":
        raise TypeError("a mistake")
    if kind == "noise":
        os.write(1, b"noise")
        print("noise", flush=True)
    return really_decode(path)

worker.decode = decode
worker.main()
"""


@pytest.fixture
def worker(tmp_path: Path) -> list[str]:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    return [sys.executable, str(script)]


def decode(path: Path) -> Workbook | DecodeFailure:
    ((_, result),) = decode_files([path])
    return result


def test_cells_keep_their_types_and_places(tmp_path: Path) -> None:
    book = OpenpyxlWorkbook()
    sheet = book.create_sheet("数据", 0)
    sheet["C3"] = "文字\n两行"
    sheet["D3"] = 1200.5
    sheet["E3"] = 5
    sheet["F3"] = True
    sheet["C4"] = dt.datetime(2025, 6, 1)
    sheet["D4"] = dt.datetime(2025, 6, 1, 9, 30)
    sheet["E4"] = dt.time(9, 30)
    sheet["C5"] = "=1/0"
    sheet["D5"] = "#DIV/0!"
    sheet["D5"].data_type = "e"
    sheet["E5"] = "  "
    sheet["C9"] = " "
    book["Sheet"].sheet_state = "hidden"
    book.create_chartsheet("图")
    path = tmp_path / "types.xlsx"
    book.save(path)
    assert decode(path) == Workbook(
        [
            Sheet(
                "数据",
                True,
                [
                    ["文字\n两行", 1200.5, 5.0, True],
                    [dt.date(2025, 6, 1), dt.datetime(2025, 6, 1, 9, 30), Unreadable("09:30:00")],
                    [Unreadable("（公式没有计算结果）"), Unreadable("#DIV/0!")],
                ],
                3,
                3,
            ),
            Sheet("Sheet", False, [], 1, 1),
        ]
    )


def test_a_number_shown_as_another_keeps_its_format(tmp_path: Path) -> None:
    book = OpenpyxlWorkbook()
    row = {
        "A1": (12.5, '0.00"万元"'),
        "B1": (1200.5, "#,##0.00"),
        "C1": ("12.5", '0.00"万元"'),
        "D1": (0.125, "0.0%"),
        "E1": (dt.datetime(2025, 6, 1), 'yyyy"年"m"月"'),
        "F1": (None, "0%"),
        "G1": (3, '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ '),
    }
    for address, (value, code) in row.items():
        book["Sheet"][address] = value
        book["Sheet"][address].number_format = code
    book.save(tmp_path / "formats.xlsx")
    result = decode(tmp_path / "formats.xlsx")
    assert isinstance(result, Workbook)
    assert result.sheets[0].rows == [
        [
            Formatted(12.5, '0.00"万元"'),
            1200.5,
            "12.5",
            Formatted(0.125, "0.0%"),
            dt.date(2025, 6, 1),
            None,
            3.0,
        ]
    ]


@pytest.mark.parametrize(("epoch", "day"), [(1900, 45_809), (1904, 44_347)])
def test_both_epochs(tmp_path: Path, epoch: int, day: int) -> None:
    """2025-06-01 has either number, as Excel's documentation of the two systems says."""
    book = OpenpyxlWorkbook()
    book.epoch = CALENDAR_MAC_1904 if epoch == 1904 else CALENDAR_WINDOWS_1900
    book["Sheet"].append([dt.date(2025, 6, 1), day])
    book.save(tmp_path / "epoch.xlsx")
    result = decode(tmp_path / "epoch.xlsx")
    assert isinstance(result, Workbook)
    assert result.epoch == epoch
    assert result.sheets[0].rows == [[dt.date(2025, 6, 1), float(day)]]


def test_files_come_back_in_order_whatever_their_names(tmp_path: Path) -> None:
    paths = [save(single(), tmp_path / name) for name in ("b.xlsx", "a b'\"\n.xlsx", "丙.xlsx")]
    decoded = list(decode_files(paths))
    assert [path for path, _ in decoded] == paths
    assert all(isinstance(result, Workbook) for _, result in decoded)
    assert list(decode_files([])) == []


def test_a_stray_cell_at_the_end_of_the_grid_costs_only_its_file(tmp_path: Path) -> None:
    """calamine would allocate the whole grid, and abort."""
    book = OpenpyxlWorkbook()
    book["Sheet"]["A1"] = "x"
    book["Sheet"]["XFD1048576"] = " "
    stray = tmp_path / "stray.xlsx"
    book.save(stray)
    good = save(single(), tmp_path / "good.xlsx")
    results = [result for _, result in decode_files([good, stray, good])]
    assert results[1] == DecodeFailure("too_large", REASONS["too_large"])
    assert isinstance(results[0], Workbook)
    assert results[0] == results[2]


@pytest.mark.parametrize("kind", ["abort", "leave", "panic", "memory", "bug"])
def test_a_lost_worker_costs_only_its_file(
    tmp_path: Path, worker: list[str], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    names = ("good1", kind, "good2", f"{kind}1", f"{kind}2", "good3")
    paths = [save(single(), tmp_path / f"{name}.xlsx") for name in names]
    results = [result for _, result in decode_files(paths, worker)]
    failure = DecodeFailure("decode_crashed", REASONS["decode_crashed"])
    assert [result for result in results if isinstance(result, DecodeFailure)] == [failure] * 3
    assert [isinstance(result, Workbook) for result in results] == [
        name.startswith("good") for name in names
    ]
    if kind == "panic":
        assert "range end index 64" in caplog.text


def test_a_hanging_worker_is_stopped(
    tmp_path: Path, worker: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WAIT_PER_SECOND", 1)
    paths = [save(single(), tmp_path / f"{name}.xlsx") for name in ("hang", "good")]
    started = time.monotonic()
    results = [result for _, result in decode_files(paths, worker, seconds_per_file=1.5)]
    assert time.monotonic() - started < 20
    assert results[0] == DecodeFailure("decode_timeout", REASONS["decode_timeout"])
    assert isinstance(results[1], Workbook)


def test_a_worker_that_computes_too_long_is_stopped_by_its_processor_time(
    tmp_path: Path, worker: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock would never stop it; one that only waits, as on a busy machine, is not stopped."""
    monkeypatch.setattr(limits, "WAIT_PER_SECOND", 1_000_000)
    names = ("spin1", "wait", "spin2", "good")
    paths = [save(single(), tmp_path / f"{name}.xlsx") for name in names]
    results = [result for _, result in decode_files(paths, worker, seconds_per_file=1)]
    too_long = DecodeFailure("decode_timeout", REASONS["decode_timeout"])
    assert results[::2] == [too_long, too_long]
    assert all(isinstance(result, Workbook) for result in results[1::2])


def test_what_a_library_prints_is_no_reply(tmp_path: Path, worker: list[str]) -> None:
    path = save(single(), tmp_path / "noise.xlsx")
    ((_, result),) = decode_files([path], worker)
    assert isinstance(result, Workbook)


def test_a_worker_that_does_not_start_is_no_fault_of_a_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise ImportError('no calamine here')"]
    with pytest.raises(RuntimeError, match="no calamine here"):
        list(decode_files([tmp_path / "any.xlsx"], command))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert decode(tmp_path / "gone.xlsx") == DecodeFailure(
        "archive_missing", REASONS["archive_missing"]
    )


def test_every_reason_is_a_chinese_clause() -> None:
    for reason in REASONS.values():
        assert "请" in reason
        assert not reason.endswith("。")
