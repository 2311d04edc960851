# ruff: noqa: E501 - a row of a table stays on one line
"""core_domain_auxiliaries: what the frame holds of an auxiliary, and what the sample tells of it."""


def test_frame_and_sample(check):
    check(
        "core_domain_auxiliaries",
        core_auxiliaries="""
            period  indicator_code credit_code ratio_group_code auxiliary_value
            2025-06 placements     A           one              10
            2025-06 placements     B           two              20
            2025-06 placements     C           one              30
            2025-06 placements     D           zero             40
        """,
        core_ratio_groups="""
            period  indicator_code measure_code ratio_group_code estimation_group_code
            2025-06 placements     ytd          one              rest
            2025-06 placements     ytd          two              rest
        """,
        core_residuals="""
            period  indicator_code measure_code credit_code estimation_group_code weight value auxiliary_value
            2025-06 placements     ytd          A           rest                  2      11    10
            2025-06 placements     ytd          B           rest                  3      12    20
            2025-06 placements     ytd          D           none                  2      13    0
        """,
        core_domains="""
            period  domain_type domain_code credit_code
            2025-06 area        500101      A
            2025-06 area        500101      B
            2025-06 area        500102      C
            2025-06 area        500103      D
        """,
        expect="""
            domain_code indicator_code measure_code estimation_group_code frame_total sample_total value_total
            500101      placements     ytd          rest                  30          80           58
            500102      placements     ytd          rest                  30          0            0
        """,
    )
