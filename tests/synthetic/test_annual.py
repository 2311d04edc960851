import datetime as dt

import numpy as np
import pytest

from pipelines.synthetic.annual import (
    BUSINESS_FIGURES,
    figures_of_year,
    list_annual_returns,
    spoil_annual_returns,
)
from pipelines.synthetic.lists import list_register

YEARS = (2023, 2024, 2025)
NEW = 2025  # the first year that is asked on the form of LM1 and LM2


@pytest.fixture(scope="module")
def annual(industry):
    return {year: list_annual_returns(industry, year) for year in YEARS}


def _columns(catalog, year):
    (table,) = catalog.form("annual_return", f"{year}-12").tables
    return table.columns


@pytest.mark.parametrize("year", YEARS)
def test_rows_have_the_fields_of_the_years_form_and_all_required_ones(annual, catalog, year):
    columns = _columns(catalog, year)
    for row in annual[year]:
        assert list(row) == [column.field for column in columns]
        for column in columns:
            value = row[column.field]
            assert value is not None or not column.required, column.field
            if column.choices and value is not None:
                items = catalog.classification(column.choices).items
                assert value in {item.code for item in items}, value


def test_the_new_form_is_asked_from_2025_on(annual):
    assert "operating_status" not in annual[2024][0]
    assert len(annual[NEW][0]) > 2 * len(annual[2024][0])


def test_the_parts_of_the_new_form_add_up(annual):
    sums = {
        "registered_seekers": ("college", "bachelor", "graduate"),
        "employers_served": ("state", "private", "foreign", "other"),
    }
    for row in annual[NEW]:
        for whole, parts in sums.items():
            assert row[whole] == sum(row[f"{whole}_{part}"] for part in parts)
        assert max(row["job_fairs_graduates"], row["job_fairs_migrants"]) <= row["job_fairs"]
        visits = row["fair_employers"] + row["fair_vacancies"] + row["fair_seekers"]
        assert (row["job_fairs"] == 0) == (visits == 0)
        assert (row["training_courses"] == 0) == (row["training_participants"] == 0)
        assert (row["dispatch_clients"] == 0) == (row["dispatched_workers"] == 0)
        assert row["headhunting_placements"] <= row["headhunting_vacancies"]
        assert row["database_additions"] <= row["database_records"]


def test_a_business_is_ticked_where_there_are_figures_of_it(annual):
    ticked = set()
    for row in annual[NEW]:
        for line in [field.removeprefix("does_") for field in row if field.startswith("does_")]:
            figures = [f"revenue_incl_{line}", *BUSINESS_FIGURES.get(line, [])]
            does = any(row[code] > 0 for code in figures)
            assert row[f"does_{line}"] == ("yes" if does else "no")
            ticked |= {line} if does else set()
        assert (row["other_business"] is None) == (row["does_other"] == "no")
    assert len(ticked) == 10


def test_what_is_said_of_the_agency_stands_in_the_register(industry, annual):
    register = {row["credit_code"]: row for row in list_register(industry, f"{NEW}-12")}
    told = ("agency_name", "reporting_unit", "institution_type", "licence_kind", "licence_no")
    for row in annual[NEW]:
        assert [row[field] for field in told] == [
            register[row["credit_code"]][field] for field in told
        ]


def test_a_few_are_suspended(annual):
    statuses = [row["operating_status"] for row in annual[NEW]]
    assert 0 < statuses.count("suspended") < 0.01 * len(statuses)
    assert set(statuses) == {"normal", "suspended"}


def test_some_returns_of_the_new_form_are_spoilt_and_said_to_be(industry, annual):
    sent, mistakes = spoil_annual_returns(industry, NEW, annual[NEW], 1)
    changed = {
        right["credit_code"]: [field for field in right if right[field] != row[field]]
        for right, row in zip(annual[NEW], sent, strict=True)
        if right != row
    }
    assert all(len(fields) == 1 for fields in changed.values())
    assert set(changed) == {mistake.credit_code for mistake in mistakes}
    assert {mistake.kind for mistake in mistakes} == set(industry.magnitudes.mistakes.annual)
    rate = sum(industry.magnitudes.mistakes.annual.values())
    assert 0.5 * rate < 100 * len(mistakes) / len(sent) < 2 * rate
    assert spoil_annual_returns(industry, NEW, annual[NEW], 0) == (annual[NEW], [])
    assert spoil_annual_returns(industry, 2024, annual[2024], 1) == (annual[2024], [])


def test_the_years_figures_of_all_agencies_are_those_of_the_returns(industry, annual):
    figures = figures_of_year(industry, NEW)
    for row in annual[NEW][::500]:
        position = industry.agencies.credit_codes.index(row["credit_code"])
        assert all(row[code] == int(figures[code][position]) for code in figures)


def test_annual_returns_keep_their_audit_relations(annual, catalog):
    lines = [column for column in _columns(catalog, 2023) if column.indicator]
    by_line = [c.field for c in lines if catalog.indicator(c.indicator).business_line]
    for rows in annual.values():
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


def test_annual_returns_come_from_agencies_living_at_the_years_end(industry, annual):
    for year, rows in annual.items():
        living = industry.agencies.living(dt.date(year, 12, 31))
        codes = [row["credit_code"] for row in rows]
        assert len(set(codes)) == len(codes)
        assert 0.98 < len(codes) / living.sum() < 1
        alive = {industry.agencies.credit_codes[position] for position in np.flatnonzero(living)}
        assert set(codes) <= alive


def test_returned_totals_are_a_little_below_the_truth(industry, annual):
    for year, rows in annual.items():
        reported = sum(row["revenue_booked"] + row["pass_through_unbooked"] for row in rows)
        assert 0.999 < float(reported) / industry.total_of_year(year, "revenue_incl") < 1
        reported = sum(row["placements"] for row in rows)
        assert 0.99 < float(reported) / industry.total_of_year(year, "placements") < 1
