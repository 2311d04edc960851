"""Checks the tables before they are published: each by its suite, and beside the last release.

What a failure stops is decided in `orchestration`; how a rule is carried out in `validation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.quality.beside import (
    IS_KEPT,
    LAST,
    LAST_ROWS,
    NEW_ROWS,
    last_release,
    last_rows_query,
    new_rows_query,
    plain_column,
    table_columns,
)
from pipelines.quality.suites import Rule, Suite
from pipelines.quality.validation import Failure, RuleRaisedError, columns_of, validate

PREFIXES = ("core_", "mart_", "check_")  # of the tables that have a suite each
PROFILE = "table_columns"  # the suite and frame of all their columns
PROFILE_KEY = ("table_name", "column_name")
MOST_EXAMPLES = 5
QUERIES = {LAST_ROWS: last_rows_query, NEW_ROWS: new_rows_query}  # by prefix of the frame


@dataclass(frozen=True)
class TableFailure:
    """A rule that does not hold for a table, with the keys of the first rows it fails in."""

    suite: str
    failure: Failure
    examples: tuple[str, ...]

    @property
    def rule(self) -> Rule:
        """The rule that failed."""
        return self.failure.rule

    @property
    def message(self) -> str:
        """What is wrong and what to do."""
        return self.rule.meta.message.format(
            count=len(self.failure.positions),
            examples="；".join(self.examples),
            observed=self.failure.observed,
        )


def table_suites(suites: Mapping[str, Suite]) -> dict[str, Suite]:
    """Return the suites of tables, without those of forms."""
    return {
        name: suite
        for name, suite in suites.items()
        if name.startswith(PREFIXES) or name == PROFILE
    }


def check_tables(
    connection: duckdb.DuckDBPyConnection,
    suites: Mapping[str, Suite],
    grains: Mapping[str, Sequence[str]],
    last: Path | None,
    names: Mapping[str, str],
) -> list[TableFailure]:
    """Return what does not hold, suite by suite and rule by rule.

    Args:
        connection: the warehouse with all tables built.
        suites: those of the tables.
        grains: the key of each table.
        last: the database of the last release; without one, rules that look at it say nothing.
        names: what people call the codes in keys.

    Raises:
        RuleRaisedError: a rule could not be carried out.
    """
    with last_release(connection, last):
        return [
            failure
            for suite in suites.values()
            for frame_name, rules in suite.tables.items()
            for failure in _check(connection, suites, grains, suite, frame_name, rules, names)
        ]


def _check(
    connection: duckdb.DuckDBPyConnection,
    suites: Mapping[str, Suite],
    grains: Mapping[str, Sequence[str]],
    suite: Suite,
    frame_name: str,
    rules: Sequence[Rule],
    names: Mapping[str, str],
) -> list[TableFailure]:
    """Return the failures of one frame's rules."""
    key = PROFILE_KEY if suite.name == PROFILE else grains[suite.name]
    if suite.name == PROFILE:
        frame = _profile(connection, [name for name in suites if name != PROFILE])
    elif frame_name == suite.name:
        frame = _table_frame(connection, suite.name, key, rules)
    else:
        rules = _comparable(connection, suite.name, key, rules)
        if not rules:
            return []
        query_of = QUERIES[frame_name.removesuffix(suite.name)]
        query = query_of(suite.name, key, columns_of(rules))
        frame = connection.execute(query).df()
    try:
        failures = validate(frame, rules)
    except RuleRaisedError as error:
        raise RuleRaisedError(f"{suite.name}：{error}") from error
    return [
        TableFailure(suite.name, failure, _examples(frame, key, failure.positions, names))
        for failure in failures
    ]


def _table_frame(
    connection: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], rules: Sequence[Rule]
) -> pd.DataFrame:
    """Return the columns of the key and of the rules; which are missing, the rules say.

    Texts that need only be told apart come as categories: of millions of rows Great Expectations
    then hashes and compares numbers.
    """
    read = {*key, *columns_of(rules)}
    compared = set(columns_of(rule for rule in rules if "column_list" not in rule.kwargs))
    selected = []
    for name, kind, *_ in connection.execute(f"describe {table}").fetchall():
        if kind == "VARCHAR" and name in read - compared:
            connection.execute(
                f"create or replace temp type {name}_category as enum "
                f"(select distinct {name} from {table} where {name} is not null order by {name})"
            )
            selected.append(f"cast({name} as {name}_category) as {name}")
        elif name in read:
            selected.append(name)
    return connection.execute(f"select {', '.join(selected)} from {table}").df()


def _comparable(
    connection: duckdb.DuckDBPyConnection, table: str, key: Sequence[str], rules: Sequence[Rule]
) -> list[Rule]:
    """Return the rules whose columns the last release had; none where its key was another."""
    before = {*table_columns(connection, table, LAST), IS_KEPT}
    if not before.issuperset(key):
        return []
    return [
        rule
        for rule in rules
        if before.issuperset(plain_column(name) for name in columns_of([rule]))
    ]


def _profile(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> pd.DataFrame:
    """Return a row for each column of these tables: how many rows there are, how many filled.

    `empty_column` names the column where there are rows and none is filled, `emptied_column` where
    the last release had some.
    """
    today = _filled(connection, tables, _warehouse(connection))
    last = {
        (table, column): filled for table, column, _, filled in _filled(connection, tables, LAST)
    }
    rows = []
    for table, column, row_count, filled_count in today:
        is_empty = row_count > 0 and filled_count == 0
        name = f"{table}.{column}"
        rows.append(
            {
                "table_name": table,
                "column_name": column,
                "empty_column": name if is_empty else None,
                "emptied_column": name if is_empty and last.get((table, column)) else None,
            }
        )
    return pd.DataFrame(rows)


def _filled(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str], database: str
) -> list[tuple[str, str, int, int]]:
    """Return table, column, rows and filled rows for each column of those tables that exist."""
    found = []
    for table in tables:
        columns = table_columns(connection, table, database)
        if columns:
            counts = ", ".join(f"count({column})" for column in columns)
            row = connection.execute(
                f"select count(*), {counts} from {database}.{table}"
            ).fetchone()
            rows, *filled = row or ()
            found += [
                (table, column, rows, count) for column, count in zip(columns, filled, strict=True)
            ]
    return found


def _warehouse(connection: duckdb.DuckDBPyConnection) -> str:
    """Return what the warehouse's database is called."""
    row = connection.execute("select current_database()").fetchone()
    return str(row[0]) if row else ""


def _examples(
    frame: pd.DataFrame, key: Sequence[str], positions: Sequence[int], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the keys of the first failing rows, in words where there are any."""
    rows = frame[list(key)].iloc[list(positions[:MOST_EXAMPLES])]
    return tuple(
        " ".join(names.get(str(part), str(part)) for part in row)
        for row in rows.itertuples(index=False)
    )
