"""Writing a workbook so that equal content gives equal bytes."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter


def save(workbook: Workbook, path: Path) -> None:
    """Write the workbook so that equal cells give equal bytes, creating the folder if needed."""
    workbook.active = 0
    plain = io.BytesIO()
    ExcelWriter(workbook, ZipFile(plain, "w", ZIP_STORED)).save()
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(plain) as parts, ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name in parts.namelist():
            packed.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
