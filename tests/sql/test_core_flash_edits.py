# ruff: noqa: E501 - a row of a table stays on one line
"""core_flash_edits: what an agency's figures of one measure leave over when held against each other."""

from typing import Any

import numpy as np
import pytest

from tests.sql.conftest import read_cells, submissions_of

PERIODS = """
    period  is_first_period
    2025-02 true
    2025-05 false
    2025-06 false
    2025-07 false
"""
LINES = [
    f"revenue_incl_{line}"
    for line in (
        "recruitment",
        "dispatch",
        "consulting",
        "agency",
        "outsourcing",
        "training",
        "headhunting",
        "assessment",
        "software",
        "other",
    )
]


@pytest.fixture
def check_cells(check):
    """Check the edits of submissions that a text table of figures fills."""

    def check_one(figures: str, expect: str) -> None:
        cells = read_cells(figures)
        check(
            "core_flash_edits",
            core_periods=PERIODS,
            stg_flash_submissions=submissions_of(cells, "2025-06"),
            stg_values=cells,
            expect=expect,
        )

    return check_one


def test_each_read_submission_and_measure_stands_alone(check):
    """上年同期 is left out: a slip in it refuses nothing."""
    check(
        "core_flash_edits",
        core_periods=PERIODS,
        stg_flash_submissions="""
            receipt_no credit_code period  is_read
            1          A           2025-05 true
            2          A           2025-06 true
            2          B           2025-06 true
            3          A           2025-06 false
            4          A           2025-06 true
        """,
        stg_values=read_cells("""
            receipt_no credit_code measure_code  job_fairs placements
            1          A           month         1         10
            2          A           month         2         20
            2          A           ytd           3         30
            2          A           ytd_last_year 4         40
            2          B           ytd           5         -
            3          A           month         6         60
            5          A           month         7         70
        """),
        expect="""
            receipt_no credit_code period  measure_code  job_fairs placements
            1          A           2025-05 month         1         10
            2          A           2025-06 month         2         20
            2          A           2025-06 ytd           3         30
            2          B           2025-06 ytd           5         -
        """,
    )


def test_registered_seekers_are_the_sum_of_their_education_a04(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code registered_seekers registered_seekers_college registered_seekers_bachelor registered_seekers_graduate
            1          A           month        6                  1                          2                           3
            1          B           month        7                  1                          2                           3
            1          C           month        5                  1                          2                           3
            1          D           month        6                  1                          2                           -
            1          E           month        -                  1                          2                           3
            1          F           month        0                  0                          0                           0
        """,
        """
            credit_code registered_seekers_sum edit_a04
            A           6                      0
            B           6                      1
            C           6                      -1
            D           -                      -
            E           6                      -
            F           0                      0
        """,
    )


def test_employers_served_are_the_sum_of_their_kinds_a05(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code employers_served employers_served_state employers_served_private employers_served_foreign employers_served_other
            1          A           ytd          10               1                      2                        3                        4
            1          B           ytd          11               1                      2                        3                        4
            1          C           ytd          9                1                      2                        3                        4
            1          D           ytd          10               -                      2                        3                        4
            1          E           ytd          -                1                      2                        3                        4
        """,
        """
            credit_code employers_served_sum edit_a05
            A           10                   0
            B           10                   1
            C           10                   -1
            D           -                    -
            E           10                   -
        """,
    )


def test_no_fair_without_visitors_and_no_visitors_without_fair_a08(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code job_fairs fair_employers fair_vacancies fair_seekers
            1          A           month        0         0              0              0
            1          B           month        0         0              0              1
            1          C           month        0         2              30             40
            1          D           month        3         0              0              0
            1          E           month        3         0              1              0
            1          F           month        0         5              -              0
            1          G           month        3         0              -              0
            1          H           month        -         0              0              0
            1          I           month        -         1              1              1
        """,
        """
            credit_code edit_a08_no_fair edit_a08_no_visitor
            A           0                0
            B           1                -
            C           72               -
            D           -                3
            E           -                -
            F           -                -
            G           -                -
            H           -                -
            I           -                -
        """,
    )


def test_pass_through_is_part_of_revenue_but_for_a_month_of_reversals_a09(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code  revenue_booked pass_through_booked
            1          A           month         100            100
            1          A           ytd           100            100.01
            1          B           month         -5             0
            1          B           ytd           -5             0
            1          C           month         0              0.5
            1          C           ytd           200            199.5
            1          D           month         100            -
            1          E           month         -              100
            1          E           ytd           -              100
        """,
        """
            credit_code measure_code  edit_a09 edit_a09_reversible
            A           month         -        0
            A           ytd           0.01     -
            B           month         -        -
            B           ytd           -        -
            C           month         -        0.5
            C           ytd           -0.5     -
            D           month         -        -
            E           month         -        -
            E           ytd           -        -
        """,
    )


