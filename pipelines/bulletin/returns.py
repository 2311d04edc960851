"""The return list of a period: every open finding, by district, and what each district has of them.

It goes to the reporting units, so it has what is theirs to correct and nothing else: no scores, and
no way to what others sent. The statistician's workbook of all findings is made in `findings`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
from openpyxl import Workbook

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.marts import Row, read_returns
from pipelines.bulletin.sheets import Listing, list_title, new_book
from pipelines.bulletin.words import finding_state_text
from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.root import Root

FILE_NAME = "退回清单.xlsx"
LIST_SHEET, UNITS_SHEET = "退回清单", "按报送单位"
NO_PERIOD = "其他"  # names the folder of what has no period
NO_UNIT = "报送单位不明"
NOTHING_RETURNED = "本期没有退回"
WHAT_TO_DO = (
    "请把“退回文件”一栏的文件发还填报单位：强制性问题须更正，核实性问题更正或说明；"
    "改好后重新报送整份文件，原文件不必删除。"
    "该栏空白的没有退回文件（不能识别的文件、以前各期的文件），请按本行内容通知填报单位。"
)


@dataclass(frozen=True)
class Column:
    """A column of the list: head, width in characters, and its text in a finding."""

    label: str
    width: int
    text: Callable[[Row], str | None]


COLUMNS = (
    Column("报送单位", 11, lambda row: row["reporting_unit_name"] or NO_UNIT),
    Column("问题编号", 14, lambda row: row["finding_id"]),
    Column("性质", 7, lambda row: SEVERITY_NAMES[row["severity"]]),
    Column("文件", 22, lambda row: row["file_path"]),
    Column("统一社会信用代码", 20, lambda row: row["credit_code"]),
    Column("单位名称", 18, lambda row: row["agency_name"]),
    Column("工作表", 10, lambda row: row["sheet_name"]),
    Column("单元格", 7, lambda row: row["cell_address"]),
    Column("现填内容", 13, lambda row: row["raw_text"]),
    Column("应填内容/如何改", 18, lambda row: row["expected"] or "按问题说明办理"),
    Column("问题说明", 36, lambda row: row["message"]),
    Column("首次收到", 12, lambda row: f"{row['first_seen_at']:%Y-%m-%d %H:%M}"),
    Column("处理状态", 9, lambda row: finding_state_text(row["severity"], row["state"])),
)
WORKBOOK_HEAD, WORKBOOK_WIDTH = "退回文件", 24
UNIT_HEADS = {
    "报送单位": 22,
    "文件（份）": 14,
    "机构（家）": 14,
    "强制性问题（条）": 18,
    "核实性问题（条）": 18,
}


def write_return_list(
    root: Root,
    connection: duckdb.DuckDBPyConnection,
    period: str | None,
    made_up: bool,
    workbooks: Mapping[int, str],
) -> Path:
    """Write reports/returns/<period>/退回清单.xlsx and return its path.

    Args:
        root: where it is written.
        connection: has mart_findings and raw_files.
        period: YYYY-MM or YYYY; None for what has no period (folder 其他).
        made_up: prints 模拟数据 in the title, the sheets' names and the footer.
        workbooks: the returned workbook of each receipt that has one, as the list names it.
    """
    content = io.BytesIO()
    return_list(read_returns(connection, period), period, made_up, workbooks).save(content)
    path = root.reports / "returns" / (period or NO_PERIOD) / FILE_NAME
    replace_file(path, content.getvalue())
    return path


def return_list(
    findings: Sequence[Row], period: str | None, made_up: bool, workbooks: Mapping[int, str]
) -> Workbook:
    """Return the workbook: one row for each finding, then one for each reporting unit."""
    title = list_title(period, LIST_SHEET)
    findings_listed = Listing(
        LIST_SHEET,
        title,
        f"共{len(findings)}条。{WHAT_TO_DO}",
        {column.label: column.width for column in COLUMNS} | {WORKBOOK_HEAD: WORKBOOK_WIDTH},
        [
            [*(column.text(finding) for column in COLUMNS), workbooks.get(finding["receipt_no"])]
            for finding in findings
        ],
        NOTHING_RETURNED,
    )
    listings = [findings_listed]
    if findings:
        units_listed = Listing(
            UNITS_SHEET,
            f"{title}（{UNITS_SHEET}汇总）",
            "“机构”为有强制性问题的机构；同一机构、同一文件在一个报送单位内只计一次。",
            UNIT_HEADS,
            _count_by_unit(findings),
            NOTHING_RETURNED,
        )
        listings.append(units_listed)
    return new_book(listings, made_up)


def _count_by_unit(findings: Sequence[Row]) -> list[list[str | int]]:
    """Return what each reporting unit has, and all of them together."""
    by_unit = groupby(findings, key=lambda row: row["reporting_unit_name"] or NO_UNIT)
    counted = [("合计", list(findings)), *((unit, list(rows)) for unit, rows in by_unit)]
    return [
        [
            unit,
            len({row["receipt_no"] for row in rows}),
            len({row["credit_code"] for row in rows if _stops_an_agency(row)}),
            *(sum(row["severity"] == kind for row in rows) for kind in SEVERITY_NAMES),
        ]
        for unit, rows in counted
    ]


def _stops_an_agency(finding: Row) -> bool:
    """Return whether a finding keeps an agency's report from being taken."""
    return finding["severity"] == "mandatory" and finding["credit_code"] is not None
