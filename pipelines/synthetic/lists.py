"""The made-up industry as rows of the list forms: register, sample and annual returns.

Rows go by field code; choices and areas are codes, dates are dates, amounts are in base units.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np

from pipelines.synthetic.activity import STOCKS, Activity
from pipelines.synthetic.fieldwork import STRATA, last_day
from pipelines.synthetic.magnitudes import Magnitudes
from pipelines.synthetic.population import Agencies, Whole

Row = dict[str, Any]

LICENCE_YEARS = 5
LICENSED_LINES = frozenset({"recruitment", "dispatch", "headhunting"})
FLASH_ONLY = frozenset(  # asked every month, but not in the annual return
    {
        "job_fairs_graduates",
        "job_fairs_migrants",
        "fair_employers",
        "fair_vacancies",
        "fair_seekers",
        "online_vacancies",
        "online_seekers",
        "people_served_graduates",
        "people_served_migrants",
        "registered_seekers_college",
        "registered_seekers_bachelor",
        "registered_seekers_graduate",
        "employers_served_state",
        "employers_served_private",
        "employers_served_foreign",
        "employers_served_other",
        "outsourcing_clients",
    }
)


def list_register(magnitudes: Magnitudes, agencies: Agencies) -> list[Row]:
    """Return the register: every agency, those that left with date and reason."""
    dates = zip(agencies.registered.tolist(), agencies.exited.tolist(), strict=True)
    return [
        _register_row(magnitudes, agencies, position, registered, exited)
        for position, (registered, exited) in enumerate(dates)
    ]


def list_sample(magnitudes: Magnitudes, agencies: Agencies, sampled: Whole) -> list[Row]:
    """Return the sampled agencies with their stratum and who sends their report."""
    return [
        {
            "credit_code": agencies.credit_codes[position],
            "agency_name": agencies.names[position],
            "reporting_unit": agencies.reporting_unit_codes[position],
            "stratum": STRATA[agencies.size_classes[position]],
        }
        for position in sampled.tolist()
    ]


def list_annual_returns(
    agencies: Agencies, reporting: Whole, activity: Activity, staff: Activity
) -> list[Row]:
    """Return the annual returns of these agencies: flows of the year, stocks at its end."""
    columns = {
        code: values[:, -1] if code in STOCKS else values.sum(axis=1)
        for code, values in activity.items()
        if code not in FLASH_ONLY
    } | dict(staff)
    figures = np.column_stack([column[reporting] for column in columns.values()]).tolist()
    return [
        {
            "credit_code": agencies.credit_codes[position],
            "agency_name": agencies.names[position],
            "reporting_unit": agencies.reporting_unit_codes[position],
            **dict(zip(columns, map(Decimal, row), strict=True)),
        }
        for position, row in zip(reporting.tolist(), figures, strict=True)
    ]


def _register_row(
    magnitudes: Magnitudes,
    agencies: Agencies,
    position: int,
    registered: dt.date,
    exited: dt.date | None,
) -> Row:
    """Return an agency's row; a public agency needs no licence, and a filing does not expire."""
    line = magnitudes.business_lines[agencies.main_line[position]].code
    district = agencies.district_codes[position]
    number = f"{registered.year}〕第{district}{position + 1:05d}号"
    if agencies.is_public[position]:
        licence: tuple[str, str | None, dt.date | None] = ("none_required", None, None)
    elif line in LICENSED_LINES:
        end = _licence_end(registered, exited or last_day(magnitudes.register_period))
        licence = ("licensed", f"（渝）人服证字〔{number}", end)
    else:
        licence = ("filed", f"（渝）人服备字〔{number}", None)
    kind, licence_no, valid_to = licence
    return {
        "credit_code": agencies.credit_codes[position],
        "agency_name": agencies.names[position],
        "district": district,
        "township": f"示例{'一二三四五六七八九'[position % 9]}街道",
        "reporting_unit": agencies.reporting_unit_codes[position],
        "institution_type": agencies.institution_types[position],
        "licence_kind": kind,
        "licence_no": licence_no,
        "first_registered_date": registered,
        "licence_valid_to_date": valid_to,
        "exit_date": exited,
        "exit_reason": "注销" if exited else None,
        "business_line": line,
        "size_class": agencies.size_classes[position],
    }


def _licence_end(registered: dt.date, last_date: dt.date) -> dt.date:
    """Return the end of the licence held on the last date, renewed every five years."""
    renewals = (last_date.year - registered.year) // LICENCE_YEARS
    year = registered.year + LICENCE_YEARS * (renewals + 1)
    return registered.replace(year=year, day=min(registered.day, 28))
