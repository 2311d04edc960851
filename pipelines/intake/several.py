"""Reports of several agencies in one workbook: which sheets belong to whom, and reading each.

A sheet belongs to the agency whose code it bears, else to the cover before it. Each report is then
read as if it were alone (`single`), but for problems of the whole file, which become the agency's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.catalog.models import FormField
from pipelines.intake.covers import Cover, labels_of
from pipelines.intake.grammar import parse_credit_code
from pipelines.intake.lines import FlashFile
from pipelines.intake.locating import Page
from pipelines.intake.periods import parse_month, spell_period
from pipelines.intake.records import Accepted, Unit, Value, quote
from pipelines.intake.single import find_line_tables, read_single

FEWEST_COVER_LABELS = 3
REMEMBERED_TEXTS = 4_096
MONTH_SIGNS = re.compile(r"[0-9０-９月]")  # no month is written without one


@dataclass(frozen=True)
class Report:
    """The sheets of one agency: its cover first, which may bear the lines as well."""

    code: str  # as it stands on the cover; empty if it cannot be read
    pages: list[Page]


def find_covers(file: FlashFile) -> list[Page]:
    """Return the sheets on which a code stands beside its label, amid other labels of a cover."""
    labels = {field.field: labels_of(field) for field in file.form.cover}
    return [
        page
        for page in file.pages
        if sum(map(page.bears, labels.values())) >= FEWEST_COVER_LABELS and _code_beside(file, page)
    ]


def read_several(file: FlashFile, covers: Sequence[Page], fields: Sequence[FormField]) -> None:
    """Read the report of each agency, or refuse the file if a sheet may be of more than one.

    A report that stands there twice counts once; if the two differ, the agency's is refused.
    """
    reports = _assign(file, covers)
    reading = file.reading
    first: dict[str, Page] = {}
    for report in reports:
        marks = len(reading.values), len(reading.problems), len(reading.asked)
        of_agency = replace(file, pages=report.pages)
        read_single(of_agency, Cover(report.pages[:1], fields), is_alone=False)
        if report.code in first:
            _merge_second(file, report, first[report.code], marks)
        elif report.code:
            first[report.code] = report.pages[0]
    unit_codes = {v.text_value for v in reading.values if v.field_code == "reporting_unit"}
    reading.file["reporting_unit_code"] = unit_codes.pop() if len(unit_codes) == 1 else None
    reading.file["period"] = file.month


def report_strange_sheets(file: FlashFile, code: str) -> None:
    """Report the sheets of one agency's report that bear the code of another, or another month."""
    for page in file.pages:
        tables = find_line_tables(file.index, page)
        if not tables:
            continue
        if not file.reading.is_refused:
            _ask_about_month(file, Unit(code), page, tables[0].first_row)
        told = _codes_told(file, page) - {code}
        if told:
            file.reading.report(
                Unit(code),
                "unclear_owner",
                f"工作表“{page.name}”写的统一社会信用代码是“{min(told)}”，与封面的“{code}”不一致，"
                "请核对该表是哪家机构的数据，并改正代码或换上本机构的表",
                sheet_name=page.name,
                expected=code,
            )


def _ask_about_month(file: FlashFile, unit: Unit, page: Page, first_row: int) -> None:
    """Ask whether the figures are of the month, where another is printed above them."""
    for row in range(page.first_row, first_row):
        cell = page.first_cell(row)
        month = _month_in(cell.value) if cell is not None and isinstance(cell.value, str) else None
        if cell is not None and month not in (None, file.month):
            file.reading.report(
                unit,
                "period_mismatch",
                f"写的是“{quote(cell)}”，与封面的报告期不一致，"
                "请核对该表是不是本期的数据，并改正月份或换上本期的表",
                cell=cell,
                expected=spell_period(file.month, file.month.endswith("-02")),
                severity="review",
            )


@lru_cache(REMEMBERED_TEXTS)
def _month_in(text: str) -> str | None:
    """Return the month that a text names; most texts above tables stand above all of them."""
    return parse_month(text) if MONTH_SIGNS.search(text) else None


