"""What the review workbooks are made from: the version that counts and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.orchestration.reviewed import read_reviewed


@pytest.fixture
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """A and B, of which A alone is sampled, in two years and the months about them."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create table core_review_frame as
            from (values
                ('2024', 'A', '甲'), ('2024', 'B', '乙'), ('2025-02', 'A', '甲')
            ) as t(period, credit_code, agency_name);
            create table core_review_states as
            select period, credit_code, '500103' as reporting_unit_code, 7 as reviewed_receipt_no,
                '已提交' as review_label
            from core_review_frame;
            create table mart_reviews as
            select distinct period, '500103' as reporting_unit_code,
                '渝中区' as reporting_unit_name, 1 as unit_order
            from core_review_states;
            create table core_periods as
            from (values ('2024-02'), ('2024-11'), ('2024-12'), ('2025-02')) as t(period);
            create table mart_findings as
            from (values
                ('2024', 'A', 7, 'open', 1),
                ('2024', 'B', 6, 'open', 2),
                ('2025-02', 'A', 7, 'open', 3)
            ) as t(period, credit_code, receipt_no, state, finding_no);
            create table core_observations as
            select *, 'placements' as indicator_code
            from (values
                ('2023', 'annual_return', 'A', 'annual', 10),
                ('2024', 'annual_return', 'A', 'annual', 20),
                ('2024', 'annual_return', 'B', 'annual', 21),
                ('2024-02', 'flash_report', 'A', 'month', 3),
                ('2024-02', 'flash_report', 'A', 'ytd', 4),
                ('2024-11', 'flash_report', 'A', 'ytd', 18),
                ('2024-12', 'flash_report', 'A', 'month', 5),
                ('2024-12', 'flash_report', 'A', 'ytd', 23),
                ('2025-02', 'flash_report', 'A', 'month', 6),
                ('2025-02', 'flash_report', 'A', 'ytd', 7)
            ) as t(period, form_code, credit_code, measure_code, value);
            """
        )
        yield connection


@pytest.mark.parametrize(
    ("period", "agencies", "values", "findings"),
    [
        (
            "2024",
            ["A", "B"],
            {("now", "A"): 20, ("now", "B"): 21, ("year_before", "A"): 10, ("flash", "A"): 23},
            [1],
        ),
        ("2025-02", ["A"], {("now", "A"): 6, ("before", "A"): 5, ("year_before", "A"): 3}, [3]),
    ],
)
def test_a_year_and_a_month_are_read_from_what_they_are_compared_with(
    published: duckdb.DuckDBPyConnection,
    period: str,
    agencies: list[str],
    values: dict[tuple[str, str], int],
    findings: list[int],
) -> None:
    """B's finding is on a version that does not count any more."""
    reviewed = read_reviewed(published, period)
    assert [row["credit_code"] for row in reviewed.agencies] == agencies
    assert reviewed.values == {
        (at, code, "placements"): value for (at, code), value in values.items()
    }
    assert [row["finding_no"] for row in reviewed.findings] == findings
