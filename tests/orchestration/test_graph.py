"""The whole graph on a handful of workbooks: what a run leaves, leaves alone and rebuilds."""

import datetime as dt
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import dagster as dg
import duckdb
import openpyxl
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.intake.receipts import read_receipts
from pipelines.orchestration.assets import JOB_NAME, WriterResource, build_assets
from pipelines.orchestration.history import open_history
from pipelines.orchestration.last_run import months_to_run, months_waiting, read_last_run
from pipelines.orchestration.lock import WriterBusyError, writer_lock
from pipelines.orchestration.publication import PublicationBlockedError
from pipelines.orchestration.published import ask
from pipelines.orchestration.run import RunOutcome, run
from pipelines.orchestration.synthesis import Plan
from pipelines.orchestration.writer import open_writer
from pipelines.quality.suites import form_suites, load_suites
from pipelines.quality.tables import TableFailure
from pipelines.quality.validation import Failure
from pipelines.root import Root
from pipelines.synthetic.hostile import TROUBLES
from pipelines.synthetic.industry import make_industry
from pipelines.synthetic.mistakes import REFUSED_KINDS
from pipelines.synthetic.sendings import do_fieldwork
from pipelines.warehouse.release import current_release_id
from pipelines.warehouse.sql_files import load_sql_tables

Rows = list[tuple[object, ...]]

CUT_OFF = dt.date(2025, 7, 23)  # of 2025-06: three working days after the 18th

DECIDE = """
import sys
from pathlib import Path
from pipelines.orchestration.run import run
from pipelines.root import Root
outcome = run(Root(Path(sys.argv[1])))
heavy = {"dagster", "duckdb", "pandas", "plotly", "openpyxl"} & set(sys.modules)
print(outcome.months, sorted(heavy))
"""


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, Rows]:
    """All tables of a warehouse, with their rows in the order they are stored in."""
    names = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
    return {name: connection.execute(f"from {name}").fetchall() for (name,) in names}


def warehouse(root: Root) -> dict[str, Rows]:
    with duckdb.connect(str(root.warehouse), read_only=True) as connection:
        return everything(connection)


def releases(root: Root) -> set[str]:
    return {path.name for path in root.releases.iterdir()}


def test_a_run_leaves_every_table_the_pages_and_its_history(
    small_demo: tuple[Root, RunOutcome],
) -> None:
    root, outcome = small_demo
    assert outcome.months == ("2025-05", "2025-06")
    assert (current_release_id(root) or "").startswith("2025-06-")
    assert set(load_sql_tables()) <= set(warehouse(root))
    for period in ("2025-05", "2025-06"):
        assert (root.reports / f"bulletin-{period}.html").exists()
        assert (root.reports / "returns" / period / "退回清单.xlsx").exists()
    with open_history(root) as instance:
        (record,) = instance.get_run_records()
    assert record.dagster_run.job_name == JOB_NAME
    assert record.dagster_run.is_success


def check_of(root: Root, asset: str, check: str) -> dg.AssetCheckEvaluation:
    """The last result of a check, as Dagster's page shows it."""
    key = dg.AssetCheckKey(dg.AssetKey(asset), check)
    with open_history(root) as instance:
        (record, *_) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    assert record.event.dagster_event is not None
    return record.event.dagster_event.asset_check_evaluation_data


def test_dagster_shows_what_the_rules_found(demo_root: Root) -> None:
    found = warehouse(demo_root)["core_edit_failures"]
    flash = check_of(demo_root, "core_edit_failures", "flash_report")
    suites = form_suites(load_suites(), load_catalog())
    checks = [check_of(demo_root, "core_edit_failures", name) for name in suites]
    counts = [int(str(check.metadata["问题"].value)) for check in checks]
    assert sum(counts) == len(found)
    assert not flash.passed
    table = flash.metadata["按规则"]
    assert isinstance(table, dg.TableMetadataValue)
    (unknown,) = (r.data for r in table.records if r.data["审核规则"] == "机构在名录内")
    assert (unknown["性质"], unknown["处"]) == ("强制性", 1)
    assert str(unknown["例"]).startswith("文件“名录外机构的快报.xlsx”工作表“封面”单元格")
    assert str(flash.metadata["退回清单"].value).endswith("returns")
    assert check_of(demo_root, "publication", "mart_response").passed


