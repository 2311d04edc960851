"""stg_published: published figures, matched to the catalog by the indicator's name."""

REFERENCE = {
    "ref_units": """
        unit   base_unit factor
        家     家        1
        万家   家        10000
        亿元   元        100000000
    """,
    "ref_indicators": """
        indicator_code         indicator_name             unit revenue_basis
        institutions           人力资源服务机构总数       家   -
        revenue_incl           行业营业收入（含代收代付） 元   incl_pass_through
        placements_graduates   其中：高校毕业生           人次 -
        job_fairs_graduates    其中：高校毕业生           场   -
    """,
    "stg_files": """
        receipt_no folder    is_read
        1          published true
    """,
}


def cells(*rows: tuple[int, str, str, str]) -> list[dict[str, object]]:
    """Return the cells of (row, indicator, value, unit)."""
    return [
        {
            "receipt_no": 1,
            "value_no": 10 * row + number,
            "unit_row": row,
            "field_code": field,
            "text_value": None if field == "value" else text,
            "number_value": text if field == "value" else None,
        }
        for row, *words in rows
        for number, (field, text) in enumerate(
            zip(
                ["indicator", "value", "unit", "area", "period"],
                [*words, "500000", "2021"],
                strict=True,
            )
        )
    ]


def test_values_and_their_rounding_in_base_units(check):
    check(
        "stg_published",
        **REFERENCE,
        raw_values=cells(
            (3, "人力资源服务机构总数", "2846", "家"),
            (4, "人力资源服务机构总数", "5.91", "万家"),
            (5, "行业营业收入(含代收代付)", "618.05", "亿元"),
        ),
        expect="""
            unit_row area_code year indicator_code value       unit half_rounding revenue_basis
            3        500000    2021 institutions   2846        家   0.5           -
            4        500000    2021 institutions   59100       家   50            -
            5        500000    2021 revenue_incl   61805000000 元   500000        incl_pass_through
        """,
    )


def test_names_and_units_that_do_not_match_stay_empty(check):
    check(
        "stg_published",
        **REFERENCE,
        raw_values=cells(
            (3, "营收", "1", "亿元"),
            (4, "其中：高校毕业生", "1", "场"),
            (5, "人力资源服务机构总数", "1", "亿元"),
        ),
        expect="""
            unit_row indicator_text       indicator_code value unit
            3        营收                 -              -     -
            4        其中：高校毕业生     -              -     -
            5        人力资源服务机构总数 institutions   -     -
        """,
    )
