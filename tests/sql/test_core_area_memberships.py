"""core_area_memberships: every agency once in each geography, whatever the register's codes."""

from collections import Counter

GEOGRAPHIES = """
    geography valid_from valid_to
    2020      -          2026-01
    2025      2026-02    -
"""
AREAS = """
    area_code    area_type       valid_to
    500000       city            -
    500105       district        2026-01
    CQ-LJXQ-FUNC functional_area 2026-01
    CQ-GXQ       functional_area -
"""
SUCCESSIONS = """
    coded_geography district_code geography area_code
    2020            500105        2025      500157
    2020            500112        2025      500157
    2020            500112        2025      500109
    2025            500157        2020      UNPLACED
    2025            500109        2020      500109
"""
RECODED = """
    coded_geography district_code township geography area_code is_township_known
    2020            500105        甲街道   2025      500157    true
    2020            500112        大湾镇   2025      500109    true
    2020            500112        丙街道   2025      500157    true
    2025            500157        丙街道   2020      UNPLACED  true
    2025            500109        大湾镇   2020      500112    true
"""


def test_both_geographies_before_and_after(check):
    """F has the functional area's own report, Q that of 高新区; U has no 街镇."""
    check(
        "core_area_memberships",
        core_frame_sources="""
            period  is_year_end
            2025    true
            2026-02 false
        """,
        core_registered_agencies="""
            period  credit_code district_code township area_code    coded_month
            2025    F           500112        丙街道   CQ-LJXQ-FUNC 2025-12
            2025    J           500105        甲街道   500105       2025-12
            2025    Q           500103        丁街道   CQ-GXQ       2025-12
            2025    T           500112        大湾镇   500112       2025-12
            2025    U           500112        -        500112       2025-12
            2025    Y           500103        丁街道   500103       2025-12
            2026-02 F           500157        丙街道   500157       2026-02
            2026-02 Q           500103        丁街道   CQ-GXQ       2026-02
            2026-02 T           500109        大湾镇   500109       2026-02
            2026-02 U           500157        -        500157       2026-02
        """,
        ref_geographies=GEOGRAPHIES,
        ref_areas=AREAS,
        ref_area_successions=SUCCESSIONS,
        core_recoded_areas=RECODED,
        expect="""
            period  geography credit_code area_code    is_in_force
            2025    2020      F           CQ-LJXQ-FUNC true
            2025    2020      J           500105       true
            2025    2020      Q           CQ-GXQ       true
            2025    2020      T           500112       true
            2025    2020      U           500112       true
            2025    2020      Y           500103       true
            2025    2025      F           500157       false
            2025    2025      J           500157       false
            2025    2025      Q           CQ-GXQ       false
            2025    2025      T           500109       false
            2025    2025      U           UNPLACED     false
            2025    2025      Y           500103       false
            2026-02 2020      F           UNPLACED     false
            2026-02 2020      Q           CQ-GXQ       false
            2026-02 2020      T           500112       false
            2026-02 2020      U           UNPLACED     false
            2026-02 2025      F           500157       true
            2026-02 2025      Q           CQ-GXQ       true
            2026-02 2025      T           500109       true
            2026-02 2025      U           500157       true
        """,
    )


def test_an_old_register_in_a_new_month_is_carried_over(check):
    """No register has come since: 2026-02 counts the agencies of 2025-12 where they are now."""
    check(
        "core_area_memberships",
        core_frame_sources="""
            period  is_year_end
            2026-02 false
        """,
        core_registered_agencies="""
            period  credit_code district_code township area_code    coded_month
            2026-02 F           500112        丙街道   CQ-LJXQ-FUNC 2025-12
            2026-02 J           500105        甲街道   500105       2025-12
            2026-02 U           500112        -        500112       2025-12
        """,
        ref_geographies=GEOGRAPHIES,
        ref_areas=AREAS,
        ref_area_successions=SUCCESSIONS,
        core_recoded_areas=RECODED,
        expect="""
            period  geography credit_code area_code    is_in_force
            2026-02 2020      F           CQ-LJXQ-FUNC false
            2026-02 2020      J           500105       false
            2026-02 2020      U           500112       false
            2026-02 2025      F           500157       true
            2026-02 2025      J           500157       true
            2026-02 2025      U           UNPLACED     true
        """,
    )


