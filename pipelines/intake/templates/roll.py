"""The flash report of a reporting unit (汇总表): one agency a row on every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import Catalog, FormLine, FormMeasure, FormSection
from pipelines.intake.saving import save
from pipelines.intake.templates.cover import add_cover
from pipelines.intake.templates.flash import (
    CHECK_HEAD,
    Places,
    allow_values,
    flash_template,
    line_style,
    line_value,
    prepare_check,
    seen_from,
)
from pipelines.intake.templates.formulas import calculation, cross_check, relation
from pipelines.intake.templates.notes import add_notes
from pipelines.intake.templates.reports import AgencyReport
from pipelines.intake.templates.sheets import (
    FIELD_WIDTHS,
    FIRST_ROW_AFTER_HEAD,
    INPUT_STYLES,
    NUMBER_WIDTH,
    add_sheet,
    allow_items,
    break_columns,
    mark_violations,
    new_workbook,
    protect,
    put,
    put_formula,
    put_head,
    set_page,
)
from pipelines.intake.templates.style import Style, row_height
from pipelines.intake.templates.template import Template

KIND = "汇总表"
LIST = "单位名单"
ON_COVER = ("reporting_unit", "period")
IDENTITY_HEADS = ("序号", "统一社会信用代码", "单位详细名称")
OTHER_WIDTH = 18
MEASURE_WIDTH = 13
CHECK_WIDTH = 40
ROW_HEIGHT = 30
HEAD_ROWS = 4  # label, code, unit, measure
FIRST_AGENCY_ROW = FIRST_ROW_AFTER_HEAD + HEAD_ROWS

ValueColumn = tuple[int, FormLine, FormMeasure]


def write_flash_roll(
    path: Path,
    catalog: Catalog,
    period: str,
    reporting_unit_code: str,
    reports: Sequence[AgencyReport],
    made_up: bool = False,
) -> None:
    """Write the flash report of a month for all agencies of a reporting unit, in the given order.

    Values are taken in base units (元, 人次) and printed in the units of the lines (万元). The foot
    is left for the reporting unit to sign; the agencies' own have no place in a roll.

    Raises:
        KeyError: The form is not in force that month.
        ValueError: January, no agency, an agency of another reporting unit, an unknown code, or
            something the form does not ask for.
    """
    if not reports:
        raise ValueError(f"no agency of {reporting_unit_code}")
    strangers = {
        report.identity.credit_code
        for report in reports
        if report.identity.reporting_unit_code != reporting_unit_code
    }
    if strangers:
        raise ValueError(f"not of {reporting_unit_code}: {sorted(strangers)}")
    template = flash_template(catalog, period, reports, made_up)
    workbook = new_workbook(template)
    given = {"reporting_unit": reporting_unit_code, "period": period}
    fields = [field for field in template.form.cover if field.field in given]
    add_cover(workbook, template, template.title(KIND), fields, given)
    _add_list(workbook, template, reports)
    sections = template.form.sections
    columns = {section.sheet: _value_columns(template, section) for section in sections}
    places = {
        (line.line, measure.code): (sheet, get_column_letter(column))
        for sheet, placed in columns.items()
        for column, line, measure in placed
    }
    for section in sections:
        _add_section(workbook, template, section, columns[section.sheet], reports, places)
    add_notes(workbook, template)
    save(workbook, path)


def _add_list(workbook: Workbook, template: Template, reports: Sequence[AgencyReport]) -> None:
    """Add the list of agencies with what a cover asks of each."""
    fields = [field for field in template.form.cover if field.field not in ON_COVER]
    widths = [NUMBER_WIDTH, *(FIELD_WIDTHS.get(field.field, OTHER_WIDTH) for field in fields)]
    sheet = add_sheet(workbook, LIST, widths)
    last = len(widths)
    put_head(sheet, template, template.title(f"{KIND}　{LIST}"), block=last - 2, pages=[(1, last)])
    head_row = FIRST_ROW_AFTER_HEAD
    for column, head in enumerate(["序号", *(field.label for field in fields)], start=1):
        put(sheet, (head_row, column), head, Style.HEAD)
    sheet.row_dimensions[head_row].height = 30
    for number, report in enumerate(reports, start=1):
        row = head_row + number
        put(sheet, (row, 1), number, Style.CENTERED)
        given = report.cover
        for column, field in enumerate(fields, start=2):
            is_input = field.type in ("choice", "yes_no")
            style = INPUT_STYLES[field.type] if is_input else Style.GIVEN
            put(sheet, (row, column), template.printed(field, given[field.field]), style)
        name = report.identity.agency_name
        sheet.row_dimensions[row].height = row_height(
            name, FIELD_WIDTHS["agency_name"], least=ROW_HEIGHT
        )
    for column, field in enumerate(fields, start=2):
        if field.type in ("choice", "yes_no"):
            cells = _rows_of(get_column_letter(column), head_row + 1, len(reports))
            allow_items(sheet, [cells], field.label, list(template.items(field).values()))
    sheet.freeze_panes = f"D{head_row + 1}"
    protect(sheet)
    set_page(sheet, template, f"{head_row}:{head_row}", landscape=True)


def _value_columns(template: Template, section: FormSection) -> list[ValueColumn]:
    """Return the value columns of a section: each line's measures side by side."""
    measures = {measure.code: measure for measure in template.form.measures}
    pairs = [(line, measures[code]) for line in section.lines for code in line.measures]
    first = len(IDENTITY_HEADS) + 1
    return [(column, *pair) for column, pair in enumerate(pairs, start=first)]


