"""Dagster's assets: the intake by month, one asset for each SQL file, and what is made from marts.

Each asset only calls the room that knows how; the one job that runs them all stands here too.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pandas as pd

from pipelines.catalog.models import Catalog
from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.orchestration.months import TIME_ZONE, first_month
from pipelines.orchestration.publication import (
    PublicationBlockedError,
    complete_run,
    publish_warehouse,
)
from pipelines.orchestration.receiving import (
    DECISIONS,
    RAW_KEYS,
    decision_frame,
    read_months,
    release_to_make,
)
from pipelines.orchestration.returning import write_findings_workbooks, write_returns
from pipelines.orchestration.writer import Writer, open_writer
from pipelines.quality.findings import TABLE as FAILURES
from pipelines.quality.findings import find_failures
from pipelines.quality.suites import Suite, form_suites, load_suites, rule_frame
from pipelines.quality.tables import TableFailure, table_suites
from pipelines.root import Root
from pipelines.warehouse.database import PYTHON_SCHEMAS, build_table, replace_frame
from pipelines.warehouse.reference import REFERENCE_MEANINGS, reference_frames
from pipelines.warehouse.sql_files import SqlTable

JOB_NAME = "monthly_run"
GROUPS = {"stg": "staging", "core": "core", "mart": "marts", "check": "checks"}  # by prefix
EDIT_FAILURES_MEANING = "违反审核规则之处：每条规则、每处一行，写明单元格、所填内容和应填内容。"
FAILURE_COUNTS = """
    select rule_code, severity, count(*), min(message)
    from core_edit_failures
    inner join stg_files using (receipt_no)
    where form_code = ?
    group by rule_code, severity
    order by severity, count(*) desc, rule_code"""
CHECK_COLUMNS = dg.TableSchema(
    [
        dg.TableColumn("审核规则"),
        dg.TableColumn("性质"),
        dg.TableColumn("处", "int"),
        dg.TableColumn("例"),
    ]
)
GivenWriter = dg.ResourceParam[Writer]


class WriterResource(dg.ConfigurableResource[Writer]):
    """The writer of a run started from Dagster's page; it holds the lock to the run's end."""

    root: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Writer]:
        """Lock the root and open its warehouse for the run."""
        with open_writer(Root(Path(self.root))) as writer:
            yield writer


def build_assets(catalog: Catalog, tables: Mapping[str, SqlTable]) -> list[dg.AssetsDefinition]:
    """Return every asset, from the inbox to the bulletin."""
    months = dg.MonthlyPartitionsDefinition(
        start_date=first_month(catalog), timezone=TIME_ZONE, fmt="%Y-%m", end_offset=1
    )
    return [
        _intake(months),
        _decisions(),
        _reference(),
        _edit_failures(form_suites(load_suites(), catalog), tables),
        *(_sql_asset(table) for table in tables.values()),
        _publication(tables),
        _return_list(),
        _bulletin(),
    ]


def _intake(months: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset of the raw tables, read month by month or several months in one run."""
    meanings = {
        "raw_files": "收到的文件：每份回执一行，写明是什么表、哪一期、读入还是退回。",
        "raw_values": "读到的数据：每个填写的单元格一行，写明原文、数值、单位和所在位置。",
        "raw_problems": "读文件时发现的问题：每个问题一行，写明文件、工作表、单元格和处理办法。",
    }

    @dg.multi_asset(
        name="intake",
        specs=[
            dg.AssetSpec(name, description=meaning, group_name="intake", kinds={"excel"})
            for name, meaning in meanings.items()
        ],
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def intake(
        context: dg.AssetExecutionContext, writer: GivenWriter
    ) -> Iterator[dg.MaterializeResult[None]]:
        receipts = read_months(writer, context.partition_keys)
        for name in RAW_KEYS:
            writer.tell(name)
            yield _materialized(writer, name, {"本次读取的文件": len(receipts)})

    return intake


def _decisions() -> dg.AssetsDefinition:
    """Return the asset of what people decided about figures by command."""

    @dg.asset(
        name=DECISIONS,
        description="有关数据的决定：锁定、解锁等每次决定一行，写明何人、何时、为何。",
        group_name="intake",
    )
    def decisions(writer: GivenWriter) -> dg.MaterializeResult[None]:
        replace_frame(
            writer.connection, DECISIONS, decision_frame(writer.root), PYTHON_SCHEMAS[DECISIONS]
        )
        writer.tell(DECISIONS)
        return _materialized(writer, DECISIONS)

    return decisions


def _reference() -> dg.AssetsDefinition:
    """Return the asset of the reference tables; the release's name follows from what was read."""
    names = [name for name in PYTHON_SCHEMAS if name.startswith("ref_")]

    @dg.multi_asset(
        name="reference",
        specs=[
            dg.AssetSpec(
                name,
                deps=["raw_files"] if name == "ref_release" else [],
                description=REFERENCE_MEANINGS[name],
                group_name="reference",
                kinds={"yaml"},
            )
            for name in names
        ],
    )
    def reference(writer: GivenWriter) -> Iterator[dg.MaterializeResult[None]]:
        release = release_to_make(writer)
        frames = reference_frames(writer.catalog)
        frames["ref_release"] = pd.DataFrame(
            [{"release_id": release.release_id, "period": release.period}]
        )
        frames["ref_rules"] = rule_frame(load_suites(), writer.catalog)
        for name in names:
            replace_frame(writer.connection, name, frames[name], PYTHON_SCHEMAS[name])
            writer.tell(name)
            yield _materialized(writer, name)

    return reference


def _edit_failures(
    suites: Mapping[str, Suite], tables: Mapping[str, SqlTable]
) -> dg.AssetsDefinition:
    """Return the asset that runs the forms' suites once, with a check for each form."""

    @dg.asset(
        name=FAILURES,
        deps=[
            "raw_files",
            "raw_values",
            "stg_files",
            *{table for s in suites.values() for table in s.tables},
        ],
        check_specs=[
            dg.AssetCheckSpec(suite.name, asset=FAILURES, description=suite.meaning)
            for suite in suites.values()
        ],
        description=EDIT_FAILURES_MEANING,
        group_name="core",
        kinds={"greatexpectations", "yaml"},
    )
    def edit_failures(
        writer: GivenWriter,
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        grains = {table.name: table.grain for table in tables.values()}
        frame = find_failures(writer.connection, suites, grains, writer.catalog)
        replace_frame(writer.connection, FAILURES, frame, PYTHON_SCHEMAS[FAILURES])
        writer.tell(FAILURES)
        yield _materialized(writer, FAILURES)
        for suite in suites.values():
            yield _check_result(writer, suite.name)

    return edit_failures


def _check_result(writer: Writer, form_code: str) -> dg.AssetCheckResult:
    """Return what Dagster's page shows of a form's failures: counts, examples, where to read on."""
    counts = writer.connection.execute(FAILURE_COUNTS, [form_code]).fetchall()
    names = {rule.meta.rule_code: rule.meta.name for rule in load_suites()[form_code].rules}
    records = [
        dg.TableRecord(
            {"审核规则": names[rule], "性质": SEVERITY_NAMES[severity], "处": count, "例": message}
        )
        for rule, severity, count, message in counts
    ]
    return dg.AssetCheckResult(
        check_name=form_code,
        passed=not counts,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "问题": sum(count for _, _, count, _ in counts),
            "按规则": dg.MetadataValue.table(records, CHECK_COLUMNS),
            "退回清单": dg.MetadataValue.path(str(writer.root.reports / "returns")),
        },
    )


def _sql_asset(table: SqlTable) -> dg.AssetsDefinition:
    """Return the asset of the table that one SQL file makes."""

    @dg.asset(
        name=table.name,
        deps=list(table.sources),
        description=f"{table.meaning}\n\n每行：{', '.join(table.grain)}",
        group_name=GROUPS[table.name.partition("_")[0]],
        kinds={"sql", "duckdb"},
        code_version=hashlib.sha256(table.query.encode()).hexdigest()[:12],
        metadata={"SQL": dg.MetadataValue.md(f"```sql\n{table.query}\n```")},
    )
    def sql_asset(writer: GivenWriter) -> dg.MaterializeResult[None]:
        build_table(writer.connection, table, writer.catalog)
        writer.tell(table.name)
        return _materialized(writer, table.name)

    return sql_asset


def _publication(tables: Mapping[str, SqlTable]) -> dg.AssetsDefinition:
    """Return the asset of what stands in `data/marts`."""
    suites = table_suites(load_suites())

    @dg.asset(
        deps=[*tables, "return_list"],  # what has to be corrected is said first
        check_specs=[
            dg.AssetCheckSpec(suite.name, asset="publication", description=suite.meaning)
            for suite in suites.values()
        ],
        description="已发布的数据：data/marts 下的 DuckDB、Parquet 文件和清单，按发布编号存档。",
        group_name="published",
        kinds={"duckdb", "parquet"},
    )
    def publication(
        writer: GivenWriter,
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        try:
            published = publish_warehouse(writer, tables)
        except PublicationBlockedError as blocked:
            yield from _table_checks(suites, blocked.failures)
            raise
        yield from _table_checks(suites, [])
        writer.tell("publication")
        yield dg.MaterializeResult(
            metadata={"发布编号": published.release_id, "是否新发布": published.is_new}
        )

    return publication


def _table_checks(
    suites: Iterable[str], failures: Sequence[TableFailure]
) -> Iterator[dg.AssetCheckResult]:
    """Yield what Dagster's page shows of each table's suite."""
    for name in suites:
        found = [failure for failure in failures if failure.suite == name]
        yield dg.AssetCheckResult(
            check_name=name,
            passed=not found,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={failure.rule.meta.name: failure.message for failure in found},
        )


def _return_list() -> dg.AssetsDefinition:
    """Return the asset of what goes back; publication, which may be blocked, comes after it."""

    @dg.asset(
        deps=["mart_findings", "mart_industry_monthly", "core_findings", "raw_files", "raw_values"],
        description="退回清单和退回文件：reports/returns/<报告期>，逐项写明改哪里、怎么改；"
        "全部问题按影响排序：reports/findings。",
        group_name="published",
        kinds={"excel"},
    )
    def return_list(writer: GivenWriter) -> dg.MaterializeResult[None]:
        paths = write_returns(writer.root, writer.connection)
        paths += write_findings_workbooks(writer.root, writer.connection)
        writer.tell("return_list")
        return dg.MaterializeResult(metadata={"文件": [str(path) for path in paths]})

    return return_list


def _bulletin() -> dg.AssetsDefinition:
    """Return the asset of the bulletins; with it a run is complete."""

    @dg.asset(
        deps=["publication"],
        description="快报简报：reports/bulletin-<报告期>.html，离线可读。",
        group_name="published",
        kinds={"html"},
    )
    def bulletin(writer: GivenWriter) -> dg.MaterializeResult[None]:
        bulletins = complete_run(writer)
        writer.tell("bulletin")
        return dg.MaterializeResult(metadata={"文件": [str(path) for path in bulletins]})

    return bulletin


def _materialized(
    writer: Writer, table: str, metadata: Mapping[str, int] | None = None
) -> dg.MaterializeResult[None]:
    """Return Dagster's record of a table of the warehouse, with its number of rows."""
    row = writer.connection.execute(f"select count(*) from {table}").fetchone()
    rows = row[0] if row else 0
    return dg.MaterializeResult(table, metadata={"dagster/row_count": rows, **(metadata or {})})
