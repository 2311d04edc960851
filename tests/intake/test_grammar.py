from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalog.load import load_catalog
from pipelines.intake.grammar import (
    Doubt,
    Number,
    credit_code_rules,
    is_nil,
    parse_choice,
    parse_credit_code,
    parse_number,
    plain,
    tidy_words,
)

WIDE = str.maketrans("0123456789,.+-¥", "０１２３４５６７８９，．＋－￥")
NUMBERS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
)
UNITS = ("", "元", "万元", "亿元", "人次", "万人次", "家", "万")

# The grammar said once more, on its own: what is left when spelling is put right.
SPACE = r"\s*"
IN_THREES = rf"[0-9]{{1,3}}(?:(?:{SPACE},{SPACE}[0-9]{{3}})+|(?:[ \u00a0\u3000][0-9]{{3}})+)"
FIGURES = rf"(?:[0-9]+|{IN_THREES})"
LETTERS = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"
STATED = re.compile(
    rf"{SPACE}['‘’`]?{SPACE}¥?{SPACE}[+-]?{SPACE}"
    rf"(?:{FIGURES}(?:{SPACE}\.{SPACE}[0-9]+)?|[0-9{LETTERS}\s]*[{LETTERS}][0-9{LETTERS}\s]*)"
    rf"{SPACE}[百千万亿十]*{SPACE}[A-Za-z㎡\u4e00-\u9fff\s]*{SPACE}",
)
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-", 0xFFE5: "¥"}


def value_of(text: str | int | float) -> Decimal | None:
    """The number without a word about unit and spelling."""
    read = parse_number(text)
    return read.number if isinstance(read, Number) else None


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Decimal, str, str]:
    """A number, a unit, and one of all the ways in which the grammar lets them be written."""
    number = draw(NUMBERS)
    unit = draw(st.sampled_from(UNITS))
    digits, _, decimals = f"{abs(number):f}".partition(".")
    decimals = draw(st.sampled_from([decimals, decimals.rstrip("0") or "0"]))
    separator = draw(st.sampled_from(["", ",", ", ", ",\n", " ", "\u00a0", "\u3000"]))
    grouped = f"{int(digits):,}".replace(",", separator)
    zeros = draw(st.sampled_from(["", "0", "00"])) if separator == "" else ""
    space = st.sampled_from(["", " ", "\u00a0", "\u3000", "\t", "\n", "\r\n", "\u200b", " \n "])
    point = draw(space) + "." + draw(space)
    sign = draw(st.sampled_from(["-", "\u2212"] if number < 0 else ["", "+"]))
    mark = draw(st.sampled_from(["", "'", "’", "¥", "￥"]))
    text = "".join(
        [
            *(draw(space), mark, draw(space), sign, draw(space), zeros, grouped),
            *(point, decimals, draw(space), unit, draw(space)),
        ]
    )
    text = text.translate(WIDE) if draw(st.booleans()) else text
    return number, unit, draw(st.sampled_from(["", "\ufeff"])) + text


@given(spellings())
def test_every_spelling_of_a_number_reads_back(spelt: tuple[Decimal, str, str]) -> None:
    number, unit, text = spelt
    read = parse_number(text)
    assert isinstance(read, Number), text
    assert (read.number, read.multiplier + read.unit) == (number, unit)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_number_cells_are_read_as_they_print(value: float) -> None:
    read = value_of(value)
    assert read is not None
    assert abs(read - Decimal(repr(value))) <= Decimal("0.000000005")


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_whole_number_cells_are_exact(value: int) -> None:
    assert value_of(value) == value


TEXTS = st.text(
    alphabet="0123456789,. +-~eE_%()（）'¥元人次约余多至万千百十一二三两零〇½²①٣\u00a0\n１，．－",
    max_size=12,
)


@given(TEXTS | st.text(max_size=8))
def test_nothing_outside_the_stated_grammar_is_a_number(text: str) -> None:
    read = parse_number(text)
    if isinstance(read, Number):
        visible = "".join(c for c in text if unicodedata.category(c) != "Cf").translate(NARROW)
        assert STATED.fullmatch(visible), text
        if not read.multiplier and "chinese_numerals" not in read.rules:
            kept = re.sub(r"[^0-9.-]", "", visible)
            assert read.number == Decimal(kept)


@pytest.mark.parametrize(
    ("text", "number", "suffix", "rules"),
    [
        ("1200", 1200, "", []),
        ("-1200.5", "-1200.5", "", []),
        ("１，２００．５", "1200.5", "", ["full_width", "thousands"]),
        ("\ufeff 1 200", 1200, "", ["invisible", "spaces", "thousands"]),
        ("1,\n200\n万元", 1200, "万元", ["line_breaks", "thousands"]),
        ("467,499.88 万元", "467499.88", "万元", ["spaces", "thousands"]),
        ("'+0012", 12, "", ["apostrophe", "plus_sign", "leading_zeros"]),
        ("31人次", 31, "人次", []),
        ("350万", 350, "万", []),
        ("3千", 3, "千", []),
        ("1.2亿人次", "1.2", "亿人次", []),
        ("¥1,200", 1200, "", ["currency_sign", "thousands"]),
        ("三百万", 3_000_000, "", ["chinese_numerals"]),
        ("十二万五千元", 125_000, "元", ["chinese_numerals"]),
        ("壹佰贰拾叁", 123, "", ["chinese_numerals"]),
        ("3万5千人次", 35_000, "人次", ["chinese_numerals"]),
        ("1000㎡", 1000, "㎡", []),
        ("- 5", -5, "", ["spaces"]),
    ],
)
def test_numbers_by_hand(text: str, number: int | str, suffix: str, rules: list[str]) -> None:
    read = parse_number(text)
    assert isinstance(read, Number)
    assert read.number == Decimal(number)
    assert read.multiplier + read.unit == suffix
    assert list(read.rules) == rules


