# ruff: noqa: E501 - a row of a table stays on one line
"""core_monthly_figures: estimates and register counts side by side."""


def test_estimates_and_counts_of_flash_periods(check):
    check(
        "core_monthly_figures",
        core_periods="""
            period  period_type
            2025-02 M2
        """,
        ref_indicators="""
            indicator_code indicator_name unit display_unit display_factor revenue_basis     indicator_order
            revenue_incl   营业收入       元   亿元         100000000      incl_pass_through 1
            institutions   机构总数       家   家           1              -                 2
        """,
        core_estimates="""
            period  domain_type domain_code indicator_code measure_code value standard_error ci_low ci_high cv_pct respondent_count sampled_count frame_count estimation_method publication_status
            2025-02 city        500000      revenue_incl   ytd          5e9   1e8            4.8e9  5.2e9   2      80               90            300         分层扩张估计      发布
        """,
        core_institutions="""
            period  domain_type domain_code institution_count sampled_count
            2024-12 city        500000      290               90
            2025-02 city        500000      300               90
        """,
        expect="""
            period  period_type domain_type indicator_code measure_code value standard_error unit display_unit revenue_basis     unit_scope     respondent_count sampled_count frame_count actual_basis data_status estimation_method publication_status
            2025-02 M2          city        revenue_incl   ytd          5e9   1e8            元   亿元         incl_pass_through licensed_filed 80               90            300         estimate     快报数      分层扩张估计      发布
            2025-02 M2          city        institutions   end          300   -              家   家           -                 licensed_filed -                -             300         register     快报数      名录计数          发布
        """,
    )
