"""List forms (register, sample, annual return, …): one row a unit, columns found by labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.catalog.models import FormField
from pipelines.intake.covers import Cover, Filled, read_period
from pipelines.intake.grammar import parse_date, parse_year
from pipelines.intake.opened import OpenedFile
from pipelines.intake.records import Item, Rejected, Unit
from pipelines.intake.tables import (
    Table,
    agency_rows,
    find_tables,
    has_sound_heads,
    report_no_rows,
)

LATEST = "9999-12"


def read_list(file: OpenedFile) -> None:
    """Read the rows of a list form, or refuse the file."""
    columns = file.form.tables[0].columns
    required = {column.field for column in columns if column.required}
    tables = find_tables(file.pages, columns)
    if not tables or len(tables[0].headers.keys() & required) * 2 < len(required):
        file.reading.report(
            None,
            "unrelated",
            f"不是“{file.form.name}”，没有找到应有的列，请用下发的模板填写后重新报送",
        )
        return
    file.reading.file["layout"] = "list"
    table, *others = tables
    copies = [each for each in others if required <= each.headers.keys() and any(each.rows())]
    if copies:
        names = "、".join(f"“{each.page.name}”" for each in [table, *copies])
        words = f"的工作表{names}都是“{file.form.name}”，请只保留一张"
        file.reading.report(None, "duplicate_label", words, sheet_name=copies[0].page.name)
        return
    month = LATEST
    if file.form.cover:
        period = read_period(file, Cover(file.pages, file.form.cover))
        if period is None:
            return
        cell, value = period
        file.reading.keep(Unit(), file.item(file.form.cover[0]), cell, value)
        month = str(value.text) if file.form.period_type == "month" else f"{value.text}-12"
    if not any(table.rows()):
        report_no_rows(file, table)
    elif has_sound_heads(file, table, columns):
        units = _printed_units(file, table, columns)
        present = [column for column in columns if column.field in table.headers]
        for unit in _units(file, table, columns, month):
            _read_row(file, table, present, units, unit, _month_of(table, unit, month))


def _units(file: OpenedFile, table: Table, columns: list[FormField], month: str) -> Iterator[Unit]:
    """Yield whom each row speaks of: an agency where the form asks for its code."""
    code = next((column for column in columns if column.type == "credit_code"), None)
    if code is not None:
        yield from agency_rows(file, table, code, month)
    else:
        yield from (Unit(None, row) for row in table.rows())


def _printed_units(
    file: OpenedFile, table: Table, columns: list[FormField]
) -> Mapping[str, str | None]:
    """Return the unit in which each column stands; one that does not fit refuses the file."""
    units: dict[str, str | None] = {}
    for column in columns:
        if column.unit and column.field in table.headers:
            head = table.headers[column.field][0]
            unit = file.reader.printed_unit(table.printed_unit(column), column.unit)
            if unit is None:
                item = Item(column.field, f"{column.label}（计量单位）")
                rejected = Rejected("unknown_unit", "不是该指标的计量单位", f"“{column.unit}”")
                file.reading.reject(None, item, head, rejected)
            units[column.field] = unit
    return units


def _month_of(table: Table, unit: Unit, month: str) -> str:
    """Return the month whose divisions a row means: of its own year, or when the agency left."""
    if "period" in table.headers:
        year = parse_year(table.cell(unit.row, "period").raw_text or "")
        return f"{year}-12" if year else month
    if "exit_date" in table.headers:
        exit_date = parse_date(table.cell(unit.row, "exit_date").raw_text or "")
        return min(month, exit_date[:7]) if exit_date else month
    return month


def _read_row(
    file: OpenedFile,
    table: Table,
    columns: list[FormField],
    units: Mapping[str, str | None],
    unit: Unit,
    month: str,
) -> None:
    """Keep the fields of a row; one that names no agency is left out whole if any of them fails."""
    problems_before = len(file.reading.problems)
    values: dict[str, Filled] = {}
    for column in columns:
        cell = table.cell(unit.row, column.field)
        value = file.read(column, cell, unit, month)
        if value is not None:
            values[column.field] = cell, value
    own_unit = values["unit"][1].text if "unit" in values else None
    if own_unit is not None and not file.reader.is_unit(own_unit):
        rejected = Rejected("unknown_unit", "不是可识别的计量单位", "计量单位，如亿元、家、万人次")
        item = Item("unit", table.headers["unit"][0].label)
        file.reading.reject(unit, item, values["unit"][0], rejected)
    if unit.credit_code is None and len(file.reading.problems) > problems_before:
        return
    for column in columns:
        if column.field in values:
            is_number = column.type in ("number", "integer")
            item = file.item(column, units.get(column.field, own_unit) if is_number else None)
            file.reading.keep(unit, item, *values[column.field])
