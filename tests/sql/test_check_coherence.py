# ruff: noqa: E501 - a row of a table stays on one line
"""check_coherence: totals beside the sums of their parts."""

import pytest


def relations(rows, code):
    """Return figure, measure, total, parts and residual of one relation's rows."""
    return [
        tuple(
            row[column]
            for column in (
                "figure_code",
                "measure_code",
                "total_value",
                "parts_value",
                "relative_residual",
            )
        )
        for row in rows
        if row["relation_code"] == code
    ]


def test_domains_add_up_to_the_city_before_the_publish_gate(build):
    """Areas: 60 + none + 40 = 100; lines: 70 + 20 = 90, a tenth of 100 is missing."""
    rows = build(
        "check_coherence",
        core_direct_estimates="""
            period  domain_type   domain_code indicator_code measure_code value
            2025-03 city          500000      placements     ytd          100
            2025-03 area          500101      placements     ytd          60
            2025-03 area          500102      placements     ytd          -
            2025-03 area          500103      placements     ytd          40
            2025-03 business_line dispatch    placements     ytd          70
            2025-03 business_line other       placements     ytd          20
        """,
        core_month_estimates="""
            period  domain_type domain_code indicator_code value
            2025-03 city        500000      placements     30
            2025-03 area        500101      placements     36
            2025-03 area        500102      placements     -4
        """,
        core_institutions="""
            period  domain_type domain_code institution_count sampled_count
            2025-03 city        500000      12                5
            2025-03 area        500101      7                 4
            2025-03 area        500102      5                 2
        """,
    )
    assert relations(rows, "city_area") == [
        ("institution_count", "end", 12, 12, 0),
        ("placements", "month", 30, 32, pytest.approx(2 / 32)),
        ("placements", "ytd", 100, 100, 0),
        ("sampled_count", "end", 5, 6, pytest.approx(1 / 6)),
    ]
    assert relations(rows, "city_business_line") == [
        ("placements", "ytd", 100, 90, pytest.approx(0.1))
    ]


def test_parts_without_a_total_stand_out(build):
    rows = build(
        "check_coherence",
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value
            2025-03 area        500101      placements     ytd          60
            2025-03 area        500102      nothing        ytd          -
        """,
    )
    assert relations(rows, "city_area") == [
        ("nothing", "ytd", None, None, 0),
        ("placements", "ytd", None, 60, 1),
    ]


INDICATORS = """
    indicator_code       part_of_code       business_line_code
    revenue_incl         -                  -
    revenue_incl_other   revenue_incl       other
    revenue_incl_agency  revenue_incl       agency
    revenue_booked       -                  -
    revenue_unbooked     -                  -
    staff                -                  -
    staff_secondary      staff              -
    staff_college        staff              -
    staff_graduate       staff              -
    staff_titled         staff              -
    placements           -                  -
    placements_graduates placements         -
"""


def test_parts_and_formulas_of_the_citys_indicators(build):
    """70 + 30 lines against 100; 80 − 20·(−1) by formula; staff 5 + 3 + 1 of 10; titles are no part."""
    rows = build(
        "check_coherence",
        ref_indicators=INDICATORS,
        ref_indicator_formulas="""
            indicator_code term_code        coefficient
            revenue_incl   revenue_booked   1
            revenue_incl   revenue_unbooked -1
        """,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code       measure_code value
            2025-03 city        500000      revenue_incl         ytd          100
            2025-03 city        500000      revenue_incl_other   ytd          70
            2025-03 city        500000      revenue_incl_agency  ytd          30
            2025-03 city        500000      revenue_booked       ytd          80
            2025-03 city        500000      revenue_unbooked     ytd          -20
            2025-03 city        500000      placements           ytd          9
            2025-03 city        500000      placements_graduates ytd          4
            2025-04 city        500000      revenue_incl         ytd          100
            2025-04 city        500000      revenue_incl_other   ytd          70
            2025-03 area        500101      revenue_incl         ytd          1
        """,
        core_annual_totals="""
            year indicator_code  reported_value
            2024 staff           10
            2024 staff_secondary 5
            2024 staff_college   3
            2024 staff_graduate  1
            2024 staff_titled    7
        """,
    )
    assert relations(rows, "parts_revenue_incl") == [("revenue_incl", "ytd", 100, 100, 0)]
    assert relations(rows, "formula_revenue_incl") == [("revenue_incl", "ytd", 100, 100, 0)]
    assert relations(rows, "parts_staff") == [("staff", "annual", 10, 9, pytest.approx(0.1))]
    assert relations(rows, "parts_placements") == []


