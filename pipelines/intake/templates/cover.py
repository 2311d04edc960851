"""The cover of a workbook of several sheets: fields beside labels, the foot with who signs."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import FormField
from pipelines.intake.templates.cloning import Slots, mark_slot
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
    slots: Slots,
    template: Template,
    title: str,
    fields: Sequence[FormField],
) -> list[tuple[FormField, str]]:
    """Add the cover with slots for these fields and for the foot, and return the foot's cells.

    What has a drop-down, or a period not given, is open to change, and so is the foot.
    """
    sheet = add_sheet(workbook, COVER, WIDTHS)
    last = len(WIDTHS)
    put_head(sheet, template, title, block=last - 1, pages=[(1, last)])
    row = FIRST_ROW_AFTER_HEAD
    for field in fields:
        row += 1
        put(sheet, (row, 1), field.label, Style.HEAD)
        if field.type in ("choice", "yes_no"):
            cell = _put_input(sheet, (row, 2), template, field, to=(row, last))
        else:
            is_open = field.field == "period" and template.period is None
            style = Style.INPUT_TEXT if is_open else Style.GIVEN
            cell = put(sheet, (row, 2), None, style, to=(row, last))
        mark_slot(slots, cell, field.field)
    foot = []
    for number, field in enumerate(template.form.foot):
        at = (row + 2 + number // 2, 2 + number % 2 * 2)  # two a row
        put(sheet, (at[0], at[1] - 1), field.label, Style.HEAD)
        mark_slot(slots, _put_input(sheet, at, template, field), field.field)
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
    to: tuple[int, int] | None = None,
) -> Cell:
    """Write an input cell with its drop-down or date rule."""
    style = INPUT_STYLES.get(field.type, Style.INPUT_TEXT)
    cell = put(sheet, at, None, style, to)
    names = list(template.items(field).values())
    if names:
        allow_items(sheet, [cell.coordinate], field.label, names)
    elif field.type == "date":
        allow_date(sheet, [cell.coordinate], field.label)
    return cell
