"""What is asked of the published file: any query, who reported, and the pages made from it.

Only published files are opened, and only to read, so all this works while a run is going on.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.bulletin.page import write_bulletin
from pipelines.bulletin.returns import write_return_list
from pipelines.orchestration.demo_root import is_made_up
from pipelines.root import Root

PERIODS = "select distinct period from mart_industry_monthly order by period"
RESPONSE = """
    select
        reporting_unit_name, sampled_count, accepted_count, refused_count, late_count,
        missing_count, response_rate_pct
    from mart_response
    where period = ? and sampled_count > 0
    order by reporting_unit_code = 'TOTAL', unit_order"""
REFUSALS = """
    select message from mart_findings
    where period = ? and severity = 'mandatory' and submission_state = 'refused'
    order by finding_no"""

MISSING = """
    select units.reporting_unit_name, frame.agency_name, frame.credit_code
    from read_parquet(?) as response
    inner join read_parquet(?) as frame using (period, credit_code)
    inner join mart_response as units
        on units.period = frame.period and units.reporting_unit_code = response.reporting_unit_code
    where response.status = 'missing' and response.period = ?
    order by units.unit_order, frame.credit_code"""


class NothingPublishedError(Exception):
    """What is asked for has not been published."""


@dataclass(frozen=True)
class Answer:
    """The rows of a query with the names of their columns."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(root: Root, query: str, *values: str) -> Answer:
    """Return what the published file answers.

    Raises:
        NothingPublishedError: There is no published file yet.
        duckdb.Error: The query is wrong.
    """
    if not root.database.exists():
        raise NothingPublishedError("还没有发布过数据，请先运行 hrstats run。")
    settings: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with closing(duckdb.connect(str(root.database), read_only=True, config=settings)) as reader:
        result = reader.execute(query, values)
        return Answer([column[0] for column in result.description or []], result.fetchall())


def published_periods(root: Root) -> list[str]:
    """Return the periods of the flash report that have published figures, in order."""
    return [period for (period,) in ask(root, PERIODS).rows]


def checked_period(root: Root, period: str | None) -> str:
    """Return the period when it has published figures, the newest one when none is given.

    Raises:
        NothingPublishedError: It has none.
    """
    periods = published_periods(root)
    if not periods:
        raise NothingPublishedError("已发布的数据中还没有快报，请放入快报后运行 hrstats run。")
    if period is None:
        return periods[-1]
    if period not in periods:
        raise NothingPublishedError(
            f"没有 {period} 的发布数据（有 {'、'.join(periods)}），请先运行 hrstats run {period}。"
        )
    return period


def missing_agencies(root: Root, period: str) -> list[str]:
    """Return unit, name and code of every sampled agency that sent nothing for that period."""
    internal = [str(root.internal / f"{name}.parquet") for name in ("core_response", "core_frame")]
    rows = ask(root, MISSING, *internal, period).rows
    return [f"{unit}，{agency}（{code}）" for unit, agency, code in rows]


def write_bulletins(root: Root, periods: Sequence[str]) -> list[Path]:
    """Write the bulletins of these periods from what is published."""
    return [write_bulletin(root, period, is_made_up(root)) for period in periods]


def write_return_lists(root: Root, periods: Sequence[str]) -> list[Path]:
    """Write the return lists of these periods from what is published."""
    return [write_return_list(root, period, is_made_up(root)) for period in periods]
