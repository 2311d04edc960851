# ruff: noqa: E501 - a row of a table stays on one line
"""stg_correction_steps: each correction meets what the ones before it left."""

UNITS = """
    unit base_unit factor
    元   元        1
    万元 元        10000
"""
FILES = """
    receipt_no folder  form_code     period  is_read
    1          reports flash_report  2025-06 true
    2          reports flash_report  2025-06 true
    3          reports flash_report  2025-07 true
    4          reports flash_report  2025-06 false
    5          annual  annual_return 2024    true
"""


def test_corrections_are_carried_out_one_after_the_other(check):
    """By hand: 1000 → 1200; 1100 meets 1200; 1200 → 1300. Version 2 says 1300: only none fits."""
    check(
        "stg_correction_steps",
        ref_units=UNITS,
        stg_files=FILES,
        stg_corrections="""
            receipt_no unit_row correction_no is_in_force form_code    period  credit_code indicator_code measure_code old_value new_value
            6          4        1             true        flash_report 2025-06 A           revenue_booked ytd          1000      1200
            6          5        2             true        flash_report 2025-06 A           revenue_booked ytd          1100      1150
            6          6        3             false       flash_report 2025-06 A           revenue_booked ytd          1200      1
            7          4        4             true        flash_report 2025-06 A           revenue_booked ytd          1200      1300
            7          5        5             true        flash_report 2025-06 A           revenue_booked month        5         6
            7          6        6             true        flash_report 2025-06 B           revenue_booked ytd          1000      7
            7          7        7             true        flash_report 2025-06 A           revenue_booked ytd          -         7
        """,
        raw_values="""
            receipt_no value_no credit_code indicator_code measure_code number_value unit
            1          1        A           revenue_booked ytd          0.1          万元
            1          2        A           revenue_excl   ytd          0.1          万元
            2          1        A           revenue_booked ytd          1300         元
            3          1        A           revenue_booked ytd          1000         元
            4          1        A           revenue_booked ytd          1000         元
        """,
        expect="""
            receipt_no value_no step_no correction_no standing_value is_applied corrected_value
            1          1        1       1             1000           true       1200
            1          1        2       2             1200           false      1200
            1          1        3       4             1200           true       1300
            2          1        1       1             1300           false      1300
            2          1        2       2             1300           false      1300
            2          1        3       4             1300           false      1300
        """,
    )


def test_annual_returns_are_corrected_and_impossible_numbers_match_nothing(check):
    check(
        "stg_correction_steps",
        ref_units=UNITS,
        stg_files=FILES,
        stg_corrections="""
            receipt_no unit_row correction_no is_in_force form_code     period credit_code indicator_code measure_code old_value new_value
            6          4        1             true        annual_return 2024   A           revenue_booked annual       50000     60000
            6          5        2             true        annual_return 2024   B           revenue_booked annual       50000     60000
        """,
        raw_values="""
            receipt_no value_no credit_code indicator_code measure_code number_value        unit
            5          1        A           revenue_booked annual       5                   万元
            5          2        B           revenue_booked annual       9999999999999999    万元
        """,
        expect="""
            receipt_no value_no step_no correction_no standing_value is_applied corrected_value
            5          1        1       1             50000          true       60000
            5          2        1       2             -              false      -
        """,
    )
