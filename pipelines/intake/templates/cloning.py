"""Copies of a workbook that differ in what some cells hold and in how many rows a sheet has.

openpyxl builds the prototype once, which takes it longer than a hundred copies take: a copy is the
prototype's XML with its slots filled and its last rows repeated. What the cells mean is not known.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, unescape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.formula.translate import Translator
from openpyxl.workbook import Workbook

from pipelines.intake.saving import package_parts, packed
from pipelines.intake.shown_text import FORMULA_STARTS

Printed = str | int | Decimal | dt.date | None
Key = str | tuple[str, str]
Slots = dict[str, dict[str, Key]]  # which cells take which value, by sheet and address

FIRST_DAY = dt.date(1899, 12, 30)  # day 0 of the file format
LONGEST_TEXT = 32_767  # a limit of the file format
LAST_ROW = 1_048_576  # a limit of the file format
ROW = "\0"  # stands for a row's number, since XML cannot hold it otherwise
CELL = re.compile(
    r'(?P<opening><c r="(?P<address>[A-Z]+(?:\d+|\0))"(?: s="(?P<style>\d+)")?)'
    r'(?: t="n")? ?(?:/>|>(?P<formula><f>[^<]*</f>)<v ?/></c>)'
)


class Row(NamedTuple):
    """What a repeated row holds, and how high it is in points."""

    values: Mapping[Key, Printed]
    height: float


class Prototype:
    """A workbook whose copies are written."""

    def __init__(self, workbook: Workbook, slots: Slots, repeated: Collection[str] = ()) -> None:
        """Take a workbook apart at its slots.

        Args:
            workbook: As openpyxl built it; the cells of its slots are blank or hold formulas.
            slots: The cells that copies fill. The value of a formula is its result, a number.
            repeated: The sheets whose last row is repeated. Its formulas refer to their own row;
                rules that end with it are stretched.
        """
        parts = package_parts(workbook)
        parts["xl/styles.xml"], quoted = _add_quoted_styles(parts["xl/styles.xml"].decode())
        self._sheets: dict[str, tuple[str, _Sheet]] = {}
        for sheet in workbook.worksheets:
            if sheet.title in slots:
                part = sheet.path.removeprefix("/")
                row = sheet.max_row if sheet.title in repeated else None
                xml = parts.pop(part).decode()
                self._sheets[sheet.title] = part, _Sheet(xml, slots[sheet.title], quoted, row)
        self._package = packed(parts)

    def write(
        self,
        path: Path,
        values: Mapping[Key, Printed],
        rows: Mapping[str, Sequence[Row]] | None = None,
    ) -> None:
        """Write a copy as `content` gives it, creating the folder if needed."""
        content = self.content(values, rows)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def content(
        self, values: Mapping[Key, Printed], rows: Mapping[str, Sequence[Row]] | None = None
    ) -> bytes:
        """Return the bytes of a copy; equal content gives equal bytes.

        Args:
            values: By slot; what has no value stays blank. Text is never taken as a formula.
            rows: The rows of the sheets that repeat one, at least one for each.

        Raises:
            ValueError: A text that no cell can hold.
        """
        filled = {
            part: sheet.filled(values, (rows or {}).get(title, ())).encode()
            for title, (part, sheet) in self._sheets.items()
        }
        return packed(filled, self._package)


def mark_slot(slots: Slots, cell: Cell, key: Key) -> None:
    """Make a cell one that copies fill."""
    slots.setdefault(cell.parent.title, {})[cell.coordinate] = key


class _Slot(NamedTuple):
    """A cell to fill: the beginning of its tag, the same quoting text, and its formula."""

    key: Key
    opening: str
    quoting: str
    formula: str | None

    def filled(self, value: Printed) -> str:
        """Return the cell with a value."""
        if self.formula:
            result = "" if value is None or isinstance(value, str) else _number(value)
            return f"{self.opening}>{self.formula}<v>{result}</v></c>"
        if value is None or value == "":
            return f"{self.opening} />"
        if not isinstance(value, str):
            return f'{self.opening} t="n"><v>{_number(value)}</v></c>'
        opening = self.quoting if value.startswith(FORMULA_STARTS) else self.opening
        return f'{opening} t="inlineStr"><is>{_text(value)}</is></c>'


class _Pieces:
    """XML in turns with slots."""

    def __init__(self, xml: str, keys: Mapping[str, Key], quoted: int) -> None:
        """Split XML at the cells with these addresses."""
        self.turns: list[tuple[str, _Slot]] = []
        end = 0
        for cell in CELL.finditer(xml):
            address = cell["address"]
            if address in keys:
                quoting = f'<c r="{address}" s="{int(cell["style"] or 0) + quoted}"'
                slot = _Slot(keys[address], cell["opening"], quoting, cell["formula"])
                self.turns.append((xml[end : cell.start()], slot))
                end = cell.end()
        self._rest = xml[end:]

    def filled(self, values: Mapping[Key, Printed]) -> str:
        """Return the XML with these values in its slots."""
        filled = "".join([xml + slot.filled(values.get(slot.key)) for xml, slot in self.turns])
        return filled + self._rest


class _Sheet:
    """A sheet in pieces: what stands before the row to repeat, this row's cells, what follows."""

    def __init__(self, xml: str, keys: Mapping[str, Key], quoted: int, row: int | None) -> None:
        """Take the XML apart at its slots and, if a row is given, at the row to repeat."""
        before, cells, self._after = _split_at(xml, row) if row else (xml, "", "")
        on_row = {address.replace(str(row), ROW): key for address, key in keys.items()}
        self._before = _Pieces(before, keys, quoted)
        self._cells = _Pieces(cells, on_row, quoted)
        self._first = row or 0
        if len(self._before.turns) + len(self._cells.turns) < len(keys):
            raise ValueError(f"a slot is neither blank nor a formula: {sorted(keys)}")

    def filled(self, values: Mapping[Key, Printed], rows: Sequence[Row]) -> str:
        """Return the XML of the sheet with these values and rows."""
        repeated = [
            f'<row r="{number}" ht="{_number(row.height)}" customHeight="1">'
            f"{self._cells.filled(row.values).replace(ROW, str(number))}</row>"
            for number, row in enumerate(rows, start=self._first)
        ]
        last = str(self._first + len(rows) - 1)
        return "".join(
            [
                self._before.filled(values).replace(ROW, last),
                *repeated,
                self._after.replace(ROW, last),
            ]
        )


