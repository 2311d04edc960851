"""From the warehouse to `data/marts`: a release written whole, then put in place file by file.

A reader sees the old file or the new one, never half of one: everything is written beside its
place, synced and renamed. What the figures are is decided in `sql/`; a release's name in `release`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.catalog.models import Catalog
from pipelines.root import CATALOG_FOLDER, EXPECTATIONS_FOLDER, SQL_FOLDER, Root
from pipelines.warehouse.files import file_digest, replace_synced, sync
from pipelines.warehouse.frozen import is_frozen, prune_drafts
from pipelines.warehouse.release import Release, current_release_id

STORAGE_VERSION = "v1.0.0"  # DuckDB 1.x clients can open it
DICTIONARY = "mart_data_dictionary"
DICTIONARY_MEANING = "数据字典：已发布的每张表、每个字段一行，写明含义；字段名为空的行说明整张表。"
DICTIONARY_COLUMNS = {
    "table_name": "VARCHAR",
    "column_name": "VARCHAR",
    "data_type": "VARCHAR",
    "meaning": "VARCHAR",
    "column_order": "INTEGER",
}
MADE_UP = "【模拟数据】"
RUN_FIRST = "请先运行 hrstats run，再发布。"


class PublishingError(Exception):
    """Why nothing was published, and what to do."""


@dataclass(frozen=True)
class Publication:
    """What stands in `data/marts` now; `is_new` is false when it stood there before."""

    release_id: str
    is_new: bool
    row_counts: dict[str, int]


def publish(
    connection: duckdb.DuckDBPyConnection,
    root: Root,
    catalog: Catalog,
    release: Release,
    tables: Sequence[str],
    made_up: bool,
    confirmed: Sequence[Mapping[str, str]] = (),
) -> Publication:
    """Publish those tables of the warehouse as that release; equal inputs publish nothing new.

    `mart_` tables go into the database and Parquet files, `raw_`, `core_` and `check_` tables into
    the bureau's internal Parquet files. What a person confirmed although a rule asked about it is
    kept in the manifest, unless the release is frozen. The pointer `current` is moved last, so that
    an interrupted publication is completed by the next one. Drafts before the last two are removed.

    Raises:
        PublishingError: Somebody writes to the published file, or a mart is of another release.
    """
    if root.database.with_name(f"{root.database.name}.wal").exists():
        raise PublishingError(
            f"{root.database.name} 旁边有 .wal 文件，说明有程序以写入方式打开过它，"
            "请关闭该程序并删除 .wal 文件后再发布。"
        )
    _sweep(root)
    folder = root.releases / release.release_id
    if not folder.exists():
        refuse_other_releases(connection, release, tables)
        _write_release(connection, folder, catalog, release, tables, made_up)
    if confirmed and not is_frozen(folder):
        _keep_confirmed(folder, confirmed)
    manifest = read_manifest(folder)
    is_new = not stands_in_place(root, folder, manifest)
    if is_new:
        _put_in_place(root, folder, manifest)
    prune_drafts(root)
    return Publication(release.release_id, is_new, manifest["row_counts"])


def put_back(root: Root, release_id: str) -> None:
    """Have an earlier release, which still stands whole, be what is published."""
    folder = root.releases / release_id
    manifest = read_manifest(folder)
    if not stands_in_place(root, folder, manifest):
        _put_in_place(root, folder, manifest)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest: release_id, period, confirmed, row_counts, files, method, inputs."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _keep_confirmed(folder: Path, confirmed: Sequence[Mapping[str, str]]) -> None:
    """Add to a release's manifest what a person confirmed."""
    manifest = read_manifest(folder)
    manifest["confirmed"] += [entry for entry in confirmed if entry not in manifest["confirmed"]]
    replace_synced(folder / "manifest.json", _json(manifest))


def _json(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest as it is written."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _sweep(root: Root) -> None:
    """Remove what interrupted publications left behind."""
    for path in list(root.marts.rglob("*.tmp")):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def refuse_other_releases(
    connection: duckdb.DuckDBPyConnection, release: Release, tables: Sequence[str]
) -> None:
    """Refuse tables that are missing and marts that were built for another release.

    Raises:
        PublishingError: There is such a table; a run makes it anew.
    """
    columns = dict(
        connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where database_name = current_database() group by all"
        ).fetchall()
    )
    for table in tables:
        if table not in columns:
            raise PublishingError(f"数据仓库中还没有 {table}。{RUN_FIRST}")
        if table.startswith("mart_") and "release_id" in columns[table]:
            others = _count(
                connection,
                f"{table} where release_id is distinct from {_quoted(release.release_id)}",
            )
            if others:
                raise PublishingError(f"{table} 不是按现有文件、目录和程序算出的。{RUN_FIRST}")


