"""A small published DuckDB file with made-up figures (模拟数据), for the tests of this room."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.bulletin.issue import DRAFT
from pipelines.bulletin.marts import Marts, read_marts
from pipelines.bulletin.page import render_bulletin
from pipelines.bulletin.targets import Progress, read_progress
from pipelines.catalog.geography import divisions_valid
from pipelines.catalog.load import load_catalog
from pipelines.root import Root

RELEASE = "2025-06-0123456789ab"
PERIOD = "2025-06"
HOSTILE_NAME = "<script>alert(1)</script><a href='http://evil.example/'>点我</a>"
HOSTILE_FORMULA = '=HYPERLINK("http://evil.example/","点我")'

ESTIMATE = """value DOUBLE, standard_error DOUBLE, ci_low DOUBLE, ci_high DOUBLE, cv_pct DOUBLE,
    unit VARCHAR, display_unit VARCHAR, display_factor DECIMAL(28,4), revenue_basis VARCHAR,
    unit_scope VARCHAR, respondent_count INTEGER, sampled_count INTEGER, frame_count INTEGER,
    actual_basis VARCHAR, data_status VARCHAR, estimation_method VARCHAR,
    publication_status VARCHAR"""
INDICATOR = "indicator_code VARCHAR, indicator_name VARCHAR"
SCHEMAS = {
    "mart_industry_monthly": f"""release_id VARCHAR, period VARCHAR, period_type VARCHAR,
        {INDICATOR}, topic VARCHAR, indicator_order INTEGER, measure_code VARCHAR, {ESTIMATE}""",
    "mart_district_monthly": f"""release_id VARCHAR, period VARCHAR, area_code VARCHAR,
        area_name VARCHAR, area_type VARCHAR, area_group VARCHAR, area_order INTEGER,
        has_series_break BOOLEAN, {INDICATOR}, measure_code VARCHAR, {ESTIMATE}, note VARCHAR""",
    "mart_business_type_monthly": f"""release_id VARCHAR, period VARCHAR,
        business_line_code VARCHAR, business_line_name VARCHAR, line_order INTEGER, {INDICATOR},
        measure_code VARCHAR, domain_basis VARCHAR, {ESTIMATE}""",
    "mart_institution_type_monthly": f"""release_id VARCHAR, period VARCHAR,
        institution_type_code VARCHAR, institution_type_name VARCHAR, type_order INTEGER,
        {INDICATOR}, measure_code VARCHAR, {ESTIMATE}""",
    "mart_institution_balance": """release_id VARCHAR, period VARCHAR, domain_type VARCHAR,
        domain_code VARCHAR, opening_period VARCHAR, opening_count INTEGER, new_count INTEGER,
        moved_in_count INTEGER, other_in_count INTEGER, deregistered_count INTEGER,
        revoked_count INTEGER, merged_count INTEGER, exited_count INTEGER,
        moved_out_count INTEGER, other_out_count INTEGER, closing_count INTEGER,
        exit_count INTEGER, net_count INTEGER, balance_gap INTEGER, suspended_count INTEGER,
        lost_contact_count INTEGER""",
    "mart_industry_yearly": f"""release_id VARCHAR, area_code VARCHAR, area_name VARCHAR,
        year VARCHAR, {INDICATOR}, indicator_order INTEGER, value DECIMAL(20,4), unit VARCHAR,
        display_unit VARCHAR, display_factor DECIMAL(28,4), revenue_basis VARCHAR,
        unit_scope VARCHAR, actual_basis VARCHAR, data_status VARCHAR, source VARCHAR,
        reported_count INTEGER, frame_count INTEGER, note VARCHAR""",
    "mart_response": """release_id VARCHAR, period VARCHAR, reporting_unit_code VARCHAR,
        reporting_unit_name VARCHAR, is_functional_area BOOLEAN, unit_order INTEGER,
        sampled_count INTEGER, out_of_scope_count INTEGER, expected_count INTEGER,
        received_count INTEGER, accepted_count INTEGER, accepted_by_cut_off_count INTEGER,
        refused_count INTEGER, late_count INTEGER, missing_count INTEGER,
        response_rate_pct DOUBLE, weighted_response_rate_pct DOUBLE""",
    "mart_findings": """release_id VARCHAR, finding_no INTEGER, finding_id VARCHAR,
        receipt_no INTEGER, period VARCHAR, folder VARCHAR, form_code VARCHAR, form_name VARCHAR,
        file_name VARCHAR, reporting_unit_code VARCHAR, reporting_unit_name VARCHAR,
        credit_code VARCHAR, agency_name VARCHAR, scope VARCHAR, sheet_name VARCHAR,
        cell_address VARCHAR, related_cells VARCHAR, raw_text VARCHAR, expected VARCHAR,
        rule_code VARCHAR, rule_name VARCHAR, audit_id VARCHAR, severity VARCHAR,
        message VARCHAR, submission_state VARCHAR, state VARCHAR, explanation VARCHAR,
        review_label VARCHAR, score DOUBLE, score_rank INTEGER, is_priority BOOLEAN""",
    "mart_files": """release_id VARCHAR, receipt_no INTEGER, period VARCHAR, folder VARCHAR,
        form_code VARCHAR, form_name VARCHAR, file_name VARCHAR, file_path VARCHAR,
        reporting_unit_code VARCHAR, reporting_unit_name VARCHAR, first_seen_at TIMESTAMP,
        file_state VARCHAR, state_note VARCHAR""",
    "mart_quality": """release_id VARCHAR, period VARCHAR, form_code VARCHAR, form_name VARCHAR,
        rule_code VARCHAR, rule_name VARCHAR, audit_id VARCHAR, severity VARCHAR,
        reporting_unit_code VARCHAR, reporting_unit_name VARCHAR, unit_order INTEGER,
        finding_count INTEGER, agency_count INTEGER, open_count INTEGER, explained_count INTEGER,
        closed_count INTEGER""",
    "mart_target_progress": """release_id VARCHAR, target_id VARCHAR, policy_id VARCHAR,
        document_no VARCHAR, clause VARCHAR, quote VARCHAR, lead_department VARCHAR,
        indicator_code VARCHAR, area_code VARCHAR, kind VARCHAR, comparator VARCHAR,
        revenue_basis VARCHAR, unit_scope VARCHAR, base_period VARCHAR, base_value DECIMAL(20,4),
        base_source VARCHAR, target_period VARCHAR, target_value DECIMAL(20,4),
        target_value_high DECIMAL(20,4), unit VARCHAR, as_of_period VARCHAR, actual_value DOUBLE,
        actual_basis VARCHAR, data_status VARCHAR, bridge_factor DOUBLE, standard_error DOUBLE,
        ci_low DOUBLE, ci_high DOUBLE, completion_pct DOUBLE, planned_value DOUBLE,
        schedule_gap_pp DOUBLE, schedule_ratio DOUBLE, months_ahead DOUBLE, required_pace DOUBLE,
        schedule_status VARCHAR, forecast_value DOUBLE, forecast_low DOUBLE, forecast_high DOUBLE,
        attainment_probability DOUBLE, outlook_status VARCHAR, verdict VARCHAR,
        verdict_note VARCHAR""",
    "mart_target_paths": """release_id VARCHAR, target_id VARCHAR, path_date DATE,
        path_period VARCHAR, planned_value DOUBLE, node_type VARCHAR""",
}

ANNUAL = {  # made up, but for the published years 2020 and 2021
    "revenue_incl": {2020: 489.5e8, 2021: 618.05e8, 2022: 770e8, 2023: 1006e8, 2024: 1205e8},
    "institutions": {2020: 2155, 2021: 2846, 2022: 3105, 2023: 3302, 2024: 3580},
    "placements": {2020: 316.5e4, 2021: 364.5e4, 2022: 349.8e4, 2023: 376.2e4, 2024: 438e4},
}
SEASON = {
    2: 15.6,
    3: 7.9,
    4: 7.9,
    5: 8.0,
    6: 8.4,
    7: 8.2,
    8: 8.2,
    9: 8.4,
    10: 8.4,
    11: 8.7,
    12: 10.3,
}
LEVEL = {2023: 1.0, 2024: 1.198, 2025: 1.4235}
BASES = {"revenue_incl": 1006e8, "placements": 383e4, "people_served": 1320e4, "job_fairs": 21400}


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A root with the made-up published file; no test writes into its data."""
    path = tmp_path_factory.mktemp("root")
    publish(Root(path), made_up_marts())
    return Root(path)


