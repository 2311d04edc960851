"""What each step costs in processor time, as ratios to decoding the same workbooks alone.

Run by `make bench` on the demo's workbooks; prints a table and tests nothing.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from pipelines.catalog.load import load_catalog
from pipelines.intake.decoding import decode_files
from pipelines.intake.frames import read_receipts_into_frames
from pipelines.intake.inbox import archive_path
from pipelines.intake.receipts import read_receipts
from pipelines.orchestration.demo import make_demo
from pipelines.orchestration.run import run
from pipelines.quality.suites import load_suites
from pipelines.quality.validation import validate
from pipelines.root import Root
from pipelines.warehouse.database import build_table, open_database, open_warehouse
from pipelines.warehouse.sql_files import load_sql_tables
from tests.benchmarks.validation import FORM, fill_warehouse, validate_flash_reports

REPEATS = 3
AGENCIES, FAILURES = 3_500, 10_000  # of the month that is validated apart


def processor_seconds() -> float:
    """Return the seconds of processor time of this process and of its ended children."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def cost(step: Callable[[], object]) -> float:
    """Return the least processor time of a step over its repeats, in seconds."""
    seconds = []
    for _ in range(REPEATS):
        before = processor_seconds()
        step()
        seconds.append(processor_seconds() - before)
    return min(seconds)


def build_everything(root: Root) -> None:
    """Build every SQL table of the warehouse again."""
    with open_warehouse(root) as connection:
        for table in load_sql_tables().values():
            build_table(connection, table, load_catalog())


def read_with_pandas(paths: list[Path]) -> None:
    """Read every sheet the way an ordinary script would."""
    for path in paths:
        pd.read_excel(path, sheet_name=None, engine="openpyxl", header=None)


def main() -> None:
    """Make the demo, time its steps, print the table."""
    with tempfile.TemporaryDirectory() as folder, open_database(":memory:") as month:
        fill_warehouse(month, AGENCIES, FAILURES)
        first_rule = load_suites()[FORM].rules[0]
        validate(pd.DataFrame({"registered_code": ["A"]}), [first_rule])  # imports what it needs
        root, _ = make_demo(Path(folder) / "demo")
        receipts = read_receipts(root)
        paths = [archive_path(root, receipt) for receipt in receipts]
        refused = {"加密", "没传完"}
        sound = [
            path
            for path, receipt in zip(paths, receipts, strict=True)
            if not any(word in receipt.file_path for word in refused)
        ]
        steps: dict[str, Callable[[], object]] = {
            "decode alone": lambda: list(decode_files(paths)),
            "intake (decode, locate, check)": lambda: read_receipts_into_frames(
                root, receipts, load_catalog()
            ),
            "pandas.read_excel with openpyxl": lambda: read_with_pandas(sound),
            "all SQL tables": lambda: build_everything(root),
            f"validation of {AGENCIES:,} reports, {FAILURES:,} failures": lambda: (
                validate_flash_reports(month)
            ),
            "run without change": lambda: run(root),
        }
        costs = {name: cost(step) for name, step in steps.items()}
        table = Table(title=f"{len(receipts)} workbooks, best of {REPEATS}")
        for heading in ("step", "CPU s", "ratio to decoding"):
            table.add_column(heading, justify="left" if heading == "step" else "right")
        for name, seconds in costs.items():
            table.add_row(name, f"{seconds:.2f}", f"{seconds / costs['decode alone']:.1f}")
        Console().print(table)


if __name__ == "__main__":
    main()
