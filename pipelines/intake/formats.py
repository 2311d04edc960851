"""Tells number formats that show another number than is stored, or a unit beside it.

What such a cell means is decided where values are read; here only codes are looked at.
"""

from __future__ import annotations

import re
from functools import cache

PERCENT_FORMATS = {9: "0%", 10: "0.00%"}  # built in, hence without a code in the file
TOKEN = re.compile(
    r'"(?P<literal>[^"]*)"?|[\\!](?P<escaped>.?)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|(?P<condition>\[[<>=][^\]]*\])|(?P<general>General|G/通用格式)|(?P<end>;)"
    r"|[_*].?|\[[^\]]*\]|E[+-]|(?P<mark>.)",
    re.IGNORECASE | re.DOTALL,
)
TEXT = "\0"  # stands for a text among the places of digits
BROKEN = re.compile(f"[0#?.,]{TEXT}+[0#?.,]")  # 0!.0 shows a point that is none
SCALED = re.compile(r"%|[0#?],+(?![,0#?])")  # a comma after the last digit divides by a thousand
DATE = re.compile("[ymdhs]", re.IGNORECASE)
PLACE = re.compile("[0#?@]")  # a section of texts alone does not show the number
PLACES = re.compile(rf"[0#?.,@\s{TEXT}]+")
# What stands beside figures without changing them, the currency of every form included.
HARMLESS = re.compile(r"[\s()（）+\-–—_/:¥￥]*|CNY|RMB")


@cache
def shows_otherwise(code: str) -> bool:
    """Return whether a format scales numbers, or shows a unit or any other text beside them.

    Those of dates do not: calamine takes such cells for dates, whatever stands in them.
    """
    sections: list[tuple[str, list[str]]] = [("", [])]
    counted = 2  # the third is of nought, unless conditions rule
    for token in TOKEN.finditer(code):
        shape, texts = sections[-1]
        kind = token.lastgroup
        if kind == "end":
            sections.append(("", []))
        elif kind == "condition":
            counted = 3
        elif kind in ("literal", "escaped", "currency"):
            text = token[kind].strip()
            sections[-1] = shape + TEXT * bool(text), [*texts, text]
        elif kind is not None:
            sections[-1] = shape + ("0" if kind == "general" else token["mark"]), texts
    if any(DATE.search(shape) for shape, _ in sections):
        return False
    return any(
        BROKEN.search(shape)
        or SCALED.search(shape)
        or not all(HARMLESS.fullmatch(text) for text in [*texts, PLACES.sub("", shape)])
        or (texts and not PLACE.search(shape))
        for shape, texts in sections[:counted]
    )
