from __future__ import annotations

import datetime as dt
import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalog.load import load_catalog
from pipelines.intake.grammar import (
    is_nil,
    parse_choice,
    parse_credit_code,
    parse_date,
    parse_month,
    parse_number,
    parse_year,
    plain,
)

WIDE = str.maketrans("0123456789,.+-", "０１２３４５６７８９，．＋－")
NUMBERS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
)


def spellings(number: Decimal) -> list[str]:
    """Every way in which the grammar lets a number be written."""
    written = f"{number:f}"
    grouped = f"{number:,f}"
    narrow = [written, grouped, grouped.replace(",", " "), grouped.replace(",", "\u00a0")]
    narrow += ["+" + text for text in narrow if not text.startswith("-")]
    wide = [text.translate(WIDE) for text in narrow]
    minus = [text.replace("-", "\u2212") for text in narrow]
    padded = [f"\u3000{text} \n" for text in narrow] + [f"\ufeff{text}\u200b" for text in narrow]
    return [*narrow, *wide, *minus, *padded]


@given(NUMBERS)
def test_every_spelling_of_a_number_reads_back(number: Decimal) -> None:
    assert {parse_number(text) for text in spellings(number)} == {number}


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_number_cells_are_read_as_they_print(value: float) -> None:
    read = parse_number(value)
    assert read is not None
    assert abs(read - Decimal(repr(value))) <= Decimal("0.000000005")


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_whole_number_cells_are_exact(value: int) -> None:
    assert parse_number(value) == value


@given(st.text(alphabet=string.digits + ",. +-eE_%()（）万元一二两〇½²①٣ \u00a0", max_size=12))
def test_nothing_outside_the_grammar_is_a_number(text: str) -> None:
    read = parse_number(text)
    kept = "".join(text.replace("\u00a0", " ").split())
    if read is not None:
        assert set(kept) <= set("0123456789,.+-")
        assert read == Decimal(kept.replace(",", ""))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "+", ".", ".5", "5.", "1e5", "1_200", "nan", "NaN", "Infinity", "inf"),
        *("0x10", "12,34", "1,2345", "1234,567", ",123", "1,234 567", "12 34", "1\n200", "--5"),
        *("12%", "(12)", "（12）", "12万", "12元", "一千二", "１２００元", "10²", "①", "½", "٣٤"),
        *("12.3.4", "12,345,", "- 5", "约12", "12-15", "=1+1", "9" * 16),
    ],
)
def test_other_spellings_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e15, -1e300])
def test_impossible_number_cells_are_no_numbers(value: float) -> None:
    assert parse_number(value) is None


def test_there_is_no_minus_zero_and_no_excess_of_decimals() -> None:
    assert str(parse_number("-0")) == "0E-8"
    assert parse_number(0.1 + 0.2) == Decimal("0.3")
    assert parse_number("0.123456785") == Decimal("0.12345679")


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
        *("2025年6月或7月", "二〇二五年六月", "2025-1-2月", "1—2月", "2025年2—1月", "20256"),
        *(2025.1, 2025.06, 45809.0, 2025, True),
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
        f"{year}年{month}月{day}日",
        f"{year}/{month}/{day}",
        f"{year}.{month}.{day}",
        f"{year}{month:02}{day:02}",
        float(f"{year}{month:02}{day:02}"),
    ]
    assert {parse_date(text) for text in texts} == {date.isoformat()}


@pytest.mark.parametrize(
    "value", ["2025-02-30", "2025/6-3", "6月3日", "2025-06", "昨天", 45809.0, "20251301"]
)
def test_other_spellings_are_no_dates(value: object) -> None:
    assert parse_date(value) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["2025", "2025年", "2025年度", " ２０２５ 年", 2025, 2025.0])
def test_years(value: str | int | float) -> None:
    assert parse_year(value) == "2025"


@pytest.mark.parametrize("value", ["25", "2025年6月", 2025.5, "1825", dt.date(2025, 1, 1)])
def test_other_spellings_are_no_years(value: str | float | dt.date) -> None:
    assert parse_year(value) is None


@pytest.mark.parametrize(
    "text",
    [
        "91110000600037341L",
        "91110000600037341l",
        " 9111 0000 6000 3734 1L ",
        "９１１１００００６０００３７３４１Ｌ",
        "91110000-60003734-1L",
    ],
)
def test_credit_codes_are_brought_to_one_form(text: str) -> None:
    assert parse_credit_code(text) == "91110000600037341L"


@pytest.mark.parametrize("text", ["", "91110000600037341", "9111000060003734IL", "9" * 18])
def test_codes_that_break_the_standard_are_refused(text: str) -> None:
    assert parse_credit_code(text) is None


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_a_slip_in_one_place_of_a_credit_code_is_found(position: int, letter: str) -> None:
    code = "91110000600037341L"
    slipped = code[:position] + letter + code[position + 1 :]
    assert parse_credit_code(slipped) == (code if slipped == code else None)


def test_choices_by_name_alias_or_code() -> None:
    statuses = load_catalog().classification("operating_statuses")
    for text in ("停业（歇业）", "停业(歇业)", "歇业", " 停 业 ", "suspended"):
        assert parse_choice(text, statuses) == "suspended"
    assert parse_choice("半停业", statuses) is None


def test_labels_are_compared_without_width_spacing_and_dashes() -> None:
    assert plain("１—本月") == plain("1-本月") == plain("1 —— 本月：") == plain("1－本月")
    assert plain("所在区县（自治县）") == plain("所在\n区县(自治县)")


@pytest.mark.parametrize("text", ["—", "——", "-", "－", "/", "／", "无", " 无 "])
def test_marks_for_nothing(text: str) -> None:
    assert is_nil(text)
    assert not is_nil("0")