def _assign(file: FlashFile, covers: Sequence[Page]) -> list[Report]:
    """Return each cover with its sheets; none if a sheet's agency cannot be told."""
    reports: list[Report] = []
    by_code: dict[str, list[Report]] = {}
    untold: list[Page] = []
    waiting: list[tuple[Page, Report | None]] = []
    for page in file.pages:
        if page in covers:
            code = parse_credit_code(_code_beside(file, page) or "") or ""
            reports.append(Report(code, [page]))
            by_code.setdefault(code, []).append(reports[-1])
        elif find_line_tables(file.index, page):
            waiting.append((page, reports[-1] if reports else None))
    for page, before in waiting:
        told = _codes_told(file, page)
        owners = [report for code in told for report in by_code.get(code, [])]
        owner = before if before in owners or not told else next(iter(owners), None)
        if owner is None or len(told) > 1:
            _ask_whose(file, page)
            return []
        owner.pages.append(page)
        untold += [] if told else [page]
    for report in reports:
        if untold and not _has_lines(file, report) and not _is_zero(file, report):
            _ask_whose(file, untold[0])
            return []
    return reports


def _ask_whose(file: FlashFile, page: Page) -> None:
    """Refuse a file in which it is not told whose figures a sheet has."""
    file.reading.report(
        None,
        "unclear_owner",
        f"有多家机构的封面，无法判断工作表“{page.name}”是哪家机构的数据，"
        "请在每张表上写明统一社会信用代码，或每家机构单独报送一个文件",
        sheet_name=page.name,
    )


def _merge_second(
    file: FlashFile, report: Report, first: Page, marks: tuple[int, int, int]
) -> None:
    """Take back what was read of an agency a second time, and report where it differs.

    Of a second cover alone only what a cover says is compared.
    """
    reading = file.reading
    values, problems, asked = marks
    second = reading.values[values:]
    before = [value for value in reading.values[:values] if value.credit_code == report.code]
    if not _has_lines(file, report):
        before = [value for value in before if value.measure_code is None]
    del reading.values[values:], reading.problems[problems:], reading.asked[asked:]
    if _said(second) != _said(before):
        name = report.pages[0].name
        reading.report(
            Unit(report.code),
            "duplicate_agency",
            f"的工作表“{first.name}”和“{name}”都是“{report.code}”的报表而内容不同，"
            "请核对后只保留一份",
            sheet_name=name,
        )


def _said(values: Sequence[Value]) -> set[tuple[object, ...]]:
    """Return what values say, wherever they stand."""
    return {
        (value.field_code, value.measure_code, value.text_value, value.number_value, value.unit)
        for value in values
    }


def _has_lines(file: FlashFile, report: Report) -> bool:
    """Return whether any sheet of a report has lines of the form."""
    return any(find_line_tables(file.index, page) for page in report.pages)


def _is_zero(file: FlashFile, report: Report) -> bool:
    """Return whether a cover says that there is nothing to report."""
    field = next(each for each in file.form.cover if each.field == "zero_report")
    bounds = frozenset().union(*map(labels_of, file.form.cover))
    page = report.pages[0]
    read = [
        file.reader.read(field, page.value_beside(label, bounds), file.month)
        for label in page.find(labels_of(field))
    ]
    return any(isinstance(each, Accepted) and each.text == "yes" for each in read)


def _code_beside(file: FlashFile, page: Page) -> str | None:
    """Return what stands beside the label 统一社会信用代码 of a sheet."""
    field = next(each for each in file.form.cover if each.field == "credit_code")
    labels = page.find(labels_of(field))
    bounds = frozenset().union(*map(labels_of, file.form.cover)) if labels else frozenset()
    beside = [page.value_beside(label, bounds) for label in labels]
    return next((cell.raw_text for cell in beside if cell.label and cell.label not in bounds), None)


def _codes_told(file: FlashFile, page: Page) -> set[str]:
    """Return the codes that a sheet bears in one cell with their label, or beside it."""
    field = next(each for each in file.form.cover if each.field == "credit_code")
    labels = labels_of(field)
    parts = [text.partition(":") for text, _ in page.texts() if ":" in text]
    texts = [value for label, _, value in parts if label in labels]
    return {
        code for code in map(parse_credit_code, [*texts, _code_beside(file, page) or ""]) if code
    }
