"""Which months there are to run: from the first the catalog has a flash report for, to this month.

Nothing is read from disk here.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from pipelines.catalog.models import MONTH, Catalog

TIME_ZONE = "Asia/Shanghai"


class UnknownMonthError(Exception):
    """A text that is no month of the statistics."""


def first_month(catalog: Catalog) -> str:
    """Return the first month (YYYY-MM) that any flash report is valid in."""
    return min(form.valid_from for form in catalog.forms if form.folder == "reports")


def this_month() -> str:
    """Return the current month in Asia/Shanghai."""
    return f"{dt.datetime.now(ZoneInfo(TIME_ZONE)):%Y-%m}"


def month_before(date: dt.date) -> str:
    """Return the month before the one this date lies in."""
    return f"{date.replace(day=1) - dt.timedelta(days=1):%Y-%m}"


def is_month(text: str | None, catalog: Catalog) -> bool:
    """Return whether the text is a month that can be run."""
    return text is not None and first_month(catalog) <= text <= this_month()


def well_written(text: str) -> str:
    """Return the text when it is written like a month that has reports.

    Raises:
        UnknownMonthError: It is not written YYYY-MM, or it is a January.
    """
    if not re.fullmatch(MONTH, text):
        raise UnknownMonthError(f"报告期“{text}”写法不对，请写成 2025-06 这样的年月。")
    if text.endswith("-01"):
        raise UnknownMonthError(f"1月免报，与2月合并，请写 {text[:4]}-02。")
    return text


def checked_month(text: str, catalog: Catalog) -> str:
    """Return the text when it is a month that can be run.

    Raises:
        UnknownMonthError: It is not written YYYY-MM, a January, too early, or still to come.
    """
    if re.fullmatch(MONTH, text) and not is_month(text, catalog):
        raise UnknownMonthError(
            f"报告期 {text} 不在可统计的月份（{first_month(catalog)} 至 {this_month()}）之内。"
        )
    return well_written(text)


def range_tags(first: str, last: str) -> dict[str, str]:
    """Return the tags by which one Dagster run covers the months from the first to the last."""
    return {
        "dagster/asset_partition_range_start": first,
        "dagster/asset_partition_range_end": last,
    }
