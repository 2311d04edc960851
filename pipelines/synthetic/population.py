"""Who exists in the made-up industry: the agencies, their attributes, dates and yearly size.

What they do month by month is in `activity`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from stdnum.cn import uscc

from pipelines.synthetic.magnitudes import Magnitudes, Spread

Floats = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]

GOLDEN_SECTION = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Agencies:
    """All agencies that ever existed up to the register's date, one position each.

    `revenue` and `placements` are yearly levels (元, 人次), before growth and season. `exited` is
    NaT for the living. Lines and methods are positions in the magnitudes' lists.
    """

    credit_codes: list[str]
    names: list[str]
    district_codes: list[str]
    reporting_unit_codes: list[str]
    institution_types: list[str]
    size_classes: list[str]
    registered: Dates
    exited: Dates
    is_public: Flags
    revenue: Floats
    placements: Floats
    staff: Floats
    main_line: Whole
    second_line: Whole
    main_line_share: Floats
    accounting_method: Whole
    holds_fairs: Flags
    is_online: Flags

    def __len__(self) -> int:
        """Return how many agencies there are."""
        return len(self.credit_codes)

    def living(self, last_date: dt.date) -> Flags:
        """Return who is registered and has not left at the end of that day."""
        day = np.datetime64(last_date, "D")
        return (self.registered <= day) & ~(self.exited <= day)

    def active(self, year: int) -> Flags:
        """Return in which months of the year each works, from registering to before leaving."""
        months = np.arange(f"{year}-01", f"{year + 1}-01", dtype="datetime64[M]")
        registered = self.registered.astype("datetime64[M]")[:, None]
        exited = self.exited.astype("datetime64[M]")[:, None]
        return (registered <= months) & ~(exited <= months)


def credit_code(serial: int, district_code: str, *, is_public: bool) -> str:
    """Return a 统一社会信用代码 with a right check character (GB 32100-2015)."""
    body = f"{'12' if is_public else '91'}{district_code}MAXX{serial:05d}"
    return body + str(uscc.calc_check_digit(body))


def found_agencies(rng: np.random.Generator, magnitudes: Magnitudes) -> Agencies:
    """Draw all agencies: public ones first, market agencies after them in order of registration."""
    public_count = sum(unit.public for unit in magnitudes.units)
    count = sum(cohort.registered for cohort in magnitudes.cohorts)
    is_public = np.arange(count) < public_count
    cohort = np.repeat(
        np.arange(len(magnitudes.cohorts)), [item.registered for item in magnitudes.cohorts]
    )
    group = _draw_size_groups(rng, magnitudes, is_public, cohort)
    registered, exited = _draw_dates(rng, magnitudes, group, cohort)
    revenue = _draw_revenue(rng, magnitudes, group, np.isnat(exited))
    size_classes = [
        "unclassified" if position < 0 else magnitudes.size_groups[position].size_class
        for position in group
    ]
    unit = _draw_units(rng, magnitudes, size_classes)
    districts = [_site(rng, magnitudes, position) for position in unit]
    main_line, second_line = _draw_lines(rng, magnitudes, size_classes, revenue)
    return Agencies(
        credit_codes=[
            credit_code(position + 1, districts[position], is_public=position < public_count)
            for position in range(count)
        ],
        names=[
            _name(
                position + 1,
                magnitudes.units[unit[position]].name,
                None
                if position < public_count
                else magnitudes.business_lines[main_line[position]].name,
            )
            for position in range(count)
        ],
        district_codes=districts,
        reporting_unit_codes=[magnitudes.units[position].code for position in unit],
        institution_types=np.where(
            is_public,
            _draw_codes(rng, magnitudes.public_types, count),
            _draw_codes(rng, magnitudes.market_types, count),
        ).tolist(),
        size_classes=size_classes,
        registered=registered,
        exited=exited,
        is_public=is_public,
        revenue=revenue,
        placements=_draw_placements(rng, magnitudes, is_public, revenue),
        staff=np.where(
            is_public | (revenue > 0), _lognormal(rng, magnitudes.staff, _size_score(revenue)), 1.0
        ),
        main_line=main_line,
        second_line=second_line,
        main_line_share=rng.uniform(*magnitudes.main_line_share, count),
        accounting_method=_draw_positions(
            rng, [method.frequency for method in magnitudes.accounting_methods], count
        ),
        holds_fairs=rng.random(count)
        < np.where(
            is_public,
            magnitudes.ratios["public_agencies_with_fairs"],
            magnitudes.ratios["agencies_with_fairs"],
        ),
        is_online=rng.random(count) < magnitudes.ratios["online_agencies"],
    )


def _draw_positions(rng: np.random.Generator, shares: Sequence[float], count: int) -> Whole:
    """Draw positions of a list with probabilities proportional to the shares."""
    chances = np.asarray(shares, dtype=np.float64)
    return rng.choice(len(chances), size=count, p=chances / chances.sum())


def _draw_codes(
    rng: np.random.Generator, frequencies: dict[str, float], count: int
) -> npt.NDArray[np.str_]:
    """Draw codes with probabilities proportional to their frequencies."""
    positions = _draw_positions(rng, list(frequencies.values()), count)
    return np.array(list(frequencies))[positions]


def _draw_size_groups(
    rng: np.random.Generator, magnitudes: Magnitudes, is_public: Flags, cohort: Whole
) -> Whole:
    """Draw each agency's size group, -1 for public ones; counted groups are established ones."""
    groups = magnitudes.size_groups
    is_established = cohort <= 1  # registered by 2021
    drawn = np.where(
        is_established,
        _draw_positions(rng, [group.established for group in groups], len(cohort)),
        _draw_positions(rng, [group.newcomer for group in groups], len(cohort)),
    )
    counted = np.repeat(np.arange(len(groups)), [group.count for group in groups])
    candidates = np.flatnonzero(is_established & ~is_public)
    drawn[rng.choice(candidates, size=len(counted), replace=False)] = counted
    drawn[is_public] = -1
    return drawn


