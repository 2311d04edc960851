"""Dagster's assets: the intake by month, one asset for each SQL file, and what is made from marts.

Each asset only calls the room that knows how; the one job that runs them all stands here too.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pandas as pd

from pipelines.catalog.models import Catalog
from pipelines.orchestration.last_run import write_last_run
from pipelines.orchestration.months import TIME_ZONE, first_month
from pipelines.orchestration.publication import publish_warehouse
from pipelines.orchestration.published import (
    published_periods,
    write_bulletins,
    write_return_lists,
)
from pipelines.orchestration.receiving import RAW_KEYS, read_months, release_to_make, this_run
from pipelines.orchestration.writer import Writer, open_writer
from pipelines.root import Root
from pipelines.warehouse.database import PYTHON_SCHEMAS, build_table, replace_frame
from pipelines.warehouse.reference import REFERENCE_MEANINGS, reference_frames
from pipelines.warehouse.release import current_release_id
from pipelines.warehouse.sql_files import SqlTable

JOB_NAME = "monthly_run"
GROUPS = {"stg": "staging", "core": "core", "mart": "marts"}  # by prefix of the table
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
        _reference(),
        *(_sql_asset(table) for table in tables.values()),
        _publication(list(tables)),
        _reports(),
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
        for name in names:
            replace_frame(writer.connection, name, frames[name], PYTHON_SCHEMAS[name])
            writer.tell(name)
            yield _materialized(writer, name)

    return reference


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


def _publication(tables: list[str]) -> dg.AssetsDefinition:
    """Return the asset of what stands in `data/marts`."""

    @dg.asset(
        deps=tables,
        description="已发布的数据：data/marts 下的 DuckDB、Parquet 文件和清单，按发布编号存档。",
        group_name="published",
        kinds={"duckdb", "parquet"},
    )
    def publication(writer: GivenWriter) -> dg.MaterializeResult[None]:
        published = publish_warehouse(writer, tables)
        writer.tell("publication")
        return dg.MaterializeResult(
            metadata={"发布编号": published.release_id, "是否新发布": published.is_new}
        )

    return publication


def _reports() -> dg.AssetsDefinition:
    """Return the asset of the bulletins and return lists; with it a run is complete."""

    @dg.multi_asset(
        name="reports",
        specs=[
            dg.AssetSpec(
                "bulletin",
                deps=["publication"],
                description="快报简报：reports/bulletin-<报告期>.html，离线可读。",
                group_name="published",
                kinds={"html"},
            ),
            dg.AssetSpec(
                "return_list",
                deps=["publication"],
                description="退回清单：reports/returns/<报告期>/退回清单.xlsx，逐项写明改哪里、怎么改。",
                group_name="published",
                kinds={"excel"},
            ),
        ],
    )
    def reports(writer: GivenWriter) -> Iterator[dg.MaterializeResult[None]]:
        periods = published_periods(writer.root)
        bulletins = write_bulletins(writer.root, periods)
        writer.tell("bulletin")
        yield dg.MaterializeResult("bulletin", metadata={"文件": [str(path) for path in bulletins]})
        return_lists = write_return_lists(writer.root, periods)
        writer.tell("return_list")
        yield dg.MaterializeResult(
            "return_list", metadata={"文件": [str(path) for path in return_lists]}
        )
        release = release_to_make(writer)
        if release.release_id == current_release_id(writer.root):
            write_last_run(writer.root, this_run(writer, release))

    return reports


def _materialized(
    writer: Writer, table: str, metadata: Mapping[str, int] | None = None
) -> dg.MaterializeResult[None]:
    """Return Dagster's record of a table of the warehouse, with its number of rows."""
    row = writer.connection.execute(f"select count(*) from {table}").fetchone()
    rows = row[0] if row else 0
    return dg.MaterializeResult(table, metadata={"dagster/row_count": rows, **(metadata or {})})
