"""How the workbooks look: fonts, borders, fills, number formats and the width of Chinese text.

What stands on which sheet is decided elsewhere.
"""

from __future__ import annotations

import math
import unicodedata
from enum import StrEnum
from typing import Literal

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.workbook import Workbook

SONG, HEI, FANG = "宋体", "黑体", "仿宋"
MONEY, COUNT, DATE, TEXT = "#,##0.00", "#,##0", 'yyyy"年"m"月"d"日"', "@"

THIN = Side("thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
TO_FILL = PatternFill("solid", fgColor="FFFBE6")
GREY = PatternFill("solid", fgColor="EDEDED")
RED = "C00000"

POINTS_PER_LINE = 1.45  # height of a line of text, in font sizes

Horizontal = Literal["left", "center", "right"]


class Style(StrEnum):
    """Names of the cell styles, as the spreadsheet program lists them."""

    TITLE = "表题"
    PERIOD = "表题期别"
    BLOCK_LABEL = "表首标签"
    BLOCK_VALUE = "表首内容"
    LEFT_NOTE = "表首单位"
    HEAD = "表头"
    HEAD_NUMBER = "栏号"
    UNIT_NOTE = "表头计量单位"
    CENTERED = "固定居中"
    GIVEN = "固定内容"
    LINE = "指标名称"
    SUBLINE = "指标名称（其中）"
    INPUT_TEXT = "填报文字"
    INPUT_CHOICE = "填报选项"
    INPUT_DATE = "填报日期"
    INPUT_MONEY = "填报金额"
    INPUT_COUNT = "填报数量"
    INPUT_NUMBER = "填报数值"
    INPUT_YEAR = "填报年份"
    FORMULA_MONEY = "自动计算金额"
    FORMULA_COUNT = "自动计算数量"
    NOT_ASKED = "无须填报"
    CHECK = "校验"
    FOOT = "表尾"
    HEADING = "说明标题"
    PARAGRAPH = "说明"


def add_styles(workbook: Workbook) -> None:
    """Give the workbook all styles of `Style`; column widths count digits of its standard font."""
    normal = workbook._named_styles["Normal"]  # type: ignore[attr-defined] # no public way
    normal.font = Font(SONG, 11)
    for style in _all_styles():
        workbook.add_named_style(style)


def _all_styles() -> list[NamedStyle]:
    """Return fresh styles, since a style belongs to the workbook it was given to."""
    body, small = Font(SONG, 11), Font(SONG, 10)
    bold = Font(SONG, 11, bold=True)
    return [
        _style(Style.TITLE, Font(HEI, 18), "center"),
        _style(Style.PERIOD, Font(SONG, 12), "center"),
        _style(Style.BLOCK_LABEL, small, "right"),
        _style(Style.BLOCK_VALUE, small, "left"),
        _style(Style.LEFT_NOTE, body, "left"),
        _style(Style.HEAD, bold, "center", BOX),
        _style(Style.HEAD_NUMBER, small, "center", BOX),
        _style(Style.UNIT_NOTE, small, "center"),
        _style(Style.CENTERED, body, "center", BOX),
        _style(Style.GIVEN, body, "left", BOX),
        _style(Style.LINE, body, "left", BOX),
        _style(Style.SUBLINE, body, "left", BOX, indent=3),
        _style(Style.INPUT_TEXT, body, "left", BOX, TO_FILL, TEXT),
        _style(Style.INPUT_CHOICE, body, "left", BOX, TO_FILL, TEXT),
        _style(Style.INPUT_DATE, body, "left", BOX, TO_FILL, DATE),
        _style(Style.INPUT_MONEY, body, "right", BOX, TO_FILL, MONEY),
        _style(Style.INPUT_COUNT, body, "right", BOX, TO_FILL, COUNT),
        _style(Style.INPUT_NUMBER, body, "right", BOX, TO_FILL),
        _style(Style.INPUT_YEAR, body, "center", BOX, TO_FILL, "0"),
        _style(Style.FORMULA_MONEY, body, "right", BOX, GREY, MONEY),
        _style(Style.FORMULA_COUNT, body, "right", BOX, GREY, COUNT),
        _style(Style.NOT_ASKED, body, "center", BOX, GREY),
        _style(Style.CHECK, Font(SONG, 9), "left", BOX, GREY),
        _style(Style.FOOT, body, "left"),
        _style(Style.HEADING, Font(HEI, 12), "left"),
        _style(Style.PARAGRAPH, Font(FANG, 12), "left"),
    ]


def _style(
    name: Style,
    font: Font,
    horizontal: Horizontal,
    border: Border | None = None,
    fill: PatternFill | None = None,
    number_format: str = "General",
    indent: int | None = None,
) -> NamedStyle:
    """Return a style; cells with the fill of inputs are unlocked, numbers shrink to their cell."""
    is_number = horizontal == "right"
    keeps_off_border = border is not None and horizontal == "left"
    return NamedStyle(
        name.value,
        font=font,
        border=border or Border(),
        fill=fill or PatternFill(),
        number_format=number_format,
        alignment=Alignment(
            horizontal=horizontal,
            vertical="center",
            wrap_text=not is_number,
            shrink_to_fit=is_number,
            indent=indent or int(keeps_off_border),
        ),
        protection=Protection(locked=fill is not TO_FILL),
    )


def text_width(text: str) -> int:
    """Return the width in half-width characters, as Chinese fonts set them."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def row_height(text: str, width: float, font_size: float = 11, least: float = 0) -> float:
    """Return the points a row needs to show the text wrapped in columns of that width."""
    per_line = width * 11 / font_size  # widths count characters of 11 points
    lines = math.ceil(text_width(text) / per_line)
    return max(least, lines * font_size * POINTS_PER_LINE + 4)
