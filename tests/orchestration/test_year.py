"""A year of the bureau: notice, sending, returning, reviewing, locking, releasing, annual return.

At every step the agencies add up. The calendar is the year's own: files arrive on their days, and
locks are set on the day after the cut-off.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalog.calendar import ReportingDates, reporting_calendar
from pipelines.catalog.load import load_catalog
from pipelines.intake.clock import moment_text
from pipelines.intake.decisions import read_decisions
from pipelines.intake.inbox import take_in
from pipelines.orchestration.demo_root import new_demo_root
from pipelines.orchestration.made_up_reviews import fill_reviews
from pipelines.orchestration.notices import write_notices
from pipelines.orchestration.publication import (
    Confirmation,
    PublicationBlockedError,
    publish_again,
)
from pipelines.orchestration.published import ask
from pipelines.orchestration.releasing import checked_roles, list_releases, preview, release
from pipelines.orchestration.reminding import write_reminders
from pipelines.orchestration.reviewing import decide_lock, write_reviews
from pipelines.orchestration.run import run
from pipelines.orchestration.synthesis import Delivery, Plan, deliveries_of
from pipelines.root import Root
from pipelines.synthetic.industry import make_industry
from pipelines.synthetic.sendings import do_fieldwork

ROLES = ("示例编制", "示例审核", ["示例签发"])
LOOKED = Confirmation("示例统计员", "与上期相比的变化已核实")
KINDS = frozenset({"register", "sample", "roll", "annual"})
NOON = dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PERIODS_WITH_REMINDERS = 2  # each costs a run more
Clock = Callable[[dt.date], None]


class Year:
    """A made-up year below a root: what arrives when, and what the bureau does with it."""

    def __init__(self, path: Path, plan: Plan, clock: Clock) -> None:
        industry = make_industry(plan.seed, plan.size)
        fieldwork = do_fieldwork(industry, plan.first, plan.last, plan.conditions)
        self.root: Root = new_demo_root(path)
        self._clock = clock
        self._coming: list[Delivery] = deliveries_of(industry, fieldwork, plan)

    def receive_until(self, day: dt.date) -> None:
        """Let everything arrive that is sent up to a day."""
        while self._coming and self._coming[0].day <= day:
            delivery = self._coming.pop(0)
            path = self.root.inbox / delivery.file_path
            path.parent.mkdir(parents=True, exist_ok=True)
            delivery.write(path)
            take_in(self.root, now=dt.datetime.combine(delivery.day, NOON))
        self._clock(day)

    def run(self) -> None:
        """Run, and confirm what the tables' rules only ask about."""
        try:
            run(self.root)
        except PublicationBlockedError as blocked:
            assert all(failure.rule.audit_severity == "review" for failure in blocked.failures), (
                blocked
            )
            publish_again(self.root, LOOKED)

    def review(self, period: str, day: dt.date, is_of_city: bool) -> None:
        """Have a period reviewed: the workbooks go out, come back filled, and are run."""
        filled = fill_reviews(self.root, write_reviews(self.root, period, is_of_city), day)
        assert filled
        take_in(self.root, now=dt.datetime.combine(day, NOON))
        self.run()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what the published file answers."""
        return ask(self.root, sql).rows

    def internal(self, table: str, sql: str) -> list[tuple[Any, ...]]:
        """Return what an internal table answers, which the query calls `found`."""
        path = str(self.root.internal / f"{table}.parquet")
        return ask(self.root, f"with found as (from read_parquet(?)) {sql}", path).rows


def check_sums(year: Year, period: str) -> None:
    """Everybody who was drawn is in one state, and the register goes on from where it stood."""
    ((sampled, *parts, expected),) = year.rows(
        "select sampled_count, accepted_count, refused_count, missing_count, out_of_scope_count, "
        f"expected_count from mart_response where period = '{period}' "
        "and reporting_unit_code = 'TOTAL'"
    )
    assert sampled == sum(parts) > 0
    assert expected == sampled - parts[-1]
    units = year.rows(
        "select sum(sampled_count), sum(accepted_count), sum(refused_count), sum(missing_count), "
        f"sum(out_of_scope_count) from mart_response where period = '{period}' "
        "and reporting_unit_code <> 'TOTAL'"
    )
    assert units == [(sampled, *parts)]
    ((states,),) = year.internal(
        "core_review_states", f"select count(*) from found where period = '{period}'"
    )
    assert states == expected
    balance = year.rows(
        "select period, opening_count, new_count + moved_in_count + other_in_count, "
        "exit_count + moved_out_count + other_out_count, closing_count from "
        "mart_institution_balance where domain_type = 'city' and length(period) = 7 order by period"
    )
    for _, opening, coming, leaving, closing in balance:
        assert opening + coming - leaving == closing
    for before, after in pairwise(balance):
        assert before[-1] == after[1]
    files = year.rows("select file_state, count(*) from mart_files group by 1")
    received = (year.root.archive / "receipts.jsonl").read_text("utf-8").count("\n")
    assert sum(count for _, count in files) == received


def live_through(year: Year, dates: Sequence[ReportingDates]) -> dict[str, dict[str, int]]:
    """Do for each period what the bureau does; return the review states of each at its release."""
    labels: dict[str, dict[str, int]] = {}
    for each in dates:
        period = each.period
        year.receive_until(each.reminder_date)
        if labels:
            asked = write_notices(year.root, period).agency_count
            zipped = [
                name
                for path in (year.root.reports / "notices" / period).iterdir()
                for name in zipfile.ZipFile(path).namelist()
                if name.endswith(".xlsx")
            ]
            assert len(zipped) == len(set(zipped)) == asked > 0
        if len(labels) < PERIODS_WITH_REMINDERS:
            year.run()
            assert write_reminders(year.root, period).list_path.exists()
        year.receive_until(each.cut_off_date)
        year.run()
        check_sums(year, period)
        year.review(period, each.cut_off_date, is_of_city=False)
        check_sums(year, period)
        year.review(period, each.cut_off_date, is_of_city=True)
        check_sums(year, period)
        decide_lock(year.root, "lock", period, "示例复审", "复审完毕")
        year.run()
        check_sums(year, period)
        labels[period] = dict(
            year.internal(
                "core_review_states",
                f"select review_state, count(*) from found where period = '{period}' group by 1",
            )
        )
        assert labels[period]["locked"] > 0
        roles = checked_roles(*ROLES)
        changes = preview(year.root, period)
        assert (changes is None) == (len(labels) == 1)
        release_id = release(year.root, period, roles, None)
        assert release_id.startswith(period)
        assert release_id in {kept.release_id for kept in list_releases(year.root)}
    return labels


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the day on which people decide."""

    def set_day(day: dt.date) -> None:
        moment = dt.datetime.combine(day, dt.time(18, tzinfo=NOON.tzinfo))
        monkeypatch.setattr(
            "pipelines.intake.decisions.moment_text", lambda _=None: moment_text(moment)
        )

    return set_day


