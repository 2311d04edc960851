import pytest

from pipelines.synthetic.industry import last_day
from pipelines.synthetic.platforms import PLATFORMS, TENANTS, list_platforms


@pytest.fixture(scope="module")
def sheets(industry):
    return list_platforms(industry, 2024)


def test_rows_fit_the_form(sheets, catalog):
    for table in catalog.form("platform_report").tables:
        columns = {column.field: column for column in table.columns}
        for row in sheets[table.sheet]:
            assert set(row) <= set(columns)
            for field, column in columns.items():
                assert row.get(field) is not None or not column.required, field
                if column.choices and column.type == "choice" and field in row:
                    items = catalog.classification(column.choices).items
                    assert row[field] in {item.code for item in items}


def test_platforms_are_those_recognised_by_the_years_end(industry, sheets):
    named = {row["platform_name"] for row in sheets[PLATFORMS]}
    platforms = industry.magnitudes.parks + industry.magnitudes.markets
    assert named == {p.name for p in platforms if p.since <= last_day("2024-12")}


def test_parks_report_what_their_tenants_did(industry, sheets):
    """Totals of the 平台年度数据 against the agencies that 入驻企业 lists."""
    revenue = industry.flows(2024)["revenue_incl"].sum(axis=1)
    before = industry.flows(2023)["revenue_incl"].sum(axis=1)
    position = {code: n for n, code in enumerate(industry.agencies.credit_codes)}
    parks = [r for r in sheets[PLATFORMS] if r["platform_kind"] == "comprehensive_park"]
    assert parks
    for park in parks:
        tenants = [r for r in sheets[TENANTS] if r["platform_name"] == park["platform_name"]]
        offline = [position[r["credit_code"]] for r in tenants if r["tenancy"] == "offline"]
        assert park["offline_agencies"] == len(offline)
        assert park["offline_agency_revenue"] == revenue[offline].sum()
        above = sum(revenue[n] >= 10_000_000 for n in offline)
        assert park["offline_agencies_above_scale"] == above <= park["offline_agencies"]
        for row in tenants:
            assert row["last_year_revenue"] == before[position[row["credit_code"]]]


def test_an_agency_sits_in_one_park_only(sheets):
    codes = [row["credit_code"] for row in sheets[TENANTS]]
    assert len(set(codes)) == len(codes)
