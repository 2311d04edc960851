"""The review workbook: what a reviewer sees of each agency, and where the decision goes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.bulletin.reviews import Reviewed, Reviewer, review_book
from pipelines.catalog.load import load_catalog

CATALOG = load_catalog()
DISTRICT = Reviewer("区县初审", "渝中区", "渝中区", False)
CITY = Reviewer("市级复审", "重庆市", "全市", True)
LONG = "很长的问题" * 30


def agency(code: str, receipt: int | None, label: str, unit: str = "渝中区") -> dict[str, object]:
    return {
        "credit_code": code,
        "agency_name": f"机构{code}",
        "reporting_unit_name": unit,
        "reviewed_receipt_no": receipt,
        "review_label": label,
    }


def finding(code: str, number: int, message: str, explanation: str | None) -> dict[str, object]:
    told = dict.fromkeys(("sheet_name", "cell_address", "raw_text", "expected"))
    return told | {
        "credit_code": code,
        "agency_name": f"机构{code}",
        "reporting_unit_name": "渝中区",
        "severity": "review",
        "state": "open" if explanation is None else "explained",
        "file_name": "a.xlsx",
        "message": f"文件“a.xlsx”{message}",
        "explanation": explanation,
        "finding_no": number,
    }


REVIEWED = Reviewed(
    "2025-06",
    [agency("A", 12, "已提交"), agency("B", None, "未报"), agency("=1+1", 13, "退回")],
    {
        ("now", "A", "revenue_incl"): Decimal(1_500_000),
        ("before", "A", "revenue_incl"): Decimal(1_200_000),
        ("year_before", "A", "revenue_incl"): Decimal(0),
        ("now", "A", "placements"): Decimal(90),
        ("year_before", "A", "placements"): Decimal(120),
        ("before", "B", "placements"): Decimal(7),
    },
    [
        finding("A", 1, LONG, None),
        *(finding("A", number, f"第{number}条。", None) for number in range(2, 5)),
        finding("A", 5, "第5条。", "季节性用工"),
    ],
)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return review_book(CATALOG, REVIEWED, DISTRICT, made_up=False)


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    heads, *rest = list(sheet.iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, heads), row, strict=True)) for row in rest]


def test_the_cover_leaves_signature_and_day_to_people(book: Workbook) -> None:
    cover = book.worksheets[0]
    told = {cell[0].value: cell[1].value for cell in cover["A4":"B8"]}
    assert told == {
        "报告期": "2025年6月",
        "审核级次": "区县初审",
        "报送单位": "渝中区",
        "审核人": None,
        "审核日期": None,
    }


def test_figures_stand_beside_the_last_and_last_year_s(book: Workbook) -> None:
    first, second, third = rows(book["审核"])
    revenue, placements = "含代收代付的营业收入（万元）", "帮助实现就业和流动人次（人次）"
    kinds = ("本期", "上期", "上年同期", "比上期（%）", "比上年（%）")
    assert [first[revenue + kind] for kind in kinds] == [150, 120, 0, pytest.approx(25), None]
    assert [first[placements + kind] for kind in kinds] == [90, None, 120, None, -25]
    assert [second[placements + kind] for kind in kinds] == [None, 7, None, None, None]
    assert [row["受理号"] for row in (first, second, third)] == [12, None, 13]
    assert [row["状态"] for row in (first, second, third)] == ["已提交", "未报", "退回"]


def test_findings_are_counted_shortened_and_linked_both_ways(book: Workbook) -> None:
    """Four are open: three are told, the first one cut; what is explained stands by itself."""
    first, *_ = rows(book["审核"])
    assert first["待处理问题"] == "4"
    told = str(first["问题摘要"]).splitlines()
    assert told == [LONG[:60] + "…", "第2条。", "第3条。", "另有1条，见“问题”表。"]
    assert first["机构说明"] == "季节性用工"
    heads = [cell.value for cell in book["审核"][3]]
    count = book["审核"].cell(4, heads.index("待处理问题") + 1)
    assert count.hyperlink.location == "'问题'!A4"
    assert count.hyperlink.target is None
    back = book["问题"].cell(4, 3)
    assert (back.value, back.hyperlink.location) == ("A", "'审核'!A4")
    assert [row["处理状态"] for row in rows(book["问题"])] == ["待说明"] * 4 + ["已说明"]


def test_the_decision_is_blank_and_can_be_chosen(book: Workbook) -> None:
    sheet = book["审核"]
    assert {(row["审核意见"], row["理由"]) for row in rows(sheet)} == {(None, None)}
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"通过,退回,说明采纳,撤回"'
    heads = [cell.value for cell in sheet[3]]
    letter = sheet.cell(3, heads.index("审核意见") + 1).column_letter
    assert str(choice.sqref) == f"{letter}4:{letter}6"


def test_what_agencies_typed_is_no_formula(book: Workbook) -> None:
    assert book["审核"]["A6"].data_type == "s"


def test_the_city_s_workbook_says_whose_each_agency_is() -> None:
    book = review_book(CATALOG, REVIEWED, CITY, made_up=True)
    assert [row["单位"] for row in rows(book["审核（模拟数据）"])] == ["渝中区"] * 3
    assert book.worksheets[0].title == "封面（模拟数据）"
    cover = {cell[0].value: cell[1].value for cell in book.worksheets[0]["A4":"B6"]}
    assert cover["审核级次"] == "市级复审"
    assert cover["报送单位"] == "重庆市"
    assert "模拟数据" in book.worksheets[0]["A1"].value


def test_the_city_s_workbook_counts_whom_no_district_has_passed() -> None:
    told = "区县还没有初审通过的7家不在本表"
    book = review_book(CATALOG, replace(REVIEWED, unpassed_count=7), CITY, made_up=False)
    assert told in book["审核"]["A2"].value
    none = review_book(CATALOG, Reviewed("2025-06", [], {}, [], 7), CITY, made_up=False)
    assert none["审核"]["A4"].value == "还没有区县初审通过的机构"
    assert (
        "初审通过的" not in review_book(CATALOG, REVIEWED, CITY, made_up=False)["审核"]["A2"].value
    )


def test_without_agencies_the_workbook_says_so() -> None:
    book = review_book(CATALOG, Reviewed("2025-02", [], {}, []), DISTRICT, made_up=False)
    assert book["审核"]["A4"].value == "本期没有样本机构"
    assert book["问题"]["A4"].value == "没有问题"
    assert book.worksheets[0]["B4"].value == "2025年1—2月"


def test_a_year_stands_beside_the_last_year_and_the_flash_reports() -> None:
    """B was not sampled: no flash report of it; what it served is compared with the year before."""
    year = Reviewed(
        "2025",
        [agency("A", 12, "已提交"), agency("B", 12, "已提交")],
        {
            ("now", "A", "revenue_incl"): Decimal(12_000_000),
            ("year_before", "A", "revenue_incl"): Decimal(10_000_000),
            ("flash", "A", "revenue_incl"): Decimal(16_000_000),
            ("now", "B", "placements"): Decimal(30),
            ("year_before", "B", "placements"): Decimal(40),
        },
        [],
    )
    book = review_book(CATALOG, year, CITY, made_up=False)
    assert book.worksheets[0]["B4"].value == "2025年"
    sheet = book["审核"]
    assert sheet["A1"].value == "2025年年报审核表（重庆市，市级复审）"
    assert "data/raw/review/2025。" in str(sheet["A2"].value)
    first, second = rows(sheet)
    revenue, placements = "含代收代付的营业收入（万元）", "帮助实现就业和流动人次（人次）"
    kinds = ("本年", "上年", "12月快报累计", "比上年（%）", "比快报（%）")
    assert [first[revenue + kind] for kind in kinds] == [1200, 1000, 1600, pytest.approx(20), -25]
    assert [second[placements + kind] for kind in kinds] == [30, 40, None, -25, None]
