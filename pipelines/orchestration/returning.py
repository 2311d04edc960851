"""The returned workbooks and return lists of everything published that still has open findings.

Only published data and the archive are read. What a returned workbook looks like is the intake's
matter, what a list looks like the bulletin's.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.bulletin.files import replace_file
from pipelines.catalog.load import load_catalog
from pipelines.intake.inbox import archive_path
from pipelines.intake.receipts import read_receipts
from pipelines.intake.records import Row
from pipelines.intake.returned.findings import FileToReturn, Finding
from pipelines.intake.returned.making import make_returned
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.published import ask, published_periods, write_return_lists
from pipelines.orchestration.returned_files import list_workbooks, workbook_path
from pipelines.root import Root
from pipelines.warehouse.release import current_method, reading_digest

logger = logging.getLogger(__name__)

SEVERAL_UNITS, NO_UNIT = "多个报送单位", "报送单位不明"
OPEN_PERIODS = "select distinct period from mart_findings where state = 'open'"
OPEN_FILES = """
    select
        files.receipt_no,
        files.form_code,
        files.layout,
        any_value(findings.period) as period,
        list(distinct findings.reporting_unit_name)
            filter (where findings.reporting_unit_name is not null) as units
    from mart_findings as findings
    inner join read_parquet(?) as files using (receipt_no)
    where findings.state = 'open' and files.layout is not null
    group by files.receipt_no, files.form_code, files.layout
    order by files.receipt_no"""
OPEN_FINDINGS = """
    select
        findings.receipt_no, findings.finding_id, findings.severity, findings.scope,
        findings.credit_code, findings.agency_name, core.field_code, core.indicator_code,
        core.measure_code, findings.sheet_name, findings.cell_address, findings.related_cells,
        findings.raw_text, findings.expected, findings.message
    from mart_findings as findings
    inner join read_parquet(?) as core using (finding_no)
    where findings.state = 'open'
    order by findings.finding_no"""
VALUES = "select * from read_parquet(?) where receipt_no = ? order by value_no"


@dataclass(frozen=True)
class Made:
    """What a workbook was made from, and what came out, as hashes."""

    inputs: str
    sha256: str


def write_returns(root: Root) -> list[Path]:
    """Write the returned workbooks and the return lists, and return the lists.

    Every published month has a list, and so has every other period with open findings.
    """
    write_returned_workbooks(root)
    open_periods = {period for (period,) in ask(root, OPEN_PERIODS).rows}
    periods: list[str | None] = [*published_periods(root)]
    periods += sorted(open_periods - {None, *periods})
    periods += [None] if None in open_periods else []
    return write_return_lists(root, periods)


def write_returned_workbooks(root: Root) -> None:
    """Make the workbook of each file with open findings, and remove those of files without.

    A workbook that would come out as before is not made again, and one that somebody has written
    in since is left alone.
    """
    record_path = root.state / "returned.json"
    record = _read_record(root, record_path)
    due = _files_to_return(root)
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
        read_values = partial(_values, root)
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


def _files_to_return(root: Root) -> dict[Path, FileToReturn]:
    """Return the files that could be read as forms and have open findings, by their workbook."""
    receipts = {receipt.receipt_no: receipt for receipt in read_receipts(root)}
    findings: dict[int, list[Finding]] = defaultdict(list)
    for receipt_no, *columns in ask(
        root, OPEN_FINDINGS, str(root.internal / "core_findings.parquet")
    ).rows:
        findings[receipt_no].append(Finding(*columns))
    files: dict[Path, FileToReturn] = {}
    opened = ask(root, OPEN_FILES, str(root.internal / "raw_files.parquet")).rows
    for receipt_no, form_code, layout, period, units in opened:
        receipt = receipts[receipt_no]
        unit_name = (units or [NO_UNIT])[0] if len(units or []) < 2 else SEVERAL_UNITS
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


def _values(root: Root, receipt_no: int) -> list[Row]:
    """Return what was read from a file."""
    answer = ask(root, VALUES, str(root.internal / "raw_values.parquet"), receipt_no)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _digest(file: FileToReturn, program: str, made_up: bool) -> str:
    """Return a hash of everything a workbook is made from, the program included."""
    parts = [
        program,
        made_up,
        file.receipt.sha256,
        file.receipt.file_name,
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
