import datetime as dt

import pytest

from pipelines.synthetic.industry import last_day, make_industry


@pytest.mark.parametrize(
    ("month", "day"),
    [("2025-02", dt.date(2025, 2, 28)), ("2024-02", dt.date(2024, 2, 29))],
)
def test_last_day(month, day):
    assert last_day(month) == day


def test_the_end_of_2021_is_the_published_state(industry):
    """2,846 institutions, 618.05亿元, 364.5万人次 (domain.md §2.2)."""
    assert industry.institutions("2021-12") == 2846
    assert round(industry.total_of_year(2021, "revenue_incl") / 10**8, 2) == 618.05
    assert round(industry.total_of_year(2021, "placements") / 10**4, 1) == 364.5


@pytest.mark.parametrize(
    ("year", "institutions", "revenue", "placements"),
    [
        (2022, 3105, 770, 349.8),
        (2023, 3302, 1006, 376.2),
        (2024, 3580, 1205, 438),
        (2025, 3760, 1432, 503),
    ],
)
def test_years_follow_the_path(industry, year, institutions, revenue, placements):
    assert industry.institutions(f"{year}-12") == institutions
    assert industry.total_of_year(year, "revenue_incl") / 10**8 == pytest.approx(revenue, rel=1e-4)
    assert industry.total_of_year(year, "placements") / 10**4 == pytest.approx(placements, rel=1e-3)


def test_targets_are_met_and_missed_as_planned(industry):
    assert 1.00 < industry.total_of_year(2023, "revenue_incl") / 1000e8 < 1.01
    assert industry.total_of_year(2023, "placements") < 3_800_000
    assert industry.total_of_year(2025, "revenue_incl") < 1500e8
    assert industry.total_of_year(2025, "placements") > 5_000_000
    assert industry.institutions("2023-12") > 3200
    assert industry.institutions("2024-12") > 3500


@pytest.mark.parametrize("year", [2021, 2025])
def test_firms_above_a_billion(industry, year):
    living = industry.agencies.living(dt.date(year, 12, 31))
    revenue = industry.flows(year)["revenue_incl"][living].sum(axis=1)
    assert int((revenue > 10**9).sum()) == {2021: 8, 2025: 13}[year]


def test_totals_to_date_rise_and_end_in_the_years_total(industry):
    path = [industry.total_to_date(f"2024-{month:02d}", "people_served") for month in range(1, 13)]
    assert path == sorted(path)
    assert path[-1] == industry.total_of_year(2024, "people_served")


def test_half_a_year_holds_its_season(industry):
    """Revenue 8.4 + 7.2 + 7.9 + 7.9 + 8.0 + 8.4 = 47.8% by June; people 57%."""
    half, whole = (
        industry.total_to_date(f"2024-{month}", "revenue_incl") for month in ("06", "12")
    )
    assert half / whole == pytest.approx(0.478, abs=0.01)
    half, whole = (industry.total_to_date(f"2024-{month}", "placements") for month in ("06", "12"))
    assert half / whole == pytest.approx(0.57, abs=0.02)


def test_the_same_seed_gives_the_same_industry(industry):
    again = make_industry()
    assert again.agencies.names == industry.agencies.names
    for code, values in industry.work[2025].items():
        assert (again.work[2025][code] == values).all(), code


def test_another_seed_gives_another_industry_on_the_same_path(industry):
    other = make_industry(1)
    assert other.agencies.names != industry.agencies.names
    assert other.institutions("2025-12") == industry.institutions("2025-12")
    assert other.total_of_year(2024, "placements") == pytest.approx(
        industry.total_of_year(2024, "placements"), rel=1e-3
    )


def test_a_larger_industry_is_larger_in_proportion():
    large = make_industry(size=15_040)
    assert large.institutions("2025-12") == 15_040
    assert large.total_of_year(2025, "revenue_incl") == pytest.approx(4 * 1432e8, rel=1e-4)
