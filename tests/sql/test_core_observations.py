# ruff: noqa: E501 - a row of a table stays on one line
"""core_observations: accepted values, zero reports and formulas."""

REFERENCE = {
    "ref_indicators": """
        indicator_code        unit measure_type
        revenue_booked        元   flow
        pass_through_unbooked 元   flow
        revenue_incl          元   flow
        dispatched_workers    人   stock
    """,
    "ref_indicator_formulas": """
        indicator_code term_code             coefficient
        revenue_incl   revenue_booked        1
        revenue_incl   pass_through_unbooked 1
        revenue_excl   revenue_booked        1
        revenue_excl   pass_through_booked   -1
    """,
    "ref_form_lines": """
        form_code    line_no indicator_code     is_required is_calculated
        flash_report 01      revenue_booked     true        false
        flash_report 05      revenue_incl       true        true
        flash_report 54      dispatched_workers true        false
    """,
    "ref_form_line_measures": """
        form_code    line_no indicator_code     measure_code
        flash_report 01      revenue_booked     month
        flash_report 01      revenue_booked     ytd
        flash_report 01      revenue_booked     ytd_last_year
        flash_report 05      revenue_incl       ytd
        flash_report 54      dispatched_workers month
    """,
}


def test_only_accepted_values_count_and_formulas_need_all_terms(check):
    check(
        "core_observations",
        **REFERENCE,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 superseded
            2          A           flash_report 2025-06 accepted
            2          B           flash_report 2025-06 refused
            3          A           annual_return 2024   accepted
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code        measure_code value unit cell_address
            1          1        A           revenue_booked        ytd          1     元   D5
            2          1        A           revenue_booked        ytd          100.5 元   D5
            2          2        A           pass_through_unbooked ytd          20    元   D7
            2          3        A           revenue_booked        month        7     元   C5
            2          4        B           revenue_booked        ytd          9     元   D9
            3          1        A           revenue_booked        annual       -3    元   D5
            3          2        A           pass_through_unbooked annual       1     元   D6
        """,
        expect="""
            period  form_code     credit_code indicator_code        measure_code value unit receipt_no cell_address
            2024    annual_return A           pass_through_unbooked annual       1     元   3          D6
            2024    annual_return A           revenue_booked        annual       -3    元   3          D5
            2024    annual_return A           revenue_incl          annual       -2    元   3          -
            2025-06 flash_report  A           pass_through_unbooked ytd          20    元   2          D7
            2025-06 flash_report  A           revenue_booked        month        7     元   2          C5
            2025-06 flash_report  A           revenue_booked        ytd          100.5 元   2          D5
            2025-06 flash_report  A           revenue_incl          ytd          120.5 元   2          -
        """,
    )


def test_a_zero_report_is_nothing_this_month_and_leaves_the_rest_as_it_was(check):
    check(
        "core_observations",
        **REFERENCE,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2024-12 accepted
            2          A           flash_report 2025-03 accepted
            3          A           flash_report 2025-04 accepted
            4          A           flash_report 2025-05 accepted
            4          B           flash_report 2025-05 accepted
        """,
        stg_flash_submissions="""
            receipt_no credit_code is_zero_report
            3          A           true
            4          A           true
            4          B           true
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code     measure_code value unit
            1          1        A           revenue_booked     ytd          900   元
            2          1        A           revenue_booked     ytd          40    元
            2          2        A           revenue_booked     month        5     元
            2          3        A           dispatched_workers month        8     人
        """,
        expect="""
            period  credit_code indicator_code     measure_code value receipt_no
            2024-12 A           revenue_booked     ytd          900   1
            2025-03 A           dispatched_workers month        8     2
            2025-03 A           revenue_booked     month        5     2
            2025-03 A           revenue_booked     ytd          40    2
            2025-04 A           dispatched_workers month        8     3
            2025-04 A           revenue_booked     month        0     3
            2025-04 A           revenue_booked     ytd          40    3
            2025-05 A           dispatched_workers month        8     4
            2025-05 A           revenue_booked     month        0     4
            2025-05 A           revenue_booked     ytd          40    4
            2025-05 B           dispatched_workers month        0     4
            2025-05 B           revenue_booked     month        0     4
            2025-05 B           revenue_booked     ytd          0     4
        """,
    )


def test_zeros_typed_into_a_zero_report_do_not_mix_with_what_is_carried(check):
    """A typed 0 beside a carried deduction of 30 would make the revenue −30."""
    check(
        "core_observations",
        **{
            **REFERENCE,
            "ref_form_lines": REFERENCE["ref_form_lines"]
            + "flash_report 02 pass_through_booked true false",
            "ref_form_line_measures": REFERENCE["ref_form_line_measures"]
            + "flash_report 02 pass_through_booked ytd",
            "ref_indicators": REFERENCE["ref_indicators"] + "pass_through_booked 元 flow",
        },
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-03 accepted
            2          A           flash_report 2025-04 accepted
        """,
        stg_flash_submissions="""
            receipt_no credit_code is_zero_report
            2          A           true
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code      measure_code  value unit cell_address
            1          1        A           revenue_booked      ytd           40    元   D5
            1          2        A           pass_through_booked ytd           30    元   D6
            1          3        A           dispatched_workers  month         8     人   C9
            2          1        A           revenue_booked      ytd           0     元   D5
            2          2        A           revenue_booked      month         0     元   C5
            2          3        A           revenue_booked      ytd_last_year 25    元   E5
            2          4        A           dispatched_workers  month         0     人   C9
        """,
        expect="""
            period  indicator_code      measure_code  value receipt_no cell_address
            2025-03 dispatched_workers  month         8     1          C9
            2025-03 pass_through_booked ytd           30    1          D6
            2025-03 revenue_booked      ytd           40    1          D5
            2025-03 revenue_excl        ytd           10    1          -
            2025-04 dispatched_workers  month         8     2          -
            2025-04 pass_through_booked ytd           30    2          -
            2025-04 revenue_booked      month         0     2          -
            2025-04 revenue_booked      ytd           40    2          -
            2025-04 revenue_booked      ytd_last_year 25    2          E5
            2025-04 revenue_excl        ytd           10    2          -
        """,
    )
