"""What the flash report's two kinds share: the template, refused figures, value cells, checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import Catalog, FormCheck, FormLine, Measure
from pipelines.intake.templates.formulas import Check, lines_of
from pipelines.intake.templates.reports import AgencyReport
from pipelines.intake.templates.sheets import allow_count, allow_money
from pipelines.intake.templates.style import Style
from pipelines.intake.templates.template import Template

FORM = "flash_report"
CHECK_HEAD = "校验"

Place = tuple[str, str]  # sheet and column or address
Places = Mapping[tuple[str, Measure], Place]


def flash_template(
    catalog: Catalog, period: str, reports: Iterable[AgencyReport], made_up: bool
) -> Template:
    """Return the template of the month's flash report.

    Raises:
        KeyError: The form is not in force that month.
        ValueError: January, which is reported with February, or something the form does not ask.
    """
    if period.endswith("-01"):
        raise ValueError(f"{period}: January is reported with February")
    form = catalog.form(FORM, period)
    asked = {
        (line.indicator, measure)
        for line in form.lines
        if not line.calculated
        for measure in line.measures
    }
    foot = {field.field for field in form.foot}
    for report in reports:
        unasked = [*(report.values.keys() - asked), *(report.foot.keys() - foot)]
        if unasked:
            raise ValueError(f"{report.identity.credit_code}: {FORM} does not ask for {unasked}")
    return Template(catalog, form, period, made_up)


def line_value(
    template: Template, report: AgencyReport, line: FormLine, measure: Measure
) -> Decimal | None:
    """Return an agency's figure in the line's printed unit; None where there is none."""
    value = report.values.get((line.indicator, measure))
    return None if value is None else template.in_unit(value, line.unit)


def line_style(template: Template, line: FormLine) -> Style:
    """Return the style of a line's value cells."""
    if template.is_money(line.unit):
        return Style.FORMULA_MONEY if line.calculated else Style.INPUT_MONEY
    return Style.FORMULA_COUNT if line.calculated else Style.INPUT_COUNT


def allow_values(
    sheet: Worksheet,
    template: Template,
    inputs: Sequence[tuple[FormLine, Measure, str]],
) -> None:
    """Let value cells (line, measure, cells) take only what their unit and measure allow."""
    kinds: dict[tuple[str, bool], list[str]] = {}
    for line, measure, cells in inputs:
        kinds.setdefault((line.unit, measure == "month"), []).append(cells)
    for (unit, is_month), ranges in kinds.items():
        if template.is_money(unit):
            allow_money(sheet, ranges, unit, can_be_negative=is_month)
        else:
            allow_count(sheet, ranges, unit)


def seen_from(sheet_name: str, places: Places) -> dict[tuple[str, Measure], str]:
    """Return the references to these places as formulas of one sheet write them."""
    return {
        key: address if at == sheet_name else f"{quote_sheetname(at)}!{address}"
        for key, (at, address) in places.items()
    }


def prepare_check(template: Template, check: FormCheck, wording: str) -> Check:
    """Return the check with the measures all its lines have and the precision of its unit."""
    lines = {line.line: line for line in template.form.lines}
    involved = [lines[number] for number in lines_of(check)]
    measures = [
        (measure, template.measure_label(measure))
        for measure in template.form.measures
        if all(measure.code in line.measures for line in involved)
    ]
    return Check(check, wording, measures, 2 if template.is_money(involved[0].unit) else 0)