def test_the_first_sum_to_date_of_a_year_is_a_month_that_may_be_reversed_a09(check):
    cells = read_cells("""
        receipt_no credit_code measure_code revenue_booked pass_through_booked
        1          A           month        3              8
        1          A           ytd          3              8
    """)
    check(
        "core_flash_edits",
        core_periods=PERIODS,
        stg_flash_submissions=submissions_of(cells, "2025-02"),
        stg_values=cells,
        expect="""
            measure_code edit_a09 edit_a09_reversible
            month        -        5
            ytd          -        5
        """,
    )


def lines_of(credit_code: str, values: list[str | None]) -> list[dict[str, Any]]:
    """Return the cells of the business lines; None stands for a number too large to be one."""
    return [
        {
            "receipt_no": "1",
            "value_no": number,
            "credit_code": credit_code,
            "indicator_code": code,
            "measure_code": "ytd",
            "value": value,
        }
        for number, (code, value) in enumerate(zip(LINES, values, strict=False), start=11)
    ]


def test_ten_business_lines_make_up_the_revenue_with_pass_through_a10(check, catalog):
    ten = ["10", "20", "30", "40", "50", "60", "70", "80", "90", "100.25"]
    in_form = [line.indicator for line in catalog.form("flash_report").lines]
    assert set(LINES) == {code for code in in_form if code.startswith("revenue_incl_")}
    cells = [
        *read_cells("""
            receipt_no credit_code measure_code revenue_booked pass_through_unbooked revenue_incl
            1          A           ytd          450            100.25                550.25
            1          B           ytd          450            101                   551
            1          C           ytd          450            100                   550
            1          D           ytd          450            0                     450
            1          E           ytd          550.25         -                     550.25
        """),
        *lines_of("A", ten),
        *lines_of("B", ten),
        *lines_of("C", ten),
        *lines_of("D", ten[:9]),
        *lines_of("E", ten),
    ]
    check(
        "core_flash_edits",
        core_periods=PERIODS,
        stg_flash_submissions=submissions_of(cells, "2025-06"),
        stg_values=cells,
        expect="""
            credit_code revenue_incl business_lines_total edit_a10
            A           550.25       550.25               0
            B           551          550.25               0.75
            C           550          550.25               -0.25
            D           450          -                    -
            E           -            550.25               -
        """,
    )


def test_a_business_line_too_large_to_read_leaves_the_sum_open_a10(check):
    cells = lines_of("A", ["10", "20", "30", "40", "50", "60", "70", "80", "90", None])
    cells += read_cells("""
        receipt_no credit_code measure_code revenue_booked pass_through_unbooked
        1          A           ytd          450            0
    """)
    check(
        "core_flash_edits",
        core_periods=PERIODS,
        stg_flash_submissions=submissions_of(cells, "2025-06"),
        stg_values=cells,
        expect="""
            revenue_incl business_lines_total edit_a10
            450          -                    -
        """,
    )


def ratios(
    numerator: str, denominator: str, exponents: list[int], measure: str = "month"
) -> list[dict[str, Any]]:
    """Return the cells of one agency for each power of two that the ratio is."""
    rows = "\n".join(
        f"1 {number:02d} {measure} {2 ** max(power, 0)} {2 ** max(-power, 0)}"
        for number, power in enumerate(exponents)
    )
    return read_cells(f"receipt_no credit_code measure_code {numerator} {denominator}\n{rows}")


RATIOS = {
    "edit_a16_dispatch": ("revenue_incl_dispatch", "dispatched_workers"),
    "edit_a16_seekers": ("fair_seekers", "fair_vacancies"),
}


