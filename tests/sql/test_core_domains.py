"""core_domains: each agency in each grouping."""


def test_the_area_in_force_and_both_geographies(check):
    check(
        "core_domains",
        ref_areas="""
            area_code area_type
            100000    country
            500000    city
            500101    district
        """,
        core_frame="""
            period  credit_code institution_type business_line
            2025-06 A           market_private   dispatch
        """,
        core_area_memberships="""
            period  geography credit_code area_code is_in_force
            2025-06 2020      A           500105    true
            2025-06 2025      A           500157    false
        """,
        expect="""
            period  domain_type      domain_code    credit_code
            2025-06 area             500105         A
            2025-06 area_2020        500105         A
            2025-06 area_2025        500157         A
            2025-06 business_line    dispatch       A
            2025-06 city             500000         A
            2025-06 institution_type market_private A
        """,
    )
