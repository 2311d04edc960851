"""Which form, and which version of it, a workbook is: by the labels, codes and units it bears.

Nothing is read or judged here; where a recognised form belongs is said in `reading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.catalog.models import Form, FormField
from pipelines.intake.covers import labels_of
from pipelines.intake.grammar import plain
from pipelines.intake.locating import Cell, Page
from pipelines.intake.tables import find_tables

LEAST_SHARE = 0.5  # of its labels that a workbook must bear to look like a form
HEAD_ROWS_AROUND = 4  # where code and unit of a column may stand, above or below its label


def find_version(versions: Sequence[Form], in_force: Form, pages: Sequence[Page]) -> Form:
    """Return the version of a form whose labels, codes and units a workbook bears best.

    What it lacks of a version counts against that: one that only asks for more would else win over
    an older one by any label of its own. The one in force is preferred to its equals.
    """
    if len(versions) == 1:
        return in_force

    def rank(form: Form) -> tuple[int, bool]:
        points = [_points(pages, *mark) for mark in _marks(form)]
        return sum(points) - points.count(0), form is in_force

    return max(versions, key=rank)


def find_likely(forms: Iterable[Form], pages: Sequence[Page]) -> Form | None:
    """Return the form whose labels a workbook bears best; None if it bears few of any."""
    ranked = [(likeness(form, pages), form) for form in forms]
    count, form = max(ranked, key=lambda each: each[0])
    return form if count else None


def likeness(form: Form, pages: Sequence[Page]) -> int:
    """Return how many labels of a form a workbook bears: of its lines, cover or fullest table.

    That is none where it bears less than half of them.
    """
    lines = [{plain(text) for text in (line.label, *line.aliases)} for line in form.lines]
    cover = [set(labels_of(field)) for field in form.cover if form.sections]
    found = [
        (len(group), sum(_bears(pages, labels) for labels in group)) for group in (lines, cover)
    ]
    for table in form.tables:
        fullest = find_tables(pages, table.columns)[:1]
        found.append((len(table.columns), sum(len(each.headers) for each in fullest)))
    return max((count for size, count in found if count >= size * LEAST_SHARE), default=0)


def _bears(pages: Sequence[Page], labels: set[str]) -> bool:
    """Return whether any page bears one of these labels."""
    return any(page.bears(labels) for page in pages)


def _marks(form: Form) -> list[tuple[frozenset[str], str, str]]:
    """Return labels, code and unit of each line or column of a form, in plain form."""
    columns: list[FormField] = [column for table in form.tables for column in table.columns]
    lines = [
        (frozenset(plain(text) for text in (line.label, *line.aliases)), line.line, line.unit)
        for line in form.lines
    ]
    fields = [(labels_of(column), "", column.unit or "") for column in columns]
    return [(labels, code, plain(unit)) for labels, code, unit in lines + fields]


def _points(pages: Sequence[Page], labels: frozenset[str], code: str, unit: str) -> int:
    """Return how much of a line a workbook bears: its label, its code and its unit beside it."""
    best = 0
    for page in pages:
        for label in page.find(labels):
            around = _around(page, label)
            has_code = bool(code) and code in {text.zfill(len(code)) for text in around}
            has_unit = bool(unit) and any(unit in (text, text.partition(":")[2]) for text in around)
            best = max(best, 1 + has_code + has_unit)
    return best


def _around(page: Page, label: Cell) -> set[str]:
    """Return what stands in the row of a label, and in its column near by."""
    first = max(1, label.row - HEAD_ROWS_AROUND)
    rows = range(first, label.row + HEAD_ROWS_AROUND + 1)
    return {cell.label for cell in page.row(label.row)} | set(page.labels(rows, label.column))
