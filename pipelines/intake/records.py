"""What was read from one file: values with their cells, and problems said in Chinese.

The layout readers add to a `Reading`; nothing is looked up or judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from pipelines.catalog.severities import Severity
from pipelines.intake.locating import Cell
from pipelines.intake.receipts import Receipt

ReadingRule = Literal["code_and_label", "label"]
Row = dict[str, object]
NotedUnits = tuple[tuple[str, ...], ...]  # units in plain form, by the rows of notes

LONGEST_QUOTE = 40
ROWS_HANDED_ON = 20_000  # at least, at a time


class Item(NamedTuple):
    """What is asked for: a field of a form, or a line and measure of it."""

    field_code: str
    name: str  # as messages call it
    indicator_code: str | None = None
    measure_code: str | None = None
    unit: str | None = None  # as printed


@dataclass(frozen=True)
class Unit:
    """Whom a value or a problem concerns: an agency, or a row that names none.

    `row` is 0 in a workbook of one agency and on covers.
    """

    credit_code: str | None = None
    row: int = 0

    @property
    def scope(self) -> Literal["agency", "row"]:
        """What a problem of this unit is about."""
        return "row" if self.credit_code is None else "agency"


class Accepted(NamedTuple):
    """The meaning of a cell: codes, dates and texts in `text`, figures in `number`.

    `unit` is the one that the cell itself gives a figure; `rules` are the codes of the changes of
    spelling (catalog/spelling_rules.yml), joined by ";".
    """

    text: str | None = None
    number: Decimal | None = None
    unit: str | None = None
    rules: str | None = None


@dataclass(frozen=True)
class Rejected:
    """Why a cell has no meaning, and what should stand there; both become parts of a sentence."""

    rule_code: str
    complaint: str
    expected: str


class Value(NamedTuple):
    """A row of raw_values: the columns in their order."""

    receipt_no: int
    value_no: int
    sheet_name: str
    cell_address: str
    unit_row: int
    credit_code: str | None
    field_code: str
    indicator_code: str | None
    measure_code: str | None
    raw_text: str | None
    text_value: str | None
    number_value: Decimal | None
    unit: str | None
    reading_rule: ReadingRule
    spelling_rules: str | None


HandOn = Callable[[list[Value], list[Row]], None]


@dataclass
class Reading:
    """One receipt's row of raw_files and its rows of raw_values and raw_problems."""

    receipt: Receipt
    file: Row
    sender: str | None = None  # the credit code of a one-agency workbook, once known
    asked: list[tuple[Unit | None, Item, Cell]] = field(default_factory=list)  # filled or blank
    values: list[Value] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    hand_on: HandOn | None = None  # where rows go once they are many
    values_handed_on: int = 0
    problems_handed_on: int = 0

    @classmethod
    def begin(cls, receipt: Receipt) -> Reading:
        """Return the reading of a file of which nothing is known but its receipt."""
        return cls(
            receipt,
            {
                "receipt_no": receipt.receipt_no,
                "sha256": receipt.sha256,
                "folder": receipt.folder,
                "folder_period": receipt.folder_period,
                "file_path": receipt.file_path,
                "file_name": receipt.file_name,
                "size_bytes": receipt.size_bytes,
                "first_seen_at": receipt.first_seen_at,
                "form_code": None,
                "layout": None,
                "period": None,
                "reporting_unit_code": None,
                "outcome": "read",
                "refusal_rule": None,
                "refusal_message": None,
                "container": None,
                "has_macros": None,
            },
        )

    @property
    def is_refused(self) -> bool:
        """Whether the whole file is refused."""
        return self.file["outcome"] != "read"

    def hand_on_many(self) -> None:
        """Hand on the rows so far, if they are many and wanted; between agencies, for instance."""
        if self.hand_on and len(self.values) + len(self.problems) >= ROWS_HANDED_ON:
            self.hand_on(self.values, self.problems)
            self.values_handed_on += len(self.values)
            self.problems_handed_on += len(self.problems)
            self.values, self.problems = [], []

    def ask(self, unit: Unit | None, item: Item, cell: Cell) -> None:
        """Note what a cell is asked for, unless the file may be too long to note it all."""
        if self.hand_on is None:
            self.asked.append((unit, item, cell))

    def keep(
        self,
        unit: Unit,
        item: Item,
        cell: Cell,
        accepted: Accepted,
        reading_rule: ReadingRule = "label",
    ) -> None:
        """Add the value of a filled cell."""
        self.values.append(
            Value(
                self.receipt.receipt_no,
                self.values_handed_on + len(self.values) + 1,
                cell.sheet_name,
                cell.address,
                unit.row,
                unit.credit_code,
                item.field_code,
                item.indicator_code,
                item.measure_code,
                cell.raw_text,
                accepted.text,
                accepted.number,
                accepted.unit or item.unit,
                reading_rule,
                accepted.rules,
            )
        )

    def report(
        self,
        unit: Unit | None,
        rule_code: str,
        words: str,
        *,
        item: Item | None = None,
        cell: Cell | None = None,
        sheet_name: str | None = None,
        expected: str | None = None,
        severity: Severity = "mandatory",
    ) -> None:
        """Add a problem of a unit, or (without one) of the whole file, which is then refused.

        `words` go between the file's name and the full stop; a cell is named before them.
        """
        if cell is not None:
            sheet_name = cell.sheet_name
            words = f"工作表“{cell.sheet_name}”单元格{cell.address}{words}"
        message = f"文件“{self.receipt.file_name}”{words}。"
        self.problems.append(
            {
                "receipt_no": self.receipt.receipt_no,
                "problem_no": self.problems_handed_on + len(self.problems) + 1,
                "scope": unit.scope if unit else "file",
                "credit_code": unit.credit_code if unit else self.sender,
                "unit_row": unit.row if unit else None,
                "field_code": item.field_code if item else None,
                "indicator_code": item.indicator_code if item else None,
                "measure_code": item.measure_code if item else None,
                "sheet_name": sheet_name,
                "cell_address": cell.address if cell else None,
                "raw_text": cell.raw_text if cell else None,
                "rule_code": rule_code,
                "severity": severity,
                "expected": expected,
                "message": message,
            }
        )
        if unit is None and not self.is_refused:
            self.file |= {
                "outcome": "refused",
                "refusal_rule": rule_code,
                "refusal_message": message,
            }

    def reject(
        self,
        unit: Unit | None,
        item: Item,
        cell: Cell,
        rejected: Rejected,
        severity: Severity = "mandatory",
    ) -> None:
        """Add the problem that a cell has no meaning, or is blank where it must not be."""
        filled = cell.raw_text is not None
        stands = f"填的是“{quote(cell)}”，{rejected.complaint}" if filled else rejected.complaint
        verb = "改填" if filled else "填写"
        self.report(
            unit,
            rejected.rule_code,
            f"“{item.name}”{stands}，请{verb}{rejected.expected}",
            item=item,
            cell=cell,
            expected=rejected.expected,
            severity=severity,
        )


def join_rules(rules: Sequence[str]) -> str | None:
    """Return codes of spelling rules as they are kept."""
    return ";".join(rules) or None


def quote(cell: Cell) -> str:
    """Return what stands in a cell, short enough for a sentence."""
    text = " ".join((cell.raw_text or "").split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
