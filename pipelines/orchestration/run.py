"""The run behind `hrstats run`: the same job as on Dagster's page, in this process.

Receipts decide first; only a run with something to do imports Dagster and opens the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.catalog.load import load_catalog
from pipelines.intake.inbox import take_in
from pipelines.intake.receipts import Receipt
from pipelines.orchestration.last_run import months_to_run
from pipelines.orchestration.lock import writer_lock
from pipelines.orchestration.months import checked_month, range_tags
from pipelines.root import Root
from pipelines.warehouse.release import current_method

Tell = Callable[[str, str, int], None]  # stage, the step that is done, how many steps


def tell_nobody(stage: str, step: str, steps: int) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True)
class RunOutcome:
    """What a run found: new receipts, and the months it covered (None: nothing had changed)."""

    arrivals: list[Receipt]
    months: tuple[str, str] | None


def run(
    root: Root,
    period: str | None = None,
    tell: Tell = tell_nobody,
) -> RunOutcome:
    """Take in what is new, and run the job unless nothing changed since the last complete run.

    Args:
        root: Where to read and write.
        period: The only month (YYYY-MM) whose reports are taken in and read; None for all.
        tell: Hears of each step that is done.

    Raises:
        UnknownMonthError: The period is no month of the statistics.
        WriterBusyError: Another process is writing below this root.
    """
    if period is not None:
        checked_month(period, load_catalog())
    with writer_lock(root):
        arrivals = take_in(root, None if period is None else [period])
        months = months_to_run(root, period)
        if months is not None:
            _execute(root, months, tell)
    return RunOutcome(arrivals, months)


def _execute(root: Root, months: tuple[str, str], tell: Tell) -> None:
    """Run the whole job for these months; an error of a step is raised as it is."""
    from pipelines.orchestration.assets import JOB_NAME
    from pipelines.orchestration.graph import build_definitions
    from pipelines.orchestration.history import fail_killed_runs, open_history
    from pipelines.orchestration.writer import Writer
    from pipelines.warehouse.database import open_warehouse

    definitions = build_definitions(root)
    steps = len(definitions.resolve_all_asset_keys())
    with (
        open_history(root) as instance,
        open_warehouse(root) as connection,
    ):
        fail_killed_runs(instance)
        writer = Writer(
            root,
            connection,
            load_catalog(),
            current_method(),
            lambda table: tell("计算", table, steps),
        )
        definitions.resolve_job_def(JOB_NAME).execute_in_process(
            instance=instance,
            tags=range_tags(*months),
            resources={"writer": writer},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
