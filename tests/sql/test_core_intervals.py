# ruff: noqa: E501 - a row of a table stays on one line
"""core_intervals: months, and intervals by t or on the log scale."""

GIVEN = {
    "ref_t_quantiles": """
        degrees_of_freedom t_quantile
        1                  12.7
        2                  4.3
        3                  3.2
    """,
    "core_periods": """
        period  is_first_period
        2025-02 true
        2025-03 false
    """,
}


def test_city_by_t_domains_on_the_log_scale(check):
    """SE = 10: 100 ± 3.2 · 10; 100 · exp(± 3.2 · 10/100) = 72.614904, 137.712776."""
    check(
        "core_intervals",
        **GIVEN,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value variance degrees_of_freedom respondent_count is_estimable
            2025-03 city        500000      placements     ytd          100   100      3                  5                true
            2025-03 city        500000      files          end          0     0        0                  7                true
            2025-03 city        500000      training       ytd          100   100      500                5                true
            2025-03 area        500101      placements     ytd          100   100      3                  10               true
        """,
        expect="""
            domain_type indicator_code measure_code value standard_error ci_low    ci_high    cv_pct degrees_of_freedom respondent_count gate_count estimation_method
            area        placements     ytd          100   10             72.614904 137.712776 10     3                  10 10 分层扩张估计
            city        files          end          0     0              0         0          -      0                  7 7 分层扩张估计
            city        placements     ytd          100   10             68        132        10     3                  5 5 分层扩张估计
            city        training       ytd          100   10             68        132        10     500                5 5 分层扩张估计
        """,
    )


def test_the_month_of_the_first_period_is_its_cumulative_figure(check):
    check(
        "core_intervals",
        **GIVEN,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value variance degrees_of_freedom respondent_count is_estimable
            2025-02 city        500000      placements     ytd          40    4        3                  5                true
            2025-02 city        500000      files          end          9     4        3                  5                true
            2025-03 city        500000      placements     ytd          100   100      3                  5                true
        """,
        core_month_estimates="""
            period  domain_type domain_code indicator_code value variance degrees_of_freedom respondent_count previous_respondent_count is_estimable
            2025-03 city        500000      placements     60    25       2                  5                4                         true
        """,
        expect="""
            period  indicator_code measure_code value ci_low ci_high estimation_method
            2025-02 files          end          9     2.6    15.4    分层扩张估计
            2025-02 placements     month        40    33.6   46.4    分层扩张估计
            2025-02 placements     ytd          40    33.6   46.4    分层扩张估计
            2025-03 placements     month        60    38.5   81.5    累计之差推算
            2025-03 placements     ytd          100   68     132     分层扩张估计
        """,
    )
