"""The intake's own grammar: how numbers, codes and words are spelt in cells.

Each function takes what stands in a cell and returns its one meaning, or why the spelling has none
or more than one; nothing is guessed. Who complains, and how, is decided in `figures` and `fields`;
how years, months and dates are spelt stands in `periods`.

A number is, after differences of spelling are taken away in this order:

1. `invisible`: zero-width characters and byte order marks are dropped anywhere.
2. `full_width`: full-width digits, letters and signs (１２，．－￥％) and the minus sign − count as
   their ASCII counterparts.
3. `line_breaks`, `spaces` (also no-break ones and tabs): dropped at the ends and beside a sign, a
   separator or a unit. Between two digits a break is refused: one number or two? So are spaces
   that do not part the digits in threes.
4. `apostrophe`: one before the number is dropped.

what this says and nothing else::

    number     = ["¥"] ["+" | "-"] (figures [multiplier] | numeral) [unit]
    figures    = (digits | digits in threes, parted by all "," or all " ") ["." digits]
    multiplier = "百" | "千" | ["十" | "百" | "千"] "万" | ["十" | "百" | "千" | "万"] "亿"
    numeral    = a Chinese numeral written out in full (`numerals`)
    unit       = text without digits and signs; which ones there are, the catalog says; 整 or 正,
                 as on cheques, may follow 元

`currency_sign`, `plus_sign`, `thousands`, `leading_zeros` and `chinese_numerals` name what else was
understood. The number itself has fewer than 16 digits before its point and is kept with 8 behind
it. Whether a unit, a currency or a bare multiplier goes with what is asked for is the matter of
`figures`.

Refused with a reason of their own (`Doubt`): marks for nothing, 同上, percentages, numbers in
scientific notation, in brackets, approximate ones and ranges, two numbers, and separators that do
not part the digits in threes.
"""

from __future__ import annotations

import re
import string
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from stdnum.cn import uscc

from pipelines.catalog.models import Classification
from pipelines.intake.numerals import LETTERS, parse_numeral

# Excel keeps 15 digits; values are stored as DECIMAL(28,8).
TOO_LARGE = Decimal(10**15)
STORED_STEP = Decimal("0.00000001")

LONGEST = 100  # no number is longer, and looking for one would take long

