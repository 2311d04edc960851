"""The made-up industry as rows of the list forms: register and sample; `annual` has the return.

Rows go by field code; choices and areas are codes, dates are dates, amounts are in base units.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from pipelines.synthetic.fieldwork import (
    STRATA,
    Sample,
    register_before,
    size_classes_in,
)
from pipelines.synthetic.identities import credit_code
from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.townships import codes_on, township_on

Row = dict[str, Any]

LICENCE_YEARS = 5
BRANCH_EVERY = 60  # one agency in so many is a branch of an agency elsewhere, and counts
ELSEWHERE = "110105"


def list_register(industry: Industry, period: str) -> list[Row]:
    """Return the register of a month: every agency so far, those that left with date and reason."""
    day = last_day(period)
    registered = np.flatnonzero(industry.agencies.registered <= np.datetime64(day, "D"))
    size_classes = size_classes_in(industry, period)
    return [
        register_row(industry, position, day, size_classes[position])
        for position in registered.tolist()
    ]


def list_sample(industry: Industry, sample: Sample) -> list[Row]:
    """Return the sampled agencies with their stratum and who sends their report."""
    day = last_day(register_before(sample.year))
    rows = []
    for position, size_class in zip(sample.positions.tolist(), sample.size_classes, strict=True):
        unit, _ = codes_on(industry.agencies, industry.magnitudes, position, day, sample.period)
        rows.append(
            {
                "credit_code": industry.agencies.credit_codes[position],
                "agency_name": industry.agencies.name_on(position, day),
                "reporting_unit": unit,
                "stratum": STRATA[size_class],
            }
        )
    return rows


def register_row(industry: Industry, position: int, day: dt.date, size_class: str) -> Row:
    """Return an agency's row as the register knows it at the end of that day."""
    agencies = industry.agencies
    registered: dt.date = agencies.registered[position].astype(object)
    exited: dt.date | None = agencies.exited[position].astype(object)
    has_left = exited is not None and exited <= day
    unit, district = codes_on(agencies, industry.magnitudes, position, day, f"{day:%Y-%m}")
    kind, number, valid_to = licence_on(industry, position, exited if exited and has_left else day)
    holding = int(agencies.holding[position])
    return {
        "credit_code": agencies.credit_codes[position],
        "agency_name": agencies.name_on(position, day),
        "district": district,
        "township": township_on(agencies, industry.magnitudes, position, day),
        "reporting_unit": unit,
        "institution_type": str(agencies.institution_types[position]),
        "licence_kind": kind,
        "licence_no": number,
        "first_registered_date": registered,
        "licence_valid_to_date": valid_to,
        "exit_date": exited if has_left else None,
        "exit_reason": str(agencies.exit_reasons[position]) if has_left else None,
        "business_line": industry.magnitudes.business_lines[agencies.main_line[position]].code,
        "size_class": size_class,
        "holding_name": None if holding < 0 else f"示例集团{holding + 1:02d}",
        **_parent_elsewhere(industry, position),
    }


def _parent_elsewhere(industry: Industry, position: int) -> Row:
    """Return the parent in another city that a few small agencies are branches of."""
    agencies = industry.agencies
    serial = position + 1
    if serial % BRANCH_EVERY or agencies.is_public[position] or agencies.holding[position] >= 0:
        return {"parent_code": None, "parent_name": None}
    return {
        "parent_code": credit_code(serial, ELSEWHERE, is_public=False),
        "parent_name": f"北京示例人力资源集团{serial:04d}",
    }


def licence_on(
    industry: Industry, position: int, day: dt.date
) -> tuple[str, str | None, dt.date | None]:
    """Return the kind, number and end of the licence held on a day.

    A public agency needs none; a filing does not expire and gives way to a licence once upgraded.
    """
    agencies = industry.agencies
    if agencies.is_public[position]:
        return "none_required", None, None
    registered: dt.date = agencies.registered[position].astype(object)
    place = agencies.former_district_codes[position]
    upgraded: dt.date | None = agencies.upgraded_on[position].astype(object)
    if agencies.files_only[position] and not (upgraded and upgraded <= day):
        return "filed", f"（渝）人服备字〔{registered.year}〕第{place}{position + 1:05d}号", None
    first = upgraded or registered
    issued = anniversary(first, (day.year - first.year) // LICENCE_YEARS * LICENCE_YEARS)
    if issued > day:
        issued = anniversary(first, issued.year - first.year - LICENCE_YEARS)
    number = f"（渝）人服证字〔{issued.year}〕第{place}{position + 1:05d}号"
    return "licensed", number, anniversary(issued, LICENCE_YEARS)


def anniversary(day: dt.date, years: int) -> dt.date:
    """Return the day some years later; 28 February stands for the 29th."""
    is_leap_day = (day.month, day.day) == (2, 29) and years
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)
