"""The monthly cut-off: the day after the reports were due, for the month before."""

import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.orchestration.schedules import build_schedule

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def schedule() -> dg.ScheduleDefinition:
    return build_schedule("monthly_run", load_catalog())


def ask(schedule: dg.ScheduleDefinition, moment: dt.datetime) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_schedule_context(scheduled_execution_time=moment)
    answer = schedule(context)
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


def test_it_runs_the_day_after_the_due_day_in_shanghai(schedule: dg.ScheduleDefinition) -> None:
    assert schedule.cron_schedule == "0 6 19 * *"
    assert schedule.execution_timezone == "Asia/Shanghai"


def test_it_asks_for_the_month_before(schedule: dg.ScheduleDefinition) -> None:
    answer = ask(schedule, dt.datetime(2025, 7, 19, 6, tzinfo=SHANGHAI))
    assert isinstance(answer, dg.RunRequest)
    assert answer.partition_key == "2025-06"
    new_year = ask(schedule, dt.datetime(2026, 1, 19, 6, tzinfo=SHANGHAI))
    assert isinstance(new_year, dg.RunRequest)
    assert new_year.partition_key == "2025-12"


def test_january_waits_for_february(schedule: dg.ScheduleDefinition) -> None:
    answer = ask(schedule, dt.datetime(2025, 2, 19, 6, tzinfo=SHANGHAI))
    assert isinstance(answer, dg.SkipReason)
