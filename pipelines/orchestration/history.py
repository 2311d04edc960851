"""Dagster's storage of a root: where it is, its settings, and runs that ended without saying so.

Dagster alone waits for `max_runtime_seconds` before it gives up a run whose process was killed.
"""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg

from pipelines.root import Root

KILLED = "进程已中断，没有完成；请重新运行。"


def open_history(root: Root) -> dg.DagsterInstance:
    """Open Dagster's storage of this root with the project's settings, making it where needed."""
    root.dagster_home.mkdir(parents=True, exist_ok=True)
    settings = Path(__file__).with_name("dagster.yaml").read_text(encoding="utf-8")
    events = json.dumps(str(root.dagster_home / "history" / "runs"), ensure_ascii=False)
    (root.dagster_home / "dagster.yaml").write_text(
        settings.format(events=events), encoding="utf-8"
    )
    return dg.DagsterInstance.from_config(str(root.dagster_home))


def fail_killed_runs(instance: dg.DagsterInstance) -> None:
    """Record as failed every run that says it is going on.

    Only for who holds the writer's lock: a run going on would hold it.
    """
    going_on = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    for record in instance.get_run_records(going_on):
        instance.report_run_failed(record.dagster_run, KILLED)
