"""Flash reports of two months, of as many agencies as wanted, straight into a warehouse.

No workbooks are written: what the suites cost is to be seen apart from everything else.
"""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd

from pipelines.catalog.load import load_catalog
from pipelines.quality.findings import find_failures
from pipelines.quality.suites import form_suites, load_suites
from pipelines.warehouse.database import PYTHON_SCHEMAS, build_table, replace_frame
from pipelines.warehouse.reference import reference_frames
from pipelines.warehouse.sql_files import load_sql_tables

FORM = "flash_report"
MONTHS = {"2025-05": 5, "2025-06": 6}
# Each breaks one rule in June twice: in 本月, and in 1—本月, which goes on from May.
SPOILT = ("registered_seekers", "employers_served", "job_fairs_graduates", "placements_graduates")
WHOLES = {"registered_seekers": 3, "employers_served": 4, "revenue_booked": 9}  # of equal parts


def fill_warehouse(connection: duckdb.DuckDBPyConnection, agencies: int, failures: int) -> None:
    """Fill a warehouse with two months of reports and build what the suites of the form read.

    The last month breaks `failures` rules (a multiple of eight), at most two for each of SPOILT an
    agency.
    """
    codes = [f"91500103MAXX{number:05}0" for number in range(agencies)]
    frames = reference_frames(load_catalog())
    frames["raw_files"] = pd.concat([_file(no, month) for no, month in enumerate(MONTHS, 1)])
    frames["raw_values"] = pd.concat(
        [_values(no, month, codes, failures) for no, month in enumerate(MONTHS, 1)]
    )
    for name, schema in PYTHON_SCHEMAS.items():
        frame = frames.get(name, pd.DataFrame(columns=list(schema)))
        replace_frame(connection, name, frame, schema)
    for table in load_sql_tables().values():
        if table.name.startswith(("stg_", "core_")):
            build_table(connection, table, load_catalog())


def validate_flash_reports(connection: duckdb.DuckDBPyConnection) -> int:
    """Run the suite of the flash report and return how many failures it found."""
    suites = {FORM: form_suites(load_suites(), load_catalog())[FORM]}
    grains = {name: table.grain for name, table in load_sql_tables().items()}
    return len(find_failures(connection, suites, grains, load_catalog()))


def _file(receipt_no: int, month: str) -> pd.DataFrame:
    """Return the roll of a month."""
    row = dict.fromkeys(PYTHON_SCHEMAS["raw_files"])
    row |= {
        "receipt_no": receipt_no,
        "folder": "reports",
        "folder_period": month,
        "file_name": f"{month}.xlsx",
        "first_seen_at": dt.datetime(2025, 7, 12),
        "form_code": FORM,
        "period": month,
        "outcome": "read",
    }
    return pd.DataFrame([row], dtype=object)


def _values(receipt_no: int, month: str, codes: list[str], failures: int) -> pd.DataFrame:
    """Return the cells of a month's roll: code and figures of each agency."""
    cells: list[tuple[str, str | None, str | None, int, str]] = [("credit_code", None, None, 0, "")]
    for line in load_catalog().form(FORM, month).lines:
        if line.calculated is None:
            counts = {"month": 1, "ytd": MONTHS[month], "ytd_last_year": MONTHS[month]}
            whole = 10 * WHOLES.get(line.indicator, 1)
            for measure in line.measures:
                value = whole * counts[measure]
                cells.append((line.indicator, line.indicator, measure, value, line.unit))
    one = pd.DataFrame(
        cells, columns=["field_code", "indicator_code", "measure_code", "number_value", "unit"]
    )
    frame = pd.concat([one] * len(codes), ignore_index=True)
    owner = np.repeat(np.arange(len(codes)), len(one))
    frame["credit_code"] = np.asarray(codes, dtype=object)[owner]
    if month == max(MONTHS):
        spoilt = frame.indicator_code.isin(SPOILT) & frame.measure_code.isin(["month", "ytd"])
        frame.loc[spoilt & (owner < failures // (2 * len(SPOILT))), "number_value"] += 1
    return frame.assign(
        receipt_no=receipt_no,
        value_no=np.arange(1, len(frame) + 1),
        sheet_name="汇总表",
        cell_address="A1",
        unit_row=owner + 9,
        raw_text=frame.number_value.astype(str),
        text_value=frame.credit_code.where(frame.field_code == "credit_code"),
        reading_rule="code_and_label",
        spelling_rules=None,
    ).astype(object)
