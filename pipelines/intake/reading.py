"""Reads a decoded workbook: which form it should be, which layout it has, what stands in it.

Where values lie is found by labels and codes of the catalog, never by fixed positions. Decoding
comes before (`decoding`), making tables of many readings after (`frames`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.catalog.models import Catalog, Form
from pipelines.intake.covers import Cover, labels_of
from pipelines.intake.decoding import REASONS, DecodeFailure, Workbook
from pipelines.intake.fields import FieldReader
from pipelines.intake.grammar import parse_credit_code
from pipelines.intake.inbox import FOLDER_PERIODS
from pipelines.intake.lines import FlashFile, LineIndex
from pipelines.intake.lists import read_list
from pipelines.intake.locating import Page
from pipelines.intake.opened import OpenedFile
from pipelines.intake.outdated import report_old_template
from pipelines.intake.receipts import Receipt
from pipelines.intake.recognising import find_likely, find_version, likeness
from pipelines.intake.records import Accepted, HandOn, Reading
from pipelines.intake.returned.explanations import is_review_page, read_explanations
from pipelines.intake.roll import agency_fields, find_agency_list, read_roll
from pipelines.intake.several import find_covers, read_several, report_strange_sheets
from pipelines.intake.single import read_single

FEWEST_MARKS = 2
NOT_THIS_FORM = ("unrelated", "missing_column", "unknown_sheet", "period_missing")
EXAMPLES = {
    "reports": "reports/2025-06",
    "annual": "annual/2025",
    "platforms": "platforms/2025",
    "review": "review/2025-06",
}


class WorkbookReader:
    """Reads workbooks by a catalog; what it looked up for one it knows for the next."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._fields = FieldReader(catalog)
        self._indexes = [
            LineIndex(form, catalog, self._fields) for form in catalog.forms if form.sections
        ]

    def read(self, workbook: Workbook, receipt: Receipt, hand_on: HandOn | None = None) -> Reading:
        """Return what a workbook says as the form of the folder it was dropped in.

        A refused file, too, keeps what could be read: so it is known who sent it. `hand_on`, if
        given, is given the rows of a long one as they become many.
        """
        reading, form = _begin(receipt, self._catalog)
        reading.hand_on = hand_on
        reading.file |= {"container": workbook.container, "has_macros": workbook.has_macros}
        pages = [Page(sheet) for sheet in workbook.sheets if sheet.rows]
        if form is None:
            _refuse_place(reading, self._catalog, self._find_place(pages))
            return reading
        returned = [page for page in pages if is_review_page(page)]
        pages = [page for page in pages if page not in returned]
        versions = [each for each in self._catalog.forms if each.code == form.code]
        used = find_version(versions, form, pages)
        reading.file["form_version"] = used.valid_from
        file = OpenedFile(reading, self._fields, used, pages, workbook.epoch)
        index = next((index for index in self._indexes if index.form is used), None)
        if index is None:
            read_list(file)
        else:
            _read_flash(file, index)
        if reading.file["refusal_rule"] in NOT_THIS_FORM:
            self._say_where_it_belongs(reading, form, pages)
        elif used is not form:
            report_old_template(file, form)
        for page in returned:
            read_explanations(reading, page)
        return reading

    def _find_place(self, pages: Sequence[Page]) -> tuple[Form, str] | None:
        """Return which form a workbook looks like, and the folder where it should lie."""
        form = find_likely(self._catalog.forms, pages)
        if form is None or form.folder not in FOLDER_PERIODS:
            return None if form is None else (form, form.folder)
        bounds = frozenset().union(*map(labels_of, form.cover))
        for field in form.cover:
            for page in pages if field.field == "period" else []:
                for label in page.find(labels_of(field)):
                    value = self._fields.read(field, page.value_beside(label, bounds), "")
                    if isinstance(value, Accepted):
                        return form, f"{form.folder}/{value.text}"
        return form, f"{form.folder}下按报告期命名的文件夹（如{EXAMPLES[form.folder]}）"

    def _say_where_it_belongs(self, reading: Reading, form: Form, pages: Sequence[Page]) -> None:
        """Say of a file that is not the form of its folder which other it looks like."""
        place = self._find_place(pages)
        if place is None or place[0].code == form.code:
            return
        if likeness(place[0], pages) > likeness(form, pages):
            reading.problems.clear()
            reading.file["outcome"] = "read"
            _refuse_as(reading, "wrong_folder", place)


def read_failure(failure: DecodeFailure, receipt: Receipt, catalog: Catalog) -> Reading:
    """Return the reading of a file that could not be decoded: one problem.

    A file that could not be opened is quarantined: unlike a refused one, nobody has read it.
    """
    reading, _ = _begin(receipt, catalog)
    reading.report(None, failure.rule_code, failure.message)
    if failure.rule_code in REASONS:
        reading.file["outcome"] = "quarantined"
    return reading


