"""A small demo that was run once, and copies of it for tests that change something."""

import shutil
from pathlib import Path

import pytest

from pipelines.orchestration.demo import make_demo
from pipelines.orchestration.run import RunOutcome
from pipelines.orchestration.synthesis import Plan
from pipelines.root import Root


@pytest.fixture(scope="session")
def small_plan() -> Plan:
    """Two months of an industry of a few hundred agencies."""
    return Plan(first="2025-05", last="2025-06", size=500)


@pytest.fixture(scope="session")
def small_demo(
    tmp_path_factory: pytest.TempPathFactory, small_plan: Plan
) -> tuple[Root, RunOutcome]:
    return make_demo(tmp_path_factory.mktemp("demo"), plan=small_plan)


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
