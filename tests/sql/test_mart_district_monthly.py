# ruff: noqa: E501 - a row of a table stays on one line
"""mart_district_monthly: areas in the order of their codes."""


def test_five_indicators_of_every_area(check):
    check(
        "mart_district_monthly",
        ref_release="""
            release_id
            x
        """,
        ref_areas="""
            area_code area_name area_type       group_2020 area_order
            500000    重庆市    city            -          2
            500101    万州区    district        渝东北     3
            CQ-GXQ    高新区    functional_area -          43
        """,
        core_monthly_figures="""
            period  domain_type domain_code indicator_code indicator_order measure_code value frame_count publication_status
            2025-02 area        CQ-GXQ      institutions   9               end          0     0           发布
            2025-02 area        500101      institutions   9               end          3     3           发布
            2025-02 area        500101      placements     2               ytd          -     3           样本不足，不发布
            2025-02 area        500101      job_fairs      1               ytd          7     3           发布
            2025-02 city        500000      placements     2               ytd          9     30          发布
        """,
        expect="""
            area_code area_type       area_group indicator_code measure_code value frame_count publication_status
            500101    district        渝东北     placements     ytd          -     3           样本不足，不发布
            500101    district        渝东北     institutions   end          3     3           发布
            CQ-GXQ    functional_area -          institutions   end          0     0           发布
        """,
    )


def test_what_a_row_holds_and_where_its_series_breaks(check):
    check(
        "mart_district_monthly",
        ref_release="""
            release_id
            x
        """,
        ref_areas="""
            area_code area_type       redrawn_from area_order
            500101    district        -            3
            500109    district        2026-02      4
            CQ-GXQ    functional_area -            43
            UNPLACED  unplaced        -            45
        """,
        core_monthly_figures="""
            period  domain_type domain_code indicator_code measure_code value
            2026-01 area        500109      institutions   end          3
            2026-02 area        500101      institutions   end          3
            2026-02 area        500109      institutions   end          3
            2026-02 area        CQ-GXQ      institutions   end          3
            2026-02 area        UNPLACED    institutions   end          3
        """,
        expect="""
            period  area_code has_series_break note
            2026-01 500109    false            不含由功能区报送的机构。
            2026-02 500101    false            不含由功能区报送的机构。
            2026-02 500109    true             不含由功能区报送的机构。地域自2026-02起有变，与此前的数不可比，可比的数见按新地域重新归并的数据。
            2026-02 CQ-GXQ    false            由该功能区报送的机构，不计入所在区县。
            2026-02 UNPLACED  false            街道（镇）没有填写或认不出，不能确定由哪个区县承接的机构。
        """,
    )
