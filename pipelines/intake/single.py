"""The flash report of one agency: a cover, and tables with one line of the form a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipelines.catalog.models import FormMeasure
from pipelines.intake.covers import Cover, Filled, read_period
from pipelines.intake.fields import is_blank
from pipelines.intake.grammar import plain
from pipelines.intake.lines import (
    FlashFile,
    Head,
    LineIndex,
    PrintedUnit,
    RowPlan,
    Wording,
    ZeroReport,
    asked_lines,
)
from pipelines.intake.locating import Cell, Page
from pipelines.intake.records import Accepted, Item, NotedUnits, Unit, quote
from pipelines.intake.tables import REMARK, TOTAL, noted_units

REMEMBERED_HEADERS = 64
REMEMBERED_PAGES = 16  # those of a file, which are asked for several times
CODE_HEADS = {plain("代码"), plain("指标代码")}
LABEL_HEADS = {plain("指标名称"), plain("指标")}
UNIT_HEADS = {plain("计量单位"), plain("单位")}
NAMING_HEADS = CODE_HEADS | LABEL_HEADS | UNIT_HEADS
PART = "其中"  # of another line, no total
MOST_HEADS = 20  # columns that the row below the header numbers: 甲、乙、丙、1、2、3
RATE = re.compile("增|减|比|率|%|序号|排名|校验|备注")  # over columns that may be added
HEAD_ROWS_BELOW = 2  # the row of 指标名称, which may be merged over them


class Header(NamedTuple):
    """The columns that a header names, and its cells that name none of the form's."""

    label_columns: range  # where the head is merged over several, labels may stand in each
    code_column: int | None
    unit_column: int | None
    heads: tuple[Head, ...]  # of the value columns
    units: tuple[PrintedUnit, ...]  # printed in these heads, empty where only others have one
    unknown: tuple[Cell, ...]


@dataclass(frozen=True)
class LineTable:
    """The rows below one header."""

    page: Page
    first_row: int  # of the header
    header_row: int  # its last
    last_row: int
    header: Header
    noted: NotedUnits  # around the table

    def wording(self, noted_on_cover: NotedUnits) -> Wording:
        """Return all that tells what the rows are asked for."""
        return Wording(
            self._names(),
            tuple(self.page.labels(self.rows(), self.header.unit_column or 0)),
            self.header.heads,
            tuple(unit for _, unit in self.header.units),
            (self.noted, noted_on_cover),
        )

    def _names(self) -> tuple[tuple[str, str], ...]:
        """Return code and label of every row, in plain form."""
        codes = self.page.labels(self.rows(), self.header.code_column or 0)
        each = [self.page.labels(self.rows(), column) for column in self.header.label_columns]
        labels = (
            each[0]
            if len(each) == 1
            else [next(filter(None, row), "") for row in zip(*each, strict=True)]
        )
        return tuple(zip(codes, labels, strict=True))

    def rows(self) -> range:
        """Return the rows below the header."""
        return range(self.header_row + 1, self.last_row + 1)

    def unit_cell(self, row: int) -> Cell:
        """Return the cell of a row's unit; a blank one where the header names no such column."""
        return self.page.cell(row, self.header.unit_column or 0)

    def label(self, row: int) -> Cell:
        """Return the cell that names a row: the first filled one below 指标名称."""
        cells = self.page.cells(row, self.header.label_columns)
        return next((cell for cell in cells if cell.label), cells[0])


class LineRow(NamedTuple):
    """A row that is a line of the form, and what it is asked for."""

    table: LineTable
    plan: RowPlan

    @property
    def row(self) -> int:
        """The number of the row."""
        return self.table.header_row + 1 + self.plan.place

    @property
    def label(self) -> Cell:
        """The cell that names the line."""
        return self.table.label(self.row)


def read_single(file: FlashFile, cover: Cover, is_alone: bool = True) -> Unit | None:
    """Read the cover and the lines of one agency's report, and return whose it is.

    Without a readable 统一社会信用代码 nobody would have reported: the file is refused, or, where
    the report `is_alone` not, left out.
    """
    reading, form = file.reading, file.form
    fields = {field.field: field for field in form.cover + form.foot}
    problems_before = len(reading.problems)
    code = cover.read(file, fields["credit_code"], None if is_alone else Unit(), file.month)
    if code is None:
        reading.name_agency(problems_before, cover.text(fields["agency_name"]))
        return None
    unit = Unit(code[1].text)
    if is_alone:
        reading.sender = unit.credit_code
    zero_report: ZeroReport | None = None
    for name, field in fields.items():
        if name == "credit_code":
            found: Filled | None = code
        elif name == "period":
            found = read_period(file, cover, None if is_alone else unit)
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
    return unit


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
                _read_row(file, unit, rows[line.line], zero_report, reported)


