import datetime as dt

import numpy as np
import pytest

from pipelines.catalog.geography import find_division, find_reporting_unit
from pipelines.synthetic.fieldwork import STRATA, draw_sample
from pipelines.synthetic.industry import last_day
from pipelines.synthetic.lists import (
    anniversary,
    list_register,
    list_sample,
)

MONTH = "2025-06"


@pytest.fixture(scope="module")
def register(industry):
    return list_register(industry, MONTH)


@pytest.fixture(scope="module")
def sample(industry):
    return list_sample(industry, draw_sample(industry, 2025))


def _columns(catalog, form):
    (table,) = catalog.form(form).tables
    return table.columns


def _allowed(catalog, column):
    return {item.code for item in catalog.classification(column.choices).items}


@pytest.mark.parametrize("form", ["register", "sample"])
def test_rows_have_the_forms_fields_and_all_required_ones(register, sample, catalog, form):
    rows = {"register": register, "sample": sample}[form]
    columns = _columns(catalog, form)
    for row in rows:
        assert set(row) == {column.field for column in columns}
        for column in columns:
            value = row[column.field]
            assert value is not None or not column.required, column.field
            if column.choices:
                assert value in _allowed(catalog, column), value


@pytest.mark.parametrize(
    ("month", "count"),
    [("2021-12", 2846), ("2022-12", 3105), ("2023-12", 3302), ("2024-12", 3580), ("2025-12", 3760)],
)
def test_the_register_counts_the_institutions_of_the_path(industry, month, count):
    rows = list_register(industry, month)
    living = [row for row in rows if row["exit_date"] is None]
    assert len(living) == industry.institutions(month) == count
    for row in rows:
        assert row["first_registered_date"] <= last_day(month)
        assert row["exit_date"] is None or row["exit_date"] <= last_day(month)
        assert (row["exit_date"] is None) == (row["exit_reason"] is None)


def test_areas_exist_in_the_registers_month(register, catalog):
    for district, unit in {(row["district"], row["reporting_unit"]) for row in register}:
        assert find_division(catalog.divisions, district, MONTH)
        found = find_reporting_unit(catalog.divisions, unit, MONTH)
        assert found
        assert found.is_functional_area or district == unit
        assert not found.parent_codes or district in found.parent_codes


def test_public_agencies_are_those_without_size_class(register, catalog):
    types = catalog.classification("institution_types").items
    public = {item.code for item in types if item.group == "public"}
    for row in register:
        assert (row["institution_type"] in public) == (row["size_class"] == "unclassified")
        assert (row["institution_type"] in public) == (row["licence_kind"] == "none_required")


def test_licences_hold_on_the_registers_date_or_the_exit(register):
    licensed = [row for row in register if row["licence_kind"] == "licensed"]
    assert licensed
    for row in licensed:
        held_on = row["exit_date"] or last_day(MONTH)
        assert held_on <= row["licence_valid_to_date"] <= held_on + dt.timedelta(days=5 * 366)
        assert "人服证字" in row["licence_no"]


def test_who_does_placement_has_a_licence_but_for_a_few(industry, register):
    """What an agency does is seen in its figures of the year, not in its lines."""
    work = industry.work[2025]
    lines = [f"revenue_incl_{code}" for code in ("recruitment", "headhunting")]
    does_placement = sum(work[code].sum(axis=1) for code in [*lines, "job_fairs"]) > 0
    agencies = industry.agencies
    rows = {row["credit_code"]: row for row in register}
    places = [n for n, code in enumerate(agencies.credit_codes) if code in rows]
    filed = {n for n in places if rows[agencies.credit_codes[n]]["licence_kind"] == "filed"}
    placing = {n for n in places if does_placement[n] and not agencies.is_public[n]}
    lacking = {n for n in places if agencies.lacks_licence[n]}
    assert filed & placing <= lacking
    assert filed - placing  # others file, and that is enough for them
    beside = {
        n
        for n in placing
        if rows[agencies.credit_codes[n]]["business_line"]
        not in {"recruitment", "headhunting", "dispatch"}
    }
    assert 0 < len(filed & placing) < 0.04 * len(beside)  # two in a hundred


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (dt.date(2020, 1, 31), 5, dt.date(2025, 1, 31)),
        (dt.date(2020, 2, 29), 5, dt.date(2025, 2, 28)),
        (dt.date(2020, 2, 29), 0, dt.date(2020, 2, 29)),
    ],
)
def test_anniversaries(day, years, expected):
    assert anniversary(day, years) == expected


def test_renewals_and_upgrades_change_the_licence_between_two_registers(industry):
    before, now = (
        {row["credit_code"]: row for row in list_register(industry, month)}
        for month in ("2024-06", "2025-06")
    )
    stayed = [code for code in before if now[code]["exit_date"] is None]
    renewed = [
        code
        for code in stayed
        if before[code]["licence_kind"] == now[code]["licence_kind"] == "licensed"
        and before[code]["licence_no"] != now[code]["licence_no"]
    ]
    upgraded = [
        code
        for code in stayed
        if (before[code]["licence_kind"], now[code]["licence_kind"]) == ("filed", "licensed")
    ]
    licensed = [code for code in stayed if before[code]["licence_kind"] == "licensed"]
    assert 0.1 < len(renewed) / len(licensed) < 0.3  # every five years
    assert upgraded
    for code in upgraded:
        position = industry.agencies.credit_codes.index(code)
        assert last_day("2024-06") < industry.agencies.upgraded_on[position].astype(object)


def test_moves_and_renamings_show_between_two_registers(industry):
    before, now = (
        {row["credit_code"]: row for row in list_register(industry, month)}
        for month in ("2024-12", "2025-06")
    )
    moved = {code for code in before if before[code]["district"] != now[code]["district"]}
    renamed = {code for code in before if before[code]["agency_name"] != now[code]["agency_name"]}
    for codes, happened in (
        (moved, industry.agencies.moved_on),
        (renamed, industry.agencies.renamed_on),
    ):
        assert codes
        days = happened[[industry.agencies.credit_codes.index(code) for code in codes]]
        assert (days > np.datetime64("2024-12-31")).all()
        assert (days <= np.datetime64("2025-06-30")).all()


def test_holdings_stand_in_the_register(register):
    named = [row["holding_name"] for row in register if row["holding_name"]]
    assert len(set(named)) == 18
    assert all(name.startswith("示例集团") for name in named)


def test_the_sample_has_the_strata_of_its_register(industry, sample):
    register = {row["credit_code"]: row for row in list_register(industry, "2024-12")}
    for row in sample:
        agency = register[row["credit_code"]]
        assert row["stratum"] == STRATA[agency["size_class"]]
        assert row["reporting_unit"] == agency["reporting_unit"]
