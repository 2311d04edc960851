"""List forms: columns found by their headers, one row a unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pipelines.intake.decoding import CellValue
from pipelines.intake.records import Reading
from tests.intake.books import (
    CATALOG,
    CODE,
    Sheets,
    at,
    beside,
    credit_code,
    read,
    register,
    rules,
    shifted,
    texts,
)

ANNUAL = CATALOG.form("annual_return", "2024-12").tables[0].columns


def read_register(sheets: Sheets) -> Reading:
    return read(sheets, "register", None)


def annual() -> Sheets:
    values: list[CellValue] = [CODE, "机构1", "渝中区"]
    values += [float(number) for number in range(len(ANNUAL) - len(values))]
    head = [column.label for column in ANNUAL]
    return {"年度统计表": [["统计表"], ["所属年度", 2024.0], [*head], values]}


def published() -> Sheets:
    head = ["地区", "年份", "指标名称", "数值", "单位", "收入口径", "数值性质", "来源"]
    return {
        "已公布数据": [
            [*head],
            ["重庆市", "2021年", "行业营业收入", 618.05, "亿元", "含代收代付", "公布数", "新华网"],
            ["全国", 2021.0, "服务人员总数", "3.04", "亿人次", None, "公布数", "人民日报"],
        ]
    }


def test_a_register_is_read() -> None:
    reading = read_register(register())
    assert reading.problems == []
    assert reading.file["layout"] == "list"
    assert reading.file["period"] == "2025-06"
    assert texts(reading, None) == {"period": "2025-06"}
    assert texts(reading, credit_code(2)) == {
        "credit_code": credit_code(2),
        "agency_name": "机构2",
        "district": "500103",
        "township": "解放碑街道",
        "reporting_unit": "500103",
        "institution_type": "market_private",
        "licence_kind": "licensed",
        "first_registered_date": "2020-03-01",
        "business_line": "dispatch",
        "size_class": "small",
    }
    assert {value.unit_row for value in reading.values} == {0, 4, 5, 6}


def move(sheets: Sheets) -> Sheets:
    return {"Sheet9": shifted(sheets["机构名录"], 6, 4)}


def reorder_columns(sheets: Sheets) -> Sheets:
    rows = sheets["机构名录"]
    return {"机构名录": rows[:2] + [row[::-1] for row in rows[2:]]}


def with_other_sheets(sheets: Sheets) -> Sheets:
    other: list[list[CellValue]] = [["单位名称", "区县", "电话"], ["别家", "江北区", "1"]]
    return {"通讯录": other, **sheets, "填报说明": [["统一社会信用代码为18位。"]]}


def with_totals(sheets: Sheets) -> Sheets:
    return {"机构名录": [*sheets["机构名录"], [], [None, "合计", "3家"], ["总计", None, "3家"]]}


@pytest.mark.parametrize("rearrange", [move, reorder_columns, with_other_sheets, with_totals])
def test_columns_are_found_wherever_they_stand(rearrange: object) -> None:
    assert callable(rearrange)
    expected = read_register(register())
    reading = read_register(rearrange(register()))
    assert reading.problems == []
    for number in (1, 2, 3):
        assert texts(reading, credit_code(number)) == texts(expected, credit_code(number))


def test_headers_may_be_aliases() -> None:
    sheets = register()
    head = sheets["机构名录"][2]
    head[:3] = ["信用代码", " 机构 名称 ", "区县"]
    head[head.index("街道（镇）")] = "街道(镇)"
    assert read_register(sheets).problems == []


def test_a_missing_required_column_refuses_the_file_and_is_named() -> None:
    sheets = register()
    rows = sheets["机构名录"]
    position = rows[2].index("规模类别")
    sheets["机构名录"] = rows[:2] + [row[:position] + row[position + 1 :] for row in rows[2:]]
    reading = read_register(sheets)
    assert rules(reading) == [("file", "missing_column", None)]
    assert reading.file["refusal_message"] == (
        "文件“报表.xlsx”工作表“机构名录”没有“规模类别”一列，请按模板恢复该列并填写。"
    )


def test_an_optional_column_may_be_missing() -> None:
    sheets = register()
    sheets["机构名录"] = [row[:3] + row[4:] for row in sheets["机构名录"]]
    assert read_register(sheets).problems == []


def test_a_header_found_twice_refuses_the_file() -> None:
    sheets = register()
    sheets["机构名录"][2][-1] = "所在区县"
    assert ("file", "duplicate_label", "Q3") in rules(read_register(sheets))


def test_a_second_copy_of_the_list_refuses_the_file() -> None:
    sheets = register()
    sheets["机构名录 (2)"] = [list(row) for row in sheets["机构名录"]]
    assert rules(read_register(sheets)) == [("file", "duplicate_label", None)]
    sheets["机构名录 (2)"] = sheets["机构名录 (2)"][:3]  # a head without rows
    assert read_register(sheets).problems == []


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("单位详细名称", None, "missing_value"),
        ("所在区县", "火星区", "unknown_area"),
        ("机构类型", "神秘机构", "not_a_choice"),
        ("首次许可或备案日期", "前年", "not_a_date"),
        ("首次许可或备案日期", "43891", "not_a_date"),
        ("首次许可或备案日期", "——", "not_a_date"),
    ],
)
def test_a_wrong_required_cell_refuses_the_agency(column: str, value: CellValue, rule: str) -> None:
    sheets = register()
    address = at(sheets, "机构名录", credit_code(2), column, value)
    reading = read_register(sheets)
    assert rules(reading) == [("agency", rule, address)]
    assert reading.problems[0]["credit_code"] == credit_code(2)
    assert reading.problems[0]["severity"] == "mandatory"
    assert reading.file["outcome"] == "read"


def test_a_wrong_optional_cell_is_for_review() -> None:
    sheets = register()
    at(sheets, "机构名录", CODE, "有效期至", "长期")
    at(sheets, "机构名录", CODE, "退出日期", "——")
    reading = read_register(sheets)
    assert [(p["rule_code"], p["severity"]) for p in reading.problems] == [("not_a_date", "review")]


@pytest.mark.parametrize("value", [dt.date(2020, 3, 1), "2020/3/1", "2020年3月1日", 20200301.0])
def test_dates_are_stored_in_one_form(value: CellValue) -> None:
    sheets = register()
    at(sheets, "机构名录", CODE, "首次许可或备案日期", value)
    assert texts(read_register(sheets))["first_registered_date"] == "2020-03-01"


def test_rows_without_a_readable_code_are_left_out() -> None:
    sheets = register()
    at(sheets, "机构名录", credit_code(2), "统一社会信用代码", "12345")
    at(sheets, "机构名录", credit_code(3), "统一社会信用代码", None)
    reading = read_register(sheets)
    assert rules(reading) == [
        ("row", "invalid_credit_code", "A5"),
        ("row", "missing_value", "A6"),
    ]
    assert {value.unit_row for value in reading.values} == {0, 4}
    names = [sheets["机构名录"][row - 1][1] for row in (5, 6)]
    assert [problem["agency_name"] for problem in reading.problems] == names


def test_an_agency_twice_is_kept_once_and_refused() -> None:
    sheets = register()
    sheets["机构名录"].append(list(sheets["机构名录"][3]))
    reading = read_register(sheets)
    assert rules(reading) == [("agency", "duplicate_agency", "A7")]
    assert 7 not in {value.unit_row for value in reading.values}


def test_a_district_that_has_been_abolished_is_right_for_those_who_left_before() -> None:
    sheets = register()
    beside(sheets, "所属期末", "2026年6月", "机构名录")
    for code in (credit_code(1), credit_code(2)):
        at(sheets, "机构名录", code, "所在区县", "江北区")
    at(sheets, "机构名录", credit_code(1), "退出日期", "2024-05-31")
    address = at(sheets, "机构名录", credit_code(2), "退出日期", "2026-05-31")
    reading = read_register(sheets)
    assert rules(reading) == [("agency", "unknown_area", f"C{address[1:]}")]


@pytest.mark.parametrize(("value", "rule"), [(None, "period_missing"), ("六月", "not_a_month")])
def test_a_register_of_no_month_is_refused(value: CellValue, rule: str) -> None:
    sheets = register()
    beside(sheets, "所属期末", value, "机构名录")
    assert rules(read_register(sheets)) == [("file", rule, "B2")]


def test_a_register_without_rows_is_refused() -> None:
    assert rules(read_register(register(0))) == [("file", "missing_value", None)]


def test_another_workbook_is_unrelated() -> None:
    menu: Sheets = {"菜谱": [["周一", "周二"], ["红烧肉", "豆腐"]]}
    for folder in ("register", "sample", "published"):
        reading = read(menu, folder, None)
        assert rules(reading) == [("file", "unrelated", None)]
    assert rules(read({}, "register", None)) == [("file", "unrelated", None)]


def test_an_annual_return_is_read_in_its_printed_units() -> None:
    reading = read(annual(), "annual", "2024")
    assert reading.problems == []
    assert reading.file["period"] == "2024"
    read_figures = {
        value.indicator_code: (value.measure_code, value.number_value, value.unit)
        for value in reading.values
        if value.indicator_code
    }
    assert read_figures == {
        column.indicator: ("annual", Decimal(number), column.unit)
        for number, column in enumerate(ANNUAL[3:])
    }


@pytest.mark.parametrize("how", ["（元）", "（单位：元）", "/元", "above"])
def test_the_unit_may_stand_in_or_above_the_header(how: str) -> None:
    sheets = annual()
    head = sheets["年度统计表"][2]
    if how == "above":
        sheets["年度统计表"][1][2:] = [None, None, "计量单位：元"]
    else:
        head[4] = f"{head[4]}{how}"
    reading = read(sheets, "annual", "2024")
    units = {value.field_code: value.unit for value in reading.values}
    assert reading.problems == []
    assert units["revenue_booked"] == "万元"
    assert units["pass_through_booked"] == "元"


def test_a_unit_that_does_not_fit_refuses_the_file() -> None:
    sheets = annual()
    sheets["年度统计表"][2][3] = "人力资源服务营业收入（吨）"
    assert rules(read(sheets, "annual", "2024")) == [("file", "unknown_unit", "D3")]


def test_text_among_the_figures_and_parts_of_persons_are_refused() -> None:
    sheets = annual()
    money = at(sheets, "年度统计表", CODE, "劳务派遣收入", "若干")
    staff = at(sheets, "年度统计表", CODE, "从业人员期末人数", 1.5)
    assert rules(read(sheets, "annual", "2024")) == [
        ("agency", "not_a_number", money),
        ("agency", "not_an_integer", staff),
    ]


def test_the_year_must_be_the_folders() -> None:
    reading = read(annual(), "annual", "2023")
    assert rules(reading) == [("file", "period_mismatch", "B2")]


def test_published_figures_keep_their_own_units() -> None:
    reading = read(published(), "published", None)
    assert reading.problems == []
    found = [
        (value.unit_row, value.field_code, value.text_value or value.number_value)
        for value in reading.values
        if value.field_code in ("area", "period", "value")
    ]
    assert found == [
        (2, "area", "500000"),
        (2, "period", "2021"),
        (2, "value", Decimal("618.05")),
        (3, "area", "100000"),
        (3, "period", "2021"),
        (3, "value", Decimal("3.04")),
    ]
    units = {v.unit_row: v.unit for v in reading.values if v.field_code == "value"}
    assert units == {2: "亿元", 3: "亿人次"}
    assert {value.credit_code for value in reading.values} == {None}


@pytest.mark.parametrize(
    ("head", "value", "rule"),
    [
        ("来源", None, "missing_value"),
        ("数值", "约618", "approximate_number"),
        ("数值", "618万元", "unit_conflict"),
        ("单位", "千吨", "unknown_unit"),
        ("年份", "去年", "not_a_year"),
        ("地区", "火星", "unknown_area"),
    ],
)
def test_a_wrong_published_row_is_left_out_whole(head: str, value: CellValue, rule: str) -> None:
    sheets = published()
    address = at(sheets, "已公布数据", "重庆市", head, value)
    reading = read(sheets, "published", None)
    assert rules(reading) == [("row", rule, address)]
    assert {value.unit_row for value in reading.values} == {3}


def test_a_note_over_no_column_of_figures_speaks_of_the_whole_table() -> None:
    sheets = annual()
    sheets["年度统计表"][0] = ["统计表", None, "单位：元"]
    reading = read(sheets, "annual", "2024")
    units = {value.field_code: value.unit for value in reading.values}
    assert units["revenue_booked"] == units["pass_through_booked"] == "元"


def test_a_header_that_contradicts_the_note_is_asked_about() -> None:
    sheets = annual()
    sheets["年度统计表"][0] = ["统计表", None, "单位：元"]
    sheets["年度统计表"][2][3] += "（万元）"
    assert rules(read(sheets, "annual", "2024")) == [("file", "unit_conflict", "D3")]


def test_a_date_that_lost_its_format_is_read() -> None:
    sheets = register()
    at(sheets, "机构名录", CODE, "首次许可或备案日期", 43891.0)
    (value,) = [
        value
        for value in read_register(sheets).values
        if value.field_code == "first_registered_date" and value.credit_code == CODE
    ]
    assert (value.text_value, value.raw_text) == ("2020-03-01", "43891")
    assert value.spelling_rules == "date_serial"
