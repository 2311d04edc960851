"""In which 街镇 agencies of the made-up industry sit, and to which area these belong since 2025.

From which month on statistics report in the new districts is the catalog's to say.

No number is drawn here: an agency's place follows from its position, so that all else stays.
"""

from __future__ import annotations

import datetime as dt

from pipelines.catalog.load import load_catalog
from pipelines.synthetic.magnitudes import DividedDistrict, Magnitudes
from pipelines.synthetic.population import Agencies

MADE_UP = tuple(f"示例{number}街道" for number in "一二三四五六七八九")
KINDS = ("街道", "镇")


def township_on(agencies: Agencies, magnitudes: Magnitudes, position: int, day: dt.date) -> str:
    """Return the 街镇 of an agency at the end of that day, spelt as its district spells it."""
    unit, code = agencies.place_on(position, day)
    divided = _divided(magnitudes, code)
    place = _place(magnitudes, position, unit, divided)
    if divided is None or place in MADE_UP:
        return place
    if _is_new(f"{day:%Y-%m}"):  # its district is no longer called so
        return place
    spellings = (place, _without_kind(place), divided.name + place)
    return spellings[position // len(MADE_UP) % len(spellings)]


def codes_on(
    agencies: Agencies, magnitudes: Magnitudes, position: int, day: dt.date, month: str
) -> tuple[str, str]:
    """Return reporting unit and district of an agency on a day, in the divisions of a month."""
    unit, code = agencies.place_on(position, day)
    if _divided(magnitudes, code) is None or not _is_new(month):
        return magnitudes.units[unit].code, code
    area = area_since_2025(agencies, magnitudes, position, day)
    return area, area


def area_since_2025(agencies: Agencies, magnitudes: Magnitudes, position: int, day: dt.date) -> str:
    """Return the area of the new geography that an agency counts in where it sits on that day.

    高新区 and 万盛经开区 report for themselves in both geographies.
    """
    unit, code = agencies.place_on(position, day)
    divided = _divided(magnitudes, code)
    if divided is None:
        return magnitudes.units[unit].code
    is_named = _place(magnitudes, position, unit, divided) in divided.townships
    return divided.townships_to if is_named else divided.rest_to


def _is_new(month: str) -> bool:
    """Return whether statistics of that month report in the new districts."""
    return month >= load_catalog().divisions.changes[0].reporting_from


def _divided(magnitudes: Magnitudes, code: str) -> DividedDistrict | None:
    """Return what became of a district, None if the change of 2025 left it alone."""
    return next((item for item in magnitudes.divided_districts if item.code == code), None)


def _place(
    magnitudes: Magnitudes, position: int, unit: int, divided: DividedDistrict | None
) -> str:
    """Return the 街镇 of an agency by its full name.

    Those that 两江新区 reports for as a functional area sit in what has become 两江新区.
    """
    places: tuple[str, ...] = MADE_UP
    if divided is not None:
        places = (*divided.townships, *MADE_UP)
        if magnitudes.units[unit].sites:
            is_rest = divided.rest_to == magnitudes.new_district
            places = MADE_UP if is_rest else tuple(divided.townships)
    return places[position % len(places)]


def _without_kind(place: str) -> str:
    """Return the name of a 街镇 without 街道 or 镇."""
    for kind in KINDS:
        place = place.removesuffix(kind)
    return place
