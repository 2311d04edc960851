"""How agencies stand in the register besides living: pauses, branches, and what happens to them.

The register itself is in `lists`; when agencies come and go is in `lives`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.drawing import Dates
from pipelines.synthetic.fieldwork import size_classes_in
from pipelines.synthetic.identities import credit_code
from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.lists import Row, anniversary, licence_on, register_row
from pipelines.synthetic.lives import MERGER, NEW_CODE, draw_event
from pipelines.synthetic.population import Agencies
from pipelines.synthetic.townships import codes_on

PAUSES_PCT = {"suspended": 1.2, "lost_contact": 0.6}  # of small market agencies a year
DAYS_OF_PAUSE = {"suspended": 150, "lost_contact": 400}
ESTABLISHED_DAYS = 400  # after its registration a parent opens its branch
BRANCHES_PER_LARGE = 0.2
EXITS = {"注销": "deregistered", "吊销": "revoked", "迁出": "moved_out", MERGER: "merged"}
MOVED_IN = "迁入"
DOCUMENT = "模拟文号〔{year}〕第{number}号"


@dataclass(frozen=True)
class Pauses:
    """By kind (歇业, 失联) the day it begins and the day of 复业 of each agency, NaT for none."""

    begin: dict[str, Dates]
    end: dict[str, Dates]


@dataclass(frozen=True)
class Branch:
    """A branch of an agency of the city, which reports for it."""

    code: str
    parent: int
    registered: dt.date


def draw_pauses(industry: Industry) -> Pauses:
    """Draw who of the small market agencies pauses; who leaves meanwhile does not come back."""
    agencies = industry.agencies
    lives = agencies.lives
    begin: dict[str, Dates] = {}
    end: dict[str, Dates] = {}
    is_small = ~agencies.is_public & (agencies.start_level < np.median(agencies.start_level))
    free = is_small & (agencies.successor_of < 0)
    for kind, pct in PAUSES_PCT.items():
        drawn = draw_event(industry.chance.of(kind), industry.magnitudes, lives, pct)
        drawn = np.where(free, drawn, np.datetime64("NaT", "D"))
        free = free & np.isnat(drawn)
        back = drawn + DAYS_OF_PAUSE[kind]
        begin[kind] = drawn
        end[kind] = np.where(back < agencies.exited, back, np.datetime64("NaT", "D"))
        end[kind] = np.where(np.isnat(agencies.exited), back, end[kind])
    return Pauses(begin, end)


def draw_branches(industry: Industry) -> list[Branch]:
    """Return the branches of lasting large agencies, besides all agencies of the industry."""
    agencies = industry.agencies
    first_year = industry.magnitudes.years[0]
    is_large = np.array(industry.sizes.size_classes[first_year]) == "large"
    lasting = np.flatnonzero(is_large & ~agencies.is_public & np.isnat(agencies.exited))
    count = round(BRANCHES_PER_LARGE * len(lasting))
    chosen = np.sort(industry.chance.of("branches").permutation(lasting)[:count])
    return [
        Branch(
            credit_code(
                len(agencies) + number, agencies.former_district_codes[parent], is_public=False
            ),
            int(parent),
            agencies.registered[parent].astype(object) + dt.timedelta(ESTABLISHED_DAYS),
        )
        for number, parent in enumerate(chosen.tolist(), start=1)
    ]


def list_branches(industry: Industry, period: str) -> list[Row]:
    """Return the branches as rows of the register of a month; each has a 备案 of its own."""
    day = last_day(period)
    size_classes = size_classes_in(industry, period)
    rows = []
    for branch in draw_branches(industry):
        if branch.registered > day:
            continue
        parent = register_row(industry, branch.parent, day, size_classes[branch.parent])
        rows.append(
            {
                **parent,
                "credit_code": branch.code,
                "agency_name": f"{parent['agency_name']}示例分公司",
                "licence_kind": "filed",
                "licence_no": None,
                "licence_valid_to_date": None,
                "first_registered_date": branch.registered,
                "size_class": "micro",
                "parent_code": parent["credit_code"],
                "parent_name": parent["agency_name"],
            }
        )
    return rows


def list_events(industry: Industry, period: str) -> list[Row]:
    """Return what happened to agencies in a month, as rows of 名录变动表 by day."""
    first = dt.date.fromisoformat(f"{period}-01")
    last = last_day(period)
    rows = [
        *_entries(industry, first, last),
        *_exits(industry, first, last),
        *_changes(industry, first, last),
        *_renewals(industry, first, last),
        *_pauses(industry, first, last),
    ]
    rows.sort(key=lambda row: (row["event_date"], row["credit_code"], row["event_type"]))
    for number, row in enumerate(rows, start=1):
        row["document_no"] = DOCUMENT.format(year=last.year, number=f"{last.month:02d}{number:04d}")
    return rows


def _within(days: Dates, first: dt.date, last: dt.date) -> list[int]:
    """Return whose day lies in the span."""
    start, end = np.datetime64(first, "D"), np.datetime64(last, "D")
    found: list[int] = np.flatnonzero((days >= start) & (days <= end)).tolist()
    return found


def _event(agencies: Agencies, position: int, kind: str, day: dt.date, **values: Any) -> Row:
    """Return a row on an agency, which it names as it is called on the eve."""
    return {
        "credit_code": agencies.credit_codes[position],
        "agency_name": agencies.name_on(position, day - dt.timedelta(1)),
        "event_type": kind,
        "event_date": day,
        **values,
    }


def _entries(industry: Industry, first: dt.date, last: dt.date) -> Iterator[Row]:
    """Yield who is registered; who goes on under a new code is told with the old one."""
    agencies = industry.agencies
    size_classes = size_classes_in(industry, f"{last:%Y-%m}")
    for position in _within(agencies.registered, first, last):
        day: dt.date = agencies.registered[position].astype(object)
        before = int(agencies.successor_of[position])
        if before >= 0:
            _, number, valid_to = licence_on(industry, position, day)
            yield _event(
                agencies,
                before,
                "relicensed",
                day,
                licence_no=number,
                licence_valid_to_date=valid_to,
                successor_code=agencies.credit_codes[position],
            )
            continue
        row = register_row(industry, position, day, size_classes[position])
        kind = "moved_in" if agencies.origins[position] == MOVED_IN else "new"
        yield _event(
            agencies,
            position,
            kind,
            day,
            district=row["district"],
            township=row["township"],
            reporting_unit=row["reporting_unit"],
            **{
                name: row[name]
                for name in (
                    "institution_type",
                    "licence_kind",
                    "licence_no",
                    "first_registered_date",
                    "licence_valid_to_date",
                    "business_line",
                    "size_class",
                )
            },
        )


def _exits(industry: Industry, first: dt.date, last: dt.date) -> Iterator[Row]:
    """Yield who leaves for good."""
    agencies = industry.agencies
    for position in _within(agencies.exited, first, last):
        reason = str(agencies.exit_reasons[position])
        if reason == NEW_CODE:
            continue
        day: dt.date = agencies.exited[position].astype(object)
        survivor = int(agencies.merged_into[position])
        values = {"successor_code": agencies.credit_codes[survivor]} if survivor >= 0 else {}
        yield _event(agencies, position, EXITS[reason], day, reason=reason, **values)


def _changes(industry: Industry, first: dt.date, last: dt.date) -> Iterator[Row]:
    """Yield who is renamed, moves within the city, or gets a 许可 for a 备案."""
    agencies = industry.agencies
    day: dt.date
    for position in _within(agencies.renamed_on, first, last):
        day = agencies.renamed_on[position].astype(object)
        yield _event(agencies, position, "renamed", day, new_name=agencies.names[position])
    for position in _within(agencies.moved_on, first, last):
        day = agencies.moved_on[position].astype(object)
        unit, district = codes_on(agencies, industry.magnitudes, position, day, f"{day:%Y-%m}")
        yield _event(agencies, position, "moved_in", day, district=district, reporting_unit=unit)
    for position in _within(agencies.upgraded_on, first, last):
        day = agencies.upgraded_on[position].astype(object)
        _, number, valid_to = licence_on(industry, position, day)
        yield _event(
            agencies,
            position,
            "upgraded",
            day,
            licence_no=number,
            licence_valid_to_date=valid_to,
        )


def _renewals(industry: Industry, first: dt.date, last: dt.date) -> Iterator[Row]:
    """Yield who gets a new 许可 for one that ends."""
    agencies = industry.agencies
    eve = first - dt.timedelta(1)
    for position in np.flatnonzero(agencies.living(eve) & agencies.living(last)).tolist():
        before, now = licence_on(industry, position, eve), licence_on(industry, position, last)
        if before[0] == now[0] == "licensed" and before[1] != now[1] and now[2] and before[2]:
            yield _event(
                agencies,
                position,
                "relicensed",
                anniversary(now[2], -5),
                licence_no=now[1],
                licence_valid_to_date=now[2],
            )


def _pauses(industry: Industry, first: dt.date, last: dt.date) -> Iterator[Row]:
    """Yield who pauses and who comes back."""
    agencies, pauses = industry.agencies, draw_pauses(industry)
    day: dt.date
    for kind in PAUSES_PCT:
        for position in _within(pauses.begin[kind], first, last):
            day = pauses.begin[kind][position].astype(object)
            yield _event(agencies, position, kind, day)
        for position in _within(pauses.end[kind], first, last):
            day = pauses.end[kind][position].astype(object)
            yield _event(agencies, position, "resumed", day)


def statuses_on(industry: Industry, day: dt.date) -> list[str | None]:
    """Return the true register_status of each agency at the end of a day; None before it begins."""
    agencies, pauses = industry.agencies, draw_pauses(industry)
    today = np.datetime64(day, "D")
    status = np.full(len(agencies), "active", dtype=object)
    for kind in PAUSES_PCT:
        begun = pauses.begin[kind] <= today
        status[begun & ~(pauses.end[kind] <= today)] = kind
    for position in np.flatnonzero(agencies.exited <= today).tolist():
        status[position] = EXITS.get(str(agencies.exit_reasons[position]), "recoded")
    status[agencies.registered > today] = None
    return list(status)
