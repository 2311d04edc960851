# ruff: noqa: E501 - a row of a table stays on one line
"""mart_district_recoded: both geographies side by side, and 同比 within one of them."""

GIVEN = {
    "ref_release": """
        release_id
        x
    """,
    "ref_geographies": """
        geography valid_from valid_to change_note
        2020      -          2026-01  调整。
        2025      2026-02    -        调整。
    """,
    "ref_areas": """
        area_code    area_name area_type       valid_from valid_to redrawn_from group_2020 area_order
        500101       万州区    district        -          -        -            渝东北     3
        500105       江北区    district        -          2026-01  -            中心城区   4
        500109       北碚区    district        -          -        2026-02      中心城区   5
        500157       两江新区  district        2026-02    -        -            中心城区   6
        CQ-GXQ       高新区    functional_area -          -        -            -          7
        UNPLACED     未能承接  unplaced        -          -        -            -          8
    """,
}


def figures(rows: str) -> str:
    return f"""
        period  domain_type domain_code indicator_code indicator_order measure_code value publication_status
        {rows}
    """


def test_what_is_recoded_and_what_breaks(check):
    check(
        "mart_district_recoded",
        **GIVEN,
        core_monthly_figures=figures("""
        2026-01 area        500105      institutions   9               end          3     发布
        2026-01 area_2020   500105      institutions   9               end          3     发布
        2026-01 area_2020   500101      institutions   9               end          2     发布
        2026-01 area_2020   CQ-GXQ      institutions   9               end          1     发布
        2026-01 area_2020   500101      job_fairs      1               ytd          7     发布
        2026-01 area_2025   500157      institutions   9               end          4     发布
        2026-01 area_2025   500109      institutions   9               end          2     发布
        2026-02 area_2020   UNPLACED    institutions   9               end          5     发布
        2026-02 area_2025   500109      institutions   9               end          2     发布
        2026-02 city        500000      institutions   9               end          9     发布
        """),
        expect="""
            geography period  area_code area_type       is_recoded has_series_break value note
            2020      2026-01 500101    district        false      false            2     不含由功能区报送的机构。
            2020      2026-01 500105    district        false      false            3     不含由功能区报送的机构。调整。
            2020      2026-01 CQ-GXQ    functional_area false      false            1     由该功能区报送的机构，不计入所在区县。
            2020      2026-02 UNPLACED  unplaced        true       false            5     街道（镇）没有填写、认不出或分不出归属，不能确定归哪个区县的机构。重新归并的数，不是当期按该区划报送的数。
            2025      2026-01 500109    district        true       true             2     不含由功能区报送的机构。重新归并的数，不是当期按该区划报送的数。调整。
            2025      2026-01 500157    district        true       false            4     不含由功能区报送的机构。重新归并的数，不是当期按该区划报送的数。调整。
            2025      2026-02 500109    district        false      true             2     不含由功能区报送的机构。调整。
        """,
    )


def test_growth_compares_with_the_recoded_year_before(check):
    """两江新区 of 2026-02 against what lies in it of 2025-02; 江北 is no longer compared."""
    check(
        "mart_district_recoded",
        **GIVEN,
        core_monthly_figures=figures("""
        2025-02 area_2020   500101      placements     2               ytd          10    发布
        2025-02 area_2020   500105      placements     2               ytd          40    发布
        2025-02 area_2025   500109      placements     2               ytd          -     样本不足，不发布
        2025-02 area_2025   500157      placements     2               ytd          80    发布
        2025-02 area_2025   CQ-GXQ      placements     2               ytd          0     发布
        2026-02 area_2020   500101      placements     2               ytd          12    发布
        2026-02 area_2020   500105      placements     2               ytd          50    发布
        2026-02 area_2025   500109      placements     2               ytd          20    发布
        2026-02 area_2025   500157      placements     2               ytd          100   发布
        2026-02 area_2025   CQ-GXQ      placements     2               ytd          4     发布
        2026-02 area_2025   UNPLACED    placements     2               ytd          4     发布
        """),
        expect="""
            geography period  area_code value value_last_year growth_pct growth_note
            2020      2025-02 500101    10    -               -          没有上年同期数
            2020      2025-02 500105    40    -               -          没有上年同期数
            2020      2026-02 500101    12    10              20         -
            2020      2026-02 500105    50    40              -          该区划已停用，调整所涉地区不作同比
            2025      2025-02 500109    -     -               -          没有上年同期数
            2025      2025-02 500157    80    -               -          没有上年同期数
            2025      2025-02 CQ-GXQ    0     -               -          没有上年同期数
            2025      2026-02 500109    20    -               -          本期或上年同期的数不发布
            2025      2026-02 500157    100   80              25         -
            2025      2026-02 CQ-GXQ    4     0               -          上年同期为零
            2025      2026-02 UNPLACED  4     -               -          不能确定归哪个区县的机构，不作同比
        """,
    )


def test_no_growth_of_changed_areas_while_agencies_are_unplaced(check):
    check(
        "mart_district_recoded",
        **GIVEN,
        core_institutions="""
            period  domain_type domain_code institution_count
            2025-02 area_2025   UNPLACED    3
            2025-02 area_2020   500105      3
        """,
        core_monthly_figures=figures("""
        2025-02 area_2025   500101      placements     2               ytd          10    发布
        2025-02 area_2025   500157      placements     2               ytd          80    发布
        2026-02 area_2025   500101      placements     2               ytd          12    发布
        2026-02 area_2025   500157      placements     2               ytd          100   发布
        """),
        expect="""
            period  area_code growth_pct growth_note
            2025-02 500101    -          没有上年同期数
            2025-02 500157    -          有机构未能承接（本期3家，上年同期0家），前后不可比
            2026-02 500101    20         -
            2026-02 500157    -          有机构未能承接（本期0家，上年同期3家），前后不可比
        """,
    )
