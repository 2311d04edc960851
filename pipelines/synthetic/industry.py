"""The made-up industry as a whole: who exists, how big they are, what they do, and what is true.

Nothing here knows who is asked or what is sent; that is `fieldwork`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipelines.synthetic.activity import STOCKS, Activity, add_formulas, work_a_year
from pipelines.synthetic.chance import Chance
from pipelines.synthetic.magnitudes import Magnitudes, load_magnitudes
from pipelines.synthetic.population import Agencies, found_agencies
from pipelines.synthetic.sizes import Sizes, grow

SEED = 20230074  # with whose sample the flash reports of 2023 and 2025 err as domain.md §6b says


@dataclass(frozen=True)
class Industry:
    """One made-up industry; `scale` is its size as a multiple of the natural one."""

    chance: Chance
    magnitudes: Magnitudes
    scale: float
    agencies: Agencies
    sizes: Sizes

    @cached_property
    def work(self) -> Mapping[int, Activity]:
        """What everybody did, by year: each indicator by agency and month."""
        return _Work(self)

    def flows(self, year: int) -> Activity:
        """Return the year's flows, with the two computed revenues."""
        everything = add_formulas(self.work[year])
        return {code: values for code, values in everything.items() if code not in STOCKS}

    def institutions(self, period: str) -> int:
        """Return how many agencies live at the end of a month (YYYY-MM)."""
        return int(self.agencies.living(last_day(period)).sum())

    def total_of_year(self, year: int, code: str) -> int:
        """Return what the agencies living at the year's end did in it (base units)."""
        living = self.agencies.living(dt.date(year, 12, 31))
        return int(self.flows(year)[code][living].sum())

    def total_to_date(self, period: str, code: str) -> int:
        """Return what the agencies living at a month's end did since January (base units)."""
        living = self.agencies.living(last_day(period))
        year, month = map(int, period.split("-"))
        return int(self.flows(year)[code][living, :month].sum())


class _Work(dict[int, Activity]):
    """The activity of the years asked for so far; a large industry's takes gigabytes a year."""

    def __init__(self, industry: Industry) -> None:
        super().__init__()
        self._industry = industry

    def __missing__(self, year: int) -> Activity:
        """Let everybody work that year."""
        of = self._industry
        activity = work_a_year(of.chance, of.magnitudes, of.agencies, of.sizes, year, of.scale)
        self[year] = activity
        return activity


def make_industry(seed: int = SEED, size: int | None = None) -> Industry:
    """Return the industry of that seed; the same seed and size give the same data.

    Args:
        seed: What chance begins with.
        size: About how many agencies live at its end; None for the natural size.
    """
    magnitudes = load_magnitudes()
    chance = Chance(seed)
    wanted = size or magnitudes.natural_size
    scale = wanted / magnitudes.natural_size
    agencies = found_agencies(chance, magnitudes, wanted)
    return Industry(chance, magnitudes, scale, agencies, grow(chance, magnitudes, agencies, scale))


def last_day(period: str) -> dt.date:
    """Return the last day of a month (YYYY-MM)."""
    following = np.datetime64(period, "M") + 1
    day: dt.date = (following.astype("datetime64[D]") - 1).astype(object)
    return day
