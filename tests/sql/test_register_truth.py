"""The register's history and the months' counts against the truth of the made-up industry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.synthetic.industry import Industry, last_day, make_industry
from pipelines.synthetic.lists import list_register
from pipelines.synthetic.standing import draw_branches, list_branches, list_events, statuses_on
from pipelines.warehouse.database import PYTHON_SCHEMAS, build_table, open_database, replace_frame
from pipelines.warehouse.reference import reference_frames

MONTHS = [f"2025-{month:02d}" for month in range(2, 11)]
REGISTERS = ("2024-12", "2025-06", "2025-09")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def industry() -> Industry:
    return make_industry(size=800)


def cells(receipt_no: int, rows: list[Row], *, by_agency: bool) -> Iterator[Row]:
    """Yield what a workbook of these rows is read as."""
    for number, row in enumerate(rows, start=4):
        for field, value in row.items():
            if value is not None:
                yield {
                    "receipt_no": receipt_no,
                    "unit_row": number,
                    "credit_code": row["credit_code"] if by_agency else None,
                    "field_code": field,
                    "text_value": str(value),
                }


def sent(industry: Industry) -> tuple[list[Row], list[Row]]:
    """Return files and values: registers on the day after their month, events two days later."""
    files: list[Row] = []
    values: list[Row] = []

    def send(folder: str, period: str, day: int, rows: list[Row]) -> None:
        receipt_no = len(files) + 1
        seen = dt.datetime.combine(last_day(period), dt.time(12)) + dt.timedelta(day)
        files.append(
            {
                "receipt_no": receipt_no,
                "folder": folder,
                "period": period,
                "file_name": f"{folder}_{period}.xlsx",
                "first_seen_at": seen,
                "outcome": "read",
            }
        )
        values.extend(cells(receipt_no, rows, by_agency=folder == "register"))

    for period in ["2024-12", "2025-01", *MONTHS]:
        if period in REGISTERS:
            rows = [*list_register(industry, period), *list_branches(industry, period)]
            send("register", period, 1, rows)
        if period > REGISTERS[0]:
            send("register_events", period, 3, list_events(industry, period))
        if period in MONTHS:
            send("reports", period, 5, [])
    for number, value in enumerate(values, start=1):
        value["value_no"] = number
    return files, values


@pytest.fixture(scope="module")
def tables(industry, sql_tables) -> Iterator[Any]:
    catalog: Catalog = load_catalog()
    files, values = sent(industry)
    frames = reference_frames(catalog) | {
        "raw_files": pd.DataFrame(files),
        "raw_values": pd.DataFrame(values, dtype=object),
        "ref_release": pd.DataFrame([{"release_id": "T", "period": MONTHS[-1]}]),
    }
    with open_database(":memory:") as connection:
        for name, schema in PYTHON_SCHEMAS.items():
            frame = frames.get(name, pd.DataFrame(columns=list(schema)))
            replace_frame(connection, name, frame.reindex(columns=list(schema)), schema)
        for table in sql_tables.values():
            build_table(connection, table, catalog)
        yield connection


@pytest.mark.parametrize("period", ["2025-01", *MONTHS])
def test_the_status_of_every_agency_at_every_months_end(tables, industry, period):
    rows = tables.execute(
        "select credit_code, register_status from core_register "
        "where valid_from_date <= $1 and coalesce(valid_to_date >= $1, true)",
        [last_day(period)],
    ).fetchall()
    branches = {branch.code for branch in draw_branches(industry)}
    statuses = zip(
        industry.agencies.credit_codes, statuses_on(industry, last_day(period)), strict=True
    )
    truth = {code: status for code, status in statuses if status is not None}
    # Before the first register nothing is known of pauses and of who went on under another code.
    told = {"recoded": "exited"}
    found = {code: status for code, status in rows if code not in branches}
    assert found.keys() == truth.keys()
    odd = {
        code: (status, truth[code])
        for code, status in found.items()
        if status not in (truth[code], told.get(truth[code]))
        and not (status == "active" and truth[code] in ("suspended", "lost_contact"))
    }
    assert odd == {}
    begun = {
        row["credit_code"]
        for month in ["2025-01", *MONTHS]
        if month <= period
        for row in list_events(industry, month)
        if row["event_type"] in ("suspended", "lost_contact")
    }
    assert {code for code in begun if truth[code] != found[code]} == set()


@pytest.mark.parametrize("period", MONTHS)
def test_the_counts_of_every_month(tables, industry, period):
    """Between two registers the events alone carry the counts, by city and reporting unit."""
    (row,) = tables.execute(
        "select institution_count, expired_count, branch_count, suspended_count "
        "from core_institutions cross join ("
        "select count(*) filter (is_expired) as expired_count, "
        "count(*) filter (is_within_parent) as branch_count "
        "from core_registered_agencies where period = $period and is_living) as living "
        "where period = $period and domain_type = 'city'",
        {"period": period},
    ).fetchall()
    branches = [b for b in draw_branches(industry) if b.registered <= last_day(period)]
    assert row[:3] == (industry.institutions(period), 0, len(branches))
    agencies, day = industry.agencies, last_day(period)
    places = [agencies.place_on(position, day) for position in range(len(agencies))]
    living = industry.agencies.living(last_day(period))
    truth: dict[str, int] = {}
    for (unit, _), is_living in zip(places, living.tolist(), strict=True):
        if is_living:
            code = industry.magnitudes.units[unit].code
            truth[code] = truth.get(code, 0) + 1
    found = dict(
        tables.execute(
            "select reporting_unit_code, count(*) from core_registered_agencies "
            "where period = ? and is_counted group by all",
            [period],
        ).fetchall()
    )
    assert found == truth


def test_opening_and_movements_make_the_closing_in_every_period_and_group(tables, industry):
    rows = tables.execute("select * from mart_institution_balance").df()
    assert set(rows.period) >= {*MONTHS, "2024"}
    assert (rows.balance_gap == 0).all()
    city = rows[rows.domain_type == "city"].set_index("period")
    before = city.loc[MONTHS[1:], "opening_count"].tolist()
    assert before == city.loc[MONTHS[:-1], "closing_count"].tolist()
    gross = city.new_count + city.moved_in_count + city.other_in_count
    lost = city.exit_count + city.moved_out_count + city.other_out_count
    assert (gross - lost == city.net_count).all()
    for period in MONTHS[1:]:
        events = list_events(industry, period)
        kinds = [row["event_type"] for row in events]
        of_period = city.loc[period]
        outside = [r for r in events if r["event_type"] == "moved_in" and "size_class" in r]
        assert of_period.new_count == kinds.count("new")
        assert of_period.moved_in_count == len(outside)
        assert of_period.deregistered_count == kinds.count("deregistered")
        assert of_period.moved_out_count == kinds.count("moved_out")


def test_changes_between_registers_are_told_by_their_events(tables, industry):
    """In the made-up industry everything but sizes, branches and the first register is an event."""
    rows = tables.execute(
        "select * from mart_register_changes where change_date > date '2025-01-01'"
    ).df()
    by_snapshot = rows[rows.date_basis == "snapshot"]
    assert set(by_snapshot.changed_field) <= {"size_class", "parent_code"}
    renamed = rows[rows.change_kind == "renamed"]
    told = {
        row["credit_code"]
        for month in ["2025-01", *MONTHS]
        for row in list_events(industry, month)
        if row["event_type"] == "renamed"
    }
    assert set(renamed.credit_code) == told
    assert set(renamed.date_basis) == {"event"}
    assert not rows.is_doubtful.any()