@pytest.fixture
def findings_source(root: Root) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that has the made-up mart_findings and raw_files."""
    with duckdb.connect(str(root.database), read_only=True) as connection:
        path = root.internal / "raw_files.parquet"
        connection.execute(f"create temp view raw_files as from read_parquet('{path}')")
        yield connection


@pytest.fixture
def marts(root: Root) -> Marts:
    """The rows of the bulletin of the made-up period."""
    return read_marts(root, PERIOD)


@pytest.fixture
def progress(marts: Marts) -> dict[str, Progress]:
    """The made-up targets by id without the policy's name: revenue_2025, …"""
    found = read_progress(marts, load_catalog())
    return {item.target.id.removeprefix("cq_2023_85_"): item for item in found}


@pytest.fixture
def page(marts: Marts) -> str:
    """The bulletin of the made-up period."""
    return render_bulletin(marts, load_catalog(), made_up=True, issue=DRAFT)


def publish(root: Root, marts: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write the marts as the published DuckDB file of this root."""
    root.marts.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(root.database)) as connection:
        for name, schema in SCHEMAS.items():
            connection.execute(f"create or replace table {name} ({schema})")
            for row in marts[name]:
                columns = ", ".join(row)
                places = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into {name} ({columns}) values ({places})", list(row.values())
                )
        root.internal.mkdir(exist_ok=True)
        connection.execute(
            f"""copy (
                select
                    receipt_no,
                    timestamp '2025-07-16 09:30:00' as first_seen_at,
                    'reports/2025-06/张三交来/' || any_value(file_name) as file_path
                from mart_findings
                group by receipt_no
            ) to '{root.internal / "raw_files.parquet"}' (format parquet)"""
        )


def made_up_marts() -> dict[str, list[dict[str, Any]]]:
    """Return plausible rows of every mart the bulletin reads."""
    return {
        "mart_industry_monthly": _industry(),
        "mart_district_monthly": _districts(),
        "mart_business_type_monthly": _business_lines(),
        "mart_institution_type_monthly": _institution_types(),
        "mart_institution_balance": _balance(),
        "mart_industry_yearly": _years(),
        "mart_response": [*_response(), *_earlier_response()],
        "mart_findings": _findings(),
        "mart_files": _files(),
        "mart_quality": [*quality_of(_findings()), *_earlier_quality()],
        "mart_target_progress": _targets(),
        "mart_target_paths": _paths(),
    }


def estimate(indicator: str, value: float | None, error: float, respondents: int) -> dict[str, Any]:
    """Return the estimate columns; no value means too few respondents."""
    unit = load_catalog().indicator(indicator)
    factor = load_catalog().unit(unit.display_unit).factor
    known = value is not None
    return {
        "indicator_code": indicator,
        "indicator_name": unit.name,
        "value": value,
        "standard_error": value * error if known else None,
        "ci_low": value * (1 - 1.96 * error) if known else None,
        "ci_high": value * (1 + 1.96 * error) if known else None,
        "cv_pct": 100 * error if known else None,
        "unit": unit.unit,
        "display_unit": unit.display_unit,
        "display_factor": factor,
        "revenue_basis": unit.revenue_basis,
        "unit_scope": "licensed_filed",
        "respondent_count": respondents,
        "sampled_count": round(respondents * 1.08),
        "frame_count": respondents * 5,
        "actual_basis": "estimate",
        "data_status": "快报数",
        "estimation_method": "分层扩张估计",
        "publication_status": "发布" if known else "样本不足，不发布",
    }


def register_count(value: int) -> dict[str, Any]:
    """Return the estimate columns of a count from the register, which has no interval."""
    return estimate("institutions", value, 0, 0) | {
        "standard_error": None,
        "ci_low": None,
        "ci_high": None,
        "cv_pct": None,
        "respondent_count": None,
        "sampled_count": None,
        "actual_basis": "register",
        "estimation_method": "名录计数",
    }


def _industry() -> list[dict[str, Any]]:
    rows = []
    for year, level in LEVEL.items():
        share = 0.0
        for month, season in SEASON.items():
            period = f"{year}-{month:02}"
            if period > PERIOD:
                continue
            key = {
                "release_id": RELEASE,
                "period": period,
                "period_type": "M2" if month == 2 else "M",
            }
            share += season / 100
            for order, (code, base) in enumerate(BASES.items()):
                topic = load_catalog().indicator(code).topic
                named = {"topic": topic, "indicator_order": order, **key}
                rows.append(
                    named
                    | {"measure_code": "month"}
                    | estimate(code, base * level * season / 100, 0.045, 640)
                    | {"estimation_method": "累计之差推算"}
                )
                rows.append(
                    named
                    | {"measure_code": "ytd"}
                    | estimate(code, base * level * share, 0.021, 655)
                )
            stock = {"measure_code": "end", "indicator_order": 9, **key}
            rows.append(
                stock | {"topic": "institutions"} | register_count(institution_count(year, month))
            )
            rows.append(
                stock
                | {"topic": "effects", "indicator_order": 10}
                | estimate("dispatched_workers", 31.2e4 * level, 0.03, 650)
            )
    return rows


def _areas() -> list[tuple[str, str, str, str]]:
    divisions = load_catalog().divisions
    districts = [
        (item.code, item.name, "district", item.group_2020)
        for item in divisions_valid(divisions, PERIOD)
    ]
    functional = [
        (item.code, item.name, "functional_area", "") for item in divisions.functional_areas
    ]
    return districts + functional


def _districts() -> list[dict[str, Any]]:
    rows = []
    for order, (code, name, kind, group) in enumerate(_areas()):
        key = {
            "release_id": RELEASE,
            "period": PERIOD,
            "area_code": code,
            "area_name": name,
            "area_type": kind,
            "area_group": group or None,
            "area_order": order,
            "has_series_break": False,
        }
        weight = 0.055 if group == "中心城区" else 0.012
        respondents = round(700 * weight) - order % 4
        known = respondents >= 10 or order % 5 == 0
        for indicator in ("revenue_incl", "placements", "people_served", "employers_served"):
            base = BASES.get(indicator, 190e4) * 0.7 * weight * (1 + 0.3 * math.sin(order))
            value = base if known else None
            rows.append(
                key
                | {"measure_code": "ytd"}
                | estimate(indicator, value, 0.6 / math.sqrt(respondents), respondents)
            )
        rows.append(key | {"measure_code": "end"} | register_count(round(3600 * weight) + order))
    return rows


def _business_lines() -> list[dict[str, Any]]:
    shares = (3, 38, 1, 6, 46, 2, 1, 0.5, 1.5, 1)
    counts = (36, 22, 4, 6, 15, 7, 4, 1, 2, 3)
    rows = []
    items = load_catalog().classification("business_lines").items
    for order, (item, share, number) in enumerate(zip(items, shares, counts, strict=True)):
        key = {
            "release_id": RELEASE,
            "period": PERIOD,
            "business_line_code": item.code,
            "business_line_name": item.name,
            "line_order": order,
        }
        by_line = {"measure_code": "ytd", "domain_basis": "按主要业务类型"}
        respondents = number * 7
        known = item.code != "assessment"
        value = 712.3e8 * share / 100 if known else None
        rows.append(
            key
            | {"measure_code": "ytd", "domain_basis": "按业态收入"}
            | estimate("revenue_incl", value, 0.08, respondents)
        )
        placed = 247e4 * number / 100 if known else None
        rows.append(key | by_line | estimate("placements", placed, 0.09, respondents))
        rows.append(key | by_line | register_count(36 * number) | {"measure_code": "end"})
    return rows


def _institution_types() -> list[dict[str, Any]]:
    counts = (41, 39, 18, 12, 262, 3240, 14, 9, 1, 4, 57)
    rows = []
    items = load_catalog().classification("institution_types").items
    for order, (item, number) in enumerate(zip(items, counts, strict=True)):
        key = {
            "release_id": RELEASE,
            "period": PERIOD,
            "institution_type_code": item.code,
            "institution_type_name": item.name,
            "type_order": order,
        }
        respondents = max(number // 5, 1)
        known = respondents >= 10
        revenue = (0 if item.group == "public" else 0.19e8 * number) if known else None
        placed = 700.0 * number if known else None
        rows.append(
            key | {"measure_code": "ytd"} | estimate("revenue_incl", revenue, 0.05, respondents)
        )
        rows.append(
            key | {"measure_code": "ytd"} | estimate("placements", placed, 0.07, respondents)
        )
        rows.append(key | {"measure_code": "end"} | register_count(number))
    return rows


def institution_count(year: int, month: int) -> int:
    """Return the agencies at the end of a month."""
    return round(3105 + 250 * (year - 2023) + 16.4 * month)


def _balance() -> list[dict[str, Any]]:
    """Each month 4 deregister, 1 is revoked, 2 move in and 1 moves out; the others are new."""
    periods = [
        (year, month) for year in LEVEL for month in SEASON if f"{year}-{month:02}" <= PERIOD
    ]
    rows = []
    for (year_before, month_before), (year, month) in itertools.pairwise(periods):
        opening = institution_count(year_before, month_before)
        closing = institution_count(year, month)
        rows.append(
            {
                "release_id": RELEASE,
                "period": f"{year}-{month:02}",
                "domain_type": "city",
                "domain_code": "500000",
                "opening_period": f"{year_before}-{month_before:02}",
                "opening_count": opening,
                "new_count": closing - opening + 4 + 1 + 1 - 2,
                "moved_in_count": 2,
                "other_in_count": 0,
                "deregistered_count": 4,
                "revoked_count": 1,
                "merged_count": 0,
                "exited_count": 0,
                "moved_out_count": 1,
                "other_out_count": 0,
                "closing_count": closing,
                "exit_count": 5,
                "net_count": closing - opening,
                "balance_gap": 0,
                "suspended_count": 16,
                "lost_contact_count": 10,
            }
        )
    return rows


def _years() -> list[dict[str, Any]]:
    rows = []
    for order, (code, values) in enumerate(ANNUAL.items()):
        indicator = load_catalog().indicator(code)
        for year, value in values.items():
            published = year <= 2021
            counted = "register" if code == "institutions" else "census"
            rows.append(
                {
                    "release_id": RELEASE,
                    "area_code": "500000",
                    "area_name": "重庆市",
                    "year": str(year),
                    "indicator_code": code,
                    "indicator_name": indicator.name,
                    "indicator_order": order,
                    "value": Decimal(str(value)),
                    "unit": indicator.unit,
                    "display_unit": indicator.display_unit,
                    "display_factor": load_catalog().unit(indicator.display_unit).factor,
                    "actual_basis": "published" if published else counted,
                    "data_status": "公布" if published else "年报数",
                    "source": "新华网2022-08-31" if published else "年报汇总",
                    "note": "年末名录3302家，已报3259家，未报机构不作推算。"
                    if code == "revenue_incl" and year == 2023
                    else None,
                }
            )
    return rows


def _response() -> list[dict[str, Any]]:
    rows = []
    for order, (code, name, kind, _) in enumerate(_areas(), start=1):
        sampled = 8 + order * 7 % 31
        refused, missing = order % 3, order % 4
        accepted = sampled - refused - missing
        rows.append(
            (code, name, kind == "functional_area", order, sampled, accepted, refused, missing)
        )
    total = [sum(row[place] for row in rows) for place in range(4, 8)]
    rows.insert(0, ("TOTAL", "全市", False, 0, *total))
    return [
        {
            "release_id": RELEASE,
            "period": PERIOD,
            "reporting_unit_code": code,
            "reporting_unit_name": name,
            "is_functional_area": functional,
            "unit_order": order,
            "sampled_count": sampled + 1,
            "out_of_scope_count": 1,
            "expected_count": sampled,
            "received_count": accepted + refused,
            "accepted_count": accepted,
            "accepted_by_cut_off_count": accepted,
            "refused_count": refused,
            "late_count": missing // 2,
            "missing_count": missing,
            "response_rate_pct": 100 * accepted / sampled,
            "weighted_response_rate_pct": 100 * accepted / sampled,
        }
        for code, name, functional, order, sampled, accepted, refused, missing in rows
    ]


def _earlier_periods() -> list[str]:
    """Return the periods of the year before this one; January has none."""
    periods = [f"{year}-{month:02}" for year in (2024, 2025) for month in SEASON]
    return [period for period in periods if "2024-06" <= period < PERIOD]


def _earlier_response() -> list[dict[str, Any]]:
    """Return the response of the city in the periods before."""
    return [
        _response()[0] | {"period": period, "accepted_count": 560 + 8 * place, "refused_count": 20}
        for place, period in enumerate(_earlier_periods())
    ]


def _earlier_quality() -> list[dict[str, Any]]:
    """Return ever fewer findings in the periods before, all corrected or explained but one."""
    rows = []
    for place, period in enumerate(_earlier_periods()):
        for number, settled in ((56 - 3 * place, "closed"), (19 - place, "explained")):
            rule_code = "revenue_by_line" if settled == "closed" else "jump"
            (row,) = quality_of([finding(1, period=period, rule_code=rule_code)])
            last = int(period == "2025-05" and settled == "explained")
            counts = {
                "open_count": last,
                f"{settled}_count": number - last,
                "finding_count": number,
                "agency_count": number - place,
            }
            rows.append(row | counts)
    return rows


RULES = {  # made up like those of the suites: audit relation, name, severity
    "not_a_number": (None, "数值能够识别", "mandatory"),
    "encrypted": (None, "文件没有打开密码", "mandatory"),
    "period_mismatch": (None, "报告期与文件夹一致", "mandatory"),
    "damaged": (None, "文件没有损坏", "mandatory"),
    "bad_credit_code": ("A01", "统一社会信用代码校验正确", "mandatory"),
    "employers_parts": ("A05", "服务用人单位等于分项之和", "mandatory"),
    "fairs_within_total": ("A07", "专场招聘会不超过招聘会总场次", "mandatory"),
    "revenue_by_line": ("A10", "分业态收入之和等于营业收入", "mandatory"),
    "placed_within_served": ("A06", "帮助实现就业和流动不超过服务人员总数", "review"),
    "below_last_month": ("A13", "本年累计数不少于上期累计数", "review"),
    "jump": ("A15", "与上年同期相比增减在50%以内", "review"),
    "per_employee": ("A16", "人均营业收入在同类机构的范围内", "review"),
}


def finding(number: int, **changes: Any) -> dict[str, Any]:
    """Return a mandatory finding in a cell of an agency's workbook, with some columns changed."""
    rule_code = changes.get("rule_code", "not_a_number")
    audit_id, rule_name, severity = RULES[rule_code]
    return {
        "release_id": RELEASE,
        "finding_no": number,
        "finding_id": f"{number:012x}",
        "receipt_no": 100 + number,
        "period": PERIOD,
        "folder": "reports",
        "form_code": "flash_report",
        "form_name": "抽样快报",
        "file_name": f"渝中区抽样快报{number}.xlsx",
        "reporting_unit_code": "500103",
        "reporting_unit_name": "渝中区",
        "credit_code": "91500103MA5U0000XA",
        "agency_name": "示例人力资源服务有限公司（模拟）",
        "scope": "agency",
        "sheet_name": "营业收入",
        "cell_address": "D4",
        "related_cells": None,
        "raw_text": "约120万",
        "expected": "以万元为单位的数字，如 120.00",
        "rule_code": rule_code,
        "rule_name": rule_name,
        "audit_id": audit_id,
        "severity": severity,
        "message": "工作表“营业收入”D4 填的是“约120万”，不是数字；请改填以万元为单位的数字。",
        "submission_state": "refused",
        "state": "open",
        "explanation": None,
        "review_label": None,
    } | changes


def _findings() -> list[dict[str, Any]]:
    whole_file = {"scope": "file", "credit_code": None, "agency_name": None, "raw_text": None}
    review = {"rule_code": "placed_within_served", "sheet_name": "服务效果", "cell_address": "C12"}
    return [
        finding(
            1,
            **whole_file,
            rule_code="encrypted",
            sheet_name=None,
            cell_address=None,
            expected="取消密码后另存",
            file_name="大渡口区6月快报（加密）.xlsx",
            reporting_unit_code="500104",
            reporting_unit_name="大渡口区",
            message="文件“大渡口区6月快报（加密）.xlsx”设有打开密码，无法读取；请取消密码后重新报送。",
        ),
        finding(
            2,
            **whole_file,
            rule_code="period_mismatch",
            sheet_name="封面",
            cell_address="B8",
            expected="2025年6月",
            file_name=f"{HOSTILE_NAME}.xlsx",
            message="封面报告期为2025年5月，文件放在2025-06；请核对报告期后重新报送。",
        ),
        finding(3),
        finding(4, agency_name=HOSTILE_NAME, raw_text=HOSTILE_FORMULA),
        finding(5, raw_text="-12", submission_state="superseded"),
        finding(6, scope="row", credit_code=None, raw_text="9150010300", agency_name="@SUM(A1)"),
        finding(
            7,
            **review,
            agency_name=HOSTILE_NAME,
            raw_text=HOSTILE_FORMULA,
            message=f"“{HOSTILE_FORMULA}”大于服务人员总数31，请核实。",
            submission_state="accepted",
        ),
        finding(8, period="2025-05"),
        finding(10, state="closed"),
        finding(
            11,
            **review,
            raw_text="5100",
            message="5100大于服务人员总数3100，请核实。",
            submission_state="accepted",
            state="explained",
            explanation=f"含上年结转，{HOSTILE_NAME}",
        ),
        finding(
            9,
            **whole_file,
            folder="register",
            form_code="register",
            form_name="机构名录",
            period=None,
            file_name="名录.xlsx",
            reporting_unit_code=None,
            reporting_unit_name=None,
            rule_code="damaged",
            message="文件“名录.xlsx”已损坏，无法打开；请重新导出后报送。",
        ),
    ]


def quality_of(findings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of mart_quality of findings of which none was sent twice."""
    orders = {code: order for order, (code, *_) in enumerate(_areas(), start=1)}
    grouped: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in findings:
        unit = row["reporting_unit_code"] or "UNKNOWN"
        key = (row["period"] or "NONE", row["form_code"], row["rule_code"], unit)
        grouped.setdefault(key, []).append(row)
    return [
        {
            "release_id": RELEASE,
            "period": period,
            "form_code": form_code,
            "form_name": rows[0]["form_name"],
            "rule_code": rule_code,
            "rule_name": rows[0]["rule_name"],
            "audit_id": rows[0]["audit_id"],
            "severity": rows[0]["severity"],
            "reporting_unit_code": unit,
            "reporting_unit_name": rows[0]["reporting_unit_name"] or "报送单位不明",
            "unit_order": orders.get(unit),
            "finding_count": len(rows),
            "agency_count": len({row["credit_code"] for row in rows} - {None}),
            **{
                f"{state}_count": sum(row["state"] == state for row in rows)
                for state in ("open", "explained", "closed")
            },
        }
        for (period, form_code, rule_code, unit), rows in grouped.items()
    ]


def _targets() -> list[dict[str, Any]]:
    rows = []
    share = sum(season for month, season in SEASON.items() if month <= 6) / 100
    for policy in load_catalog().policies:
        for target in policy.targets:
            factor = load_catalog().unit(target.unit).factor
            goal = float(target.target_value * factor)
            year = int(target.target_period)
            stock, closed = target.kind == "stock", year < 2025
            actual, error = ANNUAL[target.indicator].get(year, 0.0), None
            basis = "register" if stock else "census"
            planned, verdict = goal, "进行中"
            if not closed and stock:
                actual, planned, schedule = 3703, 3418.0, "快于预期"
            elif not closed:
                actual, error = BASES[target.indicator] * LEVEL[2025] * share, 0.021
                planned, basis, schedule = goal * 181 / 365, "estimate", "基本符合或略慢"
            else:
                met = actual > goal if target.comparator == ">" else actual >= goal
                verdict = schedule = "已达成" if met else "未达成"
            completion = 100 * actual / goal
            rows.append(
                {
                    "release_id": RELEASE,
                    "target_id": target.id,
                    "policy_id": policy.id,
                    "document_no": policy.document_no,
                    "clause": target.clause,
                    "quote": target.quote,
                    "indicator_code": target.indicator,
                    "area_code": target.area_code,
                    "kind": target.kind,
                    "comparator": target.comparator,
                    "revenue_basis": target.revenue_basis,
                    "unit_scope": target.unit_scope,
                    "base_period": target.base.period,
                    "base_value": Decimal(str(ANNUAL[target.indicator][2021])),
                    "base_source": "新华网2022-08-31",
                    "target_period": target.target_period,
                    "target_value": target.target_value * factor,
                    "unit": load_catalog().unit(target.unit).base_unit,
                    "as_of_period": PERIOD,
                    "actual_value": actual,
                    "actual_basis": basis,
                    "data_status": "年报数" if closed else "快报数",
                    "standard_error": actual * error if error else None,
                    "ci_low": actual * (1 - 1.96 * error) if error else None,
                    "ci_high": actual * (1 + 1.96 * error) if error else None,
                    "completion_pct": completion,
                    "planned_value": planned,
                    "schedule_gap_pp": 100 * (actual - planned) / goal,
                    "schedule_status": schedule,
                    "verdict": verdict,
                    "verdict_note": "收入口径按假定A1。",
                }
            )
    return rows


def _files() -> list[dict[str, Any]]:
    """Return the files with findings, and one more in each other state."""
    received = {row["receipt_no"]: row for row in _findings()}
    files = [
        {
            "receipt_no": number,
            "period": row["period"],
            "file_name": row["file_name"],
            "file_path": f"reports/2025-06/{row['file_name']}",
            "file_state": "refused" if row["submission_state"] == "refused" else "accepted",
            "state_note": "退回：见问题表。",
        }
        for number, row in received.items()
    ]
    for number, state in ((900, "superseded"), (901, "quarantined")):
        files.append(
            {
                "receipt_no": number,
                "period": PERIOD,
                "file_name": f"{number}.xlsx",
                "file_path": f"reports/2025-06/{number}.xlsx",
                "file_state": state,
                "state_note": "被第101号文件替代。",
            }
        )
    common = {"release_id": RELEASE, "first_seen_at": "2025-07-16 09:30:00"}
    return [row | common for row in files]


def _paths() -> list[dict[str, Any]]:
    rows = []
    for policy in load_catalog().policies:
        for target in policy.targets:
            base, goal = ANNUAL[target.indicator][2021], float(target.target_value)
            goal *= float(load_catalog().unit(target.unit).factor)
            last = int(target.target_period)
            for year in range(2021, last + 1):
                node = {2021: "基期", last: "文件指标"}.get(year, "插值参考线")
                rows.append(
                    {
                        "release_id": RELEASE,
                        "target_id": target.id,
                        "path_date": f"{year}-12-31",
                        "path_period": f"{year}-12" if target.kind == "stock" else str(year),
                        "planned_value": base + (goal - base) * (year - 2021) / (last - 2021),
                        "node_type": node,
                    }
                )
    return rows
