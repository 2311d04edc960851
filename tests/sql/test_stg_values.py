# ruff: noqa: E501 - a row of a table stays on one line
"""stg_values: figures of flash reports and annual returns in base units."""

UNITS = """
    unit base_unit factor
    元   元        1
    万元 元        10000
    家次 家次      1
"""


def test_values_are_converted_exactly(check):
    check(
        "stg_values",
        ref_units=UNITS,
        stg_files="""
            receipt_no folder  is_read
            1          reports true
            2          reports false
            3          annual  true
            4          register true
        """,
        raw_values="""
            receipt_no value_no credit_code indicator_code  measure_code number_value unit cell_address
            1          1        A           revenue_booked  ytd          1234.56      万元 D5
            1          2        A           revenue_booked  month        -0.00000005  万元 C5
            1          3        A           employers       ytd          17           家次 D9
            1          4        A           employers       month        -            家次 C9
            1          5        A           -               -            5            -    C1
            2          1        B           employers       ytd          17           家次 D9
            3          1        C           revenue_booked  annual       2.5          万元 D9
            4          1        D           employers       annual       17           家次 D9
        """,
        expect="""
            receipt_no value_no credit_code indicator_code  measure_code value      unit cell_address
            1          1        A           revenue_booked  ytd          12345600   元   D5
            1          2        A           revenue_booked  month        -0.0005    元   C5
            1          3        A           employers       ytd          17         家次 D9
            3          1        C           revenue_booked  annual       25000      元   D9
        """,
    )


def test_an_impossible_number_stops_nothing(check):
    check(
        "stg_values",
        ref_units=UNITS,
        stg_files="""
            receipt_no folder  is_read
            1          reports true
        """,
        raw_values="""
            receipt_no value_no indicator_code number_value         unit
            1          1        revenue_booked 99999999999999999999 万元
            1          2        revenue_booked 1000000000000        万元
            1          3        revenue_booked 999999999999         万元
        """,
        expect="""
            receipt_no value_no value
            1          1        -
            1          2        -
            1          3        9999999999990000
        """,
    )
