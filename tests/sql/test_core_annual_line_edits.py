# ruff: noqa: E501 - a row of a table stays on one line
"""core_annual_line_edits: the businesses ticked against revenue and figures."""


def test_ticked_without_figures_and_figures_without_a_tick_a11(check):
    """Dispatch has workers without revenue; other business stays as it is: neither."""
    check(
        "core_annual_line_edits",
        stg_annual_submissions="""
            receipt_no credit_code period is_read
            1          A           2025   true
            2          A           2025   false
        """,
        raw_values="""
            receipt_no value_no credit_code field_code       text_value
            1          1        A           does_recruitment yes
            1          2        A           does_dispatch    no
            1          3        A           does_consulting  yes
            1          4        A           does_training    no
            1          5        A           does_other       no
            2          1        A           does_consulting  yes
            1          6        A           agency_name      甲
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code           value
            1          11       A           revenue_incl_recruitment 0
            1          12       A           job_fairs                0
            1          13       A           revenue_incl_dispatch    0
            1          14       A           dispatched_workers       3
            1          15       A           revenue_incl_consulting  5
            1          16       A           revenue_incl_training    9
            1          17       A           training_courses         2
            1          18       A           revenue_incl_other       0
            1          19       A           staff                    8
            2          11       A           revenue_incl_consulting  0
        """,
        ref_classifications="""
            classification_code item_code   item_name
            business_lines      recruitment 招聘
            business_lines      dispatch    派遣
            business_lines      consulting  咨询
            business_lines      training    培训
            business_lines      other       其他
        """,
        ref_indicators="""
            indicator_code           indicator_name indicator_order
            revenue_incl_recruitment 招聘收入       1
            job_fairs                招聘会         2
            revenue_incl_dispatch    派遣收入       3
            dispatched_workers       派遣人员       4
            revenue_incl_consulting  咨询收入       5
            revenue_incl_training    培训收入       6
            training_courses         培训班         7
            revenue_incl_other       其他收入       8
            staff                    从业人员       9
        """,
        expect="""
            receipt_no credit_code indicator_code           measure_code business_line_name figure_name edit_a11_ticked edit_a11_not_ticked
            1          A           revenue_incl_dispatch    annual       派遣               派遣人员    0               1
            1          A           revenue_incl_recruitment annual       招聘               -           1               0
            1          A           revenue_incl_training    annual       培训               培训收入    0               1
        """,
    )


def test_every_business_line_has_a_column_and_its_figures_exist(catalog):
    (table,) = catalog.form("annual_return").tables
    fields = {column.field for column in table.columns}
    for line in catalog.classification("business_lines").items:
        assert {f"does_{line.code}", f"revenue_incl_{line.code}"} <= fields
