"""The child process that decodes workbooks, so that a crash, a hang or a bomb costs one file.

It is started by `decoding`, writes ["ready"] and then reads paths from its standard input; for each
it writes ["sheets", …] or ["refused", rule, detail], as JSON after its length in four bytes.
Anything it does not expect (a panic of calamine, memory running out) ends it: `decoding` sees that
and starts another. It imports little so that it starts fast.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import struct
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipelines.intake import limits
from pipelines.intake.gates import OLE, Position, RefusedError, Unshown, judge

LENGTH = struct.Struct(">I")
# .xls may hold control characters, which no workbook written later could repeat.
CONTROLS = {code: "\ufffd" for code in range(32) if code not in (9, 10, 13)}

READY = ["ready"]

Row = list[Any]  # a cell is null, text, a number, a boolean or an object with one key


def main() -> None:
    """Answer requests until the standard input ends."""
    _limit_memory()
    requests = os.fdopen(0, "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the replies
    _send(replies, READY)
    while request := _receive(requests):
        _send(replies, answer(Path(request)))


def answer(path: Path) -> list[Any]:
    """Return the reply to a request: the sheets, or why the file is refused."""
    try:
        return ["sheets", decode(path)]
    except RefusedError as error:
        return ["refused", error.rule_code, error.detail]


def decode(path: Path) -> list[Any]:
    """Return the sheets of a workbook: name, is_visible, first row and column (from 1), rows.

    Raises:
        RefusedError: a gate or calamine cannot take the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RefusedError("archive_missing", repr(error)) from error
    unshown = judge(content)
    try:
        workbook = _open(path, content)
        sheets = [
            (workbook.get_sheet_by_index(index), metadata.visible == SheetVisibleEnum.Visible)
            for index, metadata in enumerate(workbook.sheets_metadata)
            if metadata.typ == SheetTypeEnum.WorkSheet
        ]
        if sum(sheet.height * sheet.width for sheet, _ in sheets) > limits.WORKBOOK_CELLS:
            raise RefusedError("too_large", "cells")
        return [
            _decode_sheet(sheet, is_visible, unshown.get(sheet.name, {}))
            for sheet, is_visible in sheets
        ]
    except PasswordError as error:
        raise RefusedError("encrypted", repr(error)) from error
    except (CalamineError, OSError, ValueError) as error:
        raise RefusedError("damaged", repr(error)) from error


def _open(path: Path, content: bytes) -> CalamineWorkbook:
    """Open what passed the gates; only by its suffix does calamine tell that an .xls is locked."""
    if content.startswith(OLE) and path.suffix == ".xls":
        return CalamineWorkbook.from_path(path)
    return CalamineWorkbook.from_filelike(BytesIO(content))


def _decode_sheet(
    sheet: CalamineSheet, is_visible: bool, unshown: dict[Position, Unshown]
) -> list[Any]:
    """Return one sheet of a reply, without the blanks at its right and lower ends."""
    first_row, first_column = (number + 1 for number in sheet.start or (0, 0))
    rows: list[Row] = [[_encode(value) for value in row] for row in sheet.to_python()]
    for (row_no, column_no), cell in unshown.items():
        down, across = row_no - first_row, column_no - first_column
        is_inside = 0 <= down < len(rows) and 0 <= across < len(rows[down])
        if is_inside and (cell.kind == "error" or rows[down][across] is None):
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
        return value.translate(CONTROLS) if value.strip() else None
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time | dt.timedelta):
        return {"time": str(value)}
    return value


def _receive(stream: BinaryIO) -> str:
    """Return the next request; empty when there are no more."""
    header = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(header)[0]).decode() if header else ""


def _send(stream: BinaryIO, message: list[Any]) -> None:
    """Write one reply."""
    reply = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(LENGTH.pack(len(reply)) + reply)
    stream.flush()


def _limit_memory() -> None:
    """Let a bomb kill this process, not the computer, and leave no core dump."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = limits.WORKER_MEMORY_BYTES
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
