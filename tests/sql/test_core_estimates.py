# ruff: noqa: E501 - a row of a table stays on one line
"""core_estimates: the publish gate."""

GIVEN = {
    "ref_settings": """
        minimum_respondents maximum_cv_pct
        10                  35
    """,
    "core_institutions": """
        period  domain_type domain_code frame_count       sampled_count
        2025-03 city        500000      12                7
        2025-03 area        500101      5                 4
    """,
}


def test_what_is_published_is_as_it_was_estimated(check):
    check(
        "core_estimates",
        **GIVEN,
        core_intervals="""
            period  domain_type domain_code indicator_code measure_code value standard_error ci_low ci_high cv_pct degrees_of_freedom respondent_count gate_count is_estimable estimation_method
            2025-03 area        500101      placements     ytd          100   10             72     138     10     3                  11               10         true         分层扩张估计
            2025-03 city        500000      files          end          0     0              0      0       -      0                  7                7          true         分层扩张估计
        """,
        expect="""
            domain_type indicator_code measure_code value standard_error ci_low ci_high cv_pct degrees_of_freedom respondent_count sampled_count frame_count estimation_method publication_status
            area        placements     ytd          100   10             72     138     10     3                  11               4             5           分层扩张估计      发布
            city        files          end          0     0              0      0       -      0                  7                7             12          分层扩张估计      发布
        """,
    )


def test_what_is_not_published_has_no_figures(check):
    check(
        "core_estimates",
        **GIVEN,
        core_intervals="""
            period  domain_type domain_code indicator_code measure_code value standard_error ci_low ci_high cv_pct respondent_count gate_count is_estimable
            2025-03 area        500101      placements     month        60    5              50     70      8      11               9          true
            2025-03 area        500101      placements     ytd          100   10             80     120     10     9                9          true
            2025-03 area        500101      revenue_incl   ytd          100   10             80     120     10     10               10         false
            2025-03 city        500000      placements     ytd          100   10             80     120     10     50               50         false
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
        core_intervals="""
            period  domain_type domain_code indicator_code measure_code value standard_error cv_pct gate_count is_estimable
            2025-03 city        500000      at_the_edge    end          100   35             35     5          true
            2025-03 city        500000      beyond         end          100   35.1           35.1   5          true
            2025-03 city        500000      zero           end          0     1              -      5          true
        """,
        expect="""
            indicator_code value cv_pct publication_status
            at_the_edge    100   35     发布
            beyond         -     -      误差过大，不发布
            zero           -     -      误差过大，不发布
        """,
    )
