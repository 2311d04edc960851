# ruff: noqa: E501 - a row of a table stays on one line
"""mart_institution_type_monthly: figures by type of institution."""


def test_types_in_their_order(check):
    check(
        "mart_institution_type_monthly",
        ref_release="""
            release_id
            x
        """,
        ref_classifications="""
            classification_code item_code      item_name item_order
            institution_types   public_talent  人才机构  1
            institution_types   market_private 民营      2
            business_lines      market_private 无关      3
        """,
        core_monthly_figures="""
            period  domain_type      domain_code    indicator_code indicator_order measure_code value
            2025-02 institution_type market_private institutions   9               end          5
            2025-02 institution_type public_talent  institutions   9               end          3
            2025-02 business_line    market_private institutions   9               end          4
        """,
        expect="""
            institution_type_code institution_type_name type_order indicator_code measure_code value
            public_talent         人才机构              1          institutions   end          3
            market_private        民营                  2          institutions   end          5
        """,
    )
