import datetime as dt
from collections import Counter

import pytest
from stdnum.cn import uscc

from pipelines.catalog.geography import find_division, find_reporting_unit


def _columns(catalog, form):
    (table,) = catalog.form(form).tables
    return table.columns


def _allowed(catalog, column):
    return {item.code for item in catalog.classification(column.choices).items}


@pytest.mark.parametrize("form", ["register", "sample", "annual_return"])
def test_rows_have_the_forms_fields_and_all_required_ones(industry, catalog, form):
    rows = {
        "register": industry.register,
        "sample": industry.sample,
        "annual_return": industry.annual[2023] + industry.annual[2024],
    }[form]
    columns = _columns(catalog, form)
    for row in rows:
        assert set(row) == {column.field for column in columns}
        for column in columns:
            value = row[column.field]
            assert value is not None or not column.required, column.field
            if column.choices:
                assert value in _allowed(catalog, column), value


def test_codes_and_names_are_unique_valid_and_visibly_made_up(industry):
    codes = [row["credit_code"] for row in industry.register]
    names = [row["agency_name"] for row in industry.register]
    assert len(set(codes)) == len(set(names)) == len(industry.register) == 4185
    assert all(map(uscc.is_valid, codes))
    assert all("示例" in name for name in names)


def test_areas_exist_in_the_registers_month(industry, catalog):
    month = industry.register_period
    for district, unit in {(row["district"], row["reporting_unit"]) for row in industry.register}:
        assert find_division(catalog.divisions, district, month)
        found = find_reporting_unit(catalog.divisions, unit, month)
        assert found
        assert found.is_functional_area or district == unit
        assert not found.parent_codes or district in found.parent_codes


def test_public_agencies_are_those_without_size_class(industry, catalog):
    types = catalog.classification("institution_types").items
    public = {item.code for item in types if item.group == "public"}
    for row in industry.register:
        assert (row["institution_type"] in public) == (row["size_class"] == "unclassified")
        assert (row["institution_type"] in public) == (row["licence_kind"] == "none_required")


def test_licences_hold_until_the_registers_date_or_the_exit(industry):
    licensed = [row for row in industry.register if row["licence_kind"] == "licensed"]
    assert licensed
    for row in licensed:
        held_on = row["exit_date"] or dt.date(2025, 6, 30)
        assert row["licence_valid_to_date"] > held_on - dt.timedelta(days=366)
        assert "人服证字" in row["licence_no"]


def test_size_class_agrees_with_the_last_annual_return(industry):
    register = {row["credit_code"]: row for row in industry.register}
    whole_year = dt.date(2024, 1, 1)
    seen = Counter()
    for row in industry.annual[2024]:
        agency = register[row["credit_code"]]
        if agency["first_registered_date"] >= whole_year or agency["exit_date"]:
            continue
        revenue = row["revenue_booked"] + row["pass_through_unbooked"]
        expected = (
            "large"
            if revenue >= 100_000_000
            else "medium"
            if revenue >= 10_000_000
            else "small"
            if revenue >= 1_000_000
            else "micro"
        )
        assert agency["size_class"] in (expected, "unclassified")
        seen[agency["size_class"]] += 1
    assert 85 <= seen["large"] <= 120
    assert min(seen.values()) > 80


def test_annual_returns_keep_their_audit_relations(industry, catalog):
    lines = [column for column in _columns(catalog, "annual_return") if column.indicator]
    by_line = [c.field for c in lines if catalog.indicator(c.indicator).business_line]
    for rows in industry.annual.values():
        for row in rows:
            revenue = row["revenue_booked"] + row["pass_through_unbooked"]
            assert sum(row[field] for field in by_line) == revenue
            assert row["pass_through_booked"] <= row["revenue_booked"]
            assert (
                row["staff"]
                == row["staff_secondary"] + row["staff_college"] + row["staff_graduate"]
            )
            assert max(row["staff_qualified"], row["staff_titled"]) <= row["staff"]
            assert row["placements"] <= row["people_served"]
            assert row["registered_seekers"] <= row["people_served"]
            assert max(row["placements_graduates"], row["placements_migrants"]) <= row["placements"]


def test_annual_returns_come_from_agencies_living_at_the_years_end(industry):
    register = {row["credit_code"]: row for row in industry.register}
    for year, rows in industry.annual.items():
        end = dt.date(year, 12, 31)
        assert len({row["credit_code"] for row in rows}) == len(rows)
        assert 0.98 < len(rows) / industry.truth.institutions[f"{year}-12"] < 1
        for row in rows:
            agency = register[row["credit_code"]]
            assert agency["first_registered_date"] <= end
            assert agency["exit_date"] is None or agency["exit_date"] > end
