"""core_area_memberships: every agency once in each geography, whatever the register's codes."""

from collections import Counter

GEOGRAPHIES = """
    geography valid_from valid_to
    2020      -          2026-01
    2025      2026-02    -
"""
AREAS = """
    area_code    area_type       valid_to
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
            period  register_period is_year_end
            2025    2025-12         true
            2026-02 2026-02         false
        """,
        core_registered_agencies="""
            period  credit_code district_code township area_code is_living
            2025    F           500112        丙街道   CQ-LJXQ-FUNC true
            2025    J           500105        甲街道   500105 true
            2025    Q           500103        丁街道   CQ-GXQ true
            2025    T           500112        大湾镇   500112 true
            2025    U           500112        -        500112 true
            2025    Y           500103        丁街道   500103 true
            2026-02 F           500157        丙街道   500157 true
            2026-02 Q           500103        丁街道   CQ-GXQ true
            2026-02 T           500109        大湾镇   500109 true
            2026-02 U           500157        -        500157 true
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
            period  register_period is_year_end
            2026-02 2025-12         false
        """,
        core_registered_agencies="""
            period  credit_code district_code township area_code is_living
            2026-02 F           500112        丙街道   CQ-LJXQ-FUNC true
            2026-02 J           500105        甲街道   500105 true
            2026-02 U           500112        -        500112 true
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


def test_agencies_count_once_in_each_geography(build):
    rows = build(
        "core_area_memberships",
        core_frame_sources="""
            period  register_period is_year_end
            2025-12 2025-12         false
        """,
        core_registered_agencies=[
            {
                "period": "2025-12",
                "credit_code": f"{number}",
                "district_code": district,
                "township": township,
                "area_code": area,
                "is_living": True,
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
