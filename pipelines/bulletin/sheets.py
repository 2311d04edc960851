"""A list as a sheet of a workbook: title, note, frozen and filtered header, rows, print setup.

What stands in the lists is the matter of `returns` and `findings`. Every text may have been typed
by an agency: all is text, none is a formula, and links lead only where this program put a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.bulletin.words import period_name
from pipelines.catalog.periods import is_year

MADE_UP = "（模拟数据，不是真实填报情况）"
TITLE_ROW, NOTE_ROW, HEADER_ROW = 1, 2, 3
LINE_HEIGHT, HIGHEST_ROW = 14.0, 409.0  # points; the latter is Excel's limit
MOST_LINKS = 65_530  # of a sheet; with more, Excel calls the file damaged
LONGEST_TEXT = 32_767  # of a cell
PERCENT = "0.00"
KEPT_IN_LINKS = "/"  # every other character of a path that is not ASCII or a digit is escaped

FONT = Font(name="宋体", size=10)
LINK_FONT = Font(name="宋体", size=10, color="1F4E9E", underline="single")
TOP = Alignment(vertical="top", wrap_text=True)
SIDE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)


@dataclass(frozen=True)
class Link:
    """Text that leads to a file of ours, or to a place in the same workbook.

    Attributes:
        text: what is read.
        target: the file, relative to the folder of the workbook; None for this workbook.
        location: the cell to show, as 'sheet'!A1; None for wherever it was left.
    """

    text: str
    target: str | None
    location: str | None = None


Content = str | int | float | Link | None


@dataclass(frozen=True)
class Listing:
    """A list before it is a sheet.

    Attributes:
        name: of the sheet.
        title: stands above it and below each printed page.
        note: what to do with it.
        widths: the columns' heads with their widths in characters.
        rows: what stands below the heads.
        if_empty: what stands there when there are no rows.
        paper: on which it is printed, across.
    """

    name: str
    title: str
    note: str
    widths: Mapping[str, int]
    rows: Sequence[Sequence[Content]]
    if_empty: str
    paper: Literal["A4", "A3"] = "A4"


def list_title(period: str | None, name: str) -> str:
    """Return 2025年6月退回清单, 2025年1—2月…, 2025年…, or 不分期报表…."""
    if period is None:
        return f"不分期报表{name}"
    if is_year(period):
        return f"{period}年{name}"
    return period_name(period, "M2" if period.endswith("-02") else "M") + name


def new_book(listings: Sequence[Listing], made_up: bool) -> Workbook:
    """Return a workbook with these lists, a sheet each; `made_up` prints 模拟数据 on all."""
    workbook = Workbook()
    del workbook[workbook.sheetnames[0]]
    for listing in listings:
        _add_sheet(workbook, listing, made_up)
    return workbook


def _add_sheet(workbook: Workbook, listing: Listing, made_up: bool) -> None:
    """Add a list; `made_up` prints 模拟数据 in title, sheet name and footer."""
    name = f"{listing.name}（模拟数据）" if made_up else listing.name
    sheet: Worksheet = workbook.create_sheet(name)
    sheet.cell(TITLE_ROW, 1, listing.title + (MADE_UP if made_up else ""))
    sheet.cell(TITLE_ROW, 1).font = Font(name="宋体", size=16, bold=True)
    sheet.cell(NOTE_ROW, 1, listing.note).font = FONT
    for position, (label, width) in enumerate(listing.widths.items(), start=1):
        cell = sheet.cell(HEADER_ROW, position, label)
        cell.font = Font(name="宋体", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = BORDER
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.row_dimensions[HEADER_ROW].height = 30
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    last_row = HEADER_ROW + max(len(listing.rows), 1)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(listing.widths))}{last_row}"
    _write_rows(workbook, sheet, listing)
    _set_up_print(sheet, listing.title + ("（模拟数据）" if made_up else ""), listing.paper)


def text_of(content: Content) -> str:
    """Return what is read in a cell."""
    if isinstance(content, Link):
        return content.text
    return "" if content is None else str(content)


def _write_rows(workbook: Workbook, sheet: Worksheet, listing: Listing) -> None:
    """Write the rows, or that there are none."""
    rows: Sequence[Sequence[Content]] = listing.rows or [[listing.if_empty]]
    widths = list(listing.widths.values())
    links = 0
    looks = _Looks(workbook)
    for row, contents in enumerate(rows, start=HEADER_ROW + 1):
        for position, content in enumerate(contents, start=1):
            if isinstance(content, Link) and links == MOST_LINKS:
                content = content.text  # noqa: PLW2901
            links += isinstance(content, Link)
            _write(_cell(sheet, row, position), content, looks)
        if listing.rows:
            sheet.row_dimensions[row].height = _height(contents, widths)
    if not listing.rows:
        row = HEADER_ROW + 1
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))


class _Looks:
    """How cells look: a style copied costs a tenth of one set property by property."""

    def __init__(self, workbook: Workbook) -> None:
        """Style cells of a sheet that is thrown away."""
        sheet = workbook.create_sheet()
        cells = [_cell(sheet, 1, column) for column in range(1, 5)]
        for cell in cells:
            cell.font, cell.alignment, cell.border = FONT, TOP, BORDER
        text, link, _, percent = cells
        text.quotePrefix = link.quotePrefix = True
        link.font = LINK_FONT
        percent.number_format = PERCENT
        self._styles = {
            kind: cell._style  # type: ignore[attr-defined] # no public way
            for kind, cell in zip((str, Link, int, float), cells, strict=True)
        }
        workbook.remove(sheet)

    def give(self, cell: Cell, content: Content) -> None:
        """Give a cell the look of what stands in it."""
        style = self._styles.get(type(content), self._styles[str])
        cell._style = copy(style)  # type: ignore[attr-defined]


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell, which no merged range of a list hides."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    return cell


def _write(cell: Cell, content: Content, looks: _Looks) -> None:
    """Write a number, or text that stays text: Excel computes it neither now nor after an edit."""
    looks.give(cell, content)
    if isinstance(content, int | float):
        cell.value = content
    elif content is not None:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text_of(content))[:LONGEST_TEXT]
        cell.data_type = "s"
    if isinstance(content, Link):
        target = content.target and quote(content.target, safe=KEPT_IN_LINKS)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target, location=content.location)


def _height(contents: Sequence[Content], widths: Sequence[int]) -> float:
    """Return the row height in points that shows the longest cell whole."""
    lines = 1
    for content, width in zip(contents, widths, strict=True):
        taken = [
            sum(2 if east_asian_width(char) in "FWA" else 1 for char in line)
            for line in text_of(content).splitlines()
        ]
        lines = max(lines, sum(max(1, math.ceil(each / (width - 1))) for each in taken))
    return min(LINE_HEIGHT * lines + 4, HIGHEST_ROW)


def _set_up_print(sheet: Worksheet, footer_text: str, paper: Literal["A4", "A3"]) -> None:
    """Set the paper across, one page wide, the header row on every page."""
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.75, footer=0.3)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4 if paper == "A4" else sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    footer = HeaderFooterItem()
    footer.left.text = footer_text
    footer.right.text = "第&P页 共&N页"
    sheet.HeaderFooter.oddFooter = footer