def registered(submissions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return these submissions as of agencies in the register."""
    return [
        {
            "receipt_no": each["receipt_no"],
            "credit_code": each["credit_code"],
            "registered_code": each["credit_code"],
        }
        for each in submissions
    ]


@pytest.fixture
def distances(build):
    """Return one edit of each row of core_flash_edits."""

    def distances_of(edit: str, cells: list[dict[str, Any]], **given: Any) -> list[float | None]:
        given = {"stg_flash_submissions": submissions_of(cells, "2025-06"), **given}
        given = {"core_periods": PERIODS, "stg_values": cells, **given}
        given = {"core_submission_edits": registered(given["stg_flash_submissions"]), **given}
        return [row[edit] for row in build("core_flash_edits", **given)]

    return distances_of


@pytest.mark.parametrize("edit", RATIOS)
def test_distance_from_the_quartiles_in_interquartile_ranges_a16(distances, edit):
    """Of 21 logarithms sorted, the 6th is the lower quartile and the 16th the upper: 5 and 15."""
    exponents = [*range(1, 20), -25, 46]
    found = distances(edit, ratios(*RATIOS[edit], exponents))
    expected = [-0.4, -0.3, -0.2, -0.1, *[0] * 11, 0.1, 0.2, 0.3, 0.4, -3, 3.1]
    assert found == pytest.approx(expected, abs=1e-12)


def test_agencies_outside_the_register_are_no_measure_but_are_measured_a16(distances):
    """Of 0 to 19 the quartiles are 4.75 and 14.25; nineteen in the register say nothing."""
    cells = ratios(*RATIOS["edit_a16_seekers"], [*range(20), 24])
    rows = registered(submissions_of(cells, "2025-06"))
    found = distances("edit_a16_seekers", cells, core_submission_edits=rows[:20])
    assert (found[0], found[20]) == pytest.approx((-0.5, 9.75 / 9.5))
    rows[20]["registered_code"] = None
    assert distances("edit_a16_seekers", cells, core_submission_edits=rows) == found
    assert distances("edit_a16_seekers", cells, core_submission_edits=rows[:19]) == [None] * 21


def test_twenty_ratios_are_enough_and_quartiles_lie_between_two_a16(distances):
    """Of 0 to 19 the quartiles are 4.75 and 14.25, so 0 and 19 lie half a range outside."""
    found = distances("edit_a16_dispatch", ratios(*RATIOS["edit_a16_dispatch"], [*range(20)]))
    assert (found[0], found[4]) == pytest.approx((-0.5, -0.75 / 9.5))
    assert found[5:15] == [0] * 10
    assert (found[15], found[19]) == pytest.approx((0.75 / 9.5, 0.5))


def test_fewer_than_twenty_ratios_say_nothing_a16(distances):
    one_more = read_cells("""
        receipt_no credit_code measure_code revenue_incl_dispatch dispatched_workers
        1          a           month        0                     5
        1          b           month        5                     0
        1          c           month        -5                    5
        1          d           month        5                     -
        1          e           ytd          5                     5
    """)
    nineteen = ratios(*RATIOS["edit_a16_dispatch"], [*range(19)])
    assert distances("edit_a16_dispatch", [*nineteen, *one_more]) == [None] * 24
    twenty = ratios(*RATIOS["edit_a16_dispatch"], [*range(20)])
    found = distances("edit_a16_dispatch", [*twenty, *one_more])
    assert None not in found[:20]
    assert found[20:] == [None] * 5


def test_ratios_of_other_periods_measures_and_kinds_do_not_count_a16(distances):
    """Nineteen of June's months and one of another kind: neither has twenty, nor borrows them."""
    pair = RATIOS["edit_a16_seekers"]
    twenty = ratios(*pair, [*range(20)])
    months, last = twenty[:38], twenty[38:]
    assert None not in distances("edit_a16_seekers", twenty)
    periods = submissions_of(months, "2025-06") + submissions_of(last, "2025-07")
    assert distances("edit_a16_seekers", twenty, stg_flash_submissions=periods) == [None] * 20
    to_date = [cell | {"measure_code": "ytd"} for cell in last]
    assert distances("edit_a16_seekers", [*months, *to_date]) == [None] * 20
    dispatch = [
        cell | {"indicator_code": RATIOS["edit_a16_dispatch"][n]} for n, cell in enumerate(last)
    ]
    assert distances("edit_a16_seekers", [*months, *dispatch]) == [None] * 20
    assert distances("edit_a16_dispatch", [*months, *dispatch]) == [None] * 20


def test_quartiles_of_other_periods_and_kinds_are_not_borrowed_a16(distances):
    """Twenty agencies of June have seekers for vacancies; z has them in July, or workers in June."""
    pair = RATIOS["edit_a16_seekers"]
    twenty = ratios(*pair, [*range(20)])
    other = [cell | {"credit_code": "z"} for cell in twenty[:2]]
    periods = submissions_of(twenty, "2025-06") + submissions_of(other, "2025-07")
    found = distances("edit_a16_seekers", [*twenty, *other], stg_flash_submissions=periods)
    assert found[0] == pytest.approx(-0.5)
    assert found[20] is None
    workers = [
        cell | {"indicator_code": RATIOS["edit_a16_dispatch"][n]} for n, cell in enumerate(other)
    ]
    assert distances("edit_a16_dispatch", [*twenty, *workers]) == [None] * 21


def test_ratios_that_do_not_spread_have_no_distance_a16(distances):
    pair = RATIOS["edit_a16_seekers"]
    assert distances("edit_a16_seekers", ratios(*pair, [3] * 25)) == [None] * 25
    assert distances("edit_a16_seekers", ratios(*pair, [3] * 24 + [40])) == [None] * 25


def test_distances_agree_with_numpy_a16(distances):
    random = np.random.default_rng(20250630)
    workers = random.integers(1, 400, 37)
    revenues = np.round(workers * random.lognormal(9, 1.3, 37), 2)
    rows = "\n".join(
        f"1 {number:02d} month {revenue} {count}"
        for number, (revenue, count) in enumerate(zip(revenues, workers, strict=True))
    )
    header = "receipt_no credit_code measure_code revenue_incl_dispatch dispatched_workers\n"
    logs = np.log(revenues / workers)
    lower, upper = np.quantile(logs, [0.25, 0.75])
    beyond = np.clip(logs - upper, 0, None) + np.clip(logs - lower, None, 0)
    found = distances("edit_a16_dispatch", read_cells(header + rows))
    assert found == pytest.approx(list(beyond / (upper - lower)), abs=1e-9)
    assert min(found) < 0 < max(found)


def test_the_figures_to_name_in_messages_are_kept(check_cells):
    figures = """
        receipt_no credit_code measure_code people_served people_served_graduates people_served_migrants placements placements_graduates placements_migrants job_fairs job_fairs_graduates job_fairs_migrants
        1          A           ytd          11            12                      13                     14         15                   16                  17        18                  19
    """
    check_cells(figures, figures)


def first_reports(revenue: list[int], staff: list[int]) -> dict[str, Any]:
    """Return June's reports and last year's staff of agencies N00, N01, …; the last in 元."""
    codes = [f"N{number:02}" for number in range(len(revenue))]
    keys = {"receipt_no": 1, "measure_code": "ytd"}
    cells = [
        {**keys, "credit_code": code, "indicator_code": indicator, "value": value}
        for code, booked in zip(codes, revenue, strict=True)
        for indicator, value in (
            ("revenue_booked", booked),
            ("pass_through_unbooked", 0),
        )
    ]
    cells += [
        {
            "receipt_no": receipt,
            "measure_code": "annual",
            "credit_code": code,
            "indicator_code": "staff",
            "value": value * times,
        }
        # The return of 2023 is older, that of 2025 is of this year.
        for receipt, times in ((2, 50), (3, 1), (4, 70))
        for code, value in zip(codes, staff, strict=True)
    ]
    return {
        "core_periods": PERIODS,
        "stg_flash_submissions": submissions_of(cells[: 2 * len(codes)], "2025-06"),
        "stg_annual_submissions": [
            {"receipt_no": receipt, "credit_code": code, "period": period, "is_read": True}
            for receipt, period in ((2, "2023"), (3, "2024"), (4, "2025"))
            for code in codes
        ],
        "core_submission_edits": [
            {"receipt_no": 1, "credit_code": code, "registered_code": code} for code in codes
        ],
        "stg_values": [{"value_no": number, **cell} for number, cell in enumerate(cells)],
    }


def test_revenue_is_held_against_the_staff_of_the_last_annual_return_a16(build):
    """By hand: 21 agencies of revenue 100 a head and more, the last one ten thousand times that."""
    staff = [10] * 21
    revenue = [1000 + 10 * number for number in range(20)] + [11_000_000]
    rows = build("core_flash_edits", **first_reports(revenue, staff))
    assert {row["staff"] for row in rows} == {10}
    logs = np.log(np.array(revenue) / 10)
    low, middle, high = np.quantile(logs, [0.25, 0.5, 0.75])
    assert rows[-1]["edit_a16_staff"] == pytest.approx((logs[-1] - high) / (high - low))
    assert rows[10]["edit_a16_staff"] == 0
    assert np.exp(logs[-1] - middle) == pytest.approx(10_000)
    assert [row["edit_a15_staff"] for row in rows] == [0] * 20 + [4]


@pytest.mark.parametrize(
    ("times", "power"), [(10_000, 4), (1000, 3), (320, 3), (310, 0), (10, 0), (0.001, -3)]
)
def test_a_first_report_a_thousand_times_off_is_a_slip_of_the_unit_a15(build, times, power):
    staff = [10] * 21
    revenue = [1000 + 10 * number for number in range(20)] + [1100 * times]
    rows = build("core_flash_edits", **first_reports(revenue, staff))
    middle = np.median([row["revenue_incl"] for row in rows])
    assert float(middle) == pytest.approx(1100, rel=0.01)
    assert rows[-1]["edit_a15_staff"] == power


def test_whoever_reported_before_is_held_against_that_alone_a15(build):
    given = first_reports([1000 + 10 * number for number in range(20)] + [11_000_000], [10] * 21)
    earlier = {"receipt_no": 9, "credit_code": "N20", "period": "2025-05", "is_read": True}
    given["stg_flash_submissions"].append(earlier)
    rows = build("core_flash_edits", **given)
    assert {row["edit_a15_staff"] for row in rows} == {0}
    assert rows[-1]["edit_a16_staff"] > 3
