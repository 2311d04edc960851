"""Who exists in the made-up industry: the agencies, and what they are.

Names, places, business lines, holdings and parks. When they come and go is in `lives`, how big they
are in `sizes`, what they do month by month in `activity`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.chance import Chance
from pipelines.synthetic.drawing import (
    NEVER,
    Dates,
    Flags,
    Floats,
    Texts,
    Whole,
    apportion,
    draw_codes,
    draw_positions,
)
from pipelines.synthetic.identities import agency_name, credit_code, former_name
from pipelines.synthetic.lives import Lives, draw_event, draw_lives
from pipelines.synthetic.magnitudes import Magnitudes, SizeGroup

DEALT_FIRST = 0.3  # where in the range of lines the largest agency of a class falls
GOLDEN_SECTION = (5**0.5 - 1) / 2
PLACEMENT_LINES = ("recruitment", "headhunting")  # 职业中介, as job fairs are
LICENSED_LINES = (*PLACEMENT_LINES, "dispatch")  # whose main line is one of these has a 许可


@dataclass(frozen=True)
class Agencies:
    """All agencies that ever existed, one position each, in order of registration.

    Positions point into the magnitudes' lists: `unit` and `former_unit` (before `moved_on`),
    `main_line`, `second_line`, `accounting_method`, `park` (-1 for none). `holding` numbers the
    groups of companies (-1 for none); `merged_into` and `successor_of` are positions of agencies
    (-1 for none). Dates are NaT where nothing happened. `start_level` is the yearly revenue (元)
    with which an agency begins; public and dormant ones have none. `lacks_licence` is who does
    职业中介 under a 备案, `files_only` who has no more than that before `upgraded_on`.
    """

    credit_codes: list[str]
    names: list[str]
    former_names: list[str]
    renamed_on: Dates
    unit: Whole
    district_codes: list[str]
    former_unit: Whole
    former_district_codes: list[str]
    moved_on: Dates
    institution_types: Texts
    origins: Texts
    registered: Dates
    exited: Dates
    exit_reasons: Texts
    merged_into: Whole
    successor_of: Whole
    upgraded_on: Dates
    is_public: Flags
    start_level: Floats
    main_line: Whole
    second_line: Whole
    main_line_share: Floats
    accounting_method: Whole
    holding: Whole
    park: Whole
    holds_fairs: Flags
    is_online: Flags
    lacks_licence: Flags
    files_only: Flags

    def __len__(self) -> int:
        """Return how many agencies there are."""
        return len(self.credit_codes)

    @property
    def lives(self) -> Lives:
        """From when to when each lives, and why."""
        return Lives(
            self.origins,
            self.registered,
            self.exited,
            self.exit_reasons,
            self.merged_into,
            self.successor_of,
        )

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

    def name_on(self, position: int, day: dt.date) -> str:
        """Return what an agency is called at the end of that day."""
        is_former = self.renamed_on[position] > np.datetime64(day, "D")
        return self.former_names[position] if is_former else self.names[position]

    def place_on(self, position: int, day: dt.date) -> tuple[int, str]:
        """Return an agency's reporting unit (its position) and division at the end of that day."""
        if self.moved_on[position] > np.datetime64(day, "D"):
            return int(self.former_unit[position]), self.former_district_codes[position]
        return int(self.unit[position]), self.district_codes[position]


