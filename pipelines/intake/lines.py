"""Lines of the flash report: which line a row or column is, and reading its figures.

A line is known by code and label together; a label alone will do, a code alone will not. Where
rows and columns lie is the matter of the layouts, `single` and `roll`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, permutations
from typing import NamedTuple

from pipelines.catalog.models import Catalog, Form, FormField, FormLine, FormMeasure, FormSection
from pipelines.intake.fields import FieldReader, is_blank
from pipelines.intake.figures import REMEMBERED
from pipelines.intake.grammar import plain
from pipelines.intake.locating import Cell
from pipelines.intake.opened import OpenedFile
from pipelines.intake.records import Item, NotedUnits, ReadingRule, Rejected, Unit, quote
from pipelines.intake.tables import LABEL_WITH_UNIT, noted_units

REMEMBERED_TABLES = 64  # few layouts are in use at a time, and a table may be long
CODE_IN_LABEL = re.compile(r"(?P<code>[0-9]{2})[.、]?(?P<label>.+)")
# Above the head of a measure these words make another figure of it: 同比 over 本月.
LONGEST_OVERHEAD = 8
OTHER_FIGURES = re.compile("上年|去年|上月|上期|同期|同比|环比|增|减|比|率|计划|预计|目标|%")
SAME_FIGURES = re.compile("(本年|今年|当年)度?|金额|数[量值]")  # and these below it, none


PrintedUnit = tuple[Cell, str]  # where a unit is printed, and the unit in plain form


@dataclass(frozen=True)
class Found:
    """A line and what it was found by; `rule` is None where code and label disagree."""

    line: FormLine
    rule: ReadingRule | None


class Head(NamedTuple):
    """The head of a column of figures: as printed, and the measure's head in plain form."""

    column: int
    printed: str
    label: str


class Figure(NamedTuple):
    """What a value cell is asked for: a measure of a line, in the unit printed beside it."""

    item: Item
    rule: ReadingRule
    is_required: bool  # of a report that is not a zero report
    is_whole: bool


class Asked(NamedTuple):
    """A measure that a row is asked for; it has a figure if it has one column."""

    measure: FormMeasure
    columns: list[int]
    figure: Figure | None


class Wording(NamedTuple):
    """All that tells which lines the rows of a table are and what their cells are asked for."""

    names: tuple[tuple[str, str], ...]  # code and label of every row, in plain form
    units: tuple[str, ...]  # beside every row, in plain form
    heads: tuple[Head, ...]
    units_of_heads: tuple[str, ...]
    notes: tuple[NotedUnits, ...]


class RowPlan(NamedTuple):
    """What a row is asked for that is a line of the form; nothing if its unit is not clear."""

    place: int  # of the row in its table
    line: FormLine
    rule: ReadingRule
    columns: list[int]  # of the figures, 0 for a measure that has none
    asked: list[Asked] | None


class TablePlan(NamedTuple):
    """The rows of a table that are lines to be read, and those that cannot be told to be."""

    rows: list[RowPlan]
    doubtful: list[tuple[int, FormLine | None]]  # the line whose code stands beside another label


@dataclass(frozen=True)
class ZeroReport:
    """Where an agency says that it had no business, and the figures that say it had."""

    unit: Unit
    cell: Cell
    contradictions: list[tuple[Item, Cell]] = field(default_factory=list)


