"""core_annual_totals: sums of the annual returns of agencies in scope."""


def test_reported_agencies_in_the_frame_of_the_year_end(check):
    check(
        "core_annual_totals",
        core_frame="""
            period  credit_code
            2023    A
            2023    B
            2023    C
            2023-12 D
            2024    A
        """,
        core_versions="""
            receipt_no credit_code form_code     period submission_state
            1          A           annual_return 2023   accepted
            1          B           annual_return 2023   accepted
            1          C           annual_return 2023   refused
            1          D           annual_return 2023   accepted
        """,
        core_observations="""
            period  form_code     credit_code indicator_code measure_code value  unit
            2023    annual_return A           placements     annual       100.25 人次
            2023    annual_return B           placements     annual       50     人次
            2023    annual_return D           placements     annual       7      人次
            2023-12 flash_report  A           placements     ytd          90     人次
        """,
        expect="""
            year indicator_code value  unit reported_count frame_count
            2023 placements     150.25 人次 2              3
        """,
    )
