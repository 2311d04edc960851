"""The inbox data/raw: which files lie there, and taking their bytes into the archive.

Files are only listed, hashed and copied; what stands in them is the matter of `reading`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.intake.receipts import Receipt, append_receipts, read_receipts, sync_folder
from pipelines.root import Root

logger = logging.getLogger(__name__)

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
FOLDER_PERIODS = {
    "reports": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "annual": re.compile(r"[0-9]{4}"),
    "platforms": re.compile(r"[0-9]{4}"),
}
KEPT_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
CHUNK = 1024**2


@dataclass(frozen=True)
class InboxFile:
    """A file lying in the inbox; `file_path` is how receipts and people name it."""

    path: Path
    file_path: str
    folder: str
    folder_period: str | None


def list_inbox(root: Root) -> list[InboxFile]:
    """Return the files that count as received, ordered by path.

    Office lock files (~$), hidden files, READMEs, links and whatever is not a regular file are
    passed over.
    """
    files = [_inbox_file(root, path) for path in _regular_files(root.inbox)]
    return sorted(files, key=lambda file: file.file_path)


def inbox_periods(root: Root) -> list[str]:
    """Return the months (YYYY-MM) for which reports lie in the inbox, in order."""
    files = [file for file in list_inbox(root) if file.folder == "reports"]
    return sorted({file.folder_period for file in files if file.folder_period is not None})


def inbox_digest(root: Root) -> str:
    """Return a hash (hex) that changes when a file comes, goes, moves or changes."""
    digest = hashlib.sha256()
    for file in list_inbox(root):
        try:
            content = _sha256(file.path)
        except OSError:
            content = "unreadable"
        digest.update(f"{file.file_path}\0{content}\n".encode())
    return digest.hexdigest()


def take_in(
    root: Root, periods: Sequence[str] | None = None, now: dt.datetime | None = None
) -> list[Receipt]:
    """Archive what is new in the inbox and return its receipts, numbered in order of arrival.

    Args:
        root: where the inbox and the archive are.
        periods: months whose reports are taken (None: all); other folders are always taken.
        now: the moment of arrival (Asia/Shanghai unless it says otherwise; None: the clock).
    """
    moment = now or dt.datetime.now(SHANGHAI)
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    first_seen_at = local.isoformat(timespec="seconds")
    earlier = read_receipts(root)
    known = {receipt.identity for receipt in earlier}
    arrivals: list[Receipt] = []
    for file in list_inbox(root):
        if not _is_wanted(file, periods):
            continue
        try:
            if (_sha256(file.path), file.folder, file.folder_period) in known:
                continue
            sha256, size_bytes = _archive(root, file.path)
        except OSError as error:  # gone again, or not ours to read: it stays for the next time
            logger.warning("收件箱文件“%s”暂时无法读取，留待下次接收：%s", file.file_path, error)
            continue
        receipt = Receipt(
            len(earlier) + len(arrivals) + 1,
            sha256,
            file.folder,
            file.folder_period,
            file.file_path,
            size_bytes,
            first_seen_at,
        )
        if receipt.identity not in known:
            known.add(receipt.identity)
            arrivals.append(receipt)
    append_receipts(root, arrivals)
    return arrivals


def archive_path(root: Root, receipt: Receipt) -> Path:
    """Return where the bytes of a receipt are kept."""
    return _archive_path(root, receipt.sha256, Path(receipt.file_path))


def _regular_files(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder, never following a link."""
    if not folder.is_dir():
        return
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        logger.warning("收件箱文件夹“%s”无法打开，其中的文件没有接收：%s", folder.name, error)
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _regular_files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False) and not entry.name.startswith("README"):
            yield Path(entry.path)


def _inbox_file(root: Root, path: Path) -> InboxFile:
    """Return how the inbox knows this file; names that are not UTF-8 are made readable."""
    relative = os.fsencode(path.relative_to(root.inbox).as_posix()).decode("utf-8", "replace")
    folder, *deeper = relative.split("/")[:-1] or [""]
    pattern = FOLDER_PERIODS.get(folder)
    is_period = pattern is not None and deeper and pattern.fullmatch(deeper[0])
    return InboxFile(path, relative, folder, deeper[0] if is_period else None)


def _is_wanted(file: InboxFile, periods: Sequence[str] | None) -> bool:
    """Return whether this file is to be taken when these months are asked for."""
    has_month = file.folder == "reports" and file.folder_period is not None
    return periods is None or not has_month or file.folder_period in periods


def _open(path: Path) -> int:
    """Open for reading what is still a regular file, whatever became of it since it was listed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"not a regular file: {path}")
    return descriptor


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece."""
    with os.fdopen(_open(path), "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _sha256(path: Path) -> str:
    """Return the hash of the bytes of a file."""
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _archive_path(root: Root, sha256: str, name: Path) -> Path:
    """Return the archive's place for these bytes; an odd suffix does not become part of a path."""
    suffix = name.suffix.lower()
    kept = suffix if KEPT_SUFFIX.fullmatch(suffix) else ""
    return root.archive / sha256[:2] / f"{sha256}{kept}"


def _archive(root: Root, path: Path) -> tuple[str, int]:
    """Copy a file into the archive under the hash of what was copied; return hash and size."""
    root.archive.mkdir(parents=True, exist_ok=True)
    temporary = root.archive / f".arriving-{os.getpid()}"
    digest = hashlib.sha256()
    size_bytes = 0
    try:
        with temporary.open("wb") as copy:
            for chunk in _chunks(path):
                digest.update(chunk)
                size_bytes += len(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        target = _archive_path(root, digest.hexdigest(), path)
        target.parent.mkdir(exist_ok=True)
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return digest.hexdigest(), size_bytes
