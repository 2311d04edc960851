"""The flash report of one agency (一企一表): cover, a sheet for each section, notes."""

from __future__ import annotations

from pathlib import Path

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import Catalog, FormField, FormSection, Measure
from pipelines.intake.templates.cloning import Key, Printed, Prototype, Slots, mark_slot
from pipelines.intake.templates.cover import COVER, add_cover
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
from pipelines.intake.templates.formulas import TO_CHECK, calculation, cross_check, quoted
from pipelines.intake.templates.notes import add_notes
from pipelines.intake.templates.reports import AgencyReport
from pipelines.intake.templates.sheets import (
    FIRST_ROW_AFTER_HEAD,
    add_sheet,
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

SECTION_WIDTHS = (6, 36, 9, 15, 15, 16, 32)
FIRST_MEASURE_COLUMN = 4
FIRST_LINE_ROW = FIRST_ROW_AFTER_HEAD + 2
ROW_HEIGHT = 28
NOT_ASKED = "——"


def write_flash_single(
    path: Path, catalog: Catalog, period: str, report: AgencyReport, made_up: bool = False
) -> None:
    """Write one agency's flash report of a month (YYYY-MM), filled as far as values are given.

    Values are taken in base units (元, 人次) and printed in the units of the lines (万元).

    Raises:
        KeyError: The form is not in force that month.
        ValueError: January, an unknown code, or something the form does not ask for.
    """
    SingleCloner(catalog, period, made_up).write(path, report)


class SingleCloner:
    """Writes a month's flash report for one agency after another."""

    def __init__(self, catalog: Catalog, period: str, made_up: bool = False) -> None:
        """Build the empty form.

        Raises:
            KeyError: The form is not in force that month.
            ValueError: January.
        """
        self._template = template = flash_template(catalog, period, made_up)
        workbook, slots = new_workbook(template), Slots()
        foot = add_cover(workbook, slots, template, template.title(), template.form.cover)
        places = _place_lines(template)
        for section in template.form.sections:
            _add_section(workbook, slots, template, section, places)
            _put_signatures(workbook[section.sheet], template, len(section.lines), foot)
        add_notes(workbook, template)
        self._prototype = Prototype(workbook, slots)

    def write(self, path: Path, report: AgencyReport) -> None:
        """Write one agency's report as `write_flash_single` does."""
        self._prototype.write(path, self._values(report))

    def content(self, report: AgencyReport) -> bytes:
        """Return the bytes of one agency's report."""
        return self._prototype.content(self._values(report))

    def _values(self, report: AgencyReport) -> dict[Key, Printed]:
        """Return what stands in the slots."""
        form = self._template.form
        values = printed_values(self._template, report, [*form.cover, *form.foot])
        values[CODE_OVERHEAD] = f"统一社会信用代码：{report.identity.credit_code}"
        values[NAME_OVERHEAD] = f"单位详细名称：{report.identity.agency_name}"
        return values


def _place_lines(template: Template) -> Places:
    """Return where each line's measures stand."""
    columns = {
        measure.code: get_column_letter(column)
        for column, measure in enumerate(template.form.measures, start=FIRST_MEASURE_COLUMN)
    }
    return {
        (line.line, measure): (section.sheet, f"{columns[measure]}{row}")
        for section in template.form.sections
        for row, line in enumerate(section.lines, start=FIRST_LINE_ROW)
        for measure in line.measures
    }


def _add_section(
    workbook: Workbook,
    slots: Slots,
    template: Template,
    section: FormSection,
    places: Places,
) -> None:
    """Add the sheet of a section: head, one row a line, check cells."""
    sheet = add_sheet(workbook, section.sheet, SECTION_WIDTHS)
    check_column = len(SECTION_WIDTHS)
    put_head(
        sheet,
        template,
        template.title(section.sheet),
        block=check_column - 1,
        pages=[(1, check_column)],
    )
    for row, key in enumerate((CODE_OVERHEAD, NAME_OVERHEAD), start=6):
        cell = put(sheet, (row, 1), None, Style.LEFT_NOTE, to=(row, check_column - 2))
        mark_slot(slots, cell, key)
    labels = [template.measure_label(measure) for measure in template.form.measures]
    heads = ["代码", "指标名称", "计量单位", *labels, CHECK_HEAD]
    numbers = ["甲", "乙", "丙", *(str(n + 1) for n in range(len(labels))), None]
    for column, (head, number) in enumerate(zip(heads, numbers, strict=True), start=1):
        put(sheet, (FIRST_ROW_AFTER_HEAD, column), head, Style.HEAD)
        put(sheet, (FIRST_ROW_AFTER_HEAD + 1, column), number, Style.HEAD_NUMBER)
    sheet.row_dimensions[FIRST_ROW_AFTER_HEAD].height = 30
    _put_lines(sheet, slots, template, section, seen_from(section.sheet, places))
    _put_checks(sheet, template, section, seen_from(section.sheet, places))
    sheet.freeze_panes = f"{get_column_letter(FIRST_MEASURE_COLUMN)}{FIRST_LINE_ROW}"
    protect(sheet)
    set_page(sheet, template, f"{FIRST_ROW_AFTER_HEAD}:{FIRST_ROW_AFTER_HEAD + 1}")


def _put_lines(
    sheet: Worksheet,
    slots: Slots,
    template: Template,
    section: FormSection,
    cells: dict[tuple[str, Measure], str],
) -> None:
    """Write the rows of a section; what a line does not ask for is greyed out."""
    inputs = []
    for row, line in enumerate(section.lines, start=FIRST_LINE_ROW):
        put(sheet, (row, 1), line.line, Style.CENTERED)
        put(sheet, (row, 2), line.label, Style.SUBLINE if line.level else Style.LINE)
        put(sheet, (row, 3), line.unit, Style.CENTERED)
        for column, measure in enumerate(template.form.measures, start=FIRST_MEASURE_COLUMN):
            at = (row, column)
            style = line_style(template, line)
            if measure.code not in line.measures:
                put(sheet, at, NOT_ASKED, Style.NOT_ASKED)
                continue
            if line.calculated:
                cell = put_formula(sheet, at, calculation(line, measure.code, cells), style)
            else:
                cell = put(sheet, at, None, style)
                inputs.append((line, measure.code, cells[line.line, measure.code]))
            mark_slot(slots, cell, (line.indicator, measure.code))
        sheet.row_dimensions[row].height = ROW_HEIGHT
    allow_values(sheet, template, inputs)


def _put_checks(
    sheet: Worksheet,
    template: Template,
    section: FormSection,
    cells: dict[tuple[str, Measure], str],
) -> None:
    """Write the check cells beside the lines that the relations speak of first."""
    column = len(SECTION_WIDTHS)
    for row, line in enumerate(section.lines, start=FIRST_LINE_ROW):
        checks = [
            prepare_check(template, check, check.message)
            for check in template.form.checks
            if check.sheet == section.sheet and check.left == line.line
        ]
        if checks:
            put_formula(sheet, (row, column), cross_check(checks, cells), Style.CHECK)
            columns = " ".join(label for _, label in checks[0].measures)
            longest = TO_CHECK + "".join(f"{columns}，{item.wording}。" for item in checks)
            height = row_height(longest, SECTION_WIDTHS[-1], font_size=9, least=ROW_HEIGHT)
            sheet.row_dimensions[row].height = height
            mark_violations(sheet, f"{get_column_letter(column)}{row}")
        else:
            put(sheet, (row, column), None, Style.NOT_ASKED)


def _put_signatures(
    sheet: Worksheet, template: Template, line_count: int, foot: list[tuple[FormField, str]]
) -> None:
    """Repeat the cover's foot below the table, so that each printed sheet bears it."""
    row = FIRST_LINE_ROW + line_count + 1
    parts = []
    for field, address in foot:
        cell = f"{quote_sheetname(COVER)}!{address}"
        date = f'IF({cell}="","",TEXT({cell},"yyyy年m月d日"))'
        shown = date if field.type == "date" else cell
        parts.append(f"{quoted(field.label + '：')}&{shown}")
    put_formula(sheet, (row, 2), "=" + '&"　　　"&'.join(parts), Style.FOOT)
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=len(SECTION_WIDTHS))
    sheet.row_dimensions[row].height = ROW_HEIGHT
