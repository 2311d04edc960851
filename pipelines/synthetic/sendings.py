"""What is sent in a span of months, file by file: rolls, one-agency workbooks, corrections, copies.

Files are data here: which reports, by whom, on which day. Writing them is not the matter of this
room, and the lists (register, sample, annual return, …) are the matter of `lists`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from pipelines.synthetic.drawing import Whole
from pipelines.synthetic.fieldwork import Sample, collect_answers, draw_sample
from pipelines.synthetic.industry import Industry
from pipelines.synthetic.mistakes import Mistake, Spoilt, spoil
from pipelines.synthetic.reports import MadeUpReport, write_reports

CITY = "500000"  # gathers late reports and corrections of those that report in a roll
WRONG_PERIOD = ("wrong_period", None, None)  # kind, and no figure
SINGLES_WANTED = 300  # one-agency workbooks in the last month of an industry of natural size

Layout = Literal["roll", "single"]


@dataclass(frozen=True)
class Sending:
    """A file of flash reports: when and from whom it comes, and how it is known.

    `cover_period` is what the cover says, `period` the folder it is put into; `remark` tells a
    correction (更正), a late report (逾期, gathered in a roll 补报) and a copy (…副本) apart.
    """

    day: dt.date
    period: str
    cover_period: str
    unit_code: str
    layout: Layout
    remark: str
    reports: tuple[MadeUpReport, ...]


@dataclass(frozen=True)
class Fieldwork:
    """Everything about the flash reports of a span: samples, files by day, planted mistakes.

    `silent` are right reports of two agencies that are asked in the last month and never heard.
    """

    samples: list[Sample]
    sendings: list[Sending]
    mistakes: list[Mistake]
    silent: list[MadeUpReport]


@dataclass(frozen=True)
class Conditions:
    """How the fieldwork goes.

    `dirtiness` multiplies all rates of mistakes; `layouts` are the kinds of workbook that are
    sent: with both, only the last month has one-agency workbooks, with none nothing is sent.
    """

    depends_on_growth: bool = True
    dirtiness: float = 1.0
    layouts: frozenset[Layout] = field(default_factory=lambda: frozenset({"roll", "single"}))


def report_periods(first: str, last: str) -> list[str]:
    """Return the months (YYYY-MM) for which reports are due in a span; January has none."""
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    return [month for month in map(str, months) if not month.endswith("-01")]


def do_fieldwork(industry: Industry, first: str, last: str, conditions: Conditions) -> Fieldwork:
    """Return what is sent for the months of a span, in order of arrival."""
    periods = report_periods(first, last)
    samples = {year: draw_sample(industry, year) for year in sorted({int(p[:4]) for p in periods})}
    sendings: list[Sending] = []
    mistakes: list[Mistake] = []
    for period in periods if conditions.layouts else []:
        single_units = _single_units(industry, conditions, period == periods[-1])
        sent, wrong = _send_month(
            industry, samples[int(period[:4])], period, conditions, single_units
        )
        sendings += sent
        mistakes += wrong
    sendings.sort(key=lambda sending: sending.day)
    silent = _silent(industry, samples[int(periods[-1][:4])], periods[-1], conditions)
    return Fieldwork(list(samples.values()), sendings, mistakes, silent)


def _silent(
    industry: Industry, sample: Sample, period: str, conditions: Conditions
) -> list[MadeUpReport]:
    """Return right reports of two agencies that are not heard in a month."""
    answers = collect_answers(
        industry, sample, period, depends_on_growth=conditions.depends_on_growth
    )
    heard = np.union1d(answers.on_time, answers.late)
    reports = write_reports(industry, period, np.setdiff1d(answers.asked, heard))
    return [report for report in reports if report.values][:2]


def _single_units(industry: Industry, conditions: Conditions, is_last: bool) -> set[str]:
    """Return the reporting units whose agencies send workbooks of their own, largest unit first.

    As many units in an industry of any size: the workbooks grow with it.
    """
    units = industry.magnitudes.units
    if "single" not in conditions.layouts:
        return set()
    if "roll" not in conditions.layouts:
        return {unit.code for unit in units}
    if not is_last:
        return set()
    sampled = sum(industry.magnitudes.sample_sizes.values())
    chosen: set[str] = set()
    expected = 0.0
    for unit in sorted(units, key=lambda unit: -unit.weight):
        if expected < SINGLES_WANTED:
            chosen.add(unit.code)
            expected += sampled * unit.weight / 100
    return chosen


def _send_month(
    industry: Industry,
    sample: Sample,
    period: str,
    conditions: Conditions,
    single_units: set[str],
) -> tuple[list[Sending], list[Mistake]]:
    """Return the files of a month and what is wrong in them."""
    answers = collect_answers(
        industry, sample, period, depends_on_growth=conditions.depends_on_growth
    )
    rng = industry.chance.of("mistakes", int(period.replace("-", "")))
    timely, late = (
        _spoilt(rng, industry, period, positions, conditions)
        for positions in (answers.on_time, answers.late)
    )
    sendings = [
        *_send_rolls(rng, industry, period, _of_units(timely, single_units, False)),
        *_send_supplements(
            industry,
            period,
            _of_units(timely, single_units, False),
            _of_units(late, single_units, False),
        ),
        *_send_singles(rng, industry, period, _of_units(timely, single_units, True), conditions),
        *_send_late_singles(rng, industry, period, _of_units(late, single_units, True)),
    ]
    repeated = industry.magnitudes.mistakes.repeated * conditions.dirtiness
    copies = [
        replace(sending, remark=f"{sending.remark}副本", day=sending.day + dt.timedelta(days=1))
        for sending, luck in zip(sendings, 100 * rng.random(len(sendings)), strict=True)
        if luck < repeated
    ]
    # Who is late and corrects has never sent what was wrong.
    mistakes = [
        each.mistake
        for each in (*timely, *(each for each in late if not each.correction))
        if each.mistake
    ]
    mistakes += [
        Mistake(period, sending.reports[0].credit_code, *WRONG_PERIOD, sending.cover_period, True)
        for sending in sendings
        if sending.cover_period != period
    ]
    return [*sendings, *copies], mistakes


def _spoilt(
    rng: np.random.Generator,
    industry: Industry,
    period: str,
    positions: Whole,
    conditions: Conditions,
) -> list[Spoilt]:
    """Return the reports of these agencies as they really come."""
    return [
        spoil(rng, industry.magnitudes, period, report, conditions.dirtiness)
        for report in write_reports(industry, period, positions)
    ]


def _of_units(spoilt: Iterable[Spoilt], units: set[str], is_in: bool) -> list[Spoilt]:
    """Return the reports whose agencies report through one of these units, or through another."""
    return [each for each in spoilt if (each.sent.reporting_unit_code in units) == is_in]


def _send_rolls(
    rng: np.random.Generator, industry: Industry, period: str, spoilt: Sequence[Spoilt]
) -> Iterator[Sending]:
    """Yield a roll of every unit that reports."""
    arrivals = industry.magnitudes.arrivals
    by_unit: dict[str, list[MadeUpReport]] = defaultdict(list)
    for each in spoilt:
        by_unit[each.sent.reporting_unit_code].append(each.sent)
    codes = [unit.code for unit in industry.magnitudes.units]
    for code in (*codes, *sorted(by_unit.keys() - set(codes))):
        day = day_after(period, int(rng.choice(arrivals.on_time)))
        if code in by_unit:
            reports = tuple(by_unit[code])
            yield Sending(day, period, period, code, "roll", "", reports)


def _send_supplements(
    industry: Industry, period: str, timely: Sequence[Spoilt], late: Sequence[Spoilt]
) -> Iterator[Sending]:
    """Yield the rolls in which the city gathers corrections, and after the cut-off late reports.

    Who is late is asked about what is wrong before it is entered.
    """
    arrivals = industry.magnitudes.arrivals
    corrections = [each.correction for each in timely if each.correction]
    late_reports = [each.correction or each.sent for each in late]
    for remark, reports, day in (
        ("更正", corrections, arrivals.on_time[-1] + arrivals.correction),
        ("补报", late_reports, arrivals.late[-1]),
    ):
        if reports:
            gathered = tuple(replace(report, reporting_unit_code=CITY) for report in reports)
            yield Sending(day_after(period, day), period, period, CITY, "roll", remark, gathered)


def _send_singles(
    rng: np.random.Generator,
    industry: Industry,
    period: str,
    spoilt: Sequence[Spoilt],
    conditions: Conditions,
) -> Iterator[Sending]:
    """Yield the workbooks of agencies that report by themselves, and their corrections."""
    arrivals = industry.magnitudes.arrivals
    wrong_period = industry.magnitudes.mistakes.wrong_period * conditions.dirtiness
    before = str(np.datetime64(period, "M") - 1)
    for each in spoilt:
        day = day_after(period, int(rng.choice(arrivals.on_time)))
        is_wrong = 100 * rng.random() < wrong_period and not before.endswith("-01")
        unit = each.sent.reporting_unit_code
        cover = before if is_wrong else period
        yield Sending(day, period, cover, unit, "single", "", (each.sent,))
        correction = each.correction or (each.sent if is_wrong else None)
        if correction:
            day += dt.timedelta(days=arrivals.correction)
            yield Sending(day, period, period, unit, "single", "更正", (correction,))


def _send_late_singles(
    rng: np.random.Generator, industry: Industry, period: str, spoilt: Sequence[Spoilt]
) -> Iterator[Sending]:
    """Yield the workbooks that come after the cut-off."""
    arrivals = industry.magnitudes.arrivals
    for each in spoilt:
        day = day_after(period, int(rng.choice(arrivals.late)))
        unit = each.sent.reporting_unit_code
        report = each.correction or each.sent
        yield Sending(day, period, period, unit, "single", "逾期", (report,))


def day_after(period: str, day: int) -> dt.date:
    """Return that day of the month after a period."""
    following = np.datetime64(period, "M") + 1
    first: dt.date = following.astype("datetime64[D]").astype(object)
    return first + dt.timedelta(days=day - 1)
