"""List forms (register, sample, ledger, …): one row a unit, columns found by labels.

A form with several tables has each on a sheet of its name; the only table of a form stands on any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pipelines.catalog.models import FormField, FormTable
from pipelines.catalog.periods import last_month
from pipelines.intake.covers import Cover, Filled, keep_field, read_period
from pipelines.intake.locating import Cell
from pipelines.intake.opened import OpenedFile
from pipelines.intake.periods import parse_date, parse_year
from pipelines.intake.records import Item, Rejected, Unit
from pipelines.intake.tables import (
    Table,
    agency_rows,
    find_tables,
    has_sound_heads,
    noted_units,
    report_no_rows,
    table_of,
)

LATEST = "9999-12"


def read_list(file: OpenedFile) -> None:
    """Read the rows of a list form, or refuse the file."""
    if _has_strays(file):
        return
    found = [(asked, _find_sheet(file, asked)) for asked in file.form.tables]
    if not any(_bears_heads(asked, tables) for asked, tables in found):
        file.reading.report(
            None,
            "unrelated",
            f"不是“{file.form.name}”，没有找到应有的列，请用下发的模板填写后重新报送",
        )
        return
    file.reading.file["layout"] = "list"
    if any(_has_copies(file, asked, tables) for asked, tables in found):
        return
    month = LATEST
    if file.form.cover:
        cover = Cover(file.pages, file.form.cover)
        period = read_period(file, cover)
        if period is None:
            return
        keep_field(file, file.form.cover[0], period)
        told = str(period[1].text)
        month = last_month(told)
        _read_rest_of_cover(file, cover, month)
    has_rows = [_read_sheet(file, asked, tables, month) for asked, tables in found]
    if not any(has_rows) and not file.reading.is_refused:
        file.reading.report(None, "missing_value", "没有填写任何一行，请补填后重新报送")


def _read_rest_of_cover(file: OpenedFile, cover: Cover, month: str) -> None:
    """Keep what else a cover says; what is missing or unclear of it refuses the file."""
    for field in file.form.cover[1:]:
        found = cover.read(file, field, None, month)
        if found is not None:
            keep_field(file, field, found)


def _find_sheet(file: OpenedFile, asked: FormTable) -> list[Table]:
    """Return where a table of the form may stand, fullest first; without any head, each page."""
    pages = [page for page in file.pages if table_of(file.form, page.name) is asked]
    return find_tables(pages, asked.columns) or [Table(page, 0, {}) for page in pages]


def _bears_heads(asked: FormTable, tables: Sequence[Table]) -> bool:
    """Return whether there is a table that bears half of the required columns."""
    required = _required(asked)
    return bool(tables) and len(tables[0].headers.keys() & required) * 2 >= len(required)


def _has_strays(file: OpenedFile) -> bool:
    """Refuse a file with rows on a sheet of another name: which table's they are, is not told."""
    strays = [
        page
        for page in file.pages
        if table_of(file.form, page.name) is None
        and any(
            _required(asked) <= table.headers.keys() and any(table.rows())
            for asked in file.form.tables
            for table in find_tables([page], asked.columns)
        )
    ]
    names = "、".join(table.sheet for table in file.form.tables)
    for page in strays:
        words = f"的工作表“{page.name}”填有内容而名称不是{names}之一，请改用模板的名称，或删去该表"
        file.reading.report(None, "unknown_sheet", words, sheet_name=page.name)
    return bool(strays)


def _has_copies(file: OpenedFile, asked: FormTable, tables: Sequence[Table]) -> bool:
    """Refuse a file with a second table that has all columns required, and rows."""
    copies = [
        each for each in tables[1:] if _required(asked) <= each.headers.keys() and any(each.rows())
    ]
    if copies:
        names = "、".join(f"“{each.page.name}”" for each in [tables[0], *copies])
        words = f"的工作表{names}都是“{file.form.name}”，请只保留一张"
        file.reading.report(None, "duplicate_label", words, sheet_name=copies[0].page.name)
    return bool(copies)


def _required(asked: FormTable) -> set[str]:
    """Return the fields that every row has."""
    return {column.field for column in asked.columns if column.required}


