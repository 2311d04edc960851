# ruff: noqa: E501 - a row of a table stays on one line
"""mart_response: who owes, by reporting unit."""

import random

from pipelines.warehouse.reference import reference_frames


def test_every_reporting_unit_and_the_total(check):
    check(
        "mart_response",
        ref_release="""
            release_id
            x
        """,
        core_periods="""
            period
            2026-01
            2026-02
        """,
        ref_reporting_units="""
            reporting_unit_code reporting_unit_name is_functional_area valid_from valid_to unit_order
            500000              重庆市（市级直报）  false              -          -        1
            500101              万州区              false              -          -        2
            500105              江北区              false              -          2026-01  3
            CQ-GXQ              高新区              true               -          -        43
        """,
        ref_areas="""
            area_code area_type
            500000    city
            500101    district
        """,
        core_response="""
            period  credit_code reporting_unit_code status       is_late is_accepted_by_cut_off
            2026-01 A           500101              accepted     false   true
            2026-01 B           500101              accepted     true    false
            2026-01 C           500101              refused      false   false
            2026-01 X           500101              out_of_scope false   false
            2026-01 D           500105              missing      false   false
            2026-02 D           500105              out_of_scope false   false
            2026-02 E           500000              accepted     false   true
        """,
        core_register_revenue="""
            period  credit_code register_revenue
            2026-01 A           60
            2026-01 B           15
            2026-01 C           5
            2026-01 D           20
            2026-02 E           0
        """,
        expect="""
            period  reporting_unit_code reporting_unit_name is_functional_area unit_order sampled_count out_of_scope_count expected_count received_count accepted_count accepted_by_cut_off_count refused_count late_count missing_count response_rate_pct weighted_response_rate_pct
            2026-01 TOTAL               全市                false              0          5             1                  4              3              2              1                         1             1          1             25                60
            2026-01 500101              万州区              false              2          4             1                  3              3              2              1                         1             1          0             33.333333333      75
            2026-01 500105              江北区              false              3          1             0                  1              0              0              0                         0             0          1             0                 0
            2026-01 CQ-GXQ              高新区              true               43         0             0                  0              0              0              0                         0             0          0             -                 -
            2026-02 TOTAL               全市                false              0          2             1                  1              1              1              1                         0             0          0             100               -
            2026-02 500000              重庆市（市级直报）  false              1          1             0                  1              1              1              1                         0             0          0             100               -
            2026-02 500101              万州区              false              2          0             0                  0              0              0              0                         0             0          0             -                 -
            2026-02 500105              江北区              false              3          1             1                  0              0              0              0                         0             0          0             -                 -
            2026-02 CQ-GXQ              高新区              true               43         0             0                  0              0              0              0                         0             0          0             -                 -
        """,
    )


def test_41_units_until_2026_01_and_39_since(build, catalog):
    """38 districts and three functional areas; then 37 and two (domain.md §0.1)."""
    frames = reference_frames(catalog)
    rows = build(
        "mart_response",
        ref_release=[{"release_id": "x"}],
        core_periods=[{"period": period} for period in ("2025-12", "2026-01", "2026-02")],
        ref_reporting_units=frames["ref_reporting_units"].to_dict("records"),
        ref_areas=frames["ref_areas"].to_dict("records"),
    )
    units: dict[str, set[str]] = {}
    for row in rows:
        if row["reporting_unit_code"] != "TOTAL":
            units.setdefault(row["period"], set()).add(row["reporting_unit_code"])
    assert {period: len(codes) for period, codes in units.items()} == {
        "2025-12": 41,
        "2026-01": 41,
        "2026-02": 39,
    }
    assert units["2026-01"] - units["2026-02"] == {"500105", "500112", "CQ-LJXQ-FUNC"}
    assert units["2026-02"] - units["2026-01"] == {"500157"}


def test_every_drawn_agency_is_counted_once_in_every_unit_and_in_all(build):
    """Agencies that moved, exited, are unknown to the register, sent twice or not at all."""
    chance = random.Random(6)
    units = ["500101", "500102", "500103"]
    period = "2025-06"
    drawn = [f"A{number}" for number in range(300)]
    registered = {code: chance.choice(units) for code in drawn if chance.random() < 0.95}
    framed = [code for code in registered if chance.random() < 0.9]
    versions = [
        {
            "receipt_no": receipt,
            "credit_code": code,
            "form_code": "flash_report",
            "period": period,
            "submission_state": chance.choice(["accepted", "refused", "superseded"]),
            "is_late": chance.random() < 0.2,
            "first_seen_at": f"2025-07-{chance.randint(10, 28)}",
        }
        for receipt in (3, 4)
        for code in drawn
        if chance.random() < 0.6
    ]
    agencies = [
        {"credit_code": code, "agency_name": code, "reporting_unit_code": chance.choice(units)}
        for code in drawn
    ]
    periods = [
        {"period": period, "cut_off_date": "2025-07-23", "is_cut_off_applied": True},
    ]
    response = build(
        "core_response",
        core_periods=periods,
        core_frame_sources=[
            {"period": period, "register_receipt_no": 1, "sample_receipt_no": 2},
        ],
        stg_sample=[{"receipt_no": 2, **agency} for agency in agencies],
        core_registered_agencies=[
            {"period": period, "credit_code": code, "reporting_unit_code": unit}
            for code, unit in registered.items()
        ],
        core_frame=[
            {
                "period": period,
                "credit_code": code,
                "reporting_unit_code": registered[code],
                "is_sampled": True,
            }
            for code in framed
        ],
        core_versions=versions,
    )
    assert sorted(row["credit_code"] for row in response) == sorted(drawn)
    rows = build(
        "mart_response",
        ref_release=[{"release_id": "x"}],
        core_periods=periods,
        core_response=response,
        ref_reporting_units=[
            {"reporting_unit_code": unit, "reporting_unit_name": unit, "unit_order": order}
            for order, unit in enumerate(units, start=1)
        ],
    )
    counts = [column for column in rows[0] if column.endswith("_count")]
    total, *parts = rows
    assert {count: sum(row[count] for row in parts) for count in counts} == {
        count: total[count] for count in counts
    }
    assert total["sampled_count"] == len(drawn)
    assert total["out_of_scope_count"] == len(registered) - len(framed)
    for row in rows:
        assert row["sampled_count"] == (
            row["accepted_count"]
            + row["refused_count"]
            + row["missing_count"]
            + row["out_of_scope_count"]
        )
        assert row["expected_count"] == row["sampled_count"] - row["out_of_scope_count"]
        assert row["received_count"] == row["accepted_count"] + row["refused_count"]
        assert min(row[count] for count in counts) > 0
        assert row["response_rate_pct"] == (
            100 * row["accepted_by_cut_off_count"] / row["expected_count"]
        )
