"""The flash report of one agency: a cover, and tables with one line of the form a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.catalog.models import FormLine, FormMeasure
from pipelines.intake.covers import Cover, Filled, read_period
from pipelines.intake.grammar import plain
from pipelines.intake.lines import FlashFile, LineIndex, ZeroReport, asked_lines
from pipelines.intake.locating import Cell, Page
from pipelines.intake.records import Item, NotedUnits, ReadingRule, Unit
from pipelines.intake.tables import noted_units

CODE_HEADS = {plain("代码"), plain("指标代码")}
LABEL_HEADS = {plain("指标名称"), plain("指标")}
UNIT_HEADS = {plain("计量单位"), plain("单位")}


@dataclass(frozen=True)
class LineTable:
    """The rows below one header, and the columns that it names."""

    page: Page
    header_row: int
    last_row: int
    label_column: int
    code_column: int | None
    unit_column: int | None
    heads: tuple[tuple[int, str], ...]  # of the value columns, as they are printed
    noted: NotedUnits  # above the header

    def names(self) -> tuple[tuple[str, str], ...]:
        """Return code and label of every row, in plain form."""
        codes = self.page.labels(self.rows(), self.code_column or 0)
        labels = self.page.labels(self.rows(), self.label_column)
        return tuple(zip(codes, labels, strict=True))

    def rows(self) -> range:
        """Return the rows below the header."""
        return range(self.header_row + 1, self.last_row + 1)

    def cell(self, row: int, column: int | None) -> Cell:
        """Return the cell of a row; a blank one where the header does not name the column."""
        return self.page.cell(row, column or 0)


class LineRow(NamedTuple):
    """A row that is a line of the form, and what it was known by."""

    table: LineTable
    row: int
    rule: ReadingRule

    @property
    def label(self) -> Cell:
        """The cell that names the line."""
        return self.table.cell(self.row, self.table.label_column)


def read_single(file: FlashFile, cover: Cover) -> None:
    """Read the cover and the lines of one agency's report.

    Without a readable 统一社会信用代码 nobody would have reported: the file is refused.
    """
    reading, form = file.reading, file.form
    fields = {field.field: field for field in form.cover + form.foot}
    problems_before = len(reading.problems)
    code = cover.read(file, fields["credit_code"], None, file.month)
    if code is None:
        reading.name_agency(problems_before, cover.text(fields["agency_name"]))
        return
    unit = Unit(code[1].text)
    reading.sender = unit.credit_code
    zero_report: ZeroReport | None = None
    for name, field in fields.items():
        if name == "credit_code":
            found: Filled | None = code
        elif name == "period":
            found = read_period(file, cover)
        else:
            found = cover.read(file, field, unit, file.month)
        if found is not None:
            cell, value = found
            reading.keep(unit, Item(name, field.label), cell, value)
            if name == "reporting_unit":
                reading.file["reporting_unit_code"] = value.text
            elif name == "zero_report" and value.text == "yes":
                zero_report = ZeroReport(unit, cell)
    _read_lines(file, unit, zero_report)
    if zero_report:
        file.report_contradictions(fields["zero_report"], zero_report)


def _read_lines(file: FlashFile, unit: Unit, zero_report: ZeroReport | None) -> None:
    """Read all lines wherever their rows stand; only a zero report may leave some out."""
    rows, doubtful = _find_rows(file, unit)
    named = rows.keys() | doubtful
    reported: set[tuple[str, str]] = set()
    for section in file.form.sections:
        asked = asked_lines(section)
        if zero_report is None:
            absent = [line for line in asked if line.line not in named]
            file.report_absent(unit, section, absent)
        for line in asked:
            if line.line in rows:
                _read_row(file, unit, line, rows[line.line], zero_report, reported)


def _read_row(
    file: FlashFile,
    unit: Unit,
    line: FormLine,
    row: LineRow,
    zero_report: ZeroReport | None,
    reported: set[tuple[str, str]],
) -> None:
    """Read what a row says of a line; a column missing from its table is reported once."""
    table = row.table
    printed = file.read_unit(unit, line, table.cell(row.row, table.unit_column), table.noted)
    if printed is None:
        return
    places, asked = file.index.asked(line.line, table.heads, printed, row.rule)
    cells = table.page.cells(row.row, places)
    for (measure, columns, figure), cell in zip(asked, cells, strict=True):
        if figure is not None:
            file.read_figure(unit, figure, cell, zero_report)
            continue
        key = table.page.name, measure.code
        is_wanted = measure.required and zero_report is None
        if (columns or is_wanted) and key not in reported:
            reported.add(key)
            _report_columns(file, unit, table, measure, columns)


def _report_columns(
    file: FlashFile, unit: Unit, table: LineTable, measure: FormMeasure, columns: Sequence[int]
) -> None:
    """Report that a table has no column of a measure, or several."""
    how, rule_code = ("有多列", "duplicate_label") if columns else ("没有", "missing_column")
    file.reading.report(
        unit,
        rule_code,
        f"工作表“{table.page.name}”{how}“{measure.label}”，请按模板恢复为一列",
        sheet_name=table.page.name,
        expected=measure.label,
    )


def _find_rows(file: FlashFile, unit: Unit) -> tuple[dict[str, LineRow], set[str]]:
    """Return the row of each line, and the lines whose code stands beside another label."""
    rows: dict[str, LineRow] = {}
    doubtful: set[str] = set()
    for table in (table for page in file.pages for table in _find_tables(file.index, page)):
        for number, found in zip(table.rows(), file.index.identify(table.names()), strict=True):
            if found is None or found.line.calculated is not None:
                continue
            line = found.line
            if found.rule is None:
                doubtful.add(line.line)
                file.report_mismatch(unit, line, table.cell(number, table.label_column))
                continue
            row = LineRow(table, number, found.rule)
            first = rows.setdefault(line.line, row)
            if first is not row:
                file.report_second(unit, line, first.label, row.label)
    return rows, doubtful


def _find_tables(index: LineIndex, page: Page) -> list[LineTable]:
    """Return the tables of a page: each header names the labels and at least one measure."""
    headers = []
    for label_head in page.find(LABEL_HEADS):
        cells = page.row(label_head.row)
        heads = [cell for cell in cells if cell.label in index.measure_heads]
        if heads:
            headers.append((label_head, cells, heads))
    last_rows = [label_head.row - 1 for label_head, _, _ in headers[1:]] + [page.last_row]
    return [
        LineTable(
            page,
            label_head.row,
            last_row,
            label_head.column,
            _column(cells, CODE_HEADS),
            _column(cells, UNIT_HEADS),
            tuple((head.column, str(head.raw_text)) for head in heads),
            noted_units(page, label_head.row),
        )
        for (label_head, cells, heads), last_row in zip(headers, last_rows, strict=False)
    ]


def _column(cells: Sequence[Cell], labels: set[str]) -> int | None:
    """Return the column of the first of these cells that bears one of the labels."""
    return next((cell.column for cell in cells if cell.label in labels), None)