def asked_periods(first: str, last: str) -> list[ReportingDates]:
    """Return the dates of the periods that report in a span."""
    calendar = reporting_calendar(load_catalog())
    return [each for each in calendar if first <= each.period <= last and not each.is_exempt]


def test_a_month_through_all_hands(tmp_path: Path, clock: Clock) -> None:
    year = Year(tmp_path, Plan(first="2025-06", last="2025-06", size=300, kinds=KINDS), clock)
    live_through(year, asked_periods("2025-06", "2025-06"))


@pytest.mark.soak
def test_a_whole_year_and_its_annual_return(tmp_path: Path, clock: Clock) -> None:
    year = Year(tmp_path, Plan(first="2025-01", last="2025-12", size=300, kinds=KINDS), clock)
    periods = asked_periods("2025-01", "2025-12")
    assert len(periods) == 11
    live_through(year, periods)

    late = year.rows(
        "select count(*) from mart_files where late_agencies > 0 and period < '2025-12'"
    )
    assert late[0][0] > 0
    decide_lock(year.root, "unlock", "2025-11", "示例复审", "补入逾期报表")
    before = year.rows(
        "select accepted_count from mart_response where period = '2025-11' "
        "and reporting_unit_code = 'TOTAL'"
    )
    year.run()
    after = year.rows(
        "select accepted_count from mart_response where period = '2025-11' "
        "and reporting_unit_code = 'TOTAL'"
    )
    assert after > before
    check_sums(year, "2025-11")

    year.receive_until(dt.date(2026, 3, 31))
    year.run()
    assert annual_status(year) == {"年报数"}
    for frame, reported, missing, out_of_scope in year.rows(
        "select frame_count, reported_count, missing_count, out_of_scope_count "
        "from mart_annual_response where year = '2025'"
    ):
        assert frame == reported + missing + out_of_scope
    decide_lock(year.root, "lock", "2025", "示例复审", "年报定案")
    year.run()
    assert annual_status(year) == {"最终核实数"}
    release(year.root, "2025-12", checked_roles(*ROLES), "年报定案")

    kinds = [decision.kind for decision in read_decisions(year.root)]
    assert kinds.count("release") == len(periods) + 1
    assert kinds.count("lock") == len(periods) + 1
    assert kinds.count("unlock") == 1


def annual_status(year: Year) -> set[str]:
    """Return the status of the year's census figures."""
    rows = year.rows(
        "select distinct data_status from mart_industry_yearly "
        "where year = '2025' and actual_basis = 'census'"
    )
    return {status for (status,) in rows}
