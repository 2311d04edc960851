"""Reading the published DuckDB file: the rows one bulletin or return list needs.

Nothing is formatted or computed here. The warehouse is never opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.root import Root

Row = Mapping[str, Any]

INDUSTRY = "select * from mart_industry_monthly where period <= ? order by period, indicator_order"
DISTRICTS = """
    select * from mart_district_monthly where period = ?
    order by area_type, area_order, area_code"""
BUSINESS_LINES = """
    select * from mart_business_type_monthly where period = ? order by line_order"""
INSTITUTION_TYPES = """
    select * from mart_institution_type_monthly where period = ? order by type_order"""
BALANCE = """
    select * from mart_institution_balance
    where domain_type = 'city' and period like substr(?, 1, 5) || '%' and period <= ?
    order by period"""
YEARS = """
    select * from mart_industry_yearly
    where cast(year as integer) <= cast(substr(?, 1, 4) as integer)
    order by indicator_order, area_code, year, actual_basis"""
TARGETS = "select * from mart_target_progress where as_of_period = ? order by target_id"
PATHS = "select * from mart_target_paths order by target_id, path_date"
RESPONSE = "select * from mart_response where period = ? order by unit_order"
RESPONSE_TOTALS = """
    select * from mart_response
    where reporting_unit_code = 'TOTAL' and period <= ?
    order by period"""
QUALITY = """
    select * from mart_quality
    where form_code = 'flash_report' and period <= ?
    order by period, unit_order nulls last, rule_code, severity"""
FINDINGS = """
    select * from mart_findings
    where period = ? or period is null or folder <> 'reports'
    order by folder <> 'reports', finding_no"""
RETURNS = """
    select findings.*, files.first_seen_at, files.file_path
    from mart_findings as findings
    left join raw_files as files using (receipt_no)
    where findings.period is not distinct from ? and findings.state = 'open'
    order by findings.reporting_unit_code nulls last, findings.receipt_no, findings.finding_no"""
WORKED = """
    select findings.*, files.first_seen_at, files.file_path
    from mart_findings as findings
    inner join raw_files as files using (receipt_no)
    where findings.period is not distinct from ?
    order by
        case findings.state when 'open' then 0 when 'explained' then 1 else 2 end,
        findings.score_rank nulls last,
        findings.severity,
        findings.finding_no"""
FILES = "select * from mart_files where period is not distinct from ? order by receipt_no"
PERIODS = "select distinct period from mart_industry_monthly order by period"


class NothingPublishedError(Exception):
    """The published file or the wanted period is not there; the message says what to do."""


@dataclass(frozen=True)
class Marts:
    """The published rows behind the bulletin of one period.

    `industry`, `response_totals` and `quality` hold all periods up to this one, `years` all years
    up to this one, `balance` the city's months of this year up to this one, `findings` those of
    this period and of the folders that know no period; the others this period alone. `quality` is
    of the flash report.
    """

    release_id: str
    period: str
    period_type: str
    industry: Sequence[Row]
    districts: Sequence[Row]
    business_lines: Sequence[Row]
    institution_types: Sequence[Row]
    balance: Sequence[Row]
    years: Sequence[Row]
    targets: Sequence[Row]
    paths: Sequence[Row]
    response: Sequence[Row]
    response_totals: Sequence[Row]
    quality: Sequence[Row]
    findings: Sequence[Row]


def read_marts(root: Root, period: str) -> Marts:
    """Return the rows of the bulletin of that period (YYYY-MM).

    Raises:
        NothingPublishedError: There is no published file, or the period is not in it.
    """
    with _published(root) as connection:
        industry = rows_of(connection, INDUSTRY, period)
        current = [row for row in industry if row["period"] == period]
        if not current:
            raise _unknown_period(connection, period)
        return Marts(
            release_id=current[0]["release_id"],
            period=period,
            period_type=current[0]["period_type"],
            industry=industry,
            districts=rows_of(connection, DISTRICTS, period),
            business_lines=rows_of(connection, BUSINESS_LINES, period),
            institution_types=rows_of(connection, INSTITUTION_TYPES, period),
            balance=rows_of(connection, BALANCE, period, period),
            years=rows_of(connection, YEARS, period),
            targets=rows_of(connection, TARGETS, period),
            paths=rows_of(connection, PATHS),
            response=rows_of(connection, RESPONSE, period),
            response_totals=rows_of(connection, RESPONSE_TOTALS, period),
            quality=rows_of(connection, QUALITY, period),
            findings=rows_of(connection, FINDINGS, period),
        )


def read_returns(connection: duckdb.DuckDBPyConnection, period: str | None) -> list[Row]:
    """Return the open findings of that period, or of no period, by reporting unit and file.

    Each carries first_seen_at, when its file was received; the connection has mart_findings and
    raw_files, published or not yet.
    """
    return rows_of(connection, RETURNS, period)


def read_findings(connection: duckdb.DuckDBPyConnection, period: str | None) -> list[Row]:
    """Return all findings of that period, or of no period, in the order in which to work them.

    Open ones come first, by score; each carries first_seen_at and file_path of its file.
    """
    return rows_of(connection, WORKED, period)


def read_files(connection: duckdb.DuckDBPyConnection, period: str | None) -> list[Row]:
    """Return the files received for that period, or for none, with what became of them."""
    return rows_of(connection, FILES, period)


@contextmanager
def _published(root: Root) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file read-only."""
    if not root.database.is_file():
        raise NothingPublishedError("还没有已发布的数据，请先运行 hrstats run，再生成快报。")
    connection = duckdb.connect(
        str(root.database),
        read_only=True,
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
    )
    try:
        yield connection
    finally:
        connection.close()


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, *values: str | None) -> list[Row]:
    """Return the rows of a query as mappings; NULL is None, DECIMAL stays exact."""
    result = connection.execute(query, values)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _unknown_period(connection: duckdb.DuckDBPyConnection, period: str) -> NothingPublishedError:
    """Return the error that names the periods there are."""
    known = "、".join(row["period"] for row in rows_of(connection, PERIODS)) or "无"
    return NothingPublishedError(
        f"已发布的数据中没有{period}这一期（已有：{known}），请先运行 hrstats run {period}。"
    )
