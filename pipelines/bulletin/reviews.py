"""The review workbooks of a period: what each agency reported, and where people decide.

A period is a month of the flash report or a year of the annual return. A row is an agency: its
version that counts, key figures beside those they are compared with, what is open and what the
agency says of it. 审核意见 and 理由 are left blank: they come back as the form
`review`, whose labels stand in the catalog, and silence is never approval.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.marts import Row
from pipelines.bulletin.sheets import (
    BORDER,
    FONT,
    HEADER_ROW,
    MADE_UP,
    Content,
    Link,
    Listing,
    list_title,
    new_book,
)
from pipelines.bulletin.words import finding_state_text, shortened
from pipelines.catalog.models import Catalog
from pipelines.catalog.periods import is_year
from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.root import Root

FORM = "review"
FOLDER, NAME = "review", "审核表"
COVER, FINDINGS_SHEET = "封面", "问题"
WHOLE_CITY = "全市"  # in the name of the city's workbook
LONGEST_FINDING, LONGEST_EXPLANATION = 60, 120  # characters
FINDINGS_IN_ROW = 3
WRITTEN = PatternFill("solid", fgColor="FFF9E5")  # where people write
COVER_WIDTHS = {"A": 18, "B": 60}
COVER_ROW_HEIGHT = 28
HEADER_HEIGHT = 80  # points: the figures' heads take five lines

HEADS = {
    "unit": "单位",
    "state": "状态",
    "open": "待处理问题",
    "summary": "问题摘要",
    "explanation": "机构说明",
}
FINDING_WIDTHS = {
    "序号": 5,
    "所在单位": 12,
    "代码": 20,
    "名称": 22,
    "性质": 8,
    "处理状态": 9,
    "文件": 26,
    "工作表": 10,
    "单元格": 8,
    "现填内容": 14,
    "应填内容": 20,
    "问题说明": 60,
    "说明/答复": 30,
}
NO_AGENCIES, NO_FINDINGS = "本期没有样本机构", "没有问题"
NOBODY_PASSED = "还没有区县初审通过的机构"
NOTE = (
    "请逐行填写“审核意见”（通过、退回、说明采纳；收回以前的意见填撤回），退回和说明采纳写明理由；"
    "空白的不算审核。“受理号”请勿改动。填好后在封面签名，放入 data/raw/review/{period}。"
)
UNPASSED = "区县还没有初审通过的{count}家不在本表，初审通过后再写市级审核表。"


@dataclass(frozen=True)
class Reviewed:
    """What the workbooks of a period are made from.

    `values` are base units by what is shown (`_Shown`), credit code and indicator; the city's
    workbook leaves out the agencies that no district has passed, `unpassed_count` of them.
    """

    period: str
    agencies: Sequence[Row]
    values: Mapping[tuple[str, str, str], Decimal]
    findings: Sequence[Row]
    unpassed_count: int = 0


@dataclass(frozen=True)
class Reviewer:
    """Who reviews: the level and the reporting unit as the cover prints them, and in file names."""

    level: str
    unit_name: str
    file_name: str
    is_whole_city: bool


@dataclass(frozen=True)
class _Shown:
    """A figure beside the one under review: what heads it, and the change from it to that one."""

    at: str
    head: str
    change_head: str


OF_MONTH = (
    _Shown("before", "上期", "比上期（%）"),
    _Shown("year_before", "上年同期", "比上年（%）"),
)
OF_YEAR = (
    _Shown("year_before", "上年", "比上年（%）"),
    _Shown("flash", "12月快报累计", "比快报（%）"),
)


@dataclass(frozen=True)
class _Figure:
    """A key figure: indicator, its name with the unit of the flash report, base units in one."""

    indicator: str
    name: str
    factor: Decimal
    is_whole: bool


def write_review(
    root: Root, catalog: Catalog, reviewed: Reviewed, reviewer: Reviewer, made_up: bool
) -> Path:
    """Write reports/review/<period>/审核表_<单位>_<期>.xlsx and return its path.

    Args:
        root: where it is written.
        catalog: the form, and which figures are shown.
        reviewed: the agencies of this reviewer with their figures and findings.
        reviewer: who reviews them.
        made_up: prints 模拟数据.
    """
    content = io.BytesIO()
    review_book(catalog, reviewed, reviewer, made_up).save(content)
    name = f"{NAME}_{reviewer.file_name}_{reviewed.period}.xlsx"
    path = root.reports / FOLDER / reviewed.period / name
    replace_file(path, content.getvalue())
    return path


def review_book(
    catalog: Catalog, reviewed: Reviewed, reviewer: Reviewer, made_up: bool
) -> Workbook:
    """Return the workbook: a cover to sign, a row for each agency, a row for each finding."""
    form = catalog.form(FORM, reviewed.period)
    (table,) = form.tables
    kind = "年报" if is_year(reviewed.period) else "快报"
    title = list_title(reviewed.period, f"{kind}{NAME}（{reviewer.unit_name}，{reviewer.level}）")
    figures = _figures(catalog, reviewed.period)
    suffix = "（模拟数据）" if made_up else ""
    of_agency: dict[str, list[tuple[int, Row]]] = {}
    for number, finding in enumerate(reviewed.findings, start=1):
        of_agency.setdefault(finding["credit_code"], []).append((number, finding))
    widths = _widths(catalog, reviewed.period, figures, reviewer.is_whole_city)
    agencies = Listing(
        table.sheet,
        title,
        NOTE.format(period=reviewed.period)
        + (UNPASSED.format(count=reviewed.unpassed_count) if reviewed.unpassed_count else ""),
        widths,
        [
            _agency_row(
                agency,
                reviewed,
                figures,
                of_agency.get(agency["credit_code"], []),
                FINDINGS_SHEET + suffix,
                reviewer.is_whole_city,
            )
            for agency in reviewed.agencies
        ],
        NOBODY_PASSED if reviewed.unpassed_count else NO_AGENCIES,
        "A3",
    )
    places = {
        agency["credit_code"]: f"'{table.sheet + suffix}'!A{row}"
        for row, agency in enumerate(reviewed.agencies, start=HEADER_ROW + 1)
    }
    findings = Listing(
        FINDINGS_SHEET,
        f"{title}：问题",
        "待处理和已说明的问题逐条列出；点“代码”回到“审核”表中该机构一行。",
        FINDING_WIDTHS,
        [
            _finding_row(number, row, places)
            for number, row in enumerate(reviewed.findings, start=1)
        ],
        NO_FINDINGS,
        "A3",
    )
    workbook = new_book([agencies, findings], made_up)
    _open_decisions(workbook, catalog, list(widths), len(reviewed.agencies))
    _add_cover(workbook, catalog, reviewed.period, reviewer, made_up)
    return workbook


def _labels(catalog: Catalog) -> dict[str, str]:
    """Return the label of each field of the form."""
    form = catalog.form(FORM)
    columns = [column for table in form.tables for column in table.columns]
    return {field.field: field.label for field in [*form.cover, *columns]}


def _figures(catalog: Catalog, period: str) -> list[_Figure]:
    """Return the key figures of the catalog, in the units of the flash report."""
    lines = {line.indicator: line for line in catalog.form("flash_report", period).lines}
    asked = [lines[code] for code in catalog.editing.review_indicators]
    factors = [catalog.unit(line.unit).factor for line in asked]
    return [
        _Figure(line.indicator, f"{line.label}（{line.unit}）", factor, factor == 1)
        for line, factor in zip(asked, factors, strict=True)
    ]


def _shown(period: str) -> tuple[_Shown, ...]:
    """Return what stands beside the figures of a period."""
    return OF_YEAR if is_year(period) else OF_MONTH


def _widths(
    catalog: Catalog, period: str, figures: Sequence[_Figure], has_units: bool
) -> dict[str, int]:
    """Return the heads of the agencies' sheet with their widths in characters."""
    labels = _labels(catalog)
    widths = {HEADS["unit"]: 11} if has_units else {}
    widths |= {
        labels["credit_code"]: 20,
        labels["agency_name"]: 22,
        labels["reviewed_receipt_no"]: 7,
        HEADS["state"]: 9,
    }
    for figure in figures:
        widths[figure.name + ("本年" if is_year(period) else "本期")] = 12
        widths |= {figure.name + shown.head: 12 for shown in _shown(period)}
        widths |= {figure.name + shown.change_head: 9 for shown in _shown(period)}
    return widths | {
        HEADS["open"]: 7,
        HEADS["summary"]: 40,
        HEADS["explanation"]: 26,
        labels["decision"]: 11,
        labels["reason"]: 26,
    }


