"""Old workbooks (.xls) and other OLE files, record by record, for the intake's tests.

Written from the documentation of the formats; nothing of the reader is used.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

SECTOR, SMALLEST = 512, 4_096  # shorter streams would stand in a stream of their own
FREE, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
BOF, EOF, BOUNDSHEET, DATEMODE, FORMAT, XF = 0x809, 0x0A, 0x85, 0x22, 0x41E, 0xE0
RECALCID, FILEPASS, SST = 0x1C1, 0x2F, 0xFC
LABEL, NUMBER, BOOLERR, FORMULA, DIMENSIONS = 0x204, 0x203, 0x205, 0x06, 0x200
OWN_FORMAT = 164


class Record(NamedTuple):
    """A record of a cell, without row, column and style before its body."""

    kind: int
    body: bytes
    style: int = 0


ERROR = Record(BOOLERR, bytes([0x07, 1]))
ERROR_RESULT = Record(FORMULA, b"\x02\x00\x2a\x00\x00\x00\xff\xff" + bytes(8))
EMPTY_RESULT = Record(FORMULA, b"\x03\x00\x00\x00\x00\x00\xff\xff" + bytes(8))
STYLED = Record(NUMBER, struct.pack("<d", 12.5), 1)


def ole(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """An OLE file with these streams and empty storages."""
    entries = [("Root Entry", ROOT, END, 0)]
    chains: list[int] = []
    data = b""
    for name, content in streams.items():
        padded = content.ljust(SMALLEST, b"\0")
        padded += bytes(-len(padded) % SECTOR)
        start, count = len(chains), len(padded) // SECTOR
        chains += [*range(start + 1, start + count), END]
        entries.append((name, STREAM, start, len(content.ljust(SMALLEST, b"\0"))))
        data += padded
    entries += [(name, STORAGE, 0, 0) for name in storages]
    directory = b""
    for number, (name, kind, start, size) in enumerate(entries):
        encoded = (name + "\0").encode("utf-16-le")
        following = number + 1 if 0 < number < len(entries) - 1 else FREE
        child = 1 if number == 0 and len(entries) > 1 else FREE
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
        directory += struct.pack("<3I", FREE, following, child) + bytes(36)
        directory += struct.pack("<IQ", start, size)
    directory += bytes(-len(directory) % SECTOR)
    of_directory = len(chains)
    count = len(directory) // SECTOR
    chains += [*range(of_directory + 1, of_directory + count), END]
    fat_sectors = -(-(len(chains) + 1) // 127)
    of_fat = len(chains)
    chains += [OF_FAT] * fat_sectors
    fat = b"".join(struct.pack("<I", entry) for entry in chains)
    fat = fat.ljust(fat_sectors * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<3I", 0, fat_sectors, of_directory)
    header += struct.pack("<2I", 0, SMALLEST) + struct.pack("<4I", END, 0, END, 0)
    places = [of_fat + number for number in range(fat_sectors)]
    header += struct.pack("<109I", *places, *[FREE] * (109 - len(places)))
    return header + data + directory + fat


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    more: bytes = b"",
    number_format: str = "General",
    is_calculated: bool = True,
) -> bytes:
    """The stream of a workbook: style 0 is plain, style 1 has the number format."""
    code = number_format.encode("utf-16-le")
    start = record(BOF, struct.pack("<4H8x", 0x600, 5, 0x0DBB, 0x07CC)) + more
    start += record(FORMAT, struct.pack("<2HB", OWN_FORMAT, len(number_format), 1) + code)
    for number in (0, OWN_FORMAT):
        start += record(XF, struct.pack("<2H", 0, number) + bytes(16))
    if is_calculated:
        start += record(RECALCID, bytes(8))
    names = [(name, name.encode("utf-16-le")) for name in sheets]
    place = len(start) + sum(4 + 8 + len(encoded) for _, encoded in names) + 4
    parts = b""
    for (name, encoded), rows in zip(names, sheets.values(), strict=True):
        body = struct.pack("<I2B2B", place + len(parts), 0, 0, len(name), 1) + encoded
        start += record(BOUNDSHEET, body)
        parts += record(BOF, struct.pack("<4H8x", 0x600, 0x10, 0x0DBB, 0x07CC))
        for row_no, row in enumerate(rows):
            for column_no, value in enumerate(row):
                parts += cell(row_no, column_no, value)
        parts += record(EOF)
    return start + record(EOF) + parts


def cell(row: int, column: int, value: object) -> bytes:
    """The record of a cell; none for None."""
    if value is None:
        return b""
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        value = Record(LABEL, struct.pack("<HB", len(text) // 2, 1) + text)
    elif isinstance(value, int | float):
        value = Record(NUMBER, struct.pack("<d", value))
    assert isinstance(value, Record)
    return record(value.kind, struct.pack("<3H", row, column, value.style) + value.body)


def old_book(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An .xls with these sheets."""
    return ole({"Workbook": workbook(sheets)})
