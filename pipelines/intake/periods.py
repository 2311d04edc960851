"""How years, months and dates are spelt in cells: texts, date cells, serial numbers.

Each spelling has one meaning or none; what is nearly a month or a date is told what it lacks.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Literal

from pipelines.intake.grammar import plain, spelling_rules
from pipelines.intake.numerals import LETTERS, parse_numeral, parse_year_numeral

Written = str | int | float | dt.date  # what a filled cell may hold

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
TIME = re.compile(r"(?<=[0-9日])[ T]+[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?$")
NUMERAL_PARTS = re.compile(f"[{LETTERS}]+(?=[年月日])")

# Day 0 of serial numbers by the epoch of a workbook. (Excel's 1900 has a day too many, in February;
# all dates taken here lie after it.)
DAY_ZERO = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)

LONGEST = 40  # no year, month or date is longer, and looking for one would take long

Kind = Literal["date", "month", "year"]
# What is nearly a date or a month, in plain form, and what is wrong with it.
FAULTS: tuple[tuple[str, str], ...] = (
    (r"[34567][0-9]{4}", "像是存成文本的日期序列号，不能推算"),
    (r".*(?:第?[1-4一二三四]季度?|[Qq][1-4]).*", "是季度"),
    (r".*[上下]半年.*", "是半年"),
    (r"(?:[0-9]{2,4}年)?(?:1[3-9]|[2-9][0-9]|0{1,2})月份?", "没有这个月份"),
    (rf"{YEAR_DIGITS}[-/.]?(?:1[3-9]|[2-9][0-9]|00)", "没有这个月份"),
    (rf"(?:{MONTH_DIGITS}|[一二三四五六七八九十]+)月份?(?:{DAY_DIGITS}日)?", "没有写明年份"),
    (rf"[0-9]{{2}}年{MONTH_DIGITS}月份?(?:{DAY_DIGITS}日)?", "年份没有写全四位"),
)
LACKING = {
    "date": ((MONTHS, "没有写明日"), (YEARS, "没有写明月和日")),
    "month": ((YEARS, "没有写明月份"),),
    "year": (),
}


def parse_year(value: Written) -> str | None:
    """Return the year (YYYY) a cell names: 2025, 2025年, 2025年度, 二〇二五年."""
    year = _match(YEARS, value)
    return f"{year[0]}" if year else None


def parse_month(value: Written, epoch: int = 1900) -> str | None:
    """Return the month (YYYY-MM) a cell names.

    2025年6月, 2025-06, 2025.6, 202506, 二〇二五年六月, 2025年1—2月 (2025-02), or a date within the
    month.
    """
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    if first_two := _match(FIRST_TWO_MONTHS, value):
        return f"{first_two[0]}-02"
    if month := _match(MONTHS, value):
        return f"{month[0]}-{month[1]:02}"
    date = parse_date(value, epoch)
    return date[:7] if date else None


def parse_date(value: Written, epoch: int = 1900) -> str | None:
    """Return the date (ISO) a cell names: 2025年6月3日, 2025-06-03, 20250603, whatever its time.

    A number without a date format is one if it is the serial number of a date from 1990 to 2100
    under the workbook's epoch.
    """
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if serial := _serial_date(value, epoch):
        return serial.isoformat()
    if isinstance(value, str):
        value = TIME.sub("", value) if len(value) <= LONGEST else ""
    parts = _match(DATES, value)
    if not parts:
        return None
    try:
        return dt.date(*parts).isoformat()
    except ValueError:  # 30 February
        return None


def spell_period(period: str, is_merged: bool) -> str:
    """Return a period as covers print it: 2025年6月, 2025年1—2月 where `is_merged`, 2025年."""
    year, _, month = period.partition("-")
    if is_merged:
        return f"{year}年{MERGED_MONTHS}"
    return f"{year}年{int(month)}月" if month else f"{year}年"


def period_rules(value: Written, epoch: int = 1900) -> list[str]:
    """Return which differences of spelling were taken away to read a year, month or date."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            return []
        date = TIME.sub("", value)
        rules = spelling_rules(date)
        has_numerals = bool(NUMERAL_PARTS.search(plain(date)))
        return rules + ["chinese_numerals"] * has_numerals + ["time_dropped"] * (date != value)
    if isinstance(value, dt.datetime):
        return ["time_dropped"] * (value.time() != dt.time())
    return ["date_serial"] * (_serial_date(value, epoch) is not None)


def describe_fault(kind: Kind, value: Written) -> str | None:
    """Return what a year, month or date that cannot be read lacks, if that can be told."""
    if isinstance(value, float) and not value.is_integer():
        return "是小数，末位的0可能已丢失（2025.1可能是1月，也可能是10月）"
    text = _with_digits(plain(str(value)))
    for spellings, complaint in LACKING[kind]:
        if _match(spellings, text):
            return complaint
    return next((words for fault, words in FAULTS if re.fullmatch(fault, text)), None)


def _serial_date(value: Written, epoch: int) -> dt.date | None:
    """Return the date that a serial number stands for; None if it is no plausible one."""
    if isinstance(value, str | dt.date | bool) or value != value // 1:
        return None
    day_zero = DAY_ZERO[epoch]
    days = int(value)
    is_plausible = (EARLIEST - day_zero).days <= days <= (LATEST - day_zero).days
    return day_zero + dt.timedelta(days) if is_plausible else None


@lru_cache(4_096)
def _match(spellings: tuple[str, ...], value: Written) -> tuple[int, ...]:
    """Return the year, month and day of the first spelling that fits; empty if none does.

    A number with decimals never fits: 2025.1 may have been typed as 2025.10.
    """
    if isinstance(value, float):
        if not value.is_integer():
            return ()
        value = int(value)
    text = _with_digits(plain(str(value)))
    matches = (re.fullmatch(spelling, text) for spelling in spellings)
    return next((tuple(map(int, match.groups())) for match in matches if match), ())


def _with_digits(text: str) -> str:
    """Return a text in which years, months and days in Chinese numerals are in digits.

    One that is too long becomes empty.
    """
    if len(text) > LONGEST:
        return ""

    def digits(match: re.Match[str]) -> str:
        is_year = text[match.end()] == "年"
        number = parse_year_numeral(match[0]) if is_year else parse_numeral(match[0])
        return match[0] if number is None else str(number)

    return NUMERAL_PARTS.sub(digits, text)