def found_agencies(chance: Chance, magnitudes: Magnitudes, size: int) -> Agencies:
    """Draw all agencies of an industry with about `size` agencies at the last cohort's end."""
    scale = size / magnitudes.natural_size
    cohort = np.repeat(
        np.arange(len(magnitudes.cohorts)),
        [round(item.registered * scale) for item in magnitudes.cohorts],
    )
    count = len(cohort)
    public = np.rint([unit.public * scale for unit in magnitudes.units]).astype(np.int64)
    is_public = np.arange(count) < public.sum()
    group = _draw_size_groups(chance.of("size groups"), magnitudes, is_public, cohort)
    start_level = _draw_start_levels(chance.of("start levels"), magnitudes, group)
    class_of = np.array([*(item.size_class for item in magnitudes.size_groups), "unclassified"])
    size_classes = class_of[group]
    first_unit = _draw_units(chance.of("units"), magnitudes, size_classes, public)
    lives = draw_lives(chance, magnitudes, cohort, group, first_unit, start_level, scale)
    main_line, second_line = _draw_lines(chance.of("lines"), magnitudes, size_classes, start_level)
    # Who goes on under a new code is the same in all but the code.
    heirs = np.flatnonzero(lives.successor_of >= 0)
    before = lives.successor_of[heirs]
    rng = chance.of("attributes")
    ratios = magnitudes.ratios
    public_types, market_types = (
        draw_codes(rng, types, count)
        for types in (magnitudes.public_types, magnitudes.market_types)
    )
    methods = [method.frequency for method in magnitudes.accounting_methods]
    attributes: dict[str, Any] = {
        "start_level": start_level,
        "main_line": main_line,
        "second_line": second_line,
        "main_line_share": rng.uniform(*magnitudes.main_line_share, count),
        "accounting_method": draw_positions(rng, methods, count),
        "park": _draw_parks(chance.of("parks"), magnitudes, size_classes, first_unit),
        "holds_fairs": rng.random(count)
        < np.where(is_public, ratios["public_agencies_with_fairs"], ratios["agencies_with_fairs"]),
        "is_online": rng.random(count) < ratios["online_agencies"],
        "institution_types": np.where(is_public, public_types, market_types),
    }
    attributes["lacks_licence"], attributes["files_only"] = _draw_filings(
        chance.of("filings"),
        magnitudes,
        is_public,
        main_line,
        does_placement=_is_among(magnitudes, second_line, PLACEMENT_LINES)
        | attributes["holds_fairs"],
    )
    for attribute in (first_unit, *attributes.values()):
        attribute[heirs] = attribute[before]
    places = _draw_places(chance, magnitudes, first_unit, lives)
    names = [
        agency_name(
            position + 1,
            magnitudes.units[first_unit[position]].name,
            None if is_public[position] else magnitudes.business_lines[main_line[position]].name,
        )
        for position in range(count)
    ]
    for heir, predecessor in zip(heirs.tolist(), before.tolist(), strict=True):
        names[heir] = names[predecessor]
    renamed_on = draw_event(chance.of("renamings"), magnitudes, lives, magnitudes.events.renamings)
    renamed_on[heirs] = renamed_on[before] = NEVER
    return Agencies(
        credit_codes=[
            credit_code(position + 1, district, is_public=bool(is_public[position]))
            for position, district in enumerate(places.former_district_codes)
        ],
        names=names,
        former_names=[former_name(name) for name in names],
        renamed_on=renamed_on,
        **vars(places),
        **vars(lives),
        **attributes,
        upgraded_on=_draw_upgrades(
            chance.of("upgrades"), magnitudes, lives, attributes["files_only"]
        ),
        is_public=is_public,
        holding=_draw_holdings(chance.of("holdings"), magnitudes, size_classes, scale),
    )


@dataclass(frozen=True)
class _Places:
    """Where agencies are and were; see `Agencies`."""

    unit: Whole
    district_codes: list[str]
    former_unit: Whole
    former_district_codes: list[str]
    moved_on: Dates


def _draw_places(
    chance: Chance, magnitudes: Magnitudes, first_unit: Whole, lives: Lives
) -> _Places:
    """Draw who moves to another unit of the city, when and where, and the divisions of all."""
    rng = chance.of("moves")
    moved_on = draw_event(rng, magnitudes, lives, magnitudes.events.moves)
    moved = np.flatnonzero(~np.isnat(moved_on))
    unit = first_unit.copy()
    unit[moved] = draw_positions(rng, [item.weight for item in magnitudes.units], len(moved))
    moved_on[unit == first_unit] = NEVER
    rng = chance.of("sites")
    former_sites = [_site(rng, magnitudes, position) for position in first_unit]
    sites = [
        _site(rng, magnitudes, now) if now != former else site
        for now, former, site in zip(unit, first_unit, former_sites, strict=True)
    ]
    return _Places(unit, sites, first_unit, former_sites, moved_on)


def _draw_upgrades(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    lives: Lives,
    files_only: Flags,
) -> Dates:
    """Draw when agencies with a 备案 get a 许可."""
    upgraded_on = draw_event(rng, magnitudes, lives, magnitudes.events.upgrades)
    return np.where(files_only, upgraded_on, NEVER)


def _is_among(magnitudes: Magnitudes, lines: Whole, codes: Collection[str]) -> Flags:
    """Return which of the lines are among these."""
    found: Flags = np.isin([line.code for line in magnitudes.business_lines], [*codes])[lines]
    return found


def _draw_filings(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    is_public: Flags,
    main_line: Whole,
    *,
    does_placement: Flags,
) -> tuple[Flags, Flags]:
    """Draw who does 职业中介 beside its main line without a 许可, and say who has a 备案 only."""
    may_file = ~is_public & ~_is_among(magnitudes, main_line, LICENSED_LINES)
    careless = rng.random(len(main_line)) * 100 < magnitudes.unlicensed_pct
    lacks_licence = may_file & does_placement & careless
    return lacks_licence, may_file & ~does_placement | lacks_licence


