"""core_calendar: the months that targets and files speak of."""

from datetime import date

import pytest


def test_whole_years_from_the_first_base_to_the_last_target(build):
    rows = build(
        "core_calendar",
        ref_targets="""
            target_id base_period target_period
            t         2023        2024
        """,
        stg_files="""
            receipt_no folder  period
            1          reports 2025-02
            2          annual  2024
            3          sample  2022-05
        """,
    )
    assert [row["period"] for row in rows][:2] == ["2022-01", "2022-02"]
    assert len(rows) == 48
    by_period = {row["period"]: row for row in rows}
    leap = by_period["2024-02"]
    assert (leap["start_date"], leap["end_date"]) == (date(2024, 2, 1), date(2024, 2, 29))
    assert leap["elapsed_share"] == pytest.approx(60 / 366)
    assert by_period["2025-06"]["elapsed_share"] == pytest.approx(181 / 365)
    assert by_period["2025-12"]["elapsed_share"] == 1
    assert [row["period"] for row in rows if row["is_year_end"]] == [
        "2022-12",
        "2023-12",
        "2024-12",
        "2025-12",
    ]
