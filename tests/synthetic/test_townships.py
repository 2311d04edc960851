import datetime as dt
from collections import Counter

import numpy as np
import pytest

from pipelines.catalog.geography import successors
from pipelines.synthetic.lists import list_register
from pipelines.synthetic.townships import area_since_2025, township_on

DAY = dt.date(2025, 12, 31)
FUNCTIONAL = "CQ-LJXQ-FUNC"


@pytest.fixture(scope="module")
def rows(industry):
    """The register of 2025-12, each row with its area since 2025."""
    positions = {code: number for number, code in enumerate(industry.agencies.credit_codes)}
    return [
        {
            **row,
            "area_2025": area_since_2025(
                industry.agencies, industry.magnitudes, positions[row["credit_code"]], DAY
            ),
        }
        for row in list_register(industry, "2025-12")
    ]


def test_divided_districts_have_every_township_in_every_spelling(rows, catalog):
    written = {(row["district"], row["township"]) for row in rows}
    for item in successors(catalog.divisions):
        if item.coded_geography == "2020" and item.township is not None:
            name = {"500109": "北碚区", "500112": "渝北区"}[item.district_code]
            short = item.township.removesuffix("街道").removesuffix("镇")
            for spelling in (item.township, short, name + item.township):
                assert (item.district_code, spelling) in written


def test_all_other_townships_are_made_up(rows):
    for row in rows:
        if row["district"] not in ("500109", "500112"):
            assert row["township"].startswith("示例")


def test_the_catalog_and_the_magnitudes_divide_the_districts_alike(catalog, industry):
    for divided in industry.magnitudes.divided_districts:
        goes = {
            item.township: item.area_code
            for item in successors(catalog.divisions)
            if (item.coded_geography, item.district_code) == ("2020", divided.code)
        }
        named = dict.fromkeys(divided.townships, divided.townships_to)
        assert goes == {None: divided.rest_to, **named}


def test_the_functional_area_has_become_the_new_district(rows):
    areas = Counter(row["area_2025"] for row in rows if row["reporting_unit"] == FUNCTIONAL)
    assert set(areas) == {"500157"}
    districts = {row["district"] for row in rows if row["reporting_unit"] == FUNCTIONAL}
    assert districts == {"500105", "500109", "500112"}


def test_those_two_that_report_for_themselves_still_do(rows):
    for row in rows:
        if row["reporting_unit"] in ("CQ-GXQ", "CQ-WSJK", "500103"):
            assert row["area_2025"] == row["reporting_unit"]


def test_agencies_go_both_ways(rows):
    moves = Counter((row["district"], row["area_2025"]) for row in rows)
    for pair in (
        ("500105", "500157"),
        ("500112", "500157"),
        ("500112", "500109"),
        ("500109", "500157"),
        ("500109", "500109"),
    ):
        assert moves[pair] > 10
    assert moves["500105", "500109"] == 0


def test_who_moves_moves_between_townships(industry):
    moved = np.flatnonzero(~np.isnat(industry.agencies.moved_on))
    before, after = (
        [
            township_on(industry.agencies, industry.magnitudes, position, day)
            for position in moved.tolist()
        ]
        for day in (dt.date(2019, 1, 1), dt.date(2026, 12, 31))
    )
    assert before != after
