"""The flash report of a reporting unit (汇总表): one agency a row on every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import Catalog, FormField, FormLine, FormMeasure, FormSection
from pipelines.intake.templates.cloning import Key, Printed, Prototype, Row, Slots, mark_slot
from pipelines.intake.templates.cover import add_cover
from pipelines.intake.templates.flash import (
    CHECK_HEAD,
    CODE_OVERHEAD,
    NAME_OVERHEAD,
    Places,
    allow_values,
    flash_template,
    line_style,
    prepare_check,
    printed_values,
    seen_from,
)
from pipelines.intake.templates.formulas import Cells, calculation, cross_check, relation
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
NUMBER = "number"
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
    RollCloner(catalog, period, made_up).write(path, reporting_unit_code, reports)


class RollCloner:
    """Writes a month's flash report for one reporting unit after another."""

    def __init__(self, catalog: Catalog, period: str, made_up: bool = False) -> None:
        """Build the form with the row of one agency.

        Raises:
            KeyError: The form is not in force that month.
            ValueError: January.
        """
        self._template = template = flash_template(catalog, period, made_up)
        workbook, slots = new_workbook(template), Slots()
        self._on_cover = [field for field in template.form.cover if field.field in ON_COVER]
        self._listed = [field for field in template.form.cover if field.field not in ON_COVER]
        add_cover(workbook, slots, template, template.title(KIND), self._on_cover)
        _add_list(workbook, slots, template, self._listed)
        sections = template.form.sections
        columns = {section.sheet: _value_columns(template, section) for section in sections}
        places = {
            (line.line, measure.code): (sheet, f"{get_column_letter(column)}{FIRST_AGENCY_ROW}")
            for sheet, placed in columns.items()
            for column, line, measure in placed
        }
        for section in sections:
            _add_section(workbook, slots, template, section, columns[section.sheet], places)
        add_notes(workbook, template)
        self._repeated = [LIST, *columns]
        self._prototype = Prototype(workbook, slots, self._repeated)

    def write(self, path: Path, reporting_unit_code: str, reports: Sequence[AgencyReport]) -> None:
        """Write the report of one unit's agencies as `write_flash_roll` does.

        What an agency typed on its cover stands in 单位名单; the roll's own cover is the unit's.
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
        given = {"reporting_unit": reporting_unit_code, "period": self._template.period}
        cover: dict[Key, Printed] = {
            field.field: self._template.printed(field, given[field.field])
            for field in self._on_cover
        }
        rows = [self._row(number, report) for number, report in enumerate(reports, start=1)]
        self._prototype.write(path, cover, dict.fromkeys(self._repeated, rows))

    def _row(self, number: int, report: AgencyReport) -> Row:
        """Return an agency's row, as all sheets show their parts of it."""
        name = report.identity.agency_name
        values = printed_values(self._template, report, self._listed)
        values[NUMBER] = number
        values[CODE_OVERHEAD], values[NAME_OVERHEAD] = report.identity.credit_code, name
        return Row(values, row_height(name, FIELD_WIDTHS["agency_name"], least=ROW_HEIGHT))


def _add_list(
    workbook: Workbook, slots: Slots, template: Template, fields: Sequence[FormField]
) -> None:
    """Add the list of agencies with what a cover asks of each."""
    widths = [NUMBER_WIDTH, *(FIELD_WIDTHS.get(field.field, OTHER_WIDTH) for field in fields)]
    sheet = add_sheet(workbook, LIST, widths)
    last = len(widths)
    put_head(sheet, template, template.title(f"{KIND}　{LIST}"), block=last - 2, pages=[(1, last)])
    head_row = FIRST_ROW_AFTER_HEAD
    for column, head in enumerate(["序号", *(field.label for field in fields)], start=1):
        put(sheet, (head_row, column), head, Style.HEAD)
    sheet.row_dimensions[head_row].height = 30
    row = head_row + 1
    mark_slot(slots, put(sheet, (row, 1), None, Style.CENTERED), NUMBER)
    for column, field in enumerate(fields, start=2):
        is_input = field.type in ("choice", "yes_no")
        style = INPUT_STYLES[field.type] if is_input else Style.GIVEN
        cell = put(sheet, (row, column), None, style)
        mark_slot(slots, cell, field.field)
        if is_input:
            allow_items(sheet, [cell.coordinate], field.label, list(template.items(field).values()))
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
    slots: Slots,
    template: Template,
    section: FormSection,
    columns: Sequence[ValueColumn],
    places: Places,
) -> None:
    """Add the sheet of a section: four head rows, then the row of an agency."""
    check_column = len(IDENTITY_HEADS) + len(columns) + 1
    widths = [NUMBER_WIDTH, *FIELD_WIDTHS.values(), *[MEASURE_WIDTH] * len(columns), CHECK_WIDTH]
    sheet = add_sheet(workbook, section.sheet, widths)
    set_page(sheet, template, f"{FIRST_ROW_AFTER_HEAD}:{FIRST_AGENCY_ROW - 1}", landscape=True)
    line_ends = {line.line: column for column, line, _ in columns}
    pages = break_columns(sheet, len(IDENTITY_HEADS), [*line_ends.values(), check_column])
    title = template.title(f"{KIND}　{section.sheet}")
    put_head(sheet, template, title, block=pages[0][1] - 3, pages=pages)
    _put_section_head(sheet, template, columns)
    _put_agency(sheet, slots, template, columns, seen_from(section.sheet, places))
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


def _put_agency(
    sheet: Worksheet,
    slots: Slots,
    template: Template,
    columns: Sequence[ValueColumn],
    cells: Cells,
) -> None:
    """Write the row of an agency: who it is, its figures, calculated lines, the check cell."""
    row = FIRST_AGENCY_ROW
    mark_slot(slots, put(sheet, (row, 1), None, Style.CENTERED), NUMBER)
    mark_slot(slots, put(sheet, (row, 2), None, Style.CENTERED), CODE_OVERHEAD)
    mark_slot(slots, put(sheet, (row, 3), None, Style.GIVEN), NAME_OVERHEAD)
    inputs = []
    for column, line, measure in columns:
        style = line_style(template, line)
        if line.calculated:
            formula = calculation(line, measure.code, cells)
            cell = put_formula(sheet, (row, column), formula, style)
        else:
            cell = put(sheet, (row, column), None, style)
            inputs.append((line, measure.code, cell.coordinate))
        mark_slot(slots, cell, (line.indicator, measure.code))
    allow_values(sheet, template, inputs)
    checks = [
        prepare_check(template, check, relation(check))
        for check in template.form.checks
        if check.sheet == sheet.title
    ]
    at = (row, columns[-1][0] + 1)
    if checks:
        cell = put_formula(sheet, at, cross_check(checks, cells), Style.CHECK)
    else:
        cell = put(sheet, at, None, Style.NOT_ASKED)
    mark_violations(sheet, cell.coordinate)
