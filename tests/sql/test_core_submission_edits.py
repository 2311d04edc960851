# ruff: noqa: E501 - a row of a table stays on one line
"""core_submission_edits: a submission held against the register and the others of its period."""

PERIODS = """
    period  start_date end_date
    2025-02 2025-01-01 2025-02-28
    2025-06 2025-06-01 2025-06-30
    2025-07 2025-07-01 2025-07-31
"""
SOURCES = """
    period  register_period register_receipt_no
    2024    2025-06         2
    2024-12 2024-10         1
    2025-02 2024-10         1
    2025-06 2025-06         2
"""


def test_an_agency_is_looked_up_in_the_register_in_force(check):
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_register="""
            receipt_no unit_row credit_code business_line
            1          4        A           dispatch
            2          4        B           training
            3          4        C           dispatch
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            4          A           2025-02 true    false
            4          B           2025-02 true    false
            5          A           2025-06 true    false
            5          B           2025-06 true    false
            5          C           2025-06 true    true
            5          D           2025-07 true    false
            6          D           2025-06 false   false
        """,
        stg_annual_submissions="""
            receipt_no credit_code period is_read
            7          A           2024   true
            7          B           2024   true
            8          A           2024   false
        """,
        expect="""
            receipt_no credit_code form_code     period  register_period registered_code business_line
            4          A           flash_report  2025-02 2024-10         A               dispatch
            4          B           flash_report  2025-02 2024-10         -               -
            5          A           flash_report  2025-06 2025-06         -               -
            5          B           flash_report  2025-06 2025-06         B               training
            5          C           flash_report  2025-06 2025-06         -               -
            7          A           annual_return 2024    2025-06         -               -
            7          B           annual_return 2024    2025-06         B               training
        """,
    )


def test_who_came_by_an_event_since_the_register_is_known(check):
    """B is new, C came in, E goes on from A; F is new after the period, G's event was taken back."""
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_register_events="""
            receipt_no unit_row changed_code change_kind event_date successor_code is_in_force
            3          4        B            new         2025-06-30 -              true
            3          5        C            moved_in    2025-05-02 -              true
            3          6        D            renamed     2025-05-02 -              true
            3          7        A            recoded     2025-06-02 E              true
            3          8        F            new         2025-07-01 -              true
            2          4        G            new         2025-05-02 -              false
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            5          B           2025-06 true    false
            5          C           2025-06 true    false
            5          D           2025-06 true    false
            5          E           2025-06 true    false
            5          F           2025-06 true    false
            5          G           2025-06 true    false
        """,
        expect="""
            credit_code registered_code
            B           B
            C           C
            D           -
            E           E
            F           -
            G           -
        """,
    )


def test_agencies_of_one_name_in_one_period_a01(check):
    """A sent twice is one agency; D bears its name in another period, E in a refused file."""
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_flash_submissions="""
            receipt_no credit_code period  agency_name is_read is_zero_report
            1          A           2025-06 甲公司      true    false
            2          A           2025-06 甲公司      true    false
            3          B           2025-06 乙公司      true    false
            4          C           2025-06 乙公司      true    false
            5          D           2025-02 甲公司      true    false
            6          E           2025-06 甲公司      false   false
            7          F           2025-06 丙公司      true    false
            7          G           2025-06 丙公司      true    false
            7          H           2025-06 丙公司      true    false
            8          I           2025-06 -           true    false
            8          J           2025-06 -           true    false
        """,
        stg_annual_submissions="""
            receipt_no credit_code period agency_name is_read
            9          K           2024   甲公司      true
        """,
        expect="""
            receipt_no credit_code edit_a01 namesake_code
            1          A           0        A
            2          A           0        A
            3          B           1        C
            4          C           1        B
            5          D           0        D
            7          F           2        H
            7          G           2        F
            7          H           2        F
            8          I           -        -
            8          J           -        -
            9          K           0        K
        """,
    )


