"""The tables raw_files, raw_values and raw_problems, made from receipts and their archived bytes.

Equal receipts give equal rows; nothing is compared between files here.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import pandas as pd

from pipelines.catalog.models import Catalog
from pipelines.intake.decoding import DecodeFailure, Workbook, decode_files
from pipelines.intake.inbox import archive_path
from pipelines.intake.reading import read_failure, read_workbook
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import Reading, Row
from pipelines.root import Root

logger = logging.getLogger(__name__)
Item = TypeVar("Item")

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
    rows: dict[str, list[Row]] = {name: [] for name in FRAMES}
    for receipt, (_, result) in zip(ordered, _one_ahead(decoded), strict=True):
        reading = _read(result, receipt, catalog)
        local_time = dt.datetime.fromisoformat(receipt.first_seen_at).replace(tzinfo=None)
        rows["raw_files"].append(reading.file | {"first_seen_at": local_time})
        rows["raw_values"] += reading.values
        rows["raw_problems"] += reading.problems
    return {name: _frame(rows[name], columns) for name, columns in FRAMES.items()}


def _one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items while the next one is already being made: decoding waits for a child."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(lambda: [*islice(items, 1)])
        while made := coming.result():
            coming = pool.submit(lambda: [*islice(items, 1)])
            yield made[0]


def _read(result: Workbook | DecodeFailure, receipt: Receipt, catalog: Catalog) -> Reading:
    """Return the reading of one file; a fault of this program must not stop the others."""
    if isinstance(result, DecodeFailure):
        return read_failure(result, receipt, catalog)
    try:
        return read_workbook(result, receipt, catalog)
    except Exception:
        logger.exception("receipt %s (%s)", receipt.receipt_no, receipt.file_path)
        return read_failure(PROGRAM_FAULT, receipt, catalog)


def _frame(rows: Sequence[Row], columns: dict[str, str]) -> pd.DataFrame:
    """Return a frame with exactly these columns and types."""
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in columns.items()}
    )
