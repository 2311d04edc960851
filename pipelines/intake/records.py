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
from pipelines.intake.shown_text import has_personal_data, shown, starred_phone

ReadingRule = Literal["code_and_label", "label"]
Row = dict[str, object]
NotedUnits = tuple[tuple[str, ...], ...]  # units in plain form, by the rows of notes

LONGEST_QUOTE = 40
ROWS_HANDED_ON = 20_000  # at least, at a time
PHONE_FIELDS = ("telephone",)  # which the forms ask for; tables have them starred
PERSONAL_DATA = "中有身份证号码或电话号码，各表已隐去中间几位，请核实后删去"


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
    personal: set[tuple[str, str]] = field(default_factory=set)  # sheets and cells reported

    @classmethod
    def begin(cls, receipt: Receipt) -> Reading:
        """Return the reading of a file of which nothing is known but its receipt."""
        reading = cls(
            receipt,
            {
                "receipt_no": receipt.receipt_no,
                "sha256": receipt.sha256,
                "folder": receipt.folder,
                "folder_period": receipt.folder_period,
                "file_path": receipt.shown_path,
                "file_name": receipt.shown_name,
                "size_bytes": receipt.size_bytes,
                "first_seen_at": receipt.first_seen_at,
                "form_code": None,
                "form_version": None,
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
        if has_personal_data(receipt.file_path):
            reading.report(None, "personal_data", f"的名称{PERSONAL_DATA}", severity="review")
        return reading

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
        """Add the value of a filled cell; text is kept as it may be shown."""
        own_text = raw_text = cell.raw_text
        text, number, own_unit, rules = accepted
        field_code, _, indicator_code, measure_code, unit_asked = item
        if number is None:
            show = starred_phone if field_code in PHONE_FIELDS else shown
            raw_text, text = own_text and show(own_text), text and show(text)
        sheet_name = shown(cell.sheet_name)
        self.values.append(
            Value(
                self.receipt.receipt_no,
                self.values_handed_on + len(self.values) + 1,
                sheet_name,
                cell.address,
                unit.row,
                unit.credit_code,
                field_code,
                indicator_code,
                measure_code,
                raw_text,
                text,
                number,
                own_unit or unit_asked,
                reading_rule,
                rules,
            )
        )
        if raw_text != own_text or sheet_name != cell.sheet_name:
            self._report_personal_data(unit, item, cell, number is not None)

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
        """Add a problem of a unit, or (without one) of the whole file; a grave one refuses it.

        `words` go between the file's name and the full stop; a cell is named before them.
        """
        is_figure = cell is not None and _is_figure(item, cell)
        words = words if is_figure else shown(words)
        if cell is not None:
            sheet_name = cell.sheet_name
            words = f"工作表“{shown(sheet_name)}”单元格{cell.address}{words}"
        message = f"文件“{self.receipt.shown_name}”{words}。"
        raw_text = cell.raw_text if cell else None
        raw_text = raw_text if is_figure else raw_text and shown(raw_text)
        self.problems.append(
            {
                "receipt_no": self.receipt.receipt_no,
                "problem_no": self.problems_handed_on + len(self.problems) + 1,
                "scope": unit.scope if unit else "file",
                "credit_code": unit.credit_code if unit else self.sender,
                "agency_name": None,
                "unit_row": unit.row if unit else None,
                "field_code": item.field_code if item else None,
                "indicator_code": item.indicator_code if item else None,
                "measure_code": item.measure_code if item else None,
                "sheet_name": sheet_name and shown(sheet_name),
                "cell_address": cell.address if cell else None,
                "raw_text": raw_text,
                "rule_code": rule_code,
                "severity": severity,
                "expected": expected,
                "message": message,
            }
        )
        if unit is None and severity == "mandatory" and not self.is_refused:
            self.file |= {
                "outcome": "refused",
                "refusal_rule": rule_code,
                "refusal_message": message,
            }
        if cell is not None and rule_code != "personal_data":
            self._report_personal_data(unit, item, cell, is_figure)

    def _report_personal_data(
        self, unit: Unit | None, item: Item | None, cell: Cell, is_figure: bool
    ) -> None:
        """Ask to take personal numbers out of a cell and out of its sheet's name, once each."""
        is_asked = item is not None and item.field_code in PHONE_FIELDS
        place = cell.sheet_name, cell.address
        if (
            not (is_figure or is_asked or place in self.personal)
            and cell.raw_text is not None
            and has_personal_data(cell.raw_text)
        ):
            self.personal.add(place)
            words = f"“{item.name}”{PERSONAL_DATA}" if item else PERSONAL_DATA
            self.report(unit, "personal_data", words, item=item, cell=cell, severity="review")
        sheet = cell.sheet_name, ""
        if has_personal_data(cell.sheet_name) and sheet not in self.personal:
            self.personal.add(sheet)
            words = f"工作表“{cell.sheet_name}”的名称{PERSONAL_DATA}"
            self.report(unit, "personal_data", words, sheet_name=cell.sheet_name, severity="review")

    def name_agency(self, problems_before: int, name: str | None) -> None:
        """Say which name stands beside a code that could not be read, by its latest problems."""
        for problem in self.problems[problems_before:]:
            problem["agency_name"] = name

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


def _is_figure(item: Item | None, cell: Cell) -> bool:
    """Return whether a number stands where one is asked for: digits that are nobody's phone."""
    return item is not None and item.unit is not None and not isinstance(cell.value, str)


def quote(cell: Cell) -> str:
    """Return what stands in a cell, short enough for a sentence."""
    text = cell.raw_text or ""
    text = " ".join((shown(text) if isinstance(cell.value, str) else text).split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
