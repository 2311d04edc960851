"""The reporting calendar, against dates looked up by hand and the package chinesecalendar."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest

from pipelines.catalog.calendar import WorkingCalendar, reporting_calendar
from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog, ReportingException

CATALOG = load_catalog()
CALENDAR = WorkingCalendar(CATALOG.working_days)


@pytest.mark.parametrize("year", sorted(CALENDAR.announced_years))
def test_every_day_of_an_announced_year(year: int) -> None:
    days = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(365)]
    assert [CALENDAR.is_worked(day) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]


def dates_of(period: str, catalog: Catalog = CATALOG) -> tuple[str, ...]:
    """Return start, reminder, due, cut-off and release of a period."""
    (found,) = [each for each in reporting_calendar(catalog) if each.period == period]
    dates = (
        found.reference_start_date,
        found.reminder_date,
        found.due_date,
        found.cut_off_date,
        found.release_date,
    )
    return tuple(date.isoformat()[2:] for date in dates)


@pytest.mark.parametrize(
    ("period", "dates"),
    [
        # A Wednesday: nothing moves.
        ("2025-05", ("25-05-01", "25-06-13", "25-06-18", "25-06-23", "25-06-25")),
        # 18 May 2025 is a Sunday.
        ("2025-04", ("25-04-01", "25-05-14", "25-05-19", "25-05-22", "25-05-26")),
        # 1-2月; 18 March is a Tuesday.
        ("2025-02", ("25-01-01", "25-03-13", "25-03-18", "25-03-21", "25-03-25")),
        # 15 to 17 September 2024 are a holiday, for which Saturday the 14th is worked.
        ("2024-08", ("24-08-01", "24-09-12", "24-09-18", "24-09-23", "24-09-25")),
        # 18 February 2026 lies in the holiday of 15 to 23; 14 is a Saturday that is worked.
        ("2026-01", ("26-01-01", "26-02-12", "26-02-24", "26-02-27", "26-03-02")),
    ],
)
def test_the_dates_of_a_period(period: str, dates: tuple[str, ...]) -> None:
    assert dates_of(period) == dates


def test_january_is_exempt_and_years_without_announcement_say_so() -> None:
    calendar = {each.period: each for each in reporting_calendar(CATALOG)}
    assert calendar["2025-01"].is_exempt
    assert not calendar["2025-02"].is_exempt
    assert calendar["2026-11"].is_announced
    assert not calendar["2026-12"].is_announced


def test_an_exception_moves_what_follows_from_the_due_date() -> None:
    exception = ReportingException(period="2025-05", due_date=dt.date(2025, 6, 20))
    rules = CATALOG.reporting.model_copy(update={"exceptions": [exception]})
    dates = dates_of("2025-05", CATALOG.model_copy(update={"reporting": rules}))
    assert dates == ("25-05-01", "25-06-17", "25-06-20", "25-06-25", "25-06-27")
