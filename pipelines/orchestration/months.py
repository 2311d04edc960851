"""Which months there are to run: from the first the catalog has a flash report for, to this month.

Nothing is read from disk here.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from pipelines.catalog.calendar import (
    ReportingDates,
    WorkingCalendar,
    asked_period,
    reporting_dates,
)
from pipelines.catalog.models import MONTH, Catalog

TIME_ZONE = "Asia/Shanghai"
YEAR = r"\d{4}"  # of an annual return


class UnknownMonthError(Exception):
    """A text that is no month of the statistics."""


def first_month(catalog: Catalog) -> str:
    """Return the first month (YYYY-MM) that any flash report is valid in."""
    return min(form.valid_from for form in catalog.forms if form.folder == "reports")


def this_month() -> str:
    """Return the current month in Asia/Shanghai."""
    return f"{today():%Y-%m}"


def today() -> dt.date:
    """Return the current day in Asia/Shanghai."""
    return dt.datetime.now(ZoneInfo(TIME_ZONE)).date()


def is_month(text: str | None, catalog: Catalog) -> bool:
    """Return whether the text is a month that can be run."""
    return text is not None and first_month(catalog) <= text <= this_month()


def well_written(text: str) -> str:
    """Return the text when it is written like a month that has reports.

    Raises:
        UnknownMonthError: It is not written YYYY-MM, or is a January, which has no report.
    """
    if not re.fullmatch(MONTH, text):
        raise UnknownMonthError(f"报告期“{text}”写法不对，请写成 2025-06 这样的年月。")
    asked = asked_period(text)
    if asked != text:
        raise UnknownMonthError(f"1月免报，与2月合并，请写 {asked}。")
    return text


def checked_month(text: str, catalog: Catalog) -> str:
    """Return the text when it is a month that can be run.

    Raises:
        UnknownMonthError: It is not written YYYY-MM, not asked for, too early, or still to come.
    """
    if re.fullmatch(MONTH, text) and not is_month(text, catalog):
        raise UnknownMonthError(
            f"报告期 {text} 不在可统计的月份（{first_month(catalog)} 至 {this_month()}）之内。"
        )
    return well_written(text)


def dates_of(catalog: Catalog, period: str) -> ReportingDates:
    """Return when the reports of a period (YYYY-MM) are due, and what follows."""
    calendar = WorkingCalendar(catalog.working_days)
    return reporting_dates(catalog, calendar, int(period[:4]), int(period[5:]))


def calendar_sentence(dates: ReportingDates, day: dt.date) -> str:
    """Return the dates of a period, and which of them have passed by that day."""
    named = {
        "催报": dates.reminder_date,
        "截止": dates.due_date,
        "截数": dates.cut_off_date,
        "发布": dates.release_date,
    }
    told = "，".join(f"{name} {date}（{_distance(date, day)}）" for name, date in named.items())
    unsure = "" if dates.is_announced else f"；{dates.due_date.year}年节假日未公布，只避开了周末"
    return f"{told}{unsure}。"


def _distance(date: dt.date, day: dt.date) -> str:
    """Return 已过, 今天 or 还有3天."""
    days = (date - day).days
    return "已过" if days < 0 else "今天" if days == 0 else f"还有{days}天"


def range_tags(first: str, last: str) -> dict[str, str]:
    """Return the tags by which one Dagster run covers the months from the first to the last."""
    return {
        "dagster/asset_partition_range_start": first,
        "dagster/asset_partition_range_end": last,
    }
