# ruff: noqa: E501 - a row of a table stays on one line
"""core_periods: 1—2月 is one period, and a gap has no previous period."""

CALENDAR = """
    period  year month_number start_date end_date   elapsed_share
    2025-01 2025 1            2025-01-01 2025-01-31 0.084932
    2025-02 2025 2            2025-02-01 2025-02-28 0.161644
    2025-03 2025 3            2025-03-01 2025-03-31 0.246575
    2025-04 2025 4            2025-04-01 2025-04-30 0.328767
    2025-05 2025 5            2025-05-01 2025-05-31 0.413699
    2025-12 2025 12           2025-12-01 2025-12-31 1
    2026-02 2026 2            2026-02-01 2026-02-28 0.161644
"""


def test_periods_with_a_readable_report(check):
    check(
        "core_periods",
        ref_settings="""
            due_day january
            18      merged_into_february
        """,
        core_calendar=CALENDAR,
        stg_files="""
            receipt_no folder   period  is_read
            1          reports  2025-02 true
            2          reports  2025-03 true
            3          reports  2025-03 true
            4          reports  2025-04 false
            5          reports  2025-05 true
            6          register 2025-04 true
            7          reports  2025-12 true
            8          reports  2026-02 true
        """,
        expect="""
            period  year period_type start_date end_date   due_date   is_first_period previous_period
            2025-02 2025 M2          2025-01-01 2025-02-28 2025-03-18 true            -
            2025-03 2025 M           2025-03-01 2025-03-31 2025-04-18 false           2025-02
            2025-05 2025 M           2025-05-01 2025-05-31 2025-06-18 false           -
            2025-12 2025 M           2025-12-01 2025-12-31 2026-01-18 false           -
            2026-02 2026 M2          2026-01-01 2026-02-28 2026-03-18 true            -
        """,
    )
