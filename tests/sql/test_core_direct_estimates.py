# ruff: noqa: E501 - a row of a table stays on one line
"""core_direct_estimates: hand-worked expansion totals, domains and variances.

LAR is taken all and answered by all: 100 and 50. SMA has 10 agencies, 4 answered: 1, 2, 3, 6.
City: 150 + 10/4 · 12 = 180. s² of (1, 2, 3, 6) = 14/3, V = 10² · 0.6/4 · 14/3 = 70, 3 degrees.
Domain of 1 and 2: 2.5 · 3 = 7.5, s² of (1, 2, 0, 0) = 2.75/3, V = 15 · 2.75/3 = 13.75.
"""

import pytest

REFERENCE = {
    "ref_settings": """
        lonely_strata
        collapse
    """,
    "ref_indicators": """
        indicator_code is_by_domain estimation_method
        placements     true         expansion
        job_fairs      false        expansion
    """,
    "core_weights": """
        period  indicator_code measure_code stratum_code estimation_stratum_code frame_count respondent_count weight is_estimable
        2025-06 placements     ytd          LAR          LAR                     2           2                1      true
        2025-06 placements     ytd          SMA          SMA                     10          4                2.5    true
        2025-06 placements     ytd          MIC          SMA                     10          4                2.5    true
        2025-06 job_fairs      ytd          LAR          LAR                     2           2                1      true
        2025-06 job_fairs      ytd          SMA          SMA                     10          0                -      false
    """,
    "core_frame": """
        period  credit_code stratum_code
        2025-06 L1          LAR
        2025-06 L2          LAR
        2025-06 S1          SMA
        2025-06 S2          SMA
        2025-06 S3          SMA
        2025-06 S4          MIC
    """,
    "core_institutions": """
        period  domain_type domain_code
        2025-06 city        500000
        2025-06 area        500101
        2025-06 area        500102
        2025-06 area        500103
        2024-12 city        500000
    """,
    "core_domains": """
        period  domain_type domain_code credit_code
        2025-06 city        500000      L1
        2025-06 city        500000      L2
        2025-06 city        500000      S1
        2025-06 city        500000      S2
        2025-06 city        500000      S3
        2025-06 city        500000      S4
        2025-06 area        500101      S1
        2025-06 area        500101      S2
        2025-06 area        500102      L1
        2025-06 area        500102      L2
        2025-06 area        500102      S3
        2025-06 area        500102      S4
    """,
    "core_residuals": """
        period  indicator_code measure_code credit_code estimation_stratum_code estimation_group_code weight value auxiliary_value residual
        2025-06 placements     ytd          L1          LAR                     none                  1      100   0               100
        2025-06 placements     ytd          L2          LAR                     none                  1      50    0               50
        2025-06 placements     ytd          S1          SMA                     none                  2.5    1     0               1
        2025-06 placements     ytd          S2          SMA                     none                  2.5    2     0               2
        2025-06 placements     ytd          S3          SMA                     none                  2.5    3     0               3
        2025-06 placements     ytd          S4          SMA                     none                  2.5    6     0               6
        2025-06 job_fairs      ytd          L1          LAR                     none                  1      5     0               5
        2025-06 job_fairs      ytd          L2          LAR                     none                  1      5     0               5
    """,
}


def test_totals_domains_and_variances(check):
    check(
        "core_direct_estimates",
        **REFERENCE,
        expect="""
            period  domain_type domain_code indicator_code measure_code value variance degrees_of_freedom respondent_count is_estimable
            2025-06 area        500101      placements     ytd          7.5   13.75    3                  2                true
            2025-06 area        500102      placements     ytd          172.5 123.75   3                  4                true
            2025-06 area        500103      placements     ytd          -     -        3                  0                false
            2025-06 city        500000      job_fairs      ytd          10    0        0                  2                false
            2025-06 city        500000      placements     ytd          180   70       3                  6                true
        """,
    )


def test_domains_add_up_to_the_city(build):
    rows = build("core_direct_estimates", **REFERENCE)
    placements = {
        row["domain_code"]: row["value"] for row in rows if row["indicator_code"] == "placements"
    }
    assert placements["500101"] + placements["500102"] == pytest.approx(placements["500000"])


def test_a_domain_without_agencies_in_the_short_stratum_can_be_estimated(build):
    weights = REFERENCE["core_weights"].replace(
        "4                2.5    true", "1                10     false"
    )
    rows = build("core_direct_estimates", **{**REFERENCE, "core_weights": weights})
    estimable = {(row["domain_code"], row["indicator_code"]): row["is_estimable"] for row in rows}
    assert not estimable["500101", "placements"]
    domains = REFERENCE["core_domains"].replace("500102      S3", "500101      S3")
    domains = domains.replace("500102      S4", "500101      S4")
    given = {**REFERENCE, "core_weights": weights, "core_domains": domains}
    rows = build("core_direct_estimates", **given)
    estimable = {(row["domain_code"], row["indicator_code"]): row["is_estimable"] for row in rows}
    assert estimable["500102", "placements"]
    assert not estimable["500000", "placements"]
