"""The flash report of a reporting unit: a list of agencies, and sheets with one agency a row.

An agency's rows are matched over the sheets by 统一社会信用代码, never by position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.catalog.models import Form, FormField
from pipelines.intake.covers import Cover, labels_of, read_period
from pipelines.intake.lines import Figure, FlashFile, ZeroReport, asked_lines
from pipelines.intake.locating import Cell, Page
from pipelines.intake.records import Item, NotedUnits, Unit
from pipelines.intake.tables import (
    Table,
    agency_rows,
    find_tables,
    has_sound_heads,
    noted_units,
    report_no_rows,
)

ON_COVER = ("reporting_unit", "period")
FEWEST_LIST_COLUMNS = 3
HEAD_ROWS_ABOVE = 5  # how far from the head 统一社会信用代码 the other head rows may be
HEAD_ROWS_BELOW = 6


@dataclass(frozen=True)
class Agency:
    """An agency of the list; a zero report may leave out figures and rows."""

    unit: Unit
    name: str
    zero_report: ZeroReport | None


@dataclass(frozen=True)
class Heads:
    """What stands over a column of figures; label, code and unit may be merged over several."""

    label: Cell
    code: Cell
    unit: Cell
    measure: Cell


@dataclass(frozen=True)
class Section:
    """A sheet of figures: its rows of agencies, and what its columns are asked for."""

    table: Table
    figures: dict[int, Figure]  # by column


@dataclass(frozen=True)
class Seen:
    """Which lines and measures the sheets met so far have, to tell what is double or absent."""

    heads: dict[tuple[str, str], Cell] = field(default_factory=dict)
    contradictory_lines: set[str] = field(default_factory=set)


def agency_fields(form: Form) -> list[FormField]:
    """Return what a roll asks of each agency in its list: the cover without unit and period."""
    return [field for field in form.cover if field.field not in ON_COVER]


def find_agency_list(form: Form, pages: Sequence[Page]) -> Table | None:
    """Return the list of agencies, which only a roll has.

    On the cover of one agency's report labels stand beside their values, never three in a row.
    """
    for table in find_tables(pages, agency_fields(form)):
        if "credit_code" in table.headers and len(table.headers) >= FEWEST_LIST_COLUMNS:
            return table
    return None


def read_roll(file: FlashFile, agency_list: Table, cover: Cover) -> None:
    """Read the cover, the list of agencies and the figures of each."""
    unit = Unit()
    for asked in file.form.cover + file.form.foot:
        if asked in agency_fields(file.form):
            continue
        if asked.field == "period":
            found = read_period(file, cover)
        else:
            concerned = None if asked in file.form.cover else unit
            found = cover.read(file, asked, concerned, file.month)
        if found is not None:
            file.reading.keep(unit, Item(asked.field, asked.label), *found)
            if asked.field == "reporting_unit":
                file.reading.file["reporting_unit_code"] = found[1].text
    if not has_sound_heads(file, agency_list, agency_fields(file.form)):
        return
    if not any(agency_list.rows()):
        report_no_rows(file, agency_list)
        return
    agencies = _read_agencies(file, agency_list)
    sections, seen = _find_sections(file, agency_list)
    if not all(agency.zero_report for agency in agencies.values()):
        _report_absent_columns(file, seen)
    for section in sections:
        _read_section(file, section, agencies)
    zero_report_field = next(each for each in file.form.cover if each.field == "zero_report")
    for agency in agencies.values():
        if agency.zero_report:
            file.report_contradictions(zero_report_field, agency.zero_report)


def _read_agencies(file: FlashFile, table: Table) -> dict[str, Agency]:
    """Return the agencies of the list by credit code, keeping what it says of them."""
    fields = {asked.field: asked for asked in agency_fields(file.form)}
    agencies: dict[str, Agency] = {}
    for unit in agency_rows(file, table, fields["credit_code"], file.month):
        agency_name = ""
        zero_report: ZeroReport | None = None
        for name, asked in fields.items():
            if name in table.headers:
                cell = table.cell(unit.row, name)
                value = file.read(asked, cell, unit, file.month)
                if value is not None:
                    if name == "agency_name":
                        agency_name = value.text or ""
                    elif name == "zero_report" and value.text == "yes":
                        zero_report = ZeroReport(unit, cell)
                    file.reading.keep(unit, Item(name, asked.label), cell, value)
        agencies[str(unit.credit_code)] = Agency(unit, agency_name, zero_report)
    return agencies


def _find_sections(file: FlashFile, agency_list: Table) -> tuple[list[Section], Seen]:
    """Return the sheets of figures, each known by its heads 统一社会信用代码 and measures."""
    fields = {asked.field: asked for asked in file.form.cover}
    name_labels = labels_of(fields["agency_name"])
    sections: list[Section] = []
    seen = Seen()
    for page in file.pages:
        for code_head in page.find(labels_of(fields["credit_code"])):
            if page is agency_list.page and code_head.row == agency_list.header_row:
                continue
            last_head_row, heads = _find_heads(file, page, code_head)
            noted = noted_units(page, code_head.row)
            figures = _figures(file, heads, noted, seen)
            if figures:
                names = [cell for cell in page.row(code_head.row) if cell.label in name_labels]
                columns = {"credit_code": [code_head]} | ({"agency_name": names} if names else {})
                columns |= {str(column): [heads[column].measure] for column in figures}
                sections.append(Section(Table(page, last_head_row, columns), figures))
    return sections, seen


def _find_heads(file: FlashFile, page: Page, code_head: Cell) -> tuple[int, dict[int, Heads]]:
    """Return the last row of the heads around 统一社会信用代码, and those of each figure column."""
    index = file.index
    window = range(max(1, code_head.row - HEAD_ROWS_ABOVE), code_head.row + HEAD_ROWS_BELOW + 1)
    measures = _fullest(page, window, index.measure_heads.__contains__)
    labels = _fullest(page, window, index.is_label)
    codes = _fullest(page, window, index.is_code)
    known = {row for row in (measures, labels, codes) if row}
    if not measures or len(known) == 1:
        return code_head.row, {}
    between = [row for row in range(min(known), max(known)) if row not in known]
    # A row of units none of which the catalog knows must not be taken for no row of units.
    units = _fullest(page, between, file.reader.is_unit) or max(
        filter(page.row, between), key=lambda row: len(page.row(row)), default=0
    )
    heads: dict[int, Heads] = {}
    label = code = unit = page.cell(0, 0)
    for column in range(1, page.last_column + 1):
        starts = page.cell(labels, column).value is not None
        label = page.cell(labels, column) if starts else label
        code = page.cell(codes, column) if starts or page.cell(codes, column).value else code
        unit = page.cell(units, column) if starts or page.cell(units, column).value else unit
        measure = page.cell(measures, column)
        if measure.label in index.measure_heads:
            heads[column] = Heads(label, code, unit, measure)
    return max(*known, code_head.row), heads


def _fullest(page: Page, rows: Container[int], matches: Callable[[str], bool]) -> int:
    """Return the row with most matching texts, the first of equals; 0 if no text matches."""
    counts = Counter(
        row for text, places in page.texts() if matches(text) for row, _ in places if row in rows
    )
    return max(sorted(counts), key=lambda row: counts[row], default=0)


def _figures(
    file: FlashFile, heads: Mapping[int, Heads], noted: NotedUnits, seen: Seen
) -> dict[int, Figure]:
    """Return what each column is asked for; one that contradicts another refuses the file."""
    figures: dict[int, Figure] = {}
    units: dict[str, str | None] = {}
    names = tuple((each.code.label, each.label.label) for each in heads.values())
    for (column, each), found in zip(heads.items(), file.index.identify(names), strict=True):
        if found is None or found.line.calculated is not None:
            continue
        line = found.line
        if found.rule is None:
            if line.line not in seen.contradictory_lines:
                seen.contradictory_lines.add(line.line)
                file.report_mismatch(None, line, each.label)
            continue
        measure = file.index.measure(line.line, each.measure.label)
        if measure is None:
            continue
        first = seen.heads.setdefault((line.line, measure), each.measure)
        if first is not each.measure:
            file.report_second(None, line, first, each.measure)
            continue
        if line.line not in units:
            units[line.line] = file.read_unit(None, line, each.unit, noted)
        unit = units[line.line]
        if unit is not None:
            head = str(each.measure.raw_text)
            figures[column] = file.index.figure(line.line, measure, head, unit, found.rule)
    return figures


def _report_absent_columns(file: FlashFile, seen: Seen) -> None:
    """Report what the form requires and no sheet has: whole sections, lines, single columns."""
    for section in file.form.sections:
        asked = [line for line in asked_lines(section) if line.line not in seen.contradictory_lines]
        lines_seen = {line for line, _ in seen.heads}
        file.report_absent(None, section, [line for line in asked if line.line not in lines_seen])
        for line in asked:
            for measure in file.form.measures:
                is_asked = measure.required and measure.code in line.measures
                if (
                    is_asked
                    and line.line in lines_seen
                    and (line.line, measure.code) not in seen.heads
                ):
                    file.reading.report(
                        None,
                        "missing_column",
                        f"没有找到工作表“{section.sheet}”中“{line.line} {line.label}”的"
                        f"“{measure.label}”一列，"
                        "请按模板恢复该列并填写",
                        item=Item(line.indicator, line.label, line.indicator, measure.code),
                        sheet_name=section.sheet,
                        expected=measure.label,
                    )


def _read_section(file: FlashFile, section: Section, agencies: Mapping[str, Agency]) -> None:
    """Read the figures of each agency, and report agencies that are not on both sheets."""
    page = section.table.page
    code_field = next(asked for asked in file.form.cover if asked.field == "credit_code")
    present = set()
    for unit in agency_rows(file, section.table, code_field, file.month):
        code = str(unit.credit_code)
        present.add(code)
        if code not in agencies:
            file.reading.report(
                unit,
                "not_in_list",
                f"的统一社会信用代码“{code}”不在单位名单内，请核对代码，或在单位名单中补上该机构",
                item=file.item(code_field),
                cell=section.table.cell(unit.row, "credit_code"),
            )
            continue
        cells = page.cells(unit.row, section.figures)
        for figure, cell in zip(section.figures.values(), cells, strict=True):
            file.read_figure(unit, figure, cell, agencies[code].zero_report)
    for code, agency in agencies.items():
        if code not in present and agency.zero_report is None:
            file.reading.report(
                agency.unit,
                "missing_value",
                f"工作表“{page.name}”没有单位名单中的“{agency.name}”（{code}），请补填该机构的一行",
                sheet_name=page.name,
            )
