# ruff: noqa: E501 - a row of a table stays on one line
"""core_register_event_edits: events held against the registers and against each other."""

REGISTER = """
    receipt_no unit_row credit_code register_period first_registered_date exit_date
    1          4        A           2025-05         2020-01-02            -
    1          5        B           2025-05         2020-01-02            2025-05-10
    2          4        A           2025-06         2020-01-02            -
"""
COLUMNS = "receipt_no unit_row changed_code event_type change_kind event_date new_name district_code licence_no successor_code event_content is_in_force"


def test_events_against_the_registers(check):
    """B had left, C was never there, D begins in another row (on a day not told); a second A of one day says otherwise."""
    check(
        "core_register_event_edits",
        stg_register=REGISTER,
        stg_register_events=f"""
            {COLUMNS}
            3          4        A            new          new          2025-06-15 甲       -             -          -              a             true
            3          5        B            new          new          2025-06-15 乙       -             -          -              b             true
            3          6        C            suspended    suspended    2025-06-15 -        -             -          -              c             true
            3          7        D            new          new          2025-06-15 丁       -             -          -              d             true
            3          8        D            suspended    suspended    2025-06-14 -        -             -          -              e             true
            3          9        A            renamed      renamed      2020-01-01 -        -             -          -              f             true
            3          10       A            merged       merged       2025-06-15 -        -             -          C              g             true
            3          11       A            merged       merged       2025-06-15 -        -             -          D              h             true
            4          4        A            merged       merged       2025-06-15 -        -             -          B              i             false
            4          5        A            relicensed   recoded      2025-06-15 -        -             -          E              j             true
            4          6        E            renamed      renamed      2025-06-16 戊       -             -          -              k             true
        """,
        expect="""
            receipt_no unit_row edit_unknown edit_a18_event edit_standing edit_no_value edit_survivor edit_conflict
            3          4        0            -              1             1             -             0
            3          5        0            -              0             1             -             0
            3          6        1            -              -             0             -             0
            3          7        0            -              0             1             -             0
            3          8        0            -              -             0             -             0
            3          9        0            1              -             1             -             0
            3          10       0            -1991          -             0             1             1
            3          11       0            -1991          -             0             0             1
            4          4        0            -1991          -             0             0             0
            4          5        0            -1991          -             0             -             0
            4          6        0            -1             -             0             -             0
        """,
    )
