"""Parts that sheets are put together from: cells, heads, drop-downs, page set-up.

Which parts a workbook has, and what they say, is decided by its kind: single, roll or list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import cast

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.intake.shown_text import FORMULA_STARTS
from pipelines.intake.templates.cloning import Printed
from pipelines.intake.templates.formulas import TO_CHECK, quoted
from pipelines.intake.templates.style import RED, Style, add_styles
from pipelines.intake.templates.template import Template

ITEMS_SHEET = "选项"
LONGEST_INLINE_LIST = 255  # a limit of the file format
LARGEST = 10**12
FIRST_ROW_AFTER_HEAD = 8

LANDSCAPE_WIDTH = 1051  # pixels of A4 at 96 dpi, less the margins
MARGIN = 0.37  # inches
SMALLEST_SCALE = 0.55  # 11 points print as 6

NUMBER_WIDTH = 6  # of 序号
FIELD_WIDTHS = {
    "credit_code": 22,
    "agency_name": 36,
    "item_name": 36,
    "platform_name": 36,
    "evidence": 36,
    "next_step": 28,
}

Page = tuple[int, int]  # first and last column of a printed page

INPUT_STYLES = {
    "date": Style.INPUT_DATE,
    "choice": Style.INPUT_CHOICE,
    "yes_no": Style.INPUT_CHOICE,
    "area": Style.INPUT_CHOICE,
    "year": Style.INPUT_YEAR,
    "integer": Style.INPUT_COUNT,
}


def new_workbook(template: Template) -> Workbook:
    """Return an empty workbook with the styles and the constant properties of this template."""
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    add_styles(workbook)
    properties = workbook.properties
    properties.creator = properties.lastModifiedBy = template.form.issuing_authority
    properties.title = template.title()
    properties.created = properties.modified = template.written_at
    workbook.calculation.fullCalcOnLoad = True
    return workbook


def add_sheet(workbook: Workbook, name: str, widths: Sequence[float]) -> Worksheet:
    """Return a new sheet without grid lines whose columns have these widths."""
    sheet: Worksheet = workbook.create_sheet(name)
    sheet.sheet_view.showGridLines = False
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    return sheet


def put(
    sheet: Worksheet,
    at: tuple[int, int],
    value: Printed,
    style: Style,
    to: tuple[int, int] | None = None,
) -> Cell:
    """Write a value, merged up to a last cell if given; text is never taken as a formula."""
    cell = _cell(sheet, at)
    cell.value = value
    cell.style = style.value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)  # stays text when edited, too
    if to is not None and to != at:
        sheet.merge_cells(start_row=at[0], start_column=at[1], end_row=to[0], end_column=to[1])
    return cell


def put_formula(sheet: Worksheet, at: tuple[int, int], formula: str, style: Style) -> Cell:
    """Write a formula."""
    cell = _cell(sheet, at)
    cell.value = formula
    cell.style = style.value
    return cell


def _cell(sheet: Worksheet, at: tuple[int, int]) -> Cell:
    """Return a cell that can be written; one within a merged range cannot."""
    cell = sheet.cell(*at)
    if not isinstance(cell, Cell):
        raise TypeError(f"{sheet.title} {cell.coordinate} lies within a merged range")
    return cell


def put_head(
    sheet: Worksheet, template: Template, title: str, block: int, pages: Sequence[Page]
) -> None:
    """Write the title and the period above each page, and 表号 to 有效期至 at the first's right.

    `block` is the column where the labels at the right begin.
    """
    for number, (first, last) in enumerate(pages):
        text = f"续表{number}" if number else title
        put(sheet, (1, first), text, Style.TITLE, to=(1, last))
        put(sheet, (2, first), template.period_text, Style.PERIOD, to=(2, last))
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[2].height = 20
    lines = template.head()
    for row in range(3, FIRST_ROW_AFTER_HEAD):
        sheet.row_dimensions[row].height = 16 if lines else 4
    for row, (label, text) in enumerate(lines, start=3):
        put(sheet, (row, block), f"{label}：", Style.BLOCK_LABEL)
        put(sheet, (row, block + 1), text, Style.BLOCK_VALUE, to=(row, pages[0][1]))


def allow_items(sheet: Worksheet, cells: Iterable[str], label: str, names: Sequence[str]) -> None:
    """Give cells a drop-down; a list too long for the file format goes to a hidden sheet."""
    inline = ",".join(names)
    if len(inline) <= LONGEST_INLINE_LIST and inline.count(",") == len(names) - 1:
        source = quoted(inline)
    else:
        source = _put_items(sheet, names)
    rule = DataValidation("list", source, allow_blank=True)
    _add_rule(sheet, cells, rule, f"“{label}”请从下拉列表中选择。")


def _put_items(asking: Worksheet, names: Sequence[str]) -> str:
    """Write a list of items to the hidden sheet and return where it stands."""
    workbook = cast(Workbook, asking.parent)
    if ITEMS_SHEET not in workbook.sheetnames:
        workbook.create_sheet(ITEMS_SHEET).sheet_state = "hidden"
    sheet = workbook[ITEMS_SHEET]
    column = 1 if sheet["A1"].value is None else sheet.max_column + 1
    for row, name in enumerate(names, start=1):
        put(sheet, (row, column), name, Style.CENTERED)
    letter = get_column_letter(column)
    return f"{ITEMS_SHEET}!${letter}$1:${letter}${len(names)}"


def allow_money(sheet: Worksheet, cells: Iterable[str], unit: str, can_be_negative: bool) -> None:
    """Let cells take numbers with decimals, below zero only where reversals (冲红) are possible."""
    least = -LARGEST if can_be_negative else 0
    rule = DataValidation("decimal", least, LARGEST, operator="between", allow_blank=True)
    words = "，冲红可填负数" if can_be_negative else "，不得为负数"
    _add_rule(sheet, cells, rule, f"请填数字，单位为{unit}{words}；没有发生的填0。")


def allow_count(sheet: Worksheet, cells: Iterable[str], unit: str) -> None:
    """Let cells take whole numbers from zero."""
    rule = DataValidation("whole", 0, LARGEST, operator="between", allow_blank=True)
    _add_rule(sheet, cells, rule, f"请填不小于0的整数，单位为{unit}；没有发生的填0。")


def allow_date(sheet: Worksheet, cells: Iterable[str], label: str) -> None:
    """Let cells take dates."""
    first = (dt.date(1949, 10, 1) - dt.date(1899, 12, 30)).days
    rule = DataValidation("date", first, operator="greaterThanOrEqual", allow_blank=True)
    _add_rule(sheet, cells, rule, f"“{label}”请填日期，如2025-07-10。")


def _add_rule(sheet: Worksheet, cells: Iterable[str], rule: DataValidation, message: str) -> None:
    """Attach a rule that refuses other input with this message."""
    rule.errorStyle = "stop"
    rule.showErrorMessage = True
    rule.errorTitle = "填写有误"
    rule.error = message
    for address in cells:
        rule.add(address)
    sheet.add_data_validation(rule)


def mark_violations(sheet: Worksheet, cells: str) -> None:
    """Show check cells in red where a relation does not hold."""
    first = cells.partition(":")[0]
    condition = f'LEFT({first},{len(TO_CHECK)})="{TO_CHECK}"'
    red = DifferentialStyle(font=Font(color=RED))
    sheet.conditional_formatting.add(cells, Rule("expression", dxf=red, formula=[condition]))


def protect(sheet: Worksheet) -> None:
    """Lock everything but inputs, without a password; rows and columns may be resized."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def set_page(
    sheet: Worksheet,
    template: Template,
    head_rows: str | None = None,
    landscape: bool = False,
) -> None:
    """Print on A4, one page wide, with page numbers and the head repeated."""
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = MARGIN
    margins.top = margins.bottom = 0.75
    footer, header = HeaderFooterItem(), HeaderFooterItem()
    footer.center.text = "第 &P 页 共 &N 页"
    if template.made_up:
        header.right.text = "模拟数据"
    sheet.oddFooter, sheet.oddHeader = footer, header
    if head_rows:
        sheet.print_title_rows = head_rows


