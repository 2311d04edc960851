"""The return list of a period: one row for every finding that stopped a file, an agency or a row.

It goes to the reporting units, so every text in it may have been typed by an agency: all cells are
text, none is a formula.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.marts import Row, read_returns
from pipelines.bulletin.tables import STATES
from pipelines.root import Root

FILE_NAME = "退回清单.xlsx"
NOTHING_RETURNED = "本期没有退回"
HEADER_ROW = 3
LINE_HEIGHT, HIGHEST_ROW = 14.0, 409.0  # points; the latter is Excel's limit


@dataclass(frozen=True)
class Column:
    """A column of the list: head, width in characters, and its text in a finding."""

    label: str
    width: int
    text: Callable[[Row], str | None]


COLUMNS = (
    Column("报送单位", 12, lambda row: row["reporting_unit_name"]),
    Column("文件", 24, lambda row: row["file_path"]),
    Column("统一社会信用代码", 20, lambda row: row["credit_code"]),
    Column("单位名称", 20, lambda row: row["agency_name"]),
    Column("工作表", 10, lambda row: row["sheet_name"]),
    Column("单元格", 7, lambda row: row["cell_address"]),
    Column("现填内容", 14, lambda row: row["raw_text"]),
    Column("应填内容/如何改", 20, lambda row: row["expected"] or "按问题说明办理"),
    Column("问题说明", 38, lambda row: row["message"]),
    Column("首次收到", 12, lambda row: f"{row['first_seen_at']:%Y-%m-%d %H:%M}"),
    Column("处理状态", 11, lambda row: STATES[row["submission_state"]]),
)


def write_return_list(root: Root, period: str, made_up: bool) -> Path:
    """Write reports/returns/<period>/退回清单.xlsx from the published data and return its path.

    `period` is YYYY-MM; `made_up` prints 模拟数据 in the title, the sheet name and the footer.

    Raises:
        NothingPublishedError: There is no published file.
    """
    content = io.BytesIO()
    return_list(read_returns(root, period), period, made_up).save(content)
    path = root.reports / "returns" / period / FILE_NAME
    replace_file(path, content.getvalue())
    return path


def return_list(findings: Sequence[Row], period: str, made_up: bool) -> Workbook:
    """Return the workbook with one row for each finding, or a line saying that there is none."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "退回清单（模拟数据）" if made_up else "退回清单"
    _write_head(sheet, period, len(findings), made_up)
    for number, finding in enumerate(findings, start=HEADER_ROW + 1):
        texts = [column.text(finding) for column in COLUMNS]
        for position, text in enumerate(texts, start=1):
            _write_text(sheet, number, position, text)
        sheet.row_dimensions[number].height = _height(texts)
    if not findings:
        _write_text(sheet, HEADER_ROW + 1, 1, NOTHING_RETURNED)
        sheet.merge_cells(
            start_row=HEADER_ROW + 1,
            end_row=HEADER_ROW + 1,
            start_column=1,
            end_column=len(COLUMNS),
        )
    _set_up_print(sheet, period, made_up)
    return workbook


def _write_head(sheet: Worksheet, period: str, count: int, made_up: bool) -> None:
    """Write title, what to do, and the frozen, filtered header row."""
    mark = "（模拟数据，不是真实填报情况）" if made_up else ""
    sheet.cell(1, 1, f"{int(period[:4])}年{int(period[5:])}月抽样快报退回清单{mark}")
    sheet.cell(1, 1).font = Font(name="宋体", size=16, bold=True)
    sheet.cell(2, 1, f"共{count}条。请按“应填内容/如何改”更正后重新报送整份文件，原文件不必删除。")
    sheet.cell(2, 1).font = Font(name="宋体", size=10)
    for position, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADER_ROW, position, column.label)
        cell.font = Font(name="宋体", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _border()
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    last_row = HEADER_ROW + max(count, 1)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(COLUMNS))}{last_row}"


def _write_text(sheet: Worksheet, row: int, column: int, text: str | None) -> None:
    """Write text that stays text: Excel neither computes it nor does so after an edit."""
    cell = sheet.cell(row, column)
    if text is not None:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell.data_type = "s"
        cell.quotePrefix = True
    cell.font = Font(name="宋体", size=10)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.border = _border()


def _height(texts: Sequence[str | None]) -> float:
    """Return the row height in points that shows the longest cell whole."""
    lines = 1
    for text, column in zip(texts, COLUMNS, strict=True):
        for line in (text or "").splitlines():
            width = sum(2 if east_asian_width(char) in "FWA" else 1 for char in line)
            lines = max(lines, math.ceil(width / (column.width - 1)))
    return min(LINE_HEIGHT * lines + 4, HIGHEST_ROW)


def _set_up_print(sheet: Worksheet, period: str, made_up: bool) -> None:
    """Set A4 landscape, one page wide, the header row on every page."""
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.75, footer=0.3)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    footer = HeaderFooterItem()
    footer.left.text = f"{period} 退回清单" + ("（模拟数据）" if made_up else "")
    footer.right.text = "第&P页 共&N页"
    sheet.HeaderFooter.oddFooter = footer


def _border() -> Border:
    """Return thin grey lines on all sides."""
    side = Side(style="thin", color="BFBFBF")
    return Border(left=side, right=side, top=side, bottom=side)
