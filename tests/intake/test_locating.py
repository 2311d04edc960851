from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from pipelines.intake.decoding import CellValue, Sheet, Unreadable
from pipelines.intake.locating import Cell, Page


def page(*rows: list[CellValue], first_row: int = 1, first_column: int = 1) -> Page:
    return Page(Sheet("表", True, list(rows), first_row, first_column))


@given(st.integers(1, 16384), st.integers(1, 1048576))
def test_addresses_are_excels(column: int, row: int) -> None:
    assert Cell("表", row, column, None).address == f"{get_column_letter(column)}{row}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (" 原样 ", " 原样 "),
        (1200.5, "1200.5"),
        (5.0, "5"),
        (91500103000000000.0, "91500103000000000"),
        (float("inf"), "inf"),
        (True, "TRUE"),
        (dt.date(2025, 6, 1), "2025-06-01"),
        (Unreadable("#N/A"), "#N/A"),
    ],
)
def test_raw_text_is_what_stands_there(value: CellValue, text: str | None) -> None:
    assert Cell("表", 1, 1, value).raw_text == text


def test_cells_keep_their_places_in_a_sheet_that_begins_further_down() -> None:
    found = page(["a", None, "b"], [], ["c"], first_row=5, first_column=3)
    assert [cell.address for cell in found.find(["a", "b", "c"])] == ["C5", "E5", "C7"]
    assert found.cell(5, 5).value == "b"
    assert found.cell(5, 4).value is None
    assert [found.cell(*place).value for place in ((1, 1), (6, 3), (7, 4), (99, 99))] == [None] * 4
    assert [cell.value for cell in found.row(5)] == ["a", "b"]
    assert (found.last_row, found.last_column) == (7, 5)


def test_the_value_of_a_label_is_the_first_filled_cell_before_the_next_label() -> None:
    found = page(
        ["单位", None, "甲", "乙"],
        ["单位", None, "期别", "六月"],
        ["单位"],
        ["单位", None, "表号：", "01"],
    )
    values = [found.value_beside(label, {"期别"}) for label in found.find(["单位"])]
    assert [(cell.address, cell.value) for cell in values] == [
        ("C1", "甲"),
        ("B2", None),
        ("B3", None),
        ("B4", None),
    ]


def test_an_empty_sheet_can_be_searched() -> None:
    assert page().find(["a"]) == []
    assert page().row(1) == []
