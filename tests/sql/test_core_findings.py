# ruff: noqa: E501 - a row of a table stays on one line
"""core_findings: what reading found, and what only other tables can show."""

FILES = """
    receipt_no folder    form_code         period  file_name reporting_unit_code is_read
    1          reports   flash_report      2025-06 a.xlsx    500101              true
    2          annual    annual_return     2024    b.xlsx    500102              true
    3          register  register          2025-06 c.xlsx    -                   true
    4          published published_figures -       d.xlsx    -                   true
"""
SOURCES = """
    period  register_period register_receipt_no
    2025-06 2025-06         3
    2024-12 2025-06         3
"""


def test_problems_found_while_reading_are_kept(check):
    check(
        "core_findings",
        stg_files=FILES,
        raw_problems="""
            receipt_no problem_no scope  credit_code sheet_name cell_address raw_text rule_code     severity  message
            1          2          row    -           单位名单   B9           x        invalid_code  mandatory 乙
            1          1          agency A           营业收入   D5           -        missing_value mandatory 甲
        """,
        expect="""
            finding_no receipt_no folder  form_code    period  file_name scope  credit_code rule_code     message
            1          1          reports flash_report 2025-06 a.xlsx    agency A           missing_value 甲
            2          1          reports flash_report 2025-06 a.xlsx    row    -           invalid_code  乙
        """,
    )


def test_agencies_the_register_does_not_know(build):
    rows = build(
        "core_findings",
        stg_files=FILES,
        core_frame_sources=SOURCES,
        stg_register="""
            receipt_no unit_row credit_code stratum_code
            3          4        A           LAR
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read
            1          A           2025-06 true
            1          B           2025-06 true
            1          D           2025-06 false
            1          E           2025-07 true
        """,
        stg_annual_submissions="""
            receipt_no credit_code period is_read
            2          C           2024   true
        """,
        raw_values="""
            receipt_no value_no unit_row credit_code field_code  sheet_name cell_address raw_text
            1          7        5        B           agency_name 单位名单   C5           乙公司
            1          8        5        B           credit_code 单位名单   B5           B
        """,
    )
    assert [(row["receipt_no"], row["credit_code"]) for row in rows] == [(1, "B"), (2, "C")]
    assert {row["rule_code"] for row in rows} == {"unknown_agency"}
    assert {(row["scope"], row["severity"]) for row in rows} == {("agency", "mandatory")}
    assert rows[0]["message"] == (
        "文件“a.xlsx”工作表“单位名单”单元格B5的统一社会信用代码“B”不在2025-06期末的机构名录中，"
        "本次报送不予采用，请核对代码，或在机构名录中补上该机构。"
    )
    assert rows[1]["message"].startswith("文件“b.xlsx”的统一社会信用代码“C”不在")


def test_an_impossible_number_refuses_the_agency(check):
    check(
        "core_findings",
        stg_files=FILES,
        stg_values="""
            receipt_no value_no credit_code value
            1          1        A           5
            1          2        A           -
        """,
        raw_values="""
            receipt_no value_no credit_code field_code sheet_name cell_address raw_text
            1          1        A           job_fairs  招聘活动   D5           5
            1          2        A           job_fairs  招聘活动   E5           1e30
        """,
        expect="""
            scope  credit_code rule_code severity  cell_address message
            agency A           too_large mandatory E5           文件“a.xlsx”工作表“招聘活动”单元格E5填的是“1e30”，大得不可能，请核对数值和计量单位。
        """,
    )


def test_a_register_row_outside_every_stratum(check):
    check(
        "core_findings",
        stg_files=FILES,
        stg_register="""
            receipt_no unit_row credit_code agency_name stratum_code
            3          4        A           甲公司      LAR
            3          5        B           乙公司      -
        """,
        raw_values="""
            receipt_no value_no unit_row credit_code field_code sheet_name cell_address raw_text
            3          1        5        B           size_class 机构名录   N5           不划型
        """,
        expect="""
            scope  credit_code rule_code  severity cell_address raw_text
            agency B           no_stratum review   N5           不划型
        """,
    )


def test_published_figures_that_cannot_be_used(check):
    check(
        "core_findings",
        stg_files=FILES,
        stg_published="""
            receipt_no unit_row area_code year indicator_code value unit
            4          3        500000    2021 institutions   2846  家
            4          4        500000    2021 -              -     -
            4          5        500000    2021 revenue_incl   -     -
            4          6        500000    2021 institutions   2847  家
        """,
        raw_values="""
            receipt_no value_no unit_row field_code sheet_name cell_address raw_text
            4          30       3        indicator  已公布数据 C3           人力资源服务机构总数
            4          40       4        indicator  已公布数据 C4           营收
            4          41       4        unit       已公布数据 E4           亿元
            4          50       5        indicator  已公布数据 C5           行业营业收入
            4          51       5        unit       已公布数据 E5           家
            4          60       6        indicator  已公布数据 C6           人力资源服务机构总数
        """,
        expect="""
            scope rule_code         severity  cell_address raw_text
            row   unknown_indicator mandatory C4           营收
            row   unit_mismatch     mandatory E5           家
            row   duplicate_figure  mandatory C6           人力资源服务机构总数
        """,
    )
