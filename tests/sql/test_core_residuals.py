# ruff: noqa: E501 - a row of a table stays on one line
"""core_residuals: y − B x, or y itself where there is no auxiliary or no group."""


def test_what_the_auxiliary_leaves(check):
    check(
        "core_residuals",
        core_weights="""
            period  indicator_code measure_code stratum_code estimation_stratum_code weight
            2025-06 placements     ytd          MIC          SMA                     2
        """,
        core_auxiliaries="""
            period  indicator_code credit_code ratio_group_code auxiliary_value
            2025-06 placements     A           big              10
            2025-06 placements     B           zero             7
        """,
        core_ratio_groups="""
            period  indicator_code measure_code ratio_group_code estimation_group_code group_coefficient
            2025-06 placements     ytd          big              rest                  1.5
        """,
        core_sample_values="""
            period  indicator_code measure_code credit_code stratum_code value
            2025-06 placements     ytd          A           MIC          11
            2025-06 placements     ytd          B           MIC          12
            2025-06 placements     ytd          C           MIC          13
            2025-06 placements     ytd          D           LAR          14
        """,
        expect="""
            credit_code estimation_stratum_code estimation_group_code weight value auxiliary_value group_coefficient residual
            A           SMA                     rest                  2      11    10              1.5               -4
            B           SMA                     none                  2      12    0               0                 12
            C           SMA                     none                  2      13    0               0                 13
        """,
    )
