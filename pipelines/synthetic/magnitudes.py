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
ThreeMonths = Annotated[list[float], Field(min_length=3, max_length=3)]


class Cohort(CatalogModel):
    """How many agencies registered and left between two dates."""

    first_date: dt.date
    last_date: dt.date
    registered: int
    exited: int


class SizeGroup(CatalogModel):
    """A range of yearly revenue: how many live in it at each year's end, and their mean."""

    name: str
    size_class: str
    low: float
    high: float
    newcomer: float
    exit: float
    counts: dict[int, int]
    means: dict[int, float]


class Events(CatalogModel):
    """What happens to agencies in a year, in percent of those it can happen to."""

    moves: float
    renamings: float
    upgrades: float


class Holdings(CatalogModel):
    """How many groups of companies there are, and how many agencies each has."""

    count: int
    smallest: int
    largest: int


class Platform(CatalogModel):
    """A park or market, its level and unit, since when it is recognised, and its weight."""

    name: str
    level: str
    unit: str
    since: dt.date
    weight: float


class LedgerEntries(CatalogModel):
    """Entries of a ledger, and their kind where it has kinds, made between two dates."""

    sheet: str
    kind: str | None
    count: int
    first_date: dt.date
    last_date: dt.date


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


class DividedDistrict(CatalogModel):
    """A district that the change of 2025 ended or divided: where some 街镇 went, and the rest."""

    code: str
    name: str
    townships: list[str]
    townships_to: str
    rest_to: str


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
    """A lognormal quantity, correlated with revenue."""

    median: float
    log_sd: float
    revenue_correlation: float


class EarlyFestival(CatalogModel):
    """January to March of a year whose 春节 lies in January."""

    revenue: ThreeMonths
    people: ThreeMonths


class Seasons(CatalogModel):
    """What each month holds of a year."""

    revenue: TwelveMonths
    people: TwelveMonths
    early_festival: EarlyFestival


class ResponseRate(CatalogModel):
    """Percent of those asked who report, by size."""

    large: float
    others: float


class Response(CatalogModel):
    """Response by the cut-off and at last, to the annual return; what it depends on."""

    by_cut_off: ResponseRate
    at_last: ResponseRate
    annual: dict[str, float]
    district_spread: float
    persistence: float
    decliners_less: float


class Mistakes(CatalogModel):
    """What goes wrong in reports, in percent; `refused_kinds` are relative frequencies.

    `annual` are percent of annual returns by kind.
    """

    refused: float
    repaired: float
    unit_slips: float
    whole_sheet: float
    corrections: float
    repeated: float
    typed: float
    wrong_period: float
    refused_kinds: dict[str, float]
    annual: dict[str, float]


class Arrivals(CatalogModel):
    """Days of the month after a period on which reports arrive; corrections come days later."""

    on_time: list[int]
    late: list[int]
    correction: int


class Magnitudes(CatalogModel):
    """Everything in `magnitudes.yml`."""

    cohorts: list[Cohort]
    city_totals: dict[int, dict[str, int]]
    size_groups: list[SizeGroup]
    events: Events
    exit_reasons: dict[str, float]
    origins: dict[str, float]
    holdings: Holdings
    park_tenants: dict[str, float]
    parks: list[Platform]
    markets: list[Platform]
    ledgers: list[LedgerEntries]
    yearly_events: dict[str, float]
    area_groups: dict[str, AreaShares]
    units: list[AreaUnit]
    new_district: str
    divided_districts: list[DividedDistrict]
    public_types: dict[str, float]
    market_types: dict[str, float]
    business_lines: list[BusinessLine]
    main_line_share: tuple[float, float]
    unlicensed_pct: float
    accounting_methods: list[AccountingMethod]
    staff: Spread
    market_placements: Spread
    public_placements: Spread
    public_share: float
    yearly_growth_log_sd: float
    monthly_log_sd: float
    seasons: Seasons
    spring_festivals: dict[int, dt.date]
    ratios: dict[str, float]
    parts: dict[str, dict[str, float]]
    staff_qualified: float
    staff_titled: float
    sample_sizes: dict[str, int]
    suspended_pct: float
    response: Response
    mistakes: Mistakes
    arrivals: Arrivals

    @property
    def years(self) -> list[int]:
        """The years whose truth is known; only totals of the first are published figures."""
        return list(self.city_totals)

    @property
    def natural_size(self) -> int:
        """How many agencies live at the last cohort's end."""
        return sum(cohort.registered - cohort.exited for cohort in self.cohorts)


@functools.cache
def load_magnitudes() -> Magnitudes:
    """Return the magnitudes, checked; pydantic's ValidationError where the file is wrong."""
    path = Path(__file__).with_name("magnitudes.yml")
    return Magnitudes.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
