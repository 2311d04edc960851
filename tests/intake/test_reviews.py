"""审核表: a cover that has to be signed, a row for each agency of which something is decided."""

from __future__ import annotations

import datetime as dt

import pytest

from pipelines.intake.decoding import CellValue
from pipelines.intake.records import Reading
from tests.intake.books import CODE, credit_code, read, rules

COVER: dict[str, CellValue] = {
    "报告期": "2025年6月",
    "审核级次": "区县初审",
    "报送单位": "渝中区",
    "审核人": "张三",
    "审核日期": dt.date(2025, 7, 20),
}
HEADS: list[CellValue] = [
    *("统一社会信用代码", "单位名称", "受理号", "状态", "含代收代付的营业收入（万元）本期"),
    *("待处理问题", "问题摘要", "审核意见", "理由"),
]


def read_review(rows: list[list[CellValue]], **cover: CellValue) -> Reading:
    told = COVER | cover
    sheets = {
        "封面": [["审核表"], [], *([label, value] for label, value in told.items())],
        "审核": [["2025年6月快报审核表"], ["请逐行填写"], HEADS, *rows],
        "问题": [["问题"], [], ["序号", "代码", "名称"], [1, CODE, "甲"]],
    }
    return read(sheets, "review", "2025-06")


def row(code: str, decision: CellValue = None, reason: CellValue = None) -> list[CellValue]:
    return [code, "甲公司", 12, "已提交", 345.6, 1, "请核实", decision, reason]


def test_what_is_decided_is_read_and_what_is_left_blank_is_not() -> None:
    reading = read_review([row(CODE, "退回", "漏报"), row(credit_code(2))])
    assert rules(reading) == []
    assert reading.file["reporting_unit_code"] == "500103"
    assert reading.file["period"] == "2025-06"
    cover = {each.field_code: each.text_value for each in reading.values if each.unit_row == 0}
    assert cover == {
        "period": "2025-06",
        "review_level": "district",
        "reporting_unit": "500103",
        "reviewer": "张三",
        "review_date": "2025-07-20",
    }
    told = {
        (each.credit_code, each.field_code): each.text_value or each.number_value
        for each in reading.values
        if each.unit_row and each.field_code not in ("credit_code", "agency_name")
    }
    assert told == {
        (CODE, "reviewed_receipt_no"): 12,
        (CODE, "decision"): "退回",
        (CODE, "reason"): "漏报",
        (credit_code(2), "reviewed_receipt_no"): 12,
    }


@pytest.mark.parametrize(
    ("label", "value", "rule"),
    [
        ("审核人", None, "missing_value"),
        ("审核人", "撤回", "signature_withdrawn"),
        ("审核人", "张三（已撤回）", "signature_withdrawn"),
        ("审核日期", None, "missing_value"),
        ("审核日期", "上周", "not_a_date"),
        ("审核级次", "终审", "not_a_choice"),
        ("报送单位", "成都市", "unknown_area"),
        ("报告期", "2025年5月", "period_mismatch"),
    ],
)
def test_a_cover_that_is_not_right_refuses_the_file(
    label: str, value: CellValue, rule: str
) -> None:
    reading = read_review([row(CODE, "通过")], **{label: value})
    assert [found for _, found, _ in rules(reading)] == [rule]
    assert reading.file["outcome"] == "refused"


def test_the_city_may_review_all() -> None:
    reading = read_review([row(CODE, "通过")], 审核级次="市级复审", 报送单位="重庆市")
    assert rules(reading) == []
    assert reading.file["reporting_unit_code"] == "500000"


@pytest.mark.parametrize("written", [2025, "2025年", "二〇二五年度"])
def test_a_year_is_reviewed_in_the_folder_of_the_year(written: CellValue) -> None:
    told = COVER | {"报告期": written, "审核日期": dt.date(2026, 4, 20)}
    sheets = {
        "封面": [["审核表"], [], *([label, value] for label, value in told.items())],
        "审核": [["2025年年报审核表"], ["请逐行填写"], HEADS, row(CODE, "通过")],
    }
    reading = read(sheets, "review", "2025")
    assert rules(reading) == []
    assert reading.file["period"] == "2025"
    assert [each.text_value for each in reading.values if each.field_code == "decision"] == ["通过"]


def test_a_month_s_review_does_not_lie_in_the_folder_of_a_year() -> None:
    sheets = {
        "封面": [["审核表"], [], *([label, value] for label, value in COVER.items())],
        "审核": [["审核表"], [], HEADS, row(CODE, "通过")],
    }
    reading = read(sheets, "review", "2025")
    assert [rule for _, rule, _ in rules(reading)] == ["period_mismatch"]
