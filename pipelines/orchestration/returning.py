"""The returned workbooks, the return lists, and the statistician's workbooks of all findings.

A run makes them from its warehouse before it publishes: who has to correct something must hear of
it even where publication is blocked. Later they are made from what is published. What a returned
workbook looks like is the intake's matter, what a list looks like the bulletin's.

Only files that came after the newest report month had ended get a workbook, and those that have one
keep it while it is due. Earlier months have been through all this: what is still open there, or is
asked by a rule that is new, stands in their lists alone. Nearly every file of every month has some
核实性 finding, and hundreds of workbooks made anew would hide the ones that somebody waits for.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.findings import (
    OPEN_RETURNED,
    Ignored,
    Paths,
    findings_path,
    write_findings,
)
from pipelines.bulletin.returns import write_return_list
from pipelines.bulletin.sheets import Link
from pipelines.catalog.load import load_catalog
from pipelines.intake.inbox import archive_path, look_through
from pipelines.intake.receipts import read_receipts
from pipelines.intake.records import Row
from pipelines.intake.returned.findings import FileToReturn, Finding
from pipelines.intake.returned.making import make_returned
from pipelines.intake.returned.remarks import REVIEW_SHEET
from pipelines.intake.shown_text import shown
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.returned_files import list_workbooks, workbook_path
from pipelines.root import Root
from pipelines.warehouse.release import current_method, reading_digest

logger = logging.getLogger(__name__)

# Whose files are of no reporting unit.
BUREAU_FOLDERS = (
    "register",
    "register_events",
    "sample",
    "published",
    "ledger",
    "platforms",
    "corrections",
)
SEVERAL_UNITS, NO_UNIT = "多个报送单位", "报送单位不明"
MONTHS = "select distinct period from mart_industry_monthly order by period"
OPEN_PERIODS = "select distinct period from mart_findings where state = 'open'"
OPEN_FILES = """
    with newest as (
        select max(last_day(cast(concat(period, '-01') as date))) as end_date
        from mart_industry_monthly
        where
            last_day(cast(concat(period, '-01') as date))
            < (select max(first_seen_at) from raw_files)
    )

    select
        files.receipt_no,
        files.form_code,
        files.layout,
        any_value(findings.period) as period,
        list(distinct findings.reporting_unit_name)
            filter (where findings.reporting_unit_name is not null) as units
    from mart_findings as findings
    inner join raw_files as files using (receipt_no)
    cross join newest
    where
        findings.state = 'open'
        and files.layout is not null
        and (
            newest.end_date is null
            or cast(files.first_seen_at as date) > newest.end_date
            or list_contains(?, files.receipt_no)
        )
    group by files.receipt_no, files.form_code, files.layout
    order by files.receipt_no"""
OPEN_FINDINGS = """
    select
        findings.receipt_no, findings.finding_id, findings.severity, findings.scope,
        findings.credit_code, findings.agency_name, core.field_code, core.indicator_code,
        core.measure_code, findings.sheet_name, findings.cell_address, findings.related_cells,
        findings.raw_text, findings.expected, findings.message
    from mart_findings as findings
    inner join core_findings as core using (finding_no)
    where findings.state = 'open'
    order by findings.finding_no"""
SAFE_TO_OPEN = "select receipt_no from raw_files where layout is not null and not has_macros"
SAFE_SUFFIX = ".xlsx"
VALUES = "select * from raw_values where receipt_no = ? order by value_no"


@dataclass(frozen=True)
class Made:
    """What a workbook was made from, and what came out, as hashes."""

    inputs: str
    sha256: str


def write_returns(root: Root, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Write the returned workbooks and the return lists, and return the lists.

    Every month has a list, and so has every other period with open findings. The connection has
    mart_findings, mart_industry_monthly, core_findings, raw_files and raw_values.
    """
    write_returned_workbooks(root, connection)
    workbooks = {
        receipt_no: f"{path.parent.name}/{path.name}"
        for receipt_no, path in list_workbooks(root).items()
    }
    made_up = is_made_up(root)
    return [
        write_return_list(root, connection, period, made_up, workbooks)
        for period in _periods(connection)
    ]


