"""Number formats: which show something else than the number that is stored, and what they show.

Only codes and numbers are looked at: what such a cell means is decided where values are read, and
how dates are shown does not come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

PERCENT_FORMATS = {9: "0%", 10: "0.00%"}  # built in, hence without a code in the file
TOKEN = re.compile(
    r'"(?P<literal>[^"]*)"?|[\\!](?P<escaped>.?)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|(?P<condition>\[[<>=][^\]]*\])|(?P<general>General|G/通用格式)|(?P<end>;)"
    r"|[_*].?|\[[^\]]*\]|E[+-]|(?P<mark>.)",
    re.IGNORECASE | re.DOTALL,
)
WORDS = ("literal", "escaped", "currency")  # what is written as it stands
TEXT = "\0"  # stands for a text among the places of digits
BROKEN = re.compile(f"[0#?.,]{TEXT}+[0#?.,]")  # 0!.0 shows a point that is none
SCALED = re.compile(r"%|[0#?],+(?![,0#?])")  # a comma after the last digit divides by a thousand
DATE = re.compile("[ymdhs]", re.IGNORECASE)
PLACE = re.compile("[0#?@]")  # a section of texts alone does not show the number
PLACES = re.compile(rf"[0#?.,@\s{TEXT}]+")
# What stands beside figures without changing them, the currency of every form included.
HARMLESS = re.compile(r"[\s()（）+\-–—_/:¥￥]*|CNY|RMB")
WRITTEN = re.compile(
    r"(?P<before>[^0-9-]*)(?P<figures>-?[0-9][0-9,]*(?:\.[0-9]+)?)(?P<after>[^0-9]*)"
)


class Shown(NamedTuple):
    """What is seen in place of a stored number."""

    text: str  # the number with the words around it
    is_as_stored: bool  # but for rounding


@cache
def shows_otherwise(code: str) -> bool:
    """Return whether a format scales numbers, or shows a unit or any other text beside them.

    Those of dates do not: calamine takes such cells for dates, whatever stands in them.
    """
    sections: list[tuple[str, list[str]]] = [("", [])]
    counted = 2  # the third is of nought, unless conditions rule
    for kind, part in _tokens(code):
        shape, texts = sections[-1]
        if kind == "end":
            sections.append(("", []))
        elif kind == "condition":
            counted = 3
        elif kind in WORDS:
            text = part.strip()
            sections[-1] = shape + TEXT * bool(text), [*texts, text]
        else:
            sections[-1] = shape + part, texts
    if any(DATE.search(shape) for shape, _ in sections):
        return False
    return any(
        BROKEN.search(shape)
        or SCALED.search(shape)
        or not all(HARMLESS.fullmatch(text) for text in [*texts, PLACES.sub("", shape)])
        or (texts and not PLACE.search(shape))
        for shape, texts in sections[:counted]
    )


def show(value: float, format_code: str) -> Shown:
    """Return what a format shows of a number, and whether it is the number that is stored.

    Decimals are shown in full: rounding is not what a format is read for. The code may also be the
    text shown itself, as spreadsheets without format codes have it.
    """
    stored = Decimal(repr(float(value)))
    written = WRITTEN.fullmatch(format_code)
    if written and re.search("[1-9]", written["figures"]):
        figures = Decimal(written["figures"].replace(",", ""))
        half_a_step = Decimal(5).scaleb(int(figures.as_tuple().exponent) - 1)
        is_as_stored = abs(figures - stored) <= half_a_step and "%" not in format_code
        number = stored if is_as_stored else figures
        return _shown(number, written["before"], written["after"], is_as_stored)
    before, places, after = _take_apart(format_code)
    if not places:
        return Shown(before.strip(), False)
    commas = len(places) - len(places.rstrip(","))
    percents = (before + after).count("%")
    decimals = places.partition("!")[2]  # behind a literal point
    scale = 2 * percents - 3 * commas - len(re.findall("[0#?@]", decimals))
    return _shown(stored.scaleb(scale), before, after, scale == 0)


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """Yield what a code is made of, by the names in TOKEN; General stands for a place of digits."""
    for token in TOKEN.finditer(code):
        if token.lastgroup == "general":
            yield "mark", "0"
        elif token.lastgroup:
            yield token.lastgroup, token[token.lastgroup]


def _take_apart(code: str) -> tuple[str, str, str]:
    """Return the words before the places of digits, the places, and the words behind them.

    Of the first section, that of numbers above nought. Among the places a literal point is written
    "!": 0!.0, shows 12345 as 1.2.
    """
    before, places, after = "", "", ""
    for kind, part in _tokens(code):
        if kind == "end":
            break
        if kind == "mark" and part in "0#?.,@":
            # Words among the places are the point of another number, or belong to none.
            places += ("!" if after == "." else "") + part
            after = "" if after == "." else after
        elif kind != "condition":
            before, after = (before, after + part) if places else (before + part, after)
    return before, places, after


def _shown(number: Decimal, before: str, after: str, is_as_stored: bool) -> Shown:
    """Return a number between the words that stand around it."""
    return Shown(f"{before.strip()}{number.normalize():f}{after.strip()}", is_as_stored)
