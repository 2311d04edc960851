"""The return list of a period: every open finding, by district, and what each district has of them.

It goes to the reporting units, so every text in it may have been typed by an agency: all cells are
text, none is a formula.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

import duckdb
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
from pipelines.bulletin.words import finding_state_text, period_name
from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.root import Root

FILE_NAME = "退回清单.xlsx"
LIST_SHEET, UNITS_SHEET = "退回清单", "按报送单位"
NO_PERIOD = "其他"  # names the folder of what has no period
NO_UNIT = "报送单位不明"
NOTHING_RETURNED = "本期没有退回"
WHAT_TO_DO = (
    "请把“退回文件”一栏的文件发还填报单位：强制性问题须更正，核实性问题更正或说明；"
    "改好后重新报送整份文件，原文件不必删除。"
    "该栏空白的没有退回文件（不能识别的文件、以前各期的文件），请按本行内容通知填报单位。"
)
MADE_UP = "（模拟数据，不是真实填报情况）"
TITLE_ROW, NOTE_ROW, HEADER_ROW = 1, 2, 3
LINE_HEIGHT, HIGHEST_ROW = 14.0, 409.0  # points; the latter is Excel's limit
FONT = Font(name="宋体", size=10)
TOP = Alignment(vertical="top", wrap_text=True)
SIDE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)


@dataclass(frozen=True)
class Column:
    """A column of the list: head, width in characters, and its text in a finding."""

    label: str
    width: int
    text: Callable[[Row], str | None]


COLUMNS = (
    Column("报送单位", 11, lambda row: row["reporting_unit_name"] or NO_UNIT),
    Column("问题编号", 14, lambda row: row["finding_id"]),
    Column("性质", 7, lambda row: SEVERITY_NAMES[row["severity"]]),
    Column("文件", 22, lambda row: row["file_path"]),
    Column("统一社会信用代码", 20, lambda row: row["credit_code"]),
    Column("单位名称", 18, lambda row: row["agency_name"]),
    Column("工作表", 10, lambda row: row["sheet_name"]),
    Column("单元格", 7, lambda row: row["cell_address"]),
    Column("现填内容", 13, lambda row: row["raw_text"]),
    Column("应填内容/如何改", 18, lambda row: row["expected"] or "按问题说明办理"),
    Column("问题说明", 36, lambda row: row["message"]),
    Column("首次收到", 12, lambda row: f"{row['first_seen_at']:%Y-%m-%d %H:%M}"),
    Column("处理状态", 9, lambda row: finding_state_text(row["severity"], row["state"])),
)
WORKBOOK_HEAD, WORKBOOK_WIDTH = "退回文件", 24
UNIT_HEADS = {
    "报送单位": 22,
    "文件（份）": 14,
    "机构（家）": 14,
    "强制性问题（条）": 18,
    "核实性问题（条）": 18,
}


def write_return_list(
    root: Root,
    connection: duckdb.DuckDBPyConnection,
    period: str | None,
    made_up: bool,
    workbooks: Mapping[int, str],
) -> Path:
    """Write reports/returns/<period>/退回清单.xlsx and return its path.

    Args:
        root: where it is written.
        connection: has mart_findings and raw_files.
        period: YYYY-MM or YYYY; None for what has no period (folder 其他).
        made_up: prints 模拟数据 in the title, the sheets' names and the footer.
        workbooks: the returned workbook of each receipt that has one, as the list names it.
    """
    content = io.BytesIO()
    return_list(read_returns(connection, period), period, made_up, workbooks).save(content)
    path = root.reports / "returns" / (period or NO_PERIOD) / FILE_NAME
    replace_file(path, content.getvalue())
    return path


def return_list(
    findings: Sequence[Row], period: str | None, made_up: bool, workbooks: Mapping[int, str]
) -> Workbook:
    """Return the workbook: one row for each finding, then one for each reporting unit."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    columns = {column.label: column.width for column in COLUMNS} | {WORKBOOK_HEAD: WORKBOOK_WIDTH}
    note = f"共{len(findings)}条。{WHAT_TO_DO}"
    rows = [
        [*(column.text(finding) for column in COLUMNS), workbooks.get(finding["receipt_no"])]
        for finding in findings
    ]
    _write_sheet(sheet, LIST_SHEET, (period, made_up), note, columns, rows)
    if findings:
        note = "“机构”为有强制性问题的机构；同一机构、同一文件在一个报送单位内只计一次。"
        counted = _count_by_unit(findings)
        units: Worksheet = workbook.create_sheet()
        _write_sheet(units, UNITS_SHEET, (period, made_up), note, UNIT_HEADS, counted)
    return workbook


