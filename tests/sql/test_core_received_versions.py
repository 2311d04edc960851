"""core_received_versions: the last version neither refused nor held back is accepted."""

PERIODS = """
    period  due_date   is_cut_off_applied
    2025-06 2025-07-18 true
"""


def test_a_refused_newer_version_displaces_nothing(check):
    check(
        "core_received_versions",
        core_periods=PERIODS,
        stg_flash_submissions="""
            receipt_no credit_code period  first_seen_at       is_read
            1          A           2025-06 2025-07-10T08:00:00 true
            2          A           2025-06 2025-07-18T23:59:59 true
            3          A           2025-06 2025-07-19T00:00:00 true
            4          A           2025-06 2025-07-20T08:00:00 false
            1          B           2025-06 2025-07-10T08:00:00 true
            5          A           2025-07 2025-08-10T08:00:00 true
        """,
        stg_annual_submissions="""
            receipt_no credit_code period first_seen_at       is_read
            6          A           2024   2025-02-10T08:00:00 true
        """,
        core_problems="""
            finding_no receipt_no credit_code scope  severity
            1          3          A           agency mandatory
            2          3          A           agency mandatory
            3          2          A           agency review
            4          1          B           agency mandatory
            5          1          -           row    mandatory
        """,
        expect="""
            receipt_no credit_code form_code     period  version_no submission_state is_late
            1          A           flash_report  2025-06 1          superseded       false
            1          B           flash_report  2025-06 1          refused          false
            2          A           flash_report  2025-06 2          accepted         false
            3          A           flash_report  2025-06 3          refused          true
            4          A           flash_report  2025-06 4          refused          true
            5          A           flash_report  2025-07 1          accepted         -
            6          A           annual_return 2024    1          accepted         -
        """,
    )


def notes(build, **given: str) -> dict[tuple[int, str], tuple[int | None, str | None]]:
    return {
        (row["receipt_no"], row["credit_code"]): (row["accepted_receipt_no"], row["version_note"])
        for row in build("core_received_versions", core_periods=PERIODS, **given)
    }


def test_why_a_version_does_not_count(build):
    """Of A, 1 is replaced by what its district sent later; B's file is refused as a whole."""
    found = notes(
        build,
        stg_files="""
            receipt_no file_name
            1          a.xlsx
            2          渝中区.xlsx
            3          b.xlsx
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read reporting_unit_code
            1          A           2025-06 true    500000
            2          A           2025-06 true    500103
            2          C           2025-06 true    500103
            3          B           2025-06 false   500000
        """,
        core_problems="""
            finding_no receipt_no credit_code scope  severity  message
            1          2          C           agency review    请核实。
            2          2          C           agency mandatory 第一条。
            3          2          C           agency mandatory 第二条。
            4          3          B           agency mandatory 不是数字。
            5          3          -           file   mandatory 报告期不符。
        """,
    )
    assert found == {
        (1, "A"): (2, "被第2号文件“渝中区.xlsx”替代。"),
        (2, "A"): (2, None),
        (2, "C"): (None, "退回：第一条。"),
        (3, "B"): (None, "退回：报告期不符。"),
    }


VERSIONS = """
    receipt_no credit_code period  first_seen_at       is_read
    1          A           2025-05 2025-06-20T08:00:00 true
    2          A           2025-05 2025-06-28T08:00:00 true
    3          A           2025-06 2025-07-10T08:00:00 true
    4          B           2025-06 2025-07-23T23:59:00 true
    5          A           2025-06 2025-07-24T00:01:00 true
    6          C           2025-06 2025-07-26T08:00:00 true
    7          D           2025-05 2025-07-26T08:00:00 true
    8          E           2025-06 2025-07-26T08:00:00 false
"""


