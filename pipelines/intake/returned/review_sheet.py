"""The sheet 审核意见: one row a finding, what to do, and room to explain what needs no change."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.severities import SEVERITY_NAMES, Severity
from pipelines.intake.returned.remarks import (
    AGENCY_NAME,
    CELL,
    CREDIT_CODE,
    EXPECTED,
    EXPLANATION,
    FINDING_ID,
    NUMBER,
    PROBLEM,
    RAW_TEXT,
    REVIEW_SHEET,
    SEVERITY,
    SHEET_NAME,
    Order,
    Remark,
)
from pipelines.intake.shown_text import FORMULA_STARTS, shown
from pipelines.intake.templates.style import GREY, HEI, SONG, TO_FILL, row_height, text_width

WIDTHS = {
    NUMBER: 5,
    FINDING_ID: 14,
    SEVERITY: 8,
    CREDIT_CODE: 20,
    AGENCY_NAME: 18,
    SHEET_NAME: 10,
    CELL: 8,
    RAW_TEXT: 14,
    EXPECTED: 18,
    PROBLEM: 34,
    EXPLANATION: 28,
}
CENTERED = (NUMBER, FINDING_ID, SEVERITY, CREDIT_CODE, SHEET_NAME, CELL)
WHAT_TO_DO: dict[Severity, str] = {
    "mandatory": "强制性问题{marked}请更正。",
    "review": "核实性问题{marked}填错的请改正，没有填错的请在本表“说明”栏写明原因。",
}
MARKED: dict[Severity, str] = {
    "mandatory": "（单元格标红）",
    "review": "（单元格标黄）",
}
SEND_AGAIN = "改好后请把整份文件重新报送到原文件夹。"
TO_CORRECT = "请更正"
BLANK, NOTHING = "（空白）", "—"  # in a cell; where there is no cell
HIGHEST_ROW = 409.0  # points; Excel's limit

RED, AMBER = "F8CBCB", "FFD966"
HEAD_FILL = PatternFill("solid", fgColor="DCE6F1")
FILLS = {
    "mandatory": PatternFill("solid", fgColor=RED),
    "review": PatternFill("solid", fgColor=AMBER),
}
LINE = Side("thin", color="BFBFBF")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
GREY_TEXT, LINK_TEXT = "7F7F7F", "1F4E9E"


def add_review_sheet(workbook: Workbook, order: Order) -> None:
    """Put the sheet in the first place."""
    sheet: Worksheet = workbook.create_sheet(REVIEW_SHEET, 0)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.tabSelected = True
    for position, width in enumerate(WIDTHS.values(), start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    head_row = _put_head(sheet, order)
    for row, remark in enumerate(order.remarks, start=head_row + 1):
        _put_remark(sheet, row, row - head_row, remark)
    sheet.freeze_panes = f"A{head_row + 1}"
    last = f"{get_column_letter(len(WIDTHS))}{head_row + len(order.remarks)}"
    sheet.auto_filter.ref = f"A{head_row}:{last}"
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = False
    _set_up_print(sheet, order, head_row)


def _put_head(sheet: Worksheet, order: Order) -> int:
    """Write title, what to do and the header row; return the latter's number."""
    _put(sheet, 1, 1, order.title, Font(HEI, 18), Alignment("center", "center"))
    sheet.row_dimensions[1].height = 34
    lines = [order.heading, _what_to_do(order.remarks), *order.notes]
    for row, line in enumerate(lines, start=2):
        _put(sheet, row, 1, line, Font(SONG, 11), Alignment("left", "center", wrap_text=True))
        sheet.row_dimensions[row].height = row_height(line, sum(WIDTHS.values()), least=22)
    head_row = len(lines) + 2
    for row in range(1, head_row):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(WIDTHS))
    for position, label in enumerate(WIDTHS, start=1):
        aligned = Alignment("center", "center", wrap_text=True)
        cell = _put(sheet, head_row, position, label, Font(SONG, 11, bold=True), aligned)
        cell.fill, cell.border = HEAD_FILL, BOX
    sheet.row_dimensions[head_row].height = 30
    return head_row


