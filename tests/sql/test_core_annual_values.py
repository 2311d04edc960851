# ruff: noqa: E501 - a row of a table stays on one line
"""core_annual_values: what was reported, and what stands in for it."""

import pytest

FORMULAS = """
    indicator_code term_code             coefficient
    revenue_incl   revenue_booked        1
    revenue_incl   pass_through_unbooked 1
"""


def states(agencies: str, stratum: str = "SMA", year: str = "2025") -> str:
    """Return the states of agencies given as A, or as B! for one that did not report."""
    rows = [
        f"{year} {word.rstrip('!')} {stratum} {'missing' if word.endswith('!') else 'reported'}"
        for word in agencies.split()
    ]
    return "year credit_code stratum_code annual_state\n" + "\n".join(rows)


def observations(*rows: str) -> str:
    """Return annual observations given as `year agency indicator value`."""
    head = "period credit_code indicator_code value form_code unit\n"
    return head + "\n".join(f"{row} annual_return 元" for row in rows)


def test_last_years_value_times_the_ratio_of_those_that_answered_both(check):
    """A and B did 330 after 300: 1.1. C, missing, did 50 before: 55. D had none before: the mean."""
    check(
        "core_annual_values",
        core_annual_states=states("A B C! D! E"),
        core_observations=observations(
            "2024 A staff 100",
            "2024 B staff 200",
            "2024 C staff 50",
            "2023 D staff 9",
            "2025 A staff 120",
            "2025 B staff 210",
            "2025 E staff 30",
            "2025 X staff 7",
        ),
        expect="""
            year indicator_code credit_code value    value_marker auxiliary_value is_by_ratio fitted_value residual
            2025 staff          A           120      reported     100             true        110          10
            2025 staff          B           210      reported     200             true        220          -10
            2025 staff          C           55       ratio        50              true        55           -
            2025 staff          D           120      mean         -               false       120          -
            2025 staff          E           30       reported     -               false       120          -90
        """,
    )


def test_each_stratum_by_itself(check):
    large = states("D E F!", "LAR").partition("\n")[2]
    check(
        "core_annual_values",
        core_annual_states=f"{states('A B C!')}\n{large}",
        core_observations=observations(
            "2025 A staff 1", "2025 B staff 3", "2025 D staff 100", "2025 E staff 300"
        ),
        expect="""
            credit_code stratum_code value value_marker
            A           SMA          1     reported
            B           SMA          3     reported
            C           SMA          2     mean
            D           LAR          100   reported
            E           LAR          300   reported
            F           LAR          200   mean
        """,
    )


@pytest.mark.parametrize(
    ("before", "expected", "marker"),
    [
        ("2024 A staff 0;2024 B staff 0;2024 C staff 5", "3", "mean"),  # Σx is 0
        ("2024 A staff 2;2024 C staff 5", "3", "mean"),  # one pair
        ("2024 A staff 2;2024 B staff 2;2024 C staff 0", "0", "ratio"),
        ("2024 A staff 2;2024 B staff 2;2024 C staff 2", "3", "ratio"),
    ],
)
def test_without_a_ratio_the_mean(build, before, expected, marker):
    rows = build(
        "core_annual_values",
        core_annual_states=states("A B C!"),
        core_observations=observations(*before.split(";"), "2025 A staff 2", "2025 B staff 4"),
    )
    assert (str(rows[2]["value"].normalize()), rows[2]["value_marker"]) == (expected, marker)


def test_one_that_answered_stands_for_nobody(check):
    check(
        "core_annual_values",
        core_annual_states=states("A B!"),
        core_observations=observations("2024 A staff 1", "2024 B staff 1", "2025 A staff 2"),
        expect="""
            credit_code value value_marker fitted_value
            A           2     reported     -
            B           -     none         -
        """,
    )


def test_what_is_computed_adds_up_what_is_estimated(check):
    """By its own ratio C would have 330 × 70 ÷ 300 = 77; 60 × 1.2 + 10 × 0.9 is 81."""
    check(
        "core_annual_values",
        ref_indicator_formulas=FORMULAS,
        core_annual_states=states("A B C!"),
        core_observations=observations(
            "2024 A revenue_booked 100",
            "2024 A pass_through_unbooked 50",
            "2024 A revenue_incl 150",
            "2024 B revenue_booked 100",
            "2024 B pass_through_unbooked 50",
            "2024 B revenue_incl 150",
            "2024 C revenue_booked 60",
            "2024 C pass_through_unbooked 10",
            "2024 C revenue_incl 70",
            "2025 A revenue_booked 130",
            "2025 A pass_through_unbooked 40",
            "2025 A revenue_incl 170",
            "2025 B revenue_booked 110",
            "2025 B pass_through_unbooked 50",
            "2025 B revenue_incl 160",
        ),
        expect="""
            indicator_code        credit_code value value_marker residual
            pass_through_unbooked A           40    reported     -5
            pass_through_unbooked B           50    reported     5
            pass_through_unbooked C           9     ratio        -
            revenue_booked        A           130   reported     10
            revenue_booked        B           110   reported     -10
            revenue_booked        C           72    ratio        -
            revenue_incl          A           170   reported     5
            revenue_incl          B           160   reported     -5
            revenue_incl          C           81    ratio        -
        """,
    )


def test_out_of_scope_answered_as_well(build):
    """What a closed agency did counts, and it speaks for those of which nothing is known."""
    text = states("A B C!").replace("B SMA reported", "B SMA out_of_scope")
    rows = build(
        "core_annual_values",
        core_annual_states=text,
        core_observations=observations("2025 A staff 4", "2025 B staff 0"),
    )
    assert [(row["value_marker"], int(row["value"])) for row in rows] == [
        ("reported", 4),
        ("reported", 0),
        ("mean", 2),
    ]
