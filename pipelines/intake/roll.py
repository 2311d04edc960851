"""The flash report of a reporting unit: a list of agencies, and sheets with one agency a row.

An agency's rows are matched over the sheets by 统一社会信用代码, never by position.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.catalog.models import Form, FormField
from pipelines.intake.covers import Cover, keep_field, labels_of, read_period
from pipelines.intake.fields import is_blank
from pipelines.intake.lines import (
    Figure,
    FlashFile,
    LineIndex,
    PrintedUnit,
    ZeroReport,
    asked_lines,
)
from pipelines.intake.locating import Cell, Page
from pipelines.intake.records import Item, NotedUnits, Rejected, Unit, quote
from pipelines.intake.tables import (
    TOTAL,
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
ROUNDING = Decimal("0.01")  # by which a total may differ from the sum of what it adds up
PART = "其中"  # a row of some of the agencies, which are not told


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
    measure: Cell
    printed: str  # the measure's head, which may stand in two rows
    head: str  # in plain form, as the catalog has it
    units: Sequence[PrintedUnit]


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
            keep_field(file, asked, found)
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
    for unit in agency_rows(file, table, fields["credit_code"], file.month, may_repeat=True):
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
            figures = _figures(file, page, heads, noted, seen)
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
    measures = _fullest(page, window, lambda text: index.head(text) is not None)
    labels = _fullest(page, window, index.is_label)
    codes = _fullest(page, window, index.is_code)
    known = {row for row in (measures, labels, codes) if row}
    if not measures or len(known) == 1:
        return code_head.row, {}
    between = [row for row in range(min(known), max(known)) if row not in known]
    overheads = [row for row in between if _tells_figures(index, page, row)]
    between = [row for row in between if row not in overheads]
    # A row of units none of which the catalog knows must not be taken for no row of units.
    units = _fullest(page, between, file.reader.is_unit) or max(
        filter(page.row, between), key=lambda row: len(page.row(row)), default=0
    )
    heads: dict[int, Heads] = {}
    label = code = unit = page.cell(0, 0)
    over: dict[int, Cell] = {}
    for column in range(1, page.last_column + 1):
        starts = page.cell(labels, column).value is not None
        label = page.cell(labels, column) if starts else label
        code = page.cell(codes, column) if starts or page.cell(codes, column).value else code
        unit = page.cell(units, column) if starts or page.cell(units, column).value else unit
        over = {} if starts else over
        over |= {row: page.cell(row, column) for row in overheads if page.cell(row, column).label}
        measure = page.cell(measures, column)
        cells = [*over.values(), measure] if measure.label else []
        found = index.head(*(cell.label for cell in cells))
        if found is not None:
            printed = " ".join(str(cell.raw_text) for cell in cells)
            notes = [(unit, unit.label), (label, index.split_unit(label.label)[1])]
            notes.append((measure, found[1]))
            heads[column] = Heads(label, code, measure, printed, found[0], notes)
    return max(*known, code_head.row), heads


def _tells_figures(index: LineIndex, page: Page, row: int) -> bool:
    """Return whether a row of heads says which figures stand below: 本年, 上年同期."""
    return any(index.tells_figures(cell.label) for cell in page.row(row))


def _fullest(page: Page, rows: Container[int], matches: Callable[[str], bool]) -> int:
    """Return the row with most matching texts, the first of equals; 0 if no text matches."""
    counts = Counter(
        row for text, places in page.texts() if matches(text) for row, _ in places if row in rows
    )
    return max(sorted(counts), key=lambda row: counts[row], default=0)


def _figures(
    file: FlashFile, page: Page, heads: Mapping[int, Heads], noted: NotedUnits, seen: Seen
) -> dict[int, Figure]:
    """Return what each column is asked for; one that contradicts another refuses the file."""
    figures: dict[int, Figure] = {}
    units: dict[str, str | None] = {}
    names = tuple(
        (each.code.label, file.index.split_unit(each.label.label)[0]) for each in heads.values()
    )
    identified = file.index.identify(names)
    printed: dict[str, list[PrintedUnit]] = defaultdict(list)  # over all columns of a line
    for each, found in zip(heads.values(), identified, strict=True):
        if found is not None:
            told = [unit for unit in each.units if unit[1]]
            printed[found.line.line] += told or [(each.measure, "")]
    for (column, each), found in zip(heads.items(), identified, strict=True):
        if found is None:
            _ask_about_column(file, page, column, each)
            continue
        if found.line.calculated is not None:
            continue
        line = found.line
        if found.rule is None:
            if line.line not in seen.contradictory_lines:
                seen.contradictory_lines.add(line.line)
                file.report_mismatch(None, line, each.label)
            continue
        measure = file.index.measure(line.line, each.head)
        if measure is None:
            continue
        first = seen.heads.setdefault((line.line, measure), each.measure)
        if first is not each.measure:
            file.report_second(None, line, first, each.measure)
            continue
        if line.line not in units:
            units[line.line] = file.read_unit(None, line, printed[line.line], noted)
        unit = units[line.line]
        if unit is not None:
            figures[column] = file.index.figure(line.line, measure, each.printed, unit, found.rule)
    return figures


def _ask_about_column(file: FlashFile, page: Page, column: int, heads: Heads) -> None:
    """Ask about a column with figures that is no line of the form; one of totals may be added."""
    label = heads.label
    is_asked = file.index.is_label(label.label)  # it was not told which line: it is missed
    if not label.label or is_asked or TOTAL.fullmatch(label.label):
        return
    below = range(max(label.row, heads.measure.row) + 1, page.last_row + 1)
    filled = (page.cell(row, column) for row in below)
    cell = next((each for each in filled if isinstance(each.value, float | int)), None)
    if cell is not None:
        file.reading.report(
            None,
            "unknown_line",
            f"“{quote(label)}”不是表内指标，该列{cell.address}等处填的“{quote(cell)}”没有计入，"
            "如属表内指标，请按模板恢复名称，否则请删去该列",
            cell=label,
            severity="review",
        )


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
    for unit in agency_rows(file, section.table, code_field, file.month, may_repeat=True):
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
    _check_totals(file, section)


def _check_totals(file: FlashFile, section: Section) -> None:
    """Report each row of totals that is not the sum of all agencies, nor of those around it.

    A figure that cannot be read is left out of account: it is reported by itself.
    """
    table = section.table
    agencies = list(table.rows())
    for row in range(table.header_row + 1, table.page.last_row + 1):
        cells = table.page.cells(row, section.figures)
        if not table.is_total(row) or all(cell.value is None for cell in cells):
            continue
        name = next(cell for cell in table.page.row(row) if isinstance(cell.value, str))
        if name.label.startswith(PART):
            continue
        each = [
            list(_wrong_totals(file, section, cells, rows))
            for rows in _added_up(table, row, agencies)
        ]
        wrong = min(each, key=len, default=[])
        if wrong:
            figure, cell, total = wrong[0]
            others = f"，该行另有{len(wrong) - 1}项不符" if len(wrong) > 1 else ""
            file.reading.report(
                Unit(None, row),
                "total_mismatch",
                f"的“{quote(name)}”“{figure.item.name}”填的是“{quote(cell)}”，"
                f"各机构之和是“{total:f}”{others}，请核对合计数和各机构的数据",
                item=figure.item,
                cell=cell,
                expected=f"{total:f}",
                severity="review",
            )


def _added_up(table: Table, row: int, agencies: Sequence[int]) -> list[list[int]]:
    """Return the rows that a row of totals may add up: those just above or below it, or all."""
    rows = set(agencies)
    below_head = range(table.header_row + 1, table.page.last_row + 1)
    breaks = [each for each in below_head if each not in rows and table.page.row(each)]
    above = max((each for each in breaks if each < row), default=table.header_row)
    below = min((each for each in breaks if each > row), default=table.page.last_row + 1)
    blocks = [
        list(agencies),
        [each for each in agencies if above < each < row],
        [each for each in agencies if row < each < below],
    ]
    return [block for block in blocks if block]


def _wrong_totals(
    file: FlashFile, section: Section, cells: Sequence[Cell], rows: Sequence[int]
) -> Iterator[tuple[Figure, Cell, Decimal]]:
    """Yield what a row of totals has wrong, if it adds up these rows, with the right sum."""
    for (column, figure), cell in zip(section.figures.items(), cells, strict=True):
        added = [section.table.page.cell(row, column) for row in rows]
        read = [
            file.reader.read_number(each, figure.item.unit, False)
            for each in [cell, *added]
            if not is_blank(each, False)
        ]
        numbers = [
            file.reader.number_in(each, figure.item.unit)
            for each in read
            if not isinstance(each, Rejected)
        ]
        if len(numbers) < len(read) or is_blank(cell, False):
            continue
        total = sum(numbers[1:], Decimal(0))
        if abs(total - numbers[0]) > ROUNDING:
            yield figure, cell, total.normalize()
