"""Runs whose process was killed do not go on for ever in Dagster's history."""

from pathlib import Path

import dagster as dg

from pipelines.orchestration.event_log import MOST_OPEN
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


def test_many_runs_are_kept_with_their_events(tmp_path: Path) -> None:
    """More of them than files stay open, read again by another process's instance."""

    @dg.asset
    def thing() -> None:
        pass

    job = dg.Definitions(
        assets=[thing], jobs=[dg.define_asset_job("make", "thing")]
    ).resolve_job_def("make")
    with open_history(Root(tmp_path)) as instance:
        runs = [job.execute_in_process(instance=instance).run_id for _ in range(MOST_OPEN + 1)]
        with open_history(Root(tmp_path)) as reader:
            kinds = {
                run: [each.dagster_event_type for each in reader.all_logs(run)] for run in runs
            }
            made = reader.get_latest_materialization_event(thing.key)
    assert all(kind[-1] is dg.DagsterEventType.RUN_SUCCESS for kind in kinds.values())
    assert len({tuple(kind) for kind in kinds.values()}) == 1
    assert made is not None
    assert made.run_id == runs[-1]
