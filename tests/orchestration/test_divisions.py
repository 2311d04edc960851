"""The demo's districts in both geographies, beside the truth about its made-up industry."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from pipelines.orchestration.synthesis import TRUTH
from pipelines.root import Root

MONTHS = ("2025-05", "2025-06")
AREAS = {
    "2020": ("former_reporting_unit", "reporting_unit"),
    "2025": ("former_area_2025", "area_2025"),
}


def counts(root: Root, geography: str, period: str) -> dict[str, float]:
    """Return the published number of agencies by area, those without any left out."""
    with duckdb.connect(str(root.database), read_only=True) as connection:
        rows = connection.execute(
            "select area_code, value from mart_district_recoded where geography = ? "
            "and period = ? and indicator_code = 'institutions' and value > 0",
            [geography, period],
        ).fetchall()
    return dict(rows)


@pytest.mark.parametrize("geography", AREAS)
def test_recoded_counts_are_those_of_the_truth(demo_root: Root, geography: str):
    """June has a register of its own; May looks back at an older one."""
    dates = ["registered", "exited", "moved_on"]
    agencies = pd.read_csv(
        demo_root.path / TRUTH / "agencies.csv", encoding="utf-8-sig", parse_dates=dates
    )
    day = pd.Timestamp(2025, 6, 30)
    living = agencies[(agencies.registered <= day) & ~(agencies.exited <= day)]
    former, now = AREAS[geography]
    areas = living[now].where(~(living.moved_on > day), living[former])
    assert counts(demo_root, geography, "2025-06") == areas.value_counts().to_dict()


@pytest.mark.parametrize("period", MONTHS)
def test_both_geographies_add_up_to_the_city(demo_root: Root, period: str):
    before, after = (counts(demo_root, geography, period) for geography in AREAS)
    assert sum(before.values()) == sum(after.values()) > 0
    assert "UNPLACED" not in after
    # The new districts hold what the three old ones and the functional area held.
    gone = sum(before.get(code, 0) for code in ("500105", "500109", "500112", "CQ-LJXQ-FUNC"))
    assert after["500157"] + after["500109"] == gone


def test_the_back_series_is_marked_and_the_series_in_force_is_the_published_one(demo_root: Root):
    with duckdb.connect(str(demo_root.database), read_only=True) as connection:
        marks = connection.execute(
            "select distinct geography, is_recoded from mart_district_recoded order by all"
        ).fetchall()
        differences = connection.execute(
            "select count(*) from mart_district_monthly as published "
            "full join (from mart_district_recoded where geography = '2020') as recoded "
            "using (period, area_code, indicator_code, measure_code) "
            "where published.value is distinct from recoded.value"
        ).fetchall()
    assert marks == [("2020", False), ("2025", True)]
    assert differences == [(0,)]
