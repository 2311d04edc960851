# ruff: noqa: E501 - a row of a table stays on one line
"""core_corrections: what became of each correction beside the accepted version."""

from __future__ import annotations

CORRECTIONS = """
    receipt_no unit_row correction_no is_in_force form_code    period  credit_code indicator_text indicator_code measure_code old_value new_value unit printed_unit
    5          4        1             true        flash_report 2025-06 A           营业收入       revenue_booked ytd          1000      1200      元   万元
    5          5        2             true        flash_report 2025-06 A           营业收入       revenue_booked ytd          1200      12500     元   万元
    5          6        3             true        flash_report 2025-06 A           营业收入       revenue_booked ytd          1000      1200      元   万元
    5          7        4             true        flash_report 2025-06 A           营业收入       revenue_booked ytd          1000      12500     元   万元
    5          8        5             true        flash_report 2025-06 A           营业收入       revenue_booked month        1000      1200      元   万元
    5          9        6             true        flash_report 2025-06 B           营业收入       revenue_booked ytd          1000      1200      元   万元
    5          10       7             true        flash_report 2025-06 A           利润总额       -              ytd          -         -         -    -
    5          11       8             true        flash_report 2025-06 A           营业收入       revenue_booked ytd          -         -         -    人次
    4          4        9             false       flash_report 2025-06 A           营业收入       revenue_booked ytd          7         8         元   万元
"""


def test_each_correction_meets_the_accepted_version(build):
    """A's version 2 is accepted, B's only one refused: value 1 of file 2 is what is corrected."""
    found = build(
        "core_corrections",
        stg_corrections=CORRECTIONS,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 superseded
            2          A           flash_report 2025-06 accepted
            3          B           flash_report 2025-06 refused
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code measure_code value
            1          1        A           revenue_booked ytd          1000
            2          1        A           revenue_booked ytd          12500
            3          1        B           revenue_booked ytd          1000
        """,
        stg_correction_steps="""
            receipt_no value_no step_no correction_no standing_value is_applied corrected_value
            1          1        1       1             1000           true       1200
            2          1        1       1             1000           true       1200
            2          1        2       2             1200           true       12500
            2          1        3       3             12500          false      12500
            2          1        4       4             12500          false      12500
        """,
        ref_indicators="""
            indicator_code indicator_name
            revenue_booked 营业收入
        """,
        ref_units="""
            unit base_unit factor
            万元 元        10000
        """,
        ref_classifications="""
            classification_code item_code item_name
            corrected_measures  ytd       1—本月
            corrected_measures  month     本月
        """,
    )
    assert [
        (
            row["receipt_no"],
            row["unit_row"],
            row["corrected_receipt_no"],
            row["correction_state"],
            row["correction_note"],
        )
        for row in found
    ] == [
        (4, 4, 2, "replaced", None),
        (5, 4, 2, "applied", None),
        (5, 5, 2, "applied", None),
        (
            *(5, 6, 2, "stale"),
            "原数与现有的数不符：第2号文件中营业收入的1—本月现为1.25万元，请核对后改正原数，或删去本行",
        ),
        (5, 7, 2, "already_reported", None),
        (
            *(5, 8, 2, "no_value"),
            "采用的报表（第2号文件）没有填“营业收入”的本月，请核对，应由机构重新报送",
        ),
        (
            *(5, 9, None, "no_report"),
            "没有采用B在2025-06的这种报表，请核对代码和报告期，或待报表采用后再更正",
        ),
        (
            *(5, 10, 2, "unknown_indicator"),
            "指标“利润总额”不是该报表唯一的指标名称，请照报表上的名称填写",
        ),
        (
            *(5, 11, 2, "unit_mismatch"),
            "计量单位“人次”与指标不符，或数大得不可能，请改正",
        ),
    ]


def test_what_came_after_the_lock_waits_for_the_unlocking(build):
    (found,) = build(
        "core_corrections",
        stg_corrections="""
            receipt_no unit_row is_in_force is_held form_code     period credit_code indicator_code measure_code old_value new_value
            5          4        false       true    annual_return 2024   A           revenue_booked annual       1000      1200
        """,
        core_versions="""
            receipt_no credit_code form_code     period submission_state
            1          A           annual_return 2024   accepted
        """,
    )
    assert (found["correction_state"], found["correction_note"]) == (
        "held",
        "2024已锁定，解锁后才计入",
    )
