"""Runs by the reporting calendar: after a period was due, and after its cut-off."""

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


def ask(schedule: dg.ScheduleDefinition, day: dt.date) -> list[str] | str:
    """Return the periods that are run on a day at 6, or why none is."""
    moment = dt.datetime(day.year, day.month, day.day, 6, tzinfo=SHANGHAI)
    answer = schedule(dg.build_schedule_context(scheduled_execution_time=moment))
    if isinstance(answer, dg.SkipReason):
        return str(answer.skip_message)
    assert isinstance(answer, list)
    return [request.partition_key for request in answer]


def test_it_looks_at_the_calendar_every_morning_in_shanghai(
    schedule: dg.ScheduleDefinition,
) -> None:
    assert schedule.cron_schedule == "0 6 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"


def test_a_period_is_run_after_it_was_due_and_after_its_cut_off(
    schedule: dg.ScheduleDefinition,
) -> None:
    """Due on Friday 18 July 2025, cut off on Wednesday 23."""
    july = [dt.date(2025, 7, day) for day in range(1, 32)]
    runs = {day.day: answer for day in july if isinstance(answer := ask(schedule, day), list)}
    assert runs == {21: ["2025-06"], 24: ["2025-06"]}
    assert ask(schedule, dt.date(2025, 7, 19)) == (
        "按报送日历今天不运行；下次在 2025-07-21，运行 2025-06。"
    )


def test_years_are_crossed(schedule: dg.ScheduleDefinition) -> None:
    """18 January 2026 is a Sunday: due on Monday 19."""
    assert ask(schedule, dt.date(2026, 1, 20)) == ["2025-12"]


def test_january_waits_for_february(schedule: dg.ScheduleDefinition) -> None:
    days = [dt.date(2025, 2, day) for day in range(1, 29)]
    assert all(isinstance(ask(schedule, day), str) for day in days)
