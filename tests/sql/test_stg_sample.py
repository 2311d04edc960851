"""stg_sample: the agencies of a sample."""


def test_one_row_an_agency(check):
    check(
        "stg_sample",
        stg_files="""
            receipt_no folder period  is_read
            1          sample 2025-01 true
        """,
        raw_values="""
            receipt_no value_no unit_row credit_code field_code  text_value
            1          1        0        -           period      2025-01
            1          2        4        A           agency_name 甲公司
            1          3        4        A           stratum     LAR
            1          4        5        B           stratum     MIC
        """,
        expect="""
            receipt_no unit_row credit_code sample_period agency_name stratum_code
            1          4        A           2025-01       甲公司      LAR
            1          5        B           2025-01       -           MIC
        """,
    )
