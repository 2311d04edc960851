"""Today's rows beside those of the last release, for rules that look at both.

The last release is attached only while it is read; nothing of it gets into a table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

LAST = "last_release"
LAST_ROWS = "last_"  # + table: the rows of the last release beside today's
NEW_ROWS = "new_"  # + table: rows of periods the last release lacks, beside its newest period
RATIO = "_ratio"
IS_KEPT = "is_kept"
PERIOD = "period"


@contextmanager
def last_release(connection: duckdb.DuckDBPyConnection, database: Path | None) -> Iterator[None]:
    """Attach the database of the last release, to be read only; do nothing where there is none."""
    if database is None:
        yield
        return
    path = str(database).replace("'", "''")
    connection.execute(f"attach '{path}' as {LAST} (read_only)")
    try:
        yield
    finally:
        connection.execute(f"detach {LAST}")


def table_columns(connection: duckdb.DuckDBPyConnection, table: str, database: str) -> list[str]:
    """Return the columns of a table in their order; none where there is no such table."""
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ? "
        "order by column_index",
        [database, table],
    ).fetchall()
    return [name for (name,) in rows]


def plain_column(name: str) -> str:
    """Return the table's column that a rule means by `last_<column>` or `<column>_ratio`."""
    return name.removeprefix(LAST_ROWS).removesuffix(RATIO)


def last_rows_query(table: str, key: Sequence[str], wanted: Collection[str]) -> str:
    """Return the query of the last release's rows, in key order, each beside today's row.

    The wanted columns are those of the key, `is_kept`, `<column>` of today, `last_<column>` and
    `<column>_ratio`, which is today's value as a multiple of the last one.
    """
    select = _selected(key, wanted, "last")
    return (
        f"select {select} from {LAST}.{table} as last "
        f"left join {table} as today on {_equal(key)} order by {_in_order(key, 'last')}"
    )


def new_rows_query(table: str, key: Sequence[str], wanted: Collection[str]) -> str:
    """Return the query of rows of new periods, each beside the last release's newest period."""
    select = _selected(key, wanted, "today")
    others = [column for column in key if column != PERIOD]
    newest = f"last.{PERIOD} = (select max({PERIOD}) from {LAST}.{table})"
    return (
        f"select {select} from {table} as today "
        f"inner join {LAST}.{table} as last on {' and '.join([*_equals(others), newest])} "
        f"where today.{PERIOD} not in (select {PERIOD} from {LAST}.{table}) "
        f"order by {_in_order(key, 'today')}"
    )


def _selected(key: Sequence[str], wanted: Collection[str], side: str) -> str:
    """Return the select list; the key comes from the side whose rows are all there."""
    expressions = [f"{side}.{column} as {column}" for column in key]
    for name in wanted:
        column = plain_column(name)
        if name == IS_KEPT:
            expressions.append(f"today.{key[0]} is not null as {IS_KEPT}")
        elif name.startswith(LAST_ROWS):
            expressions.append(f"last.{column} as {name}")
        elif name.endswith(RATIO):
            expressions.append(
                f"cast(today.{column} as double) / nullif(cast(last.{column} as double), 0) "
                f"as {name}"
            )
        elif name not in key:
            expressions.append(f"today.{column} as {name}")
    return ", ".join(expressions)


def _equal(key: Sequence[str]) -> str:
    """Return the condition that both rows have the same key."""
    return " and ".join(_equals(key))


def _equals(key: Sequence[str]) -> list[str]:
    """Return one condition for each column of the key."""
    return [f"last.{column} = today.{column}" for column in key]


def _in_order(key: Sequence[str], side: str) -> str:
    """Return the key's columns to order by."""
    return ", ".join(f"{side}.{column}" for column in key)
