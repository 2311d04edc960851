"""What is asked of the published file: any query, who reported, and the pages made from it.

Only published files are opened, and only to read, so all this works while a run is going on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.bulletin.page import write_bulletin
from pipelines.catalog.periods import is_year
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.months import well_written
from pipelines.orchestration.standing import issue_of
from pipelines.root import Root
from pipelines.warehouse.release import current_release_id

PERIODS = "select distinct period from mart_industry_monthly order by period"
HAS_RETURNS = """
    select 1 from read_parquet(?)
    where period = ? and form_code = 'annual_return' limit 1"""
RESPONSE = """
    select
        reporting_unit_name, sampled_count, out_of_scope_count, expected_count, received_count,
        accepted_count, accepted_by_cut_off_count, late_count, refused_count, missing_count,
        response_rate_pct, weighted_response_rate_pct
    from mart_response
    where period = ? and sampled_count > 0
    order by reporting_unit_code = 'TOTAL', unit_order"""
# The rows of the table stand in the order of the strata.
ANNUAL_RESPONSE = """
    select
        coalesce(stratum_name, '全市'), sum(frame_count), sum(out_of_scope_count),
        sum(frame_count - out_of_scope_count), sum(reported_count), sum(missing_count),
        100 * sum(reported_count) / nullif(sum(frame_count - out_of_scope_count), 0)
    from mart_annual_response
    where year = ?
    group by rollup (stratum_name)
    order by grouping(stratum_name), min(rowid)"""
REFUSALS = """
    select message from mart_findings
    where
        period = ? and severity = 'mandatory' and submission_state = 'refused' and state = 'open'
    order by finding_no"""
RETURNED = """
    select 1 from mart_findings
    where period = ? and folder = 'reports' and state = 'open'
    limit 1"""
TO_EXPLAIN = """
    select count(*), count(distinct credit_code)
    from mart_findings
    where period = ? and severity = 'review' and state = 'open'"""
TO_REVIEW = """
    select count(*), count(*) filter (is_priority)
    from mart_findings
    where period = ? and state = 'open'"""

REVIEWED = """
    select district_reviewed_count, city_reviewed_count, locked_count, returned_count,
        unreviewed_count
    from mart_reviews
    where period = ? and reporting_unit_code = 'TOTAL'"""
MISSING = """
    with held as (
        select credit_code, max(version_note) as version_note
        from read_parquet($versions)
        where period = $period and form_code = 'flash_report' and submission_state = 'late'
        group by credit_code
    )

    select
        units.reporting_unit_name, response.agency_name, response.credit_code, held.version_note
    from read_parquet($response) as response
    inner join mart_response as units using (period, reporting_unit_code)
    left join held using (credit_code)
    where response.status = 'missing' and response.period = $period
    order by units.unit_order, response.credit_code"""
IS_CUT_OFF_APPLIED = "select is_cut_off_applied from read_parquet(?) where period = ?"

REFUSED_ARRIVALS = """
    select receipt_no, message
    from mart_findings
    where severity = 'mandatory' and state = 'open' and list_contains(?, receipt_no)
    order by period desc nulls first, finding_no"""

# Files that were not read and no month's findings tell of; a list read later makes up for them.
OTHER_REFUSALS = """
    select files.refusal_message
    from read_parquet($files) as files
    where
        files.outcome != 'read'
        and (
            files.folder != 'reports'
            or files.folder_period is null
            or files.folder_period not in (select period from mart_industry_monthly)
            or (files.period is null and files.folder_period = $period)
        )
        and not exists (
            from read_parquet($files) as later
            where
                later.outcome = 'read'
                and later.folder != 'reports'
                and later.folder = files.folder
                and later.folder_period is not distinct from files.folder_period
                and later.receipt_no > files.receipt_no
        )
    order by files.receipt_no"""
QUESTIONS = (  # kinds of statement that only read; PIVOT counts as several
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.MULTI,
)

OF_FINDINGS = ("raw_files", "raw_values", "core_findings")  # internal tables
OF_REVIEWS = (
    "core_observations",
    "core_periods",
    "core_review_frame",
    "core_review_states",
)


class NothingPublishedError(Exception):
    """What is asked for has not been published."""


class NotAQuestionError(Exception):
    """A statement that would do more than read what is published."""

    def __init__(self) -> None:
        super().__init__("只能查询已发布的数据，不能修改或读写其他文件。")


class UnclearQuestionError(Exception):
    """A text that is not one statement of SQL."""


@dataclass(frozen=True)
class Answer:
    """The rows of a query with the names of their columns."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(root: Root, query: str, *values: object, **named: object) -> Answer:
    """Return what the published file answers; our own queries may read other files too.

    Raises:
        NothingPublishedError: There is no published file yet, or one of an older program.
        duckdb.Error: The query is wrong.
    """
    with closing(_open_published(root)) as reader, _published_by_this_program():
        return _answer(reader.execute(query, named or values))


