"""Who is asked and who answers: the flash sample, non-response, and what the reports say.

The data types of the made-up reports stand here too. No files are written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import numpy as np

from pipelines.synthetic.activity import STOCKS, Activity
from pipelines.synthetic.magnitudes import Magnitudes, ResponseRate
from pipelines.synthetic.population import Agencies, Whole

STRATA = {
    "unclassified": "PUB",
    "large": "LAR",
    "medium": "MED",
    "small": "SMA",
    "micro": "MIC",
}

Values = Mapping[tuple[str, str], Decimal]
"""By indicator and measure (month, ytd, ytd_last_year), in base units."""


@dataclass(frozen=True)
class MadeUpReport:
    """One agency's flash report of one period; a zero report has no values."""

    credit_code: str
    agency_name: str
    district_code: str
    reporting_unit_code: str
    operating_status: Literal["normal", "suspended"]
    zero_report: bool
    accounting_method: str | None
    values: Values


@dataclass(frozen=True)
class MadeUpSingle:
    """An agency that sends its own workbook instead of standing in its unit's roll.

    `corrected` has two reports, the wrong one first; the others have one.
    """

    kind: Literal["plain", "corrected", "zero", "late"]
    reports: tuple[MadeUpReport, ...]


def draw_sample(
    rng: np.random.Generator, magnitudes: Magnitudes, agencies: Agencies, helped: Whole
) -> Whole:
    """Return the positions of the sampled agencies, in order of position.

    All large agencies; of each other stratum a systematic sample with equal chances, ordered by
    last year's placements (`helped`), so that small and big ones both come in.
    """
    design_date = last_day(magnitudes.periods[0])
    living = agencies.living(design_date)
    stratum = np.array([STRATA[size_class] for size_class in agencies.size_classes])
    chosen = [np.flatnonzero(living & (stratum == "LAR"))]
    for code, size in magnitudes.sample_sizes.items():
        listed = np.flatnonzero(living & (stratum == code))
        listed = listed[np.argsort(helped[listed], kind="stable")]
        step = len(listed) / size
        chosen.append(listed[((rng.random() + np.arange(size)) * step).astype(np.int64)])
    return np.sort(np.concatenate(chosen))


def pick_suspended(
    rng: np.random.Generator, magnitudes: Magnitudes, agencies: Agencies, sampled: Whole
) -> Whole:
    """Return the positions of the sampled small agencies that stop during the current year."""
    small = [position for position in sampled if agencies.size_classes[position] == "small"]
    return rng.choice(small, size=magnitudes.suspended.agencies, replace=False)


def draw_answering(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    agencies: Agencies,
    asked: Whole,
    rate: ResponseRate,
) -> Whole:
    """Return which of those asked report: the biggest always, others at random by size."""
    is_large = np.array([agencies.size_classes[position] == "large" for position in asked])
    chance = np.where(is_large, rate.large, rate.others)
    chance[agencies.revenue[asked] > magnitudes.response.always_above] = 1
    return asked[rng.random(len(asked)) < chance]


def write_reports(
    magnitudes: Magnitudes,
    agencies: Agencies,
    period: str,
    positions: Whole,
    suspended: Whole,
    this_year: Activity,
    last_year: Activity,
) -> list[MadeUpReport]:
    """Return the reports of these agencies for a period; 2025-02 stands for January and February.

    An agency with nothing to say since January sends a zero report.
    """
    month = int(period[-2:])
    first = 0 if month == 2 else month - 1
    keys: list[tuple[str, str]] = []
    columns: list[Whole] = []
    for code, flow in this_year.items():
        if code in STOCKS:
            keys.append((code, "month"))
            columns.append(flow[positions, month - 1])
            continue
        keys += [(code, "month"), (code, "ytd"), (code, "ytd_last_year")]
        columns.append(flow[positions, first:month].sum(axis=1))
        columns.append(flow[positions, :month].sum(axis=1))
        columns.append(last_year[code][positions, :month].sum(axis=1))
    rows = np.column_stack(columns).tolist()
    is_since = month >= magnitudes.suspended.since_month
    return [
        MadeUpReport(
            credit_code=agencies.credit_codes[position],
            agency_name=agencies.names[position],
            district_code=agencies.district_codes[position],
            reporting_unit_code=sender(magnitudes, agencies, period, position),
            operating_status="suspended" if is_since and position in suspended else "normal",
            zero_report=not any(row),
            accounting_method=None
            if agencies.is_public[position]
            else magnitudes.accounting_methods[agencies.accounting_method[position]].code,
            values=dict(zip(keys, map(Decimal, row), strict=True)) if any(row) else {},
        )
        for position, row in zip(positions.tolist(), rows, strict=True)
    ]


def sender(magnitudes: Magnitudes, agencies: Agencies, period: str, position: int) -> str:
    """Return who sends an agency's report: its reporting unit, before the last period the city."""
    if period != magnitudes.periods[-1]:
        return magnitudes.gathering_unit
    return agencies.reporting_unit_codes[position]


def take_out_singles(
    rolls: Mapping[str, list[MadeUpReport]], strata: Mapping[str, str]
) -> list[MadeUpSingle]:
    """Take four agencies out of the rolls; they send workbooks of their own.

    Args:
        rolls: Reports by sending unit; the four are removed.
        strata: Stratum of each sampled agency by credit code.
    """
    reports = [report for roll in rolls.values() for report in roll]
    working = [r for r in reports if r.values and r.operating_status == "normal"]
    medium, small = (
        [report for report in working if strata[report.credit_code] == code]
        for code in ("MED", "SMA")
    )
    zero = next(report for report in reports if report.zero_report)
    singles = [
        MadeUpSingle("plain", (small[0],)),
        MadeUpSingle("corrected", (_ten_times_the_revenue(medium[0]), medium[0])),
        MadeUpSingle("zero", (zero,)),
        MadeUpSingle("late", (small[-1],)),
    ]
    for single in singles:
        report = single.reports[-1]
        rolls[report.reporting_unit_code].remove(report)
    return singles


def last_day(period: str) -> dt.date:
    """Return the last day of a month (YYYY-MM)."""
    following = np.datetime64(period, "M") + 1
    day: dt.date = (following.astype("datetime64[D]") - 1).astype(object)
    return day


def _ten_times_the_revenue(report: MadeUpReport) -> MadeUpReport:
    """Return the report with a slip no audit relation finds: the month's revenue ten times over."""
    values = dict(report.values)
    for code, measure in report.values:
        if measure == "month" and code.startswith(("revenue_", "pass_through_")):
            slip = 9 * report.values[code, "month"]
            values[code, "month"] += slip
            values[code, "ytd"] += slip
    return replace(report, values=values)
