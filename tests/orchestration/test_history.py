"""Runs whose process was killed do not go on for ever in Dagster's history."""

from pathlib import Path

import dagster as dg

from pipelines.orchestration.history import fail_killed_runs, open_history
from pipelines.root import Root


def test_a_killed_run_is_recorded_as_failed(tmp_path: Path) -> None:
    @dg.op
    def work(context: dg.OpExecutionContext) -> None:
        going_on = context.instance.get_run_records(
            dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
        )
        assert [record.dagster_run.run_id for record in going_on] == [context.run_id]
        fail_killed_runs(context.instance)
        run = context.instance.get_run_by_id(context.run_id)
        assert run is not None
        assert run.is_failure

    @dg.job
    def stand_in() -> None:
        work()

    with open_history(Root(tmp_path)) as instance:
        stand_in.execute_in_process(instance=instance)


def test_finished_runs_stay_as_they_are(tmp_path: Path) -> None:
    @dg.job
    def stand_in() -> None:
        pass

    with open_history(Root(tmp_path)) as instance:
        run_id = stand_in.execute_in_process(instance=instance).run_id
        fail_killed_runs(instance)
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.is_success