def test_the_year_to_date_is_the_one_before_and_the_month(build):
    """City: 70 + 30 = 100, and 25 where nothing came before; areas may differ by agencies that moved."""
    rows = build(
        "check_coherence",
        core_periods="""
            period  previous_period
            2025-02 -
            2025-03 2025-02
        """,
        core_direct_estimates="""
            period  domain_type domain_code indicator_code measure_code value
            2025-02 city        500000      placements     ytd          70
            2025-03 city        500000      placements     ytd          100
            2025-02 city        500000      training       ytd          -
            2025-03 city        500000      training       ytd          25
            2025-02 area        500101      placements     ytd          1
            2025-03 area        500101      placements     ytd          9
        """,
        core_month_estimates="""
            period  domain_type domain_code indicator_code value
            2025-03 city        500000      placements     30
            2025-03 city        500000      training       20
            2025-03 area        500101      placements     1
        """,
    )
    assert relations(rows, "months_to_date") == [
        ("placements", "ytd", 100, 100, 0),
        ("training", "ytd", 25, 20, pytest.approx(0.2)),
    ]


def test_units_and_states_of_the_published_counts(build):
    """Units: 5 + 3 = 8 drawn, but 9 in all; unit 1: 5 drawn, 2 + 1 + 0 + 1 found."""
    rows = build(
        "check_coherence",
        mart_response="""
            period  reporting_unit_code sampled_count out_of_scope_count received_count accepted_count accepted_by_cut_off_count refused_count late_count missing_count
            2025-03 TOTAL               9             1                  6              5              4                         1             1          2
            2025-03 500101              5             1                  3              2              2                         1             0          0
            2025-03 500102              3             0                  3              3              2                         0             1          0
        """,
        mart_quality="""
            period  rule_code    reporting_unit_code finding_count open_count explained_count closed_count
            2025-03 number_typed 500101              3             1          1               1
            2025-03 number_typed 500102              2             1          0               0
        """,
    )
    assert relations(rows, "response_units") == [
        ("accepted_by_cut_off_count", "month", 4, 4, 0),
        ("accepted_count", "month", 5, 5, 0),
        ("late_count", "month", 1, 1, 0),
        ("missing_count", "month", 2, 0, 1),
        ("out_of_scope_count", "month", 1, 1, 0),
        ("received_count", "month", 6, 6, 0),
        ("refused_count", "month", 1, 1, 0),
        ("sampled_count", "month", 9, 8, pytest.approx(1 / 9)),
    ]
    assert relations(rows, "response_statuses") == [
        ("500101", "month", 5, 4, pytest.approx(0.2)),
        ("500102", "month", 3, 3, 0),
        ("TOTAL", "month", 9, 9, 0),
    ]
    assert relations(rows, "quality_states") == [
        ("number_typed", "month", 5, 4, pytest.approx(0.2))
    ]


def test_published_parts_are_added_where_none_is_withheld(build):
    """Institutions 7 + 4 against 12; placements of one area and revenue of the city are withheld."""
    rows = build(
        "check_coherence",
        mart_industry_monthly="""
            period  indicator_code measure_code value
            2025-03 institutions   end          12
            2025-03 placements     ytd          100
            2025-03 revenue_incl   ytd          -
        """,
        mart_district_monthly="""
            period  area_code indicator_code measure_code value
            2025-03 500101    institutions   end          7
            2025-03 500102    institutions   end          4
            2025-03 500101    placements     ytd          60
            2025-03 500102    placements     ytd          -
            2025-03 500101    revenue_incl   ytd          5
            2025-03 500102    revenue_incl   ytd          5
        """,
        mart_business_type_monthly="""
            period  business_line_code indicator_code measure_code value
            2025-03 other              placements     ytd          99
            2025-03 agency             placements     ytd          1
        """,
        mart_institution_type_monthly="""
            period  institution_type_code indicator_code measure_code value
            2025-03 market_private        institutions   end          12
        """,
    )
    assert relations(rows, "published_areas") == [
        ("institutions", "end", 12, 11, pytest.approx(1 / 12))
    ]
    assert relations(rows, "published_business_lines") == [("placements", "ytd", 100, 100, 0)]
    assert relations(rows, "published_institution_types") == [("institutions", "end", 12, 12, 0)]