class LineIndex:
    """The lines of a form by code and by label, and its measures by the head of their column."""

    def __init__(self, form: Form, catalog: Catalog, fields: FieldReader) -> None:
        self.form = form
        self._fields = fields
        self.columns = lru_cache(REMEMBERED)(self._find_columns)
        self.identify = lru_cache(REMEMBERED_TABLES)(self._identify_all)
        self.plan = lru_cache(REMEMBERED_TABLES)(self._make_plan)
        self.figure = lru_cache(REMEMBERED)(self._make_figure)
        self.head = lru_cache(REMEMBERED)(self._find_head)
        self.tells_figures = lru_cache(REMEMBERED)(self._tell_figures)
        self._asked = lru_cache(REMEMBERED)(self._find_asked)
        self.measures: dict[str, FormMeasure] = {item.code: item for item in form.measures}
        self._by_code = {line.line: line for line in form.lines}
        self._by_label: dict[str, list[FormLine]] = defaultdict(list)
        for line in form.lines:
            for label in {plain(text) for text in (line.label, *line.aliases)}:
                self._by_label[label].append(line)
        self._sections = {
            line.line: section.sheet for section in form.sections for line in section.lines
        }
        self._stocks = {
            line.line
            for line in form.lines
            if catalog.indicator(line.indicator).measure_type == "stock"
        }
        self._flow_heads = {
            plain(text): measure.code
            for measure in form.measures
            for text in (measure.label, *measure.aliases)
        }
        self._stock_heads = {
            plain(measure.stock_label): measure.code
            for measure in form.measures
            if measure.stock_label
        }
        self.measure_heads = self._flow_heads.keys() | self._stock_heads.keys()  # in plain form

    def is_code(self, text: str) -> bool:
        """Return whether the text (plain form) is the code of a line."""
        return text.zfill(2) in self._by_code

    def is_label(self, text: str) -> bool:
        """Return whether the text (plain form) is the label of a line, its unit or code added."""
        return self._split_code("", self.split_unit(text)[0])[1] in self._by_label

    def measure(self, line: str, head: str) -> str | None:
        """Return the measure of a line that a head (plain form) names; None if not asked for."""
        found = self.columns(line, (Head(0, head, head),))
        return next((measure for measure, columns in found if columns), None)

    def agreed_unit(
        self, line: FormLine, printed: Sequence[str], notes: tuple[NotedUnits, ...]
    ) -> str | None:
        """Return the unit of a line by all that is printed beside it; None if that is not one."""
        units = {self._fields.unit_of(text, line.unit, notes) for text in printed or ("",)}
        unit = units.pop()
        return None if units or isinstance(unit, Rejected) else unit

    def split_unit(self, text: str) -> tuple[str, str]:
        """Return a head (plain form) without the unit printed in it, and that unit."""
        match = LABEL_WITH_UNIT.fullmatch(text)
        unit = (match["unit"] or match["per"]) if match else ""
        return (match["label"], unit) if match and self._fields.is_unit(unit) else (text, "")

    def _find_head(self, *texts: str) -> tuple[str, str] | None:
        """Return the measure's head, and the unit in it, that stands over a column of figures.

        The texts (plain form) go from top to bottom; two of them may be one head, as 上年同期 over
        1—本月. None if they are no head, or that of another figure.
        """
        split = [self.split_unit(text) for text in texts if text]
        labels = [label for label, _ in split]
        unit = next((unit for _, unit in reversed(split) if unit), "")
        joined = ("".join(pair) for pair in permutations(labels, 2))
        if found := next((text for text in joined if text in self.measure_heads), None):
            return found, unit
        heads = [place for place, label in enumerate(labels) if label in self.measure_heads]
        if len(heads) != 1:
            return None
        place = heads[0]
        is_other = any(map(OTHER_FIGURES.search, labels[:place]))
        is_same = all(map(SAME_FIGURES.fullmatch, labels[place + 1 :]))
        return (labels[place], unit) if is_same and not is_other else None

    def _tell_figures(self, text: str) -> bool:
        """Return whether a text (plain form) above heads says which figures stand below."""
        label, _ = self.split_unit(text)
        told = OTHER_FIGURES.search(label) or SAME_FIGURES.fullmatch(label)
        return label in self.measure_heads or (told is not None and len(label) <= LONGEST_OVERHEAD)

    def _find_columns(self, line: str, heads: tuple[Head, ...]) -> list[tuple[str, list[int]]]:
        """Return each measure of a line with the columns it has.

        For points in time 期末 goes before 本月; other lines never stand below 期末.
        """
        found: list[tuple[str, list[int]]] = []
        for measure in self.measures:
            if measure in self._by_code[line].measures:
                of_stocks = [h.column for h in heads if self._stock_heads.get(h.label) == measure]
                of_flows = [h.column for h in heads if self._flow_heads.get(h.label) == measure]
                is_below_stock = line in self._stocks and bool(of_stocks)
                found.append((measure, of_stocks if is_below_stock else of_flows))
        return found

    def _make_plan(self, wording: Wording) -> TablePlan:
        """Return what the rows of a table are; those that are calculated are left out."""
        plan = TablePlan([], [])
        found_rows = zip(self.identify(wording.names), wording.units, strict=True)
        for place, (found, beside) in enumerate(found_rows):
            if found is None:
                plan.doubtful.append((place, None))
                continue
            line, rule = found.line, found.rule
            if line.calculated is not None:
                continue
            if rule is None:
                plan.doubtful.append((place, line))
                continue
            of_heads = [unit for unit in wording.units_of_heads if unit or not beside]
            printed = [beside, *of_heads] if beside else of_heads
            unit = self.agreed_unit(line, printed, wording.notes)
            if unit is None:
                plan.rows.append(RowPlan(place, line, rule, [], None))
            else:
                asked = self._asked(line.line, wording.heads, unit, rule)
                plan.rows.append(RowPlan(place, line, rule, *asked))
        return plan

    def _find_asked(
        self, line: str, heads: tuple[Head, ...], unit: str, rule: ReadingRule
    ) -> tuple[list[int], list[Asked]]:
        """Return what a row of a line is asked for below these heads.

        The columns of its figures go before, 0 for a measure that has none.
        """
        printed = {head.column: head.printed for head in heads}
        asked = []
        for code, columns in self.columns(line, heads):
            figure = None
            if len(columns) == 1:
                figure = self.figure(line, code, printed[columns[0]], unit, rule)
            asked.append(Asked(self.measures[code], columns, figure))
        return [0 if each.figure is None else each.columns[0] for each in asked], asked

    def _make_figure(
        self, line: str, measure: str, head: str, unit: str, rule: ReadingRule
    ) -> Figure:
        """Return what a cell below this head (as printed) is asked for."""
        asked = self._by_code[line]
        name = f"{line} {asked.label}（{head}）"
        return Figure(
            Item(asked.indicator, name, asked.indicator, measure, unit),
            rule,
            asked.required and self.measures[measure].required,
            self._fields.counts_whole(unit),
        )

    def _identify_all(self, names: tuple[tuple[str, str], ...]) -> list[Found | None]:
        """Return the line that each (code, label) of one table names.

        A label that several sections have means the line of the section amid which it stands.
        """
        names = tuple(self._split_code(code, label) for code, label in names)
        sections = [self._section(code, label) for code, label in names]
        known = [section for section in sections if section]
        blocks = [section for section, _ in groupby(known)]
        is_told = len(blocks) == len(set(blocks))  # else rows of several sections are mixed
        above = accumulate(sections, _last_named)
        below = reversed([*accumulate(reversed(sections), _last_named)])
        found = []
        for (code, label), *around in zip(names, above, below, strict=True):
            homes = {*around} - {""}
            home = homes.pop() if is_told and len(homes) == 1 else ""
            found.append(self._identify(code, label, home))
        return found

    def _split_code(self, code: str, label: str) -> tuple[str, str]:
        """Return code and label, which may stand in one cell."""
        match = CODE_IN_LABEL.fullmatch(label)
        if code or label in self._by_label or match is None:
            return code, label
        return (match["code"], match["label"]) if match["label"] in self._by_label else ("", label)

    def _section(self, code: str, label: str) -> str:
        """Return the section that a code, or a label of one section only, tells of; else none."""
        coded = self._by_code.get(code.zfill(2))
        lines = [coded] if coded is not None else self._by_label.get(label, [])
        sections = {self._sections[line.line] for line in lines}
        return sections.pop() if len(sections) == 1 else ""

    def _identify(self, code: str, label: str, home: str) -> Found | None:
        """Return the line that a code and a label name amid the lines of a section."""
        coded = self._by_code.get(code.zfill(2))
        labelled = self._by_label.get(label, [])
        if coded is not None:
            return Found(coded, "code_and_label" if coded in labelled else None)
        if len(labelled) > 1:
            labelled = [line for line in labelled if self._sections[line.line] == home]
        if len(labelled) != 1:
            return None
        return Found(labelled[0], None if code else "label")