def _read_row(
    file: FlashFile,
    unit: Unit,
    row: LineRow,
    zero_report: ZeroReport | None,
    reported: set[tuple[str, str]],
) -> None:
    """Read what a row says of a line; a column missing from its table is reported once."""
    table, (_, line, _, columns, asked) = row
    if asked is None:
        cell = table.unit_cell(row.row)
        of_heads = [each for each in table.header.units if each[1] or not cell.label]
        beside = [(cell, cell.label)] if cell.label else []
        file.read_unit(unit, line, [*beside, *of_heads], table.noted)
        return
    cells = table.page.cells(row.row, columns)
    for (measure, places, figure), cell in zip(asked, cells, strict=True):
        if figure is not None:
            file.read_figure(unit, figure, cell, zero_report)
            continue
        key = table.page.name, measure.code
        is_wanted = measure.required and zero_report is None
        if (places or is_wanted) and key not in reported:
            reported.add(key)
            _report_columns(file, unit, table, measure, places)


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
    rows: dict[str, list[LineRow]] = defaultdict(list)
    doubtful: set[str] = set()
    for table in (table for page in file.pages for table in find_line_tables(file.index, page)):
        _ask_about_columns(file, unit, table)
        plan = file.index.plan(table.wording(file.noted_on_cover))
        for place, line in plan.doubtful:
            if line is None:
                _ask_about_row(file, unit, table, table.rows()[place])
            else:
                doubtful.add(line.line)
                file.report_mismatch(unit, line, table.label(table.rows()[place]))
        for row in plan.rows:
            rows[row.line.line].append(LineRow(table, row))
    chosen = {code: _only_filled(file, unit, each) for code, each in rows.items()}
    return chosen, doubtful


def _ask_about_row(file: FlashFile, unit: Unit, table: LineTable, row: int) -> None:
    """Ask about a row with figures that is no line of the form, nor a total or a remark."""
    label = table.label(row)
    is_total = TOTAL.fullmatch(label.label) and not label.label.startswith(PART)
    is_aside = is_total or REMARK.fullmatch(label.label)
    is_asked = file.index.is_label(label.label)  # it was not told which line: it is missed
    if is_aside or is_asked:
        return
    filled = _numbers(file, table.page.cells(row, [head.column for head in table.header.heads]))
    is_numbering = len(label.label) <= 1 and {*filled.values()} <= {*range(1, MOST_HEADS)}
    if not filled or is_numbering:
        return
    cell = next(iter(filled))
    called = f"“{quote(label)}”不是表内指标" if label.label else "所在行没有指标名称"
    file.reading.report(
        unit,
        "unknown_line",
        f"{called}，该行{cell.address}等处填的“{quote(cell)}”没有计入，"
        "如属表内指标，请按模板恢复名称，否则请删去该行",
        cell=label if label.label else cell,
        severity="review",
    )


def _ask_about_columns(file: FlashFile, unit: Unit, table: LineTable) -> None:
    """Ask about columns with figures whose heads name none of the form's, nor a rate of them."""
    for head in table.header.unknown:
        filled = _numbers(file, [table.page.cell(row, head.column) for row in table.rows()])
        if filled:
            cell = next(iter(filled))
            file.reading.report(
                unit,
                "unknown_column",
                f"“{quote(head)}”不是表内栏目，该列{cell.address}等处填的“{quote(cell)}”没有计入，"
                "如属表内栏目，请按模板恢复列名，否则请删去该列",
                cell=head,
                severity="review",
            )


def _numbers(file: FlashFile, cells: Iterable[Cell]) -> dict[Cell, Decimal]:
    """Return the cells that hold numbers, and these."""
    read = {cell: file.reader.read_number(cell, None, False) for cell in cells if cell.label}
    return {
        cell: each.number
        for cell, each in read.items()
        if isinstance(each, Accepted) and each.number is not None
    }


def _only_filled(file: FlashFile, unit: Unit, rows: Sequence[LineRow]) -> LineRow:
    """Return the row of a line that is filled, as copies may be blank; a second is reported."""
    if len(rows) == 1:
        return rows[0]
    first, *others = [row for row in rows if _is_filled(file.index, row)] or rows[:1]
    for other in others:
        file.report_second(unit, first.plan.line, first.label, other.label)
    return first


def _is_filled(index: LineIndex, row: LineRow) -> bool:
    """Return whether a row has figures but last year's, which the bureau may have printed."""
    places = [
        column
        for measure, columns in index.columns(row.plan.line.line, row.table.header.heads)
        if index.measures[measure].required
        for column in columns
    ]
    return not all(is_blank(cell, False) for cell in row.table.page.cells(row.row, places))