# Widths only: NFKC would also turn 10² into 102.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-", 0xFFE5: "¥"}
SPACED_OR_WIDE = re.compile(r"[\s\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
APOSTROPHES = ("'", "‘", "’", "`")
FIGURES = tuple(string.digits + LETTERS)
DIGITS = tuple(set(FIGURES) - set("十百千万亿拾佰仟萬億"))
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
MULTIPLIERS = {
    **{"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8},
    **{"十万": 10**5, "百万": 10**6, "千万": 10**7},
    **{"十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12},
}
NUMBER = re.compile(
    r"(?P<currency>¥)?(?P<sign>[+-])?"
    r"(?:(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)"
    r"(?P<decimals>\.[0-9]+)?"
    rf"(?P<multiplier>{'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})?"
    rf"|(?P<numeral>[0-9]*[{LETTERS}][0-9{LETTERS}]*))"
    rf"(?P<unit>(?:(?![{LETTERS}])[A-Za-z㎡\u4e00-\u9fff])*?)(?:(?<=元)[整正])?"
)

REPEATED = {"同上", "同左", "同前", "〃", '"'}
PERCENT = re.compile("[%‰]|百分之|千分之")
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+")
BRACKETED = re.compile(r"[(\[【〔].*[0-9].*[)\]】〕]\w*")
_SOME = f"[0-9{LETTERS}几数]"
SEPARATED = re.compile(r"[+-]?[0-9][0-9.]*,[0-9,.]*")
APPROXIMATE = re.compile(
    rf"(?=.*{_SOME})(?:[约近超逾≈~<>≤≥]|大约|大概|将近|接近|不到|不足|至少|最多|[上几数][十百千万亿]).*"
    rf"|.*{_SOME}.*(?:余|多|几|来|左右|上下|以上|以下|以内|不到|[+~])[^0-9]*"
    rf"|.*{_SOME}\w*(?:[-~—–]+|至|到|或){_SOME}.*"
)

DASHES = re.compile(r"[‐‑‒–—―⸺⸻−﹘﹣-]+")
NIL_MARKS = {"-", "/", "无", "空", "无数据"}

# GB 32100: authority and kind may be letters, the district has digits; there is no I, O, S, V, Z.
CODE_LETTERS = "0-9A-HJ-NPQRTUWXY"
CREDIT_CODE = re.compile(f"[{CODE_LETTERS}]{{2}}[0-9]{{6}}[{CODE_LETTERS}]{{10}}")


class Doubt(Enum):
    """Why a spelling is no number, or not the one number that is meant."""

    NO_NUMBER = auto()
    NOTHING = auto()
    REPEATED = auto()
    PERCENT = auto()
    SCIENTIFIC = auto()
    BRACKETED = auto()
    APPROXIMATE = auto()
    TWO_NUMBERS = auto()
    SEPARATORS = auto()
    TOO_LARGE = auto()


class Number(NamedTuple):
    """A number as it is written: the multiplier and unit behind it, and what was understood."""

    number: Decimal  # without the multiplier
    multiplier: str = ""
    unit: str = ""
    has_currency: bool = False
    is_myriads: bool = False  # a numeral with 万 or 亿 in it
    rules: tuple[str, ...] = ()  # codes of catalog/spelling_rules.yml


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Return the text without differences of width, spacing, dashes or a closing colon.

    Labels are compared in this form only, so that 1—本月 and 1-本月 are one label.
    """
    folded = _visible(unicodedata.normalize("NFKC", text))
    # What is joined may combine: a letter with the accent that stood behind a space.
    joined = unicodedata.normalize("NFKC", "".join(folded.split()))
    return DASHES.sub("-", joined).rstrip(":")


def is_nil(text: str) -> bool:
    """Return whether the text is a mark for nothing (—, /, 无, 空, 无数据)."""
    return plain(text) in NIL_MARKS


def parse_number(value: str | int | float) -> Number | Doubt:
    """Return the number a cell holds as the grammar above has it, or why there is none."""
    if not isinstance(value, str):
        number = as_stored(Decimal(repr(value)))
        return Doubt.TOO_LARGE if number is None else Number(number)
    if is_nil(value):
        return Doubt.NOTHING
    text, rules = _tidy(value)
    if len(text) > LONGEST:
        return Doubt.NO_NUMBER
    match = NUMBER.fullmatch(text)
    return _doubt(text) if match is None else _read_match(match, text, rules)


def as_stored(number: Decimal) -> Decimal | None:
    """Return a number with 8 decimals; None if it is too large to be one."""
    if not number.is_finite() or abs(number) >= TOO_LARGE:
        return None
    return number.quantize(STORED_STEP, ROUND_HALF_UP) + 0  # + 0: there is no minus zero


def spelling_rules(text: str) -> list[str]:
    """Return which differences of spelling a text has, as far as its letters and spacing go."""
    if text.isprintable() and not SPACED_OR_WIDE.search(text):
        return []
    found = {
        "invisible": _visible(text) != text,
        "full_width": any(not c.isspace() for c in SPACED_OR_WIDE.findall(text)),
        "line_breaks": any(c in BREAKS for c in text),
        "spaces": any(c.isspace() and c not in BREAKS for c in text),
    }
    return [rule for rule, is_found in found.items() if is_found]


def tidy_words(text: str) -> tuple[str, list[str]]:
    """Return words as they are kept, and what was taken away: spaces around, what is invisible."""
    visible = _visible(text)
    core = visible.strip()
    if core == text:
        return text, []
    start = visible.find(core)
    around = visible[:start] + visible[start + len(core) :]
    return core, ["invisible"] * (visible != text) + spelling_rules(around)


@lru_cache(maxsize=65_536)
def parse_credit_code(text: str) -> str | None:
    """Return the 统一社会信用代码 in its standard form; None unless GB 32100 allows it."""
    code = plain(text).lstrip("".join(APOSTROPHES)).replace("-", "").upper()
    is_code = CREDIT_CODE.fullmatch(code) and code[-1] == uscc.calc_check_digit(code)
    return code if is_code else None


def credit_code_rules(text: str) -> list[str]:
    """Return which differences of spelling were taken away to read a 统一社会信用代码."""
    letters = plain(text)
    found = {
        "apostrophe": letters.startswith(APOSTROPHES),
        "hyphens": "-" in letters,
        "letter_case": letters != letters.upper(),
    }
    return spelling_rules(text) + [rule for rule, is_found in found.items() if is_found]


def parse_choice(text: str, classification: Classification) -> str | None:
    """Return the code of the item of a classification that the text names."""
    wanted = plain(text)
    codes = {
        item.code
        for item in classification.items
        if wanted in {plain(name) for name in (item.code, item.name, *item.aliases)}
    }
    return codes.pop() if len(codes) == 1 else None


def _read_match(match: re.Match[str], text: str, rules: list[str]) -> Number | Doubt:
    """Return the number that matched, unless its unit says that it is none."""
    parts = match.groupdict("")
    if parts["unit"] and APPROXIMATE.fullmatch(text):
        return Doubt.APPROXIMATE
    digits, numeral = parts["digits"], parts["numeral"]
    if numeral:
        spelt_out = parse_numeral(numeral)
        if spelt_out is None:
            return _doubt(text)
        number: Decimal | None = as_stored(Decimal(spelt_out))
    else:
        number = as_stored(Decimal(digits.replace(",", "").replace(" ", "") + parts["decimals"]))
    if number is None:
        return Doubt.TOO_LARGE
    found = {
        "currency_sign": parts["currency"],
        "plus_sign": parts["sign"] == "+",
        "thousands": "," in digits or " " in digits,
        "leading_zeros": len(digits) > 1 and digits.startswith("0"),
        "chinese_numerals": numeral,
    }
    return Number(
        -number + 0 if parts["sign"] == "-" else number,
        parts["multiplier"],
        parts["unit"],
        bool(parts["currency"]),
        any(letter in numeral for letter in "万亿萬億"),
        (*rules, *(rule for rule, is_found in found.items() if is_found)),
    )


def _tidy(text: str) -> tuple[str, list[str]]:
    """Return a text without differences of letters and spacing, and what was taken away."""
    visible = _visible(text)
    narrow = visible.translate(FULL_WIDTH)
    joined, removed = _join(narrow)
    bare = joined[1:] if joined.startswith(APOSTROPHES) else joined
    found = {
        "invisible": visible != text,
        "full_width": narrow != visible,
        "line_breaks": any(letter in BREAKS for letter in removed),
        "spaces": any(letter not in BREAKS for letter in removed),
        "apostrophe": bare != joined,
    }
    return bare, [rule for rule, is_found in found.items() if is_found]


def _join(text: str) -> tuple[str, str]:
    """Return a text without its spacing, and the spacing removed.

    Between two digits one space stays a space, and anything wider stays a break.
    """
    joined, *letters = re.split(r"\s+", text)
    removed = ""
    for run, after in zip(re.findall(r"\s+", text), letters, strict=True):
        if joined.endswith(FIGURES) and after.startswith(DIGITS):
            joined += " " if len(run) == 1 and run not in BREAKS else "\n"
        else:
            removed += run
        joined += after
    return joined, removed


def _doubt(text: str) -> Doubt:
    """Return why a text (tidied) is no number."""
    if text in REPEATED:
        return Doubt.REPEATED
    if PERCENT.search(text):
        return Doubt.PERCENT
    if SCIENTIFIC.fullmatch(text):
        return Doubt.SCIENTIFIC
    if BRACKETED.fullmatch(text):
        return Doubt.BRACKETED
    if APPROXIMATE.fullmatch(text):
        return Doubt.APPROXIMATE
    if " " in text or "\n" in text:
        return Doubt.TWO_NUMBERS
    return Doubt.SEPARATORS if SEPARATED.fullmatch(text) else Doubt.NO_NUMBER


def _visible(text: str) -> str:
    """Return the text without zero-width spaces, byte order marks and their like."""
    if text.isprintable():  # none of them is
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
