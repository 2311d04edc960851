# ruff: noqa: E501 - a row of a table stays on one line
"""core_periods: 1—2月 is one period, and a gap has no previous period."""

CALENDAR = """
    period  year month_number start_date end_date   elapsed_share
    2025-01 2025 1            2025-01-01 2025-01-31 0.084932
    2025-02 2025 2            2025-02-01 2025-02-28 0.161644
    2025-03 2025 3            2025-03-01 2025-03-31 0.246575
    2025-04 2025 4            2025-04-01 2025-04-30 0.328767
    2025-05 2025 5            2025-05-01 2025-05-31 0.413699
    2025-06 2025 6            2025-06-01 2025-06-30 0.49589
    2025-12 2025 12           2025-12-01 2025-12-31 1
    2026-02 2026 2            2026-02-01 2026-02-28 0.161644
"""
REPORTING = """
    period  reference_start_date due_date   cut_off_date release_date
    2025-01 2025-01-01           2025-02-18 2025-02-21   2025-02-25
    2025-02 2025-01-01           2025-03-18 2025-03-21   2025-03-25
    2025-03 2025-03-01           2025-04-18 2025-04-23   2025-04-25
    2025-04 2025-04-01           2025-05-19 2025-05-22   2025-05-26
    2025-05 2025-05-01           2025-06-18 2025-06-23   2025-06-25
    2025-12 2025-12-01           2026-01-19 2026-01-22   2026-01-26
    2026-02 2026-01-01           2026-03-18 2026-03-23   2026-03-25
"""


def test_periods_with_a_readable_report(check):
    check(
        "core_periods",
        ref_reporting_calendar=REPORTING,
        core_calendar=CALENDAR,
        stg_files="""
            receipt_no folder   period  is_read first_seen_at
            1          reports  2025-02 true    2025-03-10
            2          reports  2025-03 true    2025-04-30
            3          reports  2025-03 true    2025-04-10
            4          reports  2025-04 false   2025-05-10
            5          reports  2025-05 true    2025-06-10
            6          register 2025-04 true    2025-06-10
            7          reports  2025-12 true    2026-01-10
            8          reports  2026-02 true    2026-03-10
        """,
        expect="""
            period  year period_type start_date end_date   due_date   cut_off_date release_date is_first_period previous_period
            2025-02 2025 M2          2025-01-01 2025-02-28 2025-03-18 2025-03-21   2025-03-25   true            -
            2025-03 2025 M           2025-03-01 2025-03-31 2025-04-18 2025-04-23   2025-04-25   false           2025-02
            2025-05 2025 M           2025-05-01 2025-05-31 2025-06-18 2025-06-23   2025-06-25   false           -
            2025-12 2025 M           2025-12-01 2025-12-31 2026-01-19 2026-01-22   2026-01-26   false           -
            2026-02 2026 M2          2026-01-01 2026-02-28 2026-03-18 2026-03-23   2026-03-25   true            -
        """,
    )


def test_a_period_loaded_after_its_cut_off_has_none(check):
    check(
        "core_periods",
        ref_reporting_calendar=REPORTING,
        core_calendar=CALENDAR,
        stg_files="""
            receipt_no folder  period  is_read first_seen_at
            1          reports 2025-02 true    2025-03-21T23:59:59
            2          reports 2025-02 true    2025-04-30
            3          reports 2025-03 false   2025-04-10
            4          reports 2025-03 true    2025-04-24T00:00:00
        """,
        expect="""
            period  is_cut_off_applied
            2025-02 true
            2025-03 false
        """,
    )
