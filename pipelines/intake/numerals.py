"""Chinese numerals: 一千二百三十四, 十二万五千, 壹佰贰拾叁, 3万5千, and the years of dates.

Only numerals written out as they are read aloud are taken: every gap has its 零, nothing is left
out. So 三万五 (35,000 or 30,005) and 一亿五千 have no meaning here. 二〇二四 is a year only.
What is counted is the matter of `grammar`.
"""

from __future__ import annotations

import re

DIGITS = "零一二三四五六七八九"
# Capitals of cheques, digits among words, and what input methods offer for 零.
FOLDED = str.maketrans(
    "〇○0１1２2３3４4５5６6７7８8９9壹贰叁肆伍陆柒捌玖拾佰仟萬億",
    "零零零一一二二三三四四五五六六七七八八九九一二三四五六七八九十百千万亿",
)
PAIR = re.compile(r"两(?=[百千万亿])|^两$")
TENS = {"十": 10, "百": 100, "千": 1_000}
MYRIADS = {"万": 10**4, "亿": 10**8}

_D = f"[{DIGITS[1:]}]"
_TENS = f"{_D}十{_D}?"
_HUNDREDS = f"{_D}百(?:{_TENS}|零{_D})?"
_THOUSANDS = f"{_D}千(?:{_HUNDREDS}|零(?:{_TENS}|{_D}))?"
_GAP = f"零(?:{_HUNDREDS}|{_TENS}|{_D})"  # what follows where thousands are none
_FIRST = f"(?:{_THOUSANDS}|{_HUNDREDS}|{_TENS}|十{_D}?|{_D})"
_REST = f"(?:{_THOUSANDS}|{_GAP})?"
_MYRIADS = f"{_FIRST}万{_REST}"
_REST_OF_YI = f"(?:(?:{_THOUSANDS}|{_GAP})万{_REST}|零{_THOUSANDS}|{_GAP})?"
NUMERAL = re.compile(f"零|(?:{_MYRIADS}|{_FIRST})亿{_REST_OF_YI}|{_MYRIADS}|{_FIRST}")
LETTERS = "零〇○一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億"
CIRCLE = "○"  # between digits a nought, alone a mark that may mean anything
YEAR = re.compile("[零〇○一二三四五六七八九]{4}")


def parse_numeral(text: str) -> int | None:
    """Return the whole number that a numeral names; None if it is not spelt out in full."""
    folded = PAIR.sub("二", text.translate(FOLDED))
    if text == CIRCLE or not NUMERAL.fullmatch(folded):
        return None
    total = section = digit = 0
    for letter in folded:
        if letter in TENS:
            section += (digit or 1) * TENS[letter]
            digit = 0
        elif letter in MYRIADS:
            # What stands before 亿 counts it, 万 included; what stands before 万 only its section.
            counted = section + digit
            if letter == "亿":
                total = (total + counted) * MYRIADS[letter]
            else:
                total += counted * MYRIADS[letter]
            section = digit = 0
        else:
            digit = DIGITS.index(letter)
    return total + section + digit


def parse_year_numeral(text: str) -> int | None:
    """Return the year that four Chinese digits name: 二〇二四."""
    if not YEAR.fullmatch(text):
        return None
    return int("".join(str(DIGITS.index(letter)) for letter in text.translate(FOLDED)))
