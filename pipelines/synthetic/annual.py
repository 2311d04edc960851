"""The made-up industry's annual returns: what agencies did in a year, and what they write of it.

Rows go by field code; choices and areas are codes, dates are dates, amounts are in base units. They
have the columns of the form that is in force for the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from pipelines.catalog.load import load_catalog
from pipelines.synthetic.activity import STOCKS, staff_at_year_end, suspended_since
from pipelines.synthetic.drawing import Whole
from pipelines.synthetic.fieldwork import answering_annual_return
from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.lists import Row, licence_on
from pipelines.synthetic.mistakes import Mistake
from pipelines.synthetic.townships import codes_on

# What shows that an agency does a business, beside the revenue from it.
BUSINESS_FIGURES: Mapping[str, Sequence[str]] = {
    "recruitment": ["job_fairs"],
    "dispatch": ["dispatch_clients", "dispatched_workers"],
    "consulting": ["consulting_clients"],
    "outsourcing": ["outsourcing_clients"],
    "training": ["training_courses", "training_participants"],
    "headhunting": ["headhunting_vacancies", "headhunting_placements"],
    "assessment": ["assessment_participants"],
}


def figures_of_year(industry: Industry, year: int) -> dict[str, Whole]:
    """Return what every agency did in a year: flows of all months, stocks at its end."""
    flash = {
        code: values[:, -1] if code in STOCKS else values.sum(axis=1)
        for code, values in industry.work[year].items()
    }
    staff = staff_at_year_end(
        industry.chance, industry.magnitudes, industry.sizes.staff[year], year
    )
    return {**flash, **_asked_yearly(industry, year, flash), **staff}


def _asked_yearly(industry: Industry, year: int, figures: Mapping[str, Whole]) -> dict[str, Whole]:
    """Return what only the annual return asks for; each follows what is asked every month."""
    ratios, rng = industry.magnitudes.ratios, industry.chance.of("asked yearly", year)

    def some(expected: Any, least: Any = 0) -> Whole:
        whole = np.floor(expected + rng.random(len(industry.agencies))).astype(np.int64)
        counts: Whole = np.maximum(whole, least)
        return counts

    workers, trained = figures["dispatched_workers"], figures["training_participants"]
    placed, seekers = figures["headhunting_placements"], figures["registered_seekers"]
    files = figures["personnel_files"]
    is_large = np.array(industry.sizes.size_classes[year]) == "large"
    databases = (seekers * industry.agencies.is_online > 0).astype(np.int64)
    return {
        "branches": some(ratios["branches_of_large_agency"] * is_large),
        "dispatch_clients": some(workers / ratios["workers_per_dispatch_client"], workers > 0),
        "dispatch_applicants": some(workers * ratios["applicants_per_dispatched_worker"]),
        "consulting_clients": some(
            figures["revenue_incl_consulting"] / ratios["revenue_per_consulting_client"]
        ),
        "training_courses": some(trained / ratios["trainees_per_course"], trained > 0),
        "headhunting_vacancies": some(placed * ratios["vacancies_per_headhunted"], placed),
        "file_services": some(files * ratios["services_per_file"]),
        "databases": databases,
        "database_records": databases * some(seekers * ratios["records_per_seeker"], seekers),
        "database_additions": databases * seekers,
    }


def list_annual_returns(industry: Industry, year: int) -> list[Row]:
    """Return the right annual returns of those who send one."""
    (table,) = load_catalog().form("annual_return", f"{year}-12").tables
    asked = [column.field for column in table.columns]
    figures = {
        code: values for code, values in figures_of_year(industry, year).items() if code in asked
    }
    reporting = answering_annual_return(industry, year)
    columns = np.column_stack([column[reporting] for column in figures.values()]).tolist()
    suspended = suspended_since(
        industry.chance, industry.magnitudes, industry.agencies, industry.sizes, year
    )
    rows = []
    for position, row in zip(reporting.tolist(), columns, strict=True):
        known = dict(zip(figures, map(Decimal, row), strict=True))
        status = "suspended" if suspended[position] else "normal"
        told = _identity(industry, position, year) | {"operating_status": status} | known
        for line in industry.magnitudes.business_lines:
            shown = [f"revenue_incl_{line.code}", *BUSINESS_FIGURES.get(line.code, [])]
            does = any(known.get(code) for code in shown)
            told[f"does_{line.code}"] = "yes" if does else "no"
        if told["does_other"] == "yes":
            told["other_business"] = "综合服务"
        rows.append({field: told.get(field) for field in asked})
    return rows


def spoil_annual_returns(
    industry: Industry, year: int, rows: Sequence[Row], dirtiness: float
) -> tuple[list[Row], list[Mistake]]:
    """Return the returns of a year as they really come, and what is wrong in them.

    Only the form that asks about the agency itself is filled in with mistakes: most contradict the
    register or the figures beside them, those of `broken_sum` are refused.
    """
    rng = industry.chance.of("annual mistakes", year)
    kinds = industry.magnitudes.mistakes.annual
    luck = 100 * rng.random(len(rows))
    ends = dirtiness * np.cumsum(list(kinds.values()))
    sent, mistakes = [], []
    for row, number in zip(rows, np.searchsorted(ends, luck, side="right").tolist(), strict=True):
        if number == len(kinds) or "operating_status" not in row:
            sent.append(row)
            continue
        kind = list(kinds)[number]
        field, value = _wrong(kind, row)
        code = str(row["credit_code"])
        indicator, measure = (field, "annual") if field == "staff" else (None, None)
        mistakes.append(Mistake(str(year), code, kind, indicator, measure, str(value), False))
        sent.append({**row, field: value})
    return sent, mistakes


def _wrong(kind: str, row: Row) -> tuple[str, object]:
    """Return a field of a row, and what stands in it where this goes wrong."""
    if kind == "broken_sum":
        return "staff", row["staff"] + 1
    if kind == "wrong_type":
        is_private = row["institution_type"] == "market_private"
        return "institution_type", "market_other" if is_private else "market_private"
    if kind == "wrong_licence":
        return "licence_kind", "filed" if row["licence_kind"] == "licensed" else "licensed"
    if kind == "not_ticked":
        ticked = [f for f in row if f.startswith("does_") and row[f] == "yes"]
        return (ticked[0], "no") if ticked else ("does_consulting", "yes")
    raise ValueError(kind)


def _identity(industry: Industry, position: int, year: int) -> Row:
    """Return what an agency says of itself at a year's end."""
    agencies, day = industry.agencies, last_day(f"{year}-12")
    unit, _ = agencies.place_on(position, day)
    registered = agencies.registered[position].astype(object)
    kind, number, valid_to = licence_on(industry, position, day)
    name = industry.magnitudes.units[unit].name
    method = industry.magnitudes.accounting_methods[agencies.accounting_method[position]].code
    return {
        "credit_code": agencies.credit_codes[position],
        "agency_name": agencies.name_on(position, day),
        "reporting_unit": codes_on(agencies, industry.magnitudes, position, day, f"{year}-12")[0],
        "institution_type": str(agencies.institution_types[position]),
        "licence_kind": kind,
        "licence_issuer": None if kind == "none_required" else f"示例{name}人力社保局",
        "licence_no": number,
        "licence_valid_to_date": valid_to,
        "founded_month": f"{registered:%Y-%m}",
        "accounting_method": None if agencies.is_public[position] else method,
    }