def test_a_blocked_publication_shows_in_dagster_which_table(
    own_root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rule, *_) = load_suites()["mart_response"].rules
    failure = TableFailure("mart_response", Failure(rule, [0], None), ("2025-06/500103",))
    (own_root.inbox / "reports" / "2025-06" / "坏表.xlsx").write_bytes(b"no workbook")
    before = current_release_id(own_root)
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.orchestration.publication.check_tables", lambda *_: [failure])
        with pytest.raises(PublicationBlockedError, match="本次没有发布"):
            run(own_root)
    assert current_release_id(own_root) == before
    assert months_to_run(own_root) is not None
    evaluation = check_of(own_root, "publication", "mart_response")
    assert not evaluation.passed
    assert "2025-06/500103" in str(evaluation.metadata[rule.meta.name].value)
    # What has to be corrected is said all the same.
    returns = openpyxl.load_workbook(own_root.reports / "returns/2025-06/退回清单.xlsx")
    files = [row[3].value for row in returns.worksheets[0]]
    assert "reports/2025-06/坏表.xlsx" in files


def test_bad_files_are_recorded_and_everything_else_goes_on(demo_root: Root) -> None:
    refused = ask(
        demo_root,
        "select file_name, rule_code, message from mart_findings "
        "where submission_state = 'refused' and severity = 'mandatory'",
    ).rows
    found = {(name.rsplit("/", 1)[-1], rule_code) for name, rule_code, _ in refused}
    assert {(trouble.file_name, trouble.rule_code) for trouble in TROUBLES} <= found
    for name, _, message in refused:
        assert name.rsplit("/", 1)[-1] in message
        assert message.endswith("。")


def test_everyone_who_answered_soundly_counts(demo_root: Root, small_plan: Plan) -> None:
    """Against what the made-up industry sent by the newest period's cut-off, the 23rd of July.

    All but those whose mistake was not repaired by then: who repairs sends twice, copies apart.
    """
    plan = small_plan
    industry = make_industry(plan.seed, plan.size)
    fieldwork = do_fieldwork(industry, plan.first, plan.last, plan.conditions)
    codes = industry.agencies.credit_codes
    for period in ("2025-05", "2025-06"):
        answered = Counter(
            codes[report.position]
            for sending in fieldwork.sendings
            if sending.period == period and sending.day <= CUT_OFF
            if not sending.remark.endswith("副本")
            for report in sending.reports
        )
        lost = {
            mistake.credit_code
            for mistake in fieldwork.mistakes
            if mistake.period == period and mistake.kind in REFUSED_KINDS
            if not (mistake.is_repaired and answered[mistake.credit_code] > 1)
        }
        counts = ask(
            demo_root,
            "select accepted_count from mart_response "
            f"where period = '{period}' and reporting_unit_code = 'TOTAL'",
        ).rows
        assert counts == [(len(answered.keys() - lost),)]


