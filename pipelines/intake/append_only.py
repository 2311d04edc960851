"""Files of JSON lines that only grow, and whose lines are on disk once they are acknowledged.

What the lines say is the matter of `receipts` and `decisions`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

Record = TypeVar("Record")


def read_lines(path: Path, name: str, read: Callable[[Mapping[str, Any]], Record]) -> list[Record]:
    """Return the records of a file in their order; none where there is no file.

    A last line that a crash left unfinished was never acknowledged and does not count.

    Args:
        path: the file.
        name: how people call it.
        read: makes a record of a line; TypeError and ValueError mean that it is none.

    Raises:
        ValueError: a finished line is not a record.
    """
    if not path.exists():
        return []
    records = []
    finished, _, _ = path.read_bytes().rpartition(b"\n")
    for number, line in enumerate(finished.split(b"\n") if finished else [], start=1):
        try:
            records.append(read(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{name}“{path.name}”第{number}行无法识别，请从备份恢复该文件。"
            ) from error
    return records


def append_lines(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Append records and return only once they are on disk."""
    if not records:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    with path.open("a+b") as file:
        _drop_unfinished_line(file.fileno())
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: os.PathLike[str]) -> None:
    """Make new names in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_unfinished_line(descriptor: int) -> None:
    """Cut off what a crash left after the last line end."""
    size = os.fstat(descriptor).st_size
    finished = os.pread(descriptor, size, 0).rfind(b"\n") + 1
    if finished < size:
        os.ftruncate(descriptor, finished)
