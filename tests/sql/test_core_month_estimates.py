# ruff: noqa: E501 - a row of a table stays on one line
"""core_month_estimates: hand-worked difference of two 累计数 with unequal response.

SMA, 10 agencies. Before: A 1, B 2, C 3 answered, w = 10/3, Y = 20, V = 100 · 0.7/3 · 1 = 23.333….
Now: A 2, B 4, C 6, D 4, w = 2.5, Y = 40, V = 100 · 0.6/4 · 8/3 = 40. Common A, B, C: s = 2,
C = 100 · (3/12 − 1/10) · 2 = 30, so V = 40 + 23.333… − 60 = 3.333….  LAR, one agency of one in both:
9 − 4 = 5 without variance. C moves from 500101 to 500102: 6 · 2.5 − 3 · 10/3 = 5 for 500102.
"""

import pytest

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


def answered_in_full(before: bool, now: bool) -> dict[str, str]:
    """Return the given rows with SMA of three, of four agencies, all of them answered."""
    weights, direct = GIVEN["core_weights"], GIVEN["core_direct_estimates"]
    if before:
        weights = weights.replace("10          3                3.3333333333333333", "3 3 1")
        direct = direct.replace("23.333333333 2 ", "0 0 ")
    if now:
        weights = weights.replace("10          4                2.5", "4 4 1")
        direct = direct.replace("40           3 ", "0 0 ")
    return {**GIVEN, "core_weights": weights, "core_direct_estimates": direct}


@pytest.mark.parametrize(
    ("before", "now", "value", "variance", "freedom"),
    [
        # 40 − 6 + 5, the variance of now
        (True, False, 39, 40, 3),
        # 16 − 20 + 5, the variance of before
        (False, True, 1, 23.333333333, 2),
        # 16 − 6 + 5, a census in both
        (True, True, 15, 0, 0),
    ],
)
def test_a_period_answered_in_full_has_no_sampling_error(
    build, before, now, value, variance, freedom
):
    """There is nothing in it for the other's error to go along with, and no freedom to count."""
    rows = build("core_month_estimates", **answered_in_full(before, now))
    [city] = [row for row in rows if row["domain_type"] == "city"]
    assert city["value"] == pytest.approx(value)
    assert city["variance"] == pytest.approx(variance)
    assert city["degrees_of_freedom"] == freedom


def test_a_census_that_one_leaves_and_one_joins_varies_by_nothing(build):
    """A left and D joined: 4 + 6 + 4 − 6 + 5 over the two agencies in both, B and C."""
    given = answered_in_full(before=True, now=True)
    gone = "2025-03 placements     ytd          A           SMA          2"
    domain = "2025-03 city        500000      A"
    rows = build(
        "core_month_estimates",
        **{
            **given,
            "core_sample_values": given["core_sample_values"].replace(gone, ""),
            "core_domains": given["core_domains"].replace(domain, ""),
            "core_weights": given["core_weights"].replace("4 4 1", "3 3 1"),
        },
    )
    [city] = [row for row in rows if row["domain_type"] == "city"]
    assert city["value"] == pytest.approx(13)
    assert city["variance"] == 0
