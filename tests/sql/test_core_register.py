# ruff: noqa: E501 - a row of a table stays on one line
"""core_register: the history of agencies out of registers and events, by their dates alone."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql.conftest import read_text_table

FILES = """
    receipt_no folder   period  is_read later_receipt_no
    1          register 2024-12 true    -
    2          register 2025-06 true    -
    3          register 2025-12 true    -
"""
REGISTER = """
    receipt_no unit_row credit_code register_period agency_name district_code licence_kind first_registered_date exit_date  exit_kind
    1          4        A           2024-12         甲          500101        filed        2019-05-03            -          -
    1          5        B           2024-12         乙          500101        filed        2019-01-01            -          -
    1          6        C           2024-12         丙          500101        filed        2019-01-01            2023-04-01 revoked
    1          7        D           2024-12         丁          500101        filed        2019-01-01            -          -
    2          4        A           2025-06         甲新        500103        filed        2019-05-03            -          -
    2          5        B           2025-06         乙          500101        filed        2019-01-01            2025-02-20 exited
    2          6        C           2025-06         丙          500101        filed        2019-01-01            2023-04-01 revoked
    2          8        E           2025-06         戊          500101        licensed     2025-03-01            -          -
    3          4        A           2025-12         甲新        500103        filed        2019-05-03            -          -
    3          5        B           2025-12         乙          500101        filed        2019-01-01            2025-02-21 deregistered
    3          6        C           2025-12         丙          500101        filed        2019-01-01            2023-04-01 revoked
    3          7        D           2025-12         丁          500101        filed        2019-01-01            -          -
    3          8        E           2025-12         戊          500101        licensed     2025-03-01            -          -
"""
EVENT_COLUMNS = """
    receipt_no unit_row changed_code is_in_force event_type   change_kind  event_date event_order event_content         new_name district_code institution_type licence_kind first_registered_date successor_code exit_claim   activity_claim
"""


def test_registers_alone(check):
    """A is renamed and moved somewhere in half a year; D is missed once; B left on the day last told."""
    check(
        "core_register",
        stg_files=FILES,
        stg_register=REGISTER,
        expect="""
            credit_code valid_from_date valid_to_date date_basis register_status agency_name district_code
            A           2019-05-03      2025-06-29    registered active          甲          500101
            A           2025-06-30      -             snapshot   active          甲新        500103
            B           2019-01-01      2025-02-20    registered active          乙          500101
            B           2025-02-21      -             exit_date  deregistered    乙          500101
            C           2019-01-01      2023-03-31    registered active          丙          500101
            C           2023-04-01      -             exit_date  revoked         丙          500101
            D           2019-01-01      2025-06-29    registered active          丁          500101
            D           2025-06-30      2025-12-30    snapshot   unlisted        丁          500101
            D           2025-12-31      -             snapshot   active          丁          500101
            E           2025-03-01      -             registered active          戊          500101
        """,
    )


EVENTS = f"""
    {EVENT_COLUMNS.strip()}
    5          4        A            true        renamed      renamed      2025-02-01 10          2025-02-01|10         甲新     -             -                -            -                     -              -            -
    5          5        A            true        moved_in     moved_in     2025-05-01 6           2025-05-01|06         -        500103        -                -            -                     -              none         active
    5          6        B            true        suspended    suspended    2025-01-10 7           2025-01-10|07         -        -             -                -            -                     -              -            suspended
    5          7        D            true        merged       merged       2025-06-10 3           2025-06-10|03         -        -             -                -            -                     A              merged       -
    6          4        E            true        new          new          2025-03-01 5           2025-03-01|05         戊       500101        market_private   filed        2025-03-01            -              none         active
    6          5        E            true        upgraded     upgraded     2025-04-01 12          2025-04-01|12         -        -             -                licensed     -                     -              -            -
    6          6        E            true        lost_contact lost_contact 2025-07-01 8           2025-07-01|08         -        -             -                -            -                     -              -            lost_contact
    6          7        E            true        resumed      resumed      2025-08-01 9           2025-08-01|09         -        -             -                -            -                     -              none         active
    6          8        F            true        new          new          2025-03-05 5           2025-03-05|05         己       500101        market_private   filed        2025-03-05            -              none         active
    7          4        A            true        relicensed   recoded      2026-01-15 11          2026-01-15|11         -        -             -                -            -                     A2             recoded      -
    7          5        E            false       revoked      revoked      2025-09-01 2           2025-09-01|02         -        -             -                -            -                     -              revoked      -
    7          6        G            true        renamed      renamed      2025-09-01 10          2025-09-01|10         庚       -             -                -            -                     -              -            -
