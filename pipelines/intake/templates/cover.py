"""The cover of the flash report: fields beside their labels, the foot with who signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import FormField
from pipelines.intake.templates.sheets import (
    FIRST_ROW_AFTER_HEAD,
    INPUT_STYLES,
    add_sheet,
    allow_date,
    allow_items,
    protect,
    put,
    put_head,
    set_page,
)
from pipelines.intake.templates.style import Style
from pipelines.intake.templates.template import Template

COVER = "封面"
WIDTHS = (20, 32, 14, 30)
ROW_HEIGHT = 32


def add_cover(
    workbook: Workbook,
    template: Template,
    title: str,
    fields: Sequence[FormField],
    given: Mapping[str, object],
) -> list[tuple[FormField, str]]:
    """Add the cover with these fields and what is given of them, and return the foot's cells.

    What has a drop-down is open to change, other fields of the cover are given; the foot is open.
    """
    sheet = add_sheet(workbook, COVER, WIDTHS)
    last = len(WIDTHS)
    put_head(sheet, template, title, block=last - 1, pages=[(1, last)])
    row = FIRST_ROW_AFTER_HEAD
    for field in fields:
        row += 1
        put(sheet, (row, 1), field.label, Style.HEAD)
        if field.type in ("choice", "yes_no"):
            _put_input(sheet, (row, 2), template, field, given[field.field], to=(row, last))
        else:
            value = template.printed(field, given[field.field])
            put(sheet, (row, 2), value, Style.GIVEN, to=(row, last))
    foot = []
    for number, field in enumerate(template.form.foot):
        at = (row + 2 + number // 2, 2 + number % 2 * 2)  # two a row
        put(sheet, (at[0], at[1] - 1), field.label, Style.HEAD)
        _put_input(sheet, at, template, field, given.get(field.field))
        foot.append((field, f"{get_column_letter(at[1])}{at[0]}"))
    for number in range(FIRST_ROW_AFTER_HEAD + 1, sheet.max_row + 1):
        sheet.row_dimensions[number].height = ROW_HEIGHT
    protect(sheet)
    set_page(sheet, template)
    return foot


def _put_input(
    sheet: Worksheet,
    at: tuple[int, int],
    template: Template,
    field: FormField,
    value: object,
    to: tuple[int, int] | None = None,
) -> None:
    """Write an input cell with its drop-down or date rule."""
    style = INPUT_STYLES.get(field.type, Style.INPUT_TEXT)
    cell = put(sheet, at, template.printed(field, value), style, to)
    names = list(template.items(field).values())
    if names:
        allow_items(sheet, [cell.coordinate], field.label, names)
    elif field.type == "date":
        allow_date(sheet, [cell.coordinate], field.label)
