"""Reading SQL files: headers, what they read, the order to build them in."""

from pathlib import Path

import pytest

from pipelines.root import SQL_FOLDER
from pipelines.warehouse.sql_files import SqlFileError, load_sql_tables

KNOWN = frozenset({"raw_files", "ref_units"})
HEADER = "-- Grain: {grain}\n-- 含义：{meaning}\n-- Sources: x.\n"


def write(
    folder: Path, name: str, query: str, grain: str = "receipt_no", meaning: str = "说明。"
) -> None:
    header = HEADER.format(grain=grain, meaning=meaning)
    (folder / f"{name}.sql").write_text(f"{header}{query}\n", encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(SqlFileError) as caught:
        load_sql_tables(folder, KNOWN)
    return str(caught.value)


def test_headers_queries_and_sources(tmp_path: Path) -> None:
    write(
        tmp_path,
        "stg_files",
        "with files as (select * from raw_files), units as (select * from ref_units)\n"
        "select * from files inner join units using (unit)\n"
        "where unit in (select raw_files.unit from raw_files)",
        grain="receipt_no, unit",
        meaning="每份文件一行，\n--  折行也算。",
    )
    table = load_sql_tables(tmp_path, KNOWN)["stg_files"]
    assert table.grain == ("receipt_no", "unit")
    assert table.meaning == "每份文件一行，折行也算。"
    assert table.query.startswith("with files as")
    assert table.sources == ("raw_files", "ref_units")
    assert table.path == tmp_path / "stg_files.sql"


def test_a_cte_hides_a_table_of_its_name_only_where_it_is_seen(tmp_path: Path) -> None:
    write(tmp_path, "stg_a", "with raw_files as (select * from raw_files) select * from raw_files")
    assert load_sql_tables(tmp_path, KNOWN)["stg_a"].sources == ("raw_files",)


def test_tables_come_after_those_they_read(tmp_path: Path) -> None:
    write(tmp_path, "mart_a", "select * from core_b")
    write(tmp_path, "core_b", "select * from core_c union all select * from stg_d")
    write(tmp_path, "core_c", "select * from stg_d")
    write(tmp_path, "stg_d", "select * from raw_files")
    write(tmp_path, "stg_e", "select * from ref_units")
    assert list(load_sql_tables(tmp_path, KNOWN)) == [
        "stg_d",
        "stg_e",
        "core_c",
        "core_b",
        "mart_a",
    ]


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("stg_a", "select * from raw_file", "stg_a.sql：读取的 raw_file 没有来源，请改正表名。"),
        ("stg_a", "select * from core_b", "stg_a.sql：不得读取后一层的 core_b。"),
        ("stg_a", "select 1; select 2", "stg_a.sql：应为且仅为一条 select 语句。"),
        ("stg_a", "drop table raw_files", "stg_a.sql：应为且仅为一条 select 语句。"),
        ("my_table", "select * from raw_files", "my_table.sql：my_table 不属于任何一层"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, name: str, query: str, message: str) -> None:
    write(tmp_path, "core_b", "select * from ref_units")
    write(tmp_path, name, query)
    assert refusal(tmp_path).startswith(message)


def test_sql_that_cannot_be_parsed(tmp_path: Path) -> None:
    write(tmp_path, "stg_a", "select (from raw_files")
    assert refusal(tmp_path).startswith("stg_a.sql：SQL 写法有误")


def test_files_that_read_each_other(tmp_path: Path) -> None:
    write(tmp_path, "core_a", "select * from core_b")
    write(tmp_path, "core_b", "select * from core_a")
    assert refusal(tmp_path) in {
        "core_a.sql：循环引用（core_a.sql -> core_b.sql -> core_a.sql）。",
        "core_b.sql：循环引用（core_b.sql -> core_a.sql -> core_b.sql）。",
    }


@pytest.mark.parametrize("missing", ["-- Grain: ", "-- 含义：", "-- Sources: "])
def test_an_incomplete_header(tmp_path: Path, missing: str) -> None:
    write(tmp_path, "stg_a", "select * from raw_files")
    path = tmp_path / "stg_a.sql"
    path.write_text(path.read_text(encoding="utf-8").replace(missing, "-- "), encoding="utf-8")
    assert refusal(tmp_path).startswith("stg_a.sql：开头应为")


def test_the_real_files_load_in_layers() -> None:
    names = list(load_sql_tables())
    assert len(names) == len(list(SQL_FOLDER.glob("*.sql")))
    assert names[0].startswith("stg_")
    assert "mart_target_progress" in names
