"""core_auxiliaries: the last census's own value, and nothing where nobody reported one."""

GIVEN = {
    "core_periods": """
        period
        2024-06
        2025-06
    """,
    "ref_indicators": """
        indicator_code auxiliary_code
        placements     placements
        files          -
    """,
    "core_frame": """
        period  credit_code stratum_code business_line
        2024-06 A           SMA          recruitment
        2025-06 A           SMA          recruitment
        2025-06 B           SMA          -
        2025-06 C           SMA          recruitment
        2025-06 D           -            recruitment
        2025-06 E           SMA          recruitment
    """,
    "core_annual_values": """
        year indicator_code credit_code value value_marker
        2023 placements     A           7     reported
        2023 placements     E           8     reported
        2024 placements     A           10    reported
        2024 placements     B           0     reported
        2024 placements     C           12    mean
        2024 placements     D           13    reported
        2024 files          A           14    reported
        2025 placements     A           99    reported
    """,
}


def test_the_newest_census_of_an_earlier_year_counts(check):
    """C's value was estimated, D is in no stratum, E did not report to the newest census."""
    check(
        "core_auxiliaries",
        **GIVEN,
        expect="""
            period  indicator_code credit_code ratio_group_code auxiliary_value
            2024-06 placements     A           recruitment      7
            2025-06 placements     A           recruitment      10
            2025-06 placements     B           none             0
        """,
    )
