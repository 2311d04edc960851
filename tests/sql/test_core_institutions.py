# ruff: noqa: E501 - a row of a table stays on one line
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
        core_registered_agencies="""
            period  credit_code area_code is_living is_counted
            2026-01 A           500105    true      true
            2026-01 B           500105    true      true
            2026-02 A           500105    true      true
        """,
        core_area_memberships="""
            period  geography credit_code area_code is_in_force
            2026-01 2020      A           500105    true
            2026-01 2020      B           500105    true
            2026-02 2020      A           500105    true
        """,
        core_frame="""
            period  credit_code is_sampled
            2026-01 A           true
            2026-01 B           false
            2026-02 A           true
        """,
        expect="""
            period  domain_type      domain_code    institution_count sampled_count register_period
            2026-01 area             500105         2                 1             2026-01
            2026-01 area             CQ-GXQ         0                 0             2026-01
            2026-01 area_2020        500105         2                 1             2026-01
            2026-01 business_line    dispatch       0                 0             2026-01
            2026-01 city             500000         2                 1             2026-01
            2026-01 institution_type market_private 0                 0             2026-01
            2026-02 area             500105         1                 1             2026-01
            2026-02 area             500157         0                 0             2026-01
            2026-02 area             CQ-GXQ         0                 0             2026-01
            2026-02 area_2020        500105         1                 1             2026-01
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
        core_registered_agencies="""
            period  credit_code is_living is_counted
            2025-12 A           true      true
            2025-12 B           true      true
        """,
        core_frame="""
            period  credit_code is_sampled
            2025-12 A           true
            2025-12 B           false
        """,
        core_area_memberships="""
            period  geography credit_code area_code is_in_force
            2025-12 2020      A           500105    true
            2025-12 2025      A           500157    false
            2025-12 2020      B           500109    true
            2025-12 2025      B           UNPLACED  false
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
            2025-12 city        500000       2                 1
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


def test_who_counts_who_is_framed_and_who_is_shown(check):
    """B's licence has expired: asked, not counted. C is its parent's; F has left."""
    check(
        "core_institutions",
        core_frame_sources="""
            period  register_period is_year_end
            2026-01 2026-01         false
        """,
        ref_areas="""
            area_code area_type
            500000    city
            500105    district
        """,
        core_registered_agencies="""
            period  credit_code area_code register_status is_living is_counted
            2026-01 A           500105    active          true      true
            2026-01 B           500105    active          true      false
            2026-01 C           500105    active          true      false
            2026-01 D           500105    suspended       true      true
            2026-01 E           500105    lost_contact    true      true
            2026-01 F           500105    revoked         false     false
        """,
        core_area_memberships="""
            period  geography credit_code area_code is_in_force
            2026-01 2020      A           500105    true
            2026-01 2020      B           500105    true
            2026-01 2020      C           500105    true
            2026-01 2020      D           500105    true
            2026-01 2020      E           500105    true
        """,
        core_frame="""
            period  credit_code is_sampled
            2026-01 A           true
            2026-01 B           true
            2026-01 D           false
            2026-01 E           false
        """,
        expect="""
            domain_type institution_count suspended_count lost_contact_count frame_count sampled_count
            area        3                 1               1                  4           2
            area_2020   3                 1               1                  4           2
            city        3                 1               1                  4           2
        """,
    )
