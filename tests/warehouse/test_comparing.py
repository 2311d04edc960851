"""Two releases of a few rows each, whose differences were found by hand."""

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.warehouse.comparing import Comparison, Section, compare, parquet_path

A, B, C = "91500103MA5U00000A", "91500103MA5U00000B", "91500103MA5U00000C"
ESTIMATE = "indicator_code, indicator_name, measure_code, value, display_factor, display_unit"
COLUMNS = {
    "mart_target_progress": "target_id, as_of_period, target_period, indicator_code, unit, "
    "actual_value, completion_pct, schedule_status, verdict",
    "mart_industry_monthly": f"period, topic, {ESTIMATE}",
    "mart_district_monthly": f"period, area_code, area_name, {ESTIMATE}",
    "mart_business_type_monthly": f"period, business_line_code, business_line_name, {ESTIMATE}",
    "mart_institution_type_monthly": "period, institution_type_code, institution_type_name, "
    + ESTIMATE,
    "core_frame": "period, credit_code, agency_name",
    "raw_files": "receipt_no, file_name",
    "core_versions": "receipt_no, credit_code, form_code, period, submission_state",
    "core_observations": "period, form_code, credit_code, indicator_code, measure_code, value, "
    "unit",
    "core_sample_values": "period, indicator_code, credit_code, value",
}


def estimate(value: float | None) -> str:
    number = "null::double" if value is None else f"{value}::double"
    return f"'placements', '帮扶就业', 'ytd', {number}, 10000, '万人次'"


def target(period: str, value: float, completion: float, status: str, verdict: str) -> str:
    return (
        f"'t', '{period}', '2025', 'placements', '人次', "
        f"{value}::double, {completion}::double, '{status}', '{verdict}'"
    )


OLDER = {
    "mart_target_progress": [
        target("2025-05", 100, 50, "滞后", "进行中"),
        target("2025-04", 90, 45, "滞后", "进行中"),
    ],
    "mart_industry_monthly": [f"'2025-05', 'effects', {estimate(1_000_000)}"],
    "mart_district_monthly": [
        f"'2025-05', '500101', '万州区', {estimate(10_000)}",
        f"'2025-05', '500103', '渝中区', {estimate(20_000)}",
        f"'2025-05', '500104', '大渡口区', {estimate(None)}",
        f"'2025-05', '500105', '江北区', {estimate(30_000)}",
    ],
    "mart_business_type_monthly": [f"'2025-05', '01', '招聘', {estimate(0.1 + 0.2)}"],
    "mart_institution_type_monthly": [f"'2025-05', 'private', '民营', {estimate(1)}"],
    "core_frame": [f"'2025-05', '{A}', '甲'", f"'2025-05', '{B}', '乙'"],
    "raw_files": ["1, '甲.xlsx'", "2, '乙.xlsx'"],
    "core_versions": [
        f"1, '{A}', 'flash_report', '2025-05', 'accepted'",
        f"2, '{B}', 'flash_report', '2025-05', 'accepted'",
    ],
    "core_observations": [
        f"'2025-05', 'flash_report', '{A}', 'placements', 'ytd', 100.0000, '人次'",
        f"'2025-05', 'flash_report', '{A}', 'archives', 'month', 1.0000, '份'",
        f"'2025-05', 'flash_report', '{B}', 'placements', 'ytd', 900.0000, '人次'",
    ],
    "core_sample_values": [
        f"'2025-05', 'revenue_incl', '{A}', 5::double",
        f"'2025-05', 'placements', '{A}', 100::double",
        f"'2025-05', 'revenue_incl', '{B}', 7::double",
    ],
}
NEWER = OLDER | {
    "mart_target_progress": [
        target("2025-05", 110, 55, "基本符合", "进行中"),
        target("2025-04", 90, 45, "滞后", "进行中"),
        target("2025-06", 120, 60, "基本符合", "进行中"),
    ],
    "mart_district_monthly": [
        f"'2025-05', '500101', '万州区', {estimate(11_000)}",
        f"'2025-05', '500103', '渝中区', {estimate(10_000)}",
        f"'2025-05', '500104', '大渡口区', {estimate(5_000)}",
        f"'2025-06', '500101', '万州区', {estimate(12_000)}",
    ],
    "mart_business_type_monthly": [f"'2025-05', '01', '招聘', {estimate(0.3)}"],
    "core_frame": [f"'2025-05', '{A}', '甲（改名）'", f"'2025-05', '{C}', '丙'"],
    "raw_files": ["1, '甲.xlsx'", "3, '甲更正.xlsx'", "4, '丙.xlsx'"],
    "core_versions": [
        f"1, '{A}', 'flash_report', '2025-05', 'superseded'",
        f"3, '{A}', 'flash_report', '2025-05', 'accepted'",
        f"4, '{C}', 'flash_report', '2025-05', 'accepted'",
    ],
    "core_observations": [
        f"'2025-05', 'flash_report', '{A}', 'placements', 'ytd', 150.0000, '人次'",
        f"'2025-05', 'flash_report', '{A}', 'archives', 'month', 3.0000, '份'",
        f"'2025-05', 'flash_report', '{C}', 'placements', 'ytd', 40.0000, '人次'",
    ],
    "core_sample_values": [
        f"'2025-05', 'revenue_incl', '{A}', 5::double",
        f"'2025-05', 'revenue_incl', '{C}', 3::double",
    ],
}


