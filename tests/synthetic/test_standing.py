"""What happens to agencies between two registers tells how the second differs from the first."""

import datetime as dt

import pytest

from pipelines.synthetic.industry import last_day
from pipelines.synthetic.lists import list_register
from pipelines.synthetic.standing import (
    draw_branches,
    draw_pauses,
    list_branches,
    list_events,
    statuses_on,
)

MONTH_BEFORE, MONTH = "2025-02", "2025-03"


@pytest.fixture(scope="module")
def events(industry):
    return list_events(industry, MONTH)


def test_events_have_fields_of_the_form_and_all_required_ones(industry, catalog, events):
    (table,) = catalog.form("register_events").tables
    fields = {column.field for column in table.columns}
    required = {column.field for column in table.columns if column.required}
    kinds = {item.code for item in catalog.classification("register_event_types").items}
    for row in events:
        assert required <= {field for field, value in row.items() if value is not None}
        assert row.keys() <= fields
        assert row["event_type"] in kinds
        assert row["event_date"].isoformat().startswith(MONTH)
    year = {
        row["event_type"] for n in range(1, 13) for row in list_events(industry, f"2025-{n:02}")
    }
    assert year == kinds


def test_two_registers_differ_by_the_events_between(industry, events):
    before, now = (
        {row["credit_code"]: row for row in list_register(industry, month)}
        for month in (MONTH_BEFORE, MONTH)
    )
    told = {}
    for row in events:
        told.setdefault(row["event_type"], {})[row["credit_code"]] = row
    going_on = [row for row in events if row["event_type"] == "relicensed"]
    recoded = {row["successor_code"] for row in going_on if row.get("successor_code")}
    moved_in = {code for code in told["moved_in"] if code not in before}
    assert now.keys() - before.keys() == {*told["new"], *moved_in} | recoded
    changed = {
        field: {code for code in before if before[code][field] != now[code][field]}
        for field in ("agency_name", "reporting_unit", "licence_no")
    }
    assert changed["agency_name"] == told["renamed"].keys()
    assert changed["reporting_unit"] == {code for code in told["moved_in"] if code in before}
    upgraded = told.get("upgraded", {}).keys()
    assert changed["licence_no"] <= told["relicensed"].keys() | upgraded


def test_branches_are_besides_the_industry_and_their_parents_last(industry):
    branches = draw_branches(industry)
    assert branches
    codes = {branch.code for branch in branches}
    assert not codes & set(industry.agencies.credit_codes)
    rows = list_branches(industry, MONTH)
    assert {row["credit_code"] for row in rows} <= codes
    living = industry.agencies.living(dt.date(2025, 12, 31))
    assert all(living[branch.parent] for branch in branches)
    assert {row["parent_code"] for row in rows} <= set(industry.agencies.credit_codes)


def test_who_pauses_lives_and_comes_back_after_it_paused(industry):
    pauses, agencies = draw_pauses(industry), industry.agencies
    statuses = statuses_on(industry, last_day(MONTH))
    assert {"active", "suspended", "lost_contact"} <= set(statuses)
    for kind, begin in pauses.begin.items():
        for position, (day, back) in enumerate(zip(begin, pauses.end[kind], strict=True)):
            if str(day) != "NaT":
                assert agencies.registered[position] < day
                assert not agencies.exited[position] <= day
                assert not back <= day
