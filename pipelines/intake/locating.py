"""Finding things in a sheet by what is written there: cells, labels, values beside a label.

Positions count from 1 as in Excel. What a found cell means is decided by the layout readers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, ItemsView, Iterable
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache, partial
from itertools import chain
from typing import NamedTuple

from pipelines.intake.decoding import CellValue, Formatted, Sheet, Unreadable
from pipelines.intake.grammar import plain

LONGEST_LABEL = 100
COLONS = (":", "：")
TEXTS = {str, type(None)}  # as keys of a cache these differ; 1 and True would not
FEW, REMEMBERED = 200, 256  # cells of a column, and columns; those of a long list recur nowhere


class Cell(NamedTuple):
    """A cell with its place; a blank one has the value None."""

    sheet_name: str
    row: int
    column: int
    value: CellValue

    @property
    def address(self) -> str:
        """The address as Excel shows it: D6."""
        return f"{_letters(self.column)}{self.row}"

    @property
    def raw_text(self) -> str | None:
        """What stands in the cell, as text; None if blank."""
        return _as_text(self.value)

    @property
    def label(self) -> str:
        """What stands in the cell in the form in which labels are compared; empty if blank."""
        return _label_of(self.value)


# What Cell() does in twice the time: a page is asked for hundreds of cells.
_cell = partial(tuple.__new__, Cell)


class Page:
    """A sheet that can be searched."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self.first_row = sheet.first_row
        self.last_row = sheet.first_row + len(sheet.rows) - 1
        self.last_column = sheet.first_column + max(map(len, sheet.rows), default=0) - 1
        self._rows = sheet.rows
        self._first_column = sheet.first_column
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row_no, row in enumerate(sheet.rows, start=sheet.first_row):
            for column_no, value in enumerate(row, start=sheet.first_column):
                if type(value) is str and len(value) <= LONGEST_LABEL:
                    self._places[plain(value)].append((row_no, column_no))

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at this place; outside the filled area it is blank."""
        values = self._values(row)
        across = column - self._first_column
        value = values[across] if 0 <= across < len(values) else None
        return Cell(self.name, row, column, value)

    def cells(self, row: int, columns: Iterable[int]) -> list[Cell]:
        """Return the cells of a row in these columns."""
        values = self._values(row)
        first, end, name = self._first_column, self._first_column + len(values), self.name
        return [
            _cell((name, row, column, values[column - first] if first <= column < end else None))
            for column in columns
        ]

    def labels(self, rows: Iterable[int], column: int) -> tuple[str, ...]:
        """Return the labels of the cells in a column, as `Cell.label` does."""
        across = column - self._first_column
        values = tuple(
            [row[across] if 0 <= across < len(row) else None for row in map(self._values, rows)]
        )
        is_text = len(values) <= FEW and {*map(type, values)} <= TEXTS
        return (_labels_of if is_text else _labels_of.__wrapped__)(values)

    def row(self, row: int) -> list[Cell]:
        """Return the cells of a row that are not blank."""
        return [
            Cell(self.name, row, column, value)
            for column, value in enumerate(self._values(row), start=self._first_column)
            if value is not None
        ]

    def first_cell(self, row: int) -> Cell | None:
        """Return the first cell of a row that is not blank; None if all are."""
        for column, value in enumerate(self._values(row), start=self._first_column):
            if value is not None:
                return Cell(self.name, row, column, value)
        return None

    def _values(self, row: int) -> list[CellValue]:
        """Return what stands in a row, from the first column of the filled area on."""
        return self._rows[row - self.first_row] if self.first_row <= row <= self.last_row else []

    def texts(self) -> ItemsView[str, list[tuple[int, int]]]:
        """Return every short text in its plain form with the places where it stands."""
        return self._places.items()

    def bears(self, labels: AbstractSet[str]) -> bool:
        """Return whether a cell bears one of these labels (in plain form)."""
        return not self._places.keys().isdisjoint(labels)

    def find(self, labels: AbstractSet[str]) -> list[Cell]:
        """Return the cells that bear one of these labels (in plain form), from top to bottom."""
        found = [self._places[label] for label in labels if label in self._places]
        return [self.cell(*place) for place in sorted(chain.from_iterable(found))]

    def value_beside(self, label: Cell, bounds: Container[str]) -> Cell:
        """Return the first filled cell to the right of a label, up to the next label.

        Whatever ends in a colon is a label, too. If there is no filled cell, the blank one next to
        the label is where the value belongs.
        """
        for column in range(label.column + 1, self.last_column + 1):
            cell = self.cell(label.row, column)
            if cell.label in bounds or (cell.raw_text or "").endswith(COLONS):
                break
            if cell.value is not None:
                return cell
        return self.cell(label.row, label.column + 1)


@lru_cache(REMEMBERED)
def _labels_of(values: tuple[CellValue, ...]) -> tuple[str, ...]:
    """Return the labels of cells; those of a column of texts are the same in many workbooks."""
    return tuple(map(_label_of, values))


def _label_of(value: CellValue) -> str:
    """Return what stands in a cell in the form in which labels are compared; empty if blank."""
    if value is None:
        return ""
    return plain(value if type(value) is str else _as_text(value) or "")


@cache
def _letters(column: int) -> str:
    """Return the letters by which Excel names a column."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _as_text(value: CellValue) -> str | None:
    """Return a cell's value as text: whole numbers without a point, dates as ISO."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Unreadable):
        return value.text
    if isinstance(value, Formatted):
        return f"{_as_text(float(value.value))}（数字格式：{value.format_code}）"
    if isinstance(value, dt.date):
        return value.isoformat()
    return repr(value)
