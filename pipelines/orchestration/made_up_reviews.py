"""Made-up reviewers fill in the review workbooks of a period and send them back.

What they decide is `synthetic`'s matter; they see what a person sees: the workbook that went out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.bulletin.reviews import FORM, HEADS
from pipelines.bulletin.sheets import HEADER_ROW
from pipelines.catalog.load import load_catalog
from pipelines.intake.saving import save
from pipelines.root import Root
from pipelines.synthetic.chance import Chance
from pipelines.synthetic.industry import SEED
from pipelines.synthetic.reviewing import decide_reviews

REVIEWER = "示例审核员"


def fill_reviews(
    root: Root, workbooks: Sequence[Path], day: dt.date, seed: int = SEED
) -> list[Path]:
    """Fill in review workbooks as their reviewers would and put them into the inbox.

    Args:
        root: Whose inbox it is.
        workbooks: What `write_reviews` wrote; a folder is a period.
        day: When they are signed.
        seed: Of the made-up industry.

    Returns:
        The files in data/raw/review/<period>.
    """
    return [_fill_review(root, workbook, day, Chance(seed)) for workbook in workbooks]


def _fill_review(root: Root, path: Path, day: dt.date, chance: Chance) -> Path:
    """Fill in one workbook."""
    catalog = load_catalog()
    period = path.parent.name
    form = catalog.form(FORM, period)
    names = {item.code: item.name for item in catalog.classification("review_decisions").items}
    labels = {column.field: column.label for column in form.tables[0].columns}
    workbook = load_workbook(path)
    cover, agencies, *_ = workbook.worksheets
    told = {str(row[0].value): row[1] for row in cover.iter_rows(max_col=2)}
    cover_labels = {field.field: field.label for field in form.cover}
    told[cover_labels["reviewer"]].value = REVIEWER
    told[cover_labels["review_date"]].value = day.isoformat()
    level = str(told[cover_labels["review_level"]].value)
    columns = {str(cell.value): place for place, cell in enumerate(agencies[HEADER_ROW], start=1)}
    rows = {
        str(_at(agencies, row, columns[labels["credit_code"]])): row
        for row in range(HEADER_ROW + 1, agencies.max_row + 1)
        if _at(agencies, row, columns[labels["reviewed_receipt_no"]]) is not None
    }
    questions = {
        code: str(_at(agencies, row, columns[HEADS["open"]])) != "0" for code, row in rows.items()
    }
    for code, decision in decide_reviews(chance, period, level, questions).items():
        agencies.cell(rows[code], columns[labels["decision"]]).value = names[decision.decision]
        agencies.cell(rows[code], columns[labels["reason"]]).value = decision.reason
    target = root.inbox / FORM / period / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    save(workbook, target)
    return target


def _at(sheet: Worksheet, row: int, column: int) -> object:
    """Return what stands in a cell."""
    return sheet.cell(row, column).value
