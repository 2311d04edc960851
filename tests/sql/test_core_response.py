"""core_response: who sent, was refused, was late or owes."""


def test_status_of_every_sampled_agency(check):
    check(
        "core_response",
        core_periods="""
            period
            2025-06
        """,
        core_frame="""
            period  credit_code reporting_unit_code is_sampled
            2025-06 A           500101              true
            2025-06 B           500101              true
            2025-06 C           500101              true
            2025-06 D           500101              true
            2025-06 E           500102              true
            2025-06 F           500102              false
            2024-12 A           500101              true
        """,
        core_versions="""
            receipt_no credit_code form_code     period  submission_state      is_late
            1          A           flash_report  2025-06 superseded false
            2          A           flash_report  2025-06 accepted   true
            3          B           flash_report  2025-06 accepted   true
            1          C           flash_report  2025-06 refused    false
            4          C           flash_report  2025-06 accepted   true
            1          D           flash_report  2025-06 refused    true
            1          F           flash_report  2025-06 accepted   false
            9          E           annual_return 2025-06 accepted   -
        """,
        expect="""
            period  credit_code reporting_unit_code status   is_late
            2025-06 A           500101              accepted false
            2025-06 B           500101              accepted true
            2025-06 C           500101              accepted true
            2025-06 D           500101              refused  false
            2025-06 E           500102              missing  false
        """,
    )


def test_what_came_after_the_cut_off_is_not_there_yet(check):
    """A sent nothing else; B's first was refused; C's correction came late."""
    check(
        "core_response",
        core_periods="""
            period
            2025-06
        """,
        core_frame="""
            period  credit_code reporting_unit_code is_sampled
            2025-06 A           500101              true
            2025-06 B           500101              true
            2025-06 C           500101              true
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state is_late
            5          A           flash_report 2025-06 late             true
            1          B           flash_report 2025-06 refused          false
            5          B           flash_report 2025-06 late             true
            1          C           flash_report 2025-06 accepted         false
            5          C           flash_report 2025-06 late             true
        """,
        expect="""
            period  credit_code status   is_late
            2025-06 A           missing  false
            2025-06 B           refused  false
            2025-06 C           accepted false
        """,
    )
