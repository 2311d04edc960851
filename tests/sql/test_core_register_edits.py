# ruff: noqa: E501 - a row of a table stays on one line
"""core_register_edits: a register held against itself and the register of the month before."""


def test_agencies_in_business_of_one_name_a01(check):
    """C has left, E stands in another register."""
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period agency_name exit_date
            1          4        A           2025-06         甲公司      -
            1          5        B           2025-06         甲公司      -
            1          6        C           2025-06         甲公司      2025-06-01
            1          7        D           2025-06         乙公司      -
            1          8        F           2025-06         -           -
            1          9        G           2025-06         -           -
            2          4        E           2025-06         乙公司      -
            2          5        H           2025-06         丙公司      -
            2          6        I           2025-06         丙公司      -
            2          7        J           2025-06         丙公司      -
        """,
        expect="""
            receipt_no credit_code edit_a01 namesake_code
            1          A           1        B
            1          B           1        A
            1          C           -        A
            1          D           0        D
            1          F           -        -
            1          G           -        -
            2          E           0        E
            2          H           2        J
            2          I           2        H
            2          J           2        H
        """,
    )


def test_introducing_people_to_jobs_takes_a_licence_a12(check):
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period institution_group licence_kind business_line
            1          4        A           2025-06         market            filed        recruitment
            1          5        B           2025-06         market            filed        headhunting
            1          6        C           2025-06         market            filed        training
            1          7        D           2025-06         market            licensed     recruitment
            1          8        E           2025-06         public            filed        recruitment
            1          9        F           2025-06         market            -            recruitment
            1          10       G           2025-06         market            filed        -
        """,
        expect="""
            credit_code edit_a12
            A           1
            B           1
            C           0
            D           0
            E           0
            F           -
            G           -
        """,
    )


def test_days_that_dates_stand_out_of_order_a18(check):
    """Positive days break the order; the month's last day still belongs to it, in leap years too."""
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period first_registered_date licence_valid_to_date exit_date
            1          4        A           2024-02         2024-02-29            2024-02-29            -
            1          5        B           2024-02         2024-03-01            2024-02-28            -
            1          6        C           2024-02         2024-01-10            2024-01-31            2024-01-10
            1          7        D           2024-02         2024-01-10            -                     2024-01-09
            1          8        E           2024-02         -                     -                     2024-01-09
            1          9        F           2024-02         2024-01-31            2027-01-30            -
        """,
        expect="""
            credit_code edit_a18_begin edit_a18_exit edit_a18_licence
            A           0              -             0
            B           1              -             1
            C           -50            0             -
            D           -50            1             -
            E           -              -             -
            F           -29            -             -1066
        """,
    )


REGISTER_OF_MAY = """
    1          4        A           2025-05         甲公司      2020-01-01            -
    1          5        B           2025-05         乙公司      2020-01-01            -
    1          6        C           2025-05         丙公司      2020-01-01            2025-05-10
"""
COLUMNS = """
    receipt_no unit_row credit_code register_period agency_name first_registered_date exit_date
"""


def test_new_agencies_began_since_the_register_before_and_none_is_lost_a20(check):
    """Of May B is lost; C had left. D is new, E missed, F undated, and G began on May's last day."""
    check(
        "core_register_edits",
        stg_register=f"""
            {COLUMNS.strip()}
            {REGISTER_OF_MAY}
            2          4        A           2025-06         甲公司      2020-01-01            2025-06-15
            2          5        D           2025-06         丁公司      2025-06-01            -
            2          6        E           2025-06         戊公司      2020-01-01            -
            2          7        F           2025-06         己公司      -                     -
            2          8        G           2025-06         庚公司      2025-05-31            -
        """,
        expect="""
            receipt_no unit_row credit_code register_period agency_name previous_period edit_a20_new edit_a20_lost edit_a01
            1          4        A           2025-05         甲公司      -               -            0             0
            1          5        B           2025-05         乙公司      -               -            0             0
            1          6        C           2025-05         丙公司      -               -            0             -
            2          4        A           2025-06         甲公司      2025-05         0            0             -
            2          0        B           2025-06         乙公司      2025-05         -            1             -
            2          5        D           2025-06         丁公司      2025-05         0            0             0
            2          6        E           2025-06         戊公司      2025-05         1            0             0
            2          7        F           2025-06         己公司      2025-05         -            0             0
            2          8        G           2025-06         庚公司      2025-05         1            0             0
        """,
    )


def test_a_register_that_only_goes_on_has_no_edits_a20(check):
    """C, which has left, stays listed; B has left since."""
    check(
        "core_register_edits",
        stg_register=f"""
            {COLUMNS.strip()}
            {REGISTER_OF_MAY}
            2          4        A           2025-06         甲公司      2020-01-01            -
            2          5        B           2025-06         乙公司      2020-01-01            2025-06-20
            2          6        C           2025-06         丙公司      2020-01-01            2025-05-10
        """,
        expect="""
            receipt_no credit_code edit_a20_new edit_a20_lost
            1          A           -            0
            1          B           -            0
            1          C           -            0
            2          A           0            0
            2          B           0            0
            2          C           0            0
        """,
    )


