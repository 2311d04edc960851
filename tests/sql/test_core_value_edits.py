# ruff: noqa: E501 - a row of a table stays on one line
"""core_value_edits: a figure held against itself, the period before, and the year before."""

from typing import Any

import pytest

INDICATORS = """
    indicator_code     unit measure_type
    revenue_booked     元   flow
    placements         人次 flow
    dispatched_workers 人   stock
    staff              人   stock
"""
PERIODS = """
    period  year period_type is_first_period previous_period
    2024-11 2024 M           false           -
    2024-12 2024 M           false           2024-11
    2025-02 2025 M2          true            -
    2025-03 2025 M           false           2025-02
    2025-04 2025 M           false           2025-03
    2025-06 2025 M           false           -
"""

SETTINGS = """
    annual_flash_pct annual_flash_least
    10               10
"""


@pytest.fixture
def check_values(check):
    """Check the edits of values in submissions given as receipt -> agencies; all are read."""

    def check_one(
        values: str, expect: str, flash: dict[int, str] | None = None, annual: Any = None
    ) -> None:
        check(
            "core_value_edits",
            ref_indicators=INDICATORS,
            core_periods=PERIODS,
            stg_flash_submissions=submissions(flash or {}),
            stg_annual_submissions=submissions(annual or {}),
            stg_values=values,
            ref_settings=SETTINGS,
            expect=expect,
        )

    return check_one


def submissions(receipts: dict[int, str]) -> list[dict[str, Any]]:
    """Return a submission for each word `agency` after the period: {1: "2025-03 A B"}."""
    return [
        {"receipt_no": receipt, "credit_code": agency, "period": words.split()[0], "is_read": True}
        for receipt, words in receipts.items()
        for agency in words.split()[1:]
    ]