def test_the_main_business_brings_in_some_of_the_revenue_a11(check):
    """The sum to date decides: a month without revenue is no contradiction."""
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_register="""
            receipt_no unit_row credit_code business_line
            2          4        A           dispatch
            2          5        B           dispatch
            2          6        C           dispatch
            2          7        D           dispatch
            2          8        E           -
            2          9        F           training
            2          10       G           dispatch
            2          11       H           training
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            1          A           2025-06 true    false
            1          B           2025-06 true    false
            1          C           2025-06 true    false
            1          D           2025-06 true    false
            1          E           2025-06 true    false
            1          F           2025-06 true    false
            1          G           2025-06 true    false
        """,
        stg_annual_submissions="""
            receipt_no credit_code period is_read
            3          H           2024   true
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code        measure_code  value
            1          1        A           revenue_booked        ytd           100
            1          2        A           pass_through_unbooked ytd           20.5
            1          3        A           revenue_incl_dispatch ytd           0
            1          4        A           revenue_incl_training ytd           120.5
            1          5        A           pass_through_booked   ytd           7
            1          6        A           revenue_booked        ytd_last_year 900
            1          7        B           revenue_booked        month         100
            1          8        B           revenue_incl_dispatch month         0
            1          9        B           revenue_booked        ytd           100
            1          10       B           pass_through_unbooked ytd           0
            1          11       B           revenue_incl_dispatch ytd           0.01
            1          12       C           revenue_booked        ytd           100
            1          13       C           pass_through_unbooked ytd           0
            1          14       D           revenue_booked        ytd           0
            1          15       D           pass_through_unbooked ytd           0
            1          16       D           revenue_incl_dispatch ytd           0
            1          17       E           revenue_booked        ytd           100
            1          18       E           pass_through_unbooked ytd           0
            1          19       E           revenue_incl_dispatch ytd           0
            1          20       F           revenue_incl_training ytd           0
            1          21       G           revenue_booked        ytd           -5
            1          22       G           pass_through_unbooked ytd           1
            1          23       G           revenue_incl_dispatch ytd           0
            3          1        H           revenue_booked        annual        50
            3          2        H           pass_through_unbooked annual        0
            3          3        H           revenue_incl_training annual        0
        """,
        expect="""
            credit_code measure_code indicator_code        revenue_incl edit_a11
            A           ytd          revenue_incl_dispatch 120.5        120.5
            B           ytd          revenue_incl_dispatch 100          -
            C           -            -                     100          -
            D           ytd          revenue_incl_dispatch 0            0
            E           -            -                     100          -
            F           ytd          revenue_incl_training -            -
            G           ytd          revenue_incl_dispatch -4           -4
            H           annual       revenue_incl_training 50           50
        """,
    )


def test_days_that_dates_of_the_register_stand_out_of_the_period_a18(check):
    """Positive days break the order; the first day and the last still belong to the period."""
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_register="""
            receipt_no unit_row credit_code first_registered_date licence_valid_to_date exit_date
            2          4        A           2025-06-30            2025-06-30            -
            2          5        B           2025-07-01            2025-06-29            -
            2          6        C           2020-01-01            2025-06-29            2025-06-01
            2          7        D           2020-01-01            -                     2025-05-31
            2          8        E           2020-01-01            -                     2025-05-31
            2          9        F           -                     -                     -
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            1          A           2025-06 true    false
            1          B           2025-06 true    false
            1          C           2025-06 true    false
            1          D           2025-06 true    false
            1          E           2025-06 true    true
            1          F           2025-06 true    false
            1          X           2025-06 true    false
        """,
        expect="""
            credit_code end_date   edit_a18_begin edit_a18_exit edit_a18_licence
            A           2025-06-30 0              -             0
            B           2025-06-30 1              -             1
            C           2025-06-30 -2007          0             -
            D           2025-06-30 -2007          1             -
            E           2025-06-30 -2007          -             -
            F           2025-06-30 -              -             -
            X           2025-06-30 -              -             -
        """,
    )


def test_who_left_by_an_event_since_the_register_is_no_longer_asked_a18(check):
    """A left, B came back, C left within the period, D later, E before the register that lists it.

    F's event was taken back, G goes on under another code, H only lies idle, I came back although
    the register had it leave.
    """
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources="""
            period  register_period register_date register_receipt_no
            2025-06 2025-03         2025-03-31    2
        """,
        stg_register="""
            receipt_no unit_row credit_code exit_date
            2          4        A           -
            2          5        B           -
            2          6        C           -
            2          7        D           -
            2          8        E           -
            2          9        F           -
            2          10       G           -
            2          11       H           -
            2          12       I           2025-03-01
        """,
        stg_register_events="""
            receipt_no unit_row changed_code exit_claim   event_date event_order event_content is_in_force
            3          4        A            deregistered 2025-05-31 5           a             true
            3          5        B            moved_out    2025-04-10 5           b             true
            3          6        B            none         2025-05-10 1           b             true
            3          7        C            revoked      2025-06-10 5           c             true
            3          8        D            merged       2025-07-01 5           d             true
            3          9        E            deregistered 2025-03-31 5           e             true
            3          10       F            deregistered 2025-05-31 5           f             false
            3          11       G            recoded      2025-05-31 5           g             true
            3          12       H            -            2025-05-31 5           h             true
            3          13       I            none         2025-04-01 1           i             true
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            5          A           2025-06 true    false
            5          B           2025-06 true    false
            5          C           2025-06 true    false
            5          D           2025-06 true    false
            5          E           2025-06 true    false
            5          F           2025-06 true    false
            5          G           2025-06 true    false
            5          H           2025-06 true    false
            5          I           2025-06 true    false
        """,
        expect="""
            credit_code exit_date  edit_a18_exit
            A           2025-05-31 1
            B           -          -
            C           2025-06-10 -9
            D           -          -
            E           -          -
            F           -          -
            G           -          -
            H           -          -
            I           -          -
        """,
    )


