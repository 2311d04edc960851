"""Sending files through the intake and back, for the tests of the returned workbook."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipelines.intake.inbox import archive_path, take_in
from pipelines.intake.records import Row
from pipelines.intake.returned.findings import FileToReturn, Finding
from pipelines.intake.returned.making import MARKER, make_returned
from pipelines.root import Root
from tests.intake.books import CATALOG, CODE
from tests.intake.frames import read_receipts_into_frames

NOW = dt.datetime(2025, 7, 10, 9, 30)


class Bureau:
    """An inbox, what is read from it, and the workbooks that go back."""

    def __init__(self, folder: Path) -> None:
        self.root = Root(folder / "root")
        self.folder = folder / "returned"
        self.folder.mkdir(parents=True)
        self.frames: dict[str, pd.DataFrame] = {}

    def receive(self, path: Path, place: str = "reports/2025-06") -> FileToReturn:
        """Take in one file and return it with the problems that the reader found."""
        inbox = self.root.inbox / place
        inbox.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, inbox)
        (receipt,) = take_in(self.root, now=NOW)
        self.frames = read_receipts_into_frames(self.root, [receipt], CATALOG)
        (file,) = self.rows("raw_files")
        findings = [finding_of(problem) for problem in self.rows("raw_problems")]
        return FileToReturn(
            receipt,
            archive_path(self.root, receipt),
            str(file["form_code"]),
            str(file["layout"]),
            str(file["folder_period"]),
            "渝中区",
            findings,
        )

    def rows(self, table: str) -> list[Row]:
        """Return the rows of the file received last."""
        frame = self.frames[table].astype(object)
        return frame.where(frame.notna(), None).to_dict("records")

    def send_back(
        self, file: FileToReturn, made_up: bool = False, worker: Sequence[str] = MARKER
    ) -> Path:
        """Return the workbook that goes back."""

        def values(_: int) -> list[Row]:
            return self.rows("raw_values")

        ((_, path),) = make_returned([file], values, CATALOG, self.folder, made_up, worker)
        return path


def finding_of(problem: Row) -> Finding:
    """Return a problem of the reader as the finding it becomes."""
    columns = {
        name: problem[name]
        for name in (
            "severity",
            "scope",
            "credit_code",
            "field_code",
            "indicator_code",
            "measure_code",
            "sheet_name",
            "cell_address",
            "raw_text",
            "expected",
            "message",
        )
    }
    return Finding(
        finding_id=finding_id(str(problem["message"])),
        agency_name=None,
        related_cells=None,
        **columns,  # type: ignore[arg-type]
    )


def review(sheet_name: str, cell_address: str, code: str = CODE, **changes: object) -> Finding:
    """Return a finding that may be explained, as a suite finds it."""
    told: dict[str, object] = {
        "finding_id": finding_id(f"{sheet_name}!{cell_address}"),
        "severity": "review",
        "scope": "agency",
        "credit_code": code,
        "agency_name": "示例人力资源有限公司",
        "field_code": None,
        "indicator_code": None,
        "measure_code": None,
        "sheet_name": sheet_name,
        "cell_address": cell_address,
        "related_cells": None,
        "raw_text": "1511",
        "expected": "核实",
        "message": f"文件“报表.xlsx”工作表“{sheet_name}”单元格{cell_address}填的是“1511”，请核实。",
    }
    return Finding(**told | changes)  # type: ignore[arg-type]


def finding_id(text: str) -> str:
    """Return twelve hexadecimal characters."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
