# ruff: noqa: E501 - a row of a table stays on one line
"""mart_industry_monthly: the figures of the city."""


def test_only_the_city(check):
    check(
        "mart_industry_monthly",
        ref_release="""
            release_id
            x
        """,
        core_monthly_figures="""
            period  domain_type domain_code indicator_code indicator_order measure_code value publication_status
            2025-02 area        500101      placements     2               ytd          5     发布
            2025-02 city        500000      placements     2               ytd          9     发布
            2025-02 city        500000      placements     2               month        9     发布
            2025-02 city        500000      revenue_incl   1               ytd          -     层内无样本，不发布
        """,
        expect="""
            release_id period  indicator_code measure_code value publication_status
            x          2025-02 revenue_incl   ytd          -     层内无样本，不发布
            x          2025-02 placements     month        9     发布
            x          2025-02 placements     ytd          9     发布
        """,
    )
