"""The tables raw_files, raw_values and raw_problems, made from receipts and their archived bytes.

Equal receipts give equal rows; nothing is compared between files here.
"""

from __future__ import annotations

import datetime as dt
import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

from pipelines.catalog.models import Catalog
from pipelines.intake.decoding import DecodeFailure, Workbook, decode_files
from pipelines.intake.inbox import archive_path
from pipelines.intake.reading import WorkbookReader, read_failure
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import Reading, Row
from pipelines.root import Root

logger = logging.getLogger(__name__)

# Column types: object holds text (None where there is none) or Decimal; Int64 may be missing.
FRAMES = {
    "raw_files": {
        "receipt_no": "int64",
        "sha256": "object",
        "folder": "object",
        "folder_period": "object",
        "file_path": "object",
        "file_name": "object",
        "size_bytes": "int64",
        "first_seen_at": "datetime64[us]",
        "form_code": "object",
        "layout": "object",
        "period": "object",
        "reporting_unit_code": "object",
        "outcome": "object",
        "refusal_rule": "object",
        "refusal_message": "object",
    },
    "raw_values": {
        "receipt_no": "int64",
        "value_no": "int64",
        "sheet_name": "object",
        "cell_address": "object",
        "unit_row": "int64",
        "credit_code": "object",
        "field_code": "object",
        "indicator_code": "object",
        "measure_code": "object",
        "raw_text": "object",
        "text_value": "object",
        "number_value": "object",
        "unit": "object",
        "reading_rule": "object",
    },
    "raw_problems": {
        "receipt_no": "int64",
        "problem_no": "int64",
        "scope": "object",
        "credit_code": "object",
        "unit_row": "Int64",
        "field_code": "object",
        "indicator_code": "object",
        "measure_code": "object",
        "sheet_name": "object",
        "cell_address": "object",
        "raw_text": "object",
        "rule_code": "object",
        "severity": "object",
        "expected": "object",
        "message": "object",
    },
}
PROGRAM_FAULT = DecodeFailure("reading_failed", "读取时程序出错，详情已记入日志，请联系系统管理员")


def read_receipts_into_frames(
    root: Root, receipts: Sequence[Receipt], catalog: Catalog
) -> dict[str, pd.DataFrame]:
    """Return the frames raw_files, raw_values and raw_problems of these receipts.

    Rows stand in order of receipt_no, then value_no or problem_no. first_seen_at is the local time
    of Asia/Shanghai.
    """
    ordered = sorted(receipts, key=lambda receipt: receipt.receipt_no)
    decoded = decode_files(archive_path(root, receipt) for receipt in ordered)
    reader = WorkbookReader(catalog)
    columns: dict[str, list[list[object]]] = {name: [[] for _ in FRAMES[name]] for name in FRAMES}
    with _without_collecting_cycles():
        for receipt, (_, result) in zip(ordered, decoded, strict=True):
            reading = _read(reader, result, receipt, catalog)
            local_time = dt.datetime.fromisoformat(receipt.first_seen_at).replace(tzinfo=None)
            file = reading.file | {"first_seen_at": local_time}
            _add(columns["raw_files"], [_cells("raw_files", file)])
            _add(columns["raw_values"], reading.values)
            _add(columns["raw_problems"], [_cells("raw_problems", row) for row in reading.problems])
    return {name: _frame(columns[name], kinds) for name, kinds in FRAMES.items()}


@contextmanager
def _without_collecting_cycles() -> Iterator[None]:
    """Make no search for cycles: rows hold none, and looking for them costs a quarter more."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(
    reader: WorkbookReader, result: Workbook | DecodeFailure, receipt: Receipt, catalog: Catalog
) -> Reading:
    """Return the reading of one file; a fault of this program must not stop the others."""
    if isinstance(result, DecodeFailure):
        return read_failure(result, receipt, catalog)
    try:
        return reader.read(result, receipt)
    except Exception:
        logger.exception("receipt %s (%s)", receipt.receipt_no, receipt.file_path)
        return read_failure(PROGRAM_FAULT, receipt, catalog)


def _cells(table: str, row: Row) -> tuple[object, ...]:
    """Return a row in the order of the table's columns."""
    return tuple(row[name] for name in FRAMES[table])


def _add(columns: list[list[object]], rows: Sequence[tuple[object, ...]]) -> None:
    """Add the rows of one file."""
    for column, cells in zip(columns, zip(*rows, strict=True), strict=False):
        column.extend(cells)


def _frame(columns: list[list[object]], kinds: dict[str, str]) -> pd.DataFrame:
    """Return a frame with exactly these columns and types."""
    return pd.DataFrame(
        {
            name: pd.Series(cells, dtype=kind)
            for cells, (name, kind) in zip(columns, kinds.items(), strict=True)
        }
    )
