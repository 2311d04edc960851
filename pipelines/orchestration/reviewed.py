"""What the review workbooks of a period are made from, out of the bureau's internal tables.

What the workbooks look like is the matter of `bulletin.reviews`.
"""

from __future__ import annotations

import duckdb

from pipelines.bulletin.marts import rows_of
from pipelines.bulletin.reviews import Reviewed
from pipelines.catalog.periods import is_year, last_month

AGENCIES = """
    select
        states.*, frame.agency_name, units.unit_order,
        coalesce(units.reporting_unit_name, states.reporting_unit_code) as reporting_unit_name
    from core_review_states as states
    inner join core_review_frame as frame using (period, credit_code)
    left join mart_reviews as units
        on
            states.period = units.period
            and states.reporting_unit_code = units.reporting_unit_code
    where states.period = ?
    order by units.unit_order, states.credit_code"""
PERIOD_BEFORE = "select max(period) as period from core_periods where period < ?"
OBSERVATIONS = """
    select credit_code, indicator_code, value
    from core_observations
    where period = ? and form_code = ? and measure_code = ?"""
FINDINGS = """
    select findings.*
    from mart_findings as findings
    inner join core_review_states as states
        on
            findings.period = states.period
            and findings.credit_code = states.credit_code
            and findings.receipt_no = states.reviewed_receipt_no
    where findings.period = ? and findings.state in ('open', 'explained')
    order by findings.credit_code, findings.finding_no"""


def read_reviewed(connection: duckdb.DuckDBPyConnection, period: str) -> Reviewed:
    """Return what is known of the agencies asked for a period (YYYY-MM, or YYYY for a year).

    The connection has core_review_states, core_review_frame, core_periods, core_observations,
    mart_reviews and mart_findings.
    """
    year_before = f"{int(period[:4]) - 1}{period[4:]}"
    if is_year(period):
        sources = {
            "now": (period, "annual_return", "annual"),
            "year_before": (year_before, "annual_return", "annual"),
            "flash": (last_month(period), "flash_report", "ytd"),
        }
    else:
        (before,) = rows_of(connection, PERIOD_BEFORE, period)
        sources = {
            "now": (period, "flash_report", "month"),
            "before": (before["period"], "flash_report", "month"),
            "year_before": (year_before, "flash_report", "month"),
        }
    values = {
        (at, row["credit_code"], row["indicator_code"]): row["value"]
        for at, source in sources.items()
        for row in rows_of(connection, OBSERVATIONS, *source)
    }
    return Reviewed(
        period,
        rows_of(connection, AGENCIES, period),
        values,
        rows_of(connection, FINDINGS, period),
    )
