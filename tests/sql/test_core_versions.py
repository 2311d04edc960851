# ruff: noqa: E501 - a row of a table stays on one line
"""core_versions: what was received, less what a review returned."""


def test_what_a_review_returned_does_not_count_nor_what_it_had_replaced(build):
    """Of A, 2 was returned: 1 does not come back. B's return was withdrawn, C was passed."""
    found = build(
        "core_versions",
        core_received_versions="""
            receipt_no credit_code form_code    period  version_no submission_state accepted_receipt_no version_note is_late
            1          A           flash_report 2025-06 1          superseded       2                   被替代。     false
            2          A           flash_report 2025-06 2          accepted         2                   -            true
            2          B           flash_report 2025-06 1          accepted         2                   -            true
            2          C           flash_report 2025-06 1          accepted         2                   -            true
        """,
        core_review_decisions="""
            receipt_no unit_row credit_code reviewed_receipt_no decision decision_state reason
            5          4        A           2                   returned effective      人数与上月不符
            6          4        A           2                   returned effective      仍不符
            5          5        B           2                   returned superseded     漏报
            5          6        C           2                   passed   effective      -
        """,
    )
    assert [
        (row["receipt_no"], row["credit_code"], row["submission_state"], row["version_note"])
        for row in found
    ] == [
        (1, "A", "superseded", "被替代。"),
        (2, "A", "refused", "审核退回：仍不符"),
        (2, "B", "accepted", None),
        (2, "C", "accepted", None),
    ]
