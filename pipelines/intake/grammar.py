"""The intake's own grammar: how numbers, periods, dates, codes and words are spelt in cells.

Each function takes what stands in a cell and returns its one meaning, or None where the spelling
has none or more than one; nothing is guessed. Who complains, and how, is decided in `fields`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from stdnum.cn import uscc

from pipelines.catalog.models import Classification

# Excel keeps 15 digits; values are stored as DECIMAL(28,8).
TOO_LARGE = Decimal(10**15)
STORED_STEP = Decimal("0.00000001")

# Widths and spaces only: NFKC would also turn 10² into 102.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-"}
NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}( [0-9]{3})+)(\.[0-9]+)?")

YEAR_DIGITS = "((?:19|20)[0-9]{2})"
MONTH_DIGITS = "(1[0-2]|0?[1-9])"
DAY_DIGITS = "(3[01]|[12][0-9]|0?[1-9])"
YEARS = (f"{YEAR_DIGITS}(?:年度?)?",)
MONTHS = (
    f"{YEAR_DIGITS}年{MONTH_DIGITS}月份?",
    f"{YEAR_DIGITS}[-/.]{MONTH_DIGITS}",
    f"{YEAR_DIGITS}(0[1-9]|1[0-2])",
)
# 1—2月 is reported in one; the period is named after its last month.
MERGED_MONTHS = "1—2月"
FIRST_TWO_MONTHS = (f"{YEAR_DIGITS}年0?1月?[-~至]0?2月份?",)
DATES = (
    f"{YEAR_DIGITS}年{MONTH_DIGITS}月{DAY_DIGITS}日",
    f"{YEAR_DIGITS}-{MONTH_DIGITS}-{DAY_DIGITS}",
    f"{YEAR_DIGITS}/{MONTH_DIGITS}/{DAY_DIGITS}",
    rf"{YEAR_DIGITS}\.{MONTH_DIGITS}\.{DAY_DIGITS}",
    f"{YEAR_DIGITS}(0[1-9]|1[0-2])([0-2][0-9]|3[01])",
)

Written = str | int | float | dt.date  # what a filled cell may hold

DASHES = re.compile(r"[‐‑‒–—―⸺⸻−﹘﹣-]+")
NIL_MARKS = {"-", "/", "无"}


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Return the text without differences of width, spacing, dashes or a closing colon.

    Labels are compared in this form only, so that 1—本月 and 1-本月 are one label.
    """
    folded = _visible(unicodedata.normalize("NFKC", text))
    return DASHES.sub("-", "".join(folded.split())).rstrip(":")


def is_nil(text: str) -> bool:
    """Return whether the text is a mark for nothing (—, /, 无)."""
    return plain(text) in NIL_MARKS


def parse_number(value: str | int | float) -> Decimal | None:
    """Return the number a cell holds, with 8 decimals.

    Text may have full-width digits, thousands separators (commas or spaces, in threes), a sign and
    decimals; no exponent, percent sign, bracket, unit or Chinese numeral.
    """
    if isinstance(value, str):
        narrow = _visible(value).translate(FULL_WIDTH).strip()
        spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in narrow)
        if not NUMBER.fullmatch(spaced):
            return None
        number = Decimal(spaced.replace(",", "").replace(" ", ""))
    else:
        number = Decimal(repr(value))
    if not number.is_finite() or abs(number) >= TOO_LARGE:
        return None
    return number.quantize(STORED_STEP, ROUND_HALF_UP) + 0  # + 0: there is no minus zero


def parse_year(value: Written) -> str | None:
    """Return the year (YYYY) a cell names: 2025, 2025年, 2025年度."""
    year = _match(YEARS, value)
    return f"{year[0]}" if year else None


def parse_month(value: Written) -> str | None:
    """Return the month (YYYY-MM) a cell names.

    2025年6月, 2025-06, 202506, 2025年1—2月 (2025-02), or a date within the month.
    """
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    if first_two := _match(FIRST_TWO_MONTHS, value):
        return f"{first_two[0]}-02"
    if month := _match(MONTHS, value):
        return f"{month[0]}-{month[1]:02}"
    date = parse_date(value)
    return date[:7] if date else None


def spell_period(period: str, is_merged: bool) -> str:
    """Return a period as covers print it: 2025年6月, 2025年1—2月 where `is_merged`, 2025年."""
    year, _, month = period.partition("-")
    if is_merged:
        return f"{year}年{MERGED_MONTHS}"
    return f"{year}年{int(month)}月" if month else f"{year}年"


def parse_date(value: Written) -> str | None:
    """Return the date (ISO) a cell names: a date cell, 2025年6月3日, 2025-06-03, 20250603."""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    parts = _match(DATES, value)
    if not parts:
        return None
    try:
        return dt.date(*parts).isoformat()
    except ValueError:  # 30 February
        return None


@lru_cache(maxsize=65_536)
def parse_credit_code(text: str) -> str | None:
    """Return the 统一社会信用代码 in its standard form; None unless GB 32100 allows it."""
    code = plain(text).replace("-", "").upper()
    return code if uscc.is_valid(code) else None


def parse_choice(text: str, classification: Classification) -> str | None:
    """Return the code of the item of a classification that the text names."""
    wanted = plain(text)
    codes = {
        item.code
        for item in classification.items
        if wanted in {plain(name) for name in (item.code, item.name, *item.aliases)}
    }
    return codes.pop() if len(codes) == 1 else None


def _visible(text: str) -> str:
    """Return the text without zero-width spaces, byte order marks and their like."""
    if text.isprintable():  # none of them is
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _match(spellings: Sequence[str], value: Written) -> tuple[int, ...]:
    """Return the year, month and day of the first spelling that fits; empty if none does.

    A number with decimals never fits: 2025.1 may have been typed as 2025.10.
    """
    if isinstance(value, float):
        if not value.is_integer():
            return ()
        value = int(value)
    text = plain(str(value))
    matches = (re.fullmatch(spelling, text) for spelling in spellings)
    return next((tuple(map(int, match.groups())) for match in matches if match), ())
