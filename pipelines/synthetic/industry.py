"""The made-up industry as a whole: register, sample, annual returns, flash reports and the truth.

Only put together here; how each part comes about is said in its own module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pipelines.synthetic.activity import (
    STOCKS,
    Activity,
    add_formulas,
    staff_at_year_end,
    work_a_year,
)
from pipelines.synthetic.fieldwork import (
    MadeUpReport,
    MadeUpSingle,
    draw_answering,
    draw_sample,
    last_day,
    pick_suspended,
    take_out_singles,
    write_reports,
)
from pipelines.synthetic.lists import Row, list_annual_returns, list_register, list_sample
from pipelines.synthetic.magnitudes import Magnitudes, load_magnitudes
from pipelines.synthetic.population import Agencies, Whole, found_agencies


@dataclass(frozen=True)
class Truth:
    """What a perfect count would find, in base units.

    `institutions`: living agencies at a month's end (YYYY-MM). `annual`: by year and indicator,
    of the agencies living at its end. `ytd`: by period and indicator, since January, of the
    agencies living at the period's end. Flows only; both computed revenues are among them.
    """

    institutions: Mapping[str, int]
    annual: Mapping[tuple[int, str], Decimal]
    ytd: Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Industry:
    """What would lie in the inbox, as data, and what is true; amounts are in base units.

    `register` and `sample` are rows by field code, valid at and from their periods; `annual` has
    such rows by year; `reports` the rolls by period and sending unit; `singles` the agencies of
    `singles_period` that stand in no roll.
    """

    register_period: str
    register: list[Row]
    sample_period: str
    sample: list[Row]
    annual: dict[int, list[Row]]
    reports: dict[str, dict[str, list[MadeUpReport]]]
    singles_period: str
    singles: list[MadeUpSingle]
    truth: Truth


def make_industry(seed: int = 20250630) -> Industry:
    """Return the industry of that seed; the same seed gives the same data."""
    rng = np.random.default_rng(seed)
    magnitudes = load_magnitudes()
    agencies = found_agencies(rng, magnitudes)
    *past_years, this_year = magnitudes.city_totals
    last_year = past_years[-1]

    work: dict[int, Activity] = {}
    for year in past_years:
        living = agencies.living(dt.date(year, 12, 31))
        work[year] = work_a_year(rng, magnitudes, agencies, year, agencies.active(year), living)
    annual = {
        year: _collect_annual_returns(rng, magnitudes, agencies, year, work[year])
        for year in past_years
    }

    helped = work[last_year]["placements"].sum(axis=1)
    sampled = draw_sample(rng, magnitudes, agencies, helped)
    sample = list_sample(magnitudes, agencies, sampled)
    suspended = pick_suspended(rng, magnitudes, agencies, sampled)
    active = agencies.active(this_year)
    active[suspended, magnitudes.suspended.since_month - 1 :] = False
    living = agencies.living(last_day(magnitudes.register_period))
    work[this_year] = work_a_year(rng, magnitudes, agencies, this_year, active, living)

    reports: dict[str, dict[str, list[MadeUpReport]]] = {}
    for period in magnitudes.periods:
        asked = sampled[agencies.living(last_day(period))[sampled]]
        answering = draw_answering(rng, magnitudes, agencies, asked, magnitudes.response.flash)
        written = write_reports(
            magnitudes, agencies, period, answering, suspended, work[this_year], work[last_year]
        )
        units = sorted({report.reporting_unit_code for report in written})
        reports[period] = {
            unit: [report for report in written if report.reporting_unit_code == unit]
            for unit in units
        }
    singles_period = magnitudes.periods[-1]
    strata = {row["credit_code"]: row["stratum"] for row in sample}
    singles = take_out_singles(reports[singles_period], strata)
    reports[singles_period] = {u: roll for u, roll in reports[singles_period].items() if roll}

    return Industry(
        register_period=magnitudes.register_period,
        register=list_register(magnitudes, agencies),
        sample_period=magnitudes.sample_period,
        sample=sample,
        annual=annual,
        reports=reports,
        singles_period=singles_period,
        singles=singles,
        truth=_count_everything(magnitudes, agencies, work),
    )


def _collect_annual_returns(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    agencies: Agencies,
    year: int,
    activity: Activity,
) -> list[Row]:
    """Return the annual returns of nearly all agencies living at the year's end."""
    living = np.flatnonzero(agencies.living(dt.date(year, 12, 31)))
    reporting = draw_answering(rng, magnitudes, agencies, living, magnitudes.response.annual)
    staff = staff_at_year_end(rng, magnitudes, agencies)
    return list_annual_returns(agencies, reporting, activity, staff)


def _count_everything(
    magnitudes: Magnitudes, agencies: Agencies, work: Mapping[int, Activity]
) -> Truth:
    """Return the true counts and totals."""
    year_ends = [cohort.last_date.strftime("%Y-%m") for cohort in magnitudes.cohorts]
    annual: dict[tuple[int, str], Decimal] = {}
    ytd: dict[tuple[str, str], Decimal] = {}
    *past_years, this_year = work
    for year in past_years:
        living = agencies.living(dt.date(year, 12, 31))
        for code, flow in _flows(work[year]).items():
            annual[year, code] = Decimal(int(flow[living].sum()))
    for period in magnitudes.periods:
        living = agencies.living(last_day(period))
        for code, flow in _flows(work[this_year]).items():
            ytd[period, code] = Decimal(int(flow[living, : int(period[-2:])].sum()))
    return Truth(
        institutions={
            month: int(agencies.living(last_day(month)).sum())
            for month in sorted({*year_ends, *magnitudes.periods})
        },
        annual=annual,
        ytd=ytd,
    )


def _flows(activity: Activity) -> dict[str, Whole]:
    """Return the flows, with the two computed revenues."""
    return {code: values for code, values in add_formulas(activity).items() if code not in STOCKS}
