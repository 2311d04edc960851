# ruff: noqa: E501 - a row of a table stays on one line
"""core_annual_edits: what an agency's figures of a year leave over when held against each other."""

from typing import Any

import numpy as np
import pytest

from tests.sql.conftest import read_cells, submissions_of

LINE_CODES = """revenue_incl_recruitment revenue_incl_dispatch revenue_incl_consulting
    revenue_incl_agency revenue_incl_outsourcing revenue_incl_training revenue_incl_headhunting
    revenue_incl_assessment revenue_incl_software revenue_incl_other"""
LINES = " ".join(LINE_CODES.split())


@pytest.fixture
def check_cells(check):
    """Check the edits of submissions that a text table of figures fills."""

    def check_one(figures: str, expect: str) -> None:
        cells = read_cells(figures)
        check(
            "core_annual_edits",
            stg_annual_submissions=submissions_of(cells, "2024"),
            stg_values=cells,
            expect=expect,
        )

    return check_one


def test_each_read_submission_stands_alone(check):
    check(
        "core_annual_edits",
        stg_annual_submissions="""
            receipt_no credit_code period is_read
            1          A           2023   true
            2          A           2024   true
            2          B           2024   true
            3          A           2024   false
            4          A           2024   true
        """,
        stg_values=read_cells("""
            receipt_no credit_code measure_code staff placements
            1          A           annual       1     10
            2          A           annual       2     20
            2          B           annual       3     -
            3          A           annual       4     40
            5          A           annual       5     50
        """),
        expect="""
            receipt_no credit_code period measure_code staff placements
            1          A           2023   annual       1     10
            2          A           2024   annual       2     20
            2          B           2024   annual       3     -
        """,
    )


def test_staff_is_the_sum_of_their_education_a02(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code staff staff_secondary staff_college staff_graduate staff_qualified staff_titled
            1          A           annual       20    5               12            3              20              20
            1          B           annual       21    5               12            3              22              23
            1          C           annual       19    5               12            3              -               -
            1          D           annual       20    -               12            3              -               -
            1          E           annual       -     5               12            3              -               -
            1          F           annual       0     0               0             0              0               0
        """,
        """
            credit_code staff staff_sum staff_qualified staff_titled edit_a02
            A           20    20        20              20           0
            B           21    20        22              23           1
            C           19    20        -               -            -1
            D           20    -         -               -            -
            E           -     20        -               -            -
            F           0     0         0               0            0
        """,
    )


def test_seekers_and_employers_are_the_sums_of_their_parts_a04_a05(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code registered_seekers registered_seekers_college registered_seekers_bachelor registered_seekers_graduate employers_served employers_served_state employers_served_private employers_served_foreign employers_served_other
            1          A           annual       10                 5                          4                           1                           20               5                      12                       2                        1
            1          B           annual       11                 5                          4                           1                           19               5                      12                       2                        1
            1          C           annual       10                 5                          4                           -                           20               5                      12                       2                        -
        """,
        """
            credit_code registered_seekers_sum edit_a04 employers_served_sum edit_a05
            A           10                     0        20                   0
            B           10                     1        20                   -1
            C           -                      -        -                    -
        """,
    )


def test_fairs_and_visitors_come_together_a08(check_cells):
    check_cells(
        """
            receipt_no credit_code measure_code job_fairs fair_employers fair_vacancies fair_seekers
            1          A           annual       0         0              0              0
            1          B           annual       0         0              7              0
            1          C           annual       2         0              0              0
            1          D           annual       2         1              0              0
            1          E           annual       0         -              0              0
        """,
        """
            credit_code edit_a08_no_fair edit_a08_no_visitor
            A           0                0
            B           7                -
            C           -                2
            D           -                -
            E           -                -
        """,
    )


def test_pass_through_is_part_of_revenue_a09(check_cells):
    """Revenue below zero is refused for itself, and bounds nothing."""
    check_cells(
        """
            receipt_no credit_code measure_code revenue_booked pass_through_booked
            1          A           annual       100            100
            1          B           annual       100            100.01
            1          C           annual       -5             0
            1          D           annual       100            -
            1          E           annual       -              100
        """,
        """
            credit_code edit_a09
            A           0
            B           0.01
            C           -
            D           -
            E           -
        """,
    )


def test_ten_business_lines_make_up_the_revenue_with_pass_through_a10(check_cells, catalog):
    columns = catalog.form("annual_return").tables[0].columns
    asked = {column.indicator for column in columns if column.indicator}
    assert set(LINES.split()) == {code for code in asked if code.startswith("revenue_incl_")}
    check_cells(
        f"""
            receipt_no credit_code measure_code revenue_booked pass_through_unbooked {LINES}
            1          A           annual       450            100.25                10 20 30 40 50 60 70 80 90 100.25
            1          B           annual       450            101                   10 20 30 40 50 60 70 80 90 100.25
            1          C           annual       450            100                   10 20 30 40 50 60 70 80 90 100.25
            1          D           annual       450            0                     10 20 30 40 50 60 70 80 90 -
            1          E           annual       550.25         -                     10 20 30 40 50 60 70 80 90 100.25
        """,
        """
            credit_code revenue_incl business_lines_total edit_a10
            A           550.25       550.25               0
            B           551          550.25               0.75
            C           550          550.25               -0.25
            D           450          -                    -
            E           -            550.25               -
        """,
    )