def test_a_licence_renewed_since_the_register_has_not_lapsed_a18(check):
    """B renewed after the period, C for too short, D's renewal was taken back."""
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_register="""
            receipt_no unit_row credit_code licence_valid_to_date
            2          4        A           2025-05-31
            2          5        B           2025-05-31
            2          6        C           2025-05-31
            2          7        D           2025-05-31
        """,
        stg_register_events="""
            receipt_no unit_row changed_code change_kind event_date licence_valid_to_date is_in_force
            3          4        A            relicensed  2025-06-01 2030-05-31            true
            3          5        B            relicensed  2025-07-01 2030-06-30            true
            3          6        C            relicensed  2025-06-01 2025-06-29            true
            2          4        D            relicensed  2025-06-01 2030-05-31            false
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            5          A           2025-06 true    false
            5          B           2025-06 true    false
            5          C           2025-06 true    false
            5          D           2025-06 true    false
        """,
        expect="""
            credit_code licence_valid_to_date edit_a18_licence
            A           2030-05-31            -1796
            B           2025-05-31            30
            C           2025-06-29            1
            D           2025-05-31            30
        """,
    )


def test_january_to_february_begins_with_the_year_and_an_annual_return_too_a18(check):
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_register="""
            receipt_no unit_row credit_code first_registered_date licence_valid_to_date exit_date
            1          4        A           2025-03-01            -                     -
            1          5        B           2020-01-01            -                     2025-01-01
            1          6        C           2020-01-01            -                     2024-12-31
            2          4        D           2025-01-01            2024-12-30            -
            2          5        E           2024-12-31            -                     2024-01-01
            2          6        F           2020-01-01            -                     2023-12-31
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            3          A           2025-02 true    false
            3          B           2025-02 true    false
            3          C           2025-02 true    false
        """,
        stg_annual_submissions="""
            receipt_no credit_code period is_read
            4          D           2024   true
            4          E           2024   true
            4          F           2024   true
        """,
        expect="""
            credit_code end_date   edit_a18_begin edit_a18_exit edit_a18_licence
            A           2025-02-28 1              -             -
            B           2025-02-28 -1885          0             -
            C           2025-02-28 -1885          1             -
            D           2024-12-31 1              -             1
            E           2024-12-31 0              0             -
            F           2024-12-31 -1826          1             -
        """,
    )


def test_nothing_after_something_in_the_same_year_is_asked_about(check):
    """A's last figures above zero are February's; B had none, C's are the month's, D's another year's."""
    check(
        "core_submission_edits",
        core_periods=PERIODS + "    2024-12 2024-12-01 2024-12-31\n",
        core_frame_sources=SOURCES + "    2025-07 2025-06         2\n",
        stg_flash_submissions="""
            receipt_no credit_code period  is_read is_zero_report
            1          A           2025-02 true    false
            1          B           2025-02 true    false
            1          C           2025-02 true    false
            2          A           2025-06 true    true
            3          A           2025-07 true    true
            3          B           2025-07 true    true
            3          C           2025-07 true    true
            3          D           2025-07 true    true
            4          D           2024-12 true    false
            5          A           2025-07 true    false
            6          E           2025-07 true    true
            7          E           2025-02 false   false
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code measure_code  value
            1          1        A           placements     ytd           5
            1          2        B           placements     ytd           0
            1          3        B           revenue_booked ytd           -5
            1          4        B           placements     ytd_last_year 5
            1          5        C           placements     month         5
            4          1        D           placements     ytd           5
            7          1        E           placements     ytd           5
        """,
        expect="""
            receipt_no credit_code stated_period edit_zero_report
            1          A           -             0
            1          B           -             0
            1          C           -             0
            2          A           2025-02       1
            3          A           2025-02       1
            3          B           -             0
            3          C           -             0
            3          D           -             0
            4          D           -             0
            5          A           -             0
            6          E           -             0
        """,
    )


