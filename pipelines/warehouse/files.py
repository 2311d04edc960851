"""Files that are whole and on disk before anybody can see them, and what their bytes are.

What is written so is the matter of `publishing` and `frozen`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def replace_synced(path: Path, content: bytes) -> None:
    """Write a file beside its place, sync it and rename it; readers keep the file they hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.tmp")
    draft.write_bytes(content)
    sync([draft])
    draft.replace(path)
    sync([path.parent])


def file_digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(paths: Iterable[Path]) -> None:
    """Have the files and folders on disk before going on."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
