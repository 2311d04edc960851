# ruff: noqa: E501 - a row of a table stays on one line
"""core_month_estimates: hand-worked difference of two 累计数 with unequal response.

SMA, 10 agencies. Before: A 1, B 2, C 3 answered, w = 10/3, Y = 20, V = 100 · 0.7/3 · 1 = 23.333….
Now: A 2, B 4, C 6, D 4, w = 2.5, Y = 40, V = 100 · 0.6/4 · 8/3 = 40. Common A, B, C: s = 2,
C = 100 · (3/12 − 1/10) · 2 = 30, so V = 40 + 23.333… − 60 = 3.333….  LAR, one agency of one in both:
9 − 4 = 5 without variance. C moves from 500101 to 500102: 6 · 2.5 − 3 · 10/3 = 5 for 500102.
"""

GIVEN = {
    "core_periods": """
        period  previous_period
        2025-02 -
        2025-03 2025-02
    """,
    "core_weights": """
        period  indicator_code measure_code stratum_code estimation_stratum_code frame_count respondent_count weight
        2025-02 placements     ytd          LAR          LAR                     1           1                1
        2025-02 placements     ytd          SMA          SMA                     10          3                3.3333333333333333
        2025-03 placements     ytd          LAR          LAR                     1           1                1
        2025-03 placements     ytd          SMA          SMA                     10          4                2.5
    """,
    "core_sample_values": """
        period  indicator_code measure_code credit_code stratum_code value
        2025-02 placements     ytd          L           LAR          4
        2025-02 placements     ytd          A           SMA          1
        2025-02 placements     ytd          B           SMA          2
        2025-02 placements     ytd          C           SMA          3
        2025-03 placements     ytd          L           LAR          9
        2025-03 placements     ytd          A           SMA          2
        2025-03 placements     ytd          B           SMA          4
        2025-03 placements     ytd          C           SMA          6
        2025-03 placements     ytd          D           SMA          4
        2025-03 files          end          D           SMA          4
    """,
    "core_domains": """
        period  domain_type domain_code credit_code
        2025-02 city        500000      L
        2025-02 city        500000      A
        2025-02 city        500000      B
        2025-02 city        500000      C
        2025-02 area        500101      C
        2025-03 city        500000      L
        2025-03 city        500000      A
        2025-03 city        500000      B
        2025-03 city        500000      C
        2025-03 city        500000      D
        2025-03 area        500102      C
    """,
    "core_direct_estimates": """
        period  domain_type domain_code indicator_code measure_code variance     degrees_of_freedom respondent_count is_estimable
        2025-02 city        500000      placements     ytd          23.333333333 2                  4                true
        2025-02 area        500101      placements     ytd          70           2                  1                true
        2025-02 area        500102      placements     ytd          -            2                  0                false
        2025-03 city        500000      placements     ytd          40           3                  5                true
        2025-03 area        500101      placements     ytd          -            3                  0                false
        2025-03 area        500102      placements     ytd          135          3                  1                true
    """,
}


def test_difference_and_its_variance(check):
    check(
        "core_month_estimates",
        **GIVEN,
        expect="""
            period  domain_type domain_code indicator_code value variance     degrees_of_freedom respondent_count previous_respondent_count is_estimable
            2025-03 area        500101      placements     -     -            2                  0                1                         false
            2025-03 area        500102      placements     5     0            2                  1                0                         false
            2025-03 city        500000      placements     25    3.3333333333 2                  5                4                         true
        """,
    )


def test_an_agency_that_left_counts_in_the_period_it_was_in(check):
    """B leaves: 30 − 20 + 5; common A, C: s = 4, C = 100 · (2/12 − 1/10) · 4, V = 63.333… − 53.333…."""
    check(
        "core_month_estimates",
        **{
            **GIVEN,
            "core_domains": GIVEN["core_domains"].replace("2025-03 city        500000      B", ""),
            "core_sample_values": GIVEN["core_sample_values"].replace(
                "2025-03 placements     ytd          B           SMA          4", ""
            ),
        },
        expect="""
            domain_code value variance
            500101      -     -
            500102      5     15
            500000      15    10
        """,
    )


def test_without_a_previous_period_there_is_no_month(build):
    periods = """
        period  previous_period
        2025-02 -
        2025-03 -
    """
    assert build("core_month_estimates", **{**GIVEN, "core_periods": periods}) == []