def break_columns(sheet: Worksheet, title_columns: int, groups: Sequence[int]) -> list[Page]:
    """Spread a sheet too wide for one page over several, each repeating the title columns.

    `groups` are the last columns of what must stay together. Returns the pages' own columns.
    """
    if _pixels(sheet, 1, groups[-1]) * SMALLEST_SCALE <= LANDSCAPE_WIDTH:
        return [(1, groups[-1])]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    sheet.page_setup.scale = round(SMALLEST_SCALE * 100)
    sheet.print_title_cols = f"A:{get_column_letter(title_columns)}"
    room = LANDSCAPE_WIDTH / SMALLEST_SCALE - _pixels(sheet, 1, title_columns)
    first, pages = title_columns + 1, []
    for previous, end in pairwise([title_columns, *groups]):
        if _pixels(sheet, first, end) > room:
            pages.append((first, previous))
            first = previous + 1
    sheet.col_breaks = ColBreak(brk=[Break(id=last) for _, last in pages])
    return [*pages, (first, groups[-1])]


def _pixels(sheet: Worksheet, first: int, last: int) -> float:
    """Return the width of columns on the screen."""
    letters = [get_column_letter(column) for column in range(first, last + 1)]
    return sum(sheet.column_dimensions[letter].width * 8 + 5 for letter in letters)
