# ruff: noqa: E501 - a row of a table stays on one line
"""core_first_zeros: nothing in a month after months with something."""

from typing import Any

import pytest

MONTHS = ["2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]


def submissions(periods: list[str], zero_reports: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    return [
        {
            "receipt_no": number,
            "credit_code": "A",
            "period": period,
            "is_read": True,
            "is_zero_report": number in zero_reports,
        }
        for number, period in enumerate(periods, start=1)
    ]


def months(*values: float | None, indicator: str = "placements") -> list[dict[str, Any]]:
    """Return the cells of one agency's months, one receipt each; None is no cell."""
    return [
        {
            "receipt_no": number,
            "value_no": 1,
            "credit_code": "A",
            "indicator_code": indicator,
            "measure_code": "month",
            "value": value,
            "unit": "人次",
        }
        for number, value in enumerate(values, start=1)
        if value is not None
    ]


@pytest.mark.parametrize(
    ("values", "runs"),
    [
        ((5, 6, 7, 8, 0), [(5, 4)]),
        ((5, 6, 0, 8, 0), [(3, 2), (5, 1)]),
        ((5, 6, 7, 0, 0), [(4, 3)]),  # the second zero is no first one
        ((5, -6, 7, 8, 0), [(5, 2)]),
        ((5, 6, 7, None, 0), []),  # a figure left blank
        ((0, 0, 0, 0, 0), []),
        ((5, 6, 7, 8, 9), []),
    ],
)
def test_periods_above_zero_before_a_zero_are_counted(build, values, runs):
    rows = build(
        "core_first_zeros", stg_flash_submissions=submissions(MONTHS), stg_values=months(*values)
    )
    assert [(row["receipt_no"], row["edit_first_zero"]) for row in rows] == runs


def test_the_period_before_is_the_last_that_was_reported(check):
    """April was left out; 1—2月 count as one."""
    check(
        "core_first_zeros",
        stg_flash_submissions=submissions(["2025-02", "2025-03", "2025-06"]),
        stg_values=months(5, 6, 0),
        expect="""
            receipt_no value_no period  indicator_code value compared_receipt_no compared_period compared_value edit_first_zero
            3          1        2025-06 placements     0     2                   2025-03         6              2
        """,
    )


def test_a_zero_report_ends_a_run_and_is_not_asked_itself(build):
    rows = build(
        "core_first_zeros",
        stg_flash_submissions=submissions(MONTHS, zero_reports=(3, 5)),
        stg_values=months(5, 6, None, 8, 0),
    )
    assert rows == []
    rows = build(
        "core_first_zeros",
        stg_flash_submissions=submissions(MONTHS, zero_reports=(3,)),
        stg_values=months(5, 6, None, 8, 0),
    )
    assert [row["edit_first_zero"] for row in rows] == [1]


def test_each_version_is_asked_and_the_last_ones_of_before_count(build):
    """May first had nothing (receipt 2), then something (3); June came twice (4, 5)."""
    rows = build(
        "core_first_zeros",
        stg_flash_submissions=submissions(["2025-04", "2025-05", "2025-05", "2025-06", "2025-06"]),
        stg_values=months(5, 0, 7, 0, 0),
    )
    found = [
        (row["receipt_no"], row["edit_first_zero"], row["compared_receipt_no"]) for row in rows
    ]
    assert found == [(2, 1, 1), (4, 2, 3), (5, 2, 3)]


def test_other_figures_are_not_asked_about(build):
    rows = build(
        "core_first_zeros",
        stg_flash_submissions=submissions(MONTHS),
        stg_values=months(5, 6, 7, 8, 0, indicator="personnel_files"),
    )
    assert rows == []
