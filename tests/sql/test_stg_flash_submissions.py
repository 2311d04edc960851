"""stg_flash_submissions: who sent something, also in files that were refused."""

FILES = """
    receipt_no folder  period  is_read reporting_unit_code
    1          reports 2025-06 true    500101
    2          reports 2025-06 false   -
    3          annual  2024    true    500101
"""


def test_one_row_an_agency_with_its_cover(check):
    check(
        "stg_flash_submissions",
        stg_files=FILES,
        raw_values="""
            receipt_no value_no credit_code field_code       text_value
            1          1        -           period           2025-06
            1          2        A           agency_name      甲公司
            1          3        A           zero_report      yes
            1          4        A           operating_status normal
            1          5        B           agency_name      乙公司
            1          6        B           reporting_unit   500102
            1          7        B           zero_report      no
            3          1        C           agency_name      丙公司
        """,
        raw_problems="""
            receipt_no problem_no scope  credit_code
            1          1          agency B
            1          2          agency D
            1          3          row    -
            2          1          file   A
        """,
        expect="""
            receipt_no credit_code period  is_read agency_name reporting_unit_code is_zero_report
            1          A           2025-06 true    甲公司      500101              true
            1          B           2025-06 true    乙公司      500102              false
            1          D           2025-06 true    -           500101              false
            2          A           2025-06 false   -           -                   false
        """,
    )