@lru_cache(REMEMBERED_PAGES)
def find_line_tables(index: LineIndex, page: Page) -> tuple[LineTable, ...]:
    """Return the tables of a page: each header names the labels and at least one measure."""
    tables: list[LineTable] = []
    for label_head in reversed(page.find(LABEL_HEADS)):
        last_row = tables[-1].first_row - 1 if tables else page.last_row
        table = _find_table(index, page, label_head, last_row)
        if table is not None:
            tables.append(table)
    return tuple(reversed(tables))


def _find_table(index: LineIndex, page: Page, label_head: Cell, last_row: int) -> LineTable | None:
    """Return the table whose header has this head 指标名称; None if it names no measure."""
    header_row = label_head.row
    while header_row < min(last_row, label_head.row + HEAD_ROWS_BELOW) and _is_head_row(
        index, page, header_row + 1, label_head.column
    ):
        header_row += 1
    above = tuple(page.row(label_head.row - 1))
    if not any(index.tells_figures(cell.label) for cell in above):
        above = ()  # it has nothing to do with the columns, but may name the agency
    rows = [tuple(page.row(row)) for row in range(label_head.row, header_row + 1)]
    is_text = all(type(cell.value) is str for row in (above, *rows) for cell in row)
    read = (
        _read_header if is_text else _read_header.__wrapped__
    )  # to the former, 1 and True are one
    header = read(index, label_head.column, above, *rows)
    if not header.heads:
        return None
    noted = noted_units(page, label_head.row, is_last=last_row == page.last_row)
    return LineTable(page, label_head.row, header_row, last_row, header, noted)


def _is_head_row(index: LineIndex, page: Page, row: int, label_column: int) -> bool:
    """Return whether a row goes on with the header above: measures, and nothing is named."""
    return page.cell(row, label_column).value is None and any(
        index.tells_figures(cell.label) for cell in page.row(row)
    )


@lru_cache(REMEMBERED_HEADERS)
def _read_header(
    index: LineIndex, label_column: int, above: tuple[Cell, ...], *rows: tuple[Cell, ...]
) -> Header:
    """Return what the rows of a header, and the one above it, name; it has 指标名称 in this column.

    Unknown is what names no measure, unless it means another, nor a rate of one.
    """
    named = [cell for row in rows for cell in row]
    heads, units = _find_heads(index, rows, above)
    next_column = min(
        (cell.column for cell in named if cell.column > label_column), default=label_column + 1
    )
    code_column, unit_column = _column(named, CODE_HEADS), _column(named, UNIT_HEADS)
    known = {*(head.column for head in heads), code_column, unit_column}
    unknown = tuple(
        cell
        for cell in named
        if cell.column >= next_column
        and cell.column not in known
        and cell.label not in index.measure_heads
        and not RATE.search(cell.label)
    )
    return Header(range(label_column, next_column), code_column, unit_column, heads, units, unknown)


def _find_heads(
    index: LineIndex, rows: Sequence[Sequence[Cell]], above: Sequence[Cell]
) -> tuple[tuple[Head, ...], tuple[PrintedUnit, ...]]:
    """Return the heads of the value columns, and the units that are printed in them.

    The row above the header may belong to it: 本年 merged over 本月 and 1—本月.
    """
    starts = [cell.column for cell in rows[0] if index.head(cell.label)]
    starts += [cell.column for cell in rows[-1]] if len(rows) > 1 else []
    above = [cell for cell in above if cell.column >= min(starts, default=0)]
    if any(index.tells_figures(cell.label) for cell in above):
        rows = [above, *rows]
    columns = sorted({cell.column for row in rows for cell in row})
    over = [(column, _cells_over(rows, column)) for column in columns]
    found = [(column, cells, index.head(*(cell.label for cell in cells))) for column, cells in over]
    heads = tuple(
        Head(column, " ".join(str(cell.raw_text) for cell in cells), told[0])
        for column, cells, told in found
        if told
    )
    units = tuple((cells[-1], told[1]) for _, cells, told in found if told)
    return heads, units if any(unit for _, unit in units) else ()


def _cells_over(rows: Sequence[Sequence[Cell]], column: int) -> list[Cell]:
    """Return the head cells over a column from top to bottom; upper ones may be merged over it."""
    if len(rows) == 1:
        return [cell for cell in rows[0] if cell.column == column]
    over: list[Cell] = []
    for row in reversed(rows):
        cell = next(
            (
                each
                for each in reversed(row)
                if each.column == column or (over and each.column < column)
            ),
            None,
        )
        if cell is not None and (cell.column == column or cell.label not in NAMING_HEADS):
            over.insert(0, cell)
    return over


def _column(cells: Sequence[Cell], labels: set[str]) -> int | None:
    """Return the column of the first of these cells that bears one of the labels."""
    return next((cell.column for cell in cells if cell.label in labels), None)
