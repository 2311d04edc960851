"""The SQL files as tables: their headers, what they read, and the order to build them in.

Files are only read and parsed here; `database` runs them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from pipelines.root import SQL_FOLDER
from pipelines.warehouse.database import PYTHON_SCHEMAS

PYTHON_TABLES = frozenset(PYTHON_SCHEMAS)
LAYERS = {"raw": 0, "ref": 0, "stg": 1, "core": 2, "mart": 3, "check": 4}
HEADER = re.compile(
    r"-- Grain: (?P<grain>\w+(?:, \w+)*)\n"
    r"-- 含义：(?P<meaning>.+\n(?:--  .+\n)*)"
    r"-- Sources: .+\n(?:--  .+\n)*"
)


class SqlFileError(Exception):
    """An SQL file that cannot become a table; the message begins with the file's name."""


@dataclass(frozen=True)
class SqlTable:
    """One SQL file: the table it makes, its key, its Chinese meaning and the tables it reads."""

    name: str
    path: Path
    grain: tuple[str, ...]
    meaning: str
    query: str
    sources: tuple[str, ...]


def load_sql_tables(
    folder: Path = SQL_FOLDER, known: Collection[str] = PYTHON_TABLES
) -> dict[str, SqlTable]:
    """Return the tables of that folder by name, each after the tables it reads.

    Args:
        folder: Where the SQL files lie, one table a file.
        known: Names of the tables that Python makes.

    Raises:
        SqlFileError: A header is missing or malformed, a file is not one select statement, reads a
            table nobody makes or one of a later layer, or files read each other in a circle.
    """
    tables = {path.stem: _read(path) for path in sorted(folder.glob("*.sql"))}
    for table in tables.values():
        for source in table.sources:
            if source not in tables and source not in known:
                raise SqlFileError(f"{table.path.name}：读取的 {source} 没有来源，请改正表名。")
            if _layer(source, table.path) > _layer(table.name, table.path):
                raise SqlFileError(f"{table.path.name}：不得读取后一层的 {source}。")
    return {name: tables[name] for name in _build_order(tables)}


def _read(path: Path) -> SqlTable:
    """Return the table that one file makes."""
    text = path.read_text(encoding="utf-8")
    header = HEADER.match(text)
    if header is None:
        raise SqlFileError(f"{path.name}：开头应为 -- Grain、-- 含义、-- Sources 三项，请补齐。")
    query = text[header.end() :].strip().removesuffix(";")
    return SqlTable(
        name=path.stem,
        path=path,
        grain=tuple(header["grain"].split(", ")),
        meaning=re.sub(r"\s*\n--  ", "", header["meaning"]).strip(),
        query=query,
        sources=_tables_read(path, query),
    )


def _tables_read(path: Path, query: str) -> tuple[str, ...]:
    """Return the names of the tables a query reads, without its own CTEs, in name order."""
    try:
        statements = sqlglot.parse(query, dialect="duckdb")
    except SqlglotError as error:
        raise SqlFileError(f"{path.name}：SQL 写法有误（{error}）。") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SqlFileError(f"{path.name}：应为且仅为一条 select 语句。")
    scopes = traverse_scope(statements[0])
    sources = (source for scope in scopes for source in scope.sources.values())
    return tuple(sorted({source.name for source in sources if isinstance(source, exp.Table)}))


def _layer(name: str, path: Path) -> int:
    """Return the rank of the layer that a table's prefix names."""
    prefix = name.partition("_")[0]
    if prefix not in LAYERS:
        raise SqlFileError(f"{path.name}：{name} 不属于任何一层（{'、'.join(LAYERS)}）。")
    return LAYERS[prefix]


def _build_order(tables: Mapping[str, SqlTable]) -> list[str]:
    """Return the names so that every table comes after those it reads; ties in name order."""
    sorter = TopologicalSorter(
        {
            name: [source for source in table.sources if source in tables]
            for name, table in tables.items()
        }
    )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        files = " -> ".join(tables[name].path.name for name in circle)
        raise SqlFileError(f"{tables[circle[0]].path.name}：循环引用（{files}）。") from error
    order: list[str] = []
    while ready := sorted(sorter.get_ready()):
        order += ready
        sorter.done(*ready)
    return order
