"""Which divisions and reporting units exist in a month, and which one a text means.

The entries themselves stand in `divisions.yml`; boundaries and files are no matter of this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from pipelines.catalog.models import Division, DivisionChange, Divisions, FunctionalArea

UNPLACED = "UNPLACED"  # the area of agencies whose district in another geography cannot be told
TOWNSHIP_SUFFIX = r"(街道办事处|街道办|街道|镇人民政府|镇|乡人民政府|乡)$"
Ways = dict[str, dict[str | None, str]]  # by district and 街镇 (None: the others) where it lies
Area = TypeVar("Area", bound=Division | FunctionalArea)


@dataclass(frozen=True)
class ReportingUnit:
    """Who reports to the city: a division, or a functional area and the divisions it lies in."""

    code: str
    name: str
    is_functional_area: bool
    parent_codes: tuple[str, ...]


@dataclass(frozen=True)
class Successor:
    """Where the 街镇 of a district, as coded in one geography, lie in another.

    Without a township: all that no other entry of the district names. `is_by_township` says that
    a district goes to more than one, so that nothing can be told without the township.
    """

    coded_geography: str
    district_code: str
    township: str | None
    geography: str
    area_code: str
    is_by_township: bool


def divisions_valid(divisions: Divisions, month: str) -> list[Division]:
    """Return the divisions that statistics of that month (YYYY-MM) know, in adcode order."""
    return [division for division in divisions.divisions if division.is_valid(month)]


def geography_in(divisions: Divisions, month: str) -> str:
    """Return the geography in which that month (YYYY-MM) reports."""
    geography = divisions.changes[0].old_geography
    for change in divisions.changes:
        if change.reporting_from <= month:
            geography = change.new_geography
    return geography


def reporting_units(divisions: Divisions, month: str) -> list[ReportingUnit]:
    """Return who reports for that month: the divisions, then the functional areas."""
    return [_as_reporting_unit(area) for area in _reporting_areas(divisions, month)]


def find_division(divisions: Divisions, text: str, month: str) -> Division | None:
    """Return the division of that month by code or name; None if unknown or ambiguous."""
    return _only_match(divisions_valid(divisions, month), divisions, text)


def find_reporting_unit(divisions: Divisions, text: str, month: str) -> ReportingUnit | None:
    """Return the reporting unit of that month by code or name; None if unknown or ambiguous."""
    area = _only_match(_reporting_areas(divisions, month), divisions, text)
    return None if area is None else _as_reporting_unit(area)


def describe_retired(divisions: Divisions, text: str, month: str) -> str | None:
    """Return since when the area that a text names is no longer used, and who has its agencies.

    None where the text does not name an area that a change had ended by that month (YYYY-MM).
    """
    if find_reporting_unit(divisions, text, month) is not None:
        return None
    changes = [change for change in divisions.changes if change.reporting_from <= month]
    for position, change in enumerate(changes):
        unit = find_reporting_unit(divisions, text, change.last_month)
        if unit is not None and not find_reporting_unit(divisions, text, change.reporting_from):
            ways = _forwards(changes[position:])
            gone = unit.parent_codes or (unit.code,)
            heirs = {area for code in gone for area in ways[code].values()}
            names = [item.name for item in divisions.divisions if item.code in heirs]
            year, number = change.reporting_from.split("-")
            return (
                f"自{year}年{int(number)}月起停用，其机构按所在街道（镇）由{'、'.join(names)}承接"
            )
    return None


def successors(divisions: Divisions) -> list[Successor]:
    """Return where the agencies of changed districts lie, from each geography in every other.

    A district that changed more than once is followed from change to change. Going back, a 街镇
    not named in a change is of the one old district that gave the rest of its own; where several
    did, it cannot be told.
    """
    changes = divisions.changes
    return [
        Successor(coded, district, township, geography, area, len(places) > 1)
        for first in range(len(changes))
        for last in range(first, len(changes))
        for before, after in ((changes[first].old_geography, changes[last].new_geography),)
        for coded, geography, ways in (
            (before, after, _forwards(changes[first : last + 1])),
            (after, before, _backwards(changes[first : last + 1])),
        )
        for district, places in ways.items()
        for township, area in places.items()
    ]


def prefix_pattern(divisions: Divisions, code: str) -> str:
    """Return the regular expression of what may stand before a 街镇 of that district.

    That is the city, the district and the functional areas it has a part in, by any of their names.
    """
    areas: list[Division | FunctionalArea] = [
        *(division for division in divisions.divisions if division.code == code),
        *(area for area in divisions.functional_areas if code in area.within),
    ]
    names = {name for area in areas for name in (area.name, *area.short_names)}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    city = divisions.city_name
    return f"^({city}|{city.removesuffix('市')})?({'|'.join(map(re.escape, longest_first))})?"


def township_root(name: str) -> str:
    """Return the name of a 街镇 without 街道, 镇 or 乡: 大湾 for 大湾镇."""
    return re.sub(TOWNSHIP_SUFFIX, "", name)


def slip_pattern(root: str) -> str:
    """Return the regular expression of a name with one character changed, added or left out.

    The name itself is a match, too: of any character in its place.
    """
    slips = [
        spelling
        for at in range(len(root) + 1)
        for spelling in (
            f"{root[:at]}.{root[at:]}",
            f"{root[:at]}.{root[at + 1 :]}",
            f"{root[:at]}{root[at + 1 :]}",
        )
        if spelling != root
    ]
    return f"^({'|'.join(sorted(set(slips)))})$"


def _forwards(changes: Sequence[DivisionChange]) -> Ways:
    """Return where the districts before these changes lie after them."""
    ways: Ways = {}
    created: set[str] = set()
    for change in changes:
        step: Ways = {item.from_area: {None: UNPLACED} for item in change.successions}
        for item in change.successions:
            townships: Sequence[str | None] = item.townships or [None]
            step[item.from_area] |= dict.fromkeys(townships, item.to_area)
        ways = _go_on(ways, step, created)
        created |= set(change.created)
    return ways


def _backwards(changes: Sequence[DivisionChange]) -> Ways:
    """Return where the districts after these changes come from."""
    ways: Ways = {}
    retired: set[str] = set()
    for change in reversed(changes):
        step: Ways = {item.to_area: {None: UNPLACED} for item in change.successions}
        rests = [item for item in change.successions if not item.townships]
        givers = Counter(item.to_area for item in rests)
        for item in rests:
            if givers[item.to_area] == 1:
                step[item.to_area][None] = item.from_area
        for item in change.successions:
            step[item.to_area] |= dict.fromkeys(item.townships, item.from_area)
        for item in change.successions:
            if item.from_area in step:  # what has left it cannot have stayed
                step[item.from_area] |= dict.fromkeys(item.townships, UNPLACED)
        ways = _go_on(ways, step, retired)
        retired |= set(change.retired)
    return ways


def _go_on(ways: Ways, step: Ways, absent: Set[str]) -> Ways:
    """Return the ways and one step more; `absent`: areas that there are not where they begin."""

    def end(area: str, township: str | None) -> str:
        places = step.get(area, {None: area})
        return places.get(township, places[None])

    longer: Ways = {district: {} for district in (*ways, *step) if district not in absent}
    for district in longer:
        places = ways.get(district, {None: district})
        for township in (*places, *step.get(places[None], ())):
            longer[district][township] = end(places.get(township, places[None]), township)
    return longer


def _reporting_areas(divisions: Divisions, month: str) -> list[Division | FunctionalArea]:
    """Return the entries behind the reporting units of that month."""
    areas = [area for area in divisions.functional_areas if month <= (area.valid_to or "9999-12")]
    return [*divisions_valid(divisions, month), *areas]


def _as_reporting_unit(area: Division | FunctionalArea) -> ReportingUnit:
    """Return the reporting unit that this division or functional area is."""
    within = tuple(area.within) if isinstance(area, FunctionalArea) else ()
    return ReportingUnit(area.code, area.name, isinstance(area, FunctionalArea), within)


def _only_match(areas: Sequence[Area], divisions: Divisions, text: str) -> Area | None:
    """Return the one entry this text names; the city's own name may stand before it."""
    wanted = {_plain(text), _plain(text).removeprefix(divisions.city_name)}
    matches = [
        area
        for area in areas
        if wanted & {_plain(name) for name in (area.code, area.name, *area.short_names)}
    ]
    return matches[0] if len(matches) == 1 else None


def _plain(text: str) -> str:
    """Return the text without differences of width, case or spacing."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())
