"""Which divisions and reporting units exist in a month, and which one a text means.

The entries themselves stand in `divisions.yml`; boundaries and files are no matter of this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipelines.catalog.models import Division, DivisionChange, Divisions, FunctionalArea, Succession

UNPLACED = "UNPLACED"  # the area of agencies whose district in another geography cannot be told
TOWNSHIP_SUFFIX = r"(街道办事处|街道办|街道|镇人民政府|镇|乡人民政府|乡)$"
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
    return [
        division
        for division in divisions.divisions
        if (division.valid_from or "") <= month <= (division.valid_to or "9999-12")
    ]


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
    for change in divisions.changes:
        unit = find_reporting_unit(divisions, text, change.last_month)
        if change.reporting_from <= month and unit is not None:
            gone = unit.parent_codes or (unit.code,)
            heirs = {item.to_area for item in change.successions if item.from_area in gone}
            names = [item.name for item in divisions.divisions if item.code in heirs]
            year, number = change.reporting_from.split("-")
            return (
                f"自{year}年{int(number)}月起停用，其机构按所在街道（镇）由{'、'.join(names)}承接"
            )
    return None


def successors(divisions: Divisions) -> list[Successor]:
    """Return where the agencies of changed districts lie, from old codes to new ones and back.

    Going back, a 街镇 not named in the change is of the one old district that gave the rest of its
    own; where several did, it cannot be told.
    """
    return [
        successor
        for change in divisions.changes
        for successor in (*_forwards(change), *_backwards(change))
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


def _forwards(change: DivisionChange) -> Iterator[Successor]:
    """Yield where the districts of the old geography have gone."""
    named = {item.from_area for item in change.successions if item.townships}
    for item in change.successions:
        townships: Sequence[str | None] = item.townships or [None]
        for township in townships:
            yield Successor(
                change.old_geography,
                item.from_area,
                township,
                change.new_geography,
                item.to_area,
                item.from_area in named,
            )


def _backwards(change: DivisionChange) -> Iterator[Successor]:
    """Yield where the districts of the new geography come from."""

    def come_from(to_area: str, township: str | None, from_area: str) -> Successor:
        codes = (change.new_geography, to_area, township, change.old_geography, from_area)
        return Successor(*codes, is_by_township=True)

    rests: dict[str, list[Succession]] = {}
    for item in change.successions:
        rests.setdefault(item.to_area, [])
        if not item.townships:
            rests[item.to_area].append(item)
        for township in item.townships:
            yield come_from(item.to_area, township, item.from_area)
            if item.from_area in change.redrawn:  # what has left it cannot have stayed
                yield come_from(item.from_area, township, UNPLACED)
    for to_area, givers in rests.items():
        yield come_from(to_area, None, givers[0].from_area if len(givers) == 1 else UNPLACED)


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
