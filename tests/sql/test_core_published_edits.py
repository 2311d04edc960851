"""core_published_edits: published figures that are not known, or given twice."""


def test_a_figure_is_the_same_when_area_year_and_indicator_are(check):
    """Whatever its value and unit are; another file may give it again."""
    check(
        "core_published_edits",
        stg_published="""
            receipt_no unit_row area_code year indicator_code value unit
            1          3        500000    2021 institutions   2846  家
            1          4        500000    2022 institutions   2846  家
            1          5        500103    2021 institutions   2846  家
            1          6        500000    2021 placements     2846  人次
            1          8        500000    2021 institutions   2847  家
            1          7        500000    2021 institutions   2846  家
            2          3        500000    2021 institutions   2846  家
        """,
        expect="""
            receipt_no unit_row indicator_code value unit edit_duplicate
            1          3        institutions   2846  家   0
            1          4        institutions   2846  家   0
            1          5        institutions   2846  家   0
            1          6        placements     2846  人次 0
            1          7        institutions   2846  家   1
            1          8        institutions   2847  家   2
            2          3        institutions   2846  家   0
        """,
    )


def test_a_row_that_cannot_be_used_is_there_with_what_is_known(check):
    check(
        "core_published_edits",
        stg_published="""
            receipt_no unit_row area_code year indicator_code value unit
            1          3        500000    2021 -              -     -
            1          4        500000    2021 revenue_incl   -     -
            1          5        500000    2022 revenue_incl   -     元
        """,
        expect="""
            unit_row indicator_code value unit edit_duplicate
            3        -              -     -    -
            4        revenue_incl   -     -    -
            5        revenue_incl   -     元   -
        """,
    )
