# ruff: noqa: E501 - a row of a table stays on one line
"""stg_corrections: rows of 更正表 in base units, in the order in which they take effect."""

LINES = """
    form_code     line_no indicator_code       line_label
    flash_report  01      revenue_booked       人力资源服务营业收入
    flash_report  32      served_graduates     其中：高校毕业生
    flash_report  52      placements_graduates 其中：高校毕业生
    flash_report  51      placements           帮助实现就业和流动人次
    annual_return -       revenue_booked       营业收入（全年）
"""
INDICATORS = """
    indicator_code       indicator_name           unit
    revenue_booked       营业收入（利润表口径）   元
    served_graduates     其中：高校毕业生         人次
    placements_graduates 其中：高校毕业生         人次
    placements           帮助实现就业和流动人次   人次
"""
UNITS = """
    unit base_unit factor
    元   元        1
    万元 元        10000
    人次 人次      1
"""


def cells(
    receipt_no: int, row: int, form: str, indicator: str, unit: str, old: str, new: str
) -> list[dict[str, object]]:
    texts = {"corrected_form": form, "period": "2025-06", "credit_code": "A", "unit": unit}
    texts |= {"indicator": indicator, "measure": "ytd", "corrected_date": "2025-07-20"}
    found: list[dict[str, object]] = [
        {"field_code": field, "text_value": text} for field, text in texts.items()
    ]
    found += [
        {"field_code": field, "number_value": number, "raw_text": number}
        for field, number in (("old_value", old), ("new_value", new))
    ]
    place = {"receipt_no": receipt_no, "unit_row": row, "sheet_name": "更正"}
    return [
        {
            "value_no": 100 * row + number,
            "cell_address": f"{chr(65 + number)}{row}",
            **place,
            **cell,
        }
        for number, cell in enumerate(found)
    ]


def test_indicators_are_known_by_line_label_or_name_of_their_form(check):
    """Row 8 names two lines; rows 9 and 11 no line of the form; row 10 counts other things."""
    rows = [
        cells(2, 5, "flash_report", "人力资源服务营业收入", "万元", "12.5", "13"),
        cells(2, 6, "flash_report", "营业收入(利润表口径)", "元", "125000", "1"),
        cells(2, 7, "flash_report", "52 其中：高校毕业生", "人次", "7", "8"),
        cells(2, 8, "flash_report", "其中：高校毕业生", "人次", "7", "8"),
        cells(2, 9, "flash_report", "利润总额", "万元", "7", "8"),
        cells(2, 10, "flash_report", "帮助实现就业和流动人次", "万元", "7", "8"),
        cells(2, 11, "annual_return", "帮助实现就业和流动人次", "人次", "7", "8"),
        cells(2, 12, "annual_return", "营业收入（全年）", "万元", "1", "99999999999999"),
        cells(1, 4, "flash_report", "帮助实现就业和流动人次", "人次", "7", "8"),
        cells(3, 4, "flash_report", "帮助实现就业和流动人次", "人次", "7", "8"),
    ]
    check(
        "stg_corrections",
        stg_files="""
            receipt_no folder      is_read later_receipt_no
            1          corrections true    2
            2          corrections true    -
            3          reports     true    -
        """,
        ref_form_lines=LINES,
        ref_indicators=INDICATORS,
        ref_units=UNITS,
        raw_values=[cell for row in rows for cell in row],
        expect="""
            receipt_no unit_row correction_no is_in_force indicator_code       old_value new_value unit old_text cell_address corrected_date
            1          4        1             false       placements           7         8         人次 7        H4           2025-07-20
            2          5        2             true        revenue_booked       125000    130000    元   12.5     H5           2025-07-20
            2          6        3             true        revenue_booked       125000    1         元   125000   H6           2025-07-20
            2          7        4             true        placements_graduates 7         8         人次 7        H7           2025-07-20
            2          8        5             true        -                    -         -         -    7        H8           2025-07-20
            2          9        6             true        -                    -         -         -    7        H9           2025-07-20
            2          10       7             true        placements           -         -         -    7        H10          2025-07-20
            2          11       8             true        -                    -         -         -    7        H11          2025-07-20
            2          12       9             true        revenue_booked       10000     -         元   1        H12          2025-07-20
        """,
    )


def test_a_lock_holds_back_later_corrections_and_keeps_what_they_would_replace(check):
    """File 1 stands as it was locked; 2 and 3 came after. 4 is of a period that nobody locked."""
    rows = [
        cells(number, 4, "flash_report", "51 帮助实现就业和流动人次", "人次", "7", "8")
        for number in (1, 2, 3)
    ]
    for cell in rows[0] + rows[1] + rows[2]:
        if cell.get("field_code") == "period":
            cell["text_value"] = "2025-05"
    rows.append(cells(4, 4, "flash_report", "51 帮助实现就业和流动人次", "人次", "7", "8"))
    check(
        "stg_corrections",
        stg_files="""
            receipt_no folder      is_read first_seen_at       later_receipt_no
            1          corrections true    2025-07-20T09:00:00 2
            2          corrections true    2025-07-22T09:00:00 3
            3          corrections true    2025-07-23T09:00:00 -
            4          corrections true    2025-07-23T09:00:00 -
        """,
        stg_locks="""
            period  locked_at
            2025-05 2025-07-21T09:00:00
        """,
        ref_form_lines=LINES,
        ref_indicators=INDICATORS,
        ref_units=UNITS,
        raw_values=[cell for row in rows for cell in row],
        expect="""
            receipt_no period  is_in_force is_held
            1          2025-05 true        false
            2          2025-05 false       false
            3          2025-05 false       true
            4          2025-06 true        false
        """,
    )
