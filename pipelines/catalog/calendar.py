"""Which days are worked, and when reports are due, reminded, cut off and released.

The rules stand in `reporting.yml`, the announced holidays in `working_days.yml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipelines.catalog.models import Catalog, WorkingDays

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5  # as date.weekday() counts
FIRST_ASKED_MONTH = 2  # January is reported with it
YEARS_AHEAD = 10  # after the last target


@dataclass(frozen=True)
class ReportingDates:
    """When the reports of a month (YYYY-MM) are due, and what follows; `is_exempt`: there are none.

    `is_announced`: the holidays of the year in which they are due are known.
    """

    period: str
    reference_start_date: dt.date
    reminder_date: dt.date
    due_date: dt.date
    cut_off_date: dt.date
    release_date: dt.date
    is_exempt: bool
    is_announced: bool


class WorkingCalendar:
    """The days that are worked: weekdays but for holidays, and weekend days worked instead."""

    def __init__(self, years: Collection[WorkingDays]) -> None:
        self._years = years
        self.announced_years = {each.year for each in years}

    def is_worked(self, day: dt.date) -> bool:
        """Return whether a day is worked; where nothing is announced only weekends are off."""
        is_weekday = day.weekday() < SATURDAY
        return (is_weekday and day not in self._holidays) or day in self._working_weekend_days

    def on_or_after(self, day: dt.date) -> dt.date:
        """Return the day, or the next one that is worked."""
        while not self.is_worked(day):
            day += ONE_DAY
        return day

    def shift(self, day: dt.date, working_days: int) -> dt.date:
        """Return the day so many working days after (before, if negative) another."""
        step = ONE_DAY if working_days > 0 else -ONE_DAY
        for _ in range(abs(working_days)):
            day += step
            while not self.is_worked(day):
                day += step
        return day

    @cached_property
    def _holidays(self) -> frozenset[dt.date]:
        return frozenset(
            day for each in self._years for span in each.holidays for day in _days(each.year, span)
        )

    @cached_property
    def _working_weekend_days(self) -> frozenset[dt.date]:
        return frozenset(
            day
            for each in self._years
            for text in each.working_weekend_days
            for day in _days(each.year, text)
        )


def reporting_calendar(catalog: Catalog) -> list[ReportingDates]:
    """Return the dates of every month from the first flash report to ten years after all targets.

    A due day that is not worked moves to the next one that is.
    """
    first = min(form.valid_from for form in catalog.forms if form.folder == "reports")[:4]
    last = max(target.target_period for policy in catalog.policies for target in policy.targets)
    calendar = WorkingCalendar(catalog.working_days)
    return [
        reporting_dates(catalog, calendar, year, month)
        for year in range(int(first), int(last) + YEARS_AHEAD + 1)
        for month in range(1, 13)
    ]


def reporting_dates(
    catalog: Catalog, calendar: WorkingCalendar, year: int, month: int
) -> ReportingDates:
    """Return the dates of one month."""
    rules = catalog.reporting
    period = f"{year}-{month:02d}"
    asked = asked_period(period)
    exceptions = {each.period: each.due_date for each in rules.exceptions}
    due_month = dt.date(year + month // 12, month % 12 + 1, 1)
    due_date = exceptions.get(period, calendar.on_or_after(due_month.replace(day=rules.due_day)))
    return ReportingDates(
        period,
        dt.date(year, 1 if month == FIRST_ASKED_MONTH else month, 1),
        calendar.shift(due_date, -rules.reminder_working_days),
        due_date,
        calendar.shift(due_date, rules.cut_off_working_days),
        calendar.shift(due_date, rules.release_working_days),
        asked != period,
        due_date.year in calendar.announced_years,
    )


def asked_period(period: str) -> str:
    """Return the period whose report covers a month (YYYY-MM): itself, or the one it goes with."""
    return f"{period[:4]}-{max(FIRST_ASKED_MONTH, int(period[5:])):02d}"


def _days(year: int, span: str) -> Iterator[dt.date]:
    """Yield the days of a span (MM-DD or MM-DD..MM-DD) of a year."""
    first, _, last = span.partition("..")
    day, end = (dt.date.fromisoformat(f"{year}-{text}") for text in (first, last or first))
    while day <= end:
        yield day
        day += ONE_DAY
