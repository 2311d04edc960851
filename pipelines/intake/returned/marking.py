"""The child process that writes returned workbooks: it alone opens an agency's file with openpyxl.

A file that could carry more than cells (macros, links to other files, controls) is refused here; of
every other one only what openpyxl writes itself goes back, formulas as the values they had.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Protection
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.fills import PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.intake.gates import RefusedError, admit
from pipelines.intake.grammar import plain
from pipelines.intake.returned.remarks import (
    IN_ORIGINAL,
    REVIEW_SHEET,
    Order,
    Place,
    Remark,
    decode_order,
    find_heads,
)
from pipelines.intake.returned.review_sheet import (
    AMBER,
    RED,
    add_review_sheet,
    keep_text,
)
from pipelines.intake.saving import save
from pipelines.intake.serving import serve
from pipelines.intake.shown_text import FORMULA_STARTS, shown
from pipelines.intake.templates.formulas import PASSED, TO_CHECK
from pipelines.intake.templates.style import text_width

ACTIVE_PARTS = re.compile(
    "vbaproject|macrosheets|dialogsheets|externallinks|activex|ctrlprops|embeddings"
    "|connections.xml|querytables|customui|webextensions"
)
UNREADABLE = (  # what openpyxl raises over files that Excel and calamine still take
    InvalidFileException,
    BadZipFile,
    AttributeError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    OSError,
    SyntaxError,  # xml.etree's ParseError
)
OWN_RANGE = re.compile(r"('[^'\[\]|]+'|[^'\[\]|!,()]+)!\$?[A-Z0-9$]+(:\$?[A-Z0-9$]+)?")

FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")  # in the XML of a sheet
AS_VALUES = "原文件中的公式已转为数值，不再自动计算。"

AUTHOR = "审核"
OTHER_AUTHOR = "原批注"
MARK = "审核意见标记"  # by which a mark is known when the workbook goes back once more
RELATED = "【关联】"
OTHERS_COMMENT = "\n——原批注——\n"
LAST_HEAD_ROW = 20  # below which the heads of the sheet 审核意见 do not stand
COMMENT_WIDTH = 300  # pixels
CHARACTERS_PER_LINE = 40
LINE_PIXELS = 19


class Gravity(IntEnum):
    """Why a cell is marked, the gravest last."""

    NEAR_REVIEW = 1
    NEAR_MANDATORY = 2
    REVIEW = 3
    MANDATORY = 4


COLOURS = {
    Gravity.NEAR_REVIEW: "FFF0C8",
    Gravity.NEAR_MANDATORY: "FCE8E8",
    Gravity.REVIEW: AMBER,
    Gravity.MANDATORY: RED,
}


def main() -> None:
    """Answer requests until the standard input ends."""
    serve(lambda setup, send_part: answer)


def answer(request: bytes) -> list[Any]:
    """Make the workbook that is ordered.

    Raises:
        RefusedError: the source is not a workbook that may go back.
    """
    order = decode_order(request)
    content = Path(order.source).read_bytes()
    if admit(content).container != "xlsx":
        raise RefusedError("not_a_plain_xlsx")
    _refuse_active(content)
    if not order.is_refilled and _has_formulas(content):
        order = replace(order, notes=[*order.notes, AS_VALUES])
    save(_mark(_open(content, order.is_refilled), order), Path(order.target))
    return ["made"]


def _refuse_active(content: bytes) -> None:
    """Refuse a workbook that holds more than cells."""
    with ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            if ACTIVE_PARTS.search(name.casefold()):
                raise RefusedError("active_content", name)


def _has_formulas(content: bytes) -> bool:
    """Return whether a sheet of the workbook calculates anything."""
    with ZipFile(BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return any(FORMULA.search(package.read(name)) for name in sheets)


def _open(content: bytes, is_refilled: bool) -> Workbook:
    """Open a workbook with the values of its formulas, or with our own formulas."""
    try:
        return load_workbook(
            BytesIO(content), data_only=not is_refilled, keep_links=False, keep_vba=False
        )
    except UNREADABLE as error:
        raise RefusedError("not_openable", repr(error)) from error


def _mark(workbook: Workbook, order: Order) -> Workbook:
    """Return the workbook with marks, comments and the sheet 审核意见, and without links."""
    order = replace(order, remarks=_at_own_names(order.remarks, workbook.sheetnames))
    replaced = {sheet.title: sheet for sheet in workbook.worksheets if _is_review_sheet(sheet)}
    for sheet in replaced.values():
        workbook.remove(sheet)
    order = replace(order, remarks=[_without_place(each, replaced) for each in order.remarks])
    for names in (workbook.defined_names, *(each.defined_names for each in workbook.worksheets)):
        for name, defined in list(names.items()):
            if not OWN_RANGE.fullmatch(defined.attr_text or ""):
                del names[name]
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = False
        _clean(sheet)
        if not order.is_refilled:
            _blank_checks(sheet)
    _put_marks(workbook, order.remarks)
    add_review_sheet(workbook, order)
    return workbook


def _at_own_names(remarks: Sequence[Remark], names: Collection[str]) -> list[Remark]:
    """Return the remarks with the names that the sheets have for the ones that are shown."""
    own: dict[str, list[str]] = defaultdict(list)
    for name in names:
        own[shown(name)].append(name)

    def place(shown_at: Place) -> Place:
        sheet_name, *others = own.get(shown_at.sheet_name, [shown_at.sheet_name])
        return shown_at if others else replace(shown_at, sheet_name=sheet_name)

    return [
        replace(
            remark,
            place=place(remark.place) if remark.place else None,
            related=[place(each) for each in remark.related],
        )
        for remark in remarks
    ]


def _is_review_sheet(sheet: Worksheet) -> bool:
    """Return whether a sheet is the one of an earlier return, under whatever name: by its heads."""
    rows = sheet.iter_rows(max_row=LAST_HEAD_ROW, values_only=True)
    labels = ([plain(value) if isinstance(value, str) else "" for value in row] for row in rows)
    return any(map(find_heads, labels))


def _without_place(remark: Remark, replaced: Collection[str]) -> Remark:
    """Return a remark on a cell of a replaced sheet as one on a cell that is only in the file."""
    if remark.place is None or remark.place.sheet_name not in replaced:
        return remark
    return replace(remark, place=None, position=f"{IN_ORIGINAL}{remark.place.cell_address}")


def _clean(sheet: Worksheet) -> None:
    """Take off links, pivots and the marks of an earlier return; texts stay texts."""
    sheet._pivots = []  # type: ignore[attr-defined] # no public way
    sheet._hyperlinks = []  # type: ignore[attr-defined]
    for cell in sheet._cells.values():  # only those that exist
        if isinstance(cell, MergedCell):
            continue
        cell.hyperlink = None
        if cell.data_type == "s" and str(cell.value).startswith(FORMULA_STARTS):
            keep_text(cell)
        if cell.comment:
            ours, others = _split_comment(cell.comment)
            if ours:
                cell.comment = _comment(others, OTHER_AUTHOR) if others else None
    rules = ConditionalFormattingList()
    for formatted in sheet.conditional_formatting:
        for rule in formatted.rules:
            if MARK not in str(rule.formula):
                rules.add(str(formatted.sqref), rule)
    sheet.conditional_formatting = rules


def _blank_checks(sheet: Worksheet) -> None:
    """Empty the form's own check cells: as values they would say 请核对 for ever."""
    for cell in sheet._cells.values():  # only those that exist
        is_check = cell.value == PASSED or str(cell.value).startswith(TO_CHECK)
        if is_check and cell.protection.locked:  # not where one fills in
            cell.value = None


