"""Several agencies in one workbook, each with its own cover."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.intake.decoding import Sheet, Workbook
from pipelines.intake.records import Reading
from tests.intake.books import (
    CODE,
    READER,
    SECTIONS,
    Rows,
    Sheets,
    at,
    beside,
    credit_code,
    expected_figures,
    figures,
    read,
    receipt,
    rules,
    single,
)

SECOND = credit_code(2)


def named(sheets: Sheets, suffix: str) -> Sheets:
    return {f"{name}{suffix}": rows for name, rows in sheets.items()}


def one_after_another(first: Sheets, second: Sheets) -> Sheets:
    return {**first, **named(second, " (2)")}


def one_sheet_each(first: Sheets, second: Sheets) -> Sheets:
    return {
        name: [row for rows in sheets.values() for row in [*rows, []]]
        for name, sheets in (("甲公司", first), ("乙公司", second))
    }


def covers_first_and_codes_on_sheets(first: Sheets, second: Sheets) -> Sheets:
    """As in our templates, each sheet bears the code of its agency above the table."""
    for sheets, code in ((first, CODE), (second, SECOND)):
        for name in SECTIONS:
            sheets[name][1] = [f"统一社会信用代码：{code}"]
    sheets = one_after_another(first, second)
    covers = {name: sheets.pop(name) for name in ("封面 (2)", "封面")}
    return {**covers, **sheets}


ARRANGED = [one_after_another, one_sheet_each, covers_first_and_codes_on_sheets]


def second_report() -> Sheets:
    sheets = single(code=SECOND)
    at(sheets, "营业收入", "01", "本月", 7.0)
    beside(sheets, "报送单位", "江北区")
    return sheets


@pytest.mark.parametrize("arrange", ARRANGED)
def test_each_agency_is_read_by_itself(arrange: Callable[[Sheets, Sheets], Sheets]) -> None:
    reading = read(arrange(single(), second_report()))
    assert reading.problems == []
    assert figures(reading) == expected_figures()
    assert figures(reading, SECOND) == expected_figures() | {("revenue_booked", "month"): 7}
    assert reading.file["layout"] == "single"
    assert reading.file["period"] == "2025-06"
    assert reading.file["reporting_unit_code"] is None  # two of them, each on its cover
    keys = [(v.credit_code, v.field_code, v.measure_code) for v in reading.values]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("arrange", ARRANGED)
def test_what_is_wrong_with_one_leaves_the_others_alone(
    arrange: Callable[[Sheets, Sheets], Sheets],
) -> None:
    second = second_report()
    beside(second, "报告期", "2025年5月")
    at(second, "招聘活动", "21", "本月", "未统计")
    reading = read(arrange(single(), second))
    assert {rule[:2] for rule in rules(reading)} == {
        ("agency", "period_mismatch"),
        ("agency", "not_a_number"),
    }
    assert {problem["credit_code"] for problem in reading.problems} == {SECOND}
    assert reading.file["outcome"] == "read"
    assert figures(reading) == expected_figures()


def test_a_cover_without_a_readable_code_costs_only_its_own_report() -> None:
    second = single(code="9150010300000000IQ")
    reading = read(one_after_another(single(), second))
    assert rules(reading) == [("row", "invalid_credit_code", "B4")]
    assert reading.problems[0]["sheet_name"] == "封面 (2)"
    assert figures(reading) == expected_figures()
    assert {value.credit_code for value in reading.values} == {CODE}


def test_sheets_that_could_be_of_either_are_asked_about() -> None:
    sheets = one_after_another(single(), second_report())
    covers = {name: sheets.pop(name) for name in ("封面", "封面 (2)")}
    reading = read({**covers, **sheets})
    assert rules(reading) == [("file", "unclear_owner", None)]
    assert reading.values == []
    assert reading.file["refusal_message"] == (
        "文件“报表.xlsx”有多家机构的封面，无法判断工作表“营业收入”是哪家机构的数据，"
        "请在每张表上写明统一社会信用代码，或每家机构单独报送一个文件。"
    )


def test_a_sheet_before_all_covers_or_of_a_third_agency_is_asked_about() -> None:
    sheets = one_after_another(single(), second_report())
    sheets = {"招聘活动": sheets.pop("招聘活动"), **sheets}
    assert [rule[:2] for rule in rules(read(sheets))] == [("file", "unclear_owner")]
    sheets = one_after_another(single(), second_report())
    sheets["招聘活动 (2)"][1] = [f"统一社会信用代码：{credit_code(3)}"]
    reading = read(sheets)
    assert [rule[:2] for rule in rules(reading)] == [("file", "unclear_owner")]
    assert "“招聘活动 (2)”" in str(reading.file["refusal_message"])


def test_a_zero_report_among_others_needs_no_sheets() -> None:
    zero = {"封面": single(code=SECOND, zero="是")["封面"]}
    reading = read(one_after_another(single(), zero))
    assert reading.problems == []
    assert figures(reading) == expected_figures()
    assert {v.text_value for v in reading.values if v.credit_code == SECOND} >= {SECOND, "yes"}


def test_the_same_report_twice_counts_once() -> None:
    reading = read(one_after_another(single(), single()))
    assert reading.problems == []
    assert reading.values == read(single()).values


def test_an_agency_with_two_different_reports_is_refused_and_named() -> None:
    other = single()
    at(other, "招聘活动", "21", "本月", 5.0)
    reading = read(one_after_another(single(), other))
    assert rules(reading) == [("agency", "duplicate_agency", None)]
    (problem,) = reading.problems
    assert (problem["credit_code"], problem["severity"]) == (CODE, "mandatory")
    assert problem["message"] == (
        f"文件“报表.xlsx”的工作表“封面”和“封面 (2)”都是“{CODE}”的报表而内容不同，"
        "请核对后只保留一份。"
    )


def test_a_sheet_of_another_agency_in_a_report_of_one_is_reported() -> None:
    sheets = single()
    sheets["招聘活动"][1] = [f"统一社会信用代码：{SECOND}"]
    reading = read(sheets)
    assert rules(reading) == [("agency", "unclear_owner", None)]
    message = str(reading.problems[0]["message"])
    assert f"工作表“招聘活动”写的统一社会信用代码是“{SECOND}”，与封面的“{CODE}”不一致" in message
    sheets["招聘活动"][1] = [f"统一社会信用代码：{CODE}"]
    assert read(sheets).problems == []


def test_hidden_reports_count_too() -> None:
    def read_hidden(sheets: Sheets) -> Reading:
        book = Workbook([Sheet(name, "(2)" not in name, rows) for name, rows in sheets.items()])
        return READER.read(book, receipt())

    reading = read_hidden(one_after_another(single(), second_report()))
    assert reading.problems == []
    assert figures(reading, SECOND) == expected_figures() | {("revenue_booked", "month"): 7}


def test_a_directory_of_agencies_is_no_second_cover() -> None:
    contacts: Rows = [
        ["统一社会信用代码", "单位名称", "区县", "零报告"],
        [SECOND, "别家", "江北区", "是"],
    ]
    reading = read({"通讯录": contacts, **single()})
    assert reading.problems == []
    assert figures(reading) == expected_figures()
