"""core_published: one figure for each area, year and indicator."""


def test_the_newest_workbook_and_its_first_row_count(check):
    check(
        "core_published",
        stg_published="""
            receipt_no unit_row area_code year indicator_code value unit source
            1          3        500000    2021 institutions   2800  家   旧
            1          4        500000    2020 institutions   2155  家   旧
            2          3        500000    2021 institutions   2846  家   甲
            2          4        500000    2021 institutions   2847  家   乙
            2          5        500000    2021 -              1     -    丙
            2          6        500000    2021 revenue_incl   -     -    丁
        """,
        expect="""
            area_code year indicator_code value source
            500000    2020 institutions   2155  旧
            500000    2021 institutions   2846  甲
        """,
    )
