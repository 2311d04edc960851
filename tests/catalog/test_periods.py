"""Months and years as periods."""

from __future__ import annotations

import pytest

from pipelines.catalog.periods import is_year, last_month


@pytest.mark.parametrize(
    ("period", "is_one", "month"),
    [("2025", True, "2025-12"), ("2025-02", False, "2025-02"), ("六月", False, "六月")],
)
def test_a_year_is_told_from_a_month_and_has_the_forms_of_its_december(
    period: str, is_one: bool, month: str
) -> None:
    assert (is_year(period), last_month(period)) == (is_one, month)