def _what_to_do(remarks: Sequence[Remark]) -> str:
    """Return what is to be done about the findings that there are, in the colours they bear."""
    parts = []
    for severity, words in WHAT_TO_DO.items():
        of_kind = [remark for remark in remarks if remark.severity == severity]
        if of_kind:
            is_marked = any(remark.place for remark in of_kind)
            parts.append(words.format(marked=MARKED[severity] if is_marked else ""))
    return "".join([*parts, SEND_AGAIN])


def _put_remark(sheet: Worksheet, row: int, number: int, remark: Remark) -> None:
    """Write the row of a finding; only the explanation of what may stand is open to change."""
    texts = {
        NUMBER: str(number),
        FINDING_ID: remark.finding_id,
        SEVERITY: SEVERITY_NAMES[remark.severity],
        CREDIT_CODE: remark.credit_code,
        AGENCY_NAME: remark.agency_name,
        SHEET_NAME: shown(remark.place.sheet_name) if remark.place else remark.sheet_name,
        CELL: remark.place.cell_address if remark.place else remark.position,
        RAW_TEXT: remark.raw_text or (BLANK if remark.has_cell else NOTHING),
        EXPECTED: remark.expected or "按“问题”一栏办理",
        PROBLEM: remark.problem,
        EXPLANATION: TO_CORRECT if remark.severity == "mandatory" else None,
    }
    for position, (label, text) in enumerate(texts.items(), start=1):
        is_centered = label in CENTERED
        horizontal = "center" if is_centered else "left"
        aligned = Alignment(horizontal, "center", wrap_text=True, indent=int(not is_centered))
        cell = _put(sheet, row, position, text, Font(SONG, 10), aligned)
        cell.border = BOX
        if label == SEVERITY:
            cell.fill = FILLS[remark.severity]
        elif label == CELL and remark.place:
            sheet_name, address = quote_sheetname(remark.place.sheet_name), cell.value
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{sheet_name}!{address}")
            cell.font = Font(SONG, 10, color=LINK_TEXT, underline="single")
        elif label == EXPLANATION and remark.severity == "mandatory":
            cell.fill, cell.font = GREY, Font(SONG, 10, color=GREY_TEXT)
            cell.alignment = Alignment("center", "center")
        elif label == EXPLANATION:
            cell.fill, cell.protection = TO_FILL, Protection(locked=False)
            cell.number_format = "@"
    sheet.row_dimensions[row].height = _height(texts)


def _put(
    sheet: Worksheet, row: int, column: int, text: str | None, font: Font, aligned: Alignment
) -> Cell:
    """Write text that stays text."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    if text is not None:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        keep_text(cell)
    cell.font, cell.alignment = font, aligned
    return cell


def keep_text(cell: Cell) -> None:
    """Make text stay text, even after an edit, however much it looks like a formula."""
    cell.data_type = "s"
    if str(cell.value).startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def _height(texts: dict[str, str | None]) -> float:
    """Return the points that show the longest cell of a row whole."""
    lines = 1
    for label, text in texts.items():
        for line in (text or "").splitlines():
            lines = max(lines, math.ceil(text_width(line) / (WIDTHS[label] - 3)))
    return min(lines * 15.0 + 8, HIGHEST_ROW)


def _set_up_print(sheet: Worksheet, order: Order, head_row: int) -> None:
    """Print on A4 landscape, one page wide, the header row on every page."""
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.75, footer=0.3)
    sheet.print_title_rows = f"{head_row}:{head_row}"
    footer = HeaderFooterItem()
    footer.left.text = order.title
    footer.right.text = "第 &P 页 共 &N 页"
    sheet.oddFooter = footer
