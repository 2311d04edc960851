"""What a number format makes of a number: the words it writes around it, another number it shows.

Only formats that the decoder hands on as `Formatted` come here; how dates are shown does not.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|(?P<unshown>[_*].|\[[^\]]*\])|(?P<general>G/通用格式|General|@)|(?P<place>[0#?.,])|(?P<bare>.)"
)
WRITTEN = re.compile(
    r"(?P<before>[^0-9-]*)(?P<figures>-?[0-9][0-9,]*(?:\.[0-9]+)?)(?P<after>[^0-9]*)"
)


class Shown(NamedTuple):
    """What is seen in place of a stored number."""

    text: str  # the number with the words around it
    is_as_stored: bool  # but for rounding


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
    before, places, after = _take_apart(format_code.partition(";")[0])
    if not places:
        return Shown(before.strip(), False)
    commas = len(places) - len(places.rstrip(","))
    percents = (before + after).count("%")
    decimals = places.partition("!")[2]  # behind a literal point
    scale = 2 * percents - 3 * commas - len(re.findall("[0#?]", decimals))
    return _shown(stored.scaleb(scale), before, after, scale == 0)


def _take_apart(section: str) -> tuple[str, str, str]:
    """Return the words before the places of digits, the places, and the words behind them.

    Among the places a literal point is written "!": 0!.0, shows 12345 as 1.2.
    """
    before, places, after = "", "", ""
    for token in TOKEN.finditer(section):
        if token["unshown"] is not None:
            continue
        if token["general"] or token["place"]:
            # Words among the places are the point of another number, or belong to none.
            places += ("!" if after == "." else "") + ("0" if token["general"] else token["place"])
            after = "" if after == "." else after
        else:
            words = next(
                token[name]
                for name in ("quoted", "escaped", "currency", "bare")
                if token[name] is not None
            )
            before, after = (before, after + words) if places else (before + words, after)
    return before, places, after


def _shown(number: Decimal, before: str, after: str, is_as_stored: bool) -> Shown:
    """Return a number between the words that stand around it."""
    return Shown(f"{before.strip()}{number.normalize():f}{after.strip()}", is_as_stored)
