"""The one-way street: between the rooms, held by import-linter, and between tables."""

import re
import subprocess
import sys
from pathlib import Path

from pipelines.warehouse.sql_files import LAYERS, load_sql_tables

PROJECT = Path(__file__).resolve().parents[1]


def test_rooms_import_one_way_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_help_needs_none_of_the_heavy_packages() -> None:
    program = (
        "import sys, pipelines.cli; "
        "heavy = 'dagster duckdb openpyxl pandas plotly pydantic rich scipy'.split(); "
        "sys.exit(' '.join({*heavy} & {*sys.modules}) or None)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_sql_reads_its_own_layer_or_an_earlier_one() -> None:
    tables = load_sql_tables()
    for table in tables.values():
        for source in table.sources:
            assert LAYERS[layer(source)] <= LAYERS[layer(table.name)], table.name


def test_pages_are_made_from_published_marts_only() -> None:
    """Of the internal files only the list of received files is read, for its dates."""
    for path in (PROJECT / "pipelines" / "bulletin").glob("*.py"):
        names = set(re.findall(r"\b(?:raw|ref|stg|core)_[a-z_]+", path.read_text("utf-8")))
        assert names <= {"raw_files", "raw_text", "core_properties"}, path.name


def layer(table: str) -> str:
    return table.partition("_")[0]