def write_findings_workbooks(root: Root, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Write the workbook of all findings of each period that has a return list; return them.

    They lead to the returned workbooks, which are written first. The connection has mart_files, and
    what those need.
    """
    made_up = is_made_up(root)
    paths = _paths(root, connection)
    ignored: dict[str | None, list[Ignored]] = defaultdict(list)
    for entry in look_through(root):
        if entry.ignored_because is not None:
            told = Ignored(shown(entry.file.file_path), entry.ignored_because)
            ignored[entry.file.folder_period].append(told)
    return [
        write_findings(root, connection, period, made_up, paths, ignored[period])
        for period in _periods(connection)
    ]


def _periods(connection: duckdb.DuckDBPyConnection) -> list[str | None]:
    """Return every month, then every other period with open findings; None is what has none."""
    months = [period for (period,) in connection.execute(MONTHS).fetchall()]
    others = {period for (period,) in connection.execute(OPEN_PERIODS).fetchall()} - {*months}
    return [*months, *sorted(others - {None}), *([None] if None in others else [])]


def _paths(root: Root, connection: duckdb.DuckDBPyConnection) -> Paths:
    """Return where archived files and workbooks lie, seen from the findings' folder.

    A file that was not opened, or that has macros, is nothing to be opened by a click.
    """
    folder = findings_path(root, None).parent
    safe = {number for (number,) in connection.execute(SAFE_TO_OPEN).fetchall()}
    archived = {
        receipt.receipt_no: archive_path(root, receipt)
        for receipt in read_receipts(root)
        if receipt.receipt_no in safe
    }
    first_cell = f"'{REVIEW_SHEET}'!A1"
    return Paths(
        {
            number: Path(os.path.relpath(path, folder)).as_posix()
            for number, path in archived.items()
            if path.suffix == SAFE_SUFFIX
        },
        {
            number: Link(OPEN_RETURNED, Path(os.path.relpath(path, folder)).as_posix(), first_cell)
            for number, path in list_workbooks(root).items()
        },
    )


def write_returned_workbooks(root: Root, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the workbook of each file that is due one, and remove those of files without findings.

    A workbook that would come out as before is not made again, and one that somebody has written
    in since is left alone.
    """
    record_path = root.state / "returned.json"
    record = _read_record(root, record_path)
    due = _files_to_return(root, connection)
    made_up = is_made_up(root)
    program = reading_digest(current_method())
    inputs = {path: _digest(file, program, made_up) for path, file in due.items()}
    for path in list_workbooks(root).values():
        if path not in due and not _is_changed(path, record):
            path.unlink()
            _drop_if_empty(path.parent)
    targets = {file.receipt.receipt_no: path for path, file in due.items()}
    stale = [
        file
        for path, file in due.items()
        if not path.exists() or path not in record or record[path].inputs != inputs[path]
    ]
    root.state.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=root.state, prefix="returning-") as folder:
        read_values = partial(_values, connection)
        made = make_returned(stale, read_values, load_catalog(), Path(folder), made_up)
        for file, workbook in made:
            path = targets[file.receipt.receipt_no]
            if _is_changed(path, record):
                logger.warning("退回文件“%s”已被改动，没有重新生成。", path.name)
                record[path] = Made(inputs[path], record[path].sha256)
                continue
            content = workbook.read_bytes()
            replace_file(path, content)
            record[path] = Made(inputs[path], hashlib.sha256(content).hexdigest())
    kept = {
        path.relative_to(root.path).as_posix(): asdict(made)
        for path, made in record.items()
        if path.exists()
    }
    replace_file(record_path, json.dumps(kept, ensure_ascii=False, indent=1).encode())


def _files_to_return(root: Root, connection: duckdb.DuckDBPyConnection) -> dict[Path, FileToReturn]:
    """Return the files that are due a workbook, by its path: readable forms with open findings."""
    receipts = {receipt.receipt_no: receipt for receipt in read_receipts(root)}
    findings: dict[int, list[Finding]] = defaultdict(list)
    for receipt_no, *columns in connection.execute(OPEN_FINDINGS).fetchall():
        findings[receipt_no].append(Finding(*columns))
    files: dict[Path, FileToReturn] = {}
    lists_of_the_bureau = {
        form.code: form.name for form in load_catalog().forms if form.folder in BUREAU_FOLDERS
    }
    opened = connection.execute(OPEN_FILES, [list(list_workbooks(root))]).fetchall()
    for receipt_no, form_code, layout, period, units in opened:
        receipt = receipts[receipt_no]
        unit_name = (units or [NO_UNIT])[0] if len(units or []) < 2 else SEVERAL_UNITS
        if form_code in lists_of_the_bureau:
            unit_name = lists_of_the_bureau[form_code]
        is_refused = any(finding.severity == "mandatory" for finding in findings[receipt_no])
        path = workbook_path(root, period, unit_name, receipt, is_refused)
        files[path] = FileToReturn(
            receipt,
            archive_path(root, receipt),
            form_code,
            layout,
            period,
            unit_name,
            findings[receipt_no],
        )
    return files


def _values(connection: duckdb.DuckDBPyConnection, receipt_no: int) -> list[Row]:
    """Return what was read from a file."""
    result = connection.execute(VALUES, [receipt_no])
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def _digest(file: FileToReturn, program: str, made_up: bool) -> str:
    """Return a hash of everything a workbook is made from, the program included."""
    parts = [
        program,
        made_up,
        file.receipt.sha256,
        file.receipt.shown_name,
        file.period,
        file.unit_name,
        [asdict(finding) for finding in file.findings],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _read_record(root: Root, path: Path) -> dict[Path, Made]:
    """Return what the workbooks of the last run were made from; nothing if that was deleted."""
    if not path.exists():
        return {}
    told = json.loads(path.read_bytes())
    return {root.path / name: Made(**made) for name, made in told.items()}


def _drop_if_empty(folder: Path) -> None:
    """Remove the folder of a reporting unit to which nothing goes back any more."""
    if not any(folder.iterdir()):
        folder.rmdir()


def _is_changed(path: Path, record: Mapping[Path, Made]) -> bool:
    """Return whether somebody has written in a workbook since it was made."""
    if path not in record or not path.exists():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() != record[path].sha256
