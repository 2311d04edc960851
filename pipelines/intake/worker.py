"""The child process that decodes workbooks, so that a crash, a hang or a bomb costs one file.

It is started by `decoding` and asked for paths; it imports little so that it starts fast.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipelines.intake import limits
from pipelines.intake.gates import Admitted, RefusedError, admit
from pipelines.intake.scanning import Unshowns
from pipelines.intake.serving import allow_memory_for, serve

# .xls may hold control characters, which no workbook written later could repeat.
CONTROLS = {code: "\ufffd" for code in range(32) if code not in (9, 10, 13)}

# Texts that recur in every workbook of a template become one object each.
SHORT = 100  # characters: long ones would fill the memory
REMEMBERED = 16_384

Row = list[Any]  # a cell is null, text, a number, a boolean or an object with one key


def main() -> None:
    """Answer requests until the standard input ends."""
    serve(lambda setup, send_part: _answer_with_memory)


def answer(request: bytes) -> list[Any]:
    """Return the sheets of the workbook at the path asked for, its container, macros and epoch.

    Raises:
        RefusedError: it cannot be decoded.
    """
    return ["sheets", *decode(Path(os.fsdecode(request)))]


def _answer_with_memory(request: bytes) -> list[Any]:
    """Answer with as much memory as the file may take; not for the process of a test."""
    allow_memory_for(Path(os.fsdecode(request)))
    return answer(request)


def decode(path: Path) -> tuple[list[Any], str, bool, int]:
    """Return the sheets of a workbook, what it is, whether it has macros, the year days count from.

    Each sheet is name, is_visible, first row and column (from 1), rows.

    Raises:
        RefusedError: a gate or calamine cannot take the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError("archive_missing", repr(error)) from error
    admitted = admit(content)
    _, container, has_macros, epoch, _ = admitted
    try:
        most_cells = int(limits.for_size(limits.WORKBOOK_CELLS, len(content)))
        return _decode_sheets(admitted, most_cells), container, has_macros, epoch
    except PasswordError as error:
        raise RefusedError("encrypted", repr(error)) from error
    except (CalamineError, OSError, ValueError) as error:
        raise RefusedError("damaged", repr(error)) from error


def _decode_sheets(admitted: Admitted, most_cells: int) -> list[Any]:
    """Return the sheets of a workbook that passed the gates; calamine must find the same ones."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(admitted.content))
    pairs = list(zip(workbook.sheets_metadata, admitted.sheets, strict=True))
    if any(name not in (None, metadata.name) for metadata, (name, _) in pairs):
        raise ValueError("sheets differ")
    sheets = [
        (workbook.get_sheet_by_index(index), metadata.visible == SheetVisibleEnum.Visible, unshown)
        for index, (metadata, (_, unshown)) in enumerate(pairs)
        if metadata.typ == SheetTypeEnum.WorkSheet
    ]
    if sum(sheet.height * sheet.width for sheet, _, _ in sheets) > most_cells:
        raise RefusedError("too_large", "cells")
    decoded = []
    while sheets:  # each is given up for its cells, which need as much memory again
        decoded.append(_decode_sheet(*sheets.pop(0)))
    return decoded


def _decode_sheet(sheet: CalamineSheet, is_visible: bool, unshown: Unshowns) -> list[Any]:
    """Return one sheet of a reply, without the blanks at its right and lower ends."""
    first_row, first_column = (number + 1 for number in sheet.start or (0, 0))
    rows: list[Row] = [
        [
            value
            if type(value) is float
            else None
            if value == ""
            else _encode_short(value)
            if type(value) is str and len(value) <= SHORT
            else _encode(value)
            for value in row
        ]
        for row in sheet.to_python()
    ]
    for (row_no, column_no), cell in unshown.items():
        down, across = row_no - first_row, column_no - first_column
        is_inside = 0 <= down < len(rows) and 0 <= across < len(rows[down])
        value = rows[down][across] if is_inside else None
        if cell.kind == "formatted":
            if type(value) in (float, int):
                rows[down][across] = {"formatted": [value, cell.text]}
        elif is_inside and (cell.kind == "error" or value is None):
            rows[down][across] = {cell.kind: cell.text}
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return [sheet.name, is_visible, first_row, first_column, rows]


def _encode(value: object) -> object:
    """Return a cell as JSON knows it."""
    if isinstance(value, str):
        if not value or value.isspace():
            return None
        return value if value.isprintable() else value.translate(CONTROLS)
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time | dt.timedelta):
        return {"time": str(value)}
    return value


_encode_short = lru_cache(REMEMBERED)(_encode)  # for texts only: to it, 1 and True were equal

if __name__ == "__main__":
    main()
