"""Writing a workbook so that equal content gives equal bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

LEVEL = 3  # of compression: beyond it zlib takes twice as long for a tenth less


def save(workbook: Workbook, path: Path) -> None:
    """Write the workbook so that equal cells give equal bytes, creating the folder if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(package_parts(workbook)))


def package_parts(workbook: Workbook) -> dict[str, bytes]:
    """Return the parts of the workbook's package by name, the first sheet being the active one."""
    workbook.active = 0
    plain = io.BytesIO()
    ExcelWriter(workbook, ZipFile(plain, "w", ZIP_STORED)).save()
    with ZipFile(plain) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def packed(parts: Mapping[str, bytes], package: bytes = b"") -> bytes:
    """Return a zip of these parts, after those of a package if one is given.

    Equal parts in equal order give equal bytes, as far as the same zlib compresses them.
    """
    stream = io.BytesIO(package)
    with ZipFile(stream, "a") as members:
        for name, content in parts.items():
            members.writestr(ZipInfo(name), content, ZIP_DEFLATED, LEVEL)
    return stream.getvalue()
