"""Text of agencies as it may be shown: nothing that steers a screen, nobody's personal numbers.

Identity-card numbers are known by their birth date and check digit (GB 11643), phone numbers by the
numbering plan. Text is made so where it enters the tables; the archive keeps what was sent. The
inbox is looked at often, so stdnum is imported only where a number has to be checked.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

REMEMBERED = 65_536
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # one character for one
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Controls but tab and line ends, what turns the direction of writing, and what XML cannot hold.
STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)

# With which a spreadsheet program takes what is typed or pasted for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

FEWEST_DIGITS = re.compile("(?:[0-9][^0-9]{0,3}){8}")
HIDDEN = "[\u200b-\u200d\u2060\ufeff]*"
SEPARATOR = r"[\s\-‐‑‒–—―−.·_/\u200b-\u200d\u2060\ufeff]{0,3}"
DIGIT = f"[0-9]{HIDDEN}"
NOT_WITHIN_NUMBER = "(?<![0-9*])"
NUMBER_ENDS = r"(?![0-9*]|\.[0-9]{1,4}(?![0-9]))"
WHOLE_PART = re.compile(r"(?<![0-9*])[0-9]{1,8}\.$")  # of a number with decimals


def _groups(*lengths: int) -> str:
    """Return the pattern of groups of digits with separators between them."""
    return SEPARATOR.join(f"(?:{DIGIT}){{{length}}}" for length in lengths)


IDENTITY = re.compile(
    f"{NOT_WITHIN_NUMBER}"
    f"(?:{_groups(6, 4, 4, 3)}|{_groups(4, 4, 4, 4, 1)}|{_groups(3, 3, 4, 4, 3)}){SEPARATOR}"
    f"[0-9Xx](?![0-9A-Za-z*])"
)
OLD_IDENTITY = re.compile(f"{NOT_WITHIN_NUMBER}{_groups(6, 6, 3)}{NUMBER_ENDS}")
MOBILE = re.compile(
    rf"{NOT_WITHIN_NUMBER}(?P<country>(?:\(?(?:\+|00)?{HIDDEN}86\)?{SEPARATOR})?)"
    rf"(?=1{HIDDEN}[3-9])(?:{_groups(11)}|{_groups(3, 4, 4)}|{_groups(3, 3, 5)}|{_groups(4, 3, 4)})"
    rf"{NUMBER_ENDS}(?!\s*元)"
)
AREA = "(?:010|02[0-9]|0[3-9][0-9]{2})"
LANDLINE = re.compile(
    rf"{NOT_WITHIN_NUMBER}(?:\((?P<bracketed>{AREA})\)|(?P<area>{AREA}))(?P<between>{SEPARATOR})"
    rf"(?P<number>[1-9]{HIDDEN}(?:{DIGIT}){{2,3}}{SEPARATOR}(?:{DIGIT}){{4}}){NUMBER_ENDS}"
)
SAYS_IDENTITY = re.compile("身份证|证件号")
SAYS_PHONE = re.compile("电话|座机|传真|热线|(?i:tel)")
WORD_BEFORE = 12  # characters before a number in which it may be said what it is
# GB/T 2260. Of identity cards, 1 in 31 has the check digit of a 统一社会信用代码, too.
PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
RUN = re.compile("[0-9A-Za-z]+")
FINDING_ID = re.compile("[0-9a-f]{12}")


@lru_cache(REMEMBERED)
def shown(text: str) -> str:
    """Return a text as every table, file and log may have it."""
    return masked(legible(text))


def legible(text: str) -> str:
    """Return the text with a mark for each character that would steer a screen or break a file."""
    return text if text.isprintable() else STEERING.sub(REPLACEMENT, text)


def has_personal_data(text: str) -> bool:
    """Return whether a text names an identity card or a phone."""
    return shown(text) != legible(text)


def masked(text: str) -> str:
    """Return the text with the middle of identity-card and phone numbers starred.

    500103********1234, 138****5678, 023-****5678; a valid 统一社会信用代码 is never taken for one.
    """
    narrow = text.translate(NARROW)
    if not FEWEST_DIGITS.search(narrow):
        return text
    for pattern, star in (
        (IDENTITY, _star_identity),
        (OLD_IDENTITY, _star_old_identity),
        (MOBILE, _star_mobile),
        (LANDLINE, _star_landline),
    ):
        for match in reversed(list(pattern.finditer(narrow))):
            start, end = match.span()
            before = narrow[max(0, start - WORD_BEFORE) : start]
            starred = None if WHOLE_PART.search(before) else star(match, before)
            if starred is not None and not _is_within_code(match):
                text = text[:start] + starred + text[end:]
                narrow = narrow[:start] + starred + narrow[end:]
    return text


def starred_phone(text: str) -> str:
    """Return what stands in a field for a phone number, starred however it is written."""
    starred = shown(text)
    return starred if "****" in starred else re.sub(r"\d(?=(?:\D*\d){3})", "*", starred)


def _is_within_code(match: re.Match[str]) -> bool:
    """Return whether a number is part of the code of an agency or of a finding."""
    from stdnum.cn import uscc

    start, end = match.span()
    runs = RUN.finditer(match.string)
    touching = (run[0] for run in runs if run.start() < end and start < run.end())
    return any(
        (uscc.is_valid(run) and PROVINCES.match(run, 2))
        or (FINDING_ID.fullmatch(run) and not run.isdecimal())
        for run in touching
    )


def _digits(match: re.Match[str]) -> str:
    """Return the digits of a match, an X at the end included."""
    return re.sub("[^0-9X]", "", match[0].upper())


def _star_identity(match: re.Match[str], before: str) -> str | None:
    """Return an identity-card number starred; None if it is another number."""
    from stdnum.cn import ric

    number = _digits(match)
    if not _is_birth_date(number[6:14]):
        return None
    if ric.calc_check_digit(number) != number[17] and not SAYS_IDENTITY.search(before):
        return None
    return f"{number[:6]}********{number[14:]}"


def _star_old_identity(match: re.Match[str], before: str) -> str | None:
    """Return an identity-card number of 15 digits starred, if the text says that it is one."""
    number = _digits(match)
    if not SAYS_IDENTITY.search(before) or not _is_birth_date("19" + number[6:12]):
        return None
    return f"{number[:6]}******{number[12:]}"


def _star_mobile(match: re.Match[str], _: str) -> str:
    """Return a mobile number starred."""
    number = _digits(match)[-11:]
    return f"{match['country']}{number[:3]}****{number[7:]}"


def _star_landline(match: re.Match[str], before: str) -> str | None:
    """Return a number with area code starred; without anything between, the text has to say so."""
    is_apart = match["bracketed"] or match["between"]
    if not is_apart and not SAYS_PHONE.search(before):
        return None
    number = re.sub("[^0-9]", "", match["number"])
    return f"{match['bracketed'] or match['area']}-****{number[-4:]}"


def _is_birth_date(digits: str) -> bool:
    """Return whether YYYYMMDD is a day on which somebody alive may have been born."""
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2099
