"""core_domains: each agency in each grouping."""


def test_four_rows_an_agency(check):
    check(
        "core_domains",
        ref_areas="""
            area_code area_type
            100000    country
            500000    city
            500101    district
        """,
        core_frame="""
            period  credit_code area_code institution_type business_line
            2025-06 A           500101    market_private   dispatch
        """,
        expect="""
            period  domain_type      domain_code    credit_code
            2025-06 area             500101         A
            2025-06 business_line    dispatch       A
            2025-06 city             500000         A
            2025-06 institution_type market_private A
        """,
    )
