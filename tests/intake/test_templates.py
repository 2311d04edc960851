"""Templates: everything the catalog asks for stands where people and the reader look for it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.formula import Tokenizer
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog, Choice
from pipelines.intake.grammar import plain
from pipelines.intake.periods import parse_month
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    RollCloner,
    SingleCloner,
    Typed,
    write_flash_roll,
    write_flash_single,
    write_list,
    write_lists,
)

CATALOG = load_catalog()
FLASH = CATALOG.form("flash_report", "2025-06")
LIST_FORMS = {"register": "2025-06", "sample": "2025-02", "annual_return": "2024"}
IDENTITY = AgencyIdentity("91500103MA5U000015", "重庆示例人力资源有限公司", "500103", "500103")
ALL_MEASURES = ("month", "ytd", "ytd_last_year")
INPUT_LINES = [line for line in FLASH.lines if not line.calculated]

# 10,000 元 is 1 万元: line 01 = 100, 02 = 80, 03 = 5, hence 04 = 20 and 05 = 105.
MONEY = {"revenue_booked": 100, "pass_through_booked": 80, "pass_through_unbooked": 5}
PARTS = [line.indicator for line in FLASH.lines if line.label.startswith("05中")]


def balanced_values() -> dict[tuple[str, str], Decimal]:
    """Return figures for every input cell, such that every relation holds."""
    values = {
        (line.indicator, measure): Decimal(8 if line.level == 0 else 2)
        for line in INPUT_LINES
        for measure in line.measures
    }
    for measure in ALL_MEASURES:
        for indicator, amount in MONEY.items():
            values[indicator, measure] = Decimal(amount * 10_000)
        for part in PARTS:
            values[part, measure] = Decimal("105000")
        values["registered_seekers", measure] = Decimal(6)
    return values


def single(tmp_path: Path, report: AgencyReport, period: str = "2025-06", **options: bool) -> Path:
    path = tmp_path / "single.xlsx"
    write_flash_single(path, CATALOG, period, report, **options)
    return path


def roll(
    tmp_path: Path, reports: list[AgencyReport], period: str = "2025-06", **options: bool
) -> Path:
    path = tmp_path / "roll.xlsx"
    write_flash_roll(path, CATALOG, period, "500103", reports, **options)
    return path


def agency(number: int, **given: object) -> AgencyReport:
    identity = AgencyIdentity(f"9150010300000{number:04}X", f"示例{number}公司", "500103", "500103")
    return AgencyReport(identity, **given)  # type: ignore[arg-type]


def cells(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def find(sheet: Worksheet, text: object) -> Cell:
    (found,) = [cell for cell in cells(sheet) if cell.value == text]
    return found


def beside(cell: Cell, columns: int = 1) -> Cell:
    return cell.offset(column=columns)


def cell_of(book: Workbook, line: str, measure: str) -> Cell:
    """Return the value cell of a line in a single workbook, found by its code and the heads."""
    (section,) = [item for item in FLASH.sections if line in {each.line for each in item.lines}]
    sheet = book[section.sheet]
    labels = [item.label for item in FLASH.measures]
    return sheet.cell(
        find(sheet, line).row,
        find(sheet, labels[ALL_MEASURES.index(measure)]).column,
    )


def check_of(book: Workbook, line: str) -> Cell:
    month = cell_of(book, line, "month")
    return month.parent.cell(month.row, find(month.parent, "校验").column)


def rule_at(sheet: Worksheet, address: str):
    (rule,) = [rule for rule in sheet.data_validations.dataValidation if address in rule.cells]
    return rule


class Blank(Decimal):
    """A blank cell: nothing in sums, empty in texts, not counted as a number."""

    def __radd__(self, other: object) -> object:
        return other

    def __eq__(self, other: object) -> bool:
        return other == ""

    __hash__ = None  # type: ignore[assignment]


def value_of(book: Workbook, cell: Cell) -> object:
    """Return what a spreadsheet program shows in a cell; formulas are translated to Python."""
    if cell.data_type != "f":
        return cell.value
    python = ""
    for token in Tokenizer(cell.value).items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            python += f"ref({token.value!r})"
        elif token.type == "OPERAND":
            python += token.value
        elif token.type == "FUNC" and token.subtype == "OPEN":
            python += f"f_{token.value}"
        elif token.type == "OPERATOR-INFIX":
            python += {"&": "+", "<>": "!=", "=": "=="}.get(token.value, token.value)
        else:
            python += token.value
    sheet_cells = re.compile(r"(?:'(?P<sheet>.+)'!)?(?P<address>[A-Z]+[0-9]+)")

    def ref(text: str) -> object:
        match = sheet_cells.fullmatch(text)
        assert match is not None
        sheet = book[match["sheet"]] if match["sheet"] else cell.parent
        shown = value_of(book, sheet[match["address"]])
        if shown is None:
            return Blank()
        return Decimal(str(shown)) if isinstance(shown, int | float) else shown

    def numbers(values: tuple[object, ...]) -> list[Decimal]:
        return [v for v in values if isinstance(v, Decimal) and not isinstance(v, Blank)]

    functions = {
        "ref": ref,
        "f_IF": lambda condition, then, other: then if condition else other,
        "f_OR": lambda *conditions: any(conditions),
        "f_AND": lambda *conditions: all(conditions),
        "f_COUNT": lambda *values: len(numbers(values)),
        "f_SUM": lambda *values: sum(numbers(values), Decimal(0)),
        "f_ROUND": round,
        "f_TRIM": lambda text: " ".join(text.split()),
        "f_TEXT": lambda value, pattern: f"{value:%Y-%m-%d}",
    }
    return eval(python, {"__builtins__": {}}, functions)  # noqa: S307 - our own formulas


def test_single_has_every_line_once_with_label_unit_and_measures(tmp_path: Path) -> None:
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY)))
    for section in FLASH.sections:
        sheet = book[section.sheet]
        heads = ["代码", "指标名称", "计量单位", "本月", "1—本月", "上年同期1—本月", "校验"]
        code_head = find(sheet, "代码")
        assert [beside(code_head, n).value for n in range(len(heads))] == heads
        column = [cell.value for cell in sheet["A"]]
        assert Counter(text for text in column if text and re.fullmatch(r"\d\d", str(text))) == {
            line.line: 1 for line in section.lines
        }
        for line in section.lines:
            code = find(sheet, line.line)
            assert (beside(code).value, beside(code, 2).value) == (line.label, line.unit)


def test_single_has_every_cover_and_foot_field_once(tmp_path: Path) -> None:
    foot = {"preparer": "王某", "report_date": "2025-07-10"}
    report = AgencyReport(IDENTITY, accounting_method="net", foot=foot)
    cover = load_workbook(single(tmp_path, report))["封面"]
    for field in FLASH.cover + FLASH.foot:
        find(cover, field.label)
    shown = {field.field: beside(find(cover, field.label)).value for field in FLASH.cover}
    assert shown == {
        "credit_code": IDENTITY.credit_code,
        "agency_name": IDENTITY.agency_name,
        "district": "渝中区",
        "reporting_unit": "渝中区",
        "period": "2025年6月",
        "operating_status": "正常营业",
        "zero_report": "否",
        "accounting_method": "净额法",
    }
    assert beside(find(cover, "填表人")).value == "王某"
    assert beside(find(cover, "报出日期")).value == dt.datetime(2025, 7, 10)
    assert beside(find(cover, "单位负责人")).value is None


def test_printed_sheets_repeat_who_signs(tmp_path: Path) -> None:
    foot = {"preparer": "王某", "report_date": "2025-07-10"}
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, foot=foot)))
    for section in FLASH.sections:
        (signed,) = [cell for cell in cells(book[section.sheet]) if "填表人" in str(cell.value)]
        shown = str(value_of(book, signed))
        assert "填表人：王某" in shown
        assert "报出日期：2025-07-10" in shown


def test_values_are_printed_in_the_units_of_the_lines(tmp_path: Path) -> None:
    values = {
        ("revenue_booked", "month"): Decimal("-12345678.90"),  # 冲红
        ("revenue_booked", "ytd_last_year"): Decimal("10000"),
        ("placements", "ytd"): Decimal("1234567"),
    }
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=values)))
    assert cell_of(book, "01", "month").value == pytest.approx(-1234.56789)
    assert cell_of(book, "01", "month").number_format == "#,##0.00"
    assert cell_of(book, "01", "ytd").value is None
    assert cell_of(book, "01", "ytd_last_year").value == 1
    assert cell_of(book, "51", "ytd").value == 1234567
    assert cell_of(book, "51", "ytd").number_format == "#,##0"


def test_stocks_are_asked_at_the_end_of_the_month_only(tmp_path: Path) -> None:
    values = {("dispatched_workers", "month"): Decimal(7)}
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=values)))
    assert cell_of(book, "54", "month").value == 7
    for measure in ("ytd", "ytd_last_year"):
        cell = cell_of(book, "54", measure)
        assert cell.value == "——"
        assert cell.protection.locked

    sheet = load_workbook(roll(tmp_path, [agency(1, values=values)]))["服务效果"]
    code = find(sheet, "54")
    assert code.offset(row=2).value == "期末"
    assert code.offset(row=3).value == 7


def test_roll_has_every_line_and_measure_in_its_own_column(tmp_path: Path) -> None:
    book = load_workbook(roll(tmp_path, [agency(1), agency(2)]))
    for section in FLASH.sections:
        sheet = book[section.sheet]
        label_row = find(sheet, "统一社会信用代码").row
        expected = [(line, measure) for line in section.lines for measure in line.measures]
        codes = [cell.value for cell in sheet[label_row + 1][3 : 3 + len(expected)]]
        units = [cell.value for cell in sheet[label_row + 2][3 : 3 + len(expected)]]
        heads = [cell.value for cell in sheet[label_row + 3][3 : 3 + len(expected)]]
        assert codes == [line.line for line, _ in expected]
        assert units == [line.unit for line, _ in expected]
        known = {measure.code: {measure.label, measure.stock_label} for measure in FLASH.measures}
        assert all(
            head in known[measure] for head, (_, measure) in zip(heads, expected, strict=True)
        )
        labels = [cell.value for cell in sheet[label_row] if cell.value is not None]
        assert labels == [
            "序号",
            "统一社会信用代码",
            "单位详细名称",
            *(line.label for line in section.lines),
            "校验",
        ]
        for line in section.lines:
            columns = len(line.measures)
            top_left = find(sheet, line.label)
            if columns > 1:
                end = beside(top_left, columns - 1).coordinate
                assert f"{top_left.coordinate}:{end}" in sheet.merged_cells


def test_roll_has_one_agency_a_row_on_every_sheet(tmp_path: Path) -> None:
    values = {("revenue_booked", "month"): Decimal(20_000)}
    reports = [agency(1), agency(2, zero_report=True, values=values), agency(3)]
    book = load_workbook(roll(tmp_path, reports))
    codes = [report.identity.credit_code for report in reports]
    for name in ("单位名单", *(section.sheet for section in FLASH.sections)):
        sheet = book[name]
        assert [cell.value for cell in sheet["B"] if cell.value in codes] == codes
        assert [find(sheet, code).offset(column=-1).value for code in codes] == [1, 2, 3]
    names = book["单位名单"]
    heads = [cell.value for cell in names[find(names, "零报告").row]]
    asked = [field for field in FLASH.cover if field.field not in ("reporting_unit", "period")]
    assert heads == ["序号", *(field.label for field in asked)]
    zero = names.cell(find(names, codes[1]).row, find(names, "零报告").column)
    assert zero.value == "是"
    revenue = book["营业收入"]
    assert revenue.cell(find(revenue, codes[1]).row, 4).value == 2
    cover = book["封面"]
    assert beside(find(cover, "报送单位")).value == "渝中区"
    assert beside(find(cover, "报告期")).value == "2025年6月"
    for field in FLASH.foot:
        find(cover, field.label)


@pytest.mark.parametrize("form_code", LIST_FORMS)
def test_lists_have_every_column_once(tmp_path: Path, form_code: str) -> None:
    period = LIST_FORMS[form_code]
    form = CATALOG.form(form_code, period if "-" in period else f"{period}-12")
    (table,) = form.tables
    path = tmp_path / "list.xlsx"
    write_list(path, CATALOG, form_code, period, [])
    sheet = load_workbook(path)[table.sheet]
    head_row = find(sheet, "统一社会信用代码").row
    assert [cell.value for cell in sheet[head_row]] == [column.label for column in table.columns]
    units = [cell.value for cell in sheet[head_row - 1]]
    assert units == [f"单位：{item.unit}" if item.unit else None for item in table.columns]
    (field,) = form.cover
    assert beside(find(sheet, field.label)).value in ("2025年6月", "2025年2月", "2024年")


@pytest.mark.parametrize(
    ("form_code", "period"), [("ledger", "2025-06"), ("platform_report", "2025"), ("ledger", None)]
)
def test_a_form_of_several_lists_has_a_cover_and_a_sheet_for_each(
    tmp_path: Path, form_code: str, period: str | None
) -> None:
    form = CATALOG.form(form_code)
    path = tmp_path / "lists.xlsx"
    write_lists(path, CATALOG, form_code, period, {})
    book = load_workbook(path)
    names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert names == ["封面", *(table.sheet for table in form.tables), "填报说明"]
    for table in form.tables:
        sheet = book[table.sheet]
        head_row = find(sheet, table.columns[0].label).row
        heads = [cell.value for cell in sheet[head_row][: len(table.columns)]]
        assert heads == [column.label for column in table.columns]
        assert [cell.value for cell in sheet[head_row + 1]] == [None] * len(heads)
        assert not sheet.cell(head_row + 1, 1).protection.locked
    cell = beside(find(book["封面"], form.cover[0].label))
    assert cell.value == {"2025-06": "2025年6月", "2025": "2025年", None: None}[period]
    assert cell.protection.locked == (period is not None)


def test_list_rows_are_printed_as_names_dates_and_units(tmp_path: Path) -> None:
    row = {
        "credit_code": IDENTITY.credit_code,
        "agency_name": "-示例公司",
        "district": "500103",
        "reporting_unit": "500000",
        "institution_type": "market_private",
        "licence_kind": "licensed",
        "first_registered_date": dt.date(2022, 3, 2),
        "business_line": "dispatch",
        "size_class": "small",
    }
    path = tmp_path / "register.xlsx"
    write_list(path, CATALOG, "register", "2025-06", [row])
    sheet = load_workbook(path)["机构名录"]
    head_row = find(sheet, "统一社会信用代码").row
    shown = {head.value: head.offset(row=1).value for head in sheet[head_row]}
    assert shown["所在区县"] == "渝中区"
    assert shown["报送单位"] == "重庆市（市级直报）"
    assert shown["机构类型"] == "民营性质的服务企业"
    assert shown["首次许可或备案日期"] == dt.datetime(2022, 3, 2)
    assert shown["退出日期"] is None

    write_list(path, CATALOG, "annual_return", "2024", [{"revenue_booked": Decimal(15_000)}])
    annual = load_workbook(path)["年度统计表"]
    assert find(annual, "人力资源服务营业收入").offset(row=1).value == 1.5


def test_published_figures_are_no_survey_form(tmp_path: Path) -> None:
    row = {"area": "100000", "period": "2021", "value": Decimal("2.46"), "unit": "万亿元"}
    path = tmp_path / "published.xlsx"
    write_list(path, CATALOG, "published_figures", None, [row])
    sheet = load_workbook(path)["已公布数据"]
    assert find(sheet, "地区").offset(row=1).value == "全国"
    assert find(sheet, "年份").offset(row=1).value == 2021
    assert find(sheet, "数值").offset(row=1).value == 2.46
    assert not any("制定机关" in str(cell.value) for cell in cells(sheet))


def test_drop_downs_hold_the_classifications(tmp_path: Path) -> None:
    def names(code: str) -> str:
        return ",".join(item.name for item in CATALOG.classification(code).items)

    cover = load_workbook(single(tmp_path, AgencyReport(IDENTITY)))["封面"]
    listed = load_workbook(roll(tmp_path, [agency(1), agency(2)]))["单位名单"]
    expected = {
        "单位运营状态": names("operating_statuses"),
        "零报告": "是,否",
        "收入核算方法": names("accounting_methods"),
    }
    for label, items in expected.items():
        assert rule_at(cover, beside(find(cover, label)).coordinate).formula1 == f'"{items}"'
        for row in (1, 2):
            cell = find(listed, label).offset(row=row)
            assert rule_at(listed, cell.coordinate).formula1 == f'"{items}"'

    path = tmp_path / "register.xlsx"
    write_list(path, CATALOG, "register", "2026-02", [])
    sheet = load_workbook(path)["机构名录"]
    districts = rule_at(sheet, find(sheet, "所在区县").offset(row=1).coordinate).formula1
    assert "两江新区" in districts
    assert "渝北区" not in districts
    assert "万盛经开区" not in districts
    units = rule_at(sheet, find(sheet, "报送单位").offset(row=1).coordinate).formula1
    assert "万盛经开区" in units
    for rule in sheet.data_validations.dataValidation:
        assert rule.showErrorMessage
        assert "请" in rule.error


def with_long_statuses(catalog: Catalog) -> Catalog:
    """Return the catalog with more operating statuses than fit into a drop-down."""
    statuses = catalog.classification("operating_statuses")
    more = [Choice(code=f"more_{n}", name=f"其他运营状态之第{n:03}种") for n in range(40)]
    longer = statuses.model_copy(update={"items": [*statuses.items, *more]})
    others = [item for item in catalog.classifications if item.code != statuses.code]
    return catalog.model_copy(update={"classifications": [*others, longer]})


def test_a_list_too_long_for_a_drop_down_goes_to_a_hidden_sheet(tmp_path: Path) -> None:
    path = tmp_path / "single.xlsx"
    write_flash_single(path, with_long_statuses(CATALOG), "2025-06", AgencyReport(IDENTITY))
    book = load_workbook(path)
    cover = book["封面"]
    rule = rule_at(cover, beside(find(cover, "单位运营状态")).coordinate)
    assert rule.formula1 == "选项!$A$1:$A$46"
    assert book["选项"].sheet_state == "hidden"
    assert (book["选项"]["A1"].value, book["选项"]["A46"].value) == (
        "正常营业",
        "其他运营状态之第039种",
    )


def test_labels_are_locked_and_inputs_are_not(tmp_path: Path) -> None:
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=balanced_values())))
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and not cell.protection.locked
    }
    inputs = [
        cell_of(book, line.line, measure) for line in INPUT_LINES for measure in line.measures
    ]
    cover = book["封面"]
    labels = ["单位运营状态", "零报告", "收入核算方法", *(field.label for field in FLASH.foot)]
    inputs += [beside(find(cover, label)) for label in labels]
    assert unlocked == {(cell.parent.title, cell.coordinate) for cell in inputs}
    assert {cell.fill.fgColor.rgb for cell in inputs} == {"00FFFBE6"}


def test_roll_and_list_open_their_inputs_only(tmp_path: Path) -> None:
    book = load_workbook(roll(tmp_path, [agency(1)]))
    for section in FLASH.sections:
        sheet = book[section.sheet]
        assert sheet.protection.sheet
        last = sheet[sheet.max_row]
        code_row = sheet[find(sheet, "统一社会信用代码").row + 1]
        calculated = {line.line for line in section.lines if line.calculated}
        for code, cell in zip(code_row[3:-1], last[3:-1], strict=True):
            assert cell.protection.locked == (code.value in calculated)
        assert all(cell.protection.locked for cell in (*last[:3], last[-1]))

    path = tmp_path / "register.xlsx"
    write_list(path, CATALOG, "register", "2025-06", [])
    sheet = load_workbook(path)["机构名录"]
    head = find(sheet, "单位详细名称")
    assert sheet.protection.sheet
    assert not sheet.protection.insertRows  # False: allowed
    assert head.protection.locked
    assert not head.offset(row=1).protection.locked


def test_numbers_refuse_what_their_line_cannot_be(tmp_path: Path) -> None:
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY)))
    for line in INPUT_LINES:
        for measure in line.measures:
            cell = cell_of(book, line.line, measure)
            rule = rule_at(cell.parent, cell.coordinate)
            is_money = line.unit == "万元"
            assert rule.type == ("decimal" if is_money else "whole")
            can_be_negative = is_money and measure == "month"
            assert (Decimal(rule.formula1) < 0) == can_be_negative
            assert line.unit in rule.error


def test_calculated_lines_are_formulas(tmp_path: Path) -> None:
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=balanced_values())))
    for measure in ALL_MEASURES:
        assert value_of(book, cell_of(book, "04", measure)) == 20
        assert value_of(book, cell_of(book, "05", measure)) == 105
    empty = load_workbook(single(tmp_path, AgencyReport(IDENTITY)))
    assert empty["营业收入"]["D13"].data_type == "f"
    assert value_of(empty, cell_of(empty, "04", "month")) == ""


def test_checks_are_blank_pass_or_say_what_to_check(tmp_path: Path) -> None:
    lines = [check.left for check in FLASH.checks]
    empty = load_workbook(single(tmp_path, AgencyReport(IDENTITY)))
    assert [value_of(empty, check_of(empty, line)) for line in lines] == [""] * len(lines)

    values = balanced_values()
    full = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=values)))
    assert [value_of(full, check_of(full, line)) for line in lines] == ["通过"] * len(lines)

    values["pass_through_booked", "ytd"] = Decimal("1000100")  # 02 = 100.01 > 01 = 100
    values["revenue_incl_other", "month"] += Decimal("40")  # 0.004 万元: less than is printed
    values["employers_served_other", "month"] += 1
    values["people_served", "ytd_last_year"] = Decimal(0)  # 51 > 31, on another sheet
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=values)))
    shown = {line: value_of(book, check_of(book, line)) for line in lines}
    assert shown == {
        "02": "请核对：1—本月，已计入的代收代付（02）不得大于人力资源服务营业收入（01）。",
        "05": "通过",
        "22": "通过",
        "23": "通过",
        "34": "通过",
        "38": "请核对：本月，服务用人单位（38）应等于各类单位（39至42）之和。",
        "51": "请核对：上年同期1—本月，帮助实现就业和流动人次（51）"
        "一般不大于服务人员总数（31），请核实。",
    }


def test_checks_wait_for_figures_and_do_not_need_last_year(tmp_path: Path) -> None:
    values = balanced_values()
    del values["pass_through_booked", "ytd_last_year"]
    del values["job_fairs", "ytd"]
    book = load_workbook(single(tmp_path, AgencyReport(IDENTITY, values=values)))
    assert value_of(book, check_of(book, "02")) == "通过"
    assert value_of(book, check_of(book, "22")) == ""


def test_roll_checks_every_agency_by_itself(tmp_path: Path) -> None:
    wrong = balanced_values()
    wrong["revenue_booked", "month"] += Decimal("100")  # 0.01 万元 more than its parts
    wrong["people_served", "ytd"] = Decimal(1)
    reports = [agency(1, values=balanced_values()), agency(2, values=wrong), agency(3)]
    book = load_workbook(roll(tmp_path, reports))
    shown = {
        section.sheet: [
            value_of(book, book[section.sheet].cell(row, book[section.sheet].max_column))
            for row in range(book[section.sheet].max_row - 2, book[section.sheet].max_row + 1)
        ]
        for section in FLASH.sections
    }
    parts = "+".join(f"{number:02}" for number in range(6, 16))
    assert shown == {
        "营业收入": ["通过", f"请核对：本月，05={parts}。", ""],
        "招聘活动": ["通过", "通过", ""],
        "服务对象": ["通过", "通过", ""],
        "服务效果": ["通过", "请核对：1—本月，51≤31。", ""],
    }
    sheet = book["营业收入"]
    month_of_04 = [cell.value for cell in sheet[9]].index("04") + 1
    row = find(sheet, reports[1].identity.credit_code).row
    assert value_of(book, sheet.cell(row, month_of_04)) == Decimal("20.01")


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+重庆公司",
        "-重庆公司",
        "@重庆公司",
        "#N/A",
        "\t=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠重庆",
    ],
)
def test_text_never_becomes_a_formula(tmp_path: Path, name: str) -> None:
    identity = AgencyIdentity(IDENTITY.credit_code, name, "500103", "500103")
    report = AgencyReport(identity, foot={"preparer": name})
    row = {"agency_name": name, "licence_no": name}
    register = tmp_path / "register.xlsx"
    write_list(register, CATALOG, "register", "2025-06", [row])
    for path in (single(tmp_path, report), roll(tmp_path, [report]), register):
        book = load_workbook(path)
        found = [cell for sheet in book.worksheets for cell in cells(sheet) if cell.value == name]
        assert found
        for cell in found:
            assert cell.data_type == "s"
            assert cell.quotePrefix == (name[0] != "#")
        sheets = CalamineWorkbook.from_path(path)
        read = [
            row
            for sheet in sheets.sheet_names
            for row in sheets.get_sheet_by_name(sheet).to_python()
        ]
        assert sum(row.count(name) for row in read) == len(found)


def test_empty_approval_is_said_and_given_approval_is_printed(tmp_path: Path) -> None:
    sheets = load_workbook(single(tmp_path, AgencyReport(IDENTITY))).worksheets[:-1]
    assert len(sheets) == 1 + len(FLASH.sections)
    for sheet in sheets:
        block = {plain(str(cell.value)): beside(cell).value for cell in cells(sheet)}
        assert block["表号"] == "渝人服快01表"
        assert block["制定机关"] == "重庆市人力资源和社会保障局"
        for label in ("批准机关", "批准文号", "有效期至"):
            assert block[label] == "未经批准·试填"

    approved = FLASH.model_copy(update={"approval_no": "渝统制〔2025〕1号"})
    others = [form for form in CATALOG.forms if form.code != FLASH.code]
    catalog = CATALOG.model_copy(update={"forms": [*others, approved]})
    path = tmp_path / "approved.xlsx"
    write_flash_single(path, catalog, "2025-06", AgencyReport(IDENTITY))
    cover = load_workbook(path)["封面"]
    assert beside(find(cover, "批准文号：")).value == "渝统制〔2025〕1号"


def all_kinds(tmp_path: Path, made_up: bool) -> list[Workbook]:
    paths = [
        single(tmp_path, AgencyReport(IDENTITY), made_up=made_up),
        roll(tmp_path, [agency(1)], made_up=made_up),
    ]
    others = {
        "published_figures": None,
        "register_events": "2025-06",
        "corrections": None,
        "ledger": "2025-06",
        "platform_report": "2025",
    }
    for form_code, period in (LIST_FORMS | others).items():
        paths.append(tmp_path / f"{form_code}.xlsx")
        write_lists(paths[-1], CATALOG, form_code, period, {}, made_up)
    return [load_workbook(path) for path in paths]


@pytest.mark.parametrize("made_up", [True, False])
def test_made_up_figures_say_so_on_every_sheet_and_page(tmp_path: Path, made_up: bool) -> None:
    for book in all_kinds(tmp_path, made_up):
        for sheet in book.worksheets:
            titles = [cell.value for cell in sheet[1] if cell.value]
            assert titles[0].endswith("（模拟数据）") == made_up
            assert (sheet.oddHeader.right.text == "模拟数据") == made_up


def test_every_sheet_prints_on_numbered_a4_pages(tmp_path: Path) -> None:
    for book in all_kinds(tmp_path, made_up=False):
        for sheet in book.worksheets:
            assert sheet.page_setup.paperSize == 9
            assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
            is_broken = bool(sheet.col_breaks.brk)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage != is_broken
            assert bool(sheet.print_title_cols) == is_broken


def test_pages_of_a_wide_roll_keep_lines_together_and_are_headed(tmp_path: Path) -> None:
    sheet = load_workbook(roll(tmp_path, [agency(1)]))["营业收入"]
    assert sheet.print_title_cols == "$A:$C"
    assert sheet.print_title_rows == "$8:$11"
    assert sheet.freeze_panes == "D12"
    codes = sheet[9]
    for page, end in enumerate((brk.id for brk in sheet.col_breaks.brk), start=1):
        assert codes[end - 1].value != codes[end].value
        assert sheet.cell(1, end + 1).value == f"续表{page}"


def test_january_and_february_are_one_period(tmp_path: Path) -> None:
    path = single(tmp_path, AgencyReport(IDENTITY), period="2025-02")
    book = load_workbook(path)
    assert beside(find(book["封面"], "报告期")).value == "2025年1—2月"
    assert parse_month("2025年1—2月") == "2025-02"
    month, ytd, last_year = FLASH.measures
    for section in FLASH.sections:
        sheet = book[section.sheet]
        unit = find(sheet, "计量单位")
        heads = [beside(unit, n).value for n in (1, 2, 3)]
        assert heads == ["1—2月合计", ytd.label, last_year.label]
        assert heads[0] in month.aliases
    sheet = load_workbook(roll(tmp_path, [agency(1)], period="2025-02"))["服务效果"]
    assert find(sheet, "59").offset(row=2).value == "期末"
    assert "1—2月合计" in [cell.value for cell in cells(sheet)]
    with pytest.raises(ValueError, match="January"):
        single(tmp_path, AgencyReport(IDENTITY), period="2025-01")


def test_what_the_form_does_not_ask_for_is_refused(tmp_path: Path) -> None:
    calculated = AgencyReport(IDENTITY, values={("revenue_excl", "month"): Decimal(1)})
    with pytest.raises(ValueError, match="revenue_excl"):
        single(tmp_path, calculated)
    stock = AgencyReport(IDENTITY, values={("personnel_files", "ytd"): Decimal(1)})
    with pytest.raises(ValueError, match="personnel_files"):
        roll(tmp_path, [stock])
    with pytest.raises(ValueError, match="unknown code asleep"):
        single(tmp_path, AgencyReport(IDENTITY, operating_status="asleep"))
    with pytest.raises(ValueError, match="signature"):
        single(tmp_path, AgencyReport(IDENTITY, foot={"signature": "张某"}))
    with pytest.raises(KeyError, match="2022-06"):
        single(tmp_path, AgencyReport(IDENTITY), period="2022-06")
    stranger = AgencyIdentity("91500112000000001X", "外区公司", "500112", "500112")
    with pytest.raises(ValueError, match="not of 500103"):
        roll(tmp_path, [agency(1), AgencyReport(stranger)])
    with pytest.raises(ValueError, match="no agency"):
        roll(tmp_path, [])
    with pytest.raises(ValueError, match="size"):
        write_list(tmp_path / "x.xlsx", CATALOG, "register", "2025-06", [{"size": "small"}])
    with pytest.raises(ValueError, match="unknown code 500112"):  # retired in 2026-02
        write_list(tmp_path / "x.xlsx", CATALOG, "register", "2026-02", [{"district": "500112"}])


TYPED = {
    ("placements", "month"): "１，２００",
    ("placements", "ytd"): "",
    ("revenue_booked", "month"): "约一百万",
}


def test_what_was_typed_stands_instead_of_the_value(tmp_path: Path) -> None:
    typed = TYPED | {
        "period": "2025.6",
        "zero_report": "√",
        "accounting_method": "",
        "preparer": "=1",
    }
    report = AgencyReport(IDENTITY, accounting_method="net", values=balanced_values(), typed=typed)
    book = load_workbook(single(tmp_path, report))
    cover = book["封面"]
    shown = {field.field: beside(find(cover, field.label)) for field in FLASH.cover + FLASH.foot}
    assert {key: shown[key].value for key in ("period", "zero_report", "accounting_method")} == {
        "period": "2025.6",
        "zero_report": "√",
        "accounting_method": None,
    }
    assert (shown["preparer"].value, shown["preparer"].data_type) == ("=1", "s")
    cell = cell_of(book, "51", "month")
    assert (cell.value, cell.data_type, cell.style) == ("１，２００", "s", "填报数量")
    assert cell_of(book, "51", "ytd").value is None
    assert cell_of(book, "51", "ytd_last_year").value == 8
    assert cell_of(book, "01", "month").value == "约一百万"

    typed = TYPED | {"credit_code": "９１５０", "operating_status": "正常"}
    book = load_workbook(
        roll(tmp_path, [agency(1, values=balanced_values(), typed=typed), agency(2)])
    )
    listed = book["单位名单"]
    assert find(listed, "统一社会信用代码").offset(row=1).value == "９１５０"
    statuses = [find(listed, "单位运营状态").offset(row=row).value for row in (1, 2)]
    assert statuses == ["正常", "正常营业"]
    sheet = book["服务效果"]
    first = [cell.value for cell in sheet[9]].index("51")
    row = sheet[find(sheet, agency(1).identity.credit_code).row]
    assert [cell.value for cell in row[first : first + 3]] == ["１，２００", None, 8]

    path = tmp_path / "register.xlsx"
    listed_row = {"first_registered_date": Typed("2020.3.1"), "district": Typed("渝中")}
    write_list(path, CATALOG, "register", "2025-06", [listed_row])
    sheet = load_workbook(path)["机构名录"]
    assert find(sheet, "首次许可或备案日期").offset(row=1).value == "2020.3.1"
    assert find(sheet, "所在区县").offset(row=1).value == "渝中"


def test_what_was_typed_must_have_a_cell(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="revenue_excl"):
        typed = {("revenue_excl", "month"): "一百"}  # a calculated line
        single(tmp_path, AgencyReport(IDENTITY, typed=typed))
    with pytest.raises(ValueError, match="period"):  # a roll has one for all agencies
        roll(tmp_path, [agency(1, typed={"period": "2025.6"})])


def test_calculated_lines_show_results_before_they_are_calculated(tmp_path: Path) -> None:
    values = balanced_values()
    del values["pass_through_booked", "ytd"]
    typed = {("revenue_booked", "month"): "一百"}
    reports = [agency(1, values=values, typed=typed), agency(2, values=balanced_values())]
    sheet = load_workbook(roll(tmp_path, reports), data_only=True)["营业收入"]
    first = [cell.value for cell in sheet[9]].index("04")
    rows = [find(sheet, report.identity.credit_code).row for report in reports]
    shown = [[cell.value for cell in sheet[row][first : first + 6]] for row in rows]
    assert shown == [
        [None, None, 20, None, 105, 105],
        [20, 20, 20, 105, 105, 105],
    ]
    book = load_workbook(single(tmp_path, reports[0]), data_only=True)
    results = [cell_of(book, line, item).value for line in ("04", "05") for item in ALL_MEASURES]
    assert results == shown[0]


def test_one_cloner_writes_many_as_if_each_were_alone(tmp_path: Path) -> None:
    full = agency(1, values=balanced_values(), foot={"preparer": "王某"}, typed=TYPED)
    blank = agency(2, zero_report=None)
    singles = SingleCloner(CATALOG, "2025-06", made_up=True)
    rolls = RollCloner(CATALOG, "2025-06", made_up=True)
    path = tmp_path / "cloned.xlsx"
    for report in (full, blank, full):
        singles.write(path, report)
        alone = single(tmp_path, report, made_up=True)
        assert path.read_bytes() == alone.read_bytes()
    for reports in ([full, blank], [blank], [blank, full, blank]):
        rolls.write(path, "500103", reports)
        assert path.read_bytes() == roll(tmp_path, reports, made_up=True).read_bytes()


def test_rows_of_a_roll_and_a_list_are_as_high_as_their_names_need(tmp_path: Path) -> None:
    long = AgencyIdentity(agency(2).identity.credit_code, "长" * 60, "500103", "500103")
    book = load_workbook(roll(tmp_path, [agency(1), AgencyReport(long), agency(3)]))
    for sheet in book.worksheets[1:-1]:
        first = find(sheet, agency(1).identity.credit_code).row
        heights = [sheet.row_dimensions[row].height for row in range(first, first + 3)]
        assert heights == [30, pytest.approx(4 * 11 * 1.45 + 4), 30]  # 120 half-widths in 36
    path = tmp_path / "register.xlsx"
    names = [{"agency_name": name} for name in ("短", "长" * 60)]
    write_list(path, CATALOG, "register", "2025-06", names)
    sheet = load_workbook(path)["机构名录"]
    first = find(sheet, "短").row
    heights = [sheet.row_dimensions[row].height for row in range(first, sheet.max_row + 1)]
    assert heights == [22, pytest.approx(4 * 11 * 1.45 + 4), *[22] * 20]


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    report = AgencyReport(IDENTITY, values=balanced_values())
    first = single(tmp_path / "a", report)
    second = single(tmp_path / "b", report)
    assert first.read_bytes() == second.read_bytes()
    properties = load_workbook(first).properties
    assert properties.created == properties.modified == dt.datetime(2025, 6, 1)
    assert properties.creator == "重庆市人力资源和社会保障局"


def test_notes_say_how_to_fill_what_must_hold_and_what_lines_mean(tmp_path: Path) -> None:
    for path in (single(tmp_path, AgencyReport(IDENTITY)), roll(tmp_path, [agency(1)])):
        notes = load_workbook(path)["填报说明"]
        text = "\n".join(str(cell.value) for cell in notes["A"])
        for instruction in FLASH.instructions:
            assert instruction in text
        for check in FLASH.checks:
            assert check.message in text
        for line in FLASH.lines:
            assert CATALOG.indicator(line.indicator).definition in text