def keep(folder: Path, tables: dict[str, list[str]], manifest: dict[str, object]) -> Path:
    (folder / "internal").mkdir(parents=True)
    for table, rows in tables.items():
        values = ", ".join(f"({row})" for row in rows)
        duckdb.execute(
            f"copy (from (values {values}) as t({COLUMNS[table]})) "
            f"to '{parquet_path(folder, table)}'"
        )
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def manifest(code: str, receipts: list[int], decisions: list[int]) -> dict[str, object]:
    return {
        "method": {"catalog": "a", "sql": "b", "expectations": "c", "code": code},
        "inputs": [{"receipt_no": number} for number in receipts],
        "decisions": [{"decision_no": number} for number in decisions],
    }


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return keep(tmp_path / "older", OLDER, manifest("d", [1, 2], []))


@pytest.fixture
def found(tmp_path: Path, older: Path) -> Comparison:
    newer = keep(tmp_path / "newer", NEWER, manifest("e", [1, 3, 4], [1]))
    return compare(older, newer, load_catalog())


def section(found: Comparison, name: str) -> Section:
    (one,) = [each for each in found.sections if each.name.startswith(name)]
    return one


def counts(one: Section) -> tuple[int, int, int]:
    return one.changed, one.added, one.gone


def test_what_went_in_is_counted(found: Comparison) -> None:
    assert (found.older, found.newer) == ("older", "newer")
    assert (found.new_receipts, found.new_decisions) == (2, 1)
    assert found.changed_method == ["程序"]
    assert not found.is_same


def test_targets(found: Comparison) -> None:
    targets = section(found, "政策目标")
    assert counts(targets) == (1, 1, 0)
    ((period, what, *changes),) = targets.rows
    assert period == "2025-05"
    assert what.startswith("2025年")
    assert changes == [
        "100.00 → 110.00 人次",
        "50.00 → 55.00 %",
        "滞后 → 基本符合",
        "进行中",
    ]


def test_estimates_of_districts_come_largest_first(found: Comparison) -> None:
    districts = section(found, "分区县")
    assert counts(districts) == (3, 1, 1)
    assert [row[1] for row in districts.rows] == ["大渡口区", "渝中区", "万州区"]
    assert [row[4:] for row in districts.rows] == [
        ["— → 0.50 万人次", "—"],
        ["2.00 → 1.00 万人次", "-50.00%"],
        ["1.00 → 1.10 万人次", "+10.00%"],
    ]


def test_a_sum_in_another_order_is_no_change(found: Comparison) -> None:
    assert 0.1 + 0.2 != 0.3
    assert counts(section(found, "分业态")) == (0, 0, 0)
    assert counts(section(found, "全市")) == (0, 0, 0)


def test_agencies_by_accepted_file(found: Comparison) -> None:
    versions = section(found, "机构采用的报表")
    assert counts(versions) == (1, 1, 1)
    assert [list(row) for row in versions.rows] == [
        ["2025-05", "甲（改名）", A, "甲.xlsx", "甲更正.xlsx"]
    ]


def test_agencies_by_value_weighed_by_their_share(found: Comparison) -> None:
    """Of 1 archive 2 more are twice the sum; 50 placements of 1000 are a twentieth."""
    values = section(found, "机构数值（")
    assert counts(values) == (2, 0, 0)
    assert [row[5] for row in values.rows] == ["1.00 → 3.00 份", "100.00 → 150.00 人次"]
    totals = section(found, "机构数值合计")
    assert [list(row[2:]) for row in totals.rows] == [
        ["3", "1,000.00 → 190.00 人次", "-810.00"],
        ["1", "1.00 → 3.00 份", "+2.00"],
    ]


def test_agencies_counted_and_no_longer_counted(found: Comparison) -> None:
    counted = section(found, "计入推算")
    assert counts(counted) == (0, 1, 1)
    assert [list(row[1:]) for row in counted.rows] == [
        ["乙", B, "不再计入", "7.00 元"],
        ["丙", C, "新计入", "3.00 元"],
    ]


def test_a_release_compared_with_itself_is_the_same(older: Path) -> None:
    found = compare(older, older, load_catalog())
    assert found.is_same
    assert found.changed_method == []
    assert all(counts(one) == (0, 0, 0) and not one.rows for one in found.sections)


def test_a_release_without_a_table_is_not_taken_for_equal(older: Path, tmp_path: Path) -> None:
    other = keep(tmp_path / "other", OLDER, manifest("d", [1, 2], []))
    parquet_path(other, "mart_target_progress").unlink()
    found = compare(older, other, load_catalog())
    assert not section(found, "政策目标").is_comparable
    assert section(found, "分区县").is_comparable
    assert not found.is_same
