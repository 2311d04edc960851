"""Which divisions and reporting units exist in a month, and which one a text means.

The entries themselves stand in `divisions.yml`; boundaries and files are no matter of this module.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipelines.catalog.models import Division, Divisions, FunctionalArea

Area = TypeVar("Area", bound=Division | FunctionalArea)


@dataclass(frozen=True)
class ReportingUnit:
    """Who reports to the city: a division, or a functional area and the divisions it lies in."""

    code: str
    name: str
    is_functional_area: bool
    parent_codes: tuple[str, ...]


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