@contextmanager
def _published_by_this_program() -> Iterator[None]:
    """Say of tables and columns that an older release does not have how to get them."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException) as error:
        raise NothingPublishedError(
            "已发布的数据缺少要看的内容（可能由旧版程序生成），请先运行 hrstats run 重新发布。"
        ) from error


def published_findings(root: Root) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open what is published as those who read findings need it; see `published_tables`."""
    return published_tables(root, OF_FINDINGS)


@contextmanager
def published_tables(root: Root, internal: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open what is published, with these internal tables, so that it looks like a warehouse.

    Raises:
        NothingPublishedError: There is no published file yet, or one of an older program.
    """
    with closing(_open_published(root)) as reader, _published_by_this_program():
        for table in internal:
            path = str(root.internal / f"{table}.parquet").replace("'", "''")
            reader.execute(f"create temp view {table} as from read_parquet('{path}')")
        yield reader


def ask_for_user(root: Root, query: str) -> Answer:
    """Return what the published file answers to a query that somebody typed.

    Only one statement that reads is carried out, and nothing outside the file can be reached.

    Raises:
        NothingPublishedError: There is no published file yet.
        NotAQuestionError: The query would change something or reach another file.
        UnclearQuestionError: It is not one statement of SQL, or a wrong one.
    """
    with closing(_open_published(root)) as reader:
        reader.execute("set temp_directory = ''")
        reader.execute("set enable_external_access = false")
        reader.execute("set lock_configuration = true")
        try:
            statements = reader.extract_statements(query)
            if not statements:
                raise UnclearQuestionError(
                    '没有写查询语句，请写成 hrstats query "from mart_response" 这样。'
                )
            if any(statement.type not in QUESTIONS for statement in statements):
                raise NotAQuestionError
            if len(statements) > 1:
                raise UnclearQuestionError("一次只能写一条查询语句，请分开查询。")
            return _answer(reader.execute(statements[0]))
        except duckdb.PermissionException as error:
            raise NotAQuestionError from error
        except duckdb.Error as error:
            fault = str(error).partition("\n")[0]
            raise UnclearQuestionError(f"查询没有执行，请检查 SQL（{fault}）。") from error


def _open_published(root: Root) -> duckdb.DuckDBPyConnection:
    """Open the published file to read."""
    if not root.database.exists():
        raise NothingPublishedError("还没有发布过数据，请先运行 hrstats run。")
    settings: dict[str, Any] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return duckdb.connect(str(root.database), read_only=True, config=settings)


def _answer(result: duckdb.DuckDBPyConnection) -> Answer:
    """Return all rows of a result."""
    return Answer([column[0] for column in result.description or []], result.fetchall())


def published_periods(root: Root) -> list[str]:
    """Return the periods of the flash report that have published figures, in order."""
    return [period for (period,) in ask(root, PERIODS).rows]


def checked_period(root: Root, period: str | None) -> str:
    """Return the period when it has published figures, the newest one when none is given.

    Raises:
        UnknownMonthError: It is not written YYYY-MM, or no report is asked for it.
        NothingPublishedError: It has none.
    """
    if period is not None:
        well_written(period)
    periods = published_periods(root)
    if not periods:
        raise NothingPublishedError("已发布的数据中还没有快报，请放入快报后运行 hrstats run。")
    if period is None:
        return periods[-1]
    if period not in periods and ask(root, RETURNED, period).rows:
        raise NothingPublishedError(
            f"{period} 的报表全部退回，没有数据；请按 reports/returns/{period} 的退回清单更正。"
        )
    if period not in periods:
        raise NothingPublishedError(
            f"没有 {period} 的发布数据（有 {'、'.join(periods)}），请先运行 hrstats run {period}。"
        )
    return period


def checked_month_or_year(root: Root, period: str | None) -> str:
    """Return a month as `checked_period` does, or a year that has annual returns.

    Raises:
        NothingPublishedError: It has no published figures.
        UnknownMonthError: It is written otherwise.
    """
    if period is None or not is_year(period):
        return checked_period(root, period)
    path = str(root.internal / "core_versions.parquet")
    if not ask(root, HAS_RETURNS, path, period).rows:
        raise NothingPublishedError(f"没有 {period} 年的年报，请先放入年报并运行 hrstats run。")
    return period


def missing_agencies(root: Root, period: str) -> list[str]:
    """Return unit, name and code of every sampled agency without a report that counts yet.

    Of a report that came too late to count, why it does not and when it will.
    """
    response, versions = (
        str(root.internal / f"{table}.parquet") for table in ("core_response", "core_versions")
    )
    rows = ask(root, MISSING, response=response, versions=versions, period=period).rows
    return [
        f"{unit}，{agency}（{code}）" + (f"，已报来，{held}" if held else "")
        for unit, agency, code, held in rows
    ]


def is_cut_off_applied(root: Root, period: str) -> bool:
    """Return whether the cut-off of a published period counts; not where it was loaded later."""
    path = str(root.internal / "core_periods.parquet")
    ((is_applied,),) = ask(root, IS_CUT_OFF_APPLIED, path, period).rows
    return bool(is_applied)


def refused_arrivals(root: Root, receipt_nos: Collection[int]) -> tuple[int, list[str]]:
    """Return how many of these receipts have to be corrected, and what is wrong, newest first."""
    rows = ask(root, REFUSED_ARRIVALS, list(receipt_nos)).rows
    return len({receipt_no for receipt_no, _ in rows}), [message for _, message in rows]


def refusals(root: Root, period: str) -> list[str]:
    """Return what was refused for that period, then refused files that belong to no period."""
    rows = ask(root, REFUSALS, period).rows
    files = str(root.internal / "raw_files.parquet")
    rows += ask(root, OTHER_REFUSALS, files=files, period=period).rows
    return list(dict.fromkeys(message for (message,) in rows))


def to_explain(root: Root, period: str) -> tuple[int, int]:
    """Return how many findings of a period wait for an explanation, and of how many agencies."""
    ((findings, agencies),) = ask(root, TO_EXPLAIN, period).rows
    return findings, agencies


def to_review(root: Root, period: str) -> tuple[int, int]:
    """Return how many findings of a period are open, and how many of them have priority."""
    ((findings, priority),) = ask(root, TO_REVIEW, period).rows
    return findings, priority


def review_progress(root: Root, period: str) -> tuple[int, ...]:
    """Return how many agencies a district, then the city reviewed, are locked, returned, 未审."""
    rows = ask(root, REVIEWED, period).rows
    return rows[0] if rows else (0, 0, 0, 0, 0)


def write_bulletins(root: Root, periods: Sequence[str]) -> list[Path]:
    """Write the bulletins of these periods from what is published, with its state."""
    issue = issue_of(root, current_release_id(root))
    return [write_bulletin(root, period, is_made_up(root), issue) for period in periods]
