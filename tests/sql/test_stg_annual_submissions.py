# ruff: noqa: E501 - a row of a table stays on one line
"""stg_annual_submissions: who sent an annual return, also in files that were refused."""


def test_one_row_an_agency(check):
    check(
        "stg_annual_submissions",
        stg_files="""
            receipt_no folder  period is_read reporting_unit_code
            1          annual  2024   true    500101
            2          annual  2024   false   -
            3          reports 2024   true    -
        """,
        raw_values="""
            receipt_no value_no credit_code field_code     text_value
            1          1        A           agency_name    甲公司
            1          2        A           reporting_unit 500102
            1          3        B           agency_name    乙公司
            3          1        C           agency_name    丙公司
            1          4        A           operating_status normal
            1          5        A           institution_type market_private
            1          6        A           licence_kind     licensed
            1          7        A           licence_valid_to_date 2026-05-31
            1          8        A           founded_month    2012-03
        """,
        raw_problems="""
            receipt_no problem_no scope credit_code
            2          1          file  A
        """,
        expect="""
            receipt_no credit_code period is_read agency_name reporting_unit_code operating_status institution_type licence_kind licence_valid_to_date founded_month
            1          A           2024   true    甲公司      500102              normal           market_private   licensed     2026-05-31            2012-03
            1          B           2024   true    乙公司      500101              -                -                -            -                     -
            2          A           2024   false   -           -                   -                -                -            -                     -
        """,
    )