def test_events_are_of_the_divisions_of_their_own_month(check):
    """Since the register of 2025-12, E came to and M moved within what had become 两江新区."""
    check(
        "core_area_memberships",
        core_frame_sources="""
            period  is_year_end
            2026-02 false
        """,
        core_registered_agencies="""
            period  credit_code district_code township area_code coded_month
            2026-02 E           500157        丙街道   500157    2026-02
            2026-02 M           500112        大湾镇   500112    2025-12
        """,
        ref_geographies=GEOGRAPHIES,
        ref_areas=AREAS,
        ref_area_successions=SUCCESSIONS,
        core_recoded_areas=RECODED,
        expect="""
            period  geography credit_code area_code
            2026-02 2020      E           UNPLACED
            2026-02 2020      M           500112
            2026-02 2025      E           500157
            2026-02 2025      M           500109
        """,
    )


def test_reporting_units_are_those_of_each_geography(check):
    """F and J go with what they belonged to, T to 北碚; who has U, with no 街镇, is not known.

    B reports through 北碚, which goes on; D through 江北, which does not, from another district.
    """
    check(
        "core_area_memberships",
        core_frame_sources="""
            period  is_year_end
            2026-02 false
        """,
        core_registered_agencies="""
            period  credit_code district_code township area_code    reporting_unit_code coded_month
            2026-02 B           500112        -        500112       500109              2025-12
            2026-02 D           500103        丁街道   500103       500105              2025-12
            2026-02 F           500112        丙街道   CQ-LJXQ-FUNC CQ-LJXQ-FUNC        2025-12
            2026-02 J           500105        甲街道   500105       500105              2025-12
            2026-02 Q           500103        丁街道   CQ-GXQ       CQ-GXQ              2025-12
            2026-02 S           500112        丙街道   500112       500000              2025-12
            2026-02 T           500112        大湾镇   500112       500112              2025-12
            2026-02 U           500112        -        500112       500112              2025-12
        """,
        ref_reporting_units="""
            reporting_unit_code valid_from valid_to
            500000              -          -
            500103              -          -
            500105              -          2026-01
            500109              -          -
            500112              -          2026-01
            500157              2026-02    -
            CQ-GXQ              -          -
            CQ-LJXQ-FUNC        -          2026-01
        """,
        ref_geographies=GEOGRAPHIES,
        ref_areas=AREAS,
        ref_area_successions=SUCCESSIONS,
        core_recoded_areas=RECODED,
        expect="""
            period  geography credit_code area_code    district_code reporting_unit_code
            2026-02 2020      B           500112       500112        500109
            2026-02 2020      D           500103       500103        500105
            2026-02 2020      F           CQ-LJXQ-FUNC 500112        CQ-LJXQ-FUNC
            2026-02 2020      J           500105       500105        500105
            2026-02 2020      Q           CQ-GXQ       500103        CQ-GXQ
            2026-02 2020      S           500112       500112        500000
            2026-02 2020      T           500112       500112        500112
            2026-02 2020      U           500112       500112        500112
            2026-02 2025      B           UNPLACED     -             500109
            2026-02 2025      D           500103       500103        500103
            2026-02 2025      F           500157       500157        500157
            2026-02 2025      J           500157       500157        500157
            2026-02 2025      Q           CQ-GXQ       500103        CQ-GXQ
            2026-02 2025      S           500157       500157        500000
            2026-02 2025      T           500109       500109        500109
            2026-02 2025      U           UNPLACED     -             500000
        """,
    )


def test_agencies_count_once_in_each_geography(build):
    rows = build(
        "core_area_memberships",
        core_frame_sources="""
            period  is_year_end
            2025-12 false
        """,
        core_registered_agencies=[
            {
                "period": "2025-12",
                "credit_code": f"{number}",
                "district_code": district,
                "township": township,
                "area_code": area,
                "coded_month": "2025-12",
            }
            for number, (district, township, area) in enumerate(
                [
                    ("500112", "大湾镇", "500112"),
                    ("500112", "大湾镇", "CQ-LJXQ-FUNC"),
                    ("500105", None, "CQ-LJXQ-FUNC"),
                    ("500112", "丙街道", "CQ-GXQ"),
                ]
            )
        ],
        ref_geographies=GEOGRAPHIES,
        ref_areas=AREAS,
        ref_area_successions=SUCCESSIONS,
        core_recoded_areas=RECODED,
    )
    counts = Counter((row["geography"], row["credit_code"]) for row in rows)
    assert set(counts.values()) == {1}
    assert len(counts) == 8
