"""Which review workbooks go out for a period, and the locks of periods.

What a workbook looks like is the bulletin's matter; what comes back is read by the intake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Literal

from pipelines.bulletin.marts import Row
from pipelines.bulletin.reviews import (
    WHOLE_CITY,
    Reviewed,
    Reviewer,
    write_review,
)
from pipelines.catalog.load import load_catalog
from pipelines.catalog.periods import is_year
from pipelines.intake.decisions import Decision, append_decision, figure_decisions
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.lock import writer_lock
from pipelines.orchestration.months import well_written
from pipelines.orchestration.outgoing import unit_names
from pipelines.orchestration.published import (
    OF_REVIEWS,
    ask,
    checked_month_or_year,
    published_tables,
)
from pipelines.orchestration.reviewed import read_reviewed
from pipelines.orchestration.run import Tell, tell_nobody
from pipelines.root import Root

KNOWN = "select 1 from read_parquet(?) where outcome = 'read' and folder = ? and period = ? limit 1"
WORDS = {"lock": "锁定", "unlock": "解锁"}


class NobodyToReviewError(Exception):
    """A period for which nobody is asked."""


class LockError(Exception):
    """A period that cannot be locked or unlocked."""


def write_reviews(
    root: Root, period: str | None, is_of_city: bool, tell: Tell = tell_nobody
) -> list[Path]:
    """Write a review workbook for each reporting unit with agencies asked, or one for the city.

    Args:
        root: Where the published data are, and where the workbooks go.
        period: A month (YYYY-MM), or a year (YYYY) of the annual return; None for the newest month.
        is_of_city: One workbook of the whole city, for its own review.
        tell: Hears of each workbook.

    Raises:
        UnknownMonthError: The period is written otherwise, or it is a January.
        NothingPublishedError: It has no published figures.
        NobodyToReviewError: Nobody is asked.
    """
    period = checked_month_or_year(root, period)
    catalog = load_catalog()
    levels = {item.code: item.name for item in catalog.classification("review_levels").items}
    city = catalog.divisions.city_code
    names = unit_names(catalog)
    with published_tables(root, OF_REVIEWS) as connection:
        reviewed = read_reviewed(connection, period)
    if not reviewed.agencies:
        whom, lists = ("应报机构", "") if is_year(period) else ("样本机构", "和样本名录")
        raise NobodyToReviewError(
            f"{period} 还没有{whom}，请先把机构名录{lists}放入 data/raw 并运行 hrstats run。"
        )
    shares = []
    if is_of_city:
        whole = Reviewer(levels["city"], catalog.divisions.city_name, WHOLE_CITY, True)
        shares.append((whole, _share_of_city(reviewed, city)))
    else:
        for code, agencies in groupby(reviewed.agencies, lambda row: row["reporting_unit_code"]):
            level = levels["city" if code == city else "district"]
            reviewer = Reviewer(level, names[code], names[code], False)
            shares.append(
                (reviewer, _share(reviewed, {row["credit_code"]: row for row in agencies}))
            )
    paths = []
    made_up = is_made_up(root)
    with writer_lock(root):
        for reviewer, share in shares:
            paths.append(write_review(root, catalog, share, reviewer, made_up))
            tell("写审核表", paths[-1].name, len(shares))
    return paths


def _share_of_city(reviewed: Reviewed, city: str) -> Reviewed:
    """Return what concerns agencies that a district has passed, or that have none above them."""
    passed = {
        row["credit_code"]: row
        for row in reviewed.agencies
        if row["district_decision"] in ("passed", "explained") or row["reporting_unit_code"] == city
    }
    return replace(_share(reviewed, passed), unpassed_count=len(reviewed.agencies) - len(passed))


def _share(reviewed: Reviewed, agencies: Mapping[str, Row]) -> Reviewed:
    """Return what concerns these agencies."""
    return replace(
        reviewed,
        agencies=list(agencies.values()),
        findings=[row for row in reviewed.findings if row["credit_code"] in agencies],
    )


def decide_lock(
    root: Root, kind: Literal["lock", "unlock"], period: str, person: str, reason: str
) -> Decision:
    """Lock or unlock a period and return the decision once it is kept.

    Args:
        root: Whose period it is.
        kind: Whether it is locked or unlocked.
        period: A month of the flash report (YYYY-MM), or a year of the annual return (YYYY).
        person: Who decides.
        reason: Why.

    Raises:
        UnknownMonthError: The period is neither, or it is a January.
        NothingPublishedError: Nothing is published yet.
        LockError: Nothing was received of the period, it is so already, or nobody decides.
        WriterBusyError: Another process is writing.
    """
    folder = "annual" if is_year(period) else "reports"
    if folder == "reports":
        well_written(period)
    if not (person.strip() and reason.strip()):
        raise LockError(f"请写明{WORDS[kind]}人和原因，如 --name 张三 --reason 审核完毕。")
    if not ask(root, KNOWN, str(root.internal / "raw_files.parquet"), folder, period).rows:
        raise LockError(
            f"没有 {period} 的报表，不能{WORDS[kind]}；请核对报告期，或先运行 hrstats run。"
        )
    with writer_lock(root):
        if is_locked(root, period) == (kind == "lock"):
            already = "已经锁定" if kind == "lock" else "没有锁定"
            raise LockError(f"{period} {already}，不必{WORDS[kind]}。")
        return append_decision(root, kind, period, None, person, reason)


def is_locked(root: Root, period: str) -> bool:
    """Return whether the last decision on a period is a lock."""
    kinds = [
        decision.kind
        for decision in figure_decisions(root)
        if decision.period == period and decision.kind in WORDS
    ]
    return kinds[-1:] == ["lock"]