def test_a_second_run_decides_from_receipts_that_nothing_changed(demo_root: Root) -> None:
    before = releases(demo_root)
    result = subprocess.run(
        [sys.executable, "-c", DECIDE, str(demo_root.path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "None []\n"
    assert releases(demo_root) == before


def test_the_archive_alone_rebuilds_identical_rows(demo_root: Root, own_root: Root) -> None:
    shutil.rmtree(own_root.state)
    shutil.rmtree(own_root.inbox)
    shutil.rmtree(own_root.path / "truth")  # which nothing may have read

    outcome = run(own_root)
    assert outcome.arrivals == []
    assert releases(own_root) == releases(demo_root)
    rebuilt, original = warehouse(own_root), warehouse(demo_root)
    assert rebuilt.keys() == original.keys()
    for name, rows in original.items():
        assert rebuilt[name] == rows, name


def test_a_months_run_leaves_other_months_receipts_alone(own_root: Root) -> None:
    before = warehouse(own_root)
    for period in ("2025-05", "2025-06"):
        roll = next((own_root.inbox / "reports" / period).glob("*汇总表*"))
        (own_root.inbox / "reports" / period / "重报.xlsx").write_bytes(roll.read_bytes() + b"\0")

    outcome = run(own_root, "2025-05")
    after = warehouse(own_root)
    assert outcome.months == ("2025-05", "2025-05")
    assert [receipt.folder_period for receipt in outcome.arrivals] == ["2025-05"]
    (arrived,) = (receipt.receipt_no for receipt in outcome.arrivals)
    for name in ("raw_files", "raw_values", "raw_problems", "readings"):
        assert [row for row in after[name] if row[0] != arrived] == before[name], name
    assert arrived in {row[0] for row in after["raw_files"]}
    assert len(read_receipts(own_root)) == len(before["raw_files"]) + 1
    assert months_waiting(own_root) == ("2025-06", "2025-06")


def test_one_sql_asset_alone_changes_only_its_table(own_root: Root) -> None:
    assets = {
        asset.key.to_user_string(): asset
        for asset in build_assets(load_catalog(), load_sql_tables())
        if len(asset.keys) == 1
    }
    with open_writer(own_root) as writer:
        whole = everything(writer.connection)
        writer.connection.execute("delete from core_periods")
        writer.connection.execute("delete from core_weights")
        result = dg.materialize([assets["core_periods"]], resources={"writer": writer})
        assert result.success
        assert everything(writer.connection) == {**whole, "core_weights": []}


def test_a_run_from_dagsters_page_takes_the_same_lock(demo_root: Root) -> None:
    assets = build_assets(load_catalog(), load_sql_tables())
    (asset,) = (asset for asset in assets if dg.AssetKey("core_periods") in asset.keys)
    resources = {"writer": WriterResource(root=str(demo_root.path))}
    assert dg.materialize([asset], resources=resources).success
    with writer_lock(demo_root):
        result = dg.materialize([asset], resources=resources, raise_on_error=False)
    assert not result.success
    (failure,) = (event for event in result.all_events if event.is_run_failure)
    assert "另一个任务正在写入" in str(failure.event_specific_data)


def test_a_failed_run_is_asked_for_again(own_root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    last_run = read_last_run(own_root)
    shutil.copy(next((own_root.inbox / "register").iterdir()), own_root.inbox / "sample")

    def fail(_: object) -> None:
        raise duckdb.Error("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.orchestration.assets.reference_frames", fail)
        with pytest.raises(duckdb.Error, match="disk full"):
            run(own_root)
    assert read_last_run(own_root) == last_run
    assert months_to_run(own_root) == ("2025-06", "2025-06")

    outcome = run(own_root)
    assert outcome.months == ("2025-06", "2025-06")
    assert last_run is not None
    assert current_release_id(own_root) != last_run.release_id
    assert months_to_run(own_root) is None


def test_readers_are_answered_while_a_writer_works(demo_root: Root) -> None:
    with writer_lock(demo_root):
        assert ask(demo_root, "select count(*) > 0 from mart_target_progress").rows == [(True,)]
        with pytest.raises(WriterBusyError):
            run(demo_root)


def test_made_up_data_say_so_in_what_is_published(demo_root: Root) -> None:
    comments = ask(demo_root, "select comment from duckdb_tables()").rows
    assert comments
    assert all(comment.startswith("【模拟数据】") for (comment,) in comments)


def test_every_published_column_has_a_meaning(demo_root: Root) -> None:
    query = "select table_name, column_name from mart_data_dictionary where meaning is null"
    assert ask(demo_root, query).rows == []


def test_where_a_root_lies_does_not_matter(demo_root: Root) -> None:
    for path in demo_root.marts.glob("*.json"):
        assert str(Path(demo_root.path)) not in path.read_text(encoding="utf-8")
