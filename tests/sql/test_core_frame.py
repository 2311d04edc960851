# ruff: noqa: E501 - a row of a table stays on one line
"""core_frame: agencies in scope at the end of a period."""


def test_scope_areas_strata_and_sample(check):
    check(
        "core_frame",
        core_frame_sources="""
            period  end_date   register_receipt_no sample_receipt_no design_receipt_no
            2025-06 2025-06-30 2                   3                 1
            2021    2021-12-31 1                   -                 -
        """,
        stg_register="""
            receipt_no unit_row credit_code district_code reporting_unit_code stratum_code first_registered_date exit_date
            1          4        A           500101        500101              LAR          2019-01-01            -
            1          5        E           500101        500101              MIC          2020-01-01            2022-01-01
            2          4        A           500101        500101              MED          2019-01-01            -
            2          5        B           500112        CQ-LJXQ-FUNC        SMA          2025-06-30            -
            2          6        C           500103        500000              MIC          2025-07-01            -
            2          7        D           500103        500000              MIC          2019-01-01            2025-06-30
            2          8        E           500103        500103              MIC          2019-01-01            2025-07-01
            2          9        F           500103        500103              MIC          -                     -
            2          10       G           500103        500000              MIC          2019-01-01            -
            2          11       H           500103        500103              MIC          2019-01-01            -
        """,
        stg_sample="""
            receipt_no unit_row credit_code
            3          4        A
            3          5        C
            3          6        E
        """,
        core_problems="""
            finding_no receipt_no credit_code scope  severity  rule_code
            1          2          H           agency mandatory missing_value
            2          2          G           agency review    not_a_date
            3          3          E           agency mandatory missing_value
            4          2          A           agency mandatory duplicate_agency
        """,
        ref_reporting_units="""
            reporting_unit_code is_functional_area
            500101              false
            500000              false
            CQ-LJXQ-FUNC        true
        """,
        expect="""
            period  credit_code area_code    stratum_code is_sampled
            2021    A           500101       LAR          false
            2021    E           500101       MIC          false
            2025-06 A           500101       LAR          true
            2025-06 B           CQ-LJXQ-FUNC SMA          false
            2025-06 E           500103       MIC          false
            2025-06 G           500103       MIC          false
        """,
    )
