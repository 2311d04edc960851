"""Tables whose columns are fields of the catalog: a header row found by its labels, rows below.

List forms are such tables, and so is the list of agencies in a roll.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipelines.catalog.models import Form, FormField, FormTable
from pipelines.intake.covers import labels_of
from pipelines.intake.grammar import is_nil, plain
from pipelines.intake.locating import Cell, Page
from pipelines.intake.opened import OpenedFile
from pipelines.intake.records import NotedUnits, Unit, quote

LABEL_WITH_UNIT = re.compile(r"(?P<label>.+)(?:\((?:(?:计量)?单位:)?(?P<unit>.+)\)|/(?P<per>.+))")
# 单位:元, 单位(元), 金额单位为人民币元, 单位:元(人民币), 以元为单位: in plain form, alone or in a
# title. 填报单位:… and its like name an organisation.
UNIT_NOTE = re.compile(
    r"(?:.*(?<![报送属管]))?单位均?[为是:(]+(?:人民币)?(?P<unit>[^()。]+?)(?:人民币|币种.*)?(?:[()。].*)?"
    r"|.*以(?:人民币)?(?P<counted>[^()。]+?)(?:为单位|计算|计)(?![^。)]).*"
)
UNIT_BESIDE = re.compile("(?:计量|金额|货币)?单位")  # whose unit stands in the next cell
LONGEST_NOTE = 40  # instructions are longer
BETWEEN_UNITS = re.compile("[、,;/和]")
ROWS_OF_UNIT_NOTES = 2  # above the header
# What the rows between and below those of agencies begin or end with, in plain form.
TOTAL = re.compile(r".*(合计|小计|总计|共计|汇总)[数额]?(\(.*\))?|其中(:.*)?")
TITLE = re.compile(r"第?[一二三四五六七八九十]+[、.章节类部].*|\([一二三四五六七八九十]+\).*")
REMARK = re.compile(
    "(备注|附?注|说明|填[报表]说明)([:0-9.、].*)?"
    "|(单位|统计|报表|分管)?负责人(:.*)?|(填[报表]|制表|审核|复核|联系)人(:.*)?"
    "|联系电话(:.*)?|(报出|填[报表]|制表)(日期|时间)(:.*)?"
)
CODE_LENGTH = 18


@dataclass(frozen=True)
class Table:
    """A header row on a page: the header cells of each field found, normally one."""

    page: Page
    header_row: int
    headers: dict[str, list[Cell]]

    def cell(self, row: int, field: str) -> Cell:
        """Return the cell of a field in a row."""
        return self.page.cell(row, self.headers[field][0].column)

    def rows(self) -> Iterator[int]:
        """Yield the rows that say something in these columns, but for totals and what is beside.

        Beside the point are repeated heads, titles of sections, remarks and signatures.
        """
        heads = {"", *(cell.label for cells in self.headers.values() for cell in cells)}
        for row in range(self.header_row + 1, self.page.last_row + 1):
            code = self._code(row)
            if len(code) == CODE_LENGTH and code.isascii():
                yield row
                continue
            says = any(self.cell(row, field).label not in heads for field in self.headers)
            if says and not self.is_total(row) and not self._is_aside(row, code):
                yield row

    def is_total(self, row: int) -> bool:
        """Return whether a row sums up others: 合计 up to where names stand, and no code."""
        code = self._code(row)
        cells = self.page.cells(row, self._columns_of_names)
        is_named_total = any(TOTAL.fullmatch(cell.label) for cell in cells)
        return is_named_total and (not code or is_nil(code) or bool(TOTAL.fullmatch(code)))

    def _is_aside(self, row: int, code: str) -> bool:
        """Return whether a row is a title between the rows, or a remark or signature below."""
        first, *others = self.page.row(row)
        is_title = TITLE.fullmatch(first.label) and not others
        is_aside = is_title or REMARK.fullmatch(first.label)
        return bool(is_aside) and code in ("", first.label)

    def _code(self, row: int) -> str:
        """Return the label of a row's 统一社会信用代码; empty where there is none."""
        return self.cell(row, "credit_code").label if "credit_code" in self.headers else ""

    def printed_unit(self, field: FormField) -> str:
        """Return the unit (plain form) printed in the header or above it; empty if none is."""
        header = self.headers[field.field][0]
        match = LABEL_WITH_UNIT.fullmatch(header.label)
        if match and header.label not in labels_of(field):
            return match["unit"] or match["per"]
        for row in range(self.header_row - 1, self.header_row - 1 - ROWS_OF_UNIT_NOTES, -1):
            if unit := _noted_in(self.page.cell(row, header.column).label):
                return unit
        return ""

    @cached_property
    def _columns_of_names(self) -> range:
        """The columns up to where names stand: there a row says that it is a total."""
        identity = [
            cells[0].column
            for field, cells in self.headers.items()
            if field == "credit_code" or field.endswith("name")
        ]
        return range(1, max(identity, default=0) + 1)


