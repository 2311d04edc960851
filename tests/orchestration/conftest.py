"""A small demo that was run once, and copies of it for tests that change something."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.orchestration.demo import make_demo
from pipelines.orchestration.run import RunOutcome
from pipelines.root import Root
from pipelines.synthetic.industry import Industry, make_industry

UNITS = ("500103", "500112")
PERIODS = ("2025-05", "2025-06")
AGENCIES_IN_A_ROLL = 14
SILENT_AGENCIES = 5


def small_industry() -> Industry:
    """Two months, two units, a few dozen agencies and a thin register around them."""
    whole = make_industry()
    before, last = PERIODS
    rolls = {unit: whole.reports[last][unit][:AGENCIES_IN_A_ROLL] for unit in UNITS}
    heard = {report.credit_code for roll in rolls.values() for report in roll}
    heard |= {report.credit_code for single in whole.singles for report in single.reports}
    earlier = {
        unit: [report for report in roll if report.credit_code in heard]
        for unit, roll in whole.reports[before].items()
    }
    reports = {before: {unit: roll for unit, roll in earlier.items() if roll}, last: rolls}
    silent = [row for row in whole.sample if row["credit_code"] not in heard][:SILENT_AGENCIES]
    sample = [row for row in whole.sample if row["credit_code"] in heard or row in silent]
    sampled = {row["credit_code"] for row in sample}
    register = [
        row
        for number, row in enumerate(whole.register)
        if row["credit_code"] in sampled or number % 20 == 0
    ]
    annual = {2024: [row for row in whole.annual[2024] if row["credit_code"] in sampled]}
    return replace(whole, register=register, sample=sample, annual=annual, reports=reports)


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Root, RunOutcome]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.orchestration.demo.make_industry", small_industry)
        return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def demo_root(small_demo: tuple[Root, RunOutcome]) -> Root:
    """The demo's root, for tests that only look at it."""
    return small_demo[0]


@pytest.fixture
def own_root(demo_root: Root, tmp_path: Path) -> Root:
    """A copy of the demo's root, for tests that change it."""
    copy = tmp_path / "root"
    shutil.copytree(demo_root.path, copy)
    return Root(copy)