def _agency_row(
    agency: Row,
    reviewed: Reviewed,
    figures: Sequence[_Figure],
    findings: Sequence[tuple[int, Row]],
    findings_sheet: str,
    has_unit: bool,
) -> list[Content]:
    """Return the row of an agency; what is decided of it is left blank."""
    code = agency["credit_code"]
    waiting = [row for _, row in findings if row["state"] == "open"]
    count: Content = len(waiting)
    if findings:
        place = f"'{findings_sheet}'!A{HEADER_ROW + findings[0][0]}"
        count = Link(str(len(waiting)), None, place)
    told = [
        shortened(row["message"].removeprefix(f"文件“{row['file_name']}”"), LONGEST_FINDING)
        for row in waiting[:FINDINGS_IN_ROW]
    ]
    if len(waiting) > FINDINGS_IN_ROW:
        told.append(f"另有{len(waiting) - FINDINGS_IN_ROW}条，见“{FINDINGS_SHEET}”表。")
    explained = dict.fromkeys(
        shortened(row["explanation"], LONGEST_EXPLANATION)
        for _, row in findings
        if row["explanation"]
    )
    row: list[Content] = [agency["reporting_unit_name"]] if has_unit else []
    row += [code, agency["agency_name"], agency["reviewed_receipt_no"], agency["review_label"]]
    for figure in figures:
        row += _compared(reviewed, code, figure)
    return [*row, count, "\n".join(told) or None, "\n".join(explained) or None, None, None]


