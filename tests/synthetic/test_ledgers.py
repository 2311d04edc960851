from collections import Counter

import numpy as np
import pytest

from pipelines.catalog.geography import find_division
from pipelines.synthetic.industry import last_day
from pipelines.synthetic.ledgers import list_ledgers


@pytest.fixture(scope="module")
def ledgers(industry):
    return list_ledgers(industry, "2025-12")


def test_rows_fit_the_form(ledgers, catalog):
    tables = {table.sheet: table for table in catalog.form("ledger").tables}
    assert set(ledgers) == set(tables)
    for sheet, rows in ledgers.items():
        columns = {column.field: column for column in tables[sheet].columns}
        for row in rows:
            assert set(row) <= set(columns), sheet
            for field, column in columns.items():
                assert row.get(field) is not None or not column.required, (sheet, field)
                if column.choices and column.type == "choice":
                    items = catalog.classification(column.choices).items
                    assert row[field] in {item.code for item in items}
            if "district" in row:
                assert find_division(catalog.divisions, row["district"], "2025-06")


def test_counts_are_those_of_the_plan(industry, ledgers):
    planned = Counter()
    for entries in industry.magnitudes.ledgers:
        planned[entries.sheet] += entries.count
    for sheet, count in planned.items():
        assert len(ledgers[sheet]) == count
    assert len(ledgers["产业园"]) == len(industry.magnitudes.parks)
    # “1+10+N” (85号 四（二）) is missed by one municipal park.
    levels = Counter(row["platform_level"] for row in ledgers["产业园"])
    assert (levels["national"], levels["municipal"]) == (1, 9)


def test_a_ledger_holds_what_had_happened_by_then(industry, ledgers):
    earlier = list_ledgers(industry, "2024-06")
    for sheet, rows in earlier.items():
        assert all(row["item_date"] <= last_day("2024-06") for row in rows)
        assert all(row in ledgers[sheet] for row in rows)
    assert len(earlier["优质中坚"]) < len(ledgers["优质中坚"])


def test_yearly_events_take_place_at_most_once_a_year(ledgers):
    events = Counter((row["event_kind"], row["item_date"].year) for row in ledgers["年度活动"])
    assert set(events.values()) == {1}
    assert {year for _, year in events} == {2023, 2024, 2025}


def test_agencies_of_a_ledger_exist_and_stand_in_it_once(industry, ledgers):
    codes = [row["credit_code"] for row in ledgers["优质中坚"]]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(industry.agencies.credit_codes)


def test_agencies_bear_the_names_they_had(industry, ledgers):
    position = {code: n for n, code in enumerate(industry.agencies.credit_codes)}
    renamed = 0
    for row in ledgers["优质中坚"]:
        number = position[row["credit_code"]]
        later = industry.agencies.renamed_on[number] > np.datetime64(row["item_date"], "D")
        assert ("老号" in row["item_name"]) == later
        renamed += bool(later)
    assert renamed


def test_everything_is_visibly_made_up(ledgers):
    for rows in ledgers.values():
        assert all("模拟数据" in row["evidence"] for row in rows)
        assert all("示例" in row["item_name"] for row in rows)
