"""Tells what the parts of an .ods say that calamine would not show, and how far its sheets reach.

What follows from it for the file is decided in `gates`.
"""

from __future__ import annotations

import re

from pipelines.intake import limits
from pipelines.intake.scanning import SheetScan, Unshown, Unshowns, parse

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0 "
CELLS = (TABLE + "table-cell", TABLE + "covered-table-cell")
NOTE = OFFICE + "annotation"
PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
NUMBERS = ("float", "currency", "percentage")
# A number as its cell shows it without saying anything else; or the word that shows a truth value.
PLAIN = re.compile(r"[-+(¥￥\s]*([0-9][0-9,\s]*(?:\.[0-9]+)?(?:E[-+]?[0-9]+)?)[)¥￥\s]*")
DIGIT = re.compile("[0-9]")
TRUTH = ("TRUE", "FALSE", "真", "假")

Stretch = tuple[int, int, int, int]  # first row and column, from 1, and how often each is repeated


def is_encrypted(manifest: bytes) -> bool:
    """Return whether the list of members says how to decrypt one."""
    found = False

    def on_start(element: str, _: dict[str, str]) -> None:
        nonlocal found
        found = found or element == MANIFEST + "encryption-data"

    parse(manifest, on_start)
    return found


def scan_content(content: bytes) -> tuple[int, list[tuple[str, SheetScan]]]:
    """Return the year days count from, and the name of each sheet with what was found in it.

    Rows and cells are written once with the number of times they are repeated; blank ones at the
    end, repeated to the end of the grid, are ordinary and count for nothing. In a sheet that
    reaches too far nothing is looked for.

    Raises:
        ExpatError: the part is not well-formed.
        ValueError: it has a DOCTYPE, or a repetition that is no number.
    """
    tables = _Tables()
    parse(content, tables.on_start, tables.on_end, tables.on_text)
    return tables.epoch, tables.found


class _Tables:
    """Hears of the elements of a content.xml."""

    def __init__(self) -> None:
        self.epoch = 1900
        self.found: list[tuple[str, SheetScan]] = []
        self._name: str | None = None  # of the table it is in
        self._cell: dict[str, str] | None = None  # attributes of the cell it is in
        self._shown: str | None = None  # in that cell, so far; None while there is no paragraph
        self._notes = 0  # how deep in notes, which are no part of what a cell shows
        self._row = self._column = 1  # where the next row and cell begin
        self._row_repeats = 1
        self._rows = self._columns = 0  # how far filled cells reach
        self._unshown: dict[Stretch, Unshown] = {}

    def on_start(self, element: str, attributes: dict[str, str]) -> None:
        """Note where a table, a row, a cell or a note begins."""
        if element == TABLE + "table":
            self._name = attributes.get(TABLE + "name", "")
            self._row, self._rows, self._columns, self._unshown = 1, 0, 0, {}
        elif element == TABLE + "table-row":
            self._column = 1
            self._row_repeats = _repeats(attributes, "number-rows-repeated")
        elif element in CELLS:
            self._cell, self._shown = attributes, None
        elif element == PARAGRAPH and self._cell is not None and not self._notes:
            self._shown = self._shown or ""
        elif element == TABLE + "null-date":
            self.epoch = 1904 if attributes.get(TABLE + "date-value") == "1904-01-01" else 1900
        elif element == NOTE:
            self._notes += 1

    def on_text(self, text: str) -> None:
        """Keep what a cell shows."""
        if self._shown is not None and not self._notes:
            self._shown += text

    def on_end(self, element: str) -> None:
        """Note what a cell held, and how far a table reaches."""
        if element in CELLS and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif element == TABLE + "table-row":
            self._row += self._row_repeats
        elif element == TABLE + "table" and self._name is not None:
            grid_cells = self._rows * self._columns
            is_near = grid_cells <= limits.WORKBOOK_CELLS
            unshown = _repeated(self._unshown) if is_near else {}
            self.found.append((self._name, SheetScan(unshown, grid_cells)))
            self._name = None
        elif element == NOTE:
            self._notes -= 1

    def _end_cell(self, cell: dict[str, str]) -> None:
        """Note what a cell held."""
        repeats = _repeats(cell, "number-columns-repeated")
        unshown = _find_unshown(cell, self._shown)
        if unshown is not None:
            self._unshown[self._row, self._column, self._row_repeats, repeats] = unshown
        self._column += repeats
        if unshown is not None or OFFICE + "value-type" in cell or self._shown:
            self._rows = max(self._rows, self._row + self._row_repeats - 1)
            self._columns = max(self._columns, self._column - 1)


def _find_unshown(cell: dict[str, str], shown: str | None) -> Unshown | None:
    """Return what calamine would not show of a cell, from its attributes and what it shows.

    A formula whose result is an empty text has no value either, but an empty paragraph.
    """
    kind = cell.get(OFFICE + "value-type")
    if kind is None and shown is None:
        return Unshown("formula", "") if TABLE + "formula" in cell else None
    text = (shown or "").strip()
    if cell.get(CALCEXT + "value-type") == "error":
        return Unshown("error", text)
    if kind in NUMBERS and not _is_shown_as_it_is(cell.get(OFFICE + "value", ""), text):
        return Unshown("formatted", text)
    return None


def _is_shown_as_it_is(value: str, shown: str) -> bool:
    """Return whether a cell shows its number, rounded at most; nought may be a dash or a word."""
    is_nought_in_words = float(value) == 0 and not DIGIT.search(shown)
    if not shown or shown in TRUTH or is_nought_in_words:
        return True
    plain = PLAIN.fullmatch(shown)
    if plain is None:
        return False
    digits = re.sub(r"[,\s]", "", plain[1])
    mantissa, _, exponent = digits.partition("E")
    step = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(abs(float(value)) - float(digits)) <= step


def _repeats(attributes: dict[str, str], name: str) -> int:
    """Return how often a row or a cell is repeated."""
    repeats = int(attributes.get(TABLE + name, 1))
    if repeats < 1:
        raise ValueError(f"{name}: {repeats}")
    return repeats


def _repeated(stretches: dict[Stretch, Unshown]) -> Unshowns:
    """Return each cell of the stretches."""
    return {
        (row + down, column + across): unshown
        for (row, column, rows, columns), unshown in stretches.items()
        for down in range(rows)
        for across in range(columns)
    }
