"""Personal numbers are starred wherever they stand in a text, and nothing else is."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from pipelines.intake.shown_text import has_personal_data, legible, masked, shown, starred_phone
from tests.intake.books import credit_code

IDENTITY = (
    "50010319900101138X"  # the weighted digits sum to 167, which is 2 modulo 11, so X (GB 11643)
)
NUMBERS = st.text("0123456789", min_size=1, max_size=40)
WRITING = st.text("0123456789Xx *-－–() （）＋+.,元电话身份证号甲a１３８\u200b", max_size=80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系张三13812345678。", "联系张三138****5678。"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678、139.1234.5679", "138****5678、139****5679"),
        ("138 123 45678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("1\u200b38\u200b1234\u200b5678", "138****5678"),
        ("+86 13812345678", "+86 138****5678"),
        ("（＋８６）１３８－１２３４－５６７８", "(+86)138****5678"),
        ("008613812345678", "0086138****5678"),
        ("tel13812345678x", "tel138****5678x"),
        ("13812345678,13912345678", "138****5678,139****5678"),
        ("13812345678.13912345678", "138****5678.139****5678"),
        ("023-63512345转801", "023-****2345转801"),
        ("(023)6351 2345", "023-****2345"),
        ("（０２３）６３５１２３４５", "023-****2345"),
        ("0851-1234567", "0851-****4567"),
        ("电话02363512345", "电话023-****2345"),
        (f"证件{IDENTITY}", "证件500103********138X"),
        ("500103 19900101 138x", "500103********138X"),
        ("5001 0319 9001 0113 8X", "500103********138X"),
        ("５００１０３１９９００１０１１３８Ｘ", "500103********138X"),
        ("身份证500103199001011233", "身份证500103********1233"),
        ("身份证号：500103900101123", "身份证号：500103******123"),
    ],
)
def test_personal_numbers_are_starred(text: str, expected: str) -> None:
    assert shown(text) == expected
    assert has_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "重庆示例人力资源有限公司",
        "500103199001011233",  # wrong check digit, and nobody says what it is
        "500103199013011230",  # no such month
        "500103900101123",
        "02363512345",  # as good a licence number as a phone
        "12812345678",  # no such network
        "138123456789",
        "收入由13812345678元增至15012345678元",
        "13812345678.50",
        "1,381,234,567,800",
        "0.13812345678",
        "20250601-20250630",
        "2025-06-30 2025-07-31",
        "渝人社〔2023〕85号",
        "a13812345678",  # the number of a finding
        "6222021234567890123",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert shown(text) == text
    assert not has_personal_data(text)


@given(WRITING)
@example("13812340231-2345678")
@example("02363512345 13812345678")
def test_starring_twice_is_starring_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)
    assert shown(shown(text)) == shown(text)


@given(WRITING)
def test_only_digits_and_what_separates_them_are_lost(text: str) -> None:
    lost = re.compile(r"[\d\s*Xx\-－–.,()（）＋+\u200b]")
    assert lost.sub("", masked(text)) == lost.sub("", text)


@given(NUMBERS)
def test_figures_are_not_taken_for_cards_or_phones(number: str) -> None:
    is_mobile = re.fullmatch("(0{0,2}86)?1[3-9][0-9]{9}", number)
    is_card = len(number) == 18 and ric.is_valid(number)
    if not is_mobile and not is_card:
        assert masked(number) == number


@given(st.integers(0, 10**8 - 1), st.integers(0, 99), WRITING)
def test_a_valid_credit_code_is_never_starred(serial: int, district: int, around: str) -> None:
    body = f"915001{district:02}{serial:08}A"
    code = body + uscc.calc_check_digit(body)
    assert uscc.is_valid(code)
    assert code in masked(f"{around}：{code}，{around}")


def test_the_example_of_the_standard_is_starred() -> None:
    """GB 11643-1999, appendix: 11010519491231002X."""
    assert masked("11010519491231002X") == "110105********002X"


@given(st.integers(0, 36_000), st.integers(0, 999), st.sampled_from(["110101", "500103", "510104"]))
def test_every_identity_card_is_starred(days: int, order: int, area: str) -> None:
    born = dt.date(1925, 1, 1) + dt.timedelta(days=days)
    body = f"{area}{born:%Y%m%d}{order:03}"
    number = body + ric.calc_check_digit(body + "0")
    assert masked(f"（{number}）") == f"（{number[:6]}********{number[14:]}）"


def test_codes_of_the_made_up_industry_stay() -> None:
    assert all(shown(credit_code(serial)) == credit_code(serial) for serial in range(500))


@pytest.mark.parametrize(
    "text", ["63512345", "023 6351 2345", "见通讯录 12345678转9", "13812345678"]
)
def test_a_field_for_a_phone_keeps_its_last_digits_at_most(text: str) -> None:
    assert not re.search(r"[0-9]{5}", starred_phone(text))
    assert starred_phone(starred_phone(text)) == starred_phone(text)


def test_nothing_steers_a_screen_or_breaks_a_file() -> None:
    text = "甲\x1b[31m乙\u202e丙\x00丁\u2066\ufffe\ud800\x9b"
    assert legible(text) == "甲�[31m乙�丙�丁����"
    assert legible("甲\t乙\n丙") == "甲\t乙\n丙"
