"""Frozen releases: what a signed release adds to its folder, how it is kept, which drafts go.

A release is frozen from when its record is written; whether it was decided, and whether it still
stands, are decisions of people and not known here.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.root import Root
from pipelines.warehouse.files import file_digest, replace_synced, sync
from pipelines.warehouse.release import current_release_id

RECORD = "release.json"
DRAFTS_KEPT = 2
READ_ONLY, READ_ONLY_FOLDER, WRITABLE_FOLDER = 0o444, 0o555, 0o755


def is_frozen(folder: Path) -> bool:
    """Return whether a release's folder may no longer change nor be removed."""
    return (folder / RECORD).is_file()


def freeze(folder: Path, record: Mapping[str, Any], bulletins: Mapping[str, bytes]) -> None:
    """Add the bulletins by file name and the record to a release, and make it read-only.

    The record also holds the digest of every file; it is written last, so that an interrupted
    freezing is simply done again.
    """
    folder.chmod(WRITABLE_FOLDER)
    for left in (folder / RECORD, *folder.glob("*.tmp")):
        left.unlink(missing_ok=True)
    for name, content in bulletins.items():
        replace_synced(folder / name, content)
    digests = {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps({**record, "files": digests}, ensure_ascii=False, indent=1) + "\n"
    replace_synced(folder / RECORD, text.encode())
    for path in folder.rglob("*"):
        path.chmod(READ_ONLY_FOLDER if path.is_dir() else READ_ONLY)
    folder.chmod(READ_ONLY_FOLDER)
    sync([folder])


def read_record(folder: Path) -> dict[str, Any]:
    """Return the record of a frozen release."""
    record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    return record


def changed_files(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """Return which of the files that a release was written with are missing or not as they were."""
    return [
        name
        for name, digest in digests.items()
        if not (folder / name).is_file() or file_digest(folder / name) != digest
    ]


def release_folders(root: Root) -> list[Path]:
    """Return the folders of all releases, the one written first coming first."""
    manifests = root.releases.glob("*/manifest.json")
    folders = [path.parent for path in manifests if path.parent.suffix != ".tmp"]
    # The database never changes once it is written, unlike the folder and its manifest.
    return sorted(folders, key=lambda folder: (_written_at(folder / root.database.name), folder))


def _written_at(path: Path) -> int:
    """Return when a file was written, in nanoseconds; 0 where it was lost."""
    return path.stat().st_mtime_ns if path.exists() else 0


def prune_drafts(root: Root) -> None:
    """Remove the drafts before the last two; never a frozen release nor what is published."""
    current = current_release_id(root)
    drafts = [folder for folder in release_folders(root) if not is_frozen(folder)]
    for folder in drafts[:-DRAFTS_KEPT]:
        if folder.name != current:
            going = folder.rename(folder.with_name(f"{folder.name}.tmp"))  # never half a release
            shutil.rmtree(going)


def make_writable(folder: Path) -> None:
    """Let the folders below be removed, frozen releases too."""
    for path in _folders(folder):
        path.chmod(WRITABLE_FOLDER)


def _folders(folder: Path) -> Iterator[Path]:
    """Yield a folder and all below it."""
    for path, _, _ in os.walk(folder):
        yield Path(path)