def _compared(reviewed: Reviewed, code: str, figure: _Figure) -> list[Content]:
    """Return the figure under review, those it is compared with, and the change from each."""
    now, *others = (
        reviewed.values.get((at, code, figure.indicator))
        for at in ("now", *(shown.at for shown in _shown(reviewed.period)))
    )
    printed: list[Content] = [
        None if value is None else _printed(value, figure) for value in (now, *others)
    ]
    return [*printed, *(_change(now, then) for then in others)]


def _printed(value: Decimal, figure: _Figure) -> int | float:
    """Return a value in the printed unit: counts are whole."""
    return int(value) if figure.is_whole else float(value / figure.factor)


def _change(now: Decimal | None, then: Decimal | None) -> float | None:
    """Return by how many per cent a figure changed; None where that has no meaning."""
    if now is None or then is None or then <= 0:
        return None
    return float(100 * (now / then - 1))


def _finding_row(number: int, row: Row, places: Mapping[str, str]) -> list[Content]:
    """Return the row of a finding, which leads back to its agency."""
    return [
        number,
        row["reporting_unit_name"],
        Link(row["credit_code"], None, places[row["credit_code"]]),
        row["agency_name"],
        SEVERITY_NAMES[row["severity"]],
        finding_state_text(row["severity"], row["state"]),
        row["file_name"],
        row["sheet_name"],
        row["cell_address"],
        row["raw_text"],
        row["expected"],
        row["message"],
        row["explanation"],
    ]


def _open_decisions(workbook: Workbook, catalog: Catalog, heads: Sequence[str], count: int) -> None:
    """Show where people write, and let 审核意见 be chosen."""
    if not count:
        return
    sheet = workbook.worksheets[0]
    labels = _labels(catalog)
    names = [item.name for item in catalog.classification("review_decisions").items]
    for field in ("decision", "reason"):
        letter = get_column_letter(heads.index(labels[field]) + 1)
        cells = f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + count}"
        for (cell,) in sheet[cells]:
            cell.fill = WRITTEN
        if field == "decision":
            choice = DataValidation("list", formula1=f'"{",".join(names)}"', allow_blank=True)
            choice.errorTitle, choice.error = labels[field], f"请填{'、'.join(names)}之一。"
            choice.showErrorMessage = True
            choice.add(cells)
            sheet.add_data_validation(choice)
    sheet.row_dimensions[HEADER_ROW].height = HEADER_HEIGHT
    after_name = heads.index(labels["agency_name"]) + 2
    sheet.freeze_panes = f"{get_column_letter(after_name)}{HEADER_ROW + 1}"


def _add_cover(
    workbook: Workbook, catalog: Catalog, period: str, reviewer: Reviewer, made_up: bool
) -> None:
    """Add the cover: what is known is filled in, the signature and its date are left to people."""
    form = catalog.form(FORM, period)
    sheet = workbook.create_sheet(COVER + ("（模拟数据）" if made_up else ""), 0)
    for letter, width in COVER_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet["A1"] = form.title + (MADE_UP if made_up else "")
    sheet["A1"].font = Font(name="宋体", size=16, bold=True)
    sheet["A2"] = f"{form.table_no}　{form.issuing_authority}"
    sheet["A2"].font = FONT
    known = {
        "period": list_title(period, ""),
        "review_level": reviewer.level,
        "reporting_unit": reviewer.unit_name,
    }
    for row, field in enumerate(form.cover, start=4):
        for column, text in enumerate((field.label, known.get(field.field)), start=1):
            cell = sheet.cell(row, column, text)
            cell.font = Font(name="宋体", size=12, bold=column == 1)
            cell.alignment = Alignment(vertical="center")
            cell.border = BORDER
        if field.field not in known:
            sheet.cell(row, 2).fill = WRITTEN
        sheet.row_dimensions[row].height = COVER_ROW_HEIGHT
    for row, text in enumerate(form.instructions, start=5 + len(form.cover)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        cell = sheet.cell(row, 1, f"{row - 4 - len(form.cover)}. {text}")
        cell.font = FONT
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = COVER_ROW_HEIGHT
    sheet.row_dimensions[1].height = COVER_ROW_HEIGHT
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    workbook.active = 0
