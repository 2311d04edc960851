"""Receipts: the append-only list of what arrived, where it lay and when it was first seen.

Only the list lives here; finding files and keeping their bytes is the matter of `inbox`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pipelines.intake.append_only import append_lines, read_lines
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

    Raises:
        ValueError: a finished line is not a receipt.
    """
    return read_lines(root.receipts, "回执清单", lambda line: Receipt(**line))


def append_receipts(root: Root, receipts: Sequence[Receipt]) -> None:
    """Append receipts and return only once they are on disk."""
    append_lines(root.receipts, [asdict(receipt) for receipt in receipts])
