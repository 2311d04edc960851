"""Reads what was explained on the sheet 审核意见 of a workbook that comes back."""

from __future__ import annotations

import re

from pipelines.intake.fields import is_blank
from pipelines.intake.grammar import plain
from pipelines.intake.locating import Page
from pipelines.intake.records import Accepted, Item, Reading, Unit
from pipelines.intake.returned.remarks import EXPLANATION, FINDING_ID, SEVERITIES, SEVERITY

HEADS = (FINDING_ID, SEVERITY, EXPLANATION)
ID = re.compile("[0-9a-f]{12}")


def is_review_page(page: Page) -> bool:
    """Return whether a page is the sheet 审核意见, under whatever name: by its heads."""
    return bool(_find_heads(page))


def read_explanations(reading: Reading, page: Page) -> None:
    """Keep each explanation of a finding that may be explained, with the finding's number.

    Both bear the row of the sheet, and no agency: it reports nothing here.
    """
    header_row, columns = next(iter(_find_heads(page)))
    for row in range(header_row + 1, page.last_row + 1):
        cells = {head: page.cell(row, column) for head, column in columns.items()}
        finding_id, explanation = cells[FINDING_ID], cells[EXPLANATION]
        is_asked = cells[SEVERITY].label == SEVERITIES["review"]
        if not is_asked or is_blank(explanation, False) or not ID.fullmatch(finding_id.label):
            continue
        unit = Unit(row=row)
        for field, name, cell in (
            ("finding_id", FINDING_ID, finding_id),
            ("explanation", EXPLANATION, explanation),
        ):
            text = (cell.raw_text or "").strip()
            reading.keep(unit, Item(field, name), cell, Accepted(text))


def _find_heads(page: Page) -> list[tuple[int, dict[str, int]]]:
    """Return the rows that bear all heads, with the column of each."""
    found = []
    for cell in page.find([plain(FINDING_ID)]):
        columns = {each.label: each.column for each in page.row(cell.row)}
        if all(plain(head) in columns for head in HEADS):
            found.append((cell.row, {head: columns[plain(head)] for head in HEADS}))
    return found
