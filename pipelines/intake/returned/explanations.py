"""Reads what was explained on the sheet 审核意见 of a workbook that comes back."""

from __future__ import annotations

import re

from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.intake.decoding import Unreadable
from pipelines.intake.fields import is_blank
from pipelines.intake.grammar import plain
from pipelines.intake.locating import Cell, Page
from pipelines.intake.records import Accepted, Item, Reading, Unit, quote
from pipelines.intake.returned.remarks import (
    EXPLANATION,
    FINDING_ID,
    SEVERITY,
    find_heads,
)

ID = re.compile("[0-9a-f]{12}")


def is_review_page(page: Page) -> bool:
    """Return whether a page is the sheet 审核意见, under whatever name: by its heads."""
    return _find_header(page) is not None


def read_explanations(reading: Reading, page: Page) -> None:
    """Keep each explanation of a finding that may be explained, with the finding's number.

    Both bear the row of the sheet, and no agency: it reports nothing here. An explanation whose
    finding cannot be told is reported, lest it be lost.
    """
    header = _find_header(page)
    assert header is not None  # noqa: S101
    header_row, columns = header
    for row in range(header_row + 1, page.last_row + 1):
        cells = {head: page.cell(row, column) for head, column in columns.items()}
        finding_id, severity = cells[FINDING_ID], cells[SEVERITY].label
        explanation = cells[EXPLANATION]
        if not (finding_id.label or severity or _explains(explanation)):  # below the table
            texts = (cell for cell in page.row(row) if isinstance(cell.value, str))
            explanation = next(filter(_explains, texts), explanation)
        if severity == SEVERITY_NAMES["mandatory"] or not _explains(explanation):
            continue
        if ID.fullmatch(finding_id.label.lower()):
            _keep(reading, finding_id, explanation)
        else:
            _report_unknown(reading, finding_id, explanation)


def _find_header(page: Page) -> tuple[int, dict[str, int]] | None:
    """Return the first row that bears the heads, with the column of each; None if none does."""
    start = plain(FINDING_ID)
    places = [place for text, found in page.texts() if text.startswith(start) for place in found]
    for row in sorted({row for row, _ in places}):
        cells = page.row(row)
        if heads := find_heads([cell.label for cell in cells]):
            return row, {head: cells[place].column for head, place in heads.items()}
    return None


def _explains(cell: Cell) -> bool:
    """Return whether a cell holds something; an error value explains nothing."""
    return not is_blank(cell, False) and not isinstance(cell.value, Unreadable | bool)


def _keep(reading: Reading, finding_id: Cell, explanation: Cell) -> None:
    """Keep an explanation and the number of its finding."""
    unit = Unit(row=explanation.row)
    number = Accepted(finding_id.label.lower())
    words = Accepted((explanation.raw_text or "").strip())
    reading.keep(unit, Item("finding_id", FINDING_ID), finding_id, number)
    reading.keep(unit, Item("explanation", EXPLANATION), explanation, words)


def _report_unknown(reading: Reading, finding_id: Cell, explanation: Cell) -> None:
    """Report an explanation without the number of a finding: whose it is, nobody can tell."""
    is_blank_id = not finding_id.label
    what = f"没有{FINDING_ID}" if is_blank_id else f"的{FINDING_ID}“{quote(finding_id)}”无法识别"
    reading.report(
        Unit(reading.sender, explanation.row),
        "unknown_finding",
        f"{what}，{EXPLANATION}“{quote(explanation)}”没有采用，"
        f"请从退回文件原样保留{FINDING_ID}，在同一行的“{EXPLANATION}”栏填写",
        cell=finding_id,
        expected=f"退回文件原有的{FINDING_ID}",
        severity="review",
    )