def test_a_business_line_too_large_to_read_leaves_the_sum_open_a10(check):
    cells = read_cells(f"""
        receipt_no credit_code measure_code revenue_booked pass_through_unbooked {LINES}
        1          A           annual       450            0                     10 20 30 40 50 60 70 80 90 0
    """)
    cells[-1]["value"] = None
    check(
        "core_annual_edits",
        stg_annual_submissions=submissions_of(cells, "2024"),
        stg_values=cells,
        expect="""
            revenue_incl business_lines_total edit_a10
            450          -                    -
        """,
    )


def per_staff(exponents: list[int]) -> list[dict[str, Any]]:
    """Return the cells of one agency for each power of two that its revenue per head is."""
    rows = "\n".join(
        f"1 {number:02d} annual {2 ** max(power, 0)} 0 {2 ** max(-power, 0)}"
        for number, power in enumerate(exponents)
    )
    header = "receipt_no credit_code measure_code revenue_booked pass_through_unbooked staff\n"
    return read_cells(header + rows)


def registered(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the submissions that the cells stand in as of agencies in the register."""
    return [
        {
            "receipt_no": each["receipt_no"],
            "credit_code": each["credit_code"],
            "registered_code": each["credit_code"],
        }
        for each in submissions_of(cells, "2024")
    ]


@pytest.fixture
def distances(build):
    """Return edit_a16_staff of each row of core_annual_edits."""

    def distances_of(cells: list[dict[str, Any]], **given: Any) -> list[float | None]:
        given = {"stg_annual_submissions": submissions_of(cells, "2024"), **given}
        given = {"core_submission_edits": registered(cells), **given}
        rows = build("core_annual_edits", stg_values=cells, **given)
        return [row["edit_a16_staff"] for row in rows]

    return distances_of


def test_distance_from_the_quartiles_in_interquartile_ranges_a16(distances):
    """Of 21 logarithms sorted, the 6th is the lower quartile and the 16th the upper: 5 and 15."""
    found = distances(per_staff([*range(1, 20), -26, 45]))
    expected = [-0.4, -0.3, -0.2, -0.1, *[0] * 11, 0.1, 0.2, 0.3, 0.4, -3.1, 3]
    assert found == pytest.approx(expected, abs=1e-12)


def test_agencies_outside_the_register_are_no_measure_but_are_measured_a16(distances):
    """Of 0 to 19 the quartiles are 4.75 and 14.25; nineteen in the register say nothing."""
    cells = per_staff([*range(20), 24])
    rows = registered(cells)
    found = distances(cells, core_submission_edits=rows[:20])
    assert (found[0], found[20]) == pytest.approx((-0.5, 9.75 / 9.5))
    assert distances(cells, core_submission_edits=rows[:19]) == [None] * 21


def test_revenue_counts_with_pass_through_a16(distances):
    """Half of each agency's revenue is pass-through: the same ratios doubled, the same distances."""
    cells = per_staff([*range(1, 21)])
    for cell in cells:
        if cell["indicator_code"] == "pass_through_unbooked":
            cell["value"] = 2 ** (int(cell["credit_code"]) + 1)
    found = distances(cells)
    assert (found[0], found[19]) == pytest.approx((-0.5, 0.5))
    cells[1]["value"] = "100000000"  # of the first agency, whose revenue without it is the least
    assert distances(cells)[0] > 0


def test_fewer_than_twenty_ratios_or_no_spread_say_nothing_a16(distances):
    nineteen = per_staff([*range(19)])
    none = read_cells("""
        receipt_no credit_code measure_code revenue_booked pass_through_unbooked staff
        1          a           annual       0              0                     5
        1          b           annual       5              5                     0
        1          c           annual       -5             0                     5
        1          d           annual       5              -                     5
        1          e           annual       5              5                     -
    """)
    assert distances([*nineteen, *none]) == [None] * 24
    twenty = per_staff([*range(20)])
    assert None not in distances(twenty)
    years = submissions_of(twenty[:57], "2024") + submissions_of(twenty[57:], "2023")
    assert distances(twenty, stg_annual_submissions=years) == [None] * 20
    other = [cell | {"credit_code": "z"} for cell in twenty[:3]]
    years = submissions_of(twenty, "2024") + submissions_of(other, "2023")
    found = distances([*twenty, *other], stg_annual_submissions=years)
    assert (found[0], found[20]) == (pytest.approx(-0.5), None)
    assert distances(per_staff([3] * 25)) == [None] * 25
    assert distances(per_staff([3] * 24 + [40])) == [None] * 25


def test_distances_agree_with_numpy_a16(distances):
    random = np.random.default_rng(2024)
    staff = random.integers(1, 300, 42)
    revenues = np.round(staff * random.lognormal(12, 1.5, 42), 2)
    rows = "\n".join(
        f"1 {number:02d} annual {revenue:.2f} 0 {count}"
        for number, (revenue, count) in enumerate(zip(revenues, staff, strict=True))
    )
    header = "receipt_no credit_code measure_code revenue_booked pass_through_unbooked staff\n"
    logs = np.log(revenues / staff)
    lower, upper = np.quantile(logs, [0.25, 0.75])
    beyond = np.clip(logs - upper, 0, None) + np.clip(logs - lower, None, 0)
    found = distances(read_cells(header + rows))
    assert found == pytest.approx(list(beyond / (upper - lower)), abs=1e-9)
    assert min(found) < 0 < max(found)
