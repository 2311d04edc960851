"""When a run starts by itself: the day after the month's reports were due."""

import dagster as dg

from pipelines.catalog.models import Catalog
from pipelines.orchestration.months import TIME_ZONE, month_before


def build_schedule(job_name: str, catalog: Catalog) -> dg.ScheduleDefinition:
    """Return the schedule of the monthly cut-off, off until switched on in Dagster's page."""
    day = catalog.reporting.due_day + 1

    @dg.schedule(
        name="monthly_cutoff",
        job_name=job_name,
        cron_schedule=f"0 6 {day} * *",
        execution_timezone=TIME_ZONE,
        description=f"每月 {day} 日 6 时（报送截止次日）运行上月；1 月并入 2 月，不单独运行。",
    )
    def monthly_cutoff(
        context: dg.ScheduleEvaluationContext,
    ) -> dg.RunRequest | dg.SkipReason:
        month = month_before(context.scheduled_execution_time.date())
        if month.endswith("-01"):
            return dg.SkipReason("1 月免报，与 2 月合并。")
        return dg.RunRequest(partition_key=month)

    return monthly_cutoff