def _put_marks(workbook: Workbook, remarks: Sequence[Remark]) -> None:
    """Comment, unlock and colour the cells the remarks speak of; the gravest gives the colour."""
    marks: dict[Place, list[tuple[Gravity, str]]] = defaultdict(list)
    for number, remark in enumerate(remarks, start=1):
        for place, gravity, words in _marks(number, remark):
            if place.sheet_name in workbook.sheetnames:
                marks[_shown_at(workbook[place.sheet_name], place)].append((gravity, words))
    coloured: dict[tuple[str, Gravity], list[str]] = defaultdict(list)
    for place, of_cell in marks.items():
        cell = workbook[place.sheet_name][place.cell_address]
        words = "\n".join(dict.fromkeys(words for _, words in of_cell))
        others = OTHERS_COMMENT + cell.comment.text if cell.comment else ""
        cell.comment = _comment(words + others, AUTHOR)
        cell.protection = Protection(locked=False, hidden=cell.protection.hidden)
        gravest = max(gravity for gravity, _ in of_cell)
        coloured[place.sheet_name, gravest].append(place.cell_address)
    for (sheet_name, gravity), addresses in coloured.items():
        _colour(workbook[sheet_name], addresses, COLOURS[gravity])


def _marks(number: int, remark: Remark) -> Iterator[tuple[Place, Gravity, str]]:
    """Yield the cells that a remark marks, its own and related ones, with what is said there."""
    is_mandatory = remark.severity == "mandatory"
    if remark.place:
        gravity = Gravity.MANDATORY if is_mandatory else Gravity.REVIEW
        yield remark.place, gravity, f"【{SEVERITY_NAMES[remark.severity]}】{remark.problem}"
    gravity = Gravity.NEAR_MANDATORY if is_mandatory else Gravity.NEAR_REVIEW
    for place in remark.related:
        yield place, gravity, f"{RELATED}见“{REVIEW_SHEET}”第{number}条。"


def _shown_at(sheet: Worksheet, place: Place) -> Place:
    """Return a place, or within merged cells the one that shows what stands there."""
    for merged in sheet.merged_cells.ranges:
        if place.cell_address in merged:
            return Place(place.sheet_name, merged.start_cell.coordinate)
    return place


def _colour(sheet: Worksheet, addresses: Sequence[str], colour: str) -> None:
    """Colour cells by a rule, so that the form's own look stays beneath and can come back."""
    fill = PatternFill("solid", bgColor=colour)
    rule = Rule("expression", dxf=DifferentialStyle(fill=fill), formula=[f'"{MARK}"<>""'])
    sheet.conditional_formatting.add(" ".join(addresses), rule)


def _comment(text: str, author: str) -> Comment:
    """Return a comment with room for its text."""
    lines = sum(-(-text_width(line) // CHARACTERS_PER_LINE) or 1 for line in text.splitlines())
    return Comment(text, author, width=COMMENT_WIDTH, height=LINE_PIXELS * lines + 24)


def _split_comment(comment: Comment) -> tuple[str, str]:
    """Return our part of a comment and what somebody else wrote.

    Ours are known by author and beginning; LibreOffice forgets all authors.
    """
    kinds = tuple(f"【{kind}】" for kind in SEVERITY_NAMES.values())
    is_ours = (comment.author or "").strip() in ("", AUTHOR)
    if not is_ours or not comment.text.startswith((*kinds, RELATED)):
        return "", comment.text
    ours, _, others = comment.text.partition(OTHERS_COMMENT)
    return ours, others


if __name__ == "__main__":
    main()
