"""From receipts to the rows of the raw tables, and the release that follows from what was read.

Which receipts a run reads is decided here; how a workbook is read is the intake's matter.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import asdict

import pandas as pd

from pipelines.intake.decisions import figure_decisions
from pipelines.intake.inbox import inbox_periods, take_in
from pipelines.intake.receipts import Receipt, read_receipts
from pipelines.intake.rows import read_receipts_into_rows
from pipelines.orchestration.last_run import LastRun, month_of
from pipelines.orchestration.months import is_month
from pipelines.orchestration.writer import Writer
from pipelines.root import Root
from pipelines.warehouse.database import PYTHON_SCHEMAS, insert_columns
from pipelines.warehouse.release import Release, reading_digest

MOST_REFUSALS = 20  # that are told where nothing could be read
BATCH_CHARACTERS = 4_000_000  # of rows that wait to be inserted together
DECISIONS = "raw_decisions"
RAW_KEYS = {
    "raw_files": ("receipt_no",),
    "raw_values": ("receipt_no", "value_no"),
    "raw_problems": ("receipt_no", "problem_no"),
}


class NothingReadableError(Exception):
    """No file that could be read names a period, so there is nothing to publish.

    The message tells why files were refused, since no published list can.
    """


def read_months(writer: Writer, months: Collection[str]) -> list[Receipt]:
    """Take in those months' reports and what has no month, read what is new, return its receipts.

    A receipt is read again only when the catalog or the intake's code has changed since. Other
    months' receipts are left alone, unless the warehouse is new and everything has to be read.
    """
    odd = [month for month in inbox_periods(writer.root) if not is_month(month, writer.catalog)]
    take_in(writer.root, [*months, *odd])
    reading = reading_digest(writer.method)
    known = readings(writer)
    due = [
        receipt
        for receipt in read_receipts(writer.root)
        if known.get(receipt.receipt_no) != reading
        and (not known or month_of(receipt, writer.catalog) in (None, *months))
    ]
    _replace_rows(writer, due, reading)
    return due


def readings(writer: Writer) -> dict[int, str]:
    """Return what read each receipt whose rows stand in the warehouse, by receipt number."""
    _create_tables(writer)
    rows = writer.connection.execute("select receipt_no, reading from readings order by 1")
    return dict(rows.fetchall())


def release_to_make(writer: Writer) -> Release:
    """Return the release that the receipts read so far make.

    Its period is the newest month with a readable report, without one the newest period of any
    list.

    Raises:
        NothingReadableError: No file that names a period could be read.
    """
    known = readings(writer)
    row = writer.connection.execute(
        "select coalesce(max(period) filter (where folder = 'reports'), max(period)) "
        "from raw_files where outcome = 'read'"
    ).fetchone()
    if row is None or row[0] is None:
        refused = writer.connection.execute(
            "select refusal_message from raw_files where outcome != 'read' order by receipt_no"
        ).fetchall()
        lines = [f"退回 {len(refused)} 份："] if refused else []
        lines += [f"退回：{message}" for (message,) in refused[:MOST_REFUSALS]]
        raise NothingReadableError(
            "\n".join(
                [
                    "还没有可用的报表，请把名录、样本和快报放入 data/raw 下相应的文件夹后再运行。",
                    *lines,
                ]
            )
        )
    inputs = [
        asdict(receipt) | {"file_path": receipt.shown_path, "reading": known[receipt.receipt_no]}
        for receipt in read_receipts(writer.root)
        if receipt.receipt_no in known
    ]
    decisions = [asdict(decision) for decision in figure_decisions(writer.root)]
    return Release(row[0], inputs, decisions, writer.method)


def decision_frame(root: Root) -> pd.DataFrame:
    """Return the rows of raw_decisions; decided_at is the local time, details are JSON."""
    rows = [
        asdict(each)
        | {
            "decided_at": dt.datetime.fromisoformat(each.decided_at).replace(tzinfo=None),
            "details": json.dumps(each.details, ensure_ascii=False, sort_keys=True),
        }
        for each in figure_decisions(root)
    ]
    return pd.DataFrame(rows, columns=list(PYTHON_SCHEMAS[DECISIONS]), dtype=object)


def this_run(writer: Writer, release: Release) -> LastRun:
    """Return what this run is made from."""
    return LastRun(release.release_id, release.method, readings(writer), len(release.decisions))


def _create_tables(writer: Writer) -> None:
    """Create the raw tables and the list of readings where the warehouse is new.

    So it counts as, too, where an earlier program made it with other columns.
    """
    if any(_has_other_columns(writer, table) for table in RAW_KEYS):
        for table in (*RAW_KEYS, "readings"):
            writer.connection.execute(f"drop table if exists {table}")
    for table in RAW_KEYS:
        columns = ", ".join(f"{name} {kind}" for name, kind in PYTHON_SCHEMAS[table].items())
        writer.connection.execute(f"create table if not exists {table} ({columns})")
    writer.connection.execute(
        "create table if not exists readings (receipt_no integer primary key, reading varchar)"
    )


def _has_other_columns(writer: Writer, table: str) -> bool:
    """Return whether a raw table exists with other columns than are to be written."""
    found = writer.connection.execute(
        "select column_name from duckdb_columns() where table_name = ? order by column_index",
        [table],
    ).fetchall()
    return bool(found) and [name for (name,) in found] != list(PYTHON_SCHEMAS[table])


def _replace_rows(writer: Writer, receipts: list[Receipt], reading: str) -> None:
    """Replace the rows of these receipts; tables stay ordered by key, whoever came first.

    What comes after all others is added at the end; only what does not costs sorting anew.
    """
    if not receipts:
        return
    numbers = [receipt.receipt_no for receipt in receipts]
    are_last = min(numbers) > max(readings(writer).keys() - set(numbers), default=0)
    connection = writer.connection
    connection.begin()
    try:
        _delete_rows(writer, numbers)
        _read_into_tables(writer, receipts)
        if not are_last:
            for table, key in RAW_KEYS.items():
                ordered = f"from {table} order by {', '.join(key)}"
                connection.execute(f"create or replace table {table} as {ordered}")
        connection.execute(
            "insert or replace into readings select unnest(?), ?", [numbers, reading]
        )
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _read_into_tables(writer: Writer, receipts: list[Receipt]) -> None:
    """Read these receipts and add their rows in batches: each insertion costs a millisecond."""
    waiting: dict[str, list[str]] = {table: [] for table in RAW_KEYS}
    characters = 0

    def insert() -> None:
        for table, written in waiting.items():
            if written:
                insert_columns(writer.connection, table, written, PYTHON_SCHEMAS[table])
                written.clear()

    for receipt, part in read_receipts_into_rows(writer.root, receipts, writer.catalog):
        if part is None:
            insert()
            _delete_rows(writer, [receipt.receipt_no])
            continue
        waiting[part.table].append(part.columns)
        characters += len(part.columns)
        if characters > BATCH_CHARACTERS:
            insert()
            characters = 0
    insert()


def _delete_rows(writer: Writer, receipt_numbers: list[int]) -> None:
    """Delete what was read of these receipts."""
    for table in RAW_KEYS:
        writer.connection.execute(
            f"delete from {table} where receipt_no in (select unnest(?))", [receipt_numbers]
        )
