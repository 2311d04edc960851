"""How a year's work falls on its months, with 春节 where the calendar has it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.drawing import Floats
from pipelines.synthetic.magnitudes import Magnitudes

HOLIDAY = (-3, 11)  # first and last day, counted from 春节


@dataclass(frozen=True)
class Season:
    """The twelve months' shares of a year; they add up to 1."""

    revenue: Floats
    people: Floats


def season_of(magnitudes: Magnitudes, year: int) -> Season:
    """Return the year's shares: the more of the holiday lies in January, the earlier its dip."""
    seasons = magnitudes.seasons
    early = january_share(magnitudes.spring_festivals[year])

    def blend(late: list[float], first_three: list[float]) -> Floats:
        months = np.array(late)
        months[:3] = (1 - early) * months[:3] + early * np.array(first_three)
        shares: Floats = months / months.sum()
        return shares

    return Season(
        blend(seasons.revenue, seasons.early_festival.revenue),
        blend(seasons.people, seasons.early_festival.people),
    )


def january_share(festival: dt.date) -> float:
    """Return the share of the holiday's days that lie in January."""
    days = [festival + dt.timedelta(days=day) for day in range(HOLIDAY[0], HOLIDAY[1] + 1)]
    return sum(day.month == 1 for day in days) / len(days)
