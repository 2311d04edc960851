"""A made-up industry that lives through the change of divisions, in one whole run.

The change is reported from 2025-11 on here: the catalog's own month lies after the made-up years.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.orchestration.synthesis import TRUTH
from pipelines.root import PROJECT, Root

AGENCIES = 500
GONE = {"500105", "500112", "CQ-LJXQ-FUNC"}
LIVE_THROUGH_IT = f"""
from pathlib import Path

from pipelines.orchestration.demo import make_demo
from pipelines.orchestration.notices import write_notices
from pipelines.orchestration.reminding import write_reminders
from pipelines.orchestration.reviewing import write_reviews
from pipelines.orchestration.synthesis import Plan

kinds = frozenset({{"register", "sample", "roll", "single"}})
plan = Plan(first="2025-09", last="2025-12", size={AGENCIES}, kinds=kinds)
root, _ = make_demo(Path("demo"), plan=plan)
for period in ("2025-10", "2025-11"):
    write_notices(root, period)
    write_reviews(root, period, is_of_city=False)
    write_reminders(root, period)
"""

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """The root of a copy of the project that reports in the new divisions since 2025-11."""
    project = tmp_path_factory.mktemp("project")
    for folder in ("pipelines", "sql", "expectations", "data/raw/published"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / folder, project / folder, ignore=ignored)
    divisions = project / "pipelines/catalog/divisions.yml"
    text = divisions.read_text(encoding="utf-8")
    text = text.replace('"2026-01"', '"2025-10"').replace('"2026-02"', '"2025-11"')
    divisions.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LIVE_THROUGH_IT],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Root(project / "demo")


def rows_of(root: Root, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(root.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def units_in(folder: Path, pattern: str) -> set[str]:
    return {path.stem.split("_")[1] for path in folder.rglob(pattern)}


def test_every_agency_counts_once_in_each_geography(crossed: Root):
    counts = rows_of(
        crossed,
        "select recoded.period, recoded.geography, sum(recoded.value) = any_value(city.value), "
        "count(*) filter (recoded.value is null), bool_and(recoded.is_recoded) "
        "from mart_district_recoded as recoded "
        "inner join mart_industry_monthly as city using (period, indicator_code) "
        "where indicator_code = 'institutions' group by all order by all",
    )
    assert counts == [
        ("2025-09", "2020", True, 0, False),
        ("2025-09", "2025", True, 0, True),
        ("2025-10", "2020", True, 0, False),
        ("2025-10", "2025", True, 0, True),
        ("2025-11", "2020", True, 0, True),
        ("2025-11", "2025", True, 0, False),
        ("2025-12", "2020", True, 0, True),
        ("2025-12", "2025", True, 0, False),
    ]


def test_the_new_districts_open_with_what_the_old_ones_closed(crossed: Root):
    """2025-11 still has a register in old codes; what came since is told in new ones."""
    areas = "select sum({}) from mart_institution_balance where domain_type = 'area' and {}"
    old = "period = '2025-10' and domain_code in ('500105', '500109', '500112', 'CQ-LJXQ-FUNC')"
    new = "period = '2025-11' and domain_code in ('500109', '500157')"
    ((closed,),) = rows_of(crossed, areas.format("closing_count", old))
    assert rows_of(crossed, areas.format("opening_count", new)) == [(closed,)]
    assert closed > 0


def test_the_first_register_in_new_codes_agrees_with_the_truth(crossed: Root):
    agencies = pd.read_csv(
        crossed.path / TRUTH / "agencies.csv", encoding="utf-8-sig", parse_dates=["exited"]
    )
    living = agencies[agencies.exited.isna()]
    found = rows_of(
        crossed,
        "select area_code, value from mart_district_monthly "
        "where period = '2025-12' and indicator_code = 'institutions' and value > 0",
    )
    assert dict(found) == living.area_2025.value_counts().to_dict()


@pytest.mark.parametrize("table", ["mart_response", "mart_reviews"])
def test_only_units_of_the_period_are_asked(crossed: Root, table: str):
    units = rows_of(crossed, f"select period, reporting_unit_code from {table}")
    assert {period for period, unit in units if unit in GONE} == {"2025-09", "2025-10"}
    assert {period for period, unit in units if unit == "500157"} == {"2025-11", "2025-12"}


def test_what_goes_out_goes_to_the_units_of_its_month(crossed: Root):
    for folder, pattern in (("notices", "快报通知_*_{}.zip"), ("review", "审核表_*_{}.xlsx")):
        before, after = (
            units_in(crossed.reports / folder, pattern.format(period))
            for period in ("2025-10", "2025-11")
        )
        assert before - after == {"江北区", "渝北区", "两江新区（功能区）"}
        assert after - before == {"两江新区"}
    reminded = units_in(crossed.reports / "reminders", "催报通知_*_2025-11.docx")
    assert reminded
    assert not reminded & {"江北区", "渝北区", "两江新区（功能区）"}


def test_new_codes_are_neither_moves_nor_mistakes(crossed: Root):
    found = rows_of(
        crossed,
        "select rule_code from mart_findings where form_code = 'register' "
        "and rule_code = 'event_place_differs'",
    )
    assert found == []
    changes = rows_of(
        crossed,
        "select distinct change_kind from mart_register_changes "
        "where value_before_text in ('500105', '500112', 'CQ-LJXQ-FUNC') "
        "and date_basis = 'snapshot' and change_date > date '2025-11-30' "
        "and value_after_text in ('500109', '500157')",
    )
    assert changes == [("redistricted",)]