def test_a_register_is_held_against_the_last_one_of_the_latest_month_before_a20(check):
    """May came twice, the second time without B; June came twice, and April came last of all."""
    check(
        "core_register_edits",
        stg_register=f"""
            {COLUMNS.strip()}
            {REGISTER_OF_MAY}
            2          4        A           2025-05         甲公司      2020-01-01            -
            3          4        B           2025-06         乙公司      2020-01-01            -
            4          4        A           2025-06         甲公司      2020-01-01            -
            5          4        A           2025-04         甲公司      2020-01-01            -
            6          4        A           2025-08         甲公司      2020-01-01            -
        """,
        expect="""
            receipt_no credit_code register_period previous_period edit_a20_new edit_a20_lost
            1          A           2025-05         2025-04         0            0
            1          B           2025-05         2025-04         1            0
            1          C           2025-05         2025-04         1            0
            2          A           2025-05         2025-04         0            0
            3          A           2025-06         2025-05         -            1
            3          B           2025-06         2025-05         1            0
            4          A           2025-06         2025-05         0            0
            5          A           2025-04         -               -            0
            6          A           2025-08         2025-06         0            0
        """,
    )


def test_what_messages_and_strata_need_is_kept(check):
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period agency_name stratum_code business_line first_registered_date licence_valid_to_date exit_date
            1          4        A           2025-05         甲公司      LAR          dispatch      2020-01-01            2026-01-01            -
            1          5        B           2025-05         乙公司      -            training      2020-01-02            2026-01-02            2025-05-01
            2          4        B           2025-06         乙公司      -            training      2020-01-02            2026-01-02            2025-05-01
        """,
        expect="""
            receipt_no credit_code stratum_code business_line first_registered_date licence_valid_to_date exit_date
            1          A           LAR          dispatch      2020-01-01            2026-01-01            -
            1          B           -            training      2020-01-02            2026-01-02            2025-05-01
            2          A           LAR          dispatch      2020-01-01            2026-01-01            -
            2          B           -            training      2020-01-02            2026-01-02            2025-05-01
        """,
    )


def test_a_type_and_a_size_that_were_read_belong_to_a_stratum(check):
    """What could not be read was asked about already; a lost agency has no row to be asked about."""
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period institution_group size_class   stratum_code exit_date
            1          4        A           2025-05         market            unclassified -            -
            1          5        B           2025-05         market            large        LAR          -
            1          6        C           2025-05         market            -            -            -
            1          7        D           2025-05         -                 large        -            -
            1          8        E           2025-05         public            unclassified PUB          -
            2          4        B           2025-06         market            large        LAR          -
        """,
        expect="""
            receipt_no credit_code edit_no_stratum edit_a20_lost
            1          A           1               0
            1          B           0               0
            1          C           -               0
            1          D           -               0
            1          E           0               0
            2          A           -               1
            2          B           0               0
            2          C           -               1
            2          D           -               1
            2          E           -               1
        """,
    )


def test_townships_that_do_not_tell_where_an_agency_belongs(check):
    """渝北 is divided: B's 街镇 does not tell, C has left; after the change nothing is asked."""
    check(
        "core_register_edits",
        ref_geographies="""
            geography valid_to
            2020      2026-01
            2025      -
        """,
        core_recoded_areas="""
            coded_geography district_code township geography area_code is_township_known
            2020            500112        大湾镇   2025      500109    true
            2020            500112        不详     2025      UNPLACED  false
            2025            500157        不详     2020      UNPLACED  false
        """,
        stg_register="""
            receipt_no unit_row credit_code register_period district_code township exit_date
            1          4        A           2025-12         500112        大湾镇   -
            1          5        B           2025-12         500112        不详     -
            1          6        C           2025-12         500112        不详     2025-10-01
            1          7        D           2025-12         500103        不详     -
            2          4        E           2026-02         500157        不详     -
        """,
        expect="""
            receipt_no credit_code edit_township
            1          A           0
            1          B           1
            1          C           0
            1          D           0
            2          A           -
            2          B           -
            2          D           -
            2          E           0
        """,
    )