@pytest.mark.parametrize(
    ("doubt", "texts"),
    [
        (
            Doubt.NO_NUMBER,
            [
                *("", " ", "+", ".", ".5", "5.", "1_200", "nan", "NaN", "Infinity", "inf", "0x10"),
                *(
                    "--5",
                    "一千二",
                    "三万五",
                    "二〇二四",
                    "10²",
                    "①",
                    "½",
                    "٣٤",
                    "12.3.4",
                    "若干",
                    "1" * 101,
                    "约" + "1" * 30_000,
                    "=1+1",
                ),
                *("$1200", "1200（元）", "￥￥5", "¥-"),
            ],
        ),
        (Doubt.NOTHING, ["—", "——", "-", "/", "／", "无", "空", "无数据"]),
        (Doubt.REPEATED, ["同上", " 同 上 ", "〃"]),
        (Doubt.PERCENT, ["12%", "12％", "约12%", "百分之十二", "3‰"]),
        (Doubt.SCIENTIFIC, ["1e5", "1.2E+5", "9.15001E+17", "1.Ｅ+5"]),
        (Doubt.BRACKETED, ["(12)", "（1,200.5）", "(12)万元", "[3]"]),
        (
            Doubt.APPROXIMATE,
            [
                *(
                    "约12",
                    "约三百万",
                    "近300万元",
                    "300余人次",
                    "300多",
                    "三百多万",
                    "12左右",
                    "12以上",
                ),
                *(
                    "100-200",
                    "100—200",
                    "100～200",
                    "100至200人次",
                    "几百",
                    "数十万",
                    "上千",
                    "100+",
                ),
                *("大约5", "不到100", ">100", "≈5", "十几", "5或6"),
            ],
        ),
        (Doubt.TWO_NUMBERS, ["1\n200", "12 34", "1  200", "一千\n二百", "1234 567", "1,234 567"]),
        (Doubt.SEPARATORS, ["1,2,3", "12,34", "1200,5", "1,2345", "1234,567", "12,345,"]),
        (Doubt.TOO_LARGE, ["9" * 16, "九千万亿"]),
    ],
)
def test_other_spellings_are_no_numbers_and_it_is_told_why(doubt: Doubt, texts: list[str]) -> None:
    assert {text: parse_number(text) for text in texts} == dict.fromkeys(texts, doubt)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e15, -1e300])
def test_impossible_number_cells_are_no_numbers(value: float) -> None:
    assert parse_number(value) is Doubt.TOO_LARGE


def test_there_is_no_minus_zero_and_no_excess_of_decimals() -> None:
    assert str(value_of("-0")) == "0E-8"
    assert value_of(0.1 + 0.2) == Decimal("0.3")
    assert value_of("0.123456785") == Decimal("0.12345679")


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


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("91110000600037341L", []),
        ("91110000600037341l", ["letter_case"]),
        (" 9111 0000 6000 3734 1L ", ["spaces"]),
        ("９１１１００００６０００３７３４１Ｌ", ["full_width"]),
        ("'91110000-60003734-1L", ["apostrophe", "hyphens"]),
    ],
)
def test_changes_in_a_credit_code_are_told(text: str, rules: list[str]) -> None:
    assert parse_credit_code(text) == "91110000600037341L"
    assert credit_code_rules(text) == rules


def test_authority_and_kind_may_be_letters() -> None:
    """GB 32100 5.1 and 5.2. The check character by hand: ISO 7064 MOD 31 of the weights 3^i."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for body in ("N2500103MF4567890", "Y1500103MF4567890", "A1500103MF4567890"):
        total = sum(letters.index(c) * pow(3, place, 31) for place, c in enumerate(body))
        code = body + letters[-total % 31]
        assert parse_credit_code(code) == code
        assert parse_credit_code(body + letters[(1 - total) % 31]) is None
    assert parse_credit_code("91110A00600037341L") is None


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


@given(st.text(max_size=20))
def test_what_is_plain_stays_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_words_keep_what_is_within() -> None:
    assert tidy_words("示例  公司") == ("示例  公司", [])
    assert tidy_words(" 示例 公司\u3000\n") == ("示例 公司", ["line_breaks", "spaces"])
    assert tidy_words("\ufeff示例\u200b公司") == ("示例公司", ["invisible"])


@pytest.mark.parametrize("text", ["—", "——", "-", "－", "/", "／", "无", " 无 ", "空", "无数据"])
def test_marks_for_nothing(text: str) -> None:
    assert is_nil(text)
    assert not is_nil("0")