def _read_sheet(file: OpenedFile, asked: FormTable, tables: Sequence[Table], month: str) -> bool:
    """Read the rows of a table and return whether it has any; one that must have some is asked."""
    if not tables:
        if asked.required:
            words = f"没有工作表“{asked.sheet}”，请按模板恢复该表并填写"
            file.reading.report(None, "missing_column", words, sheet_name=asked.sheet)
        return False
    table, columns = tables[0], asked.columns
    if not has_sound_heads(file, table, columns):
        return False
    if not any(table.rows()):
        if asked.required:
            report_no_rows(file, table)
        return False
    units = _printed_units(file, table, columns)
    present = [column for column in columns if column.field in table.headers]
    for unit in _units(file, table, asked, month):
        _read_row(file, table, present, units, unit, _month_of(file, table, unit, month))
    return True


def _units(file: OpenedFile, table: Table, asked: FormTable, month: str) -> Iterator[Unit]:
    """Yield whom each row speaks of: an agency where the form has one row for each."""
    if asked.is_by_agency:
        code = next(column for column in asked.columns if column.type == "credit_code")
        yield from agency_rows(file, table, code, month)
    else:
        yield from (Unit(None, row) for row in table.rows())


def _printed_units(
    file: OpenedFile, table: Table, columns: list[FormField]
) -> Mapping[str, str | None]:
    """Return the unit in which each column stands; one that does not fit refuses the file."""
    heads = {
        column.field: table.headers[column.field][0]
        for column in columns
        if column.unit and column.field in table.headers
    }
    own_columns = {head.column for head in heads.values()}
    noted = noted_units(table.page, table.header_row, own_columns)
    units: dict[str, str | None] = {}
    for column in columns:
        if column.unit and column.field in heads:
            unit = file.reader.unit_of(table.printed_unit(column), column.unit, (noted,))
            if isinstance(unit, Rejected):
                item = Item(column.field, f"{column.label}（计量单位）")
                file.reading.reject(None, item, heads[column.field], unit)
            units[column.field] = None if isinstance(unit, Rejected) else unit
    return units


def _month_of(file: OpenedFile, table: Table, unit: Unit, month: str) -> str:
    """Return the month whose divisions a row means: of its own year, or of what it tells of."""
    if "period" in table.headers:
        year = parse_year(_written(table.cell(unit.row, "period")))
        return f"{year}-12" if year else month
    for field in ("exit_date", "event_date"):
        if field in table.headers:
            date = parse_date(_written(table.cell(unit.row, field)), file.epoch)
            return min(month, date[:7]) if date else month
    return month


def _written(cell: Cell) -> str | float | dt.date:
    """Return what a cell holds if it may be a date."""
    return cell.value if isinstance(cell.value, str | float | dt.date) else ""


def _read_row(
    file: OpenedFile,
    table: Table,
    columns: list[FormField],
    units: Mapping[str, str | None],
    unit: Unit,
    month: str,
) -> None:
    """Keep the fields of a row; one that names no agency is left out whole if one is refused."""
    problems_before = len(file.reading.problems)
    values: dict[str, Filled] = {}
    row_unit = table.cell(unit.row, "unit").label if "unit" in table.headers else None
    for column in columns:
        cell = table.cell(unit.row, column.field)
        value = file.read(column, cell, unit, month, units.get(column.field, row_unit))
        if value is not None:
            values[column.field] = cell, value
        if value is not None and value.unit is not None and row_unit not in (None, value.unit):
            rejected = Rejected("unit_conflict", "所带单位与本行的单位不一致", "单位一致的数字")
            file.reading.reject(unit, file.item(column), cell, rejected)
    own_unit = values["unit"][1].text if "unit" in values else None
    if own_unit is not None and not file.reader.is_unit(own_unit):
        rejected = Rejected("unknown_unit", "不是可识别的计量单位", "计量单位，如亿元、家、万人次")
        item = Item("unit", table.headers["unit"][0].label)
        file.reading.reject(unit, item, values["unit"][0], rejected)
    found = file.reading.problems[problems_before:]
    if unit.credit_code is None and any(each["severity"] == "mandatory" for each in found):
        return
    for column in columns:
        if column.field in values:
            is_number = column.type in ("number", "integer")
            item = file.item(column, units.get(column.field, own_unit) if is_number else None)
            file.reading.keep(unit, item, *values[column.field])
