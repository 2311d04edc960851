"""core_institutions: counts, with zeros for groups without agencies."""


def test_every_group_of_the_month_has_a_row(check):
    check(
        "core_institutions",
        core_frame_sources="""
            period  register_period is_year_end
            2026-01 2026-01         false
            2026-02 2026-01         false
        """,
        ref_areas="""
            area_code area_type       valid_from valid_to
            100000    country         -          -
            500000    city            -          -
            500105    district        -          2026-01
            500157    district        2026-02    -
            CQ-GXQ    functional_area -          -
        """,
        ref_classifications="""
            classification_code item_code
            business_lines      dispatch
            institution_types   market_private
            size_classes        large
        """,
        core_frame="""
            period  credit_code is_sampled
            2026-01 A           true
            2026-01 B           false
            2026-02 A           true
        """,
        core_domains="""
            period  domain_type domain_code credit_code
            2026-01 city        500000      A
            2026-01 city        500000      B
            2026-01 area        500105      A
            2026-01 area        500105      B
            2026-02 city        500000      A
            2026-02 area        500105      A
        """,
        expect="""
            period  domain_type      domain_code    institution_count sampled_count register_period
            2026-01 area             500105         2                 1             2026-01
            2026-01 area             CQ-GXQ         0                 0             2026-01
            2026-01 business_line    dispatch       0                 0             2026-01
            2026-01 city             500000         2                 1             2026-01
            2026-01 institution_type market_private 0                 0             2026-01
            2026-02 area             500105         1                 1             2026-01
            2026-02 area             500157         0                 0             2026-01
            2026-02 area             CQ-GXQ         0                 0             2026-01
            2026-02 business_line    dispatch       0                 0             2026-01
            2026-02 city             500000         1                 1             2026-01
            2026-02 institution_type market_private 0                 0             2026-01
        """,
    )


def test_a_year_end_has_the_areas_of_its_december(check):
    check(
        "core_institutions",
        core_frame_sources="""
            period  register_period is_year_end
            2025    2026-02         true
            2026    2026-02         true
        """,
        ref_areas="""
            area_code area_type valid_from valid_to
            500105    district  -          2026-01
            500110    district  2025-12    2025-12
            500157    district  2026-02    -
        """,
        expect="""
            period domain_type domain_code institution_count register_period is_year_end
            2025   area        500105      0                 2026-02         true
            2025   area        500110      0                 2026-02         true
            2026   area        500157      0                 2026-02         true
        """,
    )


def test_areas_of_each_geography_stand_beside_those_of_the_month(check):
    """What could not be placed has a row where there is any."""
    check(
        "core_institutions",
        core_frame_sources="""
            period  register_period is_year_end
            2025-12 2025-12         false
            2026-02 2026-02         false
        """,
        ref_areas="""
            area_code    area_type       valid_from valid_to
            500000       city            -          -
            500105       district        -          2026-01
            500109       district        -          -
            500157       district        2026-02    -
            CQ-LJXQ-FUNC functional_area -          2026-01
            UNPLACED     unplaced        -          -
        """,
        ref_geographies="""
            geography valid_from valid_to
            2020      -          2026-01
            2025      2026-02    -
        """,
        core_frame="""
            period  credit_code is_sampled
            2025-12 A           true
            2025-12 B           false
        """,
        core_domains="""
            period  domain_type domain_code  credit_code
            2025-12 area        500105       A
            2025-12 area_2020   500105       A
            2025-12 area_2025   500157       A
            2025-12 area        500109       B
            2025-12 area_2020   500109       B
            2025-12 area_2025   UNPLACED     B
        """,
        expect="""
            period  domain_type domain_code  institution_count sampled_count
            2025-12 area        500105       1                 1
            2025-12 area        500109       1                 0
            2025-12 area        CQ-LJXQ-FUNC 0                 0
            2025-12 area_2020   500105       1                 1
            2025-12 area_2020   500109       1                 0
            2025-12 area_2020   CQ-LJXQ-FUNC 0                 0
            2025-12 area_2025   500109       0                 0
            2025-12 area_2025   500157       1                 1
            2025-12 area_2025   UNPLACED     1                 0
            2025-12 city        500000       0                 0
            2026-02 area        500109       0                 0
            2026-02 area        500157       0                 0
            2026-02 area_2020   500105       0                 0
            2026-02 area_2020   500109       0                 0
            2026-02 area_2020   CQ-LJXQ-FUNC 0                 0
            2026-02 area_2025   500109       0                 0
            2026-02 area_2025   500157       0                 0
            2026-02 city        500000       0                 0
        """,
    )