def _count_by_unit(findings: Sequence[Row]) -> list[list[str | int]]:
    """Return what each reporting unit has, and all of them together."""
    by_unit = groupby(findings, key=lambda row: row["reporting_unit_name"] or NO_UNIT)
    counted = [("合计", list(findings)), *((unit, list(rows)) for unit, rows in by_unit)]
    return [
        [
            unit,
            len({row["receipt_no"] for row in rows}),
            len({row["credit_code"] for row in rows if _stops_an_agency(row)}),
            *(sum(row["severity"] == kind for row in rows) for kind in SEVERITY_NAMES),
        ]
        for unit, rows in counted
    ]


def _stops_an_agency(finding: Row) -> bool:
    """Return whether a finding keeps an agency's report from being taken."""
    return finding["severity"] == "mandatory" and finding["credit_code"] is not None


def _period_name(period: str | None) -> str:
    """Return 2025年6月, 2025年1—2月, 2025年, or 不分期报表."""
    if period is None:
        return "不分期报表"
    if len(period) == 4:
        return f"{period}年"
    return period_name(period, "M2" if period.endswith("-02") else "M")


def _write_sheet(
    sheet: Worksheet,
    name: str,
    printed_as: tuple[str | None, bool],
    note: str,
    columns: Mapping[str, int],
    rows: Sequence[Sequence[str | int | None]],
) -> None:
    """Write title, note, frozen and filtered header row, and the rows, or that there are none.

    `printed_as` is the period and whether its figures are made up.
    """
    period, made_up = printed_as
    sheet.title = f"{name}（模拟数据）" if made_up else name
    title = _period_name(period) + LIST_SHEET + ("" if name == LIST_SHEET else f"（{name}汇总）")
    sheet.cell(TITLE_ROW, 1, title + (MADE_UP if made_up else ""))
    sheet.cell(TITLE_ROW, 1).font = Font(name="宋体", size=16, bold=True)
    sheet.cell(NOTE_ROW, 1, note).font = FONT
    for position, (label, width) in enumerate(columns.items(), start=1):
        cell = sheet.cell(HEADER_ROW, position, label)
        cell.font = Font(name="宋体", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = BORDER
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    last_row = HEADER_ROW + max(len(rows), 1)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last_row}"
    for row, texts in enumerate(rows, start=HEADER_ROW + 1):
        for position, text in enumerate(texts, start=1):
            _write(sheet, row, position, text)
        sheet.row_dimensions[row].height = _height(texts, list(columns.values()))
    if not rows:
        row = HEADER_ROW + 1
        _write(sheet, row, 1, NOTHING_RETURNED)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(columns))
    _set_up_print(sheet, title + ("（模拟数据）" if made_up else ""))


def _write(sheet: Worksheet, row: int, column: int, content: str | int | None) -> None:
    """Write a count, or text that stays text: Excel computes it neither now nor after an edit."""
    cell = sheet.cell(row, column)
    if isinstance(content, int):
        cell.value = content
    elif content is not None:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", content)
        cell.data_type = "s"
        cell.quotePrefix = True
    cell.font, cell.alignment, cell.border = FONT, TOP, BORDER


def _height(texts: Sequence[str | int | None], widths: Sequence[int]) -> float:
    """Return the row height in points that shows the longest cell whole."""
    lines = 1
    for text, width in zip(texts, widths, strict=True):
        for line in str(text or "").splitlines():
            taken = sum(2 if east_asian_width(char) in "FWA" else 1 for char in line)
            lines = max(lines, math.ceil(taken / (width - 1)))
    return min(LINE_HEIGHT * lines + 4, HIGHEST_ROW)


def _set_up_print(sheet: Worksheet, footer_text: str) -> None:
    """Set A4 landscape, one page wide, the header row on every page."""
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.75, footer=0.3)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    footer = HeaderFooterItem()
    footer.left.text = footer_text
    footer.right.text = "第&P页 共&N页"
    sheet.HeaderFooter.oddFooter = footer
