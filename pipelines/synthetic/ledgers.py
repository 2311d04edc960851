"""The made-up ledgers (台账): what the bureau enters itself, as rows by sheet and field code."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.lists import Row
from pipelines.synthetic.magnitudes import LedgerEntries, Platform

OFFICE = "示例处室"
EVIDENCE = "示例文件〔{year}〕{number}号（模拟数据）"
KIND_FIELDS = {"地方标准": "standard_level", "专精特新": "specialised_level"}
OF_AGENCIES = {"引进机构", "专精特新", "优质中坚", "诚信示范"}
NAMES = {"战略合作": "示例战略合作协议", "地方标准": "示例人力资源服务规范"}
EVENT_MONTHS = (9, 12)


def list_ledgers(industry: Industry, period: str) -> dict[str, list[Row]]:
    """Return the rows of each ledger as they stand at the end of a month (YYYY-MM)."""
    sheets: dict[str, list[Row]] = defaultdict(list)
    for number, entries in enumerate(industry.magnitudes.ledgers):
        sheets[entries.sheet] += _entries(industry, entries, number)
    sheets["产业园"] = [
        {**_platform(industry, park), "is_online": "no"} for park in industry.magnitudes.parks
    ]
    sheets["人才市场"] = [_platform(industry, market) for market in industry.magnitudes.markets]
    sheets["年度活动"] = list(_events(industry))
    day = last_day(period)
    known = {
        sheet: sorted((row for row in rows if row["item_date"] <= day), key=_order)
        for sheet, rows in sheets.items()
    }
    return {sheet: rows for sheet, rows in known.items() if rows}


def _order(row: Row) -> tuple[dt.date, str]:
    """Return what ledgers are sorted by."""
    return row["item_date"], row["item_name"]


def _entries(industry: Industry, entries: LedgerEntries, number: int) -> Iterator[Row]:
    """Yield the entries of one kind, on days spread between their dates."""
    rng = industry.chance.of("ledger", number)
    span = (entries.last_date - entries.first_date).days
    days = [
        entries.first_date + dt.timedelta(days=int(day))
        for day in np.sort(rng.integers(span + 1, size=entries.count))
    ]
    chosen = _agencies(industry, rng, entries) if entries.sheet in OF_AGENCIES else None
    divisions = sorted({unit.code for unit in industry.magnitudes.units if unit.code.isdigit()})
    partners = rng.permutation(divisions)
    for position, day in enumerate(days):
        row: Row = {"item_date": day, **_evidence(day, position)}
        if chosen is not None:
            agency = chosen[position]
            row["item_name"] = industry.agencies.name_on(agency, day)
            row["credit_code"] = industry.agencies.credit_codes[agency]
            row["district"] = industry.agencies.place_on(agency, day)[1]
        else:
            row["item_name"] = f"{NAMES[entries.sheet]}{position + 1:02d}"
        if entries.sheet == "战略合作":
            row["district"] = str(partners[position % len(partners)])
        if entries.kind is not None:
            row[KIND_FIELDS[entries.sheet]] = entries.kind
        yield row


def _agencies(industry: Industry, rng: np.random.Generator, entries: LedgerEntries) -> list[int]:
    """Return the positions of agencies fit for a ledger: of some size, and never to leave.

    A ledger that wants more than there are, in a small industry, takes them again.
    """
    agencies = industry.agencies
    first_year = entries.first_date.year
    fit = (
        np.isin(np.array(industry.sizes.size_classes[first_year]), ["large", "medium", "small"])
        & np.isnat(agencies.exited)
        & (agencies.registered < np.datetime64(entries.first_date, "D"))
    )
    chosen: list[int] = np.resize(rng.permutation(np.flatnonzero(fit)), entries.count).tolist()
    return chosen


def _platform(industry: Industry, platform: Platform) -> Row:
    """Return a park or market as its ledger has it."""
    return {
        "item_name": platform.name,
        "district": site_of(industry, platform),
        "platform_level": platform.level,
        "item_date": platform.since,
        **_evidence(platform.since, 1),
    }


def site_of(industry: Industry, platform: Platform) -> str:
    """Return the division in which a park or market lies."""
    unit = next(unit for unit in industry.magnitudes.units if unit.code == platform.unit)
    return (unit.sites or [unit.code])[0]


def _events(industry: Industry) -> Iterator[Row]:
    """Yield the yearly events that took place."""
    for year in industry.magnitudes.years[2:]:  # since the plan of 2023
        rng = industry.chance.of("yearly events", year)
        for number, (kind, pct) in enumerate(industry.magnitudes.yearly_events.items(), start=1):
            day = dt.date(year, int(rng.integers(EVENT_MONTHS[0], EVENT_MONTHS[1] + 1)), 20)
            if 100 * rng.random() < pct:
                name = f"{year}年示例活动{number:02d}"
                yield {
                    "event_kind": kind,
                    "item_name": name,
                    "item_date": day,
                    **_evidence(day, number),
                }


def _evidence(day: dt.date, number: int) -> Row:
    """Return evidence and who is responsible, all of it visibly made up."""
    return {
        "evidence": EVIDENCE.format(year=day.year, number=number + 1),
        "responsible_office": OFFICE,
        "next_step": None,
    }