def test_an_agency_is_reported_by_one_unit(check):
    """The later one is asked, and again after the first sent a new version; a form and a period each."""
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        ref_reporting_units="""
            reporting_unit_code reporting_unit_name
            500103              渝中区
            500105              江北区
        """,
        stg_files="""
            receipt_no file_name
            1          一.xlsx
            2          二.xlsx
            3          三.xlsx
            4          四.xlsx
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  reporting_unit_code is_read is_zero_report
            1          A           2025-06 500103              true    false
            1          B           2025-06 500103              true    false
            2          A           2025-06 500105              true    false
            2          B           2025-02 500105              true    false
            3          A           2025-06 500103              true    false
            3          B           2025-06 500103              true    false
            3          C           2025-06 500103              false   false
            4          B           2025-06 -                   true    false
            4          C           2025-06 500105              true    false
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code measure_code value
            1          1        A           employers      month        1
            2          1        A           employers      month        2
            3          1        A           employers      month        3
            1          2        B           employers      month        1
            2          2        B           employers      month        2
            3          2        B           employers      month        3
            4          2        B           employers      month        4
            4          3        C           employers      month        5
        """,
        stg_annual_submissions="""
            receipt_no credit_code period reporting_unit_code is_read
            5          A           2024   500105              true
        """,
        expect="""
            receipt_no credit_code other_unit_name other_file_name edit_two_units
            1          A           -               -               0
            1          B           -               -               0
            2          A           渝中区          一.xlsx         1
            2          B           -               -               0
            3          A           江北区          二.xlsx         1
            3          B           -               -               0
            4          B           -               -               0
            4          C           -               -               0
            5          A           -               -               0
        """,
    )


def test_identical_figures_ask_nothing_and_different_ones_of_one_look_do(check):
    """A: another unit sent the same, B: 2 leaves a figure out; of the same unit only 3 and 4 differ.

    C was sent again an hour later, D says zero report once, E's unit is unknown in 4.
    """
    check(
        "core_submission_edits",
        core_periods=PERIODS,
        core_frame_sources=SOURCES,
        stg_files="""
            receipt_no file_name
            1          一.xlsx
            2          二.xlsx
            3          三.xlsx
            4          四.xlsx
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  first_seen_at       reporting_unit_code is_read is_zero_report
            1          A           2025-06 2025-07-10T08:00:00 500103              true    false
            1          B           2025-06 2025-07-10T08:00:00 500103              true    false
            1          C           2025-06 2025-07-10T08:00:00 500103              true    false
            2          A           2025-06 2025-07-10T08:00:00 500105              true    false
            2          B           2025-06 2025-07-10T08:00:00 500105              true    false
            2          C           2025-06 2025-07-10T09:00:00 500103              true    false
            3          A           2025-06 2025-07-10T08:00:00 500103              true    false
            3          D           2025-06 2025-07-10T08:00:00 500103              true    false
            3          E           2025-06 2025-07-10T08:00:00 500103              true    false
            4          A           2025-06 2025-07-10T08:00:00 500103              true    false
            4          D           2025-06 2025-07-10T08:00:00 500103              true    true
            4          E           2025-06 2025-07-10T08:00:00 -                   true    false
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code measure_code value
            1          1        A           employers      month        1
            1          2        B           employers      month        1
            1          3        B           employers      ytd          7
            1          4        C           employers      month        1
            2          1        A           employers      month        1
            2          2        B           employers      month        1
            2          3        C           employers      month        2
            3          1        A           employers      month        1
            3          2        E           employers      month        1
            4          1        A           employers      month        2
            4          2        E           employers      month        2
        """,
        expect="""
            receipt_no credit_code edit_two_units other_file_name edit_simultaneous simultaneous_file_name
            1          A           0              -               0                 -
            1          B           0              -               0                 -
            1          C           0              -               0                 -
            2          A           0              -               0                 -
            2          B           1              一.xlsx         0                 -
            2          C           0              -               0                 -
            3          A           0              -               0                 -
            3          D           0              -               0                 -
            3          E           0              -               0                 -
            4          A           1              二.xlsx         1                 三.xlsx
            4          D           0              -               1                 三.xlsx
            4          E           0              -               1                 三.xlsx
        """,
    )