def test_the_first_period_of_a_year_is_its_own_cumulative_a13(check_values):
    """Money is compared as printed, in 万元: 150元 of rounding is 0.015."""
    check_values(
        flash={1: "2025-02 A B C D"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code value   unit
            1          1        A           revenue_booked     month        3000000 元
            1          2        A           revenue_booked     ytd          3000150 元
            1          3        A           placements         month        30      人次
            1          4        A           placements         ytd          30      人次
            1          5        B           placements         month        30      人次
            1          6        B           placements         ytd          29      人次
            1          7        C           placements         ytd          30      人次
            1          8        D           dispatched_workers month        7       人
            1          9        D           dispatched_workers ytd          8       人
        """,
        expect="""
            value_no compared_receipt_no value_before month_value edit_a13 edit_a13_month
            2        0                   0            3000000     0.015    -
            6        0                   0            30          -1       -
        """,
    )


def test_a_cumulative_goes_on_from_the_period_before_a13(check_values):
    """March adds to 1—2月, April corrects March by -20, and June has no May to go on from."""
    check_values(
        flash={1: "2025-02 A", 2: "2025-03 A", 3: "2025-04 A", 4: "2025-06 A"},
        values="""
            receipt_no value_no credit_code indicator_code measure_code value unit
            1          1        A           placements     ytd          300   人次
            2          1        A           placements     month        200   人次
            2          2        A           placements     ytd          500   人次
            3          1        A           placements     month        100   人次
            3          2        A           placements     ytd          580   人次
            4          1        A           placements     month        10    人次
            4          2        A           placements     ytd          900   人次
        """,
        expect="""
            receipt_no value_no compared_receipt_no value_before month_value edit_a13
            3          1        2                   -            -           -
            3          2        2                   500          100         -20
        """,
    )


def test_each_version_of_the_period_before_is_compared_with_a13(check_values):
    """Of A both versions of March; the agencies and indicators of others say nothing of it."""
    check_values(
        flash={1: "2025-03 A B", 2: "2025-03 A", 3: "2025-04 A C", 4: "2025-04 A"},
        values="""
            receipt_no value_no credit_code indicator_code measure_code value unit
            1          1        A           placements     ytd          500   人次
            1          2        B           placements     ytd          900   人次
            2          1        A           placements     ytd          510   人次
            3          1        A           placements     month        100   人次
            3          2        A           placements     ytd          600   人次
            3          3        A           revenue_booked ytd          600   元
            3          4        C           placements     ytd          600   人次
            4          1        A           placements     ytd          610   人次
        """,
        expect="""
            receipt_no value_no compared_receipt_no compared_period value_before month_value edit_a13 compared_words
            3          2        2                   2025-03         510          100         -10      上期
        """,
    )


def test_growth_of_a_month_needs_a_month_before_it_a15(check_values):
    """March has two months before it; a stock is not asked about."""
    check_values(
        flash={1: "2025-02 A", 2: "2025-03 A", 3: "2025-04 A"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code value unit
            1          1        A           placements         month        400   人次
            1          2        A           dispatched_workers month        40    人
            2          1        A           placements         month        100   人次
            2          2        A           dispatched_workers month        80    人
            3          1        A           placements         month        151   人次
            3          2        A           dispatched_workers month        160   人
        """,
        expect="""
            receipt_no value_no compared_receipt_no compared_value edit_a15 edit_a15_power
            3          1        2                   100            51       0
        """,
    )


def test_growth_over_the_year_before_as_the_agency_states_it_a15(check_values):
    check_values(
        flash={1: "2025-06 A B C D E F G"},
        values="""
            receipt_no value_no credit_code indicator_code measure_code  value unit
            1          1        A           placements     ytd           150   人次
            1          2        A           placements     ytd_last_year 100   人次
            1          3        A           placements     month         900   人次
            1          4        B           placements     ytd           49    人次
            1          5        B           placements     ytd_last_year 100   人次
            1          6        C           placements     ytd           0     人次
            1          7        C           placements     ytd_last_year 100   人次
            1          8        D           placements     ytd           100   人次
            1          9        D           placements     ytd_last_year 0     人次
            1          10       E           placements     ytd           100   人次
            1          11       E           placements     ytd_last_year -100  人次
            1          12       F           placements     ytd           100   人次
            1          13       G           placements     ytd           -40   人次
            1          14       G           placements     ytd_last_year 100   人次
        """,
        expect="""
            value_no compared_value edit_a15 edit_a15_power edit_a14 edit_a13_month edit_a19 edit_a19_reversible
            1        100            50       0              -        -750           0        -
            4        100            -51      0              -        0              0        -
            6        100            -100     0              -        0              0        -
            11       -              -        0              -        0              -        -100
            13       100            -140     0              -        0              -40      -
        """,
    )


@pytest.mark.parametrize(
    ("value", "power", "growth"),
    [
        ("1000", 1, None),
        ("1099", 1, None),
        ("1101", 0, 1001),
        ("910", 1, None),
        ("909", 0, 809),
        ("109", 0, 9),
        ("320", 0, 220),
        ("10", -1, None),
        ("10.99", -1, None),
        ("11.01", 0, -88.99),
        ("9.1", -1, None),
        ("9.09", 0, -90.91),
        ("1000000", 4, None),
        ("0.0105", -4, None),
        ("0.0112", 0, -99.9888),
        ("0", 0, -100),
        ("-1000", 0, -1100),
    ],
)
def test_a_jump_near_a_power_of_ten_is_a_slip_of_the_unit_a15(build, value, power, growth):
    """Against 100: near means between ten elevenths and eleven tenths of the power."""
    values = f"""
        receipt_no value_no credit_code indicator_code measure_code  value   unit
        1          1        A           revenue_booked ytd           {value} 元
        1          2        A           revenue_booked ytd_last_year 100     元
    """
    (row, *_) = build(
        "core_value_edits",
        ref_indicators=INDICATORS,
        core_periods=PERIODS,
        stg_flash_submissions=submissions({1: "2025-06 A"}),
        stg_values=values,
    )
    assert row["edit_a15_power"] == power
    assert row["edit_a15"] == (None if growth is None else pytest.approx(growth))


def test_the_size_of_what_is_compared_is_the_larger_as_printed(check_values):
    check_values(
        flash={1: "2025-06 A"},
        values="""
            receipt_no value_no credit_code indicator_code measure_code  value   unit
            1          1        A           revenue_booked ytd           -250000 元
            1          2        A           revenue_booked ytd_last_year 100000  元
            1          3        A           placements     ytd           20      人次
            1          4        A           placements     ytd_last_year 700     人次
        """,
        expect="""
            value_no compared_size
            1        25
            3        700
        """,
    )


def test_an_annual_figure_against_the_flash_reports_of_the_year_a14(check_values):
    """December's sum to date of a flow, its end of month of a stock; no other month, no other year.

    Up to a tenth of the flash figure, and up to ten of its printed units, nothing is said.
    """
    check_values(
        flash={1: "2024-12 A", 2: "2024-11 A", 3: "2024-12 A"},
        annual={4: "2024 A B", 5: "2023 A"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code  value unit
            1          1        A           revenue_booked     ytd           1000000 元
            1          2        A           revenue_booked     month         8     元
            1          3        A           dispatched_workers month         50    人
            1          4        A           placements         ytd           0     人次
            1          5        A           revenue_booked     ytd_last_year 800000 元
            2          1        A           revenue_booked     ytd           900000 元
            3          1        A           revenue_booked     ytd           1250000 元
            4          1        A           revenue_booked     annual        1100000 元
            4          2        A           dispatched_workers annual        40    人
            4          3        A           placements         annual        30    人次
            4          4        B           revenue_booked     annual        1100000 元
            5          1        A           revenue_booked     annual        700000 元
            1          6        A           staff              month         50    人
            4          5        A           staff              annual        41    人
        """,
        expect="""
            receipt_no value_no compared_receipt_no compared_words compared_value edit_a14 edit_a15 edit_a15_power
            1          1        0                   上年同期       800000         -        25       0
            1          1        2                   上期           -              -        -        0
            4          1        3                   全年快报累计   1250000        -150000  -        0
            4          1        5                   上年年报       700000         -        57.142857142857 0
            4          2        1                   全年快报累计   50             -10      -        0
            4          3        1                   全年快报累计   0              30       -        0
        """,
    )


def test_an_annual_figure_against_the_returns_of_the_year_before_a15(check_values):
    """Both versions of the year before; not two years before, and not the year after."""
    check_values(
        annual={1: "2023 A", 2: "2023 A", 3: "2024 A", 4: "2022 A"},
        values="""
            receipt_no value_no credit_code indicator_code measure_code value unit
            1          1        A           staff          annual       100   人
            2          1        A           staff          annual       1000  人
            3          1        A           staff          annual       149   人
            3          2        A           placements     annual       149   人次
            4          1        A           staff          annual       -5    人
        """,
        expect="""
            receipt_no value_no compared_receipt_no compared_words compared_value edit_a14 edit_a15 edit_a15_power edit_a13
            3          1        1                   上年年报       100            -        49       0              -
            3          1        2                   上年年报       1000           -        -85.1    0              -
            4          1        0                   上年同期       -              -        -        0              -
        """,
    )


def test_a_figure_below_zero_is_asked_about_once_and_money_of_a_month_apart_a19(check_values):
    check_values(
        flash={1: "2025-03 A", 2: "2025-04 A B"},
        annual={3: "2024 A", 4: "2023 A"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code  value unit
            1          1        A           revenue_booked     month         -7    元
            2          1        A           revenue_booked     month         -5    元
            2          2        A           revenue_booked     ytd           -5.01 元
            2          3        A           revenue_booked     ytd_last_year -3    元
            2          4        A           placements         month         -1    人次
            2          5        A           placements         ytd           0     人次
            2          6        A           dispatched_workers month         4     人
            2          7        B           revenue_booked     month         5     元
            3          1        A           revenue_booked     annual        -2    元
            4          1        A           revenue_booked     annual        -1    元
        """,
        expect="""
            receipt_no value_no compared_receipt_no edit_a19 edit_a19_reversible
            1          1        0                   -        -7
            2          1        0                   -        -5
            2          2        0                   -5.01    -
            2          3        0                   -        -3
            2          4        0                   -1       -
            3          1        0                   -2       -
            4          1        0                   -1       -
        """,
    )


def test_a_value_too_large_to_read_is_there_without_edits(check_values):
    check_values(
        flash={1: "2025-03 A", 2: "2025-04 A"},
        values="""
            receipt_no value_no credit_code indicator_code measure_code value unit
            1          1        A           placements     month        10    人次
            2          1        A           placements     month        -     人次
            2          2        A           placements     ytd          -     人次
        """,
        expect="""
            receipt_no value_no compared_receipt_no value compared_value edit_a13 edit_a15 edit_a15_power
            2          1        0                   -     -              -        -        0
            2          2        0                   -     -              -        -        0
        """,
    )


def test_files_not_read_are_neither_judged_nor_compared_with(check):
    check(
        "core_value_edits",
        ref_indicators=INDICATORS,
        core_periods=PERIODS,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read
            1          A           2025-03 false
            2          A           2025-04 true
        """,
        stg_values="""
            receipt_no value_no credit_code indicator_code measure_code value unit
            1          1        A           placements     ytd          500   人次
            2          1        A           placements     ytd          600   人次
            2          2        A           placements     month        700   人次
            2          3        B           placements     ytd          600   人次
            2          4        B           placements     month        700   人次
        """,
        expect="""
            receipt_no value_no compared_receipt_no form_code    period  credit_code edit_a13 edit_a13_month
            2          1        0                   flash_report 2025-04 A           -        -100
        """,
    )


def test_what_needs_no_judging_stays_out(check_values):
    """Two sound months and a sound year; of two figures that changed, only the one asked about."""
    check_values(
        flash={1: "2025-03 A", 2: "2025-04 A"},
        annual={3: "2024 A"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code  value unit
            1          1        A           placements         month         100   人次
            1          2        A           placements         ytd           300   人次
            1          3        A           dispatched_workers month         5     人
            2          1        A           placements         month         100   人次
            2          2        A           placements         ytd           400   人次
            2          3        A           dispatched_workers month         500   人
            2          4        A           placements         ytd_last_year 400   人次
            3          1        A           staff              annual        0     人
        """,
        expect="""
            receipt_no value_no compared_receipt_no
        """,
    )


def test_a_count_to_date_holds_its_own_month_a13(check_values):
    """Money may be reversed in earlier months; the first period's sum to date is told by edit_a13."""
    check_values(
        flash={1: "2025-06 A", 2: "2025-02 B"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code  value unit
            1          1        A           placements         month         31    人次
            1          2        A           placements         ytd           29    人次
            1          3        A           revenue_booked     month         31    元
            1          4        A           revenue_booked     ytd           29    元
            1          5        A           placements         ytd_last_year 29    人次
            2          1        B           placements         month         31    人次
            2          2        B           placements         ytd           29    人次
        """,
        expect="""
            receipt_no value_no compared_receipt_no edit_a13 edit_a13_month
            1          2        0                   -        -2
            2          2        0                   -2       -
        """,
    )


def test_a_cumulative_is_at_least_that_of_the_last_report_of_the_year_a13(check_values):
    """June follows March: May and April are missing. Of March both versions; last year's says nothing."""
    check_values(
        flash={
            1: "2025-02 A",
            2: "2025-03 A",
            3: "2025-03 A",
            4: "2025-06 A B",
            5: "2024-12 B",
            6: "2025-02 C",
            7: "2025-04 C",
        },
        values="""
            receipt_no value_no credit_code indicator_code     measure_code  value  unit
            1          1        A           placements         ytd           700    人次
            2          1        A           placements         ytd           800    人次
            2          2        A           revenue_booked     ytd           800000 元
            2          3        A           placements         month         10     人次
            3          1        A           placements         ytd           801    人次
            4          1        A           placements         ytd           800    人次
            4          2        A           revenue_booked     ytd           799000 元
            4          3        A           placements         month         99     人次
            4          4        B           placements         ytd           5      人次
            5          1        B           placements         ytd           900    人次
            6          1        C           placements         ytd           70     人次
            7          1        C           placements         ytd           80     人次
        """,
        expect="""
            receipt_no value_no compared_receipt_no compared_period value_before compared_value edit_a13 edit_a13_gap
            2          1        1                   2025-02         700          -              90       -
            4          1        3                   2025-03         801          -              -        -1
            4          2        2                   2025-03         800000       -              -        -0.1
        """,
    )


def test_money_below_zero_in_the_first_sum_to_date_of_a_year_may_be_reversed_a19(check_values):
    check_values(
        flash={1: "2025-02 A", 2: "2025-03 B"},
        values="""
            receipt_no value_no credit_code indicator_code     measure_code  value unit
            1          1        A           revenue_booked     month         -5    元
            1          2        A           revenue_booked     ytd           -5    元
            1          3        A           placements         ytd           -5    人次
            2          1        B           revenue_booked     ytd           -5    元
        """,
        expect="""
            receipt_no value_no compared_receipt_no edit_a19 edit_a19_reversible
            1          1        0                   -        -5
            1          2        0                   -        -5
            1          3        0                   -5       -
            2          1        0                   -5       -
        """,
    )
