"""What stands in data/marts after publishing, and what an accident leaves there."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.root import Root
from pipelines.warehouse.publishing import Publication, PublishingError, publish
from pipelines.warehouse.release import Method, Release, current_release_id

TABLES = ["raw_files", "core_periods", "mart_totals"]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path / "it's a root")


@pytest.fixture
def warehouse(root: Root) -> Iterator[duckdb.DuckDBPyConnection]:
    root.state.mkdir(parents=True)
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("create table raw_files as select 1 as receipt_no")
        connection.execute("create table core_periods as select '2025-06' as period")
        fill(connection, release_of(1))
        yield connection


def release_of(receipt_no: int) -> Release:
    return Release(
        "2025-06",
        [{"receipt_no": receipt_no}],
        [],
        Method("catalog", "sql", "expectations", "code"),
    )


def fill(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    connection.execute(
        f"create or replace table mart_totals as select '{release.release_id}' as release_id, "
        "i::decimal(20, 4) as value from range(3) as numbers(i)"
    )
    connection.execute("comment on table mart_totals is '总量：''一行一个数'")
    connection.execute("comment on column mart_totals.value is '数值'")


def publish_toy(
    connection: duckdb.DuckDBPyConnection, root: Root, release: Release, made_up: bool = False
) -> Publication:
    return publish(connection, root, load_catalog(), release, TABLES, made_up)


def ask(root: Root, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(root.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_release_stands_whole_and_in_place(
    root: Root, warehouse: duckdb.DuckDBPyConnection
) -> None:
    release = release_of(1)
    publication = publish_toy(warehouse, root, release)

    assert publication.is_new
    assert current_release_id(root) == release.release_id
    published = {
        "hr_services.duckdb",
        "manifest.json",
        "mart_totals.parquet",
        "mart_data_dictionary.parquet",
        "internal/raw_files.parquet",
        "internal/core_periods.parquet",
    }
    assert published | {"current"} == {
        name for name in files_below(root.marts) if not name.startswith("releases/")
    }
    kept = files_below(root.releases / release.release_id)
    assert published <= kept
    assert {"catalog/indicators.yml", "catalog/forms/flash_report.yml"} <= kept
    assert {"sql/mart_response.sql", "expectations/mart_response.yml"} <= kept
    manifest = json.loads((root.marts / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["row_counts"]["mart_totals"] == 3
    assert set(manifest["files"]) == published - {"manifest.json"}
    parquet = root.marts / "mart_totals.parquet"
    assert duckdb.read_parquet(str(parquet)).fetchall() == ask(root, "from mart_totals")


def test_comments_reach_the_published_file(
    root: Root, warehouse: duckdb.DuckDBPyConnection
) -> None:
    publish_toy(warehouse, root, release_of(1), made_up=True)

    tables = "select comment from duckdb_tables() where table_name = 'mart_totals'"
    assert ask(root, tables) == [("【模拟数据】总量：'一行一个数",)]
    columns = (
        "select column_name, data_type, meaning from mart_data_dictionary "
        "where table_name = 'mart_totals' order by column_order"
    )
    assert ask(root, columns) == [
        (None, None, "【模拟数据】总量：'一行一个数"),
        ("release_id", "VARCHAR", None),
        ("value", "DECIMAL(20,4)", "数值"),
    ]
    assert ask(root, "select count(*) from mart_data_dictionary where meaning is null") == [(1,)]


def test_older_duckdb_versions_can_open_the_file(
    root: Root, warehouse: duckdb.DuckDBPyConnection
) -> None:
    publish_toy(warehouse, root, release_of(1))

    versions = "select tags['storage_version'] from duckdb_databases() where not internal"
    assert ask(root, versions) == [("v1.0.0+",)]


def test_equal_inputs_publish_nothing_new(root: Root, warehouse: duckdb.DuckDBPyConnection) -> None:
    publish_toy(warehouse, root, release_of(1))
    before = {path: path.stat().st_mtime_ns for path in root.marts.rglob("*")}

    assert not publish_toy(warehouse, root, release_of(1)).is_new
    assert {path: path.stat().st_mtime_ns for path in root.marts.rglob("*")} == before


def test_what_was_confirmed_is_kept_once_and_in_place(
    root: Root, warehouse: duckdb.DuckDBPyConnection
) -> None:
    first, second = ({"table": "last_mart_totals", "rule": rule} for rule in ("a", "b"))

    def confirm(*confirmed: dict[str, str]) -> Publication:
        return publish(warehouse, root, load_catalog(), release_of(1), TABLES, False, confirmed)

    assert confirm(first).is_new
    assert confirm(second, first).is_new
    assert not confirm(first).is_new
    manifest = json.loads((root.marts / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["confirmed"] == [first, second]


def test_other_inputs_make_another_release_and_keep_the_old(
    root: Root, warehouse: duckdb.DuckDBPyConnection
) -> None:
    old, new = release_of(1), release_of(2)
    publish_toy(warehouse, root, old)
    with duckdb.connect(str(root.database), read_only=True) as reader:
        fill(warehouse, new)
        publish_toy(warehouse, root, new)
        assert reader.execute("select distinct release_id from mart_totals").fetchall() == [
            (old.release_id,)
        ]

    assert ask(root, "select distinct release_id from mart_totals") == [(new.release_id,)]
    assert {path.name for path in root.releases.iterdir()} == {old.release_id, new.release_id}


def test_marts_of_another_release_are_refused(
    root: Root, warehouse: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(PublishingError, match="hrstats run"):
        publish_toy(warehouse, root, release_of(2))
    warehouse.execute("drop table mart_totals")
    with pytest.raises(PublishingError, match="mart_totals"):
        publish_toy(warehouse, root, release_of(1))
    assert current_release_id(root) is None


def test_a_leftover_wal_is_refused(root: Root, warehouse: duckdb.DuckDBPyConnection) -> None:
    root.marts.mkdir(parents=True)
    (root.marts / "hr_services.duckdb.wal").touch()

    with pytest.raises(PublishingError, match=r"\.wal"):
        publish_toy(warehouse, root, release_of(1))


@pytest.mark.parametrize("lost", ["current", "mart_totals.parquet", "manifest.json"])
def test_an_interrupted_publication_is_completed(
    root: Root, warehouse: duckdb.DuckDBPyConnection, lost: str
) -> None:
    publish_toy(warehouse, root, release_of(1))
    whole = files_below(root.marts)
    (root.marts / lost).unlink()
    (root.marts / "hr_services.duckdb.tmp").write_bytes(b"half")
    half_release = root.releases / "2025-06-000000000000.tmp" / "internal"
    half_release.mkdir(parents=True)
    (half_release / "core_periods.parquet").write_bytes(b"half")

    publish_toy(warehouse, root, release_of(1))
    assert files_below(root.marts) == whole


def test_everything_is_on_disk_before_it_is_named(
    root: Root, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real_fsync = os.fsync

    def record(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().as_posix())
        real_fsync(handle)

    monkeypatch.setattr(os, "fsync", record)
    publish_toy(warehouse, root, release_of(1))

    release_id = release_of(1).release_id
    for name in files_below(root.releases / release_id):
        assert f"{root.releases}/{release_id}.tmp/{name}" in synced
    assert synced[-2:] == [f"{root.marts}/current.tmp", str(root.marts)]
