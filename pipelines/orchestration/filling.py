"""Writes made-up workbooks, in whatever process; what they say is decided in `synthesis`.

Little is imported here, so that the processes that write start fast.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import openpyxl

from pipelines.catalog.load import load_catalog
from pipelines.intake.saving import save
from pipelines.intake.templates import (
    AgencyReport,
    RollCloner,
    SingleCloner,
    write_list,
    write_lists,
)

Write = Callable[[Path], object]
Row = Mapping[str, object]


def write_file(write: Write, path: Path) -> None:
    """Write a file."""
    write(path)


def write_single(period: str, report: AgencyReport, path: Path) -> None:
    """Write the workbook of one agency."""
    _cloner_of_singles(period).write(path, report)


def write_roll(period: str, unit_code: str, reports: Sequence[AgencyReport], path: Path) -> None:
    """Write the roll of a reporting unit."""
    _cloner_of_rolls(period).write(path, unit_code, reports)


def write_rows(form_code: str, period: str, rows: Sequence[Row], path: Path) -> None:
    """Write a list form."""
    write_list(path, load_catalog(), form_code, period, rows, made_up=True)


def write_sheets(
    form_code: str, period: str, rows: Mapping[str, Sequence[Row]], path: Path
) -> None:
    """Write a list form of several sheets."""
    write_lists(path, load_catalog(), form_code, period, rows, made_up=True)


def write_half(period: str, report: AgencyReport, path: Path) -> None:
    """Write the workbook of one agency and cut it in two, as an interrupted transfer leaves it."""
    write_single(period, report, path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def write_table(title: str, rows: Sequence[Sequence[object]], path: Path) -> None:
    """Write a workbook of one plain sheet."""
    workbook = openpyxl.Workbook()
    workbook.properties.created = workbook.properties.modified = dt.datetime(2025, 1, 1)
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    save(workbook, path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file as it is."""
    path.write_bytes(content)


@cache
def _cloner_of_singles(period: str) -> SingleCloner:
    """Return what writes the one-agency workbooks of a period; made once in each process."""
    return SingleCloner(load_catalog(), period, made_up=True)


@cache
def _cloner_of_rolls(period: str) -> RollCloner:
    """Return what writes the rolls of a period; made once in each process."""
    return RollCloner(load_catalog(), period, made_up=True)
