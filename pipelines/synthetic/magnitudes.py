"""Typed reading of `magnitudes.yml`; what the figures mean is said there, and only there."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from pipelines.catalog.models import CatalogModel

TwelveMonths = Annotated[list[float], Field(min_length=12, max_length=12)]


class Cohort(CatalogModel):
    """How many agencies registered and left between two dates."""

    first_date: dt.date
    last_date: dt.date
    registered: int
    exited: int


class SizeGroup(CatalogModel):
    """A range of yearly revenue; either counted, or a share of those who are not counted."""

    name: str
    size_class: str
    low: float
    high: float
    count: int = 0
    established: float = 0
    newcomer: float = 0
    exit: float = 0


class AreaShares(CatalogModel):
    """What a group of districts holds of all agencies and of the large ones, in percent."""

    agencies: float
    large: float


class AreaUnit(CatalogModel):
    """A reporting unit and its weight; `sites` only for functional areas."""

    code: str
    name: str
    group: str
    weight: float
    public: int
    sites: list[str] = []


class BusinessLine(CatalogModel):
    """A business line: its pass-through share and its frequency by size class."""

    code: str
    name: str
    pass_through: float
    large: float
    medium: float
    small: float
    micro: float


class AccountingMethod(CatalogModel):
    """How much of the pass-through a method counts as revenue, and how frequent it is."""

    code: str
    booked: float
    frequency: float


class Spread(CatalogModel):
    """A lognormal quantity, correlated with revenue, its tails cut."""

    median: float
    log_sd: float
    revenue_correlation: float
    limit: float


class Seasons(CatalogModel):
    """What each month holds of a year."""

    revenue: TwelveMonths
    people: TwelveMonths


class Suspended(CatalogModel):
    """Sampled agencies that stop from a month of the reporting year on."""

    agencies: int
    since_month: int


class ResponseRate(CatalogModel):
    """Share of those asked who report, by size."""

    large: float
    others: float


class Response(CatalogModel):
    """Response by form, and the yearly revenue above which everyone reports."""

    always_above: float
    flash: ResponseRate
    annual: ResponseRate


class Magnitudes(CatalogModel):
    """Everything in `magnitudes.yml`."""

    cohorts: list[Cohort]
    city_totals: dict[int, dict[str, int]]
    level_year: int
    size_groups: list[SizeGroup]
    area_groups: dict[str, AreaShares]
    units: list[AreaUnit]
    public_types: dict[str, float]
    market_types: dict[str, float]
    business_lines: list[BusinessLine]
    main_line_share: tuple[float, float]
    accounting_methods: list[AccountingMethod]
    staff: Spread
    market_placements: Spread
    public_placements: Spread
    yearly_growth_log_sd: float
    monthly_log_sd: float
    seasons: Seasons
    ratios: dict[str, float]
    parts: dict[str, dict[str, float]]
    staff_qualified: float
    staff_titled: float
    register_period: str
    sample_period: str
    gathering_unit: str
    sample_sizes: dict[str, int]
    periods: list[str]
    suspended: Suspended
    response: Response


@functools.cache
def load_magnitudes() -> Magnitudes:
    """Return the magnitudes, checked; pydantic's ValidationError where the file is wrong."""
    path = Path(__file__).with_name("magnitudes.yml")
    return Magnitudes.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
