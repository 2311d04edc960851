# ruff: noqa: E501 - a row of a table stays on one line
"""core_estimates: months, intervals and the publish gate."""

GIVEN = {
    "ref_settings": """
        minimum_respondents maximum_cv_pct
        10                  35
    """,
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
    "core_institutions": """
        period  domain_type domain_code frame_count       sampled_count
        2025-02 city        500000      12                7
        2025-03 city        500000      12                7
        2025-03 area        500101      5                 4
    """,
}


def test_city_by_t_domains_on_the_log_scale(check):
    """SE = 10: 100 ± 3.2 · 10; 100 · exp(± 3.2 · 10/100) = 72.614904, 137.712776."""
    check(
        "core_estimates",
        **GIVEN,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value variance degrees_of_freedom respondent_count is_estimable
            2025-03 city        500000      placements     ytd          100   100      3                  5                true
            2025-03 city        500000      files          end          0     0        0                  7                true
            2025-03 city        500000      training       ytd          100   100      500                5                true
            2025-03 area        500101      placements     ytd          100   100      3                  10               true
        """,
        expect="""
            domain_type indicator_code measure_code value standard_error ci_low    ci_high    cv_pct degrees_of_freedom respondent_count sampled_count frame_count estimation_method publication_status
            area        placements     ytd          100   10             72.614904 137.712776 10     3                  10               4             5           分层扩张估计      发布
            city        files          end          0     0              0         0          -      0                  7                7             12          分层扩张估计      发布
            city        placements     ytd          100   10             68        132        10     3                  5                7             12          分层扩张估计      发布
            city        training       ytd          100   10             68        132        10     500                5                7             12          分层扩张估计      发布
        """,
    )


def test_the_month_of_the_first_period_is_its_cumulative_figure(check):
    check(
        "core_estimates",
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


def test_what_is_not_published_has_no_figures(check):
    check(
        "core_estimates",
        **GIVEN,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value variance degrees_of_freedom respondent_count is_estimable
            2025-03 area        500101      placements     ytd          100   100      3                  9                true
            2025-03 area        500101      revenue_incl   ytd          100   100      3                  10               false
            2025-03 city        500000      placements     ytd          100   100      3                  50               false
        """,
        core_month_estimates="""
            period  domain_type domain_code indicator_code value variance degrees_of_freedom respondent_count previous_respondent_count is_estimable
            2025-03 area        500101      placements     60    25       2                  11               9                         true
        """,
        expect="""
            domain_type indicator_code measure_code value standard_error ci_low ci_high cv_pct respondent_count publication_status
            area        placements     month        -     -              -      -       -      11               样本不足，不发布
            area        placements     ytd          -     -              -      -       -      9                样本不足，不发布
            area        revenue_incl   ytd          -     -              -      -       -      10               层内无样本，不发布
            city        placements     ytd          -     -              -      -       -      50               层内无样本，不发布
        """,
    )


def test_an_estimate_with_too_large_an_error_is_not_published(check):
    """CV 35% is published, 35.1% is not; nor is a zero that has an error."""
    check(
        "core_estimates",
        **GIVEN,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value variance degrees_of_freedom respondent_count is_estimable
            2025-03 city        500000      at_the_edge    end          100   1225     3                  5                true
            2025-03 city        500000      beyond         end          100   1232.01  3                  5                true
            2025-03 city        500000      zero           end          0     1        3                  5                true
        """,
        expect="""
            indicator_code value cv_pct publication_status
            at_the_edge    100   35     发布
            beyond         -     -      误差过大，不发布
            zero           -     -      误差过大，不发布
        """,
    )
