"""The statistician's workbook of a period: its findings in the order to work them, and its files.

The return list (`returns`) goes to the districts and has what they must correct; this one stays in
the bureau: it ranks the findings by what they may move of the city's totals, has those that are
settled, too, and leads to what was sent and to what goes back.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from openpyxl import Workbook

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.marts import Row, read_files, read_findings
from pipelines.bulletin.sheets import Content, Link, Listing, list_title, new_book
from pipelines.bulletin.words import finding_state_text
from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.root import Root

NAME = "审核问题"
FOLDER = "findings"
NO_PERIOD = "其他"  # names the workbook of what has no period
FINDINGS_SHEET, FILES_SHEET, HELP_SHEET = "问题", "文件", "说明"
FILE_STATES = {
    "accepted": "采用",
    "superseded": "被替代",
    "refused": "退回",
    "quarantined": "隔离",
    "ignored": "忽略",
}
OPEN_RETURNED = "打开退回文件"
NO_FINDINGS, NO_FILES = "本期没有问题", "本期没有收到文件"
ORDER = "请从上往下处理：待处理的在前，按对全市合计的影响由大到小排列；标“优先”的处理完即可停。"
HELP = {
    "怎样处理": "从“问题”表第一行起逐条处理。点“退回文件”打开标好单元格的退回文件，"
    "发还填报单位更正或说明；点“文件”查看收到的原件，请勿在原件上改动。",
    "何时可以停": "“是否优先”为“优先”的处理完，其余待处理问题合计对全市合计的影响不到1%，"
    "可以不再逐条处理；强制性问题所涉报送在更正前不予采用，仍须催报。",
    "序号": "处理的先后顺序。",
    "是否优先": "标“优先”的先处理；空白的，合起来对全市合计的影响不到1%。",
    "影响（占全市合计%）": "所填数与预期数之差加权后占全市合计的百分比；空白的不涉及数值。",
    "性质": "强制性问题须更正后重新报送，更正前不予采用；核实性问题更正或说明，说明前照常采用。",
    "状态": "待更正、待说明的尚未处理；已说明的填报单位写了原因；已办结的填报单位报来了新的文件。",
    "报送单位": "由哪个区县或功能区报送；不能确定的写“报送单位不明”。",
    "单位名称、代码": "问题所涉机构；整份文件的问题没有机构。",
    "文件": "收到时的名称；能点开的是收到的原件。隔离的文件没有链接，请勿打开。",
    "工作表、单元格": "问题在文件中的位置；空白的是整份文件或整份报表的问题。",
    "现填内容、应填内容": "单元格现在的内容，和应当填写的内容。",
    "问题说明": "错在哪里、怎样改，与退回文件、退回清单上的文字相同。",
    "相关单元格": "与该问题有关的其他单元格。",
    "说明/答复": "填报单位在退回文件“审核意见”表中写的说明，或审核时采纳说明的理由。",
    "审核状态": "该机构本期快报审到哪一级：已提交、区县初审、市级复审、锁定、退回；"
    "过了截数日期没有人审核的为未审。",
    "首次收到": "该文件第一次收到的时间。",
    "“文件”表": "本期收到的每份文件处于一种状态：采用、被替代（同一机构后来报的文件已采用）、退回、"
    "隔离（打不开或有危险，没有读取）、忽略（不是报表或与已收文件重复）；各状态合计等于收到的份数。",
    "个人信息": "文字中的身份证号码和电话号码已隐去中间几位，原件中没有改动。",
}


@dataclass(frozen=True)
class Paths:
    """Where the files of receipts lie, relative to the folder of the workbook.

    Attributes:
        archived: the bytes as they were received.
        returned: the workbook that goes back.
    """

    archived: Mapping[int, str]
    returned: Mapping[int, Link]


@dataclass(frozen=True)
class Ignored:
    """What lay in the inbox and is no report: where, and why it counts as none."""

    file_path: str
    reason: str


@dataclass(frozen=True)
class Column:
    """A column of the sheet 问题: head, width in characters, and what it has of a finding."""

    label: str
    width: int
    content: Callable[[Row, Paths], Content]


def _original(row: Row, name: str, paths: Paths) -> Content:
    """Return a name of a file, leading to its bytes where they may be opened."""
    target = paths.archived.get(row["receipt_no"])
    return Link(name, target) if target is not None else name


def _is_first(row: Row) -> bool:
    """Return whether a finding is to be worked before one may stop."""
    return bool(row["is_priority"]) and row["state"] == "open"


def _returned(row: Row, paths: Paths) -> Content:
    """Return the way to the workbook in which an open finding is marked."""
    return paths.returned.get(row["receipt_no"]) if row["state"] == "open" else None


COLUMNS = (
    Column("是否优先", 8, lambda row, _: "优先" if _is_first(row) else None),
    Column("影响（占全市合计%）", 11, lambda row, _: row["score"]),
    Column("性质", 7, lambda row, _: SEVERITY_NAMES[row["severity"]]),
    Column("状态", 8, lambda row, _: finding_state_text(row["severity"], row["state"])),
    Column("报送单位", 11, lambda row, _: row["reporting_unit_name"] or "报送单位不明"),
    Column("单位名称", 20, lambda row, _: row["agency_name"]),
    Column("代码", 20, lambda row, _: row["credit_code"]),
    Column("文件", 24, lambda row, paths: _original(row, row["file_name"], paths)),
    Column("退回文件", 9, _returned),
    Column("工作表", 10, lambda row, _: row["sheet_name"]),
    Column("单元格", 7, lambda row, _: row["cell_address"]),
    Column("现填内容", 14, lambda row, _: row["raw_text"]),
    Column("应填内容", 18, lambda row, _: row["expected"]),
    Column("问题说明", 44, lambda row, _: row["message"]),
    Column("相关单元格", 14, lambda row, _: row["related_cells"]),
    Column("说明/答复", 24, lambda row, _: row["explanation"]),
    Column("审核状态", 9, lambda row, _: row["review_label"]),
    Column("首次收到", 12, lambda row, _: _moment(row)),
)
NUMBER_HEAD = {"序号": 5}
FILE_HEADS = {
    "状态": 9,
    "文件": 40,
    "报表": 18,
    "报送单位": 12,
    "首次收到": 12,
    "原因": 70,
}


def findings_path(root: Root, period: str | None) -> Path:
    """Return where the workbook of a period lies."""
    return root.reports / FOLDER / f"{NAME}_{period or NO_PERIOD}.xlsx"


def write_findings(
    root: Root,
    connection: duckdb.DuckDBPyConnection,
    period: str | None,
    made_up: bool,
    paths: Paths,
    ignored: Sequence[Ignored],
) -> Path:
    """Write reports/findings/审核问题_<period>.xlsx and return its path.

    Args:
        root: where it is written.
        connection: has mart_findings, mart_files and raw_files.
        period: YYYY-MM or YYYY; None for what has no period.
        made_up: prints 模拟数据 in titles, sheet names and footers.
        paths: where the files lie.
        ignored: what else lay in the inbox for that period.
    """
    findings, files = read_findings(connection, period), read_files(connection, period)
    content = io.BytesIO()
    findings_book(findings, files, ignored, paths, period, made_up).save(content)
    path = findings_path(root, period)
    replace_file(path, content.getvalue())
    return path


def findings_book(
    findings: Sequence[Row],
    files: Sequence[Row],
    ignored: Sequence[Ignored],
    paths: Paths,
    period: str | None,
    made_up: bool,
) -> Workbook:
    """Return the workbook: a row for each finding, a row for each file, what the columns mean."""
    title = list_title(period, NAME)
    waiting = sum(row["state"] == "open" for row in findings)
    first = sum(_is_first(row) for row in findings)
    counts = f"共{len(findings)}条，待处理{waiting}条，其中优先{first}条。"
    return new_book(
        [
            Listing(
                FINDINGS_SHEET,
                title,
                counts + ORDER,
                NUMBER_HEAD | {column.label: column.width for column in COLUMNS},
                [
                    [number, *(column.content(row, paths) for column in COLUMNS)]
                    for number, row in enumerate(findings, start=1)
                ],
                NO_FINDINGS,
                "A3",
            ),
            Listing(
                FILES_SHEET,
                f"{title}（收到的文件）",
                _sum_of(files, ignored),
                FILE_HEADS,
                _file_rows(files, ignored, paths),
                NO_FILES,
            ),
            Listing(
                HELP_SHEET,
                f"{title}（使用说明）",
                "各栏含义和处理办法。",
                {"栏目": 22, "说明": 100},
                [[label, words] for label, words in HELP.items()],
                "",
            ),
        ],
        made_up,
    )


def _sum_of(files: Sequence[Row], ignored: Sequence[Ignored]) -> str:
    """Return how many files came and what became of them, which adds up."""
    states = Counter(row["file_state"] for row in files)
    states["ignored"] = len(ignored)
    parts = " + ".join(f"{name}{states[state]}份" for state, name in FILE_STATES.items())
    return f"收到{len(files) + len(ignored)}份 = {parts}。"


def _file_rows(
    files: Sequence[Row], ignored: Sequence[Ignored], paths: Paths
) -> list[list[Content]]:
    """Return the rows of the sheet 文件: what needs a person first, then by receipt."""
    urgency = ("quarantined", "refused", "superseded", "accepted")
    ordered = sorted(files, key=lambda row: (urgency.index(row["file_state"]), row["receipt_no"]))
    rows: list[list[Content]] = [
        [
            FILE_STATES[row["file_state"]],
            _original(row, row["file_path"], paths),
            row["form_name"],
            row["reporting_unit_name"],
            _moment(row),
            row["state_note"],
        ]
        for row in ordered
    ]
    rows += [
        [FILE_STATES["ignored"], each.file_path, None, None, None, each.reason] for each in ignored
    ]
    return rows


def _moment(row: Row) -> str:
    """Return when the file first came, to the minute."""
    return f"{row['first_seen_at']:%Y-%m-%d %H:%M}"
