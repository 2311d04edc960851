# ruff: noqa: E501 - a row of a table stays on one line
"""core_response: who sent, was refused, was late, owes or is out of scope."""

FRAME_SOURCES = """
    period  register_receipt_no sample_receipt_no
    2025-06 1                   2
    2024-12 1                   -
"""
PERIODS = """
    period  due_date   cut_off_date is_cut_off_applied
    2025-06 2025-07-18 2025-07-23   true
"""
SAMPLE = """
    receipt_no credit_code agency_name reporting_unit_code stratum_code
    2          A           样本甲      500101              small
    2          B           样本乙      500101              small
    2          C           样本丙      500101              small
    2          D           样本丁      500101              large
    2          E           样本戊      500101              large
    9          Z           旧样本      500101              small
"""
REGISTER = """
    period  credit_code agency_name reporting_unit_code
    2025-06 A           名录甲      500101
    2025-06 B           名录乙      500101
    2025-06 C           名录丙      500101
    2025-06 D           名录丁      500101
    2025-06 E           名录戊      500102
    2025-06 F           名录己      500102
"""
FRAME = """
    period  credit_code agency_name reporting_unit_code stratum_code is_sampled
    2025-06 A           名录甲      500101              small        true
    2025-06 B           名录乙      500101              small        true
    2025-06 C           名录丙      500101              small        true
    2025-06 D           名录丁      500101              large        true
    2025-06 E           名录戊      500102              large        true
    2025-06 F           名录己      500102              large        false
    2024-12 A           名录甲      500101              small        true
"""


def test_status_of_every_sampled_agency(check):
    """E moved to another unit; F reported though nobody asked; the year's end asks nobody."""
    check(
        "core_response",
        core_periods=PERIODS,
        core_frame_sources=FRAME_SOURCES,
        stg_sample=SAMPLE,
        core_registered_agencies=REGISTER,
        core_frame=FRAME,
        core_versions="""
            receipt_no credit_code form_code     period  submission_state is_late first_seen_at
            1          A           flash_report  2025-06 superseded       false   2025-07-10
            2          A           flash_report  2025-06 accepted         true    2025-07-30
            3          B           flash_report  2025-06 accepted         true    2025-07-23T23:59:59
            1          C           flash_report  2025-06 refused          false   2025-07-10
            4          C           flash_report  2025-06 accepted         true    2025-07-24
            1          D           flash_report  2025-06 refused          true    2025-07-19
            1          F           flash_report  2025-06 accepted         false   2025-07-10
            9          E           annual_return 2025-06 accepted         -       2025-07-10
        """,
        expect="""
            period  credit_code agency_name reporting_unit_code stratum_code status   is_late is_accepted_by_cut_off
            2025-06 A           名录甲      500101              small        accepted false   true
            2025-06 B           名录乙      500101              small        accepted true    true
            2025-06 C           名录丙      500101              small        accepted true    false
            2025-06 D           名录丁      500101              large        refused  false   false
            2025-06 E           名录戊      500102              large        missing  false   false
        """,
    )


def test_out_of_scope_is_who_the_register_knows_and_no_longer_counts(check):
    """A exited and reported all the same; B is not in the register; nor is C."""
    check(
        "core_response",
        core_periods=PERIODS,
        core_frame_sources=FRAME_SOURCES,
        stg_sample="""
            receipt_no credit_code agency_name reporting_unit_code stratum_code
            2          A           样本甲      500101              small
            2          B           样本乙      500102              small
            2          C           样本丙      500103              small
            2          D           样本丁      500103              small
            2          E           样本戊      500103              small
        """,
        core_registered_agencies="""
            period  credit_code agency_name reporting_unit_code
            2025-06 A           名录甲      500109
            2025-06 D           名录丁      500103
            2025-05 B           旧名录      500101
        """,
        core_area_memberships="""
            period  geography credit_code reporting_unit_code is_in_force
            2025-06 2020      A           500109              true
            2025-06 2025      A           500157              false
            2025-06 2020      D           500103              true
        """,
        core_problems="""
            receipt_no credit_code scope  severity  rule_code
            2          D           agency mandatory duplicate_agency
            2          E           agency mandatory code_check_digit
        """,
        core_frame="""
            period  credit_code agency_name reporting_unit_code stratum_code is_sampled
            2025-06 D           名录丁      500103              small        true
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state is_late first_seen_at
            3          A           flash_report 2025-06 accepted         true    2025-07-22
        """,
        expect="""
            period  credit_code agency_name reporting_unit_code status       is_late is_accepted_by_cut_off
            2025-06 A           名录甲      500109              out_of_scope false   false
            2025-06 B           样本乙      500102              missing      false   false
            2025-06 C           样本丙      500103              missing      false   false
            2025-06 D           名录丁      500103              missing      false   false
        """,
    )


