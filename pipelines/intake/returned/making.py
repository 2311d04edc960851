"""Makes the workbooks that go back: each file's own where it is safe, else our template refilled.

Where finished workbooks go, and which files need one, is decided by the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.catalog.models import Catalog
from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.intake import limits
from pipelines.intake.processes import Request, ask_each, command_of
from pipelines.intake.returned.findings import NOT_MADE, FileToReturn, Finding, ReadValues
from pipelines.intake.returned.refilling import Refilled, refill
from pipelines.intake.returned.remarks import (
    IN_ORIGINAL,
    REVIEW_SHEET,
    Order,
    Remark,
)
from pipelines.intake.serving import Reply
from pipelines.intake.templates.template import MADE_UP, Template

logger = logging.getLogger(__name__)

MARKER = command_of("pipelines.intake.returned.marking")
NO_CELL = "无对应单元格"
IN_TEMPLATE = "原文件不便直接修改，能读出的内容已填入下发的模板，请核对并补填其余内容。"


def make_returned(
    files: Iterable[FileToReturn],
    read_values: ReadValues,
    catalog: Catalog,
    folder: Path,
    made_up: bool,
    worker: Sequence[str] = MARKER,
) -> Iterator[tuple[FileToReturn, Path]]:
    """Yield each file with the workbook that goes back, finished in a working folder.

    Args:
        files: what to make workbooks of.
        read_values: what could be read from a file, for refilling the template.
        catalog: the forms.
        folder: the working folder, empty.
        made_up: whether the figures are made up, which is printed.
        worker: command of the child process that opens the files.
    """

    def finished(file: FileToReturn) -> Path:
        return folder / f"{file.receipt.receipt_no}.xlsx"

    def mark_own(file: FileToReturn) -> bytes:
        return _order(file, None, finished(file), catalog, made_up).encode()

    def mark_refilled(pair: tuple[FileToReturn, Refilled]) -> bytes:
        file, refilled = pair
        return _order(file, refilled, finished(file), catalog, made_up).encode()

    unsafe = []
    for file, reply in _ask_all(files, mark_own, worker):
        if reply == ["made"]:
            yield file, finished(file)
        else:
            logger.info("%s: %s", file.receipt.shown_path, reply)
            unsafe.append(file)
    templates = refill(unsafe, read_values, catalog, folder, made_up)
    for (file, _), reply in _ask_all(templates, mark_refilled, MARKER):
        if reply == ["made"]:
            yield file, finished(file)
        else:
            logger.info("%s: %s", file.receipt.shown_path, reply)
            logger.warning(NOT_MADE, file.receipt.shown_path)


def _ask_all(
    requests: Iterable[Request], encode: Callable[[Request], bytes], worker: Sequence[str]
) -> Iterator[tuple[Request, Reply]]:
    """Yield each request with its reply; several children share the work."""
    waiting = list(requests)
    shares = [waiting[number :: limits.CHILDREN] for number in range(limits.CHILDREN)]

    def ask_share(share: list[Request]) -> list[tuple[Request, Reply]]:
        return list(ask_each(share, encode, worker, lambda _: limits.SECONDS_PER_FILE))

    with ThreadPoolExecutor(limits.CHILDREN) as pool:
        for answered in pool.map(ask_share, shares):
            yield from answered


def _order(
    file: FileToReturn, refilled: Refilled | None, target: Path, catalog: Catalog, made_up: bool
) -> Order:
    """Return the order to mark a file's own workbook, or the template refilled in its place."""
    return Order(
        source=str(refilled.path if refilled else file.source),
        target=str(target),
        is_refilled=refilled is not None,
        title=REVIEW_SHEET + (MADE_UP if made_up else ""),
        heading=_heading(file, catalog),
        notes=[IN_TEMPLATE] if refilled else [],
        remarks=[_remark(finding, file, refilled) for finding in file.findings],
    )


def _heading(file: FileToReturn, catalog: Catalog) -> str:
    """Return which file this is, and how much there is to do."""
    form = catalog.form(file.form_code, file.period)
    period = Template(catalog, form, file.period, False).period_text
    counts = [
        f"{name}{sum(finding.severity == severity for finding in file.findings)}条"
        for severity, name in SEVERITY_NAMES.items()
    ]
    parts = [
        form.name,
        f"报告期：{period}" if period else "",
        f"报送单位：{file.unit_name}",
        f"原文件：{file.receipt.shown_name}",
        f"共{len(file.findings)}条（{'、'.join(counts)}）",
    ]
    return "　".join(part for part in parts if part)


def _remark(finding: Finding, file: FileToReturn, refilled: Refilled | None) -> Remark:
    """Return a finding as it is printed and marked; a template has the cells elsewhere."""
    place, related, whose = finding.place, finding.related, ""
    if refilled:
        place, whose = refilled.find(finding), IN_ORIGINAL
        related = [refilled.moved[each] for each in related if each in refilled.moved]
    return Remark(
        finding.finding_id,
        finding.severity,
        finding.credit_code,
        finding.agency_name,
        finding.sheet_name,
        place,
        finding.cell_address is not None,
        f"{whose}{finding.cell_address}" if finding.cell_address else _extent(finding),
        finding.raw_text,
        finding.expected,
        _problem(finding, file.receipt.shown_name),
        related,
    )


def _extent(finding: Finding) -> str:
    """Return in words what a finding without a cell is about."""
    if finding.sheet_name is not None or finding.field_code is not None:
        return NO_CELL
    return {"file": "整份文件", "agency": "整份报表", "row": "整行"}[finding.scope]


def _problem(finding: Finding, file_name: str) -> str:
    """Return the message without the file and the cell, which stand beside it."""
    words = finding.message.removeprefix(f"文件“{file_name}”")
    place = finding.place
    if place is not None:
        words = words.removeprefix(f"工作表“{place.sheet_name}”单元格{place.cell_address}")
    return words.removeprefix("的").lstrip("，")
