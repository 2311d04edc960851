"""All tables in a row, from raw rows to marts, with the real catalog and made-up agencies."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from pipelines.catalog.models import Catalog
from pipelines.warehouse.database import (
    PYTHON_SCHEMAS,
    build_table,
    open_database,
    replace_frame,
)
from pipelines.warehouse.reference import reference_frames
from pipelines.warehouse.sql_files import SqlTable

Row = dict[str, Any]
Raw = dict[str, list[Row]]
Tables = dict[str, list[tuple[Any, ...]]]
Run = Callable[[Raw], Tables]

AGENCIES = [f"agency-{number:02d}" for number in range(60)]
SAMPLED = AGENCIES[:45]
MONTHS = ["2025-02", "2025-03"]
ESTIMATED = [
    "mart_industry_monthly",
    "mart_district_monthly",
    "mart_business_type_monthly",
    "mart_institution_type_monthly",
    "mart_target_progress",
]


def file_row(receipt_no: int, folder: str, period: str | None, outcome: str = "read") -> Row:
    has_folder_period = folder in ("reports", "annual")
    return {
        "receipt_no": receipt_no,
        "folder": folder,
        "form_code": {"reports": "flash_report", "annual": "annual_return"}.get(folder),
        "folder_period": period if has_folder_period else None,
        "period": period,
        "file_name": f"{receipt_no}.xlsx",
        "first_seen_at": dt.datetime(2025, 4, 10, 9, 0),
        "outcome": outcome,
    }


def cell(receipt_no: int, row: int, agency: str | None, field: str, value: Any, **more: Any) -> Row:
    is_number = isinstance(value, Decimal)
    return {
        "receipt_no": receipt_no,
        "unit_row": row,
        "credit_code": agency,
        "field_code": field,
        "raw_text": str(value),
        "text_value": None if is_number else value,
        "number_value": value if is_number else None,
        **more,
    }


def register_cells(receipt_no: int) -> list[Row]:
    cells = []
    for number, agency in enumerate(AGENCIES):
        size = ["large", "medium", "small", "micro"][number % 4]
        fields = {
            "agency_name": f"机构{number}",
            "district": ["500101", "500112", "500103"][number % 3],
            "township": ["大湾镇", "悦来街道", "龙溪街道", "示例一街道"][number % 4],
            "reporting_unit": ["500101", "500112", "CQ-GXQ"][number % 3],
            "institution_type": "public_talent" if number % 10 == 0 else "market_private",
            "licence_kind": "none_required" if number % 10 == 0 else "filed",
            "size_class": size,
            "business_line": ["dispatch", "recruitment"][number % 2],
            "first_registered_date": "2020-01-01",
        }
        cells += [cell(receipt_no, number + 4, agency, name, text) for name, text in fields.items()]
    return cells


def flash_cells(
    receipt_no: int, agencies: Sequence[str], times: int, catalog: Catalog
) -> list[Row]:
    cells = []
    for agency in agencies:
        size = AGENCIES.index(agency) + 1
        cells.append(cell(receipt_no, 0, agency, "credit_code", agency))
        cells.append(cell(receipt_no, 0, agency, "zero_report", "no"))
        for line in catalog.form("flash_report").lines:
            if line.calculated is None:
                for measure in line.measures:
                    value = Decimal(size * (times if measure == "ytd" else 1))
                    codes = {"indicator_code": line.indicator, "measure_code": measure}
                    cells.append(
                        cell(receipt_no, 0, agency, line.indicator, value, unit=line.unit, **codes)
                    )
    return cells


def annual_cells(receipt_no: int, catalog: Catalog) -> list[Row]:
    columns = catalog.form("annual_return").tables[0].columns
    return [
        cell(
            receipt_no,
            row,
            agency,
            column.field,
            Decimal(row),
            indicator_code=column.indicator,
            measure_code="annual",
            unit=column.unit,
        )
        for row, agency in enumerate(AGENCIES[:-1], start=4)
        for column in columns
        if column.indicator
    ]


def published_cells(receipt_no: int) -> list[Row]:
    figures = [
        ("人力资源服务机构总数", "60", "家"),
        ("行业营业收入（含代收代付）", "618.05", "亿元"),
        ("帮助实现就业和流动人次", "364.5", "万人次"),
    ]
    return [
        cell(receipt_no, row, None, field, value)
        for row, (name, number, unit) in enumerate(figures, start=3)
        for field, value in {
            "area": "500000",
            "period": "2021",
            "indicator": name,
            "value": Decimal(number),
            "unit": unit,
            "figure_status": "公布",
            "source": "新华网",
        }.items()
    ]


def raw_rows(catalog: Catalog) -> Raw:
    """Return a register, a sample, published figures, one annual return and two flash periods."""
    values = [
        *register_cells(1),
        *(cell(2, row, agency, "stratum", "MIC") for row, agency in enumerate(SAMPLED, start=4)),
        *published_cells(3),
        *annual_cells(4, catalog),
        *flash_cells(5, SAMPLED, 2, catalog),
        *flash_cells(6, SAMPLED[1:], 3, catalog),
    ]
    for number, value in enumerate(values, start=1):
        value["value_no"] = number
    return {
        "raw_files": [
            file_row(1, "register", "2024-12"),
            file_row(2, "sample", "2025-01"),
            file_row(3, "published", None),
            file_row(4, "annual", "2023"),
            file_row(5, "reports", "2025-02"),
            file_row(6, "reports", "2025-03"),
        ],
        "raw_values": values,
        "raw_problems": [],
    }


@pytest.fixture(scope="session")
def run(sql_tables: Mapping[str, SqlTable], catalog: Catalog) -> Run:
    """Return what builds every table from raw rows."""
    reference = reference_frames(catalog)
    reference["ref_release"] = pd.DataFrame([{"release_id": "2025-03-x", "period": "2025-03"}])

    def build_all(raw: Raw) -> Tables:
        with open_database(":memory:") as connection:
            for name, schema in PYTHON_SCHEMAS.items():
                given = pd.DataFrame(raw.get(name, []), columns=list(schema), dtype=object)
                replace_frame(connection, name, reference.get(name, given), schema)
            for table in sql_tables.values():
                build_table(connection, table, catalog)
            return {
                name: connection.execute(f"select * from {name}").fetchall() for name in sql_tables
            }

    return build_all


@pytest.fixture(scope="session")
def raw(catalog: Catalog) -> Raw:
    return raw_rows(catalog)


@pytest.fixture(scope="session")
def tables(run: Run, raw: Raw) -> Tables:
    return run(raw)


def column(
    tables: Tables, schemas: Mapping[str, Mapping[str, str]], name: str
) -> Callable[..., Any]:
    """Return a look-up of one value of a table by other columns of its row."""
    names = list(schemas[name])

    def look_up(wanted: str, **key: Any) -> Any:
        rows = [dict(zip(names, row, strict=True)) for row in tables[name]]
        (row,) = [row for row in rows if key.items() <= row.items()]
        return row[wanted]

    return look_up


def test_no_table_is_empty(tables: Tables) -> None:
    empty = {name for name, rows in tables.items() if not rows}
    findings = {"core_problems", "core_findings", "mart_findings", "mart_quality"}
    corrections = {"stg_corrections", "stg_correction_steps", "core_corrections"}
    corrections |= {"core_correction_problems", "mart_corrections"}
    findings |= {"core_first_zeros", "core_unit_slips", "core_finding_scores"}
    events = {"stg_register_events", "core_register_event_edits"}
    annual = {"core_annual_line_edits"}
    reviews = {"stg_reviews", "core_review_decisions", "core_review_problems", "stg_locks"}
    ratios = {"core_ratio_groups", "core_domain_auxiliaries"}  # everything is expanded
    expected = findings | corrections | events | annual | reviews | ratios
    assert empty == expected | {"stg_explanations"}


def test_a_figure_worked_by_hand(tables: Tables, schemas) -> None:
    """placements 1—2月: 2 × size of the agency. PUB is every tenth agency, 5 of 6 sampled ones."""
    industry = column(tables, schemas, "mart_industry_monthly")
    sizes = {agency: AGENCIES.index(agency) + 1 for agency in AGENCIES}
    strata: dict[str, list[str]] = {}
    for number, agency in enumerate(AGENCIES):
        strata.setdefault("PUB" if number % 10 == 0 else str(number % 4), []).append(agency)
    expected = sum(
        len(members) / len(answered) * sum(2 * sizes[agency] for agency in answered)
        for members in strata.values()
        for answered in [[agency for agency in members if agency in SAMPLED]]
    )
    key = {"period": "2025-02", "indicator_code": "placements", "measure_code": "ytd"}
    assert industry("value", **key) == pytest.approx(expected)
    assert (industry("respondent_count", **key), industry("frame_count", **key)) == (45, 60)
    key = {"period": "2025-03", "indicator_code": "institutions", "measure_code": "end"}
    assert industry("value", **key) == 60


def test_areas_business_lines_and_types_add_up_to_the_city(tables: Tables, schemas) -> None:
    names = list(schemas["core_direct_estimates"])
    rows = [dict(zip(names, row, strict=True)) for row in tables["core_direct_estimates"]]
    of_interest = [row for row in rows if row["indicator_code"] == "placements"]
    for period in MONTHS:
        sums: dict[str, float] = {}
        for row in of_interest:
            if row["period"] == period:
                kind = row["domain_type"]
                sums[kind] = sums.get(kind, 0.0) + (row["value"] or 0.0)
        assert len(sums) == 6
        assert list(sums.values()) == pytest.approx([sums["city"]] * 6)


def test_the_target_of_2023_is_judged_on_its_census(tables: Tables, schemas) -> None:
    progress = column(tables, schemas, "mart_target_progress")
    key = {"target_id": "cq_2023_85_revenue_2023", "as_of_period": "2025-03"}
    assert progress("actual_basis", **key) == "census"
    assert progress("verdict", **key) == "未达成"
    assert "年末名录60家中已报59家" in progress("verdict_note", **key)
    # 59 agencies, rows 4 to 62: booked and unbooked 万元, both the row's number. The last one is
    # estimated by the mean of its stratum, every fourth agency: rows 7 to 59.
    assert progress("actual_value", **key) == (sum(range(4, 63)) + 33) * 2 * 10_000


def both_sides(catalog: Catalog) -> Raw:
    """Return a register, a sample and a February of each geography, the second twice the first.

    Nobody has moved: 大湾镇 of 渝北 is 大湾镇 of 北碚 now, all else of 渝北 is 两江新区.
    """
    raw = raw_rows(catalog)
    later = register_cells(7)
    for number, agency in enumerate(AGENCIES):
        if number % 3 == 1:
            now = "500109" if number % 4 == 0 else "500157"
            for found in later:
                if found["credit_code"] == agency and found["text_value"] == "500112":
                    found["text_value"] = found["raw_text"] = now
    values = [
        *(value for value in raw["raw_values"] if value["receipt_no"] in (1, 2, 5)),
        *later,
        *flash_cells(8, SAMPLED, 4, catalog),
    ]
    for value_no, value in enumerate(values, start=1):
        value["value_no"] = value_no
    files = [row for row in raw["raw_files"] if row["receipt_no"] in (1, 2, 5)]
    return {
        "raw_files": [
            *files,
            file_row(7, "register", "2026-02"),
            file_row(8, "reports", "2026-02"),
        ],
        "raw_values": values,
        "raw_problems": [],
    }


def test_both_geographies_on_both_sides_of_the_change(run: Run, catalog: Catalog, schemas) -> None:
    names = list(schemas["mart_district_recoded"])
    tables = run(both_sides(catalog))
    rows = [dict(zip(names, row, strict=True)) for row in tables["mart_district_recoded"]]

    def of(**key: str) -> dict[str, dict[str, Any]]:
        return {row["area_code"]: row for row in rows if key.items() <= row.items()}

    # 渝北 has the agencies 1, 4, 7, …; of its 20 every fourth from 4 on sits in 大湾镇.
    counts = {
        ("2020", "2025-02"): {"500101": 20, "500112": 20, "CQ-GXQ": 20},
        ("2025", "2025-02"): {"500101": 20, "500109": 5, "500157": 15, "CQ-GXQ": 20},
        ("2025", "2026-02"): {"500101": 20, "500109": 5, "500157": 15, "CQ-GXQ": 20},
        # What is not of 大湾镇 was 江北 or 渝北: their registers no longer say which.
        ("2020", "2026-02"): {"500101": 20, "500112": 5, "UNPLACED": 15, "CQ-GXQ": 20},
    }
    for (geography, period), expected in counts.items():
        found = of(geography=geography, period=period, indicator_code="institutions")
        assert {code: row["value"] for code, row in found.items() if row["value"]} == expected
        assert {row["is_recoded"] for row in found.values()} == {(geography, period) in (
            ("2025", "2025-02"), ("2020", "2026-02"))}  # fmt: skip

    estimated = list(schemas["core_direct_estimates"])
    estimates = [dict(zip(estimated, row, strict=True)) for row in tables["core_direct_estimates"]]
    for period in ("2025-02", "2026-02"):
        for code in ("placements", "revenue_incl"):
            sums: dict[str, float] = {}
            for row in estimates:
                if (row["period"], row["indicator_code"]) == (period, code):
                    kind = row["domain_type"]
                    sums[kind] = sums.get(kind, 0.0) + (row["value"] or 0.0)
            for kind in ("area", "area_2020", "area_2025"):
                assert sums[kind] == pytest.approx(sums["city"])

    growth = of(geography="2025", period="2026-02", indicator_code="placements", measure_code="ytd")
    assert growth["500101"]["growth_pct"] == pytest.approx(100)
    assert growth["500157"]["growth_pct"] == pytest.approx(100)
    assert growth["500109"]["value"] is None  # too few respondents
    assert growth["500109"]["growth_note"] == "本期或上年同期的数不发布"
    assert growth["500109"]["has_series_break"]
    retired = of(
        geography="2020", period="2026-02", indicator_code="placements", measure_code="ytd"
    )
    assert retired["500112"]["growth_note"] == "该区划已停用，调整所涉地区不作同比"

    districts = list(schemas["mart_district_monthly"])
    published = [dict(zip(districts, row, strict=True)) for row in tables["mart_district_monthly"]]
    for period, codes in (
        ("2025-02", {"500101", "500112", "CQ-GXQ"}),
        ("2026-02", {"500101", "500109", "500157", "CQ-GXQ"}),
    ):
        assert codes == {
            row["area_code"]
            for row in published
            if row["period"] == period and row["indicator_code"] == "institutions" and row["value"]
        }


def test_the_order_of_raw_rows_does_not_matter(run: Run, raw: Raw, tables: Tables) -> None:
    shuffled = {name: random.Random(7).sample(rows, len(rows)) for name, rows in raw.items()}
    assert run(shuffled) == tables


def refusal(receipt_no: int, agency: str, rule_code: str) -> Row:
    """Return what the suites say of an agency that breaks a mandatory rule."""
    return {
        "failure_no": 1,
        "receipt_no": receipt_no,
        "scope": "agency",
        "credit_code": agency,
        "rule_code": rule_code,
        "severity": "mandatory",
        "message": "请更正。",
    }


def test_a_refused_newer_version_changes_no_figure(
    run: Run, raw: Raw, tables: Tables, catalog: Catalog
) -> None:
    agency = SAMPLED[3]
    newer = flash_cells(7, [agency], 900, catalog)
    failure = refusal(7, agency, "business_lines_sum")
    for number, value in enumerate(newer, start=1):
        value["value_no"] = number
    files = [*raw["raw_files"], file_row(7, "reports", "2025-03")]
    values = [*raw["raw_values"], *newer]
    refused = run({"raw_files": files, "raw_values": values, "core_edit_failures": [failure]})
    assert {name: refused[name] for name in ESTIMATED} == {name: tables[name] for name in ESTIMATED}
    assert refused["mart_response"] == tables["mart_response"]
    assert len(refused["mart_findings"]) == 1
    accepted = run({"raw_files": files, "raw_values": values})
    assert accepted["mart_industry_monthly"] != tables["mart_industry_monthly"]


def correction_cells(receipt_no: int, row: int, agency: str, old: str, new: str) -> list[Row]:
    """Return a row of 更正表 on what an agency placed from January to March 2025."""
    fields = {
        "corrected_form": "flash_report",
        "period": "2025-03",
        "credit_code": agency,
        "indicator": "51 帮助实现就业和流动人次",
        "measure": "ytd",
        "old_value": Decimal(old),
        "new_value": Decimal(new),
        "unit": "人次",
        "reason": "笔误",
        "corrected_by": "张三",
        "corrected_date": "2025-04-20",
    }
    cells = [cell(receipt_no, row, None, field, value) for field, value in fields.items()]
    return [{**each, "value_no": 100 * row + number} for number, each in enumerate(cells)]


def test_a_correction_changes_the_estimate_like_a_report_that_says_so(
    run: Run, raw: Raw, tables: Tables, schemas
) -> None:
    """Agency 3 is micro and placed 4 × 3: each of its stratum stands for all over sampled."""
    agency = SAMPLED[3]
    files = [*raw["raw_files"], file_row(7, "corrections", None)]
    correction = correction_cells(7, 4, agency, "12", "1212")
    corrected = run({"raw_files": files, "raw_values": [*raw["raw_values"], *correction]})
    told = [
        {**value, "number_value": Decimal(1212)}
        if (value["receipt_no"], value["credit_code"]) == (6, agency)
        and (value["field_code"], value.get("measure_code")) == ("placements", "ytd")
        else value
        for value in raw["raw_values"]
    ]
    as_reported = run({**raw, "raw_values": told})
    assert {name: corrected[name] for name in ESTIMATED} == {
        name: as_reported[name] for name in ESTIMATED
    }
    key = {"period": "2025-03", "indicator_code": "placements", "measure_code": "ytd"}
    before = column(tables, schemas, "mart_industry_monthly")("value", **key)
    after = column(corrected, schemas, "mart_industry_monthly")("value", **key)
    micro = [number for number in range(60) if number % 4 == 3 and number % 10]
    sampled = [number for number in micro if 0 < number < 45]
    assert after - before == pytest.approx(1200 * len(micro) / len(sampled))
    observed = column(corrected, schemas, "core_observations")
    key |= {"credit_code": agency}
    assert observed("value", **key) == 1212
    assert (observed("receipt_no", **key), observed("correction_receipt_no", **key)) == (6, 7)
    assert not corrected["mart_findings"]


def test_a_correction_that_does_not_fit_changes_nothing_and_is_a_finding(
    run: Run, raw: Raw, tables: Tables, schemas
) -> None:
    files = [*raw["raw_files"], file_row(7, "corrections", None)]
    stale = correction_cells(7, 4, SAMPLED[3], "13", "1212")
    found = run({"raw_files": files, "raw_values": [*raw["raw_values"], *stale]})
    assert {name: found[name] for name in ESTIMATED} == {name: tables[name] for name in ESTIMATED}
    finding = column(found, schemas, "mart_findings")
    key = {"rule_code": "unused_correction"}
    assert (finding("severity", **key), finding("state", **key)) == ("mandatory", "open")
    assert "现为12人次" in finding("message", **key)
    withdrawn = run(
        {
            "raw_files": [*files, {**file_row(8, "corrections", None), "file_name": "7.xlsx"}],
            "raw_values": [
                *raw["raw_values"],
                *stale,
                *correction_cells(8, 4, SAMPLED[3], "12", "12"),
            ],
        }
    )
    assert not withdrawn["core_correction_problems"]
    assert not withdrawn["mart_findings"]
    state = column(withdrawn, schemas, "core_corrections")
    assert state("correction_state", receipt_no=7) == "replaced"


def test_corrections_count_after_the_cut_off_until_the_lock(
    run: Run, raw: Raw, catalog: Catalog, schemas
) -> None:
    """Of the same minute, two days after the cut-off: the report waits, the correction counts."""
    agency = SAMPLED[3]
    after = dt.datetime(2025, 4, 25, 9, 0)  # the cut-off is the 23rd
    late = {"first_seen_at": after}
    given = {
        "raw_files": [
            *raw["raw_files"],
            {**file_row(7, "corrections", None), **late},
            {**file_row(8, "reports", "2025-03"), **late},
        ],
        "raw_values": [
            *raw["raw_values"],
            *correction_cells(7, 4, agency, "12", "1212"),
            *flash_cells(8, [agency], 5, catalog),
        ],
    }
    given["raw_values"] = [
        {**value, "value_no": number} for number, value in enumerate(given["raw_values"], start=1)
    ]

    def placed(tables: Tables) -> tuple[Any, str, str]:
        key = {"period": "2025-03", "indicator_code": "placements", "measure_code": "ytd"}
        value = column(tables, schemas, "core_observations")("value", credit_code=agency, **key)
        state = column(tables, schemas, "core_corrections")("correction_state", receipt_no=7)
        note = column(tables, schemas, "core_versions")("version_note", receipt_no=8)
        return value, state, note

    told = "逾期，计入下一版次；锁定前要更正已采用的数，请用更正表。"
    assert placed(run(given)) == (1212, "applied", told)
    lock = {
        "decision_no": 1,
        "kind": "lock",
        "period": "2025-03",
        "person": "李四",
        "reason": "审完",
    }
    locked_after = [{**lock, "decided_at": after + dt.timedelta(hours=1)}]
    assert placed(run({**given, "raw_decisions": locked_after}))[:2] == (1212, "applied")
    locked_before = [{**lock, "decided_at": after - dt.timedelta(hours=1)}]
    assert placed(run({**given, "raw_decisions": locked_before})) == (
        12,
        "held",
        "已锁定，解锁后才计入。",
    )


def test_a_stranger_changes_no_figure(
    run: Run, raw: Raw, tables: Tables, schemas, catalog: Catalog
) -> None:
    stranger = [
        {**value, "credit_code": "stranger"} for value in flash_cells(7, [AGENCIES[0]], 3, catalog)
    ]
    for number, value in enumerate(stranger, start=1):
        value["value_no"] = number
    found = run(
        {
            "raw_files": [*raw["raw_files"], file_row(7, "reports", "2025-03")],
            "raw_values": [*raw["raw_values"], *stranger],
            "core_edit_failures": [refusal(7, "stranger", "unknown_agency")],
        }
    )
    registered = column(found, schemas, "core_submission_edits")
    assert registered("registered_code", receipt_no=7, credit_code="stranger") is None
    assert {name: found[name] for name in ESTIMATED} == {name: tables[name] for name in ESTIMATED}
    assert len(found["mart_findings"]) == 1
    finding = column(found, schemas, "mart_findings")
    assert finding("submission_state", rule_code="unknown_agency") == "refused"
    assert finding("state", rule_code="unknown_agency") == "open"
