# ruff: noqa: E501 - a row of a table stays on one line
"""stg_register: agencies of a register and their strata."""

TYPES = """
    classification_code item_code         item_group
    institution_types   public_employment public
    institution_types   market_private    market
    size_classes        large             -
"""
STRATA = """
    stratum_code institution_group size_class
    PUB          public            -
    LAR          market            large
    MIC          market            micro
"""
FILES = """
    receipt_no folder   period  is_read
    1          register 2025-06 true
    2          register 2025-07 false
"""


def test_rows_get_their_stratum(check):
    check(
        "stg_register",
        stg_files=FILES,
        ref_classifications=TYPES,
        ref_strata=STRATA,
        raw_values="""
            receipt_no value_no unit_row credit_code field_code            text_value
            1          1        0        -           period                2025-06
            1          2        4        A           institution_type      public_employment
            1          3        4        A           size_class            unclassified
            1          4        4        A           first_registered_date 2019-05-01
            1          5        5        B           institution_type      market_private
            1          6        5        B           size_class            large
            1          7        5        B           exit_date             2025-03-31
            1          8        6        C           institution_type      market_private
            1          9        6        C           size_class            unclassified
            1          10       7        D           institution_type      public_employment
            2          1        4        A           size_class            large
        """,
        expect="""
            receipt_no unit_row credit_code register_period institution_group stratum_code first_registered_date exit_date
            1          4        A           2025-06         public            PUB          2019-05-01            -
            1          5        B           2025-06         market            LAR          -                     2025-03-31
            1          6        C           2025-06         market            -            -                     -
            1          7        D           2025-06         public            PUB          -                     -
        """,
    )