"""
EXPECTED = """
    credit_code valid_from_date valid_to_date date_basis register_status agency_name district_code licence_kind successor_code
    A           2019-05-03      2025-01-31    registered active          甲          500101        filed        -
    A           2025-02-01      2025-04-30    event      active          甲新        500101        filed        -
    A           2025-05-01      2026-01-14    event      active          甲新        500103        filed        -
    A           2026-01-15      -             event      recoded         甲新        500103        filed        A2
    A2          2026-01-15      -             event      active          甲新        500103        filed        -
    B           2019-01-01      2025-01-09    registered active          乙          500101        filed        -
    B           2025-01-10      2025-02-20    event      suspended       乙          500101        filed        -
    B           2025-02-21      -             exit_date  deregistered    乙          500101        filed        -
    C           2019-01-01      2023-03-31    registered active          丙          500101        filed        -
    C           2023-04-01      -             exit_date  revoked         丙          500101        filed        -
    D           2019-01-01      2025-06-09    registered active          丁          500101        filed        -
    D           2025-06-10      2025-12-30    event      merged          丁          500101        filed        A
    D           2025-12-31      -             snapshot   active          丁          500101        filed        -
    E           2025-03-01      2025-03-31    event      active          戊          500101        filed        -
    E           2025-04-01      2025-06-30    event      active          戊          500101        licensed     -
    E           2025-07-01      2025-07-31    event      lost_contact    戊          500101        licensed     -
    E           2025-08-01      -             event      active          戊          500101        licensed     -
    F           2025-03-05      2025-06-29    event      active          己          500101        filed        -
    F           2025-06-30      -             snapshot   unlisted        己          500101        filed        -
"""


def test_registers_and_events(check):
    """A later register brings D back; F is in none; G was never registered; E is not revoked."""
    check(
        "core_register",
        stg_files=FILES,
        stg_register=REGISTER,
        stg_register_events=EVENTS,
        expect=EXPECTED,
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(12)), receipts=st.permutations([1, 2, 3]), data=st.data())
def test_the_order_of_arrival_changes_nothing(build, order, receipts, data):
    """Rows of events, receipts of events and receipts of registers permuted: the same register."""
    new_no = dict(zip(("1", "2", "3"), receipts, strict=True))
    files = [{**row, "receipt_no": new_no[row["receipt_no"]]} for row in read_text_table(FILES)[1]]
    register = [
        {**row, "receipt_no": new_no[row["receipt_no"]]} for row in read_text_table(REGISTER)[1]
    ]
    events = read_text_table(EVENTS)[1]
    shuffled = [
        {**events[old], "unit_row": number, "receipt_no": 10 + data.draw(st.integers(0, 3))}
        for number, old in enumerate(order)
    ]
    given_order = build(
        "core_register", stg_files=FILES, stg_register=REGISTER, stg_register_events=EVENTS
    )
    shuffled_order = build(
        "core_register",
        stg_files=files,
        stg_register=data.draw(st.permutations(register)),
        stg_register_events=shuffled,
    )
    assert shuffled_order == given_order


SAME_DAY = f"""
    {EVENT_COLUMNS.strip()}
    5          4        B            true        moved_out    moved_out    2025-07-01 4           2025-07-01|04         -        -             -                -            -                     -              moved_out    -
    6          4        B            true        moved_in     moved_in     2025-07-01 6           2025-07-01|06|500105  -        500105        -                -            -                     -              none         active
    7          4        E            true        renamed      renamed      2025-07-02 10          2025-07-02|10|子      子       -             -                -            -                     -              -            -
    8          4        E            true        renamed      renamed      2025-07-02 10          2025-07-02|10|丑      丑       -             -                -            -                     -              -            -
"""


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(receipts=st.permutations([5, 6, 7, 8]))
def test_of_one_day_type_and_content_decide(build, receipts):
    events = read_text_table(SAME_DAY)[1]
    events = [{**row, "receipt_no": no} for row, no in zip(events, receipts, strict=True)]
    files = [row for row in read_text_table(FILES)[1] if row["period"] != "2025-12"]
    register = [row for row in read_text_table(REGISTER)[1] if row["receipt_no"] != "3"]
    rows = build(
        "core_register", stg_files=files, stg_register=register, stg_register_events=events
    )
    last = {row["credit_code"]: row for row in rows}
    assert (last["B"]["register_status"], last["B"]["district_code"]) == ("active", "500105")
    assert last["E"]["agency_name"] == "子"
