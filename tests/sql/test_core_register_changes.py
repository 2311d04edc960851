# ruff: noqa: E501 - a row of a table stays on one line
"""core_register_changes: what differs between consecutive states, and what of it is doubtful."""

FILES = """
    receipt_no folder   period  is_read
    1          register 2024-12 true
    2          register 2025-06 true
"""
COLUMNS = "credit_code valid_from_date valid_to_date date_basis register_status agency_name district_code licence_kind licence_no size_class parent_code"


def test_every_item_that_changed_and_its_kind(check):
    check(
        "core_register_changes",
        stg_files=FILES,
        core_register=f"""
            {COLUMNS}
            A           2019-01-01      2025-02-09    registered active          甲          500101        filed        1号        micro      -
            A           2025-02-10      2025-03-09    event      active          甲新        500101        licensed     2号        micro      -
            A           2025-03-10      2025-06-29    event      suspended       甲新        500101        licensed     2号        micro      -
            A           2025-06-30      2025-07-09    snapshot   suspended       甲新        500103        licensed     2号        small      P
            A           2025-07-10      2025-08-09    event      active          甲新        500103        licensed     2号        small      P
            A           2025-08-10      -             event      merged          甲新        500103        licensed     2号        small      P
        """,
        expect="""
            change_date change_kind    changed_field   value_before_text value_after_text date_basis doubt_code
            2019-01-01  new            register_status -                 active           registered -
            2025-02-10  relicensed     licence_no      1号               2号              event      -
            2025-02-10  renamed        agency_name     甲                甲新             event      -
            2025-02-10  upgraded       licence_kind    filed             licensed         event      -
            2025-03-10  suspended      register_status active            suspended        event      -
            2025-06-30  parent_changed parent_code     -                 P                snapshot   -
            2025-06-30  reclassified   size_class      micro             small            snapshot   -
            2025-06-30  relocated      district_code   500101            500103           snapshot   -
            2025-07-10  resumed        register_status suspended         active           event      -
            2025-08-10  merged         register_status active            merged           event      -
        """,
    )


def test_doubtful_ones(check):
    """B comes as A of its name leaves; D has E's licence number; F's name lives in another district."""
    check(
        "core_register_changes",
        stg_files=FILES,
        core_register=f"""
            {COLUMNS}
            A           2019-01-01      2025-03-31    registered active          甲          500101        filed        1号        micro      -
            A           2025-04-01      -             exit_date  deregistered    甲          500101        filed        1号        micro      -
            B           2025-04-20      -             registered active          甲          500103        filed        9号        micro      -
            C           2025-07-20      -             registered active          甲          500101        filed        8号        micro      -
            D           2025-05-01      -             registered active          丁          500101        filed        5号        micro      -
            E           2019-01-01      2025-06-29    registered active          戊          500101        filed        5号        micro      -
            E           2025-06-30      2025-07-30    snapshot   unlisted        戊          500101        filed        5号        micro      -
            E           2025-07-31      2025-08-30    snapshot   active          戊          500101        filed        5号        micro      -
            E           2025-08-31      -             exit_date  exited          戊          500101        filed        5号        micro      -
            F           2025-05-01      -             registered active          己          500101        filed        6号        micro      -
            G           2020-05-01      -             registered active          己          500103        filed        7号        micro      -
        """,
        expect="""
            credit_code change_date change_kind  doubt_code         related_code
            A           2019-01-01  new          -                  -
            A           2025-04-01  deregistered -                  -
            B           2025-04-20  new          new_code           A
            C           2025-07-20  new          namesake_elsewhere B
            D           2025-05-01  new          new_code           E
            E           2019-01-01  new          -                  -
            E           2025-06-30  unlisted     lost_without_exit  -
            E           2025-07-31  relisted     back_without_event -
            E           2025-08-31  exited       exit_without_reason -
            F           2025-05-01  new          namesake_elsewhere G
            G           2020-05-01  new          -                  -
        """,
    )


def test_a_change_of_divisions_is_no_move(check):
    """J gets the codes of 两江新区, F loses its functional area; M moved as an event tells, N into 渝中."""
    check(
        "core_register_changes",
        stg_files=FILES,
        ref_geographies="""
            geography valid_from valid_to
            2020      -          2026-01
            2025      2026-02    -
        """,
        ref_area_successions="""
            coded_geography district_code geography area_code
            2020            500105        2025      500157
            2020            500109        2025      500157
            2025            500157        2020      500109
        """,
        ref_reporting_units="""
            reporting_unit_code is_functional_area valid_to
            500103              false              -
            500105              false              2026-01
            CQ-LJXQ-FUNC        true               2026-01
        """,
        core_register="""
            credit_code valid_from_date valid_to_date date_basis register_status district_code reporting_unit_code
            F           2019-01-01      2026-02-27    registered active          500109        CQ-LJXQ-FUNC
            F           2026-02-28      -             snapshot   active          500157        500157
            J           2019-01-01      2026-02-27    registered active          500105        500105
            J           2026-02-28      -             snapshot   active          500157        500157
            M           2019-01-01      2026-02-27    registered active          500109        500109
            M           2026-02-28      -             event      active          500157        500157
            N           2019-01-01      2026-02-27    registered active          500105        500105
            N           2026-02-28      -             snapshot   active          500103        500103
        """,
        expect="""
            credit_code change_date change_kind  changed_field       value_after_text
            F           2019-01-01  new          register_status     active
            F           2026-02-28  redistricted district_code       500157
            F           2026-02-28  redistricted reporting_unit_code 500157
            J           2019-01-01  new          register_status     active
            J           2026-02-28  redistricted district_code       500157
            J           2026-02-28  redistricted reporting_unit_code 500157
            M           2019-01-01  new          register_status     active
            M           2026-02-28  relocated    district_code       500157
            M           2026-02-28  unit_changed reporting_unit_code 500157
            N           2019-01-01  new          register_status     active
            N           2026-02-28  relocated    district_code       500103
            N           2026-02-28  unit_changed reporting_unit_code 500103
        """,
    )