def _count(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Return the number of rows of a table, or of a table and a condition."""
    row = connection.execute(f"select count(*) from {source}").fetchone()
    return int(row[0]) if row else 0


def _write_release(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    catalog: Catalog,
    release: Release,
    tables: Sequence[str],
    made_up: bool,
) -> None:
    """Write a release beside its place, check it, sync it and rename it."""
    draft = folder.with_name(f"{folder.name}.tmp")
    (draft / "internal").mkdir(parents=True)
    marts = [table for table in tables if table.startswith("mart_")]
    database = draft / "hr_services.duckdb"
    row_counts = _write_database(connection, database, catalog, marts, made_up)
    _check_database(database, row_counts)
    connection.execute(f"attach {_quoted(database)} as published (read_only)")
    for table in row_counts:
        connection.execute(f"copy published.{table} to {_quoted(draft / f'{table}.parquet')}")
    connection.execute("detach published")
    for table in tables:
        if table.startswith(("raw_", "core_", "check_")):
            row_counts[table] = _count(connection, table)
            path = draft / "internal" / f"{table}.parquet"
            connection.execute(f"copy {table} to {_quoted(path)}")
    files = {
        path.relative_to(draft).as_posix(): file_digest(path)
        for path in sorted(draft.rglob("*"))
        if path.is_file()
    }
    _copy_texts(CATALOG_FOLDER, draft / "catalog", "*.yml")
    _copy_texts(SQL_FOLDER, draft / "sql", "*.sql")
    _copy_texts(EXPECTATIONS_FOLDER, draft / "expectations", "*.yml")
    manifest = {
        "release_id": release.release_id,
        "period": release.period,
        "made_up": made_up,
        "confirmed": [],
        "row_counts": row_counts,
        "files": files,
        "method": asdict(release.method),
        "inputs": list(release.inputs),
        "decisions": list(release.decisions),
    }
    (draft / "manifest.json").write_bytes(_json(manifest))
    sync(draft.rglob("*"))
    sync([draft])
    draft.rename(folder)
    sync([folder.parent])


def _write_database(
    connection: duckdb.DuckDBPyConnection,
    database: Path,
    catalog: Catalog,
    marts: Sequence[str],
    made_up: bool,
) -> dict[str, int]:
    """Write the marts with their comments and the data dictionary; return the rows of each.

    COPY FROM DATABASE would take the whole warehouse, so tables and comments are copied by name.
    """
    prefix = MADE_UP if made_up else ""
    connection.execute(
        f"attach {_quoted(database)} as published (storage_version '{STORAGE_VERSION}')"
    )
    for table in marts:
        connection.execute(f"create table published.{table} as from {table}")
    for table, column, comment in connection.execute(
        """
        select table_name, null, comment from duckdb_tables()
        where database_name = current_database()
        union all
        select table_name, column_name, comment from duckdb_columns()
        where database_name = current_database()
        """
    ).fetchall():
        if table in marts and comment:
            _comment(connection, table, column, comment if column else prefix + comment)
    columns = ", ".join(f"{name} {kind}" for name, kind in DICTIONARY_COLUMNS.items())
    connection.execute(f"create table published.{DICTIONARY} ({columns})")
    meanings = {column.name: column.meaning for column in catalog.columns}
    _comment(connection, DICTIONARY, None, prefix + DICTIONARY_MEANING)
    for name in DICTIONARY_COLUMNS:
        _comment(connection, DICTIONARY, name, meanings[name])
    connection.execute(
        f"""
        insert into published.{DICTIONARY}
        select table_name, null, null, comment, 0 from duckdb_tables()
        where database_name = 'published'
        union all
        select table_name, column_name, data_type, comment, column_index from duckdb_columns()
        where database_name = 'published'
        order by 1, 5
        """
    )
    row_counts = {table: _count(connection, f"published.{table}") for table in [*marts, DICTIONARY]}
    connection.execute("checkpoint published")
    connection.execute("detach published")
    return row_counts


def _comment(
    connection: duckdb.DuckDBPyConnection, table: str, column: str | None, meaning: str
) -> None:
    """Comment a published table or one of its columns."""
    what = f"table published.{table}" if column is None else f"column published.{table}.{column}"
    connection.execute(f"comment on {what} is {_quoted(meaning)}")


def _quoted(text: object) -> str:
    """Return the text as an SQL literal, for statements that take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"


def _check_database(database: Path, row_counts: dict[str, int]) -> None:
    """Open the written file as a reader would and compare what it holds."""
    if database.with_name(f"{database.name}.wal").exists():
        raise PublishingError("发布文件没有写完整（仍有 .wal 文件），请重新运行。")
    with duckdb.connect(str(database), read_only=True) as reader:
        written = {table: _count(reader, table) for table in row_counts}
    if written != row_counts:
        raise PublishingError("发布文件重新打开后行数不符，请检查磁盘空间后重新运行。")


def _copy_texts(source: Path, target: Path, pattern: str) -> None:
    """Copy the files of that pattern with their folders."""
    for path in sorted(source.rglob(pattern)):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def stands_in_place(root: Root, folder: Path, manifest: dict[str, Any]) -> bool:
    """Return whether that release is the current one and all its files are there unchanged."""
    digests = {**manifest["files"], "manifest.json": file_digest(folder / "manifest.json")}
    return current_release_id(root) == manifest["release_id"] and all(
        (root.marts / name).is_file() and file_digest(root.marts / name) == digest
        for name, digest in digests.items()
    )


def _put_in_place(root: Root, folder: Path, manifest: dict[str, Any]) -> None:
    """Replace the published files by those of the release, one by one, the pointer last."""
    for name in [*manifest["files"], "manifest.json"]:
        replace_synced(root.marts / name, (folder / name).read_bytes())
    for place in (root.marts, root.internal):
        for path in place.glob("*.parquet"):
            if path.relative_to(root.marts).as_posix() not in manifest["files"]:
                path.unlink()
    replace_synced(root.marts / "current", f"{manifest['release_id']}\n".encode())
