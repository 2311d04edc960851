"""What receipts are read into, as frames: one for each raw table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from pipelines.catalog.models import Catalog
from pipelines.intake.receipts import Receipt
from pipelines.intake.rows import read_receipts_into_rows
from pipelines.root import Root
from pipelines.warehouse.database import PYTHON_SCHEMAS

TABLES = ("raw_files", "raw_values", "raw_problems")


def read_receipts_into_frames(
    root: Root, receipts: Iterable[Receipt], catalog: Catalog
) -> dict[str, pd.DataFrame]:
    """Return the frames of these receipts; None where there is nothing."""
    columns = {table: {name: list[object]() for name in PYTHON_SCHEMAS[table]} for table in TABLES}
    for _, part in read_receipts_into_rows(root, receipts, catalog):
        assert part is not None
        written = json.loads(part.columns)
        assert list(written) == list(columns[part.table])
        for name, cells in written.items():
            columns[part.table][name] += cells
    frames = {table: pd.DataFrame(columns[table], dtype=object) for table in TABLES}
    for table, frame in frames.items():
        for name, kind in PYTHON_SCHEMAS[table].items():
            if kind in ("INTEGER", "BIGINT"):
                frame[name] = frame[name].astype("Int64" if frame[name].isna().any() else "int64")
            elif kind == "TIMESTAMP":
                frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
            elif kind.startswith("DECIMAL"):
                frame[name] = [None if text is None else Decimal(text) for text in frame[name]]
                frame[name] = frame[name].astype(object)
    return frames
