"""The inbox data/raw: which files lie there, and taking their bytes into the archive.

Files are only listed, hashed and copied; what stands in them is the matter of `reading`. Every
command hashes every file anew: 10,000 of 25 KB cost half a second, and no index can go stale.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import re
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.intake.append_only import sync_folder
from pipelines.intake.clock import moment_text
from pipelines.intake.receipts import Receipt, append_receipts, read_receipts
from pipelines.root import Root

logger = logging.getLogger(__name__)

FOLDER_PERIODS = {
    "reports": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "annual": re.compile(r"[0-9]{4}"),
    "platforms": re.compile(r"[0-9]{4}"),
    "review": re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?"),
}
KEPT_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
CHUNK = 1024**2
SETTLED_NS = 2 * 10**9
REMEMBERED = 16_384  # hashes
OURS = re.compile(r"README(\.[\w-]+)*\.md|README|\.gitkeep")  # that explain the inbox itself
UNFINISHED = (".crdownload", ".part", ".tmp")
UNREADABLE = "无法读取（没有权限或磁盘故障），请检查权限后再运行"


class StillChangingError(OSError):
    """A file that somebody is writing: it is taken at the next look."""


@dataclass(frozen=True)
class InboxFile:
    """A file lying in the inbox; `file_path` is how receipts and people name it."""

    path: Path
    file_path: str
    folder: str
    folder_period: str | None


@dataclass(frozen=True)
class InboxEntry:
    """What an entry of the inbox is: a received file, one to be ignored, or one still waiting."""

    file: InboxFile
    receipt: Receipt | None
    ignored_because: str | None  # ends a sentence that begins with the file

    @property
    def is_waiting(self) -> bool:
        """Whether the file came after the last look, or is still being written."""
        return self.receipt is None and self.ignored_because is None


def list_inbox(root: Root) -> list[InboxFile]:
    """Return the files that are to be received, ordered by path.

    `look_through` tells which entries are passed over, and why.
    """
    return [file for file, ignored_because in _list_entries(root) if ignored_because is None]


def look_through(root: Root) -> list[InboxEntry]:
    """Return every entry of the inbox with its receipt or why it is ignored, ordered by path.

    A received file that went, or whose name was given to another, is no entry: its receipt stands.
    """
    receipts = read_receipts(root)
    by_identity = {receipt.identity: receipt for receipt in receipts}
    newest_at = {receipt.file_path: receipt for receipt in receipts}
    entries: list[InboxEntry] = []
    known: list[tuple[InboxFile, Receipt]] = []
    listed = _list_entries(root)
    for file, reason in listed:
        if reason is not None:
            entries.append(InboxEntry(file, None, reason))
            continue
        try:
            identity = _sha256(file.path), file.folder, file.folder_period
        except OSError:
            entries.append(InboxEntry(file, None, UNREADABLE))
            continue
        if identity in by_identity:
            known.append((file, by_identity[identity]))
        else:
            entries.append(InboxEntry(file, None, None))
    # Under its own name a file is its receipt, renamed only if nothing lies there any more.
    taken = {file.file_path for file, _ in listed}
    own = {receipt: file for file, receipt in reversed(known) if receipt.file_path not in taken}
    own |= {receipt: file for file, receipt in known if file.file_path == receipt.file_path}
    for file, receipt in known:
        is_own = own.get(receipt) is file and newest_at.get(file.file_path, receipt) is receipt
        entries.append(InboxEntry(file, receipt, None if is_own else _repeated(receipt)))
    return sorted(entries, key=lambda entry: entry.file.file_path)


def _repeated(receipt: Receipt) -> str:
    """Return why a file of known content is ignored, and how it would count again."""
    return (
        f"与第{receipt.receipt_no}号文件“{receipt.shown_name}”内容完全相同，不重复接收；"
        "如要重新以它为准，请打开后重新保存再报送"
    )


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

    Files of one look are numbered by path, so that of two versions of an agency the one whose path
    comes last counts, in whatever order the disk gives them.

    Args:
        root: where the inbox and the archive are.
        periods: months whose reports are taken (None: all); other folders are always taken.
        now: the moment of arrival (Asia/Shanghai unless it says otherwise; None: the clock).
    """
    first_seen_at = moment_text(now)
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
        except StillChangingError:
            logger.warning("收件箱文件“%s”正在写入，留待下次接收。", file.file_path)
            continue
        except OSError:  # gone again, or not ours to read: it stays for the next time
            logger.warning("收件箱文件“%s”%s。", file.file_path, UNREADABLE)
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


