"""What goes wrong in flash reports, at the rates of the magnitudes, and what is put right later.

Each mistake is kept as a record beside the truth, so that edits can be judged against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from pipelines.synthetic.identities import CODE_LETTERS
from pipelines.synthetic.magnitudes import Magnitudes
from pipelines.synthetic.reports import MadeUpReport

YUAN = 10_000  # 元 in a 万元
MONEY = ("revenue_", "pass_through_")
WORDS = "约三百万"

# A whole, of which only a part is changed; parts that may not exceed their whole.
WHOLES = ("registered_seekers", "employers_served")
PARTS = (
    ("job_fairs_graduates", "job_fairs"),
    ("pass_through_booked", "revenue_booked"),
    ("placements_graduates", "placements"),
    ("people_served_migrants", "people_served"),
)


@dataclass(frozen=True)
class Mistake:
    """A mistake in a report as it was sent; without an indicator it concerns the whole of it."""

    period: str
    credit_code: str
    kind: str
    indicator_code: str | None
    measure_code: str | None
    written: str | None
    is_repaired: bool


@dataclass(frozen=True)
class Spoilt:
    """A report as it is sent, the right one if it follows as a correction, and what is wrong."""

    sent: MadeUpReport
    correction: MadeUpReport | None
    mistake: Mistake | None


Spoil = Callable[[np.random.Generator, MadeUpReport], tuple[MadeUpReport, tuple[str, str] | None]]


def spoil(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    period: str,
    report: MadeUpReport,
    dirtiness: float,
) -> Spoilt:
    """Return a report as it really comes; a zero report is always right.

    Args:
        rng: Source of chance; as many draws whatever comes of them.
        magnitudes: How often things go wrong.
        period: The report's month.
        report: The right report.
        dirtiness: Multiplies all rates.
    """
    rates = magnitudes.mistakes
    luck, kind_luck, repair_luck, sheet_luck = 100 * rng.random(4)
    own = np.random.default_rng(rng.integers(2**63))
    if not report.values:
        return Spoilt(report, None, None)
    typed = _type_some(own, report, rates.typed * dirtiness)
    refused = rates.refused * dirtiness
    slips = refused + rates.unit_slips * dirtiness
    corrected = slips + rates.corrections * dirtiness
    if luck < refused:
        kind = _choose(rates.refused_kinds, kind_luck)
        sent, place = REFUSED_KINDS[kind](own, typed)
        is_repaired = bool(repair_luck < rates.repaired)
    elif luck < slips:
        is_repaired = bool(sheet_luck < rates.whole_sheet)
        kind = "unit_slip_everywhere" if is_repaired else "unit_slip"
        sent, place = _slip_units(typed, everywhere=is_repaired), ("revenue_booked", "month")
    elif luck < corrected:
        kind, is_repaired = "corrected_revenue", True
        sent, place = _overstate(own, typed), ("revenue_booked", "month")
    else:
        return Spoilt(typed, None, None)
    if kind not in REFUSED_KINDS and sent.values == report.values:  # nothing times 10,000
        return Spoilt(typed, None, None)
    mistake = Mistake(
        period,
        report.credit_code,
        kind,
        place[0] if place else None,
        place[1] if place else None,
        _written(sent, place),
        is_repaired,
    )
    return Spoilt(sent, report if is_repaired else None, mistake)


def printed(indicator: str, value: int) -> Decimal:
    """Return a figure as the form prints it: money in 万元."""
    return Decimal(value) / YUAN if indicator.startswith(MONEY) else Decimal(value)


def _choose(frequencies: dict[str, float], luck: float) -> str:
    """Return the item on which a draw from 0 to 100 falls."""
    ends = np.cumsum(list(frequencies.values()))
    return list(frequencies)[int(np.searchsorted(ends, luck / 100 * ends[-1], side="right"))]


def _type_some(rng: np.random.Generator, report: MadeUpReport, pct: float) -> MadeUpReport:
    """Write some figures as text, in ways in which people type numbers."""
    keys = list(report.values)
    hits = np.flatnonzero(100 * rng.random(len(keys)) < pct)
    if not len(hits):
        return report
    typed: dict[tuple[str, str], str] = {}
    for number in hits.tolist():
        key = keys[number]
        value = printed(key[0], report.values[key])
        unit = "万元" if key[0].startswith(MONEY) else ""
        typed[key] = SPELLINGS[int(rng.integers(len(SPELLINGS)))](value, unit)
    return replace(report, typed=typed)


def _plain(value: Decimal, _: str) -> str:
    """Return digits only."""
    return f"{value:f}"


def _with_unit(value: Decimal, unit: str) -> str:
    """Return the unit, too, where money is asked for."""
    return f"{value:,f}{unit}"


def _with_commas(value: Decimal, _: str) -> str:
    """Return thousands separators."""
    return f"{value:,f}"


def _full_width(value: Decimal, _: str) -> str:
    """Return full-width digits, as a Chinese input method types them."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in f"{value:f}")


