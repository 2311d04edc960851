# ruff: noqa: E501 - a row of a table stays on one line
"""core_unit_slips: most money of a report off by the same power of ten."""

from typing import Any

import pytest

from tests.sql.conftest import read_cells

PERIODS = """
    period  period_type elapsed_share
    2024-12 M           1
    2025-02 M2          0.16
    2025-03 M           0.25
    2025-04 M           0.33
    2025-06 M           0.5
"""


def submissions(**receipts: str) -> list[dict[str, Any]]:
    """Return read submissions of A from r1="2025-03"."""
    return [
        {"receipt_no": int(name[1:]), "credit_code": "A", "period": period, "is_read": True}
        for name, period in receipts.items()
    ]


def money(text: str) -> list[dict[str, Any]]:
    return [{**cell, "unit": "元"} for cell in read_cells(text)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2_000_000, 150_000, 40_000), [(3, 3, 4, "以元为单位填写")]),
        ((2_000_000, 150_000, 3), [(3, 2, 4, "以元为单位填写")]),  # most are enough
        ((2_000_000, 20, 3), []),
        ((2_000_000, 0, 0), []),  # one figure is a matter of its own, and 0 cannot be compared
        ((1000, 100, 30), [(3, 3, 1, "以千元为单位填写")]),
        ((800, 100, 30), [(3, 2, 1, "以千元为单位填写")]),
        ((700, 130, 38), []),  # growth, if strong
        ((18_000, 2_000, 600), [(3, 3, 2, "以百元为单位填写")]),
        ((0.01, 0.001, 0.0003), [(3, 3, -4, "以亿元为单位填写，或当时以元为单位填写")]),
        ((100_000, 10_000, 3_000), [(3, 3, 3, "的位数写错")]),
    ],
)
def test_most_figures_off_by_one_power_are_a_slip_of_the_report(build, now, expected):
    """Against 100, 10 and 3 in the month before: the nearest power counts."""
    rows = build(
        "core_unit_slips",
        core_periods=PERIODS,
        stg_flash_submissions=submissions(r1="2025-03", r2="2025-04"),
        stg_values=money(f"""
            receipt_no credit_code measure_code revenue_booked pass_through_booked revenue_incl_other
            1          A           month        100            10                  3
            2          A           month        {now[0]}       {now[1]}            {now[2]}
        """),
    )
    found = [
        (row["figure_count"], row["slipped_count"], row["edit_a15_report"], row["suspected_words"])
        for row in rows
    ]
    # A figure of 0 cannot be compared.
    assert found == expected


def test_what_was_reported_last_is_compared_month_for_month(check):
    """1—2月 against December, and June against 1—2月, in the month's column and to date."""
    check(
        "core_unit_slips",
        core_periods=PERIODS,
        stg_flash_submissions=submissions(r1="2024-12", r2="2025-02", r3="2025-06"),
        stg_values=money("""
            receipt_no credit_code measure_code  revenue_booked pass_through_booked
            1          A           month         100            10
            1          A           ytd           1200           120
            2          A           month         2000000        200000
            2          A           ytd           2000000        200000
            2          A           ytd_last_year 1900000        190000
            3          A           month         110            11
            3          A           ytd           600            60
        """),
        expect="""
            receipt_no measure_code compared_receipt_no compared_period edit_a15_report direction_words compared_words
            2          month        1                   2024-12         4               大              上期
            2          ytd          1                   2024-12         4               大              上期
            3          month        2                   2025-02         -4              小              上期
            3          ytd          2                   2025-02         -4              小              上期
        """,
    )


def test_every_version_of_the_last_report_is_compared_with(check):
    """March came twice, first in 元; that it was put right shows in the second comparison only."""
    check(
        "core_unit_slips",
        core_periods=PERIODS,
        stg_flash_submissions=submissions(r1="2025-03", r2="2025-03", r3="2025-04"),
        stg_values=money("""
            receipt_no credit_code measure_code revenue_booked pass_through_booked
            1          A           month        1000000        100000
            2          A           month        100            10
            3          A           month        120            12
        """),
        expect="""
            receipt_no compared_receipt_no edit_a15_report
            3          1                   -4
        """,
    )


def test_an_annual_return_is_compared_with_the_one_before(check):
    check(
        "core_unit_slips",
        stg_annual_submissions=submissions(r1="2022", r2="2024"),
        stg_values=money("""
            receipt_no credit_code measure_code revenue_booked pass_through_booked
            1          A           annual       100            10
            2          A           annual       1300000        110000
        """),
        expect="""
            receipt_no form_code     compared_words edit_a15_report
            2          annual_return 上年年报       4
        """,
    )
