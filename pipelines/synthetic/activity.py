"""What the agencies did in a year, month by month and indicator by indicator.

Whole numbers in base units (元 in hundreds, 人次, 家次, …) that keep every audit relation of the
forms in every month, so that sums over months keep them too. Who is asked and who answers is in
`fieldwork`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from pipelines.synthetic.chance import Chance
from pipelines.synthetic.drawing import Flags, Floats, Whole
from pipelines.synthetic.magnitudes import Magnitudes
from pipelines.synthetic.population import Agencies
from pipelines.synthetic.seasons import season_of
from pipelines.synthetic.sizes import Sizes

STOCKS = frozenset({"dispatched_workers", "personnel_files"})
PRINTED_YUAN = 100  # amounts are printed in 万元 with two decimals

Activity = Mapping[str, Whole]
"""By indicator: one row an agency, one column a month."""


def work_a_year(
    chance: Chance,
    magnitudes: Magnitudes,
    agencies: Agencies,
    sizes: Sizes,
    year: int,
    scale: float,
) -> Activity:
    """Return all flash indicators of a year by agency and month.

    Args:
        chance: Source of chance.
        magnitudes: How big things are.
        agencies: Who exists.
        sizes: Their yearly levels.
        year: The year; its city totals scale what the agencies living at its end did.
        scale: The industry's size as a multiple of the natural one.
    """
    rng = chance.of("activity", year)
    totals = magnitudes.city_totals[year]
    season = season_of(magnitudes, year)
    active = agencies.active(year) & ~_suspended(chance, magnitudes, agencies, sizes, year)
    living = agencies.living(dt.date(year, 12, 31))

    def by_month(level: Floats, shares: Floats, total: float) -> Floats:
        noise = rng.lognormal(0, magnitudes.monthly_log_sd, (len(agencies), 12))
        months = shares * noise
        months = level[:, None] * months / months.sum(axis=1, keepdims=True) * active
        scaled: Floats = months * total / months[living].sum()
        return scaled

    revenue = by_month(sizes.revenue[year], season.revenue, totals["revenue_incl"] * scale)
    placements = by_month(sizes.placements[year], season.people, totals["placements"] * scale)
    money = _earn(magnitudes, agencies, revenue)
    return {
        **money,
        **_hold_fairs(rng, magnitudes, agencies, placements > 0, season.people),
        **_serve_people(rng, magnitudes, agencies, placements),
        **_serve_by_line(rng, magnitudes, agencies, money, active),
    }


def suspended_since(
    chance: Chance, magnitudes: Magnitudes, agencies: Agencies, sizes: Sizes, year: int
) -> Whole:
    """Return the month (1-12) since which an agency does not work that year; 0 where it does."""
    rng = chance.of("suspensions", year)
    months = rng.integers(2, 13, size=len(agencies))
    is_small = np.array(sizes.size_classes[year]) == "small"
    stops = is_small & (rng.random(len(agencies)) * 100 < magnitudes.suspended_pct)
    return np.where(stops, months, 0)


def _suspended(
    chance: Chance, magnitudes: Magnitudes, agencies: Agencies, sizes: Sizes, year: int
) -> Flags:
    """Return in which months of the year each agency is suspended."""
    since = suspended_since(chance, magnitudes, agencies, sizes, year)
    return (since[:, None] > 0) & (np.arange(1, 13) >= since[:, None])


def staff_at_year_end(
    chance: Chance, magnitudes: Magnitudes, staff: Floats, year: int
) -> dict[str, Whole]:
    """Return staff and its parts by agency (人)."""
    rng = chance.of("staff parts", year)
    total = np.maximum(1, _whole(rng, staff))
    return {
        "staff": total,
        **_split(rng, total, magnitudes.parts["staff"]),
        "staff_qualified": _part(rng, total, magnitudes.staff_qualified),
        "staff_titled": _part(rng, total, magnitudes.staff_titled),
    }


def add_formulas(activity: Activity) -> Activity:
    """Return the activity with the two revenues that are computed, never asked for."""
    return {
        **activity,
        "revenue_incl": activity["revenue_booked"] + activity["pass_through_unbooked"],
        "revenue_excl": activity["revenue_booked"] - activity["pass_through_booked"],
    }


def _whole(rng: np.random.Generator, expected: Floats) -> Whole:
    """Round up or down at random, so that small figures keep their mean."""
    return np.floor(expected + rng.random(expected.shape)).astype(np.int64)


def _part(rng: np.random.Generator, total: Whole, share: float) -> Whole:
    """Return about that share of a total, never more than the total."""
    return np.minimum(total, _whole(rng, total * share))


def _split(rng: np.random.Generator, total: Whole, shares: Mapping[str, float]) -> dict[str, Whole]:
    """Split a total into parts that add up to it; the last part takes the rest."""
    parts: dict[str, Whole] = {}
    rest, rest_share = total, 1.0
    *first, last = shares
    for code in first:
        parts[code] = _part(rng, rest, shares[code] / rest_share)
        rest, rest_share = rest - parts[code], rest_share - shares[code]
    return {**parts, last: rest}


def _printed(amount: Floats) -> Whole:
    """Round an amount to what the form prints."""
    return np.rint(amount / PRINTED_YUAN).astype(np.int64) * PRINTED_YUAN


def _earn(magnitudes: Magnitudes, agencies: Agencies, revenue: Floats) -> dict[str, Whole]:
    """Return the revenue lines: by business line, and as booked with its pass-through."""
    lines = magnitudes.business_lines
    total = _printed(revenue)
    main = _printed(total * agencies.main_line_share[:, None])
    amounts = {
        line.code: main * (agencies.main_line == position)[:, None]
        + (total - main) * (agencies.second_line == position)[:, None]
        for position, line in enumerate(lines)
    }
    pass_through = sum(
        (_printed(amounts[line.code] * line.pass_through) for line in lines),
        start=np.zeros_like(total),
    )
    methods = np.array([method.booked for method in magnitudes.accounting_methods])
    booked = _printed(pass_through * methods[agencies.accounting_method][:, None])
    unbooked = pass_through - booked
    return {
        "revenue_booked": total - unbooked,
        "pass_through_booked": booked,
        "pass_through_unbooked": unbooked,
        **{f"revenue_incl_{code}": amount for code, amount in amounts.items()},
    }


def _hold_fairs(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    agencies: Agencies,
    able: Flags,
    season: Floats,
) -> dict[str, Whole]:
    """Return the lines on job fairs; a month without a fair has no visitors either."""
    ratios = magnitudes.ratios
    a_year = agencies.holds_fairs * np.where(
        agencies.is_public, ratios["public_fairs_a_year"], ratios["market_fairs_a_year"]
    )
    fairs = _whole(rng, a_year[:, None] * season) * able
    employers = np.maximum(
        fairs, _whole(rng, fairs * ratios["employers_per_fair"] * _noise(rng, fairs))
    )
    return {
        "job_fairs": fairs,
        "job_fairs_graduates": _part(rng, fairs, ratios["fairs_for_graduates"]),
        "job_fairs_migrants": _part(rng, fairs, ratios["fairs_for_migrants"]),
        "fair_employers": employers,
        "fair_vacancies": _whole(rng, employers * ratios["vacancies_per_employer"]),
        "fair_seekers": _whole(rng, employers * ratios["seekers_per_employer"]),
    }


def _serve_people(
    rng: np.random.Generator, magnitudes: Magnitudes, agencies: Agencies, expected: Floats
) -> dict[str, Whole]:
    """Return the lines on recipients, placements and online posts, all led by placements."""
    ratios = magnitudes.ratios
    placements = _whole(rng, expected)
    not_placed = placements * (ratios["people_served_per_placement"] - 1)
    served = placements + _whole(rng, not_placed * _noise(rng, placements))
    seekers = _part(
        rng,
        served,
        ratios["registered_seekers_per_placement"] / ratios["people_served_per_placement"],
    )
    employers = _whole(rng, served * ratios["employers_per_person_served"])
    online = placements * agencies.is_online[:, None]
    return {
        "online_vacancies": _whole(rng, online * ratios["online_vacancies_per_placement"]),
        "online_seekers": _whole(rng, online * ratios["online_seekers_per_placement"]),
        "people_served": served,
        "people_served_graduates": _part(rng, served, ratios["graduates"]),
        "people_served_migrants": _part(rng, served, ratios["migrants"]),
        "registered_seekers": seekers,
        **_split(rng, seekers, magnitudes.parts["registered_seekers"]),
        "employers_served": employers,
        **_split(rng, employers, magnitudes.parts["employers_served"]),
        "placements": placements,
        "placements_graduates": _part(rng, placements, ratios["graduates"]),
        "placements_migrants": _part(rng, placements, ratios["migrants"]),
    }


def _serve_by_line(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    agencies: Agencies,
    money: Mapping[str, Whole],
    active: Flags,
) -> dict[str, Whole]:
    """Return what business lines do for their revenue, and the two stocks at each month's end."""
    ratios = magnitudes.ratios

    def bought(line: str, price: str) -> Whole:
        return _whole(rng, money[f"revenue_incl_{line}"] / ratios[price])

    # A stock follows the year's revenue, not the season.
    dispatch = money["revenue_incl_dispatch"].mean(axis=1, keepdims=True)
    workers = dispatch / ratios["revenue_per_dispatched_worker"] * active
    files = np.where(
        agencies.is_public,
        ratios["files_of_public_agency"],
        ratios["files_of_agency_line"] * (money["revenue_incl_agency"].sum(axis=1) > 0),
    )
    return {
        "dispatched_workers": _whole(rng, workers),
        "outsourcing_clients": bought("outsourcing", "revenue_per_outsourcing_client"),
        "training_participants": bought("training", "revenue_per_trainee"),
        "headhunting_placements": bought("headhunting", "revenue_per_headhunted"),
        "assessment_participants": bought("assessment", "revenue_per_assessed"),
        "personnel_files": _whole(rng, files[:, None] * active),
    }


def _noise(rng: np.random.Generator, like: Whole) -> Floats:
    """Return factors around 1."""
    return rng.lognormal(0, 0.2, like.shape)
