"""Looks through the records of an old workbook (.xls, and .et of WPS) before calamine does.

It tells whether the workbook is encrypted, how far its sheets reach, and what calamine would not
show: errors, formulas without a result, formats. What follows from it is decided in `gates`. The
records are those of Microsoft's [MS-XLS] and OpenOffice.org's documentation of Excel's file format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import olefile

from pipelines.intake.formats import PERCENT_FORMATS, shows_otherwise
from pipelines.intake.scanning import SheetScan, Unshown, Unshowns

BOF, EOF, FILEPASS, DATEMODE, BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
FORMAT, XF, SST, RECALCID = 0x041E, 0x00E0, 0x00FC, 0x01C1
FORMULA, BOOLERR, NUMBER, RK, MULRK = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD
TEXTS = (0x0204, 0x00D6, 0x00FD)  # LABEL, RSTRING, LABELSST
HEADER = struct.Struct("<2H")
CELL = struct.Struct("<3H")  # row and column from 0, index of the XF
BIFF8 = 0x0600
MACRO_SHEET = 1  # kind of a sheet of macros of before VBA
LAST_COLUMN = 256
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
IS_TEXT, IS_ERROR, IS_EMPTY = 0, 2, 3  # kinds of a formula's result that is no number

Record = tuple[int, bytes]


class OldWorkbook(NamedTuple):
    """What was found in a workbook; the sheets in its order."""

    is_encrypted: bool
    has_macro_sheets: bool
    epoch: int
    sheets: list[SheetScan]


class OleFile:
    """The streams and storages of an OLE file, by their names in lower case."""

    def __init__(self, content: bytes) -> None:
        try:
            self._file = olefile.OleFileIO(BytesIO(content))
            paths = self._file.listdir(streams=True, storages=True)
        except (OSError, struct.error, RecursionError, TypeError, AttributeError) as error:
            raise ValueError(f"not a sound OLE file: {error!r}") from error
        self.names = {path[0].casefold(): path for path in paths if len(path) == 1}

    def holds(self, *names: str) -> bool:
        """Return whether there is a stream or a storage of one of these names."""
        return not self.names.keys().isdisjoint(names)

    def read(self, *names: str) -> bytes:
        """Return the first of these streams.

        Raises:
            ValueError: a piece of it is missing.
        """
        name = next(name for name in names if name in self.names)
        path = self.names[name]
        try:
            stream: bytes = self._file.openstream(path).read()
            size = self._file.get_size(path)
        except (OSError, struct.error, TypeError, AttributeError, IndexError) as error:
            raise ValueError(f"stream {name}: {error!r}") from error
        if len(stream) < size:
            raise ValueError(f"stream {name}: {len(stream)} of {size} bytes")
        return stream


def scan_workbook(stream: bytes) -> OldWorkbook:
    """Return what the records of a workbook say.

    Raises:
        ValueError: the records are not sound.
    """
    try:
        return _scan_workbook(stream)
    except (struct.error, IndexError) as error:
        raise ValueError(f"record too short: {error!r}") from error


def _scan_workbook(stream: bytes) -> OldWorkbook:
    """Return what `scan_workbook` does."""
    epoch, places = 1900, []
    formats: dict[int, str] = dict(PERCENT_FORMATS)
    styles: list[int] = []
    is_calculated = has_macro_sheets = False
    is_biff8 = HEADER.unpack_from(stream, 4)[0] == BIFF8
    for kind, body in _records(stream, 0):
        if kind == FILEPASS:
            return OldWorkbook(True, False, epoch, [])
        if kind == DATEMODE and body[:1] == b"\x01":
            epoch = 1904
        elif kind == BOUNDSHEET:
            places.append(int.from_bytes(body[:4], "little"))
            has_macro_sheets = has_macro_sheets or body[5] == MACRO_SHEET
        elif kind == FORMAT:
            number, code = _format(body, is_biff8)
            formats[number] = code
        elif kind == XF:
            styles.append(HEADER.unpack_from(body)[1])
        elif kind == RECALCID:
            is_calculated = True
        elif kind == SST and int.from_bytes(body[4:8], "little") > len(stream):
            raise ValueError("more texts than bytes")
    marked = {
        style: formats[number]
        for style, number in enumerate(styles)
        if number in formats and shows_otherwise(formats[number])
    }
    return OldWorkbook(
        False,
        has_macro_sheets,
        epoch,
        [_scan_sheet(stream, place, marked, is_calculated) for place in places],
    )


def _scan_sheet(
    stream: bytes, place: int, marked: dict[int, str], is_calculated: bool
) -> SheetScan:
    """Return what was found in a sheet.

    Args:
        stream: the workbook.
        place: where the sheet begins.
        marked: the formats that show something else than is stored, by style.
        is_calculated: whether a program wrote it that calculates, so that an empty result is one.
    """
    unshown: Unshowns = {}
    rows = columns = 0
    for kind, body in _records(stream, place):
        if kind == MULRK:
            row, column = HEADER.unpack_from(body)
            last = (len(body) - 6) // 6 + column - 1
            found = {
                at: marked.get(HEADER.unpack_from(body, 4 + 6 * (at - column))[0])
                for at in range(column, last + 1)
            }
        elif kind in (FORMULA, BOOLERR, NUMBER, RK, *TEXTS):
            row, last, style = CELL.unpack_from(body)
            found = {last: marked.get(style)}
            cell = _unshown_of(kind, body, is_calculated)
            if cell is not None:
                unshown[row + 1, last + 1] = cell
        else:
            continue
        if last >= LAST_COLUMN:
            raise ValueError(f"outside the grid: column {last}")
        rows, columns = max(rows, row + 1), max(columns, last + 1)
        for at, code in found.items():
            if code is not None:
                unshown.setdefault((row + 1, at + 1), Unshown("formatted", code))
    return SheetScan(unshown, rows * columns)


def _unshown_of(kind: int, body: bytes, is_calculated: bool) -> Unshown | None:
    """Return that a cell holds an error, or a formula without a result."""
    if kind == BOOLERR and body[7]:
        return Unshown("error", ERRORS.get(body[6], "#ERR!"))
    if kind == FORMULA and body[12:14] == b"\xff\xff":
        if body[6] == IS_ERROR:
            return Unshown("error", ERRORS.get(body[8], "#ERR!"))
        if body[6] == IS_EMPTY and not is_calculated:
            return Unshown("formula", "")
    return None


def _records(stream: bytes, place: int) -> Iterator[Record]:
    """Yield the records of a part of the stream, from its BOF to its EOF.

    Raises:
        ValueError: it does not begin with a BOF, or has no EOF.
    """
    depth = 0
    while place + HEADER.size <= len(stream):
        kind, size = HEADER.unpack_from(stream, place)
        body = stream[place + HEADER.size : place + HEADER.size + size]
        if len(body) < size:
            break
        if kind == BOF:
            depth += 1
        elif depth == 0:
            break
        elif kind == EOF:
            depth -= 1
            if depth == 0:
                return
        else:
            yield kind, body
        place += HEADER.size + size
    raise ValueError(f"records end at byte {place}")


def _format(body: bytes, is_biff8: bool) -> tuple[int, str]:
    """Return number and code of a format."""
    number = HEADER.unpack_from(body)[0]
    if not is_biff8:
        return number, body[3 : 3 + body[2]].decode("gb18030", "replace")
    length = HEADER.unpack_from(body)[1]
    if body[4] & 1:
        return number, body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return number, body[5 : 5 + length].decode("latin-1")
