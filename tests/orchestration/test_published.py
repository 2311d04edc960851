"""What is told where the published file is not one that this program made."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.orchestration.published import (
    NothingPublishedError,
    ask,
    checked_month_or_year,
    published_findings,
)
from pipelines.root import Root

OLDER = "请先运行 hrstats run 重新发布"


@pytest.fixture
def older(tmp_path: Path) -> Root:
    """A root with a release that has neither all tables nor all columns."""
    root = Root(tmp_path)
    root.database.parent.mkdir(parents=True)
    with duckdb.connect(str(root.database)) as connection:
        connection.execute("create table mart_findings (finding_no integer)")
    return root


@pytest.mark.parametrize(
    "query",
    [
        "from mart_files",
        "select score from mart_findings",
        "from read_parquet('missing.parquet')",
    ],
)
def test_an_older_release_is_told_to_be_made_anew(older: Root, query: str) -> None:
    with pytest.raises(NothingPublishedError, match=OLDER):
        ask(older, query)


def test_findings_of_an_older_release_are_told_to_be_made_anew(older: Root) -> None:
    with pytest.raises(NothingPublishedError, match=OLDER), published_findings(older):
        pass


def test_a_year_is_one_of_annual_returns(demo_root: Root, tmp_path: Path) -> None:
    assert checked_month_or_year(demo_root, "2024") == "2024"
    with pytest.raises(NothingPublishedError, match="没有 2019 年的年报"):
        checked_month_or_year(demo_root, "2019")
    with pytest.raises(NothingPublishedError, match="还没有发布过数据"):
        checked_month_or_year(Root(tmp_path), "2024")
