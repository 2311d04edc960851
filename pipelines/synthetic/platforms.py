"""The made-up yearly reports of parks and markets, as rows by sheet and field code.

Tenants are agencies of the industry, with their revenue, offline in a park of their own reporting
unit; everything else follows from their number.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipelines.synthetic.drawing import Flags, Whole
from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.ledgers import site_of
from pipelines.synthetic.lists import Row
from pipelines.synthetic.magnitudes import Platform

ABOVE_SCALE = 10_000_000  # 元 a year, what the national bureau calls 规模以上 (domain.md §3.2)
OTHER_TENANTS = 0.2  # service enterprises that are no agencies, beside each agency
TAX = 0.012  # of revenue

PLATFORMS, TENANTS = "平台年度数据", "入驻企业"


def list_platforms(industry: Industry, year: int) -> dict[str, list[Row]]:
    """Return the rows of both sheets for the parks and markets recognised by the year's end."""
    sheets: dict[str, list[Row]] = {PLATFORMS: [], TENANTS: []}
    day = last_day(f"{year}-12")
    rng = industry.chance.of("platforms", year)
    for number, park in enumerate(industry.magnitudes.parks):
        tenants = np.flatnonzero((industry.agencies.park == number) & industry.agencies.living(day))
        if park.since <= day and len(tenants):
            units = [unit.code for unit in industry.magnitudes.units]
            offline = industry.agencies.former_unit[tenants] == units.index(park.unit)
            sheets[PLATFORMS].append(_park(rng, industry, park, year, tenants, offline))
            sheets[TENANTS] += _tenants(industry, park, year, tenants, offline)
    for market in industry.magnitudes.markets:
        if market.since <= day:
            sheets[PLATFORMS].append(_market(rng, industry, market))
    return {sheet: rows for sheet, rows in sheets.items() if rows}


def _revenue(industry: Industry, year: int, tenants: Whole) -> Whole:
    """Return the tenants' revenue of the year (元)."""
    revenue: Whole = industry.flows(year)["revenue_incl"][tenants].sum(axis=1)
    return revenue


def _park(
    rng: np.random.Generator,
    industry: Industry,
    park: Platform,
    year: int,
    tenants: Whole,
    offline: Flags,
) -> Row:
    """Return the row of a comprehensive park (附表2)."""
    revenue = _revenue(industry, year, tenants)
    placed = industry.flows(year)["placements"][tenants].sum()
    employers = industry.flows(year)["employers_served"][tenants].sum()
    agencies = int(offline.sum())
    above = int((offline & (revenue >= ABOVE_SCALE)).sum())
    others = round(agencies * OTHER_TENANTS)
    agency_revenue = int(revenue[offline].sum())
    return {
        **_common(rng, industry, park, "comprehensive_park"),
        "floor_area": 6000 + 40 * int(rng.integers(agencies, 20 * agencies + 1)),
        "offline_tenants": agencies + others,
        "offline_tenants_above_scale": above,
        "offline_agencies": agencies,
        "offline_agencies_above_scale": above,
        "offline_revenue": round(agency_revenue * 1.05),
        "offline_agency_revenue": agency_revenue,
        "online_revenue": int(revenue[~offline].sum()),
        "taxes": round(agency_revenue * TAX),
        "served_employers": int(employers),
        "placed_people": int(placed),
    }


def _market(rng: np.random.Generator, industry: Industry, market: Platform) -> Row:
    """Return the row of a market (附表4)."""
    size = int(rng.integers(400, 1200)) * int(market.weight)
    return {
        **_common(rng, industry, market, "specialised_market"),
        "floor_area": int(rng.integers(1000, 6000)),
        "offline_tenants": 12,
        "offline_tenants_above_scale": 2,
        "offline_agencies": 8,
        "offline_agencies_above_scale": 2,
        "category_agencies": 6,
        "offline_revenue": 60_000 * size,
        "offline_agency_revenue": 50_000 * size,
        "online_revenue": 0,
        "taxes": 500 * size,
        "market_revenue": 9_000 * size,
        "served_employers": size // 10,
        "placed_people": size,
        "supplied_bachelor": size // 3,
        "supplied_graduate": size // 20,
        "supplied_high_level": size // 200,
        "supplied_academician": 0,
        "served_bachelor": 4 * size,
        "served_graduate": size,
        "served_high_level": size // 20,
        "served_academician": size // 800,
        "talent_income": 120_000 * size,
        "service_functions": int(rng.integers(4, 9)),
        "talent_records": 6 * size,
        "incubated_enterprises": int(rng.integers(0, 8)),
    }


def _common(rng: np.random.Generator, industry: Industry, platform: Platform, kind: str) -> Row:
    """Return what parks and markets report alike."""
    weight = int(platform.weight)
    return {
        "platform_name": platform.name,
        "platform_kind": kind,
        "platform_level": platform.level,
        "district": site_of(industry, platform),
        "sites": int(rng.integers(1, 4)),
        "management_staff": 2 + int(rng.integers(0, 4)),
        "operation_staff": 3 + int(rng.integers(0, 8)),
        "titled_staff": int(rng.integers(0, 4)),
        "research_results": int(rng.integers(0, 4)),
        "events": int(rng.integers(0, 4 + weight)),
        "events_bureau": int(rng.integers(0, 3)),
        "events_provincial": int(rng.integers(0, 2)),
        "events_joined": int(rng.integers(0, 7)),
        "publicity_municipal": int(rng.integers(0, 8)),
        "publicity_provincial": int(rng.integers(0, 4)),
        "honours_district": int(rng.integers(0, 4)),
        "honours_municipal": int(rng.integers(0, 3)),
        "honours_provincial": int(rng.integers(0, 2)),
        "violations": int(rng.random() < 0.1),
        "safety_incidents": int(rng.random() < 0.05),
        "note": "模拟数据",
    }


def _tenants(
    industry: Industry, park: Platform, year: int, tenants: Whole, offline: Flags
) -> Iterator[Row]:
    """Yield the tenants of a park with what they took in the year before."""
    before = _revenue(industry, year - 1, tenants)
    day = last_day(f"{year}-12")
    for position, is_offline, revenue in zip(
        tenants.tolist(), offline.tolist(), before.tolist(), strict=True
    ):
        yield {
            "platform_name": park.name,
            "credit_code": industry.agencies.credit_codes[position],
            "agency_name": industry.agencies.name_on(position, day),
            "tenancy": "offline" if is_offline else "online",
            "is_agency": "yes",
            "is_above_scale": "yes" if revenue >= ABOVE_SCALE else "no",
            "last_year_revenue": revenue,
        }
