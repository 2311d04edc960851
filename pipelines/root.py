"""Where things lie: the folders of a *root* (data and reports), of SQL, suites and catalog.

No reading or writing happens here, only names of places.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SQL_FOLDER = PROJECT / "sql"
EXPECTATIONS_FOLDER = PROJECT / "expectations"
CATALOG_FOLDER = PROJECT / "pipelines" / "catalog"


@dataclass(frozen=True)
class Root:
    """A folder with `data/` and `reports/`; everything a run reads or writes lies below it."""

    path: Path

    @cached_property  # asked for with each of thousands of files
    def inbox(self) -> Path:
        """Received workbooks, as people dropped them."""
        return self.path / "data" / "raw"

    @cached_property
    def archive(self) -> Path:
        """Bytes by sha256, receipts and decisions: the first of the two truths."""
        return self.path / "data" / "archive"

    @property
    def receipts(self) -> Path:
        """The append-only list of receipts."""
        return self.archive / "receipts.jsonl"

    @property
    def decisions(self) -> Path:
        """The append-only list of what people decided by command."""
        return self.archive / "decisions.jsonl"

    @property
    def state(self) -> Path:
        """Everything that can be deleted and rebuilt."""
        return self.path / "data" / "state"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that runs build; readers never open it."""
        return self.state / "warehouse.duckdb"

    @property
    def writer_lock(self) -> Path:
        """The file every writer locks first."""
        return self.state / "writer.lock"

    @property
    def last_run(self) -> Path:
        """What the last complete run was made from."""
        return self.state / "last_run.json"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage."""
        return self.state / "dagster"

    @property
    def marts(self) -> Path:
        """What is published."""
        return self.path / "data" / "marts"

    @property
    def database(self) -> Path:
        """The published DuckDB file."""
        return self.marts / "hr_services.duckdb"

    @property
    def internal(self) -> Path:
        """Published agency-level Parquet files, for the bureau only."""
        return self.marts / "internal"

    @property
    def releases(self) -> Path:
        """Every release, whole: the second of the two truths."""
        return self.marts / "releases"

    @property
    def reports(self) -> Path:
        """Bulletins, tables and returned workbooks."""
        return self.path / "reports"


def find_root(given: str | Path | None = None) -> Root:
    """Return the root named by the caller, else by HRSTATS_ROOT, else the checkout itself."""
    named = given or os.environ.get("HRSTATS_ROOT")
    return Root(Path(named).resolve() if named else PROJECT)
