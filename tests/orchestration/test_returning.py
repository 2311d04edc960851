"""Which workbooks and lists lie in reports/returns, run after run."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pytest

from pipelines.intake.inbox import take_in
from pipelines.intake.templates import AgencyIdentity, AgencyReport, write_flash_single
from pipelines.orchestration import returning
from pipelines.orchestration.published import published_findings
from pipelines.orchestration.run import run
from pipelines.root import Root
from pipelines.warehouse.database import PYTHON_SCHEMAS, replace_frame
from tests.intake.books import CATALOG, CODE
from tests.intake.frames import read_receipts_into_frames

UNIT = "渝中区"
COLUMNS = (
    "receipt_no",
    "scope",
    "credit_code",
    "field_code",
    "indicator_code",
    "measure_code",
    "sheet_name",
    "cell_address",
    "raw_text",
    "severity",
    "expected",
    "message",
)
FILES = """
    create or replace table mart_files as
    select
        receipt_no, period, file_path, null as form_name, null as reporting_unit_name,
        timestamp '2025-07-10 09:30:00' as first_seen_at, 'accepted' as file_state,
        '采用1家。' as state_note
    from (select distinct receipt_no, period, '' as file_path from mart_findings)"""

Publish = Callable[..., None]


def received(root: Root, name: str, **cells: object) -> None:
    """Drop an empty report of one agency, with these cells of the sheet 营业收入 filled."""
    path = root.inbox / "reports" / "2025-06" / name
    identity = AgencyIdentity(CODE, "示例人力资源有限公司", "500103", "500103")
    write_flash_single(path, CATALOG, "2025-06", AgencyReport(identity))
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book["营业收入"][address] = value
    book.save(path)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


@pytest.fixture
def publish(root: Root) -> Publish:
    """Publish what lies in the inbox; `states` by receipt, `changes` of the columns of findings."""
    frames: dict[str, pd.DataFrame] = {}

    def publish_now(
        states: Mapping[int, str] | None = None,
        now: dt.datetime = dt.datetime(2025, 7, 10, 9, 30),
        newest_month: str = "2025-05",
        **changes: Any,
    ) -> None:
        for receipt in take_in(root, now=now):
            for name, frame in read_receipts_into_frames(root, [receipt], CATALOG).items():
                frames[name] = pd.concat([frames[name], frame]) if name in frames else frame
        problems = frames["raw_problems"].astype(object)
        findings = problems.where(problems.notna(), None).to_dict("records")
        rows = [
            {column: finding[column] for column in COLUMNS}
            | {
                "finding_no": number,
                "finding_id": f"{number:012x}",
                "period": "2025-06",
                "reporting_unit_code": "500103",
                "reporting_unit_name": UNIT,
                "agency_name": "示例人力资源有限公司",
                "related_cells": None,
                "state": (states or {}).get(finding["receipt_no"], "open"),
                "explanation": None,
                "score": None,
                "score_rank": None,
                "is_priority": None,
            }
            | changes
            for number, finding in enumerate(findings, start=1)
        ]
        root.internal.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(root.database)) as connection:
            findings_frame = pd.DataFrame(rows)
            connection.register("findings", findings_frame)
            connection.execute("create or replace table mart_findings as from findings")
            connection.execute("create or replace table core_findings as from findings")
            connection.execute(
                "create or replace table mart_industry_monthly as "
                f"select '{newest_month}' as period"
            )
            connection.execute(FILES)
            for name in ("raw_files", "raw_values"):
                replace_frame(connection, name, frames[name], PYTHON_SCHEMAS[name])
            for name in ("raw_files", "raw_values", "core_findings"):
                path = root.internal / f"{name}.parquet"
                connection.execute(f"copy {name} to '{path}' (format parquet)")

    return publish_now


def write_returns(root: Root) -> list[Path]:
    with published_findings(root) as connection:
        return returning.write_returns(root, connection)


def write_returned_workbooks(root: Root) -> None:
    with published_findings(root) as connection:
        returning.write_returned_workbooks(root, connection)


def returned(root: Root) -> list[str]:
    folder = root.reports / "returns"
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*/*"))


def rows(path: Path, sheet: str) -> list[list[object]]:
    cells = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=3, values_only=True)
    return [list(row) for row in cells]


def test_each_file_with_open_findings_goes_back_and_stands_on_the_list(
    root: Root, publish: Publish
) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    received(root, "乙.xlsx", D10="许多")
    publish()
    lists = write_returns(root)
    returns = root.reports / "returns"
    assert returned(root) == ["2025-06/渝中区/退回_1_乙.xlsx", "2025-06/渝中区/退回_2_甲.xlsx"]
    assert lists == [returns / "2025-05" / "退回清单.xlsx", returns / "2025-06" / "退回清单.xlsx"]
    heads, *found = rows(lists[1], "退回清单")
    named = {row[heads.index("文件")]: row[heads.index("退回文件")] for row in found}
    assert named == {
        "reports/2025-06/甲.xlsx": "渝中区/退回_2_甲.xlsx",
        "reports/2025-06/乙.xlsx": "渝中区/退回_1_乙.xlsx",
    }
    assert "约三百万" in [row[heads.index("现填内容")] for row in found]
    assert rows(lists[0], "退回清单")[1][0] == "本期没有退回"
    book = openpyxl.load_workbook(returns / "2025-06" / "渝中区" / "退回_2_甲.xlsx")
    assert book["营业收入"]["D10"].value == "约三百万"


def test_what_came_before_the_newest_month_had_ended_stands_on_the_list_only(
    root: Root, publish: Publish
) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    publish()
    received(root, "乙.xlsx", D10="许多")
    publish(now=dt.datetime(2025, 8, 1), newest_month="2025-07")
    _, month = sorted(write_returns(root), reverse=True)
    assert returned(root) == ["2025-06/渝中区/退回_2_乙.xlsx"]
    heads, *found = rows(month, "退回清单")
    named = {row[heads.index("文件")]: row[heads.index("退回文件")] for row in found}
    assert named == {
        "reports/2025-06/甲.xlsx": None,
        "reports/2025-06/乙.xlsx": "渝中区/退回_2_乙.xlsx",
    }
    note = openpyxl.load_workbook(month)["退回清单"]["A2"].value
    assert "以前各期的文件" in str(note)


def test_a_workbook_that_is_out_stays_until_its_findings_are_settled(
    root: Root, publish: Publish
) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    publish()
    write_returned_workbooks(root)
    received(root, "乙.xlsx", D10="许多")
    publish(now=dt.datetime(2025, 8, 1), newest_month="2025-07", agency_name="改名后的机构")
    write_returned_workbooks(root)
    assert returned(root) == ["2025-06/渝中区/退回_1_甲.xlsx", "2025-06/渝中区/退回_2_乙.xlsx"]
    path = root.reports / "returns" / "2025-06" / "渝中区" / "退回_1_甲.xlsx"
    heads, first, *_ = rows(path, "审核意见")[2:]
    assert first[heads.index("单位名称")] == "改名后的机构"
    publish({1: "closed"}, newest_month="2025-07")
    write_returned_workbooks(root)
    assert returned(root) == ["2025-06/渝中区/退回_2_乙.xlsx"]


def test_a_month_that_is_not_over_makes_no_file_an_old_one(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    publish(newest_month="2025-07")
    write_returned_workbooks(root)
    assert returned(root) == ["2025-06/渝中区/退回_1_甲.xlsx"]


def test_what_is_only_asked_about_is_named_otherwise(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx")
    publish(severity="review")
    write_returned_workbooks(root)
    assert returned(root) == ["2025-06/渝中区/核实_1_甲.xlsx"]


def test_a_file_that_is_no_form_stands_on_the_list_only(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx")
    path = root.inbox / "reports" / "2025-06" / "乙.xlsx"
    path.write_bytes(path.with_name("甲.xlsx").read_bytes()[:2000])
    publish()
    _, month = write_returns(root)
    assert returned(root) == ["2025-06/渝中区/退回_2_甲.xlsx"]
    heads, *found = rows(month, "退回清单")
    files = {row[heads.index("文件")]: row[heads.index("退回文件")] for row in found}
    assert files["reports/2025-06/乙.xlsx"] is None


def test_findings_without_a_period_have_their_own_list(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx")
    publish(period=None)
    lists = write_returns(root)
    assert [path.parent.name for path in lists] == ["2025-05", "其他"]
    assert returned(root) == ["其他/渝中区/退回_1_甲.xlsx"]
    assert "不分期报表" in str(openpyxl.load_workbook(lists[1]).worksheets[0]["A1"].value)


@pytest.mark.parametrize(("unit_name", "folder"), [(None, "报送单位不明"), ("江北区", "江北区")])
def test_workbooks_lie_by_reporting_unit(
    root: Root, publish: Publish, unit_name: str | None, folder: str
) -> None:
    received(root, "甲.xlsx")
    publish(reporting_unit_name=unit_name)
    write_returned_workbooks(root)
    assert returned(root) == [f"2025-06/{folder}/退回_1_甲.xlsx"]


def test_what_is_closed_goes_and_what_is_unchanged_stays(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    received(root, "乙.xlsx", D10="许多")
    publish()
    write_returned_workbooks(root)
    folder = root.reports / "returns" / "2025-06" / "渝中区"
    times = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    publish({1: "closed"})
    write_returned_workbooks(root)
    assert [path.name for path in folder.iterdir()] == ["退回_2_甲.xlsx"]
    assert (folder / "退回_2_甲.xlsx").stat().st_mtime_ns == times["退回_2_甲.xlsx"]
    publish({1: "closed", 2: "closed"})
    write_returned_workbooks(root)
    assert not folder.exists()


def test_new_findings_make_a_new_workbook(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    publish()
    write_returned_workbooks(root)
    publish(agency_name="改名后的机构")
    write_returned_workbooks(root)
    (name,) = returned(root)
    heads, first, *_ = rows(root.reports / "returns" / name, "审核意见")[2:]
    assert first[heads.index("单位名称")] == "改名后的机构"


def test_a_workbook_in_which_somebody_wrote_is_left_alone(
    root: Root, publish: Publish, caplog: pytest.LogCaptureFixture
) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    publish()
    write_returned_workbooks(root)
    (name,) = returned(root)
    path = root.reports / "returns" / name
    path.write_bytes(b"somebody's work")
    publish(agency_name="改名后的机构")
    caplog.set_level(logging.WARNING)
    write_returned_workbooks(root)
    assert "退回文件“退回_1_甲.xlsx”已被改动，没有重新生成。" in caplog.text
    publish({1: "closed"})
    write_returned_workbooks(root)
    assert path.read_bytes() == b"somebody's work"


def test_a_lost_record_costs_only_time(root: Root, publish: Publish) -> None:
    received(root, "甲.xlsx", D10="约三百万")
    publish()
    write_returned_workbooks(root)
    (name,) = returned(root)
    before = (root.reports / "returns" / name).read_bytes()
    (root.state / "returned.json").unlink()
    write_returned_workbooks(root)
    assert (root.reports / "returns" / name).read_bytes() == before


def test_odd_names_become_safe_ones(root: Root, publish: Publish) -> None:
    received(root, '甲:乙?"' + "长" * 70 + ".xlsx")
    publish()
    write_returned_workbooks(root)
    (name,) = returned(root)
    assert name == f"2025-06/渝中区/退回_1_甲_乙__{'长' * 55}.xlsx"


def test_what_comes_back_corrected_and_explained_is_settled(own_root: Root) -> None:
    """Through a whole run: the workbook that went back is the next version, and asks no more.

    It comes before the cut-off, after which it would count in the next vintage only.
    """
    write_returns(own_root)
    path = min(own_root.reports.glob("returns/2025-06/*/核实_*.xlsx"))
    receipt_no = int(path.name.split("_")[1])
    with duckdb.connect(str(own_root.database), read_only=True) as connection:
        ((finding_id,),) = connection.execute(
            "select finding_id from mart_findings where receipt_no = ? "
            "and severity = 'review' and state = 'open' order by finding_no limit 1",
            [receipt_no],
        ).fetchall()
    book = openpyxl.load_workbook(path)
    sheet = book["审核意见"]
    (row,) = [cell.row for cells in sheet for cell in cells if cell.value == finding_id]
    sheet.cell(row, sheet.max_column, "新增大客户")
    book.save(own_root.inbox / "reports" / path.parent.parent.name / "说明.xlsx")
    take_in(own_root, now=dt.datetime(2025, 7, 22, 12, tzinfo=dt.UTC))
    run(own_root)
    write_returns(own_root)
    with duckdb.connect(str(own_root.database), read_only=True) as connection:
        states = connection.execute(
            "select receipt_no = ?, state, explanation from mart_findings where finding_id = ? "
            "order by receipt_no",
            [receipt_no, finding_id],
        ).fetchall()
    assert states == [(True, "closed", "新增大客户"), (False, "explained", "新增大客户")]
    assert not path.exists()