def _spaced(value: Decimal, _: str) -> str:
    """Return digits between spaces."""
    return f" {value:f}\u00a0"


SPELLINGS = (_plain, _with_commas, _full_width, _spaced, _with_unit)


def _with_value(report: MadeUpReport, key: tuple[str, str], value: int) -> MadeUpReport:
    """Return the report with another figure in one cell."""
    typed = {place: text for place, text in report.typed.items() if place != key}
    return replace(report, values={**report.values, key: value}, typed=typed)


def _with_text(report: MadeUpReport, key: tuple[str, str], text: str) -> MadeUpReport:
    """Return the report with a text in one cell."""
    return replace(report, typed={**report.typed, key: text})


def _break_sum(
    rng: np.random.Generator, report: MadeUpReport
) -> tuple[MadeUpReport, tuple[str, str]]:
    """Let a whole differ from the sum of its parts."""
    key = (WHOLES[int(rng.integers(len(WHOLES)))], "month")
    return _with_value(report, key, report.values[key] + int(rng.integers(1, 20))), key


def _exceed_whole(
    rng: np.random.Generator, report: MadeUpReport
) -> tuple[MadeUpReport, tuple[str, str]]:
    """Let a part exceed its whole."""
    part, whole = PARTS[int(rng.integers(len(PARTS)))]
    step = YUAN if part.startswith(MONEY) else 1
    key = (part, "month")
    return _with_value(report, key, report.values[whole, "month"] + step), key


def _leave_blank(
    rng: np.random.Generator, report: MadeUpReport
) -> tuple[MadeUpReport, tuple[str, str]]:
    """Leave out a figure that has to be there."""
    keys = [key for key in report.values if key[1] == "month"]
    key = keys[int(rng.integers(len(keys)))]
    return _with_text(report, key, ""), key


def _use_words(
    rng: np.random.Generator, report: MadeUpReport
) -> tuple[MadeUpReport, tuple[str, str]]:
    """Write words where a figure should stand."""
    key = ("revenue_booked", "month")
    return _with_text(report, key, WORDS), key


def _write_doubtful_unit(
    rng: np.random.Generator, report: MadeUpReport
) -> tuple[MadeUpReport, tuple[str, str]]:
    """Write behind the figure half a unit, or one that does not count the same things."""
    key, unit = [(("revenue_booked", "ytd"), "万"), (("placements", "month"), "人")][
        int(rng.integers(2))
    ]
    return _with_text(report, key, f"{printed(key[0], report.values[key]):,f}{unit}"), key


def _halve(rng: np.random.Generator, report: MadeUpReport) -> tuple[MadeUpReport, tuple[str, str]]:
    """Count half a person."""
    key = ("people_served", "month")
    return _with_text(report, key, f"{report.values[key]}.5"), key


def _mistype_code(rng: np.random.Generator, report: MadeUpReport) -> tuple[MadeUpReport, None]:
    """Get the check character of the 统一社会信用代码 wrong."""
    last = CODE_LETTERS.index(report.credit_code[-1])
    wrong = CODE_LETTERS[(last + int(rng.integers(1, len(CODE_LETTERS)))) % len(CODE_LETTERS)]
    return replace(report, credit_code=report.credit_code[:-1] + wrong), None


REFUSED_KINDS: dict[str, Spoil] = {
    "broken_sum": _break_sum,
    "part_above_total": _exceed_whole,
    "blank": _leave_blank,
    "words": _use_words,
    "unit_in_doubt": _write_doubtful_unit,
    "decimal": _halve,
    "wrong_code": _mistype_code,
}


def _slip_units(report: MadeUpReport, *, everywhere: bool) -> MadeUpReport:
    """Write 元 where 万元 are asked, in the month's column or everywhere."""
    slipped = {
        key: value * YUAN
        if key[0].startswith(MONEY) and (everywhere or key[1] == "month")
        else value
        for key, value in report.values.items()
    }
    typed = {key: text for key, text in report.typed.items() if not key[0].startswith(MONEY)}
    return replace(report, values=slipped, typed=typed)


def _overstate(rng: np.random.Generator, report: MadeUpReport) -> MadeUpReport:
    """Overstate the month's money by a round share that breaks no relation."""
    tenths = int(rng.integers(1, 6))
    values = dict(report.values)
    for code, measure in report.values:
        if measure == "month" and code.startswith(MONEY):
            more = report.values[code, "month"] * tenths
            values[code, "month"] += more
            values[code, "ytd"] += more
    typed = {key: text for key, text in report.typed.items() if not key[0].startswith(MONEY)}
    return replace(report, values=values, typed=typed)


def _written(report: MadeUpReport, place: tuple[str, str] | None) -> str | None:
    """Return what stands in the cell of the mistake."""
    if place is None:
        return report.credit_code
    if place in report.typed:
        return report.typed[place]
    return f"{printed(place[0], report.values[place]):f}"
