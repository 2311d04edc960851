"""Building one SQL table from given rows: the tables it reads stand in the test as text.

A text table has a header of column names and one row a line, all split at blanks; `-` is NULL.
Columns of a given table that are not in the header are NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.warehouse.database import (
    PYTHON_SCHEMAS,
    build_table,
    open_database,
    replace_frame,
)
from pipelines.warehouse.sql_files import SqlTable, load_sql_tables

Row = dict[str, Any]
Schemas = Mapping[str, Mapping[str, str]]
Build = Callable[..., list[Row]]
BuildChain = Callable[..., dict[str, list[Row]]]
Check = Callable[..., None]


def read_text_table(text: str) -> tuple[list[str], list[dict[str, str | None]]]:
    """Return the column names of a text table and its rows by column name."""
    header, *rows = [line.split() for line in text.splitlines() if line.strip()]
    values = [[None if word == "-" else word for word in row] for row in rows]
    return header, [dict(zip(header, row, strict=True)) for row in values]


def read_cells(text: str) -> list[Row]:
    """Return rows of stg_values from a text table with a column for each indicator; `-` is none."""
    keys = ("receipt_no", "credit_code", "measure_code")
    filled = [
        {**{key: row[key] for key in keys}, "indicator_code": column, "value": value}
        for row in read_text_table(text)[1]
        for column, value in row.items()
        if column not in keys and value is not None
    ]
    return [{"value_no": number, **cell} for number, cell in enumerate(filled, start=1)]


def submissions_of(cells: list[Row], period: str) -> list[Row]:
    """Return the read submissions of that period that the cells stand in."""
    keys = sorted({(cell["receipt_no"], cell["credit_code"]) for cell in cells})
    return [
        {"receipt_no": receipt, "credit_code": code, "period": period, "is_read": True}
        for receipt, code in keys
    ]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def sql_tables() -> dict[str, SqlTable]:
    return load_sql_tables()


@pytest.fixture(scope="session")
def schemas(sql_tables: dict[str, SqlTable], catalog: Catalog) -> Schemas:
    """Column -> type of every table, found by building all of them without rows."""
    found = {name: dict(schema) for name, schema in PYTHON_SCHEMAS.items()}
    with open_database(":memory:") as connection:
        for name, schema in PYTHON_SCHEMAS.items():
            replace_frame(connection, name, pd.DataFrame(columns=list(schema)), schema)
        for name, table in sql_tables.items():
            build_table(connection, table, catalog)
            described = connection.execute(f"describe {name}").fetchall()
            found[name] = {row[0]: row[1] for row in described}
    return found


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(":memory:") as opened:
        yield opened


@pytest.fixture
def build_chain(
    connection: duckdb.DuckDBPyConnection,
    sql_tables: dict[str, SqlTable],
    schemas: Schemas,
    catalog: Catalog,
) -> BuildChain:
    """Build tables one from the other, from the given rows of what they read besides."""

    def build_all(names: Sequence[str], **given: str | list[Row]) -> dict[str, list[Row]]:
        sources = {source for name in names for source in sql_tables[name].sources} - set(names)
        assert set(given) <= sources, f"nothing reads {sorted(set(given) - sources)}"
        for source in sources:
            _give(connection, source, given.get(source, []), schemas)
        for name in names:
            build_table(connection, sql_tables[name], catalog)
        return {name: _rows_of(connection, name) for name in names}

    return build_all


@pytest.fixture
def build(
    connection: duckdb.DuckDBPyConnection,
    sql_tables: dict[str, SqlTable],
    schemas: Schemas,
    catalog: Catalog,
) -> Build:
    """Build one table from the given rows of those it reads; the others it reads are empty."""

    def build_one(name: str, **given: str | list[Row]) -> list[Row]:
        table = sql_tables[name]
        assert set(given) <= set(table.sources), f"{name} does not read all of {sorted(given)}"
        for source in table.sources:
            _give(connection, source, given.get(source, []), schemas)
        build_table(connection, table, catalog)
        return _rows_of(connection, name)

    return build_one


@pytest.fixture
def check(build: Build) -> Check:
    """Build one table and compare the columns named in `expect`, all rows in order."""

    def check_one(name: str, expect: str, **given: str | list[Row]) -> None:
        columns, wanted = read_text_table(expect)
        found = [{column: row[column] for column in columns} for row in build(name, **given)]
        shown = [[_shown(value) for value in row.values()] for row in found]
        assert len(found) == len(wanted), shown
        for row, expected in zip(found, wanted, strict=True):
            for column, word in expected.items():
                assert _equal(row[column], word), (column, word, _shown(row[column]), shown)

    return check_one


def _give(
    connection: duckdb.DuckDBPyConnection, name: str, rows: str | list[Row], schemas: Schemas
) -> None:
    """Make a table of the given rows."""
    if isinstance(rows, str):
        rows = [dict(row) for row in read_text_table(rows)[1]]
    strange = {column for row in rows for column in row} - set(schemas[name])
    assert not strange, f"{name} has no {sorted(strange)}"
    frame = pd.DataFrame(rows, columns=list(schemas[name]), dtype=object)
    replace_frame(connection, name, frame, schemas[name])


def _rows_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    """Return all rows of a table by column name."""
    result = connection.execute(f"select * from {name}")
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _shown(value: object) -> str:
    """Return a value as the text tables write it."""
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _equal(value: object, word: str | None) -> bool:
    """Compare a value with the word that stands for it; DOUBLE to seven digits, others exactly."""
    if value is None or word is None:
        return value is None and word is None
    if isinstance(value, float):
        return bool(value == pytest.approx(float(word), rel=1e-7, abs=1e-9))
    if isinstance(value, Decimal):
        return value == Decimal(word)
    return _shown(value) == word