def test_a_register_against_the_events_since_the_one_before(check):
    """A left in June as was told, B as of July; C's exit was told in May already; D moved back."""
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period agency_name district_code exit_date  exit_kind
            1          4        A           2025-05         甲          500101        -          -
            1          5        B           2025-05         乙          500101        -          -
            1          6        C           2025-05         丙          500101        -          -
            1          7        D           2025-05         丁          500101        -          -
            2          4        A           2025-06         甲          500101        -          -
            2          5        B           2025-06         乙          500101        2025-06-10 exited
            2          6        C           2025-06         丙          500101        2025-06-11 exited
            2          7        D           2025-06         丁          500101        -          -
        """,
        stg_register_events="""
            receipt_no unit_row changed_code event_date event_order event_content new_name district_code exit_claim is_in_force
            3          4        A            2025-06-15 2           a             -        -             revoked    true
            3          5        A            2025-06-14 10          b             甲新     -             -          true
            3          6        B            2025-06-10 1           c             -        -             deregistered true
            3          7        C            2025-05-31 1           d             -        -             deregistered true
            3          8        D            2025-06-01 6           e             -        500103        none       true
            3          9        D            2025-06-02 6           f             -        500101        none       true
            3          10       D            2025-06-03 1           g             -        -             revoked    false
        """,
        ref_areas="""
            area_code area_name
            500101    万州区
            500103    渝中区
        """,
        expect="""
            receipt_no credit_code edit_event_exit event_exit_date edit_event_name edit_event_place event_district_name edit_exit_kind
            1          A           -               -               -               -                -                   -
            1          B           -               -               -               -                -                   -
            1          C           -               -               -               -                -                   -
            1          D           -               -               -               -                -                   -
            2          A           1               2025-06-15      1               -                -                   0
            2          B           0               2025-06-10      -               -                -                   0
            2          C           -               -               -               -                -                   1
            2          D           -               -               -               0                万州区              -
        """,
    )


def test_a_move_told_in_a_district_that_has_ended_is_not_held_against_the_register(check):
    """J moved to 江北, B to 北碚, K to 渝中; the register of 2026-02 has all in 两江新区."""
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period district_code
            1          4        J           2025-12         500101
            1          5        K           2025-12         500101
            1          6        B           2025-12         500101
            2          4        J           2026-02         500157
            2          6        B           2026-02         500157
            2          5        K           2026-02         500157
        """,
        stg_register_events="""
            receipt_no unit_row changed_code event_date event_order event_content district_code is_in_force
            3          4        J            2026-01-15 6           a             500105        true
            3          5        K            2026-01-15 6           b             500103        true
            3          6        B            2026-01-15 6           c             500109        true
        """,
        ref_geographies="""
            geography valid_from valid_to
            2020      -          2026-01
            2025      2026-02    -
        """,
        ref_area_successions="""
            coded_geography district_code geography area_code
            2020            500109        2025      500157
            2020            500109        2025      500109
        """,
        ref_areas="""
            area_code area_name valid_to
            500103    渝中区    -
            500105    江北区    2026-01
            500109    北碚区    -
        """,
        expect="""
            receipt_no credit_code edit_event_place event_district_name
            1          B           -                -
            1          J           -                -
            1          K           -                -
            2          B           0                北碚区
            2          J           -                -
            2          K           1                渝中区
        """,
    )


def test_branches_newcomers_and_who_holds_nothing(check):
    """B's parent is there, C's has left, D's is unknown in the city, E's is elsewhere, F's has no code.

    B and D are new since May's register, C and E were in it.
    """
    check(
        "core_register_edits",
        stg_register="""
            receipt_no unit_row credit_code register_period institution_group licence_kind  parent_code        parent_name exit_date
            1          4        A           2025-05         market            filed         -                  -           -
            2          4        91500000A   2025-06         market            filed         -                  -           -
            2          5        B           2025-06         market            filed         91500000A          -           -
            2          6        C           2025-06         market            none_required 91500000X          -           -
            2          7        D           2025-06         public            none_required 91500000Y          -           -
            2          8        E           2025-06         market            filed         91110000Y          -           -
            2          9        F           2025-06         market            filed         -                  总公司      -
            2          10       91500000X   2025-06         market            filed         -                  -           2025-06-30
        """,
        core_register_changes="""
            credit_code change_date change_kind doubt_code         changed_field   related_code
            B           2025-06-01  new         new_code           register_status A
            C           2025-05-31  new         new_code           register_status A
            D           2025-06-30  new         namesake_elsewhere register_status B
            E           2025-05-31  new         namesake_elsewhere register_status B
            F           2025-06-15  unlisted    lost_without_exit  register_status -
        """,
        expect="""
            receipt_no credit_code edit_parent edit_no_licence edit_new_code edit_elsewhere related_code
            1          A           0           0               0             0              -
            2          91500000A   0           0               0             0              -
            2          91500000X   0           0               0             0              -
            2          A           -           -               -             -              -
            2          B           0           0               1             0              A
            2          C           1           1               0             0              -
            2          D           1           0               0             1              B
            2          E           0           0               0             0              -
            2          F           1           0               0             0              -
        """,
    )