def _draw_dates(
    rng: np.random.Generator, magnitudes: Magnitudes, group: Whole, cohort: Whole
) -> tuple[Dates, Dates]:
    """Draw dates of registration and exit; public and large agencies stay."""
    registered = np.empty(len(group), dtype="datetime64[D]")
    exited = np.full(len(group), np.datetime64("NaT", "D"))
    chances = np.array([item.exit for item in magnitudes.size_groups] + [0.0])[group]
    for position, item in enumerate(magnitudes.cohorts):
        first, last = np.datetime64(item.first_date, "D"), np.datetime64(item.last_date, "D")
        days = int((last - first).astype(np.int64)) + 1
        born = cohort == position
        registered[born] = np.sort(first + rng.integers(days, size=int(born.sum())))
        may_leave = chances * ((cohort < position) & np.isnat(exited))
        leaving = (
            rng.choice(len(group), size=item.exited, replace=False, p=may_leave / may_leave.sum())
            if item.exited
            else np.empty(0, dtype=np.int64)
        )
        exited[leaving] = first + rng.integers(days, size=item.exited)
    return registered, exited


def _draw_revenue(
    rng: np.random.Generator, magnitudes: Magnitudes, group: Whole, stays: Flags
) -> Floats:
    """Spread revenue within each size group, then let the large ones fill up the city's total."""
    revenue = np.zeros(len(group))
    for position, item in enumerate(magnitudes.size_groups):
        members = np.flatnonzero(group == position)
        if item.high:
            # One agency in each equal slice, so that the total hardly depends on the seed.
            level = rng.permutation(np.arange(len(members)) + rng.random(len(members)))
            revenue[members] = item.low * (item.high / item.low) ** (level / len(members))
    is_counted = np.array([bool(item.count) for item in magnitudes.size_groups] + [False])[group]
    others = revenue[stays & ~is_counted].sum()
    total = magnitudes.city_totals[magnitudes.level_year]["revenue_incl"]
    revenue[is_counted] *= (total - others) / revenue[is_counted].sum()
    return revenue


