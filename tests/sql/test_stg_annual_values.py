"""stg_annual_values: figures of the annual return in base units."""


def test_only_annual_files_are_read(check):
    check(
        "stg_annual_values",
        ref_units="""
            unit base_unit factor
            万元 元        10000
        """,
        stg_files="""
            receipt_no folder  is_read
            1          reports true
            2          annual  true
        """,
        raw_values="""
            receipt_no value_no credit_code indicator_code measure_code number_value unit
            1          1        A           revenue_booked ytd          1            万元
            2          1        B           revenue_booked annual       2.5          万元
        """,
        expect="""
            receipt_no value_no credit_code indicator_code measure_code value unit
            2          1        B           revenue_booked annual       25000 元
        """,
    )
