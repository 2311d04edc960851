from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.periods import (
    describe_fault,
    parse_date,
    parse_month,
    parse_year,
    period_rules,
)

WIDE = str.maketrans("0123456789,.+-", "０１２３４５６７８９，．＋－")
CHINESE = dict(enumerate("零一二三四五六七八九十", start=0))


def in_words(number: int) -> str:
    """A number below 100 as it is read aloud."""
    tens, ones = divmod(number, 10)
    if not tens:
        return CHINESE[ones]
    return (CHINESE[tens] if tens > 1 else "") + "十" + (CHINESE[ones] if ones else "")


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_every_spelling_of_a_month_reads_back(year: int, month: int) -> None:
    texts = [
        f"{year}年{month}月",
        f"{year}年{month:02}月",
        f" {year} 年 {month} 月份",
        f"{year}年{month}月".translate(WIDE),
        f"{year}-{month:02}",
        f"{year}—{month}",
        f"{year}/{month}",
        f"{year}.{month:02}",
        f"{year}{month:02}",
        f"{year}年{month}月28日",
        f"{year}年{month:02}月份",
        "".join(CHINESE[int(digit)] for digit in str(year)) + f"年{in_words(month)}月",
        "".join(CHINESE[int(digit)] for digit in str(year)).replace("零", "〇")
        + f"年{in_words(month)}月份",
        f"{year}年{month}月{month}日 8:05",
        f"{year}-{month}-1",
        int(f"{year}{month:02}"),
        float(f"{year}{month:02}"),
        dt.date(year, month, 28),
        dt.datetime(year, month, 1, 12, 30),
    ]
    assert {parse_month(text) for text in texts} == {f"{year}-{month:02}"}


@pytest.mark.parametrize("dash", ["—", "-", "－", "–", "——", "~", "～", "至", "月-", "月至"])
def test_january_and_february_together_are_named_after_february(dash: str) -> None:
    assert parse_month(f"2025年1{dash}2月") == "2025-02"


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "6月",
            "2025年",
            "2025年13月",
            "2025年0月",
            "2025-00",
            "202513",
            "25年6月",
            "2025年1—6月",
        ),
        *("2025年6月或7月", "二〇二五年六", "2025-1-2月", "1—2月", "2025年2—1月", "20256"),
        *(2025.1, 2025.06, 25809.0, 45809.5, 2025, True),
    ],
)
def test_ambiguous_months_are_not_guessed(value: object) -> None:
    assert parse_month(value) is None  # type: ignore[arg-type]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_spelling_of_a_date_reads_back(date: dt.date) -> None:
    year, month, day = date.year, date.month, date.day
    texts = [
        date,
        date.isoformat(),
        f"{date.isoformat()} 10:30",
        f"{date.isoformat()}T23:59:59",
        f"{year}/{month}/{day}  8:05:00",
        dt.datetime(year, month, day, 23, 59),
        f"{year}年{in_words(month)}月{in_words(day)}日",
        f"{year}年{month}月{day}日",
        f"{year}/{month}/{day}",
        f"{year}.{month}.{day}",
        f"{year}{month:02}{day:02}",
        float(f"{year}{month:02}{day:02}"),
    ]
    assert {parse_date(text) for text in texts} == {date.isoformat()}


@pytest.mark.parametrize(
    "value",
    ["2025-02-30", "2025/6-3", "6月3日", "2025-06", "昨天", "45809", "20251301", "2025-6-1 25:90"],
)
def test_other_spellings_are_no_dates(value: object) -> None:
    assert parse_date(value) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["2025", "2025年", "2025年度", " ２０２５ 年", 2025, 2025.0])
def test_years(value: str | int | float) -> None:
    assert parse_year(value) == "2025"


@pytest.mark.parametrize("value", ["25", "2025年6月", 2025.5, "1825", dt.date(2025, 1, 1)])
def test_other_spellings_are_no_years(value: str | float | dt.date) -> None:
    assert parse_year(value) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_serial_numbers_are_dates_of_the_workbooks_epoch(date: dt.date) -> None:
    """Excel's own rule: whole days since 1899-12-30, or since 1904-01-01."""
    for epoch, day_zero in ((1900, dt.date(1899, 12, 30)), (1904, dt.date(1904, 1, 1))):
        serial = float((date - day_zero).days)
        assert parse_date(serial, epoch) == date.isoformat()
        assert parse_month(serial, epoch) == f"{date:%Y-%m}"
        assert period_rules(serial, epoch) == ["date_serial"]


@pytest.mark.parametrize("value", [0.0, 1.0, 2025.0, 32873.0, 73416.0, 45809.25, 99999.0])
def test_other_numbers_are_no_serial_numbers(value: float) -> None:
    assert parse_date(value) is None


def test_months_and_dates_as_numbers_are_no_serial_numbers() -> None:
    assert parse_month(202403.0) == "2024-03"
    assert parse_date(20240315.0) == "2024-03-15"
    assert period_rules(202403.0) == period_rules(20240315.0) == []


def test_the_epochs_differ_by_four_years_and_a_day() -> None:
    assert parse_date(45809.0, 1900) == "2025-06-01"
    assert parse_date(45809.0, 1904) == "2029-06-02"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("13月", "没有这个月份"),
        ("2024年13月", "没有这个月份"),
        ("202413", "没有这个月份"),
        ("3月", "没有写明年份"),
        ("三月", "没有写明年份"),
        ("24年3月", "年份没有写全四位"),
        ("第一季度", "是季度"),
        ("2024年一季度", "是季度"),
        ("2024Q1", "是季度"),
        ("2024年上半年", "是半年"),
        ("2024年", "没有写明月份"),
        ("45352", "像是存成文本的日期序列号，不能推算"),
        (2024.1, "是小数，末位的0可能已丢失（2025.1可能是1月，也可能是10月）"),
        ("近期", None),
        ("一" * 30_000, None),
        (" " * 30_000 + "1", None),
    ],
)
def test_what_is_nearly_a_month_is_told_what_it_lacks(
    value: str | float, fault: str | None
) -> None:
    assert parse_month(value) is None
    assert describe_fault("month", value) == fault


@pytest.mark.parametrize(
    ("value", "fault"),
    [("2024年3月", "没有写明日"), ("2024", "没有写明月和日"), ("3月5日", "没有写明年份")],
)
def test_what_is_nearly_a_date_is_told_what_it_lacks(value: str, fault: str) -> None:
    assert parse_date(value) is None
    assert describe_fault("date", value) == fault


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        ("2025年6月", []),
        (" 2025年6月", ["spaces"]),
        ("２０２５年６月", ["full_width"]),
        ("二〇二五年六月", ["chinese_numerals"]),
        ("2025-06-03 10:30", ["time_dropped"]),
        (dt.datetime(2025, 6, 3), []),
        (dt.datetime(2025, 6, 3, 10), ["time_dropped"]),
        (dt.date(2025, 6, 3), []),
    ],
)
def test_changes_of_spelling_are_told(value: str | dt.date, rules: list[str]) -> None:
    assert period_rules(value) == rules