def _draw_size_groups(
    rng: np.random.Generator, magnitudes: Magnitudes, is_public: Flags, cohort: Whole
) -> Whole:
    """Draw the size group in which each agency begins, -1 for public ones."""
    groups = magnitudes.size_groups
    drawn = draw_positions(rng, [group.newcomer for group in groups], len(cohort))
    founders = np.flatnonzero(_is_founder(cohort) & ~is_public)
    first_year = magnitudes.years[0]
    counts = apportion(len(founders), [group.counts[first_year] for group in groups])
    # Nobody leads in the year of registration: the oldest come first where the large are dealt.
    is_new = cohort[founders] > 0
    leaders = rng.permutation(founders[~is_new])[: counts[0] + counts[1]]
    others = rng.permutation(np.setdiff1d(founders, leaders))
    drawn[np.concatenate([leaders, others])] = np.repeat(np.arange(len(groups)), counts)
    drawn[is_public] = -1
    return drawn


def _is_founder(cohort: Whole) -> Flags:
    """Return who was there at the end of the first year whose truth is known."""
    return cohort <= 1


def _draw_start_levels(rng: np.random.Generator, magnitudes: Magnitudes, group: Whole) -> Floats:
    """Spread the agencies evenly, in logarithms, over the range of the group they begin in."""
    levels = np.zeros(len(group))
    for position, item in enumerate(magnitudes.size_groups):
        members = np.flatnonzero(group == position)
        if item.high:
            draws = rng.random(len(members))
            levels[members] = item.low * (_newcomers_high(item) / item.low) ** draws
    return levels


def _newcomers_high(group: SizeGroup) -> float:
    """Return the upper bound of a group for those who begin in it; nobody begins as a leader."""
    return min(group.high, 10 * group.low)


def _draw_units(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    size_classes: Texts,
    public: Whole,
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
        size_classes == "large",
        draw_positions(rng, large, count),
        draw_positions(rng, others, count),
    )
    drawn[: public.sum()] = np.repeat(np.arange(len(units)), public)
    return drawn


def _site(rng: np.random.Generator, magnitudes: Magnitudes, unit: int) -> str:
    """Return the division an agency of that reporting unit sits in."""
    sites = magnitudes.units[unit].sites or [magnitudes.units[unit].code]
    return sites[int(rng.integers(len(sites)))]


def _draw_lines(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    size_classes: Texts,
    level: Floats,
) -> tuple[Whole, Whole]:
    """Draw each agency's main and second business line; a public agency's main line is 招聘."""
    lines = magnitudes.business_lines
    frequencies = {
        "large": [line.large for line in lines],
        "medium": [line.medium for line in lines],
        "small": [line.small for line in lines],
        "micro": [line.micro for line in lines],
    }
    main = np.zeros(len(size_classes), dtype=np.int64)
    for size_class, shares in frequencies.items():
        members = np.flatnonzero(size_classes == size_class)
        members = members[np.argsort(level[members], kind="stable")]
        # Dealt in order of size, so that the few big ones hold each line's share of revenue too.
        dealt = (DEALT_FIRST + np.arange(len(members))[::-1] * GOLDEN_SECTION) % 1
        main[members] = np.searchsorted(np.cumsum(shares) / sum(shares), dealt, side="right")
    second = draw_positions(rng, frequencies["small"], len(size_classes))
    return main, np.where(second == main, (second + 1) % len(lines), second)


def _draw_holdings(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    size_classes: Texts,
    scale: float,
) -> Whole:
    """Put large and medium agencies into groups of companies, -1 for those in none."""
    plan = magnitudes.holdings
    holding = np.full(len(size_classes), -1, dtype=np.int64)
    large = rng.permutation(np.flatnonzero(size_classes == "large"))
    medium = rng.permutation(np.flatnonzero(size_classes == "medium"))
    # Each group has at least one large agency where there are enough of them.
    candidates = [*medium.tolist(), *large.tolist()]
    for number in range(round(plan.count * scale)):
        wanted = int(rng.integers(plan.smallest, plan.largest + 1))
        if len(candidates) < wanted:
            break
        members = [candidates.pop(), *(candidates.pop(0) for _ in range(wanted - 1))]
        holding[members] = number
    return holding


def _draw_parks(
    rng: np.random.Generator, magnitudes: Magnitudes, size_classes: Texts, unit: Whole
) -> Whole:
    """Draw the park in which each agency sits, -1 for most; its own unit's where there is one."""
    shares = np.array([magnitudes.park_tenants.get(item, 0) for item in size_classes])
    park = draw_positions(rng, [park.weight for park in magnitudes.parks], len(size_classes))
    units = [item.code for item in magnitudes.units]
    for number, own in enumerate(magnitudes.parks):
        park[unit == units.index(own.unit)] = number
    return np.where(rng.random(len(size_classes)) * 100 < shares, park, -1)
