from collections import Counter
from decimal import Decimal

import pytest

from pipelines.synthetic.fieldwork import STRATA, last_day
from pipelines.synthetic.industry import make_industry


def _expand(industry, period, codes):
    """Return the stratified expansion estimate of the year-to-date sum of these indicators."""
    end = last_day(period)
    frame = Counter(
        STRATA[row["size_class"]]
        for row in industry.register
        if row["first_registered_date"] <= end
        and (row["exit_date"] is None or row["exit_date"] > end)
    )
    strata = {row["credit_code"]: row["stratum"] for row in industry.sample}
    reports = [report for roll in industry.reports[period].values() for report in roll]
    if period == industry.singles_period:
        reports += [single.reports[-1] for single in industry.singles]
    respondents, sums = Counter(), Counter()
    for report in reports:
        stratum = strata[report.credit_code]
        respondents[stratum] += 1
        for code in codes:
            sums[stratum] += report.values.get((code, "ytd"), Decimal(0))
    assert set(respondents) == set(frame)
    return sum(frame[item] * sums[item] / respondents[item] for item in frame)


@pytest.mark.parametrize(
    ("month", "count"),
    [
        ("2020-12", 2155),
        ("2021-12", 2846),  # published
        ("2022-12", 3105),
        ("2023-12", 3302),
        ("2024-12", 3580),
        ("2025-06", 3670),
    ],
)
def test_the_register_counts_the_institutions_of_the_path(industry, month, count):
    end = last_day(month)
    living = [
        row
        for row in industry.register
        if row["first_registered_date"] <= end
        and (row["exit_date"] is None or row["exit_date"] > end)
    ]
    assert len(living) == industry.truth.institutions[month] == count


@pytest.mark.parametrize(
    ("year", "revenue", "placements"),
    [(2023, 100_600_000_000, 3_762_000), (2024, 120_500_000_000, 4_380_000)],
)
def test_annual_totals_follow_the_path(industry, year, revenue, placements):
    truth = industry.truth.annual
    assert truth[year, "revenue_incl"] == pytest.approx(Decimal(revenue), rel=Decimal("0.001"))
    assert truth[year, "placements"] == pytest.approx(Decimal(placements), rel=Decimal("0.001"))
    rows = industry.annual[year]
    reported = sum(row["revenue_booked"] + row["pass_through_unbooked"] for row in rows)
    assert 0.99 < reported / truth[year, "revenue_incl"] < 1
    reported = sum(row["placements"] for row in rows)
    assert 0.98 < reported / truth[year, "placements"] < 1


def test_2023_meets_the_revenue_target_and_misses_the_placements_target(industry):
    rows = industry.annual[2023]
    revenue = sum(row["revenue_booked"] + row["pass_through_unbooked"] for row in rows)
    assert revenue > 100_000_000_000
    assert sum(row["placements"] for row in rows) < 3_800_000


def test_half_a_year_holds_its_season(industry):
    truth = industry.truth.ytd
    assert truth["2025-06", "revenue_incl"] == pytest.approx(
        Decimal("0.478") * 143_200_000_000, rel=Decimal("0.03")
    )
    assert truth["2025-06", "placements"] == pytest.approx(
        Decimal("0.57") * 5_030_000, rel=Decimal("0.03")
    )
    for code in ("revenue_incl", "revenue_excl", "placements", "people_served"):
        path = [truth[period, code] for period in industry.reports]
        assert path == sorted(path)


@pytest.mark.parametrize("period", ["2025-02", "2025-03", "2025-04", "2025-05", "2025-06"])
@pytest.mark.parametrize(
    ("indicator", "codes"),
    [
        ("revenue_incl", ("revenue_booked", "pass_through_unbooked")),
        ("placements", ("placements",)),
    ],
)
def test_the_sample_expands_to_near_the_truth(industry, period, indicator, codes):
    estimate = _expand(industry, period, codes)
    assert estimate == pytest.approx(industry.truth.ytd[period, indicator], rel=Decimal("0.1"))


def test_the_same_seed_gives_the_same_data(industry):
    assert make_industry() == industry


def test_another_seed_gives_another_industry_on_the_same_path(industry):
    other = make_industry(1)
    assert other.register != industry.register
    year_ends = [month for month in industry.truth.institutions if month.endswith("-12")]
    for month in [*year_ends, industry.register_period]:
        assert other.truth.institutions[month] == industry.truth.institutions[month]
    for key in [(2024, "revenue_incl"), (2024, "placements")]:
        assert other.truth.annual[key] == pytest.approx(
            industry.truth.annual[key], rel=Decimal("0.001")
        )
