from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.numerals import LETTERS, parse_numeral, parse_year_numeral

DIGITS = "零一二三四五六七八九"
CAPITALS = str.maketrans("一二三四五六七八九十百千万亿", "壹贰叁肆伍陆柒捌玖拾佰仟萬億")


def write(number: int) -> str:
    """Write a number place by place, from the lowest: independent of the parser's grammar."""
    if number == 0:
        return "零"
    words = ""
    places = str(number)[::-1]
    for start in range(0, len(places), 4):
        section = ""
        for place, letter in enumerate(places[start : start + 4]):
            if letter != "0":
                section = DIGITS[int(letter)] + ("", "十", "百", "千")[place] + section
            elif section and not section.startswith("零"):
                section = "零" + section
        lower = places[:start]
        if section:
            mark = ("", "万", "亿")[start // 4]
            gap = "零" if words and not words.startswith("零") and lower[-1] == "0" else ""
            words = section + mark + gap + words
        elif words and start >= 4 and not words.startswith("零"):
            words = "零" + words
    words = words.lstrip("零")
    return words


NUMBERS = st.one_of(
    st.integers(0, 99_999),
    st.integers(0, 10**12 - 1),
    st.tuples(st.integers(1, 99), st.integers(0, 10)).map(lambda pair: pair[0] * 10 ** pair[1]),
).filter(lambda number: number < 10**12)


def test_the_writer_writes_as_is_read_aloud() -> None:
    assert [write(number) for number in (10, 305, 12_000, 10_050, 100_000_005, 50_010_000)] == [
        *("一十", "三百零五", "一万二千", "一万零五十", "一亿零五", "五千零一万"),
    ]


@given(NUMBERS)
def test_every_number_written_out_reads_back(number: int) -> None:
    written = write(number)
    assert parse_numeral(written) == number
    assert parse_numeral(written.translate(CAPITALS).replace("零", "〇")) == number
    if written.startswith("一十"):
        assert parse_numeral(written[1:]) == number


@given(st.text(alphabet="零一二五十百千万亿", max_size=9))
def test_nothing_else_is_a_numeral(text: str) -> None:
    number = parse_numeral(text)
    if number is not None and number < 10**12:  # as far as the numbers are written out here
        assert text in (write(number), write(number).removeprefix("一"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百万", 3_000_000),
        ("一千二百三十四", 1_234),
        ("十二万五千", 125_000),
        ("壹佰贰拾叁", 123),
        ("3万5千", 35_000),
        ("3万零5百", 30_500),
        ("两千", 2_000),
        ("两", 2),
        ("十", 10),
        ("一万二千亿", 1_200_000_000_000),
        ("一万亿", 10**12),
        ("三亿五千万", 350_000_000),
    ],
)
def test_numerals_by_hand(text: str, number: int) -> None:
    assert parse_numeral(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "三万五", "三百五", "一亿五千", "二〇二四", "一二三", "百", "万", "一千五百万五"),
        *("零零", "一零", "十零五", "二十两", "一万五百", "一千五", "三千万万", "五万三万", "廿"),
        *("三点五", "几百", "十几", "数万", "百分之三", "35万", "3亿5000万", "一百一十一十"),
    ],
)
def test_what_is_left_out_or_colloquial_is_not_guessed(text: str) -> None:
    assert parse_numeral(text) is None


@given(st.integers(1900, 2099))
def test_years_are_read_digit_by_digit(year: int) -> None:
    written = "".join(DIGITS[int(digit)] for digit in str(year))
    assert parse_year_numeral(written) == year
    assert parse_year_numeral(written.replace("零", "〇")) == year
    assert parse_year_numeral(written.replace("零", "○")) == year


@pytest.mark.parametrize("text", ["", "二四", "二千零二十四", "2024", "二〇二四年"])
def test_other_years_are_not_read(text: str) -> None:
    assert parse_year_numeral(text) is None


def test_the_letters_of_numerals_are_known() -> None:
    assert set(LETTERS) >= set("".join(write(number) for number in (1_234_567_890, 10**11 + 1)))
