"""When a run starts by itself: after the due date of a period, and after its cut-off."""

import datetime as dt
from collections import defaultdict

import dagster as dg

from pipelines.catalog.calendar import ONE_DAY, WorkingCalendar, reporting_calendar
from pipelines.catalog.models import Catalog
from pipelines.orchestration.months import TIME_ZONE


def build_schedule(job_name: str, catalog: Catalog) -> dg.ScheduleDefinition:
    """Return the schedule of the reporting calendar, off until switched on in Dagster's page."""
    periods = run_days(catalog)

    @dg.schedule(
        name="monthly_cutoff",
        job_name=job_name,
        cron_schedule="0 6 * * *",
        execution_timezone=TIME_ZONE,
        description="每天 6 时查看报送日历：截止后的第一个工作日、截数次日运行该期，其余跳过。",
    )
    def monthly_cutoff(
        context: dg.ScheduleEvaluationContext,
    ) -> list[dg.RunRequest] | dg.SkipReason:
        today = context.scheduled_execution_time.date()
        if today in periods:
            return [dg.RunRequest(partition_key=period) for period in periods[today]]
        coming = min(day for day in periods if day > today)
        return dg.SkipReason(f"按报送日历今天不运行；下次在 {coming}，运行 {periods[coming][0]}。")

    return monthly_cutoff


def run_days(catalog: Catalog) -> dict[dt.date, list[str]]:
    """Return the days on which periods are run: what was in time, and what came by the cut-off."""
    calendar = WorkingCalendar(catalog.working_days)
    periods: dict[dt.date, list[str]] = defaultdict(list)
    for dates in reporting_calendar(catalog):
        if not dates.is_exempt:
            days = {calendar.shift(dates.due_date, 1), dates.cut_off_date + ONE_DAY}
            for day in sorted(days):
                periods[day].append(dates.period)
    return dict(periods)