def _last_named(last: str, section: str) -> str:
    """Return a row's section, or that of the last row before it that has one."""
    return section or last


@dataclass(frozen=True)
class FlashFile(OpenedFile):
    """A flash report being read, for the month of its folder."""

    index: LineIndex
    month: str

    def read_figure(
        self, unit: Unit, figure: Figure, cell: Cell, zero_report: ZeroReport | None
    ) -> None:
        """Keep the figure in a cell, or report why there is none."""
        reading, item = self.reading, figure.item
        reading.ask(unit, item, cell)
        is_required = figure.is_required and zero_report is None
        if is_blank(cell, is_required):
            if is_required:
                rejected = Rejected("missing_value", "没有填写", "数字，没有发生的填0")
                reading.reject(unit, item, cell, rejected)
            return
        result = self.reader.read_number(cell, item.unit, figure.is_whole)
        if isinstance(result, Rejected):
            reading.reject(unit, item, cell, result)
            return
        reading.keep(unit, item, cell, result, figure.rule)
        if zero_report and figure.is_required and result.number:
            zero_report.contradictions.append((item, cell))

    def report_contradictions(self, asked: FormField, zero_report: ZeroReport) -> None:
        """Report the figures of a zero report, all in one sentence where it calls itself one."""
        if not zero_report.contradictions:
            return
        item, cell = zero_report.contradictions[0]
        self.reading.report(
            zero_report.unit,
            "zero_report_conflict",
            f"“{asked.label}”填的是“{quote(zero_report.cell)}”，"
            f"但有{len(zero_report.contradictions)}项数据不是0，"
            f"第一项是工作表“{cell.sheet_name}”单元格{cell.address}的“{item.name}”，"
            f"填的是“{quote(cell)}”，请把“{asked.label}”改为“否”，或把各项改为0",
            item=self.item(asked),
            cell=zero_report.cell,
            expected="“否”，或把各项改为0",
        )

    def report_absent(
        self, unit: Unit | None, section: FormSection, absent: Sequence[FormLine]
    ) -> None:
        """Report lines of a section that the workbook does not have, all in one sentence."""
        if not absent:
            return
        asked = asked_lines(section)
        names = "、".join(f"“{line.line} {line.label}”" for line in absent)
        if len(absent) == len(asked):
            names = (
                f"“{section.sheet}”的全部{len(asked)}项指标（{asked[0].line}至{asked[-1].line}）"
            )
        else:
            names = f"工作表“{section.sheet}”的{names}"
        self.reading.report(
            unit,
            "missing_value",
            f"没有找到{names}，请用下发的模板补填后重新报送",
            sheet_name=section.sheet,
        )

    def report_mismatch(self, unit: Unit | None, line: FormLine, label: Cell) -> None:
        """Report that the code of a line stands beside the label of another."""
        shown = f"为“{quote(label)}”" if label.raw_text else "为空"
        self.reading.report(
            unit,
            "label_mismatch",
            f"的指标名称{shown}，与代码不符，请按模板恢复代码和名称（{line.line} {line.label}）",
            cell=label,
            expected=f"{line.line} {line.label}",
        )

    def report_second(self, unit: Unit | None, line: FormLine, first: Cell, second: Cell) -> None:
        """Report that a line stands in the workbook twice."""
        self.reading.report(
            unit,
            "duplicate_label",
            f"的“{line.line} {line.label}”在工作表“{first.sheet_name}”单元格{first.address}已有，"
            "请只保留一处",
            cell=second,
        )

    @cached_property
    def noted_on_cover(self) -> NotedUnits:
        """The units that notes on sheets without figures name."""
        covers = [page for page in self.pages if not page.bears(self.index.measure_heads)]
        return tuple(names for page in covers for names in noted_units(page, page.last_row + 1))

    def read_unit(
        self,
        unit: Unit | None,
        line: FormLine,
        printed: Sequence[PrintedUnit],
        noted: NotedUnits,
    ) -> str | None:
        """Return the unit in which a line's figures stand: printed, noted, or its own.

        One that is not its own, units that differ, and a note that says otherwise, are reported.

        Args:
            unit: whom a problem concerns; the whole file if None.
            line: the line.
            printed: the cells that print its unit; an empty one is in its own unit or as noted.
            noted: units that notes around its table name; without any, those of the cover count.
        """
        notes = noted, self.noted_on_cover
        unit_told = self.index.agreed_unit(line, [text for _, text in printed], notes)
        if unit_told is not None:
            return unit_told
        found = [(cell, self.reader.unit_of(text, line.unit, notes)) for cell, text in printed]
        refused = [(cell, each) for cell, each in found if isinstance(each, Rejected)]
        differing = Rejected(
            "unit_conflict",
            "与另一处的计量单位不一致，不能确定以哪个为准",
            "实际使用的单位，并使各处一致",
        )
        cell, rejected = refused[-1] if refused else (found[-1][0], differing)
        item = Item(line.indicator, f"{line.line} {line.label}（计量单位）")
        self.reading.reject(unit, item, cell, rejected)
        return None


def asked_lines(section: FormSection) -> list[FormLine]:
    """Return the lines of a section that are read back: calculated ones are not."""
    return [line for line in section.lines if line.calculated is None]
