"""Receipts: the append-only list of what arrived, where it lay and when it was first seen.

Only the list lives here; finding files and keeping their bytes is the matter of `inbox`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pipelines.intake.shown_text import shown
from pipelines.root import Root

STAR_IN_NAMES = "＊"  # Windows has no files with the other one


@dataclass(frozen=True)
class Receipt:
    """One arrival: these bytes, in this folder of the inbox."""

    receipt_no: int
    sha256: str
    folder: str
    folder_period: str | None
    file_path: str  # below data/raw, with forward slashes
    size_bytes: int
    first_seen_at: str  # ISO, Asia/Shanghai, to the second

    @property
    def identity(self) -> tuple[str, str, str | None]:
        """What makes an arrival new: its bytes and where they were dropped, not the file name."""
        return self.sha256, self.folder, self.folder_period

    @property
    def file_name(self) -> str:
        """The name people know the file by."""
        return self.file_path.rsplit("/", 1)[-1]

    @property
    def shown_path(self) -> str:
        """The path as tables, files and logs may have it."""
        return shown(self.file_path).replace("*", STAR_IN_NAMES)

    @property
    def shown_name(self) -> str:
        """The name as tables, files and logs may have it."""
        return shown(self.file_name).replace("*", STAR_IN_NAMES)


def read_receipts(root: Root) -> list[Receipt]:
    """Return every receipt in order of arrival.

    A last line that a crash left unfinished was never acknowledged and does not count.

    Raises:
        ValueError: a finished line is not a receipt.
    """
    if not root.receipts.exists():
        return []
    receipts = []
    finished, _, _ = root.receipts.read_bytes().rpartition(b"\n")
    for number, line in enumerate(finished.split(b"\n") if finished else [], start=1):
        try:
            receipts.append(Receipt(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"回执清单“{root.receipts.name}”第{number}行无法识别，请从备份恢复该文件。"
            ) from error
    return receipts


def append_receipts(root: Root, receipts: Sequence[Receipt]) -> None:
    """Append receipts and return only once they are on disk."""
    if not receipts:
        return
    root.archive.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(asdict(receipt), ensure_ascii=False) + "\n" for receipt in receipts)
    with root.receipts.open("a+b") as file:
        _drop_unfinished_line(file.fileno())
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(root.archive)


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
