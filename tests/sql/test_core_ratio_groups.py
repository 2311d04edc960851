# ruff: noqa: E501 - a row of a table stays on one line
"""core_ratio_groups: B = Σ w y / Σ w x of each group, small groups together, none by zero."""

import pytest

GIVEN = {
    "ref_settings": """
        ratio_group_minimum
        2
    """,
    "core_weights": """
        period  indicator_code measure_code stratum_code weight
        2025-06 placements     ytd          SMA          2
        2025-06 placements     ytd          LAR          1
    """,
    "core_auxiliaries": """
        period  indicator_code credit_code ratio_group_code auxiliary_value
        2025-06 placements     A           big              10
        2025-06 placements     B           big              20
        2025-06 placements     C           big              30
        2025-06 placements     D           one              5
        2025-06 placements     E           two              5
        2025-06 placements     F           zero             0
        2025-06 placements     G           zero             0
    """,
    "core_sample_values": """
        period  indicator_code measure_code credit_code stratum_code value
        2025-06 placements     ytd          A           SMA          11
        2025-06 placements     ytd          B           LAR          18
        2025-06 placements     ytd          D           LAR          6
        2025-06 placements     ytd          E           SMA          7
        2025-06 placements     ytd          F           SMA          1
        2025-06 placements     ytd          G           SMA          1
        2025-06 placements     ytd          H           SMA          50
    """,
}


def indicators(method: str) -> str:
    return f"""
        indicator_code estimation_method
        placements     {method}
    """


@pytest.mark.parametrize("method", ["greg", "separate-ratio"])
def test_groups(check, method):
    """big: (2 · 11 + 18)/(2 · 10 + 20); one and two: (6 + 2 · 7)/(5 + 2 · 5); zero has none."""
    check(
        "core_ratio_groups",
        **GIVEN,
        ref_indicators=indicators(method),
        expect="""
            ratio_group_code estimation_group_code respondent_count frame_total sample_total group_coefficient
            big              big                   2                60          40           1
            one              rest                  2                10          15           1.3333333
            two              rest                  2                10          15           1.3333333
        """,
    )


def test_all_are_one_group_of_a_combined_ratio(check):
    """(40 + 20 + 2 · 2)/(40 + 15): those whose auxiliary is zero belong to it."""
    check(
        "core_ratio_groups",
        **GIVEN,
        ref_indicators=indicators("combined-ratio"),
        expect="""
            ratio_group_code estimation_group_code respondent_count frame_total sample_total group_coefficient
            big              all                   6                70          55           1.1636364
            one              all                   6                70          55           1.1636364
            two              all                   6                70          55           1.1636364
            zero             all                   6                70          55           1.1636364
        """,
    )


def test_nothing_is_compared_where_all_is_expanded(build):
    assert build("core_ratio_groups", **GIVEN, ref_indicators=indicators("expansion")) == []
