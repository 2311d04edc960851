"""Reads a decoded workbook: which form it should be, which layout it has, what stands in it.

Where values lie is found by labels and codes of the catalog, never by fixed positions. Decoding
comes before (`decoding`), making tables of many readings after (`frames`).
"""

from __future__ import annotations

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
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import HandOn, Reading
from pipelines.intake.returned.explanations import is_review_page, read_explanations
from pipelines.intake.roll import agency_fields, find_agency_list, read_roll
from pipelines.intake.single import read_single

FEWEST_MARKS = 2
EXAMPLES = {"reports": "reports/2025-06", "annual": "annual/2025", "platforms": "platforms/2025"}


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
        if form is None:
            _refuse_place(reading, self._catalog)
            return reading
        pages = [Page(sheet) for sheet in workbook.sheets if sheet.rows]
        returned = [page for page in pages if is_review_page(page)]
        pages = [page for page in pages if page not in returned]
        file = OpenedFile(reading, self._fields, form, pages, workbook.epoch)
        index = next((index for index in self._indexes if index.form is form), None)
        if index is None:
            read_list(file)
        else:
            _read_flash(file, index)
        for page in returned:
            read_explanations(reading, page)
        return reading


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
        reading.file["form_code"] = form.code
    return reading, form


def form_month(period: str | None) -> str | None:
    """Return the month whose forms a period has: a year's last."""
    return period if period is None or len(period) == 7 else f"{period}-12"


def _find_form(receipt: Receipt, catalog: Catalog) -> Form | None:
    """Return the form that a folder takes in its period; None if it takes none."""
    if receipt.folder in FOLDER_PERIODS and receipt.folder_period is None:
        return None
    month = form_month(receipt.folder_period)
    for code in [form.code for form in catalog.forms if form.folder == receipt.folder]:
        try:
            return catalog.form(code, month)
        except KeyError:  # not in force then; another form of the folder may be
            continue
    return None


def _refuse_place(reading: Reading, catalog: Catalog) -> None:
    """Refuse a file because no form is taken where it lies."""
    receipt = reading.receipt
    if receipt.folder in FOLDER_PERIODS and receipt.folder_period is None:
        example = EXAMPLES[receipt.folder]
        words = f"没有放在按报告期命名的文件夹内，请放入形如“{example}”的文件夹"
        reading.report(None, "period_missing", words, expected=example)
        return
    place = receipt.file_path.removesuffix(receipt.file_name).rstrip("/") or "收件箱根目录"
    named = {form.folder: form.name for form in catalog.forms}
    folders = "、".join(f"{name} {folder}" for folder, name in named.items())
    words = f"所在位置“{place}”没有可接收的报表，请放入 data/raw 下对应的文件夹：{folders}"
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
        read_single(flash, cover)
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
