"""core_review_frame: whose reports are reviewed, in a month and in a year."""


def test_the_sample_is_reviewed_each_month_and_everybody_each_year(check):
    """N is not sampled; 2025-04 has a register only, 2023 no annual return; 2024's was refused."""
    check(
        "core_review_frame",
        core_frame="""
            period  credit_code agency_name reporting_unit_code is_sampled
            2023    A           甲          500103              false
            2024    A           甲          500103              false
            2024    N           乙          500000              false
            2025-02 A           甲          500103              true
            2025-04 A           甲          500103              true
            2025-06 A           甲          500104              true
            2025-06 N           乙          500000              false
        """,
        core_periods="""
            period  period_type
            2025-02 M2
            2025-06 M
        """,
        core_received_versions="""
            receipt_no credit_code form_code     period  submission_state
            1          A           annual_return 2024    refused
            1          N           annual_return 2024    refused
            2          A           flash_report  2025-06 accepted
        """,
        expect="""
            period  period_type credit_code agency_name reporting_unit_code
            2024    Y           A           甲          500103
            2024    Y           N           乙          500000
            2025-02 M2          A           甲          500103
            2025-06 M           A           甲          500104
        """,
    )
