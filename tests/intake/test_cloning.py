"""Copies hold what openpyxl would have written into the same cells, and look the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, NamedStyle, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from pipelines.intake.saving import save
from pipelines.intake.templates.cloning import Key, Printed, Prototype, Row, Slots, mark_slot

INPUT, TABLE, FIXED = "input", "一览", "fixed"
FIRST_ROW = 12
COLUMNS = "BCD"
ROWS: list[dict[Key, Printed]] = [
    {"B": "甲公司", "C": Decimal("1.50"), "D": dt.date(2025, 6, 30)},
    {"B": "=1+1", "C": -3, "D": None},
    {"B": ' <"&> ', "C": Decimal("0.1") / 3, "D": "２０２５"},
]
HEIGHTS = [22, 35.9, 22]
SUMS = "2*C{row}+SUM($C$3,'一览'!C{row})&\"C12\""


def build(rows: Sequence[Mapping[Key, Printed]], heights: Sequence[float]) -> Workbook:
    """A workbook as openpyxl writes it: a form above, then one row each, then its rules."""
    workbook = Workbook()
    del workbook["Sheet"]
    workbook.properties.created = workbook.properties.modified = dt.datetime(2025, 6, 1)
    style = NamedStyle(INPUT, font=Font("宋体"), number_format="#,##0.00")
    style.protection = Protection(locked=False)
    workbook.add_named_style(style)
    sheet = workbook.create_sheet(TABLE)
    sheet["A1"] = "标题"
    sheet.merge_cells("A1:D1")
    for address in ("B3", "C3", "D3"):
        sheet[address].style = INPUT
    for row, (values, height) in enumerate(zip(rows, heights, strict=True), start=FIRST_ROW):
        sheet.row_dimensions[row].height = height
        for column in COLUMNS:
            put(sheet, f"{column}{row}", values.get(column))
        sheet[f"E{row}"] = "=" + SUMS.format(row=row)
    last = FIRST_ROW + len(rows) - 1
    rule = DataValidation("decimal", formula1="0", operator="greaterThan")
    rule.add(f"B{FIRST_ROW}:B{last}")
    rule.add(f"C{FIRST_ROW}:C{last}")
    rule.add("B3")
    sheet.add_data_validation(rule)
    red = FormulaRule(formula=[f'LEFT(E{FIRST_ROW},1)="1"'], font=Font(color="FF0000"))
    sheet.conditional_formatting.add(f"E{FIRST_ROW}:E{last}", red)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.protection.sheet = True
    workbook.create_sheet(FIXED)["A12"] = "不变"
    return workbook


def put(sheet: Worksheet, address: str, value: Printed) -> None:
    cell = sheet[address]
    cell.value = value
    cell.style = INPUT
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def prototype() -> Prototype:
    workbook = build([{}], [15])
    slots = Slots()
    sheet = workbook[TABLE]
    for column in COLUMNS:
        mark_slot(slots, sheet[f"{column}3"], ("above", column))
        mark_slot(slots, sheet[f"{column}{FIRST_ROW}"], column)
    mark_slot(slots, sheet[f"E{FIRST_ROW}"], "sum")
    return Prototype(workbook, slots, [TABLE])


def above(values: Mapping[Key, Printed]) -> dict[Key, Printed]:
    return {("above", str(column)): value for column, value in values.items()}


def as_rows(rows: Sequence[Mapping[Key, Printed]], heights: Sequence[float]) -> list[Row]:
    return [Row(values, height) for values, height in zip(rows, heights, strict=True)]


def looks(path: Path) -> dict[str, object]:
    """Everything of a workbook that a user sees or meets, by sheet."""
    return {
        sheet.title: {
            "cells": {
                cell.coordinate: (
                    cell.value,
                    cell.data_type,
                    cell.style,
                    cell.quotePrefix,
                    cell.number_format,
                    *map(repr, (cell.font, cell.fill, cell.border, cell.alignment)),
                    cell.protection.locked,
                )
                for row in sheet.iter_rows()
                for cell in row
            },
            "state": (sheet.sheet_state, sheet.freeze_panes, sheet.dimensions),
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "heights": {row: found.height for row, found in sheet.row_dimensions.items()},
            "widths": {letter: found.width for letter, found in sheet.column_dimensions.items()},
            "rules": [
                (sorted(str(rule.sqref).split()), dict(rule), rule.formula1, rule.formula2)
                for rule in sheet.data_validations.dataValidation
            ],
            "colours": [
                (
                    str(found.sqref),
                    [(rule.type, rule.formula, repr(rule.dxf)) for rule in found.rules],
                )
                for found in sheet.conditional_formatting
            ],
            "protection": dict(sheet.protection),
            "page": (
                dict(sheet.page_setup),
                dict(sheet.page_margins),
                dict(sheet.print_options),
                repr(sheet.sheet_properties.pageSetUpPr),
                sheet.print_title_rows,
                sheet.print_title_cols,
                [brk.id for brk in sheet.col_breaks.brk],
                sheet.oddHeader.right.text,
                sheet.oddFooter.center.text,
            ),
        }
        for sheet in load_workbook(path).worksheets
    }


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_copy_looks_as_if_openpyxl_had_filled_it(tmp_path: Path, count: int) -> None:
    rows, heights = ROWS[:count], HEIGHTS[:count]
    workbook = build(rows, heights)
    for column, value in rows[-1].items():
        put(workbook[TABLE], f"{column}3", value)
    save(workbook, tmp_path / "built.xlsx")
    prototype().write(tmp_path / "copied.xlsx", above(rows[-1]), {TABLE: as_rows(rows, heights)})
    assert looks(tmp_path / "copied.xlsx") == looks(tmp_path / "built.xlsx")
    read = [
        CalamineWorkbook.from_path(tmp_path / name).get_sheet_by_name(TABLE).to_python()
        for name in ("built.xlsx", "copied.xlsx")
    ]
    assert read[0] == read[1]


def test_a_formula_shows_its_result_before_it_is_calculated(tmp_path: Path) -> None:
    rows = as_rows([{"sum": Decimal("20.50")}, {"sum": None}], [20, 20])
    prototype().write(tmp_path / "copied.xlsx", {}, {TABLE: rows})
    results = load_workbook(tmp_path / "copied.xlsx", data_only=True)[TABLE]["E"]
    assert [cell.value for cell in results[FIRST_ROW - 1 :]] == [20.5, None]
    formulas = load_workbook(tmp_path / "copied.xlsx")[TABLE]["E"]
    assert [cell.value for cell in formulas[FIRST_ROW - 1 :]] == [
        "=" + SUMS.format(row=FIRST_ROW),
        "=" + SUMS.format(row=FIRST_ROW + 1),
    ]


def test_copies_owe_nothing_to_each_other(tmp_path: Path) -> None:
    cloned = prototype()
    rows = {TABLE: as_rows(ROWS, HEIGHTS)}
    cloned.write(tmp_path / "first.xlsx", above(ROWS[0]), rows)
    cloned.write(tmp_path / "other.xlsx", above(ROWS[1]), {TABLE: as_rows(ROWS[:1], [22])})
    cloned.write(tmp_path / "again.xlsx", above(ROWS[0]), rows)
    prototype().write(tmp_path / "new" / "first.xlsx", above(ROWS[0]), rows)
    first = (tmp_path / "first.xlsx").read_bytes()
    assert (tmp_path / "again.xlsx").read_bytes() == first
    assert (tmp_path / "new" / "first.xlsx").read_bytes() == first
    assert (tmp_path / "other.xlsx").read_bytes() != first
    with ZipFile(tmp_path / "first.xlsx") as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_blank_text_leaves_the_cell_blank(tmp_path: Path) -> None:
    prototype().write(tmp_path / "copied.xlsx", above({"B": ""}), {TABLE: as_rows([{}], [15])})
    cell = load_workbook(tmp_path / "copied.xlsx")[TABLE]["B3"]
    assert (cell.value, cell.style) == (None, INPUT)


@pytest.mark.parametrize("text", ["\x07", "长" * 32_768])
def test_text_that_no_cell_can_hold_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="no text of a cell"):
        prototype().write(tmp_path / "x.xlsx", above({"B": text}), {TABLE: as_rows([{}], [15])})
    assert not (tmp_path / "x.xlsx").exists()


def test_a_slot_that_is_not_blank_is_refused() -> None:
    workbook = build([{}], [15])
    slots = Slots()
    mark_slot(slots, workbook[TABLE]["A1"], "title")
    with pytest.raises(ValueError, match="A1"):
        Prototype(workbook, slots)
