"""core_sample_edits: sampled agencies that no register knows, strata outside the design."""

STRATA = """
    stratum_code stratum_name
    LAR          经营性机构·大型
    MIC          经营性机构·微型
"""


def test_sampled_agencies_are_looked_up_in_every_register(check):
    """A stands in two registers, B only in the older one and under another stratum."""
    check(
        "core_sample_edits",
        ref_strata=STRATA,
        stg_register="""
            receipt_no unit_row credit_code stratum_code
            1          4        A           LAR
            1          5        B           LAR
            2          4        A           LAR
        """,
        stg_sample="""
            receipt_no unit_row credit_code agency_name stratum_code
            3          4        A           甲公司      LAR
            3          5        B           乙公司      MIC
            3          6        C           丙公司      BIG
            4          4        C           丙公司      -
        """,
        expect="""
            receipt_no unit_row credit_code agency_name stratum_code stratum_name    edit_a01
            3          4        A           甲公司      LAR          经营性机构·大型 0
            3          5        B           乙公司      MIC          经营性机构·微型 0
            3          6        C           丙公司      BIG          -               1
            4          4        C           丙公司      -            -               1
        """,
    )


def test_without_any_register_nobody_stands_outside_it(check):
    check(
        "core_sample_edits",
        ref_strata=STRATA,
        stg_sample="""
            receipt_no unit_row credit_code stratum_code
            3          4        A           LAR
        """,
        expect="""
            credit_code stratum_name    edit_a01
            A           经营性机构·大型 -
        """,
    )