def _add_section(
    workbook: Workbook,
    template: Template,
    section: FormSection,
    columns: Sequence[ValueColumn],
    reports: Sequence[AgencyReport],
    places: Places,
) -> None:
    """Add the sheet of a section: four head rows, then one row an agency."""
    check_column = len(IDENTITY_HEADS) + len(columns) + 1
    widths = [NUMBER_WIDTH, *FIELD_WIDTHS.values(), *[MEASURE_WIDTH] * len(columns), CHECK_WIDTH]
    sheet = add_sheet(workbook, section.sheet, widths)
    set_page(sheet, template, f"{FIRST_ROW_AFTER_HEAD}:{FIRST_AGENCY_ROW - 1}", landscape=True)
    line_ends = {line.line: column for column, line, _ in columns}
    pages = break_columns(sheet, len(IDENTITY_HEADS), [*line_ends.values(), check_column])
    title = template.title(f"{KIND}　{section.sheet}")
    put_head(sheet, template, title, block=pages[0][1] - 3, pages=pages)
    _put_section_head(sheet, template, columns)
    _put_agencies(sheet, template, columns, reports)
    _put_formulas(sheet, template, columns, len(reports), places)
    sheet.freeze_panes = f"D{FIRST_AGENCY_ROW}"
    protect(sheet)


def _put_section_head(sheet: Worksheet, template: Template, columns: Sequence[ValueColumn]) -> None:
    """Write the head: identity and 校验 over all its rows; label, code, unit, measure for lines."""
    top, bottom = FIRST_ROW_AFTER_HEAD, FIRST_AGENCY_ROW - 1
    for column, head in enumerate(IDENTITY_HEADS, start=1):
        put(sheet, (top, column), head, Style.HEAD, to=(bottom, column))
    check_column = columns[-1][0] + 1
    put(sheet, (top, check_column), CHECK_HEAD, Style.HEAD, to=(bottom, check_column))
    for column, line, measure in columns:
        if measure.code == line.measures[0]:
            end = (top, column + len(line.measures) - 1)
            put(sheet, (top, column), line.label, Style.HEAD, to=end)
        is_stock = template.catalog.indicator(line.indicator).measure_type == "stock"
        put(sheet, (top + 1, column), line.line, Style.CENTERED)
        put(sheet, (top + 2, column), line.unit, Style.CENTERED)
        put(sheet, (top + 3, column), template.measure_label(measure, is_stock), Style.HEAD_NUMBER)
    for row, height in enumerate((32, 18, 18, 32), start=top):
        sheet.row_dimensions[row].height = height


def _put_agencies(
    sheet: Worksheet,
    template: Template,
    columns: Sequence[ValueColumn],
    reports: Sequence[AgencyReport],
) -> None:
    """Write one row an agency: who it is and its figures, as far as given."""
    for number, report in enumerate(reports, start=1):
        row = FIRST_AGENCY_ROW + number - 1
        name = report.identity.agency_name
        put(sheet, (row, 1), number, Style.CENTERED)
        put(sheet, (row, 2), report.identity.credit_code, Style.CENTERED)
        put(sheet, (row, 3), name, Style.GIVEN)
        for column, line, measure in columns:
            if not line.calculated:
                value = line_value(template, report, line, measure.code)
                put(sheet, (row, column), value, line_style(template, line))
        sheet.row_dimensions[row].height = row_height(
            name, FIELD_WIDTHS["agency_name"], least=ROW_HEIGHT
        )
    inputs = [
        (line, measure.code, _rows_of(get_column_letter(column), FIRST_AGENCY_ROW, len(reports)))
        for column, line, measure in columns
        if not line.calculated
    ]
    allow_values(sheet, template, inputs)


def _put_formulas(
    sheet: Worksheet,
    template: Template,
    columns: Sequence[ValueColumn],
    agency_count: int,
    places: Places,
) -> None:
    """Write the calculated lines and, behind the last line, the check cell of every agency."""
    checks = [
        prepare_check(template, check, relation(check))
        for check in template.form.checks
        if check.sheet == sheet.title
    ]
    check_column = columns[-1][0] + 1
    for row in range(FIRST_AGENCY_ROW, FIRST_AGENCY_ROW + agency_count):
        on_row = {key: (at, f"{letter}{row}") for key, (at, letter) in places.items()}
        cells = seen_from(sheet.title, on_row)
        for column, line, measure in columns:
            if line.calculated:
                formula = calculation(line, measure.code, cells)
                put_formula(sheet, (row, column), formula, line_style(template, line))
        if checks:
            put_formula(sheet, (row, check_column), cross_check(checks, cells), Style.CHECK)
        else:
            put(sheet, (row, check_column), None, Style.NOT_ASKED)
    letter = get_column_letter(check_column)
    mark_violations(sheet, _rows_of(letter, FIRST_AGENCY_ROW, agency_count))


def _rows_of(letter: str, first_row: int, count: int) -> str:
    """Return the cells of a column from the first row on."""
    return f"{letter}{first_row}:{letter}{first_row + count - 1}"
