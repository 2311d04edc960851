# ruff: noqa: E501 - a row of a table stays on one line
"""mart_annual_response: frame = reported + missing + out of scope, stratum by stratum."""


def test_strata_of_a_year_in_their_order(check):
    check(
        "mart_annual_response",
        ref_release="""
            release_id
            x
        """,
        ref_strata="""
            stratum_code stratum_name stratum_order
            PUB          公共         1
            SMA          小型         2
        """,
        stg_locks="""
            period
            2024
        """,
        core_annual_states="""
            year credit_code stratum_code annual_state
            2024 A           SMA          reported
            2025 A           SMA          reported
            2025 B           SMA          reported
            2025 C           SMA          reported
            2025 D           SMA          missing
            2025 E           SMA          out_of_scope
            2025 F           PUB          out_of_scope
            2025 G           UNKNOWN      missing
        """,
        core_annual_estimates="""
            year indicator_code stratum_code reported_value estimated_value variance
            2025 revenue_incl   SMA          30             10              16
            2025 staff          SMA          1              1               1
        """,
        expect="""
            year stratum_code stratum_name frame_count reported_count missing_count out_of_scope_count response_rate_pct reported_value estimated_value standard_error data_status
            2024 SMA          小型         1           1              0             0                  100               -              -               -              最终核实数
            2025 PUB          公共         1           0              0             1                  -                 -              -               -              年报数
            2025 SMA          小型         5           3              1             1                  75                30             10              4              年报数
            2025 UNKNOWN      未定层       1           0              1             0                  0                 -              -               -              年报数
        """,
    )
