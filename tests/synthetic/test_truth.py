import pandas as pd
import pytest

from pipelines.synthetic.truth import write_truth


@pytest.fixture(scope="module")
def tables(industry, fieldwork, tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth") / "truth"
    write_truth(folder, industry, fieldwork)
    return {path.stem: pd.read_csv(path, encoding="utf-8-sig") for path in folder.glob("*.csv")}


def test_it_says_that_it_is_made_up(industry, fieldwork, tmp_path):
    write_truth(tmp_path / "truth", industry, fieldwork)
    text = (tmp_path / "truth" / "README.txt").read_text(encoding="utf-8")
    assert "模拟数据" in text
    for path in (tmp_path / "truth").glob("*.csv"):
        assert path.name in text


def test_months_add_up_to_the_industrys_totals(industry, tables):
    monthly = tables["monthly"].set_index(["period", "indicator_code", "reporting_unit"])
    for period, code in (("2024-07", "revenue_incl"), ("2025-02", "placements")):
        row = monthly.loc[(period, code, "全市")]
        assert row.year_to_date == industry.total_to_date(period, code)
    institutions = monthly.loc[("2025-12", "institutions", "全市")]
    assert institutions.value == 3760


def test_units_add_up_to_the_city(tables):
    monthly = tables["monthly"]
    is_city = monthly.reporting_unit == "全市"
    keys = ["period", "indicator_code"]
    units = monthly[~is_city].groupby(keys)[["value", "year_to_date"]].sum()
    city = monthly[is_city].set_index(keys).sort_index()
    assert (units["value"] == city["value"]).all()
    assert (units["year_to_date"] == city["year_to_date"].fillna(0)).all()
    assert monthly[~is_city].reporting_unit.nunique() == 41


def test_years_and_samples_are_there(industry, fieldwork, tables):
    annual = tables["annual"].set_index(["period", "indicator_code", "reporting_unit"]).year_total
    assert annual[2023, "placements", "全市"] == industry.total_of_year(2023, "placements")
    assert len(tables["samples"]) == len(fieldwork.samples[0].positions)
    assert len(tables["mistakes"]) == len(fieldwork.mistakes)
    assert len(tables["agencies"]) == len(industry.agencies)


def test_agencies_know_their_area_since_2025(industry, tables):
    agencies = tables["agencies"]
    stays_away = ~agencies.reporting_unit.isin(["500105", "500109", "500112", "CQ-LJXQ-FUNC"])
    assert (agencies.area_2025 == agencies.reporting_unit)[stays_away].all()
    assert set(agencies.area_2025[~stays_away]) == {"500109", "500157"}
    stayed = agencies.moved_on.isna()
    assert (agencies.area_2025 == agencies.former_area_2025)[stayed].all()
    assert (agencies.area_2025 != agencies.former_area_2025)[~stayed].any()
