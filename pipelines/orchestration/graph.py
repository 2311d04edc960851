"""Dagster's definitions of a root, put together from assets, job, schedule, sensor and writer."""

from __future__ import annotations

import dagster as dg

from pipelines.catalog.load import load_catalog
from pipelines.orchestration.assets import JOB_NAME, WriterResource, build_assets
from pipelines.orchestration.schedules import build_schedule
from pipelines.orchestration.sensors import build_sensor
from pipelines.root import Root
from pipelines.warehouse.sql_files import load_sql_tables


def build_definitions(root: Root) -> dg.Definitions:
    """Return the definitions whose runs write below that root."""
    catalog = load_catalog()
    job = dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,  # the steps share one connection
        description="读入报表、计算、发布，并写出简报和退回清单。",
    )
    return dg.Definitions(
        assets=build_assets(catalog, load_sql_tables()),
        jobs=[job],
        schedules=[build_schedule(JOB_NAME, catalog)],
        sensors=[build_sensor(JOB_NAME, root)],
        resources={"writer": WriterResource(root=str(root.path))},
        executor=dg.in_process_executor,
    )
