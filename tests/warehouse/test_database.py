"""The warehouse file, frames put into it and tables built from SQL."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.root import Root
from pipelines.warehouse.database import (
    PYTHON_SCHEMAS,
    WarehouseError,
    build_table,
    insert_columns,
    open_database,
    open_warehouse,
    replace_frame,
)
from pipelines.warehouse.reference import reference_frames
from pipelines.warehouse.sql_files import SqlTable

SCHEMA = {
    "receipt_no": "INTEGER",
    "value": "DECIMAL(28,8)",
    "note": "VARCHAR",
    "is_late": "BOOLEAN",
    "first_seen_at": "TIMESTAMP",
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(":memory:") as opened:
        yield opened


def table_of(query: str, grain: tuple[str, ...] = ("period",)) -> SqlTable:
    return SqlTable("core_x", Path("core_x.sql"), grain, "它的'含义'。", query, ())


def test_settings_of_a_build(tmp_path: Path) -> None:
    root = Root(tmp_path)
    with open_warehouse(root) as connection:
        settings = dict(
            connection.execute(
                "select name, value from duckdb_settings() where name in "
                "('threads', 'TimeZone', 'autoinstall_known_extensions', "
                "'autoload_known_extensions')"
            ).fetchall()
        )
    assert settings == {
        "threads": "1",
        "TimeZone": "Asia/Shanghai",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    assert root.warehouse.is_file()


def test_frames_arrive_exactly(connection: duckdb.DuckDBPyConnection) -> None:
    frame = pd.DataFrame(
        {
            "note": ["甲", None, float("nan")],
            "receipt_no": pd.array([1, 2, None], dtype="Int64"),
            "value": [Decimal("0.00000001"), None, Decimal("12345678901234567890.5")],
            "is_late": [True, None, False],
            "first_seen_at": [pd.Timestamp("2025-07-18 23:59:59"), None, None],
        }
    )
    replace_frame(connection, "raw_x", frame, SCHEMA)
    rows = connection.execute("select * from raw_x order by receipt_no nulls last").fetchall()
    assert [row[:4] for row in rows] == [
        (1, Decimal("0.00000001"), "甲", True),
        (2, None, None, None),
        (None, Decimal("12345678901234567890.5"), None, False),
    ]
    assert str(rows[0][4]) == "2025-07-18 23:59:59"
    described = connection.execute("describe raw_x").fetchall()
    assert {row[0]: row[1] for row in described} == SCHEMA
    assert [row[0] for row in described] == list(SCHEMA)


def test_types_do_not_hang_on_the_first_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """A column whose first thousands of values are NULL keeps its type."""
    size = 5000
    frame = pd.DataFrame(
        {
            "value": [None] * size + [Decimal("1.5")],
            "note": [None] * size + ["x"],
        },
        dtype=object,
    )
    replace_frame(connection, "raw_x", frame, {"value": "DECIMAL(28,8)", "note": "VARCHAR"})
    last = connection.execute("select * from raw_x where value is not null").fetchall()
    assert last == [(Decimal("1.5"), "x")]


def test_nan_is_null(connection: duckdb.DuckDBPyConnection) -> None:
    frame = pd.DataFrame({"value": [np.nan, 1.5]})
    replace_frame(connection, "raw_x", frame, {"value": "DOUBLE"})
    found = connection.execute("select value from raw_x").fetchall()
    assert sorted(found, key=str) == [(1.5,), (None,)]


def test_an_empty_frame_leaves_an_empty_table(connection: duckdb.DuckDBPyConnection) -> None:
    replace_frame(connection, "raw_x", pd.DataFrame({"note": ["x"]}), {"note": "VARCHAR"})
    replace_frame(connection, "raw_x", pd.DataFrame(columns=["note"]), {"note": "VARCHAR"})
    assert connection.execute("select * from raw_x").fetchall() == []


@pytest.mark.parametrize("columns", [["note"], ["note", "value", "extra"]])
def test_other_columns_than_the_schema(
    connection: duckdb.DuckDBPyConnection, columns: list[str]
) -> None:
    frame = pd.DataFrame([["x"] * len(columns)], columns=columns)
    with pytest.raises(WarehouseError, match="raw_x：数据列与表结构不一致"):
        replace_frame(connection, "raw_x", frame, {"note": "VARCHAR", "value": "VARCHAR"})


def test_a_value_of_another_type(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.ConversionException):
        replace_frame(connection, "raw_x", pd.DataFrame({"n": ["一"]}), {"n": "INTEGER"})


def test_reference_frames_fit_the_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    frames = reference_frames(load_catalog())
    expected = {name for name in PYTHON_SCHEMAS if name.startswith("ref_")}
    expected -= {"ref_release", "ref_rules"}  # made by the run and from the suites
    assert set(frames) == expected
    for name, frame in frames.items():
        replace_frame(connection, name, frame, PYTHON_SCHEMAS[name])
        (count,) = connection.execute(f"select count(*) from {name}").fetchall()[0]
        assert count == len(frame)


def test_a_built_table_carries_its_meanings(connection: duckdb.DuckDBPyConnection) -> None:
    build_table(connection, table_of("select '2025-06' as period, 1.5 as value"), load_catalog())
    tables = connection.execute("select table_name, comment from duckdb_tables").fetchall()
    assert tables == [("core_x", "它的'含义'。")]
    columns = connection.execute("select column_name, comment from duckdb_columns").fetchall()
    meanings = {column.name: column.meaning for column in load_catalog().columns}
    assert columns == [("period", meanings["period"]), ("value", meanings["value"])]


def test_building_again_replaces(connection: duckdb.DuckDBPyConnection) -> None:
    for value in (1, 2):
        query = f"select '2025-06' as period, {value} as value"
        build_table(connection, table_of(query), load_catalog())
    assert connection.execute("select value from core_x").fetchall() == [(2,)]


def test_a_column_without_a_meaning(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WarehouseError, match=r"core_x.sql：列 nonsense 没有含义"):
        build_table(connection, table_of("select 1 as nonsense"), load_catalog())


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("select '2025-06' as period union all select '2025-06'", "period=2025-06"),
        ("select cast(null as varchar) as period", "period=None"),
    ],
)
def test_a_grain_that_is_no_key(
    connection: duckdb.DuckDBPyConnection, query: str, key: str
) -> None:
    with pytest.raises(WarehouseError, match=f"core_x.sql：主键重复或为空（{key}）"):
        build_table(connection, table_of(query), load_catalog())


def test_columns_are_added_in_order_and_lose_nothing() -> None:
    schema = {"receipt_no": "INTEGER", "number_value": "DECIMAL(28,8)", "seen_at": "TIMESTAMP"}
    with open_database(":memory:") as connection:
        replace_frame(connection, "t", pd.DataFrame(columns=list(schema)), schema)
        number = "12345678901234567890.12345678"
        written = [
            {"receipt_no": [2, 1], "number_value": [number, None], "seen_at": [None, None]},
            {"receipt_no": [3], "number_value": ["-0.5"], "seen_at": ["2025-07-10T09:30:00"]},
        ]
        insert_columns(connection, "t", list(map(json.dumps, written)), schema)
        assert connection.execute("from t").fetchall() == [
            (2, Decimal(number), None),
            (1, None, None),
            (3, Decimal("-0.5"), dt.datetime(2025, 7, 10, 9, 30)),
        ]


@pytest.mark.parametrize(
    "written", [{"a": [1]}, {"a": [1], "b": [1], "c": [1]}, {"a": [1], "b": ["x"]}]
)
def test_columns_other_than_the_tables_are_not_added(written: dict[str, list[object]]) -> None:
    schema = {"a": "INTEGER", "b": "INTEGER"}
    with open_database(":memory:") as connection:
        replace_frame(connection, "t", pd.DataFrame(columns=list(schema)), schema)
        with pytest.raises((WarehouseError, duckdb.Error)):
            insert_columns(connection, "t", [json.dumps(written)], schema)