def _split_at(xml: str, row: int) -> tuple[str, str, str]:
    """Return what stands before a sheet's last row, its cells, and what follows.

    The row's number is marked in the cells, the number of the last row in the other two.
    """
    before, row_and_after = xml.split(f'<row r="{row}"')
    cells, after = row_and_after.partition(">")[2].split("</row>")
    cells = re.sub(f'(?<=<c r=")([A-Z]+){row}(?=")', rf"\g<1>{ROW}", cells)
    cells = re.sub("(?<=<f>)[^<]*", lambda formula: _on_any_row(formula[0], row), cells)
    before = re.sub(f'(?<=<dimension ref=")([A-Z]+[0-9]+:[A-Z]+){row}(?=")', rf"\g<1>{ROW}", before)
    after = re.sub('(?<=sqref=")[^"]*', lambda cells: _stretched(cells[0], row), after)
    return before, cells, after


def _on_any_row(formula: str, row: int) -> str:
    """Return a formula (as XML) with marks where it names its own row."""
    moved = Translator("=" + unescape(formula), f"A{row}").translate_formula(f"A{LAST_ROW}")
    return escape(moved.removeprefix("=")).replace(str(LAST_ROW), ROW)


def _stretched(ranges: str, row: int) -> str:
    """Return ranges of cells with those on the row reaching to the last row."""
    return re.sub(rf"\b([A-Z]+){row}\b", rf"\g<1>{row}:\g<1>{ROW}", ranges)


def _add_quoted_styles(styles: str) -> tuple[bytes, int]:
    """Add to each cell style its double that keeps text as text when it is edited.

    Returns the part, and how far behind a style its double stands.
    """
    start, tag, rest = styles.partition("<cellXfs ")
    formats, end, others = rest.partition("</cellXfs>")
    formats = formats.partition(">")[2]
    doubles = formats.replace('quotePrefix="0"', 'quotePrefix="1"')
    count = formats.count("<xf ")
    return f'{start}{tag}count="{2 * count}">{formats}{doubles}{end}{others}'.encode(), count


def _number(value: float | Decimal | dt.date) -> str:
    """Return a number as openpyxl writes it, a date as the number of its day."""
    return f"{(value - FIRST_DAY).days if isinstance(value, dt.date) else float(value):.16g}"


def _text(value: str) -> str:
    """Return a text as XML.

    Raises:
        ValueError: It is too long, or has characters that XML cannot hold.
    """
    if len(value) > LONGEST_TEXT or ILLEGAL_CHARACTERS_RE.search(value):
        raise ValueError(f"no text of a cell: {value[:40]!r}")
    kept = "" if value == value.strip() else ' xml:space="preserve"'
    return f"<t{kept}>{escape(value)}</t>"
