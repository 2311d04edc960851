# ruff: noqa: E501 - a row of a table stays on one line
"""core_frame_sources: which register and sample are in force."""

CALENDAR = """
    period  year end_date   is_year_end
    2022-12 2022 2022-12-31 true
    2023-12 2023 2023-12-31 true
    2024-06 2024 2024-06-30 false
    2024-07 2024 2024-07-31 false
    2024-12 2024 2024-12-31 true
    2025-12 2025 2025-12-31 true
"""
PERIODS = """
    period
    2024-06
    2024-07
"""


def test_latest_register_not_after_the_period_else_the_earliest(check):
    check(
        "core_frame_sources",
        core_calendar=CALENDAR,
        core_periods=PERIODS,
        stg_files="""
            receipt_no folder   period  is_read
            1          register 2024-01 true
            2          register 2024-07 true
            3          register 2024-07 true
            4          register 2024-07 false
            5          sample   2024-02 true
            6          sample   2024-07 true
            7          reports  2024-07 true
            8          annual   2024    true
        """,
        expect="""
            period  end_date   is_year_end register_period register_receipt_no sample_period sample_receipt_no design_receipt_no
            2022    2022-12-31 true        2024-01         1                   -             -                 -
            2023    2023-12-31 true        2024-01         1                   -             -                 -
            2024    2024-12-31 true        2024-07         3                   -             -                 -
            2024-06 2024-06-30 false       2024-01         1                   2024-02       5                 1
            2024-07 2024-07-31 false       2024-07         3                   2024-07       6                 3
        """,
    )


def test_a_sample_older_than_every_register_uses_the_earliest(check):
    check(
        "core_frame_sources",
        core_calendar=CALENDAR,
        core_periods=PERIODS,
        stg_files="""
            receipt_no folder   period  is_read
            1          register 2024-06 true
            2          register 2024-07 true
            3          sample   2024-01 true
        """,
        expect="""
            period  register_period sample_period design_receipt_no
            2022    2024-06         -             -
            2023    2024-06         -             -
            2024-06 2024-06         2024-01       1
            2024-07 2024-07         2024-01       1
        """,
    )


def test_a_year_end_takes_the_first_register_that_covers_it(check):
    """An older register that comes in later takes nothing back from the year's end."""
    check(
        "core_frame_sources",
        core_calendar=CALENDAR,
        core_periods=PERIODS,
        stg_files="""
            receipt_no folder   period  is_read
            1          register 2025-03 true
            2          register 2024-05 true
        """,
        expect="""
            period  register_period
            2022    2024-05
            2023    2024-05
            2024    2025-03
            2024-06 2024-05
            2024-07 2024-05
        """,
    )


def test_a_register_of_the_next_year_leaves_the_flash_report_of_december_alone(check):
    """The year's end looks back from 2025-02; December keeps the register that it was drawn from."""
    check(
        "core_frame_sources",
        core_calendar="""
            period  year end_date   is_year_end
            2024-12 2024 2024-12-31 true
            2025-02 2025 2025-02-28 false
        """,
        core_periods="""
            period
            2024-12
        """,
        stg_files="""
            receipt_no folder   period  is_read
            1          register 2024-10 true
            2          register 2025-02 true
            3          reports  2024-12 true
        """,
        expect="""
            period  register_period is_year_end
            2024    2025-02         true
            2024-12 2024-10         false
            2025-02 2025-02         false
        """,
    )
