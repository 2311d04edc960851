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


def test_the_last_correction_that_fits_stands_and_says_where_it_is_from(check):
    """Value 2 met a correction that did not fit, value 3 none."""
    check(
        "stg_values",
        ref_units=UNITS,
        stg_files="""
            receipt_no folder  is_read
            1          reports true
        """,
        raw_values="""
            receipt_no value_no credit_code indicator_code measure_code number_value unit cell_address
            1          1        A           employers      ytd          17           家次 D9
            1          2        A           employers      month        3            家次 C9
            1          3        B           employers      ytd          4            家次 D9
        """,
        stg_correction_steps="""
            receipt_no value_no step_no correction_no is_applied corrected_value
            1          1        1       1             true       18
            1          1        2       2             true       19
            1          1        3       3             false      19
            1          2        1       4             false      3
        """,
        stg_corrections="""
            receipt_no unit_row correction_no sheet_name cell_address
            7          4        1             更正       H4
            8          4        2             更正       H4
            8          5        3             更正       H5
            8          6        4             更正       H6
        """,
        expect="""
            receipt_no value_no value cell_address correction_receipt_no correction_cell
            1          1        19    D9           8                     更正!H4
            1          2        3     C9           -                     -
            1          3        4     D9           -                     -
        """,
    )
