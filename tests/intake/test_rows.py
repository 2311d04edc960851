"""From the inbox to the rows of the three tables, whatever arrives."""

from __future__ import annotations

import datetime as dt
import json
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipelines.intake import limits
from pipelines.intake.inbox import archive_path, take_in
from pipelines.intake.receipts import Receipt
from pipelines.intake.rows import read_receipts_into_rows
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_list,
)
from pipelines.root import Root
from pipelines.warehouse.database import PYTHON_SCHEMAS
from tests.intake.books import (
    ASKED,
    CATALOG,
    CODE,
    at,
    credit_code,
    register,
    roll,
    save,
    single,
)
from tests.intake.frames import read_receipts_into_frames
from tests.intake.old_books import ole

NOW = dt.datetime(2025, 7, 10, 9, 30)
# Reads as the real one does, but hands on rows early and fails on files that are named for it.
WORKER = """
import os, time
from pipelines.intake import reading_worker, records, serving
from pipelines.intake.reading import WorkbookReader

class PanicException(BaseException):
    pass

def fail(kind):
    if kind == "fault":
        raise ZeroDivisionError("a mistake")
    if kind == "abort":
        os.abort()
    if kind == "panic":
        raise PanicException("range end index 64 out of range")
    if kind == "memory":
        bytearray(2**40)
    if kind == "spin":
        sum(range(10**12))
    time.sleep(600)

really_read = WorkbookReader.read

def read(reader, workbook, receipt, hand_on):
    kind, _, when = receipt.file_name[1:].removesuffix(".xlsx").partition(" ")
    if when == "before":
        fail(kind)
    reading = really_read(reader, workbook, receipt, hand_on)
    if when == "after":
        fail(kind)
    return reading

records.ROWS_HANDED_ON = 10
serving.SENT_AT_ONCE = 0
WorkbookReader.read = read
reading_worker.main()
"""
MONEY = {"revenue_booked", "pass_through_booked", "pass_through_unbooked"}


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def read(root: Root) -> tuple[list[Receipt], dict[str, pd.DataFrame]]:
    receipts = take_in(root, now=NOW)
    return receipts, read_receipts_into_frames(root, receipts, CATALOG)


def assert_shape(made: dict[str, pd.DataFrame]) -> None:
    assert list(made) == ["raw_files", "raw_values", "raw_problems"]
    for name, frame in made.items():
        assert list(frame) == list(PYTHON_SCHEMAS[name])
        for column in frame.select_dtypes(object):
            kinds = {type(value) for value in frame[column]}
            expected = {"number_value": Decimal, "has_macros": bool}.get(column, str)
            assert kinds <= {type(None), expected}


def test_nothing_received_gives_empty_frames_with_all_columns(root: Root) -> None:
    receipts, made = read(root)
    assert receipts == []
    assert_shape(made)
    assert [len(frame) for frame in made.values()] == [0, 0, 0]


def test_each_bad_file_is_recorded_and_stops_no_other(root: Root) -> None:
    june = root.inbox / "reports" / "2025-06"
    good = save(single(), june / "01好.xlsx")
    wrong_number = single(code=credit_code(2))
    address = at(wrong_number, "营业收入", "01", "本月", "一千二")
    june.joinpath("02密.xlsx").write_bytes(ole({"EncryptedPackage": b""}))
    june.joinpath("03断.xlsx").write_bytes(good.read_bytes()[:-300])
    save({"菜谱": [["周一"], ["红烧肉"]]}, june / "04无关.xlsx")
    save(single(code=credit_code(3), period="2025年5月"), june / "05错期.xlsx")
    save(wrong_number, june / "06文字.xlsx")
    june.joinpath("07空.xlsx").write_bytes(b"")
    june.joinpath("08网页.xls").write_bytes(b"<html></html>")
    save(roll(codes=[credit_code(4)]), june / "09汇总.xlsx")
    save(register(), root.inbox / "register" / "名录.xlsx")
    receipts, made = read(root)
    assert_shape(made)
    files, problems = made["raw_files"], made["raw_problems"]
    assert list(files["receipt_no"]) == [receipt.receipt_no for receipt in receipts]
    outcomes = dict(zip(files["file_name"], files["refusal_rule"], strict=True))
    assert outcomes == {
        "名录.xlsx": None,
        "01好.xlsx": None,
        "02密.xlsx": "encrypted",
        "03断.xlsx": "damaged",
        "04无关.xlsx": "unrelated",
        "05错期.xlsx": "period_mismatch",
        "06文字.xlsx": None,
        "07空.xlsx": "empty",
        "08网页.xls": "web_page",
        "09汇总.xlsx": None,
    }
    quarantined = files[files["outcome"] == "quarantined"]
    assert set(quarantined["file_name"]) == {"02密.xlsx", "03断.xlsx", "07空.xlsx", "08网页.xls"}
    assert quarantined["container"].isna().all()
    opened = files[files["outcome"] != "quarantined"]
    assert set(opened["container"]) == {"xlsx"}
    assert not opened["has_macros"].any()
    assert set(files["outcome"]) == {"read", "refused", "quarantined"}
    refused = files[files["outcome"] != "read"]
    assert set(refused["receipt_no"]) == set(problems[problems["scope"] == "file"]["receipt_no"])
    (wrong,) = problems[problems["scope"] == "agency"].to_dict("records")
    assert (wrong["rule_code"], wrong["cell_address"]) == ("not_a_number", address)
    assert (wrong["credit_code"], wrong["raw_text"]) == (credit_code(2), "一千二")
    codes = set(made["raw_values"].query("indicator_code == 'placements'")["credit_code"])
    assert codes >= {CODE, credit_code(2), credit_code(4)}
    assert files["first_seen_at"].unique().tolist() == [pd.Timestamp(NOW)]


