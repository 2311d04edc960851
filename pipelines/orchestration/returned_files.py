"""Where returned workbooks lie below `reports/returns`, and how they are named."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.bulletin.returns import NO_PERIOD
from pipelines.intake.receipts import Receipt
from pipelines.root import Root

OWN_PREFIXES = re.compile(r"(?:(?:退回|核实)_\d+_)+")  # of a file that goes back once more
NAME = re.compile(r"(?:退回|核实)_(\d+)_.*\.xlsx")
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')
LONGEST_STEM = 60  # so that with the folders the path stays within Windows' 260 characters


def workbook_path(
    root: Root, period: str | None, unit_name: str, receipt: Receipt, is_refused: bool
) -> Path:
    """Return where the workbook of a receipt goes: 退回_ if it has to be corrected, else 核实_."""
    kind = "退回" if is_refused else "核实"
    own_stem = Path(receipt.shown_name).stem
    own_stem = own_stem[match.end() :] if (match := OWN_PREFIXES.match(own_stem)) else own_stem
    stem = safe_stem(own_stem)
    folder = root.reports / "returns" / (period or NO_PERIOD) / unit_name
    return folder / f"{kind}_{receipt.receipt_no}_{stem}.xlsx"


def safe_stem(text: str) -> str:
    """Return a text as part of a file name that every system takes."""
    return NOT_IN_NAMES.sub("_", text).strip(" .")[:LONGEST_STEM]


def list_workbooks(root: Root) -> dict[int, Path]:
    """Return the workbooks that lie there, by receipt number."""
    found = {}
    for path in sorted((root.reports / "returns").glob("*/*/*.xlsx")):
        match = NAME.fullmatch(path.name)
        if match:
            found[int(match[1])] = path
    return found