def table_of(form: Form, sheet_name: str) -> FormTable | None:
    """Return which table of a form a sheet holds: the only one, else the one of its name."""
    if len(form.tables) == 1:
        return form.tables[0]
    named = (table for table in form.tables if plain(table.sheet) == plain(sheet_name))
    return next(named, None)


def find_tables(pages: Sequence[Page], fields: Sequence[FormField]) -> list[Table]:
    """Return the row of each page that bears most header labels, fullest first."""
    fields_by_label = {label: field.field for field in fields for label in labels_of(field)}
    tables = []
    for page in pages:
        rows: dict[int, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for text, places in page.texts():
            field = fields_by_label.get(text)
            if field is None and (match := LABEL_WITH_UNIT.fullmatch(text)):
                field = fields_by_label.get(match["label"])
            if field is not None:
                for row, column in places:
                    rows[row][field].append(page.cell(row, column))
        if rows:
            row, headers = max(rows.items(), key=lambda item: (len(item[1]), -item[0]))
            tables.append(Table(page, row, dict(headers)))
    return sorted(tables, key=lambda table: -len(table.headers))


def noted_units(
    page: Page, header_row: int, columns_with_units: Container[int] = (), is_last: bool = False
) -> NotedUnits:
    """Return the units that notes around a table name (单位：万元), by rows.

    Those above the header go before, the nearest first. A note close above one of
    `columns_with_units` speaks of that column alone. Where the table is the last of its page,
    remarks under it count, too.
    """
    rows: dict[int, list[str]] = defaultdict(list)
    for text, places in page.texts():
        if "单位" not in text and "以" not in text:
            continue
        unit = _noted_in(text)
        for row, column in places:
            is_above = row < header_row
            is_close = is_above and row >= header_row - ROWS_OF_UNIT_NOTES
            is_under = is_last and row > header_row
            if not (is_above or is_under) or (is_close and column in columns_with_units):
                continue
            if UNIT_BESIDE.fullmatch(text):
                unit = page.value_beside(page.cell(row, column), ()).label
            rows[row].extend(BETWEEN_UNITS.split(unit))
    above = sorted((row for row in rows if row < header_row), reverse=True)
    under = sorted(row for row in rows if row >= header_row)
    return tuple(tuple(rows[row]) for row in [*above, *under])


@lru_cache(4_096)
def _noted_in(text: str) -> str:
    """Return what a note (plain form) names as the unit; empty if it is no such note."""
    if len(text) > LONGEST_NOTE:
        return ""
    match = UNIT_NOTE.fullmatch(text)
    return (match["unit"] or match["counted"]) if match else ""


def has_sound_heads(file: OpenedFile, table: Table, fields: Sequence[FormField]) -> bool:
    """Return whether each required column is there and none twice; if not, the file is refused."""
    absent = [field for field in fields if field.required and field.field not in table.headers]
    for field in absent:
        file.reading.report(
            None,
            "missing_column",
            f"工作表“{table.page.name}”没有“{field.label}”一列，请按模板恢复该列并填写",
            item=file.item(field),
            sheet_name=table.page.name,
            expected=field.label,
        )
    repeated = [cells[1] for cells in table.headers.values() if len(cells) > 1]
    for cell in repeated:
        words = f"的列名“{quote(cell)}”重复，请只保留一列"
        file.reading.report(None, "duplicate_label", words, cell=cell)
    return not absent and not repeated


def report_no_rows(file: OpenedFile, table: Table) -> None:
    """Refuse a file whose table has a header and nothing below it."""
    words = f"工作表“{table.page.name}”没有填写任何一行，请补填后重新报送"
    file.reading.report(None, "missing_value", words, sheet_name=table.page.name)


def agency_rows(
    file: OpenedFile, table: Table, field: FormField, month: str, may_repeat: bool = False
) -> Iterator[Unit]:
    """Yield the agency of each row, reporting rows without a readable code and second rows.

    Where rows `may_repeat`, one that says the same as the first is passed over.
    """
    first_rows: dict[str, int] = {}
    for row in table.rows():
        file.reading.hand_on_many()
        cell = table.cell(row, field.field)
        problems_before = len(file.reading.problems)
        code = file.read(field, cell, Unit(None, row), month)
        if code is None or code.text is None:
            if "agency_name" in table.headers:
                name = table.cell(row, "agency_name").raw_text
                file.reading.name_agency(problems_before, name)
            continue
        if code.text in first_rows:
            if may_repeat and _says_the_same(table, first_rows[code.text], row):
                continue
            file.reading.report(
                Unit(code.text, row),
                "duplicate_agency",
                f"的统一社会信用代码“{code.text}”与第{first_rows[code.text]}行重复，"
                "一家机构只能有一行，请删去或改正其中一行",
                item=file.item(field),
                cell=cell,
            )
            continue
        first_rows[code.text] = row
        yield Unit(code.text, row)


def _says_the_same(table: Table, first: int, second: int) -> bool:
    """Return whether two rows have the same content in every column."""
    return all(
        table.cell(first, field).value == table.cell(second, field).value for field in table.headers
    )