def test_whom_a_unit_that_has_ended_had_drawn_is_the_citys(check):
    """No register knows A and B; A's unit ended before the period, B's ends with it."""
    check(
        "core_response",
        core_periods=PERIODS,
        core_frame_sources=FRAME_SOURCES,
        stg_sample="""
            receipt_no credit_code reporting_unit_code
            2          A           500105
            2          B           500112
        """,
        ref_reporting_units="""
            reporting_unit_code valid_to
            500000              -
            500105              2025-05
            500112              2025-06
        """,
        ref_areas="""
            area_code area_type
            500000    city
            500105    district
        """,
        expect="""
            period  credit_code reporting_unit_code status
            2025-06 A           500000              missing
            2025-06 B           500112              missing
        """,
    )


def test_a_period_loaded_afterwards_has_no_cut_off(check):
    check(
        "core_response",
        core_periods="""
            period  due_date   cut_off_date is_cut_off_applied
            2025-06 2025-07-18 2025-07-23   false
        """,
        core_frame_sources=FRAME_SOURCES,
        stg_sample="""
            receipt_no credit_code agency_name reporting_unit_code
            2          A           样本甲      500101
        """,
        core_registered_agencies=REGISTER,
        core_frame=FRAME,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state is_late first_seen_at
            3          A           flash_report 2025-06 accepted         false   2026-02-01
        """,
        expect="""
            period  credit_code status   is_late is_accepted_by_cut_off
            2025-06 A           accepted false   true
        """,
    )


def test_what_came_after_the_cut_off_is_not_there_yet(check):
    """A sent nothing else; B's first was refused; C's correction came late."""
    check(
        "core_response",
        core_periods=PERIODS,
        core_frame_sources=FRAME_SOURCES,
        stg_sample=SAMPLE,
        core_frame="""
            period  credit_code reporting_unit_code is_sampled
            2025-06 A           500101              true
            2025-06 B           500101              true
            2025-06 C           500101              true
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state is_late first_seen_at
            5          A           flash_report 2025-06 late             true    2025-07-24
            1          B           flash_report 2025-06 refused          false   2025-07-10
            5          B           flash_report 2025-06 late             true    2025-07-24
            1          C           flash_report 2025-06 accepted         false   2025-07-10
            5          C           flash_report 2025-06 late             true    2025-07-24
        """,
        expect="""
            period  credit_code status   is_late
            2025-06 A           missing  false
            2025-06 B           refused  false
            2025-06 C           accepted false
            2025-06 D           missing  false
            2025-06 E           missing  false
        """,
    )


def test_who_goes_on_under_a_new_code_is_asked_under_that(check):
    """A reports as F; B was drawn under its new code G as well, and is asked once."""
    check(
        "core_response",
        core_periods=PERIODS,
        core_frame_sources=FRAME_SOURCES,
        stg_sample="""
            receipt_no credit_code agency_name reporting_unit_code
            2          A           样本甲      500101
            2          B           样本乙      500101
            2          G           样本庚      500101
        """,
        core_registered_agencies="""
            period  credit_code predecessor_code agency_name reporting_unit_code
            2025-06 A           -                名录甲      500101
            2025-06 B           -                名录乙      500101
            2025-06 F           A                名录己      500101
            2025-06 G           B                名录庚      500101
        """,
        core_frame="""
            period  credit_code agency_name reporting_unit_code is_sampled
            2025-06 F           名录己      500101              true
            2025-06 G           名录庚      500101              true
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state is_late first_seen_at
            3          F           flash_report 2025-06 accepted         false   2025-07-10
        """,
        expect="""
            period  credit_code agency_name status   is_accepted_by_cut_off
            2025-06 F           名录己      accepted true
            2025-06 G           名录庚      missing  false
        """,
    )
