"""core_sample_values: what the sample gives for estimation."""


def test_usable_values_of_sampled_agencies_in_scope(check):
    check(
        "core_sample_values",
        ref_indicators="""
            indicator_code     measure_type
            placements         flow
            dispatched_workers stock
        """,
        core_frame="""
            period  credit_code stratum_code is_sampled
            2025-06 A           MIC          true
            2025-06 B           MIC          false
            2025-06 C           -            true
        """,
        core_observations="""
            period  form_code     credit_code indicator_code     measure_code  value
            2025-06 flash_report  A           placements         ytd           12.5
            2025-06 flash_report  A           placements         month         3
            2025-06 flash_report  A           placements         ytd_last_year 11
            2025-06 flash_report  A           dispatched_workers month         7
            2025-06 flash_report  B           placements         ytd           9
            2025-06 flash_report  C           placements         ytd           9
            2025-06 flash_report  D           placements         ytd           9
            2025-06 annual_return A           placements         ytd           9
        """,
        expect="""
            period  indicator_code     measure_code credit_code stratum_code value
            2025-06 dispatched_workers end          A           MIC          7
            2025-06 placements         ytd          A           MIC          12.5
        """,
    )
