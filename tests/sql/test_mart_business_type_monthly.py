# ruff: noqa: E501 - a row of a table stays on one line
"""mart_business_type_monthly: revenue by what was earned, the rest by main line."""


def test_two_ways_to_a_business_line(check):
    check(
        "mart_business_type_monthly",
        ref_release="""
            release_id
            x
        """,
        ref_classifications="""
            classification_code item_code item_name item_order
            business_lines      dispatch  劳务派遣  2
            business_lines      training  培训      6
        """,
        ref_indicators="""
            indicator_code        indicator_name indicator_order
            revenue_incl          营业收入       1
            revenue_incl_dispatch 派遣收入       2
            placements            帮助就业       3
            institutions          机构总数       4
        """,
        core_monthly_figures="""
            period  domain_type   domain_code indicator_code        part_of_code business_line_code measure_code value
            2025-02 city          500000      revenue_incl          -            -                  ytd          9
            2025-02 city          500000      revenue_incl_dispatch revenue_incl dispatch           ytd          5
            2025-02 business_line dispatch    revenue_incl          -            -                  ytd          6
            2025-02 business_line dispatch    placements            -            -                  ytd          7
            2025-02 business_line training    institutions          -            -                  end          8
        """,
        expect="""
            business_line_code business_line_name line_order indicator_code indicator_name measure_code domain_basis   value
            dispatch           劳务派遣           2          revenue_incl   营业收入       ytd          按业态收入     5
            dispatch           劳务派遣           2          placements     帮助就业       ytd          按主要业务类型 7
            training           培训               6          institutions   机构总数       end          按主要业务类型 8
        """,
    )
