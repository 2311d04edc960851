"""What agencies write into their flash reports when nothing goes wrong.

The reports are data in base units; writing workbooks is not the matter of this room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from pipelines.synthetic.activity import STOCKS, suspended_since
from pipelines.synthetic.drawing import Whole
from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.townships import codes_on

Values = Mapping[tuple[str, str], int]
"""By indicator and measure (month, ytd, ytd_last_year), in base units: 元, 人次, …."""

Typed = Mapping[tuple[str, str], str]
"""What stands as text in the cell of a figure; empty for a blank cell."""


@dataclass(frozen=True)
class MadeUpReport:
    """One agency's flash report of one period; a zero report has no values."""

    position: int
    credit_code: str
    agency_name: str
    district_code: str
    reporting_unit_code: str
    operating_status: Literal["normal", "suspended"]
    zero_report: bool
    accounting_method: str | None
    values: Values
    typed: Typed = field(default_factory=dict)


def write_reports(industry: Industry, period: str, positions: Whole) -> list[MadeUpReport]:
    """Return the right reports of these agencies for a period; February's has January in it.

    An agency with nothing to say since January sends a zero report.
    """
    year, month = map(int, period.split("-"))
    agencies, magnitudes = industry.agencies, industry.magnitudes
    this_year, last_year = industry.work[year], industry.work[year - 1]
    first = 0 if month == 2 else month - 1
    keys: list[tuple[str, str]] = []
    columns: list[Whole] = []
    for code, flow in this_year.items():
        if code in STOCKS:
            keys.append((code, "month"))
            columns.append(flow[positions, month - 1])
            continue
        keys += [(code, "month"), (code, "ytd"), (code, "ytd_last_year")]
        columns.append(flow[positions, first:month].sum(axis=1))
        columns.append(flow[positions, :month].sum(axis=1))
        columns.append(last_year[code][positions, :month].sum(axis=1))
    rows = np.column_stack(columns).tolist()
    since = suspended_since(industry.chance, magnitudes, agencies, industry.sizes, year)
    day = last_day(period)
    reports = []
    for position, row in zip(positions.tolist(), rows, strict=True):
        unit, district = codes_on(agencies, magnitudes, position, day, period)
        method = magnitudes.accounting_methods[agencies.accounting_method[position]].code
        reports.append(
            MadeUpReport(
                position=position,
                credit_code=agencies.credit_codes[position],
                agency_name=agencies.name_on(position, day),
                district_code=district,
                reporting_unit_code=unit,
                operating_status="suspended" if 0 < since[position] <= month else "normal",
                zero_report=not any(row),
                accounting_method=None if agencies.is_public[position] else method,
                values=dict(zip(keys, row, strict=True)) if any(row) else {},
            )
        )
    return reports
