# ruff: noqa: E501 - a row of a table stays on one line
"""stg_reviews: a row of each decision that was written; a blank is none."""


def test_what_is_decided_carries_who_and_when(check):
    """A is passed, B left blank; C has a word that is no decision, and a file not read says nothing."""
    check(
        "stg_reviews",
        stg_files="""
            receipt_no folder period  is_read reporting_unit_code first_seen_at
            7          review 2025-06 true    500103              2025-07-20T09:00:00
            8          review 2025-06 false   500103              2025-07-20T09:00:00
        """,
        raw_values="""
            receipt_no value_no unit_row credit_code field_code          text_value number_value sheet_name cell_address
            7          1        0        -           review_level        district   -            封面       B4
            7          2        0        -           reviewer            张三       -            封面       B6
            7          3        0        -           review_date         2025-07-20 -            封面       B7
            7          4        5        A           credit_code         A          -            审核       B5
            7          5        5        A           reviewed_receipt_no -          3            审核       D5
            7          6        5        A           decision            通过       -            审核       X5
            7          7        6        B           credit_code         B          -            审核       B6
            7          8        6        B           reason              等一等     -            审核       Y6
            7          9        7        C           decision            同意       -            审核       X7
            8          1        5        A           decision            退回       -            审核       X5
        """,
        ref_classifications="""
            classification_code item_code item_name
            review_decisions    passed    通过
            review_levels       passed    同意
        """,
        expect="""
            receipt_no unit_row period  reporting_unit_code review_level reviewer review_date credit_code reviewed_receipt_no decision_text decision reason sheet_name cell_address
            7          5        2025-06 500103              district     张三     2025-07-20  A           3                   通过          passed   -      审核       X5
            7          7        2025-06 500103              district     张三     2025-07-20  C           -                   同意          -        -      审核       X7
        """,
    )
