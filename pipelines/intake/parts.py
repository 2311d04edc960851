"""Rows of one raw table as the bytes in which a worker sends them: the table's name, then columns.

The columns are JSON that only the warehouse takes apart, for taking it apart here would cost more.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipelines.intake.records import Reading, Row, Value

WRITER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=str, check_circular=False
)


class Part(NamedTuple):
    """Some rows of a raw table, in order, as JSON: an object of columns, each a list."""

    table: str
    columns: str


def parts_of(reading: Reading) -> Iterator[bytes]:
    """Yield the values, the problems and the file of a reading; of rows handed on, nothing.

    first_seen_at becomes the local time of Asia/Shanghai.
    """
    yield from rows_of(reading.values, reading.problems)
    seen_at = dt.datetime.fromisoformat(str(reading.file["first_seen_at"])).replace(tzinfo=None)
    yield _part("raw_files", *_transposed([reading.file | {"first_seen_at": seen_at.isoformat()}]))


def rows_of(values: Sequence[Value], problems: Sequence[Row]) -> Iterator[bytes]:
    """Yield values and problems, if there are any."""
    if values:
        yield _part("raw_values", Value._fields, zip(*values, strict=True))
    if problems:
        yield _part("raw_problems", *_transposed(problems))


def read_part(part: bytes) -> Part:
    """Return the rows that a worker has sent."""
    table, _, columns = part.decode().partition("\n")
    return Part(table, columns)


def _transposed(rows: Sequence[Row]) -> tuple[Iterable[str], Iterable[Sequence[object]]]:
    """Return the names and the columns of rows that have the same names in the same order."""
    return rows[0], zip(*(row.values() for row in rows), strict=True)


def _part(table: str, names: Iterable[str], columns: Iterable[Sequence[object]]) -> bytes:
    """Return rows as bytes; numbers with decimals become text, which loses none of them."""
    return f"{table}\n{WRITER.encode(dict(zip(names, columns, strict=True)))}".encode()
