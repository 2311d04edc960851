"""How big the agencies are year by year: revenue, placements, staff and size classes.

Each year the agencies living at its end are put in order of size, a little shuffled by luck, and
take the places of that year's distribution: so the industry grows as planned, and each agency
still has a history of its own. Months are the matter of `activity`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from pipelines.synthetic.chance import Chance
from pipelines.synthetic.drawing import Floats, Whole, apportion
from pipelines.synthetic.magnitudes import Magnitudes, Spread
from pipelines.synthetic.population import Agencies
from pipelines.synthetic.seasons import season_of

SLEEPING_LEVEL = 60_000  # 元 a year: where a dormant agency stands in the order of size
DORMANT_LOG_SD = 0.8
PARETO_INDEX_BOUNDS = (-6.0, 12.0)


@dataclass(frozen=True)
class Sizes:
    """Yearly levels by agency: what a whole year of work would bring.

    `revenue` is 含代收代付 (元), `placements` in 人次, `staff` in 人, by year and agency; an agency
    that does not live in a year has 0. `size_classes` are codes by year; a newcomer's first class
    stands in the years before, too.
    """

    revenue: dict[int, Floats]
    placements: dict[int, Floats]
    staff: dict[int, Floats]
    size_classes: dict[int, list[str]]


def spread_out(low: float, high: float, mean: float, count: int) -> Floats:
    """Return `count` sizes between two bounds, largest first, with that mean.

    The quantiles of a truncated Pareto distribution whose index is solved for.

    Raises:
        ValueError: No such distribution has that mean.
    """
    middles = (np.arange(count) + 0.5) / count
    ratio = high / low

    def quantiles(index: float) -> Floats:
        if abs(index) < 1e-9:
            return low * ratio**middles
        sizes: Floats = low * (1 - middles * (1 - ratio**-index)) ** (-1 / index)
        return sizes

    index = brentq(lambda index: quantiles(index).mean() / mean - 1, *PARETO_INDEX_BOUNDS)
    return quantiles(index)[::-1]


def grow(chance: Chance, magnitudes: Magnitudes, agencies: Agencies, scale: float) -> Sizes:
    """Return the sizes of all years; city totals are those of the magnitudes times `scale`."""
    rng = chance.of("size order")
    order = np.where(
        agencies.start_level > 0,
        np.log(np.maximum(agencies.start_level, 1)),
        np.log(SLEEPING_LEVEL) + DORMANT_LOG_SD * rng.standard_normal(len(agencies)),
    )
    readiness = chance.of("placements").standard_normal(len(agencies))
    diligence = chance.of("staff").standard_normal(len(agencies))
    class_of = np.array([*(g.size_class for g in magnitudes.size_groups), "unclassified"])
    group = np.where(
        agencies.is_public,
        len(magnitudes.size_groups),
        [_group_of(magnitudes, level) for level in agencies.start_level.tolist()],
    )
    sizes = Sizes({}, {}, {}, {})
    before = agencies.start_level
    for year in magnitudes.years:
        if sizes.revenue:  # the first year's order is that of the start
            order = order + magnitudes.yearly_growth_log_sd * rng.standard_normal(len(agencies))
            order = _take_over(agencies, year, order)
        living = agencies.living(dt.date(year, 12, 31)) & ~agencies.is_public
        ranked = np.flatnonzero(living)[np.argsort(-order[living], kind="stable")]
        counts = apportion(len(ranked), [item.counts[year] for item in magnitudes.size_groups])
        group[ranked] = np.repeat(np.arange(len(counts)), counts)
        level = _levels(magnitudes, agencies, year, ranked, counts, scale)
        # Who leaves in the year goes on as before until then.
        leaving = agencies.active(year).any(axis=1) & ~living & ~agencies.is_public
        level[leaving] = before[leaving]
        order = np.where(level > 0, np.log(np.maximum(level, 1)), order)
        size_score = _standardised(level)
        drift = chance.of("placements", year).standard_normal(len(agencies))
        sizes.revenue[year] = before = level
        sizes.placements[year] = _people(
            magnitudes,
            agencies,
            year,
            level,
            readiness,
            np.exp(magnitudes.yearly_growth_log_sd * drift),
        )
        staff = _lognormal(magnitudes.staff, size_score, diligence)
        sizes.staff[year] = np.where(agencies.is_public | (level > 0), staff, 1.0)
        sizes.size_classes[year] = class_of[group].tolist()
    return sizes


def _group_of(magnitudes: Magnitudes, level: float) -> int:
    """Return the position of the size group that a yearly revenue falls into."""
    return next(n for n, group in enumerate(magnitudes.size_groups) if level >= group.low)


def _take_over(agencies: Agencies, year: int, order: Floats) -> Floats:
    """Let agencies grow by what they took over in the year."""
    grown = order.copy()
    left_then = agencies.exited.astype("datetime64[Y]") == np.datetime64(str(year), "Y")
    gone = np.flatnonzero((agencies.merged_into >= 0) & left_then)
    for position in gone.tolist():
        survivor = int(agencies.merged_into[position])
        grown[survivor] += np.log1p(np.exp(order[position] - grown[survivor]))
    return grown


def _levels(
    magnitudes: Magnitudes,
    agencies: Agencies,
    year: int,
    ranked: Whole,
    counts: Whole,
    scale: float,
) -> Floats:
    """Return the year's levels of agencies in order of size; the giants fill up the total."""
    level = np.zeros(len(agencies))
    members = np.split(ranked, np.cumsum(counts)[:-1])
    for item, positions in zip(magnitudes.size_groups, members, strict=True):
        if item.means and len(positions):
            level[positions] = spread_out(item.low, item.high, item.means[year], len(positions))
    worked = agencies.active(year) @ season_of(magnitudes, year).revenue
    rest = magnitudes.city_totals[year]["revenue_incl"] * scale - level @ worked
    first, giants = magnitudes.size_groups[0], members[0]
    if len(giants):
        mean = rest / worked[giants].sum()
        level[giants] = spread_out(first.low, first.high, mean, len(giants))
    return level


def _people(
    magnitudes: Magnitudes,
    agencies: Agencies,
    year: int,
    level: Floats,
    readiness: Floats,
    drift: Floats,
) -> Floats:
    """Return yearly placements before the city's total: public agencies help their share."""
    market = _lognormal(magnitudes.market_placements, _standardised(level), readiness) * drift
    market[(level <= 0) | agencies.is_public] = 0
    public = _lognormal(magnitudes.public_placements, np.zeros(len(level)), readiness) * drift
    public[~agencies.is_public] = 0
    counted = agencies.living(dt.date(year, 12, 31))
    worked = (agencies.active(year) @ season_of(magnitudes, year).people) * counted
    share = magnitudes.public_share
    if public.any() and market.any():
        public *= (market @ worked) / (public @ worked) * share / (1 - share)
    people: Floats = market + public
    return people


def _standardised(level: Floats) -> Floats:
    """Return the standardised logarithm of revenue; 0 for agencies without revenue."""
    score = np.zeros(len(level))
    logs = np.log(level[level > 0])
    score[level > 0] = (logs - logs.mean()) / logs.std()
    return score


def _lognormal(spread: Spread, size_score: Floats, own_score: Floats) -> Floats:
    """Return a lognormal quantity, correlated with the size score."""
    correlation = spread.revenue_correlation
    score = correlation * size_score + np.sqrt(1 - correlation**2) * own_score
    drawn: Floats = spread.median * np.exp(spread.log_sd * score)
    return drawn