def _size_score(revenue: Floats) -> Floats:
    """Return the standardised logarithm of revenue; 0 for agencies without revenue."""
    score = np.zeros(len(revenue))
    logs = np.log(revenue[revenue > 0])
    score[revenue > 0] = (logs - logs.mean()) / logs.std()
    return score


def _lognormal(rng: np.random.Generator, spread: Spread, size: Floats) -> Floats:
    """Draw a lognormal quantity, correlated with the size score."""
    correlation = spread.revenue_correlation
    score = correlation * size + np.sqrt(1 - correlation**2) * rng.standard_normal(len(size))
    drawn: Floats = spread.median * np.exp(
        spread.log_sd * np.clip(score, -spread.limit, spread.limit)
    )
    return drawn


def _draw_placements(
    rng: np.random.Generator, magnitudes: Magnitudes, is_public: Flags, revenue: Floats
) -> Floats:
    """Draw yearly placements: public agencies and those with revenue help people into work."""
    size = _size_score(revenue)
    market = _lognormal(rng, magnitudes.market_placements, size)
    public = _lognormal(rng, magnitudes.public_placements, size)
    return np.where(is_public, public, np.where(revenue > 0, market, 0.0))


def _draw_units(
    rng: np.random.Generator, magnitudes: Magnitudes, size_classes: Sequence[str]
) -> Whole:
    """Draw each agency's reporting unit; the public ones come first and are counted by unit."""
    units = magnitudes.units
    weights = {
        name: sum(unit.weight for unit in units if unit.group == name)
        for name in magnitudes.area_groups
    }
    large = [
        unit.weight / weights[unit.group] * magnitudes.area_groups[unit.group].large
        for unit in units
    ]
    others = [
        unit.weight / weights[unit.group] * magnitudes.area_groups[unit.group].agencies
        for unit in units
    ]
    count = len(size_classes)
    drawn = np.where(
        np.array(size_classes) == "large",
        _draw_positions(rng, large, count),
        _draw_positions(rng, others, count),
    )
    public = np.repeat(np.arange(len(units)), [unit.public for unit in units])
    drawn[: len(public)] = public
    return drawn


def _site(rng: np.random.Generator, magnitudes: Magnitudes, unit: int) -> str:
    """Return the division an agency of that reporting unit sits in."""
    sites = magnitudes.units[unit].sites or [magnitudes.units[unit].code]
    return sites[int(rng.integers(len(sites)))]


def _draw_lines(
    rng: np.random.Generator, magnitudes: Magnitudes, size_classes: Sequence[str], revenue: Floats
) -> tuple[Whole, Whole]:
    """Draw each agency's main and second business line; a public agency's main line is 招聘."""
    lines = magnitudes.business_lines
    classes = np.array(size_classes)
    frequencies = {
        "large": [line.large for line in lines],
        "medium": [line.medium for line in lines],
        "small": [line.small for line in lines],
        "micro": [line.micro for line in lines],
    }
    main = np.zeros(len(classes), dtype=np.int64)
    for size_class, shares in frequencies.items():
        members = np.flatnonzero(classes == size_class)
        members = members[np.argsort(revenue[members], kind="stable")]
        # Dealt in order of size, so that the few big ones hold each line's share of revenue too.
        dealt = (rng.random() + np.arange(len(members)) * GOLDEN_SECTION) % 1
        main[members] = np.searchsorted(np.cumsum(shares) / sum(shares), dealt, side="right")
    second = _draw_positions(rng, frequencies["small"], len(classes))
    return main, np.where(second == main, (second + 1) % len(lines), second)


def _name(serial: int, place: str, business: str | None) -> str:
    """Return a name that nobody takes for a real one; without a business, a public agency's."""
    kind = f"{business}有限公司" if business else "公共就业服务中心"
    return f"重庆{place}示例{kind}{serial:04d}"
