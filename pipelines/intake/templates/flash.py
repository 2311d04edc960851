"""What the flash report's two kinds share: the template, printed values, value cells, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import Catalog, FormCheck, FormField, FormLine, Measure
from pipelines.intake.templates.cloning import Key, Printed
from pipelines.intake.templates.formulas import Check, lines_of, split_terms
from pipelines.intake.templates.reports import AgencyReport
from pipelines.intake.templates.sheets import allow_count, allow_money
from pipelines.intake.templates.style import Style
from pipelines.intake.templates.template import Template

FORM = "flash_report"
CHECK_HEAD = "校验"
CODE_OVERHEAD, NAME_OVERHEAD = ("section", "credit_code"), ("section", "agency_name")

Place = tuple[str, str]  # sheet and column or address
Places = Mapping[tuple[str, Measure], Place]


def flash_template(catalog: Catalog, period: str, made_up: bool) -> Template:
    """Return the template of the month's flash report.

    Raises:
        KeyError: The form is not in force that month.
        ValueError: January, which is reported with February.
    """
    if period.endswith("-01"):
        raise ValueError(f"{period}: January is reported with February")
    return Template(catalog, catalog.form(FORM, period), period, made_up)


def printed_values(
    template: Template, report: AgencyReport, fields: Sequence[FormField]
) -> dict[Key, Printed]:
    """Return what the cells of these fields and of all lines show, by slot.

    Figures stand in the printed units. A calculated line has a value if all its terms are numbers.

    Raises:
        ValueError: An unknown code, or something that the form or these fields do not ask for.
    """
    lines = template.form.lines
    units: dict[tuple[str, str], str] = {
        (line.indicator, measure): line.unit
        for line in lines
        if not line.calculated
        for measure in line.measures
    }
    unasked = [
        *(report.values.keys() - units.keys()),
        *(report.foot.keys() - {field.field for field in template.form.foot}),
        *(report.typed.keys() - units.keys() - {field.field for field in fields}),
    ]
    if unasked:
        raise ValueError(f"{report.identity.credit_code}: {FORM} does not ask for {unasked}")
    told = {**report.cover, "period": template.period, **report.foot}
    values: dict[Key, Printed] = {
        field.field: template.printed(field, told.get(field.field)) for field in fields
    }
    for key, value in report.values.items():
        values[key] = template.in_unit(value, units[key])
    values |= report.typed
    indicators = {line.line: line.indicator for line in lines}
    for line in lines:
        if line.calculated:
            terms = [(sign, indicators[term]) for sign, term in split_terms(line.calculated)]
            for measure in line.measures:
                addends = [(sign, values.get((indicator, measure))) for sign, indicator in terms]
                values[line.indicator, measure] = _total(addends)
    return values


def _total(addends: Sequence[tuple[str, Printed]]) -> Decimal | None:
    """Return the sum of numbers with their signs; None unless all are numbers."""
    total = Decimal(0)
    for sign, addend in addends:
        if not isinstance(addend, Decimal):
            return None
        total += addend if sign == "+" else -addend
    return total


def line_style(template: Template, line: FormLine) -> Style:
    """Return the style of a line's value cells."""
    if template.is_measured(line.unit):
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
        if template.is_measured(unit):
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
    return Check(check, wording, measures, 2 if template.is_measured(involved[0].unit) else 0)
