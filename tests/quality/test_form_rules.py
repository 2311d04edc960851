"""Every rule of every form on workbooks that break it and on others just at its edge.

The workbooks go the whole way: templates, inbox, intake, SQL, suites.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pytest

from pipelines.intake.inbox import take_in
from pipelines.intake.receipts import read_receipts
from pipelines.quality.findings import COLUMNS, find_failures
from pipelines.quality.suites import Rule, Suite, form_suites, load_suites, rule_frame
from pipelines.quality.validation import RuleRaisedError
from pipelines.quality.wording import FormWords, Shown
from pipelines.root import Root
from pipelines.warehouse.database import (
    PYTHON_SCHEMAS,
    build_table,
    open_database,
    replace_frame,
)
from pipelines.warehouse.reference import reference_frames
from pipelines.warehouse.sql_files import SqlTable, load_sql_tables
from tests.intake.frames import read_receipts_into_frames
from tests.messages import faults_of
from tests.quality.form_cases import (
    CASES,
    CATALOG,
    EVENTS,
    MONTH,
    NEXT_YEAR,
    OUTSIDER,
    SOUND_SERIALS,
    STRANGE_STRATUM,
    YEAR,
    cases,
    code_of,
    corrected,
    expected_cell,
    write_workbooks,
)

Row = dict[str, Any]

FAILURES = "core_edit_failures"
SUITES = form_suites(load_suites(), CATALOG)
TABLES = load_sql_tables()
LAST_PERIODS = (MONTH, YEAR, NEXT_YEAR)  # earlier ones are there to be compared with
GRAINS = {name: table.grain for name, table in TABLES.items()}
RULES = [(suite.name, rule.meta.rule_code) for suite in SUITES.values() for rule in suite.rules]
CASE_RULES = [(form, rule) for form, rules in CASES.items() for rule in rules]


@dataclass(frozen=True)
class Found:
    """The warehouse after the rules were run, and what they found, by form."""

    root: Root
    connection: duckdb.DuckDBPyConnection
    failures: pd.DataFrame
    published_rows: dict[str, int]

    def of(self, form: str, rule: str, credit_code: str | None = None) -> list[dict[str, Any]]:
        found = self.failures
        chosen = found[(found.form_code == form) & (found.rule_code == rule)]
        if credit_code:
            chosen = chosen[(chosen.credit_code == credit_code) & chosen.period.isin(LAST_PERIODS)]
        return chosen.to_dict("records")


def needed_for(name: str) -> list[SqlTable]:
    """Return the SQL tables that a table comes from and itself, in the order to build them."""
    wanted = {name}
    for table in reversed(TABLES.values()):
        if table.name in wanted:
            wanted |= set(table.sources)
    return [table for table in TABLES.values() if table.name in wanted]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    root = Root(tmp_path_factory.mktemp("rules"))
    published_rows = write_workbooks(root.inbox)
    take_in(root, now=dt.datetime(2026, 3, 12, 12, tzinfo=dt.UTC))
    with open_database(":memory:") as connection:
        frames = read_receipts_into_frames(root, read_receipts(root), CATALOG)
        frames |= reference_frames(CATALOG)
        frames["ref_rules"] = rule_frame(load_suites(), CATALOG)
        frames["ref_release"] = pd.DataFrame([{"release_id": "T", "period": "2025-06"}])
        frames["raw_decisions"] = pd.DataFrame(columns=list(PYTHON_SCHEMAS["raw_decisions"]))
        for name, frame in frames.items():
            replace_frame(connection, name, frame, PYTHON_SCHEMAS[name])
        edit_tables = {table for suite in SUITES.values() for table in suite.tables}
        before = {table.name for name in edit_tables for table in needed_for(name)}
        for table in TABLES.values():
            if table.name in before:
                build_table(connection, table, CATALOG)
        frame = find_failures(connection, SUITES, GRAINS, CATALOG)
        replace_frame(connection, FAILURES, frame, PYTHON_SCHEMAS[FAILURES])
        after = {
            table.name
            for name in ("mart_findings", "core_observations")
            for table in needed_for(name)
        }
        for table in TABLES.values():
            if table.name in after - before:
                build_table(connection, table, CATALOG)
        for column in ("form_code", "period"):
            files = connection.execute(f"select receipt_no, {column} from stg_files").fetchall()
            frame[column] = frame.receipt_no.map(dict(files))
        yield Found(root, connection, frame, published_rows)


def test_every_rule_of_a_form_has_its_case() -> None:
    others = {
        ("sample", "sampled_outside_register"),
        ("sample", "unknown_stratum"),
        ("published_figures", "unknown_indicator"),
        ("published_figures", "unit_mismatch"),
        ("published_figures", "impossible_value"),
        ("published_figures", "duplicate_figure"),
    }
    others |= {("register_events", rule) for rule in EVENTS}
    assert sorted(RULES) == sorted([*CASE_RULES, *others])


def test_every_message_says_where_and_what_to_do(found: Found) -> None:
    names = dict(found.connection.execute("select receipt_no, file_name from stg_files").fetchall())
    failures = found.failures.astype(object)
    faults = {
        row["message"]: faults_of(
            row["message"], names[row["receipt_no"]], row["sheet_name"], row["cell_address"]
        )
        for row in failures.where(failures.notna(), None).to_dict("records")
    }
    assert {message: wrong for message, wrong in faults.items() if wrong} == {}


def test_all_audit_relations_are_there() -> None:
    rows = rule_frame(load_suites(), CATALOG)
    of_tables = {rule.meta.audit_id for suite in load_suites().values() for rule in suite.rules}
    wanted = {f"A{number:02}" for number in range(1, 21)}
    assert {*rows.audit_id, *of_tables} - {None} == wanted


@pytest.mark.parametrize(("form", "rule"), CASE_RULES)
def test_what_breaks_a_rule_is_found_and_what_stands_at_its_edge_is_not(
    found: Found, form: str, rule: str
) -> None:
    agencies = cases()
    assert found.of(form, rule, agencies[form, rule, "edge"].credit_code) == []
    findings = found.of(form, rule, agencies[form, rule, "breaks"].credit_code)
    assert findings, f"{rule} found nothing"
    (meta,) = {each.severity: each for each in SUITES[form].rules if each.meta.rule_code == rule}
    assert {finding["severity"] for finding in findings} == {
        {"critical": "mandatory", "warning": "review"}[meta]
    }
    published = found.connection.execute(
        "select distinct submission_state, state from mart_findings "
        "where rule_code = ? and credit_code = ? and form_code = ? and period in ?",
        [rule, agencies[form, rule, "breaks"].credit_code, form, LAST_PERIODS],
    ).fetchall()
    kept = "refused" if meta == "critical" else "accepted"
    assert published == [(kept, "open")]
    field = expected_cell(form, rule)
    if field:
        assert {finding["field_code"] for finding in findings} == {field}
        assert all(finding["sheet_name"] and finding["cell_address"] for finding in findings)


def test_sound_submissions_have_no_findings(found: Found) -> None:
    codes = {code_of(serial) for serial in SOUND_SERIALS}
    of_them = found.failures[found.failures.credit_code.isin(codes)]
    # The first shares its name with the cases of same_name, the second's stratum is none.
    expected = {(code_of(1), "same_name"), (code_of(STRANGE_STRATUM), "unknown_stratum")}
    assert set(zip(of_them.credit_code, of_them.rule_code, strict=True)) == expected


def test_the_sample_and_the_published_figures(found: Found) -> None:
    (outside,) = found.of("sample", "sampled_outside_register")
    assert outside["credit_code"] == code_of(OUTSIDER)
    (strange,) = found.of("sample", "unknown_stratum")
    assert (strange["raw_text"], strange["credit_code"]) == ("XYZ", code_of(STRANGE_STRATUM))
    first_row = 0
    for rule in ("unknown_indicator", "unit_mismatch", "impossible_value", "duplicate_figure"):
        (finding,) = found.of("published_figures", rule)
        row = int(re.sub(r"\D", "", finding["cell_address"])) - found.published_rows[rule]
        first_row = first_row or row
        assert row == first_row, rule
        assert (finding["scope"], finding["severity"]) == ("row", "mandatory")


def test_the_events_of_the_register(found: Found) -> None:
    """Each row that breaks a rule has its finding, of no other rule, and no other row has one."""
    number, wanted = 0, []
    for rule, (breaks, edges) in EVENTS.items():
        wanted += [(number + place, rule) for place in range(len(breaks))]
        number += len(breaks) + len(edges)
    findings = [each for rule in EVENTS for each in found.of("register_events", rule)]
    rows = [int(re.sub(r"\D", "", each["cell_address"])) for each in findings]
    told = [(row - min(rows), each["rule_code"]) for row, each in zip(rows, findings, strict=True)]
    assert sorted(told) == wanted
    assert {(each["scope"], each["severity"]) for each in findings} == {("row", "review")}


def failures_alone(found: Found, form: str, table: str, rules: Sequence[Rule]) -> list[Row]:
    """Return what rules of one table find when none gives way to another."""
    alone = [
        rule.model_copy(update={"meta": rule.meta.model_copy(update={"unless": []})})
        for rule in rules
    ]
    suite = Suite(name=form, meaning="一张表", tables={table: alone})
    failures = find_failures(found.connection, {form: suite}, GRAINS, CATALOG)
    return failures[list(COLUMNS[1:])].to_dict("records")


@pytest.fixture(scope="module")
def of_tables(found: Found) -> Callable[[str, str], list[Row]]:
    return cache(lambda form, table: failures_alone(found, form, table, SUITES[form].tables[table]))


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_without_a_rule_its_findings_vanish_and_no_others(
    found: Found, of_tables: Callable[[str, str], list[Row]], form: str, rule: str
) -> None:
    (table,) = (
        table
        for table, rules in SUITES[form].tables.items()
        if rule in [each.meta.rule_code for each in rules]
    )
    rules = SUITES[form].tables[table]
    left = failures_alone(
        found, form, table, [each for each in rules if each.meta.rule_code != rule]
    )
    assert found.of(form, rule)
    everything = of_tables(form, table)
    assert left == [row for row in everything if row["rule_code"] != rule]


def test_a_rule_that_cannot_be_carried_out_stops_everything(found: Found) -> None:
    (rule, *others) = SUITES["flash_report"].tables["core_flash_edits"]
    odd = rule.model_copy(update={"kwargs": {"column": "edit_a99", "max_value": 0}})
    suite = Suite(name="flash_report", meaning="错", tables={"core_flash_edits": [*others, odd]})
    with pytest.raises(RuleRaisedError, match=r"“登记求职人员等于各学历之和”.*无法执行"):
        find_failures(found.connection, {"flash_report": suite}, GRAINS, CATALOG)


def test_a_finding_names_the_cell_that_holds_what_it_quotes(found: Found) -> None:
    """Every quoted text stands in the workbook at the address given."""
    paths = {receipt.receipt_no: receipt.file_path for receipt in read_receipts(found.root)}
    for receipt_no, findings in found.failures.groupby("receipt_no"):
        book = openpyxl.load_workbook(found.root.inbox / paths[receipt_no])
        for finding in findings.itertuples():
            if finding.cell_address is None:
                assert finding.rule_code == "lost_without_exit"
                continue
            value = book[finding.sheet_name][finding.cell_address].value
            shown = f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else str(value)
            if isinstance(value, int | float):
                assert float(finding.raw_text) == pytest.approx(value)
            else:
                assert finding.raw_text[:10] == shown[:10]
            for place in (finding.related_cells or "").split("；"):
                if place:
                    sheet, _, address = place.partition("!")
                    assert book[sheet][address].value is not None


def test_messages_are_chinese_sentences_that_say_what_to_do(found: Found) -> None:
    for finding in found.failures.itertuples():
        plain = re.sub(r"“[^”]*”|单元格[A-Z]+\d+", "", finding.message)
        plain = re.sub(r"（\w{18}）", "", plain)
        assert not re.search(r"[A-Za-z{}_]", plain), finding.message
        assert finding.message.endswith("。")
        assert "请" in finding.message
        assert "nan" not in finding.message.lower()
        assert finding.rule_code not in finding.message
        assert finding.expected


def test_a_doubtful_submission_counts_and_a_refused_one_does_not(found: Found) -> None:
    counted = {
        code
        for (code,) in found.connection.execute(
            "select distinct credit_code from core_observations "
            "where form_code = 'flash_report' and period = ?",
            [MONTH],
        ).fetchall()
    }
    for rule in SUITES["flash_report"].rules:
        code = cases()["flash_report", rule.meta.rule_code, "breaks"].credit_code
        assert (code in counted) == (rule.severity == "warning"), rule.meta.rule_code


def test_a_sentence_by_hand(found: Found) -> None:
    code = cases()["flash_report", "employers_served_parts", "breaks"].credit_code
    (finding,) = found.of("flash_report", "employers_served_parts", code)
    serial = cases()["flash_report", "employers_served_parts", "breaks"].serial
    assert finding["message"] == (
        f"文件“{serial}.xlsx”工作表“服务对象”单元格{finding['cell_address']}的"
        "“38 服务用人单位（本月）”为100家次，各类单位（39至42）之和为101家次，"
        "相差1家次，请更正总数或分项。"
    )
    assert finding["expected"] == "101家次，或更正39至42"
    assert finding["related_cells"].count("服务对象!") == 4


def test_one_month_put_right_is_one_question(found: Found) -> None:
    """Three figures of June go on from another May than the one reported."""
    (finding,) = found.of("flash_report", "cumulative_mismatch", corrected().credit_code)
    assert finding["message"] == (
        f"文件“{corrected().serial}.xlsx”工作表“营业收入”单元格{finding['cell_address']}的"
        "“01 人力资源服务营业收入（1—本月）”等3项不等于上期累计加本月，"
        "“01 人力资源服务营业收入（1—本月）”为601.00万元，上期累计为500.00万元，本月为100.00万元，"
        "相差1.00万元，请核对本月和累计，更正了以前月份的请说明。"
    )
    assert finding["indicator_code"] == "revenue_booked"
    assert len(finding["related_cells"].split("；")) == 2
    for figure in ("601.00万元", "67.00万元", "61条"):
        assert figure in finding["figures"]


def test_the_unit_that_sent_before_is_named(found: Found) -> None:
    code = cases()["flash_report", "reported_by_two_units", "breaks"].credit_code
    (finding,) = found.of("flash_report", "reported_by_two_units", code)
    serial = cases()["flash_report", "reported_by_two_units", "breaks"].serial
    assert f"已由“江北区”报送（文件“{serial}.xlsx”）" in finding["message"]


@pytest.mark.parametrize(
    ("spec", "value", "shown"),
    [
        ("size", -6, "6家次"),
        ("size", 6, "6家次"),
        ("", -6, "-6家次"),
        ("percent", 62.5, "增加62.5%"),
        ("percent", -62.5, "减少62.5%"),
        ("percent", 1000.0, "增加1,000.0%"),
        ("percent", 2_293_500.0, "扩大到22,936倍"),
        ("ratio", 1234.567, "1,234.57"),
        ("count", 3, "3"),
        ("period", "2025-06", "2025年6月"),
        ("period", "2024-12", "2024年12月"),
        ("period", None, "（未填）"),
    ],
)
def test_how_a_figure_is_shown(spec: str, value: object, shown: str) -> None:
    words = FormWords(CATALOG, CATALOG.form("flash_report", MONTH))
    assert format(Shown(value, "家次", words), spec) == shown


def test_a_cell_is_asked_about_once(found: Found) -> None:
    """A jump that a slip or the fixed limit explains, or a first zero, is no outlier beside."""
    suite = SUITES["flash_report"]
    giving_way = {rule.meta.rule_code: rule.meta.unless for rule in suite.rules}
    assert giving_way["ratio_outlier"]
    places = ["receipt_no", "credit_code", "compared_receipt_no", "indicator_code", "measure_code"]
    of_form = found.failures[found.failures.form_code == "flash_report"]
    for _, asked in of_form.groupby(places, dropna=False):
        codes = set(asked.rule_code)
        assert not any(codes & set(giving_way[code]) for code in codes), codes
    code = cases()["flash_report", "first_zero", "breaks"].credit_code
    assert found.of("flash_report", "people_change", code) == []


def test_an_outlier_is_told_with_what_is_usual_but_known_by_its_own_figures(found: Found) -> None:
    """What is usual changes with every report that comes, and the question stays the same."""
    agency = cases()["flash_report", "ratio_outlier", "breaks"]
    before = agency.before["employers_served", "month"]
    (finding,) = found.of("flash_report", "ratio_outlier", agency.credit_code)
    ((low, high),) = found.connection.execute(
        "select ratio_low, ratio_high from core_ratio_edits where receipt_no = ? "
        "and indicator_code = 'employers_served' and measure_code = 'month'",
        [finding["receipt_no"]],
    ).fetchall()
    compared = f"为240家次，上期为{before}家次，两者之比为{240 / before:.2f}，"
    assert compared in finding["message"]
    assert f"通常在{low:.2f}至{high:.2f}之间，请核对，属实的请说明原因。" in finding["message"]
    assert finding["figures"].endswith(f"；240家次；上期；{before}家次")


def test_a_report_in_another_unit_is_one_question(found: Found) -> None:
    """Thirteen figures of the month in 元: none of them is asked about besides."""
    agency = cases()["flash_report", "unit_slip_report", "breaks"]
    (finding,) = found.of("flash_report", "unit_slip_report", agency.credit_code)
    assert finding["message"] == (
        f"文件“{agency.serial}.xlsx”工作表“营业收入”单元格{finding['cell_address']}的"
        "“01 人力资源服务营业收入（本月）”等13个金额（可比的共13个）都与上期相差约1万倍、偏大，"
        "疑整份报表以元为单位填写，请核对计量单位，属实的请说明。"
    )
    for rule in ("unit_slip", "revenue_change", "ratio_outlier"):
        assert found.of("flash_report", rule, agency.credit_code) == []