def _begin(receipt: Receipt, catalog: Catalog) -> tuple[Reading, Form | None]:
    """Return an empty reading, and the form that the file's folder is for, if there is one."""
    reading = Reading.begin(receipt)
    form = _find_form(receipt, catalog)
    if form is not None:
        reading.file |= {"form_code": form.code, "form_version": form.valid_from}
    return reading, form


def _find_form(receipt: Receipt, catalog: Catalog) -> Form | None:
    """Return the form that a folder takes in its period; None if it takes none."""
    if receipt.folder in FOLDER_PERIODS and receipt.folder_period is None:
        return None
    for code in [form.code for form in catalog.forms if form.folder == receipt.folder]:
        try:
            return catalog.form(code, receipt.folder_period)
        except KeyError:  # not in force then; another form of the folder may be
            continue
    return None


def _refuse_as(reading: Reading, rule_code: str, place: tuple[Form, str]) -> None:
    """Refuse a file that looks like a form, and say in which folder that is taken."""
    form, folder = place
    words = f"放在“{_folder_of(reading.receipt)}”，看似“{form.name}”，请放入{folder}"
    reading.report(None, rule_code, words, expected=folder)


def _folder_of(receipt: Receipt) -> str:
    """Return the folder of the inbox in which a file lies."""
    return receipt.file_path.removesuffix(receipt.file_name).rstrip("/") or "收件箱根目录"


def _refuse_place(reading: Reading, catalog: Catalog, likely: tuple[Form, str] | None) -> None:
    """Refuse a file because no form is taken where it lies."""
    receipt = reading.receipt
    lacks_period = receipt.folder in FOLDER_PERIODS and receipt.folder_period is None
    if likely is not None and likely[1] != _folder_of(receipt):
        _refuse_as(reading, "period_missing" if lacks_period else "unknown_folder", likely)
        return
    if lacks_period:
        example = EXAMPLES[receipt.folder]
        words = f"没有放在按报告期命名的文件夹内，请放入形如“{example}”的文件夹"
        reading.report(None, "period_missing", words, expected=example)
        return
    named = {form.folder: form.name for form in catalog.forms}
    folders = "、".join(f"{name} {folder}" for folder, name in named.items())
    words = (
        f"所在位置“{_folder_of(receipt)}”没有可接收的报表，"
        f"请放入 data/raw 下对应的文件夹：{folders}"
    )
    reading.report(None, "unknown_folder", words, expected=folders)


def _read_flash(file: OpenedFile, index: LineIndex) -> None:
    """Read a flash report of one agency or, where there is a list of agencies, of many."""
    form, reading = file.form, file.reading
    if not _looks_like_flash(file, index):
        words = f"不是“{form.name}”，没有找到应有的栏目，请用下发的模板填写后重新报送"
        reading.report(None, "unrelated", words)
        return
    agency_list = None if _names_its_agency(file) else find_agency_list(form, file.pages)
    reading.file["layout"] = "single" if agency_list is None else "roll"
    asked_elsewhere = [] if agency_list is None else agency_fields(form)
    fields = [field for field in form.cover + form.foot if field not in asked_elsewhere]
    cover = Cover(file.pages, fields)
    month = str(reading.receipt.folder_period)
    flash = FlashFile(reading, file.reader, form, file.pages, file.epoch, index, month)
    if agency_list is None:
        covers = find_covers(flash)
        if len(covers) > 1:
            read_several(flash, covers, fields)
        elif unit := read_single(flash, cover):
            report_strange_sheets(flash, str(unit.credit_code))
    else:
        read_roll(flash, agency_list, cover)


def _looks_like_flash(file: OpenedFile, index: LineIndex) -> bool:
    """Return whether a workbook bears marks of the form: code, period, value columns."""
    labels = {field.field: labels_of(field) for field in file.form.cover}
    marks = [labels["credit_code"], labels["period"], index.measure_heads]
    found = [any(page.bears(mark) for page in file.pages) for mark in marks]
    return sum(found) >= FEWEST_MARKS


def _names_its_agency(file: OpenedFile) -> bool:
    """Return whether a 统一社会信用代码 stands beside its label, as on the cover of one agency."""
    labels = {field.field: labels_of(field) for field in file.form.cover}
    bounds = frozenset().union(*labels.values())
    besides = [
        page.value_beside(label, bounds).raw_text
        for page in file.pages
        for label in page.find(labels["credit_code"])
    ]
    return any(parse_credit_code(text) for text in besides if text)
