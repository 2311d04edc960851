"""stg_explanations: what was written beside a finding on the sheet 审核意见."""


def test_an_explanation_belongs_to_the_finding_of_its_row(check):
    check(
        "stg_explanations",
        raw_values="""
            receipt_no value_no sheet_name unit_row field_code     text_value   cell_address
            1          1        封面       0        credit_code    A            B9
            1          2        审核意见   6        finding_id     aaaaaaaaaaaa B6
            1          3        审核意见   6        explanation    新增大客户   K6
            1          4        审核意见   7        finding_id     bbbbbbbbbbbb B7
            1          5        审核意见   7        explanation    季节性用工   K7
            2          1        审核意见   6        finding_id     aaaaaaaaaaaa B6
            2          2        审核意见   6        explanation    补充说明     K6
        """,
        expect="""
            receipt_no finding_id   explanation sheet_name cell_address
            1          aaaaaaaaaaaa 新增大客户  审核意见   K6
            1          bbbbbbbbbbbb 季节性用工  审核意见   K7
            2          aaaaaaaaaaaa 补充说明    审核意见   K6
        """,
    )


def test_of_two_explanations_in_a_file_the_first_counts(check):
    check(
        "stg_explanations",
        raw_values="""
            receipt_no value_no sheet_name  unit_row field_code  text_value   cell_address
            1          9        审核意见    6        finding_id  aaaaaaaaaaaa B6
            1          10       审核意见    6        explanation 先写的       K6
            1          11       审核意见(2) 6        finding_id  aaaaaaaaaaaa B6
            1          12       审核意见(2) 6        explanation 后写的       K6
        """,
        expect="""
            receipt_no finding_id   explanation sheet_name cell_address
            1          aaaaaaaaaaaa 先写的      审核意见   K6
        """,
    )