def _list_entries(root: Root) -> list[tuple[InboxFile, str | None]]:
    """Return every entry with why it is ignored (None: it is to be received), ordered by path."""
    found = [(_inbox_file(root, path), reason) for path, reason in _walk(root.inbox)]
    return sorted(found, key=lambda entry: entry[0].file_path)


def _walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield what lies in a folder and below, never following a link, and why it is ignored."""
    if not folder.is_dir():
        return
    try:
        with os.scandir(folder) as listing:
            entries = list(listing)
    except OSError:
        logger.warning("收件箱文件夹“%s”%s；其中的文件没有接收。", folder.name, UNREADABLE)
        yield folder, f"文件夹{UNREADABLE}"
        return
    for entry in entries:
        path = Path(entry.path)
        if OURS.fullmatch(entry.name):
            continue
        reason = _reason_to_ignore(entry)
        if reason is None and entry.is_dir(follow_symlinks=False):
            yield from _walk(path)
        else:
            yield path, reason


def _reason_to_ignore(entry: os.DirEntry[str]) -> str | None:
    """Return why an entry can be no arrival, judged by its name and kind."""
    if entry.name.startswith("~$"):
        return "是 Office 打开文件时的锁定文件"
    if entry.name.startswith("."):
        return "是隐藏文件或隐藏文件夹"
    if entry.is_symlink():
        return "是链接，请放入文件本身"
    if entry.is_dir(follow_symlinks=False):
        return None
    if not entry.is_file(follow_symlinks=False):
        return "不是普通文件（管道或设备）"
    if entry.name.lower().endswith(UNFINISHED):
        return "是没有下载或保存完的临时文件，请放入完整的文件"
    return None


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


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece, once sure that it is a regular file.

    Raises:
        StillChangingError: It had become another file, or another size or time, when it was read.
        OSError: It cannot be read, or it is no regular file any more.
    """
    before = os.lstat(path)
    if not stat.S_ISREG(before.st_mode):
        raise OSError(f"not a regular file: {path}")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if _state(os.fstat(descriptor)) != _state(before):
            raise StillChangingError
        while chunk := file.read(CHUNK):
            yield chunk
    if _state(os.lstat(path)) != _state(before):
        raise StillChangingError


def _state(status: os.stat_result) -> tuple[int, ...]:
    """Return what changes when a file is written to or replaced."""
    times = status.st_mtime_ns, status.st_ctime_ns
    return status.st_dev, status.st_ino, status.st_mode, status.st_size, *times


def _sha256(path: Path) -> str:
    """Return the hash of the bytes of a file.

    A command looks twice: what had settled at the first look and still looks the same is not read
    again. A file changed just now might change once more within the clock's step (git: racy).
    """
    status = os.lstat(path)
    changed_at = max(status.st_mtime_ns, status.st_ctime_ns)
    is_settled = time.time_ns() - changed_at > SETTLED_NS
    return _settled_sha256(path, _state(status)) if is_settled else _hash(path)


@lru_cache(REMEMBERED)
def _settled_sha256(path: Path, _: tuple[int, ...]) -> str:
    """Return the hash of a file that had this state, remembered within this process."""
    return _hash(path)


def _hash(path: Path) -> str:
    """Read a file and return the hash of its bytes."""
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _archive_path(root: Root, sha256: str, name: Path) -> Path:
    """Return the archive's place for these bytes; an odd suffix does not become part of a path."""
    suffix = name.suffix.lower()
    kept = suffix if KEPT_SUFFIX.fullmatch(suffix) else ""
    return root.archive.joinpath(sha256[:2], f"{sha256}{kept}")


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
