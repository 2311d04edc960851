"""Lists of many units, one a row: register, sample, annual return, ledger, published figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.models import Catalog, FormField, FormTable
from pipelines.intake.templates.cloning import Key, Printed, Prototype, Row, Slots, mark_slot
from pipelines.intake.templates.cover import add_cover
from pipelines.intake.templates.notes import add_notes
from pipelines.intake.templates.sheets import (
    FIELD_WIDTHS,
    FIRST_ROW_AFTER_HEAD,
    INPUT_STYLES,
    add_sheet,
    allow_count,
    allow_date,
    allow_items,
    allow_money,
    break_columns,
    new_workbook,
    protect,
    put,
    put_head,
    set_page,
)
from pipelines.intake.templates.style import Style, row_height, text_width
from pipelines.intake.templates.template import Template

SPARE_ROWS = 20  # to write on; more can be inserted above them
FROZEN_COLUMNS = 2
HEAD_ROW = FIRST_ROW_AFTER_HEAD + 1  # below the row of units
ROW_HEIGHT = 22
NARROWEST, WIDEST = 12, 40

Fields = Mapping[str, object]  # values by field


def write_list(
    path: Path,
    catalog: Catalog,
    form_code: str,
    period: str | None,
    rows: Sequence[Fields],
    made_up: bool = False,
) -> None:
    """Write a list form with one table; see `write_lists`."""
    (table,) = catalog.form(form_code, _month(period)).tables
    write_lists(path, catalog, form_code, period, {table.sheet: rows}, made_up)


def write_lists(
    path: Path,
    catalog: Catalog,
    form_code: str,
    period: str | None,
    rows: Mapping[str, Sequence[Fields]],
    made_up: bool = False,
) -> None:
    """Write a list form of a period (YYYY-MM, YYYY, or None where the form has none).

    The rows stand by sheet; a sheet not mentioned has none. A row maps fields to values: codes for
    choices and areas, base units (元) for columns with a unit, dates as dates or ISO texts, what
    was typed as `Typed`; fields left out stay blank.

    Raises:
        KeyError: The form is not in force in that period.
        ValueError: A sheet or a field the form does not have, or an unknown code.
    """
    template = Template(catalog, catalog.form(form_code, _month(period)), period, made_up)
    tables = template.form.tables
    known = {(table.sheet, column.field) for table in tables for column in table.columns}
    given = {(sheet, field) for sheet in rows for row in rows[sheet] for field in row}
    unknown = given - known | rows.keys() - {table.sheet for table in tables}
    if unknown:
        raise ValueError(f"not in {form_code}: {sorted(map(str, unknown))}")
    workbook, slots = new_workbook(template), Slots()
    cover: dict[Key, Printed] = {}
    if len(tables) > 1:
        add_cover(workbook, slots, template, template.title(), template.form.cover)
        cover = {f.field: template.printed(f, template.period) for f in template.form.cover}
    filled: dict[str, list[Row]] = {}
    for table in tables:
        printed: list[dict[Key, Printed]] = [
            {
                column.field: template.printed(column, row.get(column.field))
                for column in table.columns
            }
            for row in rows.get(table.sheet, [])
        ]
        widths: dict[Key, float] = {
            column.field: _width(template, column, [row[column.field] for row in printed])
            for column in table.columns
        }
        _add_table(workbook, slots, template, table, list(widths.values()))
        filled[table.sheet] = [Row(values, _height(values, widths)) for values in printed]
        filled[table.sheet] += [Row({}, ROW_HEIGHT)] * SPARE_ROWS
    add_notes(workbook, template)
    Prototype(workbook, slots, list(filled)).write(path, cover, filled)


def _month(period: str | None) -> str | None:
    """Return the month whose forms a period has: a year's last."""
    return period and (period if len(period) == 7 else f"{period}-12")


def _add_table(
    workbook: Workbook,
    slots: Slots,
    template: Template,
    table: FormTable,
    widths: Sequence[float],
) -> None:
    """Add the sheet: head, period where no cover has it, units, header row, the row to repeat."""
    sheet = add_sheet(workbook, table.sheet, widths)
    head_row = HEAD_ROW
    is_alone = len(template.form.tables) == 1
    set_page(sheet, template, f"{head_row}:{head_row}", landscape=True)
    pages = break_columns(sheet, FROZEN_COLUMNS, list(range(FROZEN_COLUMNS + 1, len(widths) + 1)))
    title = template.title("" if is_alone else table.sheet)
    put_head(sheet, template, title, block=pages[0][1] - 2, pages=pages)
    given = {"period": template.period}
    for row, field in enumerate(
        template.form.cover if is_alone else [], start=FIRST_ROW_AFTER_HEAD - 1
    ):
        put(sheet, (row, 1), field.label, Style.HEAD)
        value = template.printed(field, given[field.field])
        put(sheet, (row, 2), value, Style.INPUT_TEXT if value is None else Style.GIVEN)
    for position, column in enumerate(table.columns, start=1):
        if column.unit:
            put(sheet, (head_row - 1, position), f"单位：{column.unit}", Style.UNIT_NOTE)
        put(sheet, (head_row, position), column.label, Style.HEAD)
    sheet.row_dimensions[head_row].height = 36
    _put_row(sheet, slots, template, table)
    sheet.freeze_panes = f"{get_column_letter(FROZEN_COLUMNS + 1)}{head_row + 1}"
    protect(sheet)
    for allowed in ("insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def _put_row(sheet: Worksheet, slots: Slots, template: Template, table: FormTable) -> None:
    """Write the row, all of it open to change, and what its columns may take."""
    for position, column in enumerate(table.columns, start=1):
        cell = put(sheet, (HEAD_ROW + 1, position), None, _style(template, column))
        mark_slot(slots, cell, column.field)
        cells = [cell.coordinate]
        names = list(template.items(column).values())
        if names:
            allow_items(sheet, cells, column.label, names)
        elif column.type == "date":
            allow_date(sheet, cells, column.label)
        elif column.unit and template.is_measured(column.unit):
            allow_money(sheet, cells, column.unit, can_be_negative=False)
        elif column.unit:
            allow_count(sheet, cells, column.unit)


def _style(template: Template, column: FormField) -> Style:
    """Return the style of a column's cells."""
    if column.type == "number":
        if column.unit is None:
            return Style.INPUT_NUMBER
        return Style.INPUT_MONEY if template.is_measured(column.unit) else Style.INPUT_COUNT
    return INPUT_STYLES.get(column.type, Style.INPUT_TEXT)


def _height(values: Mapping[Key, Printed], widths: Mapping[Key, float]) -> float:
    """Return the height of a row that shows all its texts."""
    return max(
        row_height(value, widths[field], least=ROW_HEIGHT) if isinstance(value, str) else ROW_HEIGHT
        for field, value in values.items()
    )


def _width(template: Template, column: FormField, values: Sequence[Printed]) -> float:
    """Return a width for the header in two lines, the items to choose and the longest value."""
    if column.field in FIELD_WIDTHS:
        return FIELD_WIDTHS[column.field]
    texts = {_shown(value) for value in values} | set(template.items(column).values())
    longest = max((text_width(text) + 2 for text in texts), default=0)
    return min(WIDEST, max(NARROWEST, text_width(column.label) / 2 + 3, longest))


def _shown(value: Printed) -> str:
    """Return about what the cell of a value shows."""
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return f"{value:%Y年%m月%d日}" if isinstance(value, dt.date) else str(value or "")
