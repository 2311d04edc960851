"""Who is asked for a flash report and who answers, on time or late.

What the reports say is the matter of `reports`, what goes wrong in them of `mistakes`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from pipelines.synthetic.drawing import Flags, Floats, Whole
from pipelines.synthetic.industry import Industry, last_day

STRATA = {
    "unclassified": "PUB",
    "large": "LAR",
    "medium": "MED",
    "small": "SMA",
    "micro": "MIC",
}
TAKE_ALL = "large"
FIRST_SAMPLE_MONTH = "02"  # January is reported with February


@dataclass(frozen=True)
class Sample:
    """The flash sample of a year: positions of its agencies, and their size class when drawn."""

    year: int
    positions: Whole
    size_classes: list[str]

    @property
    def period(self) -> str:
        """The first month for which the sample is asked."""
        return f"{self.year}-{FIRST_SAMPLE_MONTH}"


@dataclass(frozen=True)
class Answers:
    """Who of those asked in a month answered, by position: by the cut-off, and after it."""

    asked: Whole
    on_time: Whole
    late: Whole


def register_before(year: int) -> str:
    """Return the month of the register from which the sample of a year is drawn."""
    return f"{year - 1}-12"


def size_classes_in(industry: Industry, period: str) -> list[str]:
    """Return the size classes that a register of that month has: those of the year before."""
    year = max(int(period[:4]) - 1, industry.magnitudes.years[0])
    return industry.sizes.size_classes[year]


def draw_sample(industry: Industry, year: int, numbers: Floats | None = None) -> Sample:
    """Return the sample of a year: all large agencies, simple random samples of the others.

    Args:
        industry: From whom it is drawn: those living when the register before was made.
        year: The year in which it is asked.
        numbers: Random numbers by agency, of which a stratum's smallest are taken; None for the
            permanent ones, which let the samples of successive years overlap (Ohlsson 1995).
    """
    if numbers is None:
        numbers = industry.chance.of("permanent random numbers").random(len(industry.agencies))
    register = register_before(year)
    living = industry.agencies.living(last_day(register))
    size_classes = np.array(size_classes_in(industry, register))
    chosen = [np.flatnonzero(living & (size_classes == TAKE_ALL))]
    for size_class, code in STRATA.items():
        if size_class == TAKE_ALL:
            continue
        listed = np.flatnonzero(living & (size_classes == size_class))
        wanted = round(industry.magnitudes.sample_sizes[code] * industry.scale)
        chosen.append(listed[np.argsort(numbers[listed], kind="stable")][:wanted])
    positions = np.sort(np.concatenate(chosen))
    return Sample(year, positions, size_classes[positions].tolist())


def collect_answers(
    industry: Industry,
    sample: Sample,
    period: str,
    *,
    depends_on_growth: bool,
    number: int | None = None,
) -> Answers:
    """Return who of the sampled agencies still living answers for a month.

    Readiness stays with an agency from month to month in part, and differs by district.

    Args:
        industry: Whose agencies they are.
        sample: Who is asked.
        period: The month (YYYY-MM).
        depends_on_growth: Whether agencies below last year's level answer less.
        number: Another stream of chance, for repeated draws.
    """
    response = industry.magnitudes.response
    stream = 0 if number is None else number
    count = len(industry.agencies)
    lasting = industry.chance.of("readiness", stream).standard_normal(count)
    passing = industry.chance.of(f"readiness in {period}", stream).standard_normal(count)
    mix = response.persistence
    readiness = norm.cdf(np.sqrt(mix) * lasting + np.sqrt(1 - mix) * passing)

    is_large = np.zeros(count, dtype=np.bool_)
    is_large[sample.positions] = np.array(sample.size_classes) == TAKE_ALL
    by_cut_off = np.where(
        is_large,
        response.by_cut_off.large,
        response.by_cut_off.others + _district_effects(industry)[industry.agencies.unit],
    )
    if depends_on_growth:
        by_cut_off = by_cut_off - response.decliners_less * _declines(industry, period)
    later = np.where(
        is_large,
        response.at_last.large - response.by_cut_off.large,
        response.at_last.others - response.by_cut_off.others,
    )
    asked = sample.positions[industry.agencies.living(last_day(period))[sample.positions]]
    on_time = 100 * readiness[asked] < by_cut_off[asked]
    at_last = 100 * readiness[asked] < (by_cut_off + later)[asked]
    return Answers(asked, asked[on_time], asked[at_last & ~on_time])


def answering_annual_return(industry: Industry, year: int) -> Whole:
    """Return the positions of those who send the annual return, of all living at the year's end."""
    living = np.flatnonzero(industry.agencies.living(last_day(f"{year}-12")))
    annual = industry.magnitudes.response.annual
    size_classes = industry.sizes.size_classes[year]
    chance = np.array([annual[size_classes[position]] for position in living])
    drawn = industry.chance.of("annual response", year).random(len(industry.agencies))[living]
    return living[100 * drawn < chance]


def _district_effects(industry: Industry) -> Floats:
    """Return by how many points the response of each reporting unit differs from the mean."""
    units = industry.magnitudes.units
    drawn = industry.chance.of("districts").uniform(-1, 1, len(units))
    weights = np.array([unit.weight for unit in units])
    effects: Floats = industry.magnitudes.response.district_spread * (
        drawn - drawn @ weights / weights.sum()
    )
    return effects


def _declines(industry: Industry, period: str) -> Flags:
    """Return whose revenue since January is below last year's."""
    year, month = map(int, period.split("-"))
    now = industry.flows(year)["revenue_incl"][:, :month].sum(axis=1)
    before = industry.flows(year - 1)["revenue_incl"][:, :month].sum(axis=1)
    declines: Flags = now < before
    return declines
