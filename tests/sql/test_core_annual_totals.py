# ruff: noqa: E501 - a row of a table stays on one line
"""core_annual_totals: reported and estimated of all strata, and who they come from."""

STATES = """
    year credit_code annual_state
    2025 A           reported
    2025 B           reported
    2025 C           missing
    2025 D           out_of_scope
    2024 A           reported
"""
QUANTILES = """
    degrees_of_freedom t_quantile
    1                  12.7
    9                  2.3
    20                 2.1
"""
ESTIMATES = """
    year indicator_code stratum_code unit reported_value estimated_value variance respondent_count ratio_count mean_count unestimated_count
    2025 placements     SMA          人次 150.25         49.75           16       10               1           0          0
    2025 placements     LAR          人次 800            0               0        50               0           0          0
    2025 staff          SMA          人   10             0               0        5                0           0          1
    2025 job_fairs      SMA          场   0              0               0        5                0           0          0
    2024 placements     SMA          人次 7              3               9        40               0           2          0
"""


def test_totals_are_what_was_reported_and_what_is_estimated(check):
    """Degrees of freedom: those of the strata in which something is estimated, at most 20 here."""
    check(
        "core_annual_totals",
        core_annual_states=STATES,
        core_annual_estimates=ESTIMATES,
        ref_t_quantiles=QUANTILES,
        expect="""
            year indicator_code value reported_value estimated_value estimated_pct standard_error ci_low ci_high unit reported_count missing_count out_of_scope_count frame_count
            2024 placements     10    7              3               30            3              3.7    16.3    人次 1              0             0                  1
            2025 job_fairs      0     0              0               -             0              0      0       场   2              1             1                  4
            2025 placements     1000  950.25         49.75           4.975         4              990.8  1009.2  人次 2              1             1                  4
            2025 staff          -     10             0               0             0              10     10      人   2              1             1                  4
        """,
    )
