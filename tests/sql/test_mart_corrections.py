# ruff: noqa: E501 - a row of a table stays on one line
"""mart_corrections: every correction with the names of what it corrects."""


def test_a_correction_says_whose_figure_it_changes(check):
    """A's name is that of the later register; B is in none."""
    check(
        "mart_corrections",
        ref_release="""
            release_id period
            r          2025-06
        """,
        stg_files="""
            receipt_no file_name
            7          更正.xlsx
        """,
        core_corrections="""
            receipt_no unit_row form_code    credit_code indicator_code old_value new_value reason corrected_by correction_state
            7          4        flash_report A           revenue_booked 1         2         笔误   张三         applied
            7          5        flash_report B           -              1         2         笔误   张三         unknown_indicator
        """,
        stg_register="""
            receipt_no unit_row credit_code agency_name
            1          4        A           旧名
            2          4        A           新名
        """,
        ref_forms="""
            form_code    form_name
            flash_report 抽样快报
        """,
        ref_indicators="""
            indicator_code indicator_name
            revenue_booked 营业收入
        """,
        expect="""
            release_id receipt_no unit_row file_name form_name agency_name indicator_name old_value new_value reason corrected_by correction_state
            r          7          4        更正.xlsx 抽样快报  新名        营业收入       1         2         笔误   张三         applied
            r          7          5        更正.xlsx 抽样快报  -           -              1         2         笔误   张三         unknown_indicator
        """,
    )
