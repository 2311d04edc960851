# ruff: noqa: E501 - a row of a table stays on one line
"""core_frame: agencies in scope at the end of a period."""


def test_scope_strata_and_sample(check):
    """D has left, F's parent reports for it; what is refused of the sample is no sample."""
    check(
        "core_frame",
        core_frame_sources="""
            period  end_date   sample_receipt_no design_receipt_no
            2025-06 2025-06-30 3                 1
            2021    2021-12-31 -                 -
        """,
        core_registered_agencies="""
            period  credit_code area_code    stratum_code is_living is_within_parent is_counted
            2025-06 A           500101       MED          true      false            true
            2025-06 B           CQ-LJXQ-FUNC SMA          true      false            true
            2025-06 D           500103       MIC          false     false            false
            2025-06 E           500103       MIC          true      false            false
            2025-06 F           500103       MIC          true      true             false
            2021    A           500101       LAR          true      false            true
        """,
        core_area_memberships="""
            period  credit_code geography area_code    district_code reporting_unit_code is_in_force
            2025-06 A           2020      500101       500101        500101              true
            2025-06 B           2020      CQ-LJXQ-FUNC 500112        CQ-LJXQ-FUNC        true
            2025-06 B           2025      500157       500157        500157              false
            2025-06 E           2020      500103       500103        500000              true
            2021    A           2020      500101       500101        500101              true
        """,
        stg_register="""
            receipt_no unit_row credit_code stratum_code
            1          4        A           LAR
            2          4        A           MED
        """,
        stg_sample="""
            receipt_no unit_row credit_code
            3          4        A
            3          5        D
            3          6        E
        """,
        core_problems="""
            finding_no receipt_no credit_code scope  severity  rule_code
            3          3          E           agency mandatory missing_value
            4          3          A           agency mandatory duplicate_agency
        """,
        expect="""
            period  credit_code area_code    district_code reporting_unit_code stratum_code is_sampled
            2021    A           500101       500101        500101              LAR          false
            2025-06 A           500101       500101        500101              LAR          true
            2025-06 B           CQ-LJXQ-FUNC 500112        CQ-LJXQ-FUNC        SMA          false
            2025-06 E           500103       500103        500000              MIC          false
        """,
    )


def test_under_a_new_code_an_agency_stays_in_the_sample_and_its_stratum(check):
    """B goes on as A, C as D: only A was drawn. The design's register has no E yet."""
    check(
        "core_frame",
        core_frame_sources="""
            period  end_date   sample_receipt_no design_receipt_no
            2025-06 2025-06-30 3                 1
        """,
        core_registered_agencies="""
            period  credit_code predecessor_code stratum_code is_living is_within_parent
            2025-06 A           -                MED          false     false
            2025-06 B           A                MED          true      false
            2025-06 C           -                MIC          false     false
            2025-06 D           C                MIC          true      false
            2025-06 E           -                SMA          true      false
        """,
        stg_register="""
            receipt_no unit_row credit_code stratum_code
            1          4        A           LAR
            1          5        C           SMA
        """,
        stg_sample="""
            receipt_no unit_row credit_code
            3          4        A
        """,
        expect="""
            period  credit_code stratum_code is_sampled
            2025-06 B           LAR          true
            2025-06 D           SMA          false
            2025-06 E           SMA          false
        """,
    )