def test_equal_receipts_give_equal_frames_in_any_order(root: Root) -> None:
    save(single(), root.inbox / "reports" / "2025-06" / "a.xlsx")
    save(roll(codes=[credit_code(4)]), root.inbox / "reports" / "2025-06" / "b.xlsx")
    receipts, made = read(root)
    again = read_receipts_into_frames(root, receipts[::-1], CATALOG)
    for name, frame in made.items():
        pd.testing.assert_frame_equal(frame, again[name])
        keys = [column for column in frame.columns if column.endswith("_no")]
        assert frame[keys].apply(tuple, axis=1).is_monotonic_increasing
        assert not frame.duplicated(keys).any()


def test_a_lost_original_is_recorded(root: Root) -> None:
    save(single(), root.inbox / "register" / "a.xlsx")
    (receipt,) = take_in(root)
    archive_path(root, receipt).unlink()
    made = read_receipts_into_frames(root, [receipt], CATALOG)
    assert made["raw_files"]["refusal_rule"].tolist() == ["archive_missing"]


@pytest.fixture
def worker(tmp_path: Path) -> list[str]:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    return [sys.executable, str(script)]


def outcomes_and_rows(
    root: Root, worker: list[str], seconds_per_file: float = 30
) -> tuple[list[object], set[int], int]:
    """Read what is in the inbox: refusal rules, receipts with values, how often rows go back."""
    rules: list[object] = []
    filled: set[int] = set()
    taken_back = 0
    receipts = take_in(root, now=NOW)
    rows = read_receipts_into_rows(root, receipts, CATALOG, worker, seconds_per_file)
    for receipt, part in rows:
        if part is None:
            filled.remove(receipt.receipt_no)
            taken_back += 1
        elif part.table == "raw_values":
            filled.add(receipt.receipt_no)
        elif part.table == "raw_files":
            rules += json.loads(part.columns)["refusal_rule"]
    return rules, filled, taken_back


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("fault", "reading_failed"),
        ("abort", "decode_crashed"),
        ("panic", "decode_crashed"),
        ("memory", "decode_crashed"),
        ("hang", "decode_timeout"),
        ("spin", "decode_timeout"),
    ],
)
def test_a_file_that_reading_fails_on_costs_only_itself(
    root: Root,
    worker: list[str],
    kind: str,
    rule: str,
    when: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where some of its rows have been handed on already: those are taken back."""
    june = root.inbox / "reports" / "2025-06"
    for number, name in enumerate(("1好", f"2{kind} {when}", "3好", f"4{kind} {when}", "5好")):
        save(
            roll(codes=[credit_code(number * 2 + 1), credit_code(number * 2 + 2)]),
            june / f"{name}.xlsx",
        )
    if kind == "hang":
        monkeypatch.setattr(limits, "WAIT_PER_SECOND", 1)
    seconds = 2 if kind in ("hang", "spin") else 30
    rules, filled, taken_back = outcomes_and_rows(root, worker, seconds)
    assert rules == [None, rule, None, rule, None]
    assert filled == {1, 3, 5}
    assert taken_back == (2 if when == "after" else 0)
    assert ("ZeroDivisionError: a mistake" in caplog.text) is (kind == "fault")


def report(number: int, unit: str = "500103") -> AgencyReport:
    """A report whose every figure, in base units, is different."""
    values = {
        (line.indicator, measure): Decimal(number * 100 + position)
        * (100 if line.unit == "万元" else 1)
        for position, (line, measure) in enumerate(ASKED)
    }
    identity = AgencyIdentity(credit_code(number), f"机构{number}", "500103", unit)
    return AgencyReport(identity, values=values, foot={"preparer": "王五"})


def base_values(made: dict[str, pd.DataFrame], code: str) -> dict[tuple[str, str], Decimal]:
    rows = made["raw_values"]
    rows = rows[rows["measure_code"].notna() & (rows["credit_code"] == code)]
    return {
        (row.indicator_code, row.measure_code): row.number_value * CATALOG.unit(row.unit).factor
        for row in rows.itertuples()
    }


@pytest.mark.parametrize("period", ["2025-06", "2025-02"])
def test_what_the_templates_write_reads_back(root: Root, period: str) -> None:
    folder = root.inbox / "reports" / period
    reports = [report(number) for number in range(1, 6)]
    idle = AgencyReport(
        AgencyIdentity(credit_code(9), "机构9", "500103", "500103"), zero_report=True
    )
    write_flash_single(folder / "1.xlsx", CATALOG, period, reports[0], made_up=True)
    write_flash_single(folder / "2.xlsx", CATALOG, period, idle)
    write_flash_roll(folder / "3.xlsx", CATALOG, period, "500103", [*reports[1:], idle])
    _, made = read(root)
    assert made["raw_problems"].empty
    assert made["raw_files"]["layout"].tolist() == ["single", "single", "roll"]
    assert set(made["raw_files"]["period"]) == {period}
    assert set(made["raw_values"]["reading_rule"]) == {"code_and_label", "label"}
    for item in reports:
        assert base_values(made, item.identity.credit_code) == item.values
    assert base_values(made, credit_code(9)) == {}


def test_an_empty_template_lacks_every_required_figure(root: Root) -> None:
    identity = AgencyIdentity(CODE, "机构1", "500103", "500103")
    path = root.inbox / "reports" / "2025-06" / "1.xlsx"
    write_flash_single(path, CATALOG, "2025-06", AgencyReport(identity))
    _, made = read(root)
    problems = made["raw_problems"]
    required = [measure for _, measure in ASKED if measure != "ytd_last_year"]
    assert problems["rule_code"].tolist() == ["missing_value"] * len(required)
    assert problems["cell_address"].is_unique or problems["sheet_name"].nunique() == 4
    assert made["raw_files"]["outcome"].tolist() == ["read"]


def test_what_is_handed_on_early_is_numbered_as_what_is_not(root: Root, worker: list[str]) -> None:
    codes = [credit_code(number) for number in range(1, 9)]
    save(roll(codes=codes), root.inbox / "reports" / "2025-06" / "1好.xlsx")
    receipts, made = read(root)
    parts = [part for _, part in read_receipts_into_rows(root, receipts, CATALOG, worker)]
    values = [json.loads(part.columns) for part in parts if part and part.table == "raw_values"]
    assert len(values) > 2
    for name in ("value_no", "cell_address", "credit_code"):
        numbered = [cell for part in values for cell in part[name]]
        assert numbered == made["raw_values"][name].tolist()


def test_a_stray_cell_far_below_costs_no_report(root: Root) -> None:
    """Rows are read within the file's seconds, however many blank ones lie between."""
    path = root.inbox / "reports" / "2025-06" / "1.xlsx"
    write_flash_single(path, CATALOG, "2025-06", report(1))
    book = load_workbook(path)
    book["营业收入"]["A400000"] = "见上"
    book.save(path)
    _, made = read(root)
    assert made["raw_files"]["outcome"].tolist() == ["read"]
    assert made["raw_problems"].empty
    assert base_values(made, credit_code(1)) == report(1).values


def test_list_templates_read_back(root: Root) -> None:
    columns = CATALOG.form("annual_return", "2024-12").tables[0].columns
    annual = {
        column.field: Decimal(10_000 * number) if column.unit == "万元" else number
        for number, column in enumerate(columns, start=1)
        if column.indicator
    }
    agency = {"credit_code": CODE, "agency_name": "机构1", "reporting_unit": "500000"}
    listed = agency | {
        "district": "500103",
        "institution_type": "market_private",
        "licence_kind": "licensed",
        "first_registered_date": "2020-01-02",
        "exit_date": "2025-05-31",
        "business_line": "dispatch",
        "size_class": "small",
    }
    figure = {
        "area": "500000",
        "period": "2021",
        "indicator": "行业营业收入（含代收代付）",
        "value": "618.05",
        "unit": "亿元",
        "figure_status": "公布数",
        "source": "某报",
    }
    for form, folder, period, row in (
        ("annual_return", "annual/2024", "2024", agency | annual),
        ("published_figures", "published", None, figure),
        ("register", "register", "2025-06", listed),
        ("sample", "sample", "2025-06", agency | {"stratum": "SMA"}),
    ):
        write_list(root.inbox / folder / "表.xlsx", CATALOG, form, period, [row], made_up=True)
    _, made = read(root)
    assert made["raw_problems"].empty
    assert made["raw_files"]["form_code"].tolist() == [
        "annual_return",
        "published_figures",
        "register",
        "sample",
    ]
    assert made["raw_files"]["period"].tolist() == ["2024", None, "2025-06", "2025-06"]
    values = made["raw_values"]
    told = {
        number: dict(zip(rows["field_code"], rows["text_value"], strict=True))
        for number, rows in values[values["unit_row"] > 0].groupby("receipt_no")
    }
    assert {key: told[3][key] for key in listed} == listed
    assert told[4] == agency | {"stratum": "SMA"}
    assert base_values(made, CODE) == {
        (column.indicator, "annual"): Decimal(annual[column.field])
        for column in columns
        if column.indicator
    }
    (value,) = values.query("receipt_no == 2 and field_code == 'value'").to_dict("records")
    assert (value["number_value"], value["unit"]) == (Decimal("618.05"), "亿元")