def test_a_late_version_tells_how_to_correct_the_accepted_one_until_the_lock(build):
    """Of A a version is accepted, of C none; what comes after a lock waits for that alone."""

    def told(locks: str | None) -> dict[tuple[int, str], str | None]:
        rows = build(
            "core_received_versions",
            core_periods="""
                period  cut_off_date is_cut_off_applied
                2025-06 2025-07-23   true
            """,
            stg_flash_submissions=VERSIONS,
            **({} if locks is None else {"stg_locks": locks}),
        )
        return {
            (row["receipt_no"], row["credit_code"]): row["version_note"]
            for row in rows
            if row["submission_state"] == "late"
        }

    assert told(None) == {
        (5, "A"): "逾期，计入下一版次；锁定前要更正已采用的数，请用更正表。",
        (6, "C"): "逾期，计入下一版次。",
        (7, "D"): "逾期，计入下一版次。",
    }
    locked = told("""
        period  locked_at
        2025-06 2025-07-25T09:00:00
    """)
    assert locked[5, "A"] == "逾期，计入下一版次。"
    assert locked[6, "C"] == "已锁定，解锁后才计入。"


def states(build, is_applied: str, **given: str) -> list[str]:
    rows = build(
        "core_received_versions",
        core_periods=f"""
            period  due_date   cut_off_date is_cut_off_applied
            2025-05 2025-06-18 2025-06-23   true
            2025-06 2025-07-18 2025-07-23   {is_applied}
        """,
        stg_flash_submissions=VERSIONS,
        **given,
    )
    return [row["submission_state"] for row in rows]


def test_nothing_that_came_after_the_newest_cut_off_counts_yet(build):
    """A's 2 came after the cut-off of May, before that of June: it counts now. 7 is of May."""
    accepted = ["superseded", "accepted", "accepted", "accepted"]
    assert states(build, "true") == [*accepted, "late", "late", "late", "refused"]


def test_nothing_is_late_where_the_newest_period_was_loaded_afterwards(build):
    found = states(build, "false")
    assert found == [
        *("superseded", "accepted", "superseded", "accepted"),
        *("accepted", "accepted", "accepted", "refused"),
    ]


def test_late_files_count_from_the_first_report_of_the_next_period(build):
    rows = build(
        "core_received_versions",
        core_periods="""
            period  cut_off_date is_cut_off_applied
            2025-06 2025-07-23   true
            2025-07 2025-08-21   true
        """,
        stg_flash_submissions=VERSIONS
        + "    9          A           2025-07 2025-08-05T08:00:00 true",
    )
    assert {row["submission_state"] for row in rows} == {"superseded", "accepted", "refused"}
    assert [row["receipt_no"] for row in rows if row["submission_state"] == "superseded"] == [1, 3]


def test_what_came_after_the_lock_is_kept_and_does_not_count(build):
    """2024 is the annual return's; a file seen at the very moment of the lock still counts."""
    rows = build(
        "core_received_versions",
        stg_locks="""
            period  locked_at
            2025-06 2025-07-20T08:00:00
            2024    2025-03-01T08:00:00
        """,
        stg_flash_submissions="""
            receipt_no credit_code period  first_seen_at       is_read
            1          A           2025-06 2025-07-20T08:00:00 true
            3          A           2025-06 2025-07-20T08:00:01 true
            4          A           2025-05 2025-07-20T08:00:01 true
        """,
        stg_annual_submissions="""
            receipt_no credit_code period first_seen_at       is_read
            2          A           2024   2025-03-02T08:00:00 true
        """,
    )
    assert [(row["receipt_no"], row["submission_state"], row["version_note"]) for row in rows] == [
        (1, "accepted", None),
        (2, "late", "已锁定，解锁后才计入。"),
        (3, "late", "已锁定，解锁后才计入。"),
        (4, "accepted", None),
    ]


def test_nothing_is_late_where_no_cut_off_applies(check):
    check(
        "core_received_versions",
        core_periods=PERIODS.replace("true", "false"),
        stg_flash_submissions="""
            receipt_no credit_code period  first_seen_at       is_read
            1          A           2025-06 2026-01-10T08:00:00 true
        """,
        expect="""
            receipt_no credit_code is_late
            1          A           false
        """,
    )
