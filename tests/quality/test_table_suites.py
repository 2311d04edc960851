"""The suites of tables: their shape, that every rule catches what it is for, and what they compare.

All tests that carry out the rules of tables stand here, since importing Great Expectations takes
seconds in every process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.quality.beside import LAST_ROWS, NEW_ROWS, plain_column
from pipelines.quality.suites import Rule, Suite, load_suites
from pipelines.quality.tables import (
    MOST_EXAMPLES,
    PREFIXES,
    PROFILE,
    check_tables,
    table_suites,
)
from pipelines.quality.validation import RuleRaisedError, columns_of, validate
from pipelines.warehouse.database import PYTHON_SCHEMAS, build_table, open_database, replace_frame
from pipelines.warehouse.sql_files import load_sql_tables

SUITES = table_suites(load_suites())
TABLES = load_sql_tables()
TOY_GRAIN = {"mart_toy": ("period", "code")}
RULES = [
    pytest.param(table, rule, id=f"{table}-{rule.meta.rule_code}")
    for suite in SUITES.values()
    for table, rules in suite.tables.items()
    for rule in rules
]
PROFILE_COLUMNS = {"table_name", "column_name", "empty_column", "emptied_column"}


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, str]]:
    """Column -> type of every table of the warehouse, found by building all without rows."""
    with open_database(":memory:") as connection:
        for name, schema in PYTHON_SCHEMAS.items():
            replace_frame(connection, name, pd.DataFrame(columns=list(schema)), schema)
        for table in TABLES.values():
            build_table(connection, table, load_catalog())
        rows = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where not internal"
        )
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in rows.fetchall():
            found.setdefault(table, {})[column] = kind
        return found


# What the suites say


def test_every_table_has_a_suite_and_every_suite_a_table(schemas):
    tables = {name for name in schemas if name.startswith(PREFIXES)}
    assert set(SUITES) == tables | {PROFILE}


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_speaks_of_its_table_only_and_knows_its_key(name, schemas):
    suite = SUITES[name]
    assert set(suite.tables) <= {name, LAST_ROWS + name, NEW_ROWS + name}
    if name in TABLES:
        (key,) = (rule for rule in suite.rules if rule.meta.rule_code == "key")
        columns = key.kwargs.get("column_list") or [key.kwargs["column"]]
        assert tuple(columns) == TABLES[name].grain
    columns = {*schemas.get(name, PROFILE_COLUMNS), "is_kept"}
    for table, rules in suite.tables.items():
        named = columns_of(rules)
        assert {plain_column(column) for column in named} <= columns, table
        if table == name:
            assert "is_kept" not in named
            assert set(named) <= columns


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_only_what_looks_at_the_last_release_can_be_confirmed(table, rule):
    """A rule that asks about the table itself would ask again in every run.

    Corrections that no longer fit do: who wrote them puts them right or takes them back.
    """
    looks_back = table not in SUITES or rule.meta.rule_code == "column_emptied"
    is_asked_again = rule.meta.rule_code == "corrections_used"
    assert (rule.severity == "warning") == (looks_back or is_asked_again)


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_messages_say_where_and_what_to_do(table, rule):
    message = rule.meta.message.format(count=3, examples="甲；乙", observed="4")
    assert message.endswith("。")
    assert "请" in message
    assert "3" in message
    assert "甲；乙" in message


def test_columns_that_may_be_empty_exist(schemas):
    [rule] = [rule for rule in SUITES[PROFILE].rules if rule.meta.rule_code == "no_empty_column"]
    allowed = rule.kwargs["value_set"]
    assert len(allowed) == len(set(allowed))
    for name in allowed:
        table, _, column = name.partition(".")
        assert column in schemas[table], name


# Every rule catches what it is for


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_every_rule_catches_what_it_is_for(table, rule, schemas):
    kinds = schemas.get(table.removeprefix(LAST_ROWS).removeprefix(NEW_ROWS), {})
    sound, broken = rows_for(rule, kinds)
    sound = [{**met(rule), **row} for row in sound]
    for row in broken:
        rows = [*sound, {**met(rule), **row}]
        failures = validate(pd.DataFrame(rows), [rule])
        assert [failure.rule for failure in failures] == [rule]
        assert len(rows) - 1 in failures[0].positions
        if "unique" not in rule.type:
            assert failures[0].positions == [len(rows) - 1]
        if "row_condition" in rule.kwargs:
            assert validate(pd.DataFrame([*sound, {**unmet(rule), **row}]), [rule]) == []
    assert validate(pd.DataFrame(sound), [rule]) == []
    assert validate(pd.DataFrame([*sound, *({**met(rule), **row} for row in broken)]), []) == []


def rows_for(  # noqa: PLR0911 - one answer for each type of rule
    rule: Rule, kinds: dict[str, str]
) -> tuple[list[Any], list[Any]]:
    """Return rows that keep a rule, and rows each of which breaks it."""
    given = rule.kwargs
    column = given.get("column", "")
    match rule.type:
        case "expect_column_values_to_be_unique":
            return [{column: "a"}, {column: "b"}], [{column: "a"}]
        case "expect_compound_columns_to_be_unique":
            columns = given["column_list"]
            first = dict.fromkeys(columns, "a")
            return [first, *({**first, name: "b"} for name in columns)], [first]
        case "expect_column_values_to_not_be_null":
            return [{column: "a"}], [{column: None}]
        case "expect_column_values_to_be_null":
            return [{column: None}], [{column: 1.0}]
        case "expect_column_values_to_be_in_set":
            stranger = not given["value_set"][0] if column.startswith("is_") else "别的"
            return [{column: value} for value in given["value_set"]], [{column: stranger}]
        case "expect_column_values_to_not_be_in_set":
            return [{column: "别的"}], [{column: value} for value in given["value_set"]]
        case "expect_column_values_to_match_regex":
            [sound] = [text for text in ("2021", "0123456789ab") if re.search(given["regex"], text)]
            return [{column: sound}], [{column: "21年"}, {column: f"{sound}1"}]
        case "expect_column_values_to_be_between":
            return between(**given)
        case "expect_column_pair_values_a_to_be_greater_than_b":
            low, high = ordered(kinds.get(plain_column(given["column_A"]), ""))
            a, b = given["column_A"], given["column_B"]
            equal = {a: low, b: low}
            sound, broken = [{a: high, b: low}, {a: high, b: None}], [{a: low, b: high}]
            (sound if given.get("or_equal") else broken).append(equal)
            return sound, broken
        case "expect_column_pair_values_to_be_equal":
            a, b = given["column_A"], given["column_B"]
            return [{a: value, b: value} for value in ("已达成", "未达成")], [{a: "进行中"}]
    raise AssertionError(f"no rows for {rule.type}")


def between(
    column: str,
    min_value: float | None = None,
    max_value: float | None = None,
    strict_min: bool = False,
    **other: object,
) -> tuple[list[Any], list[Any]]:
    """Return rows at the bounds, and rows beyond each of them."""
    assert set(other) <= {"row_condition"}
    edges = [edge for edge in (min_value, max_value) if edge is not None]
    sound = [{column: float(edge)} for edge in edges if not (strict_min and edge == min_value)]
    sound = sound or [{column: float(edges[0] + 1)}]
    broken = [{column: edges[0]}] if strict_min else []
    step = 0.1 if max_value is not None and max_value <= 2 else 1
    broken += [{column: min_value - step}] if min_value is not None else []
    broken += [{column: max_value + step}] if max_value is not None else []
    return sound, broken


def ordered(kind: str) -> tuple[Any, Any]:
    """Return two values of a column's type, the lower one first."""
    if kind == "DATE":
        return pd.Timestamp("2025-01-31"), pd.Timestamp("2025-02-28")
    return ("2025-01", "2025-02") if kind == "VARCHAR" else (1.0, 2.0)


def conditions(rule: Rule) -> list[dict[str, Any]]:
    condition = rule.kwargs.get("row_condition")
    return condition.get("conditions", [condition]) if condition else []


def met(rule: Rule) -> dict[str, Any]:
    """Return values under which the rule's condition holds."""
    values: dict[str, Any] = {}
    for part in conditions(rule):
        name, wanted = part["column"]["name"], part.get("parameter")
        match part.get("operator", part["type"]):
            case "==":
                values[name] = wanted
            case "IN":
                values[name] = wanted[0]
            case ">":
                values[name] = wanted + 1
            case "nullity":
                values[name] = 1.0
            case "!=" | "NOT_IN":
                values[name] = "别的"
    return values


def unmet(rule: Rule) -> dict[str, Any]:
    """Return values under which no part of the rule's condition holds."""
    values: dict[str, Any] = {}
    for part in conditions(rule):
        name, wanted = part["column"]["name"], part.get("parameter")
        match part.get("operator", part["type"]):
            case "==":
                values[name] = (not wanted) if isinstance(wanted, bool) else "别的"
            case "IN":
                values[name] = "别的"
            case ">" | "!=":
                values[name] = wanted
            case "NOT_IN":
                values[name] = wanted[0]
            case "nullity":
                values[name] = None
    return values


# What is read for them


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(":memory:") as opened:
        yield opened


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """A release of three rows: two periods of A, one of B."""
    path = tmp_path / "it's last" / "hr_services.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as database:
        database.execute(
            "create table mart_toy as select * from (values ('2025-02', 'A', 10.0, 1), "
            "('2025-03', 'A', 20.0, 2), ('2025-03', 'B', 5.0, 3)) rows(period, code, value, count)"
        )
    return path


def fill(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    connection.execute(
        "create or replace table mart_toy as "
        f"select * from (values {rows}) rows(period, code, value, count)"
    )


def suite_of(**tables: list[dict[str, Any]]) -> dict[str, Suite]:
    """Return the suite of mart_toy: its key and the given rules by table."""
    given = {
        "mart_toy": [rule("key", "compound_columns_to_be_unique", column_list=["period", "code"])]
    }
    for table, rules in tables.items():
        given.setdefault(table, []).extend(rules)
    suite = Suite.model_validate({"name": "mart_toy", "meaning": "试验", "tables": given})
    return {"mart_toy": suite}


def rule(code: str, kind: str, **kwargs: object) -> dict[str, Any]:
    message = "有{count}行不对（{examples}），请核对。"
    return {
        "type": f"expect_{kind}",
        "kwargs": kwargs,
        "severity": "warning",
        "meta": {"rule_code": code, "name": code, "message": message},
    }


KEPT = rule("kept", "column_values_to_be_in_set", column="is_kept", value_set=[True])
BETWEEN = "column_values_to_be_between"


def test_failing_rows_are_named_by_their_keys(connection):
    rows = ", ".join(f"('2025-{month:02}', 'A', {10 - month}.0, 1)" for month in range(1, 13))
    fill(connection, rows)
    suites = suite_of(mart_toy=[rule("positive", BETWEEN, column="value", min_value=7)])

    [failure] = check_tables(connection, suites, TOY_GRAIN, None, {})
    assert failure.suite == "mart_toy"
    assert failure.failure.positions == list(range(3, 12))
    assert failure.examples == ("2025-04 A", "2025-05 A", "2025-06 A", "2025-07 A", "2025-08 A")
    assert len(failure.examples) == MOST_EXAMPLES
    assert failure.message == (
        "有9行不对（2025-04 A；2025-05 A；2025-06 A；2025-07 A；2025-08 A），请核对。"
    )
    assert check_tables(connection, suite_of(), TOY_GRAIN, None, {}) == []


def test_rows_of_the_last_release_stand_beside_todays(connection, last):
    """A's February doubled and a half, B's March is gone, A's March has fewer."""
    fill(connection, "('2025-02', 'A', 25.0, 1), ('2025-03', 'A', 20.0, 1), ('2025-04', 'C', 1, 1)")
    suites = suite_of(
        last_mart_toy=[
            KEPT,
            rule("magnitude", BETWEEN, column="value_ratio", min_value=0.5, max_value=2),
            rule(
                "coverage",
                "column_pair_values_a_to_be_greater_than_b",
                column_A="count",
                column_B="last_count",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            ),
        ]
    )
    found = {
        failure.rule.meta.rule_code: failure.examples
        for failure in check_tables(connection, suites, TOY_GRAIN, last, {})
    }
    assert found == {
        "kept": ("2025-03 B",),
        "magnitude": ("2025-02 A",),
        "coverage": ("2025-03 A",),
    }
    assert check_tables(connection, suites, TOY_GRAIN, None, {}) == []


def test_new_periods_stand_beside_the_newest_of_the_last_release(connection, last):
    """A: 50 after 20 in March (not 10 in February); B: 6 after 5; C was not there."""
    fill(
        connection,
        "('2025-03', 'A', 99.0, 1), ('2025-04', 'A', 50.0, 1), ('2025-04', 'B', 6.0, 1), "
        "('2025-04', 'C', 7.0, 1)",
    )
    suites = suite_of(
        new_mart_toy=[rule("jump", BETWEEN, column="value_ratio", min_value=0.5, max_value=2.4)]
    )
    [failure] = check_tables(connection, suites, TOY_GRAIN, last, {})
    assert failure.examples == ("2025-04 A",)
    wider = suite_of(
        new_mart_toy=[rule("jump", BETWEEN, column="value_ratio", min_value=0.5, max_value=2.5)]
    )
    assert check_tables(connection, wider, TOY_GRAIN, last, {}) == []


def test_a_base_of_zero_tells_no_magnitude(connection, last):
    with duckdb.connect(str(last)) as database:
        database.execute("update mart_toy set value = 0 where period = '2025-02'")
    fill(connection, "('2025-02', 'A', 25.0, 1), ('2025-03', 'A', 20.0, 2), ('2025-03', 'B', 5, 3)")
    magnitude = rule("magnitude", BETWEEN, column="value_ratio", min_value=0.5, max_value=2)
    assert check_tables(connection, suite_of(last_mart_toy=[magnitude]), TOY_GRAIN, last, {}) == []


@pytest.mark.parametrize(
    "change",
    [
        "alter table mart_toy drop column value",
        "alter table mart_toy rename column code to key_code",
        "alter table mart_toy rename to mart_other",
    ],
)
def test_what_the_last_release_did_not_have_is_not_compared(connection, last, change):
    with duckdb.connect(str(last)) as database:
        database.execute(change)
    fill(connection, "('2025-02', 'A', 99.0, 1)")
    magnitude = rule("magnitude", BETWEEN, column="value_ratio", min_value=0.5, max_value=2)
    suites = suite_of(
        last_mart_toy=[magnitude],
        new_mart_toy=[magnitude | {"meta": {**magnitude["meta"], "rule_code": "jump"}}],
    )
    assert check_tables(connection, suites, TOY_GRAIN, last, {}) == []


def test_nothing_of_the_last_release_stays(connection, last):
    fill(connection, "('2025-02', 'A', 10.0, 1)")
    before = connection.execute("from mart_toy").fetchall()
    for _ in range(2):
        assert check_tables(connection, suite_of(last_mart_toy=[KEPT]), TOY_GRAIN, last, {})
    raising = suite_of(mart_toy=[rule("odd", BETWEEN, column="absent", min_value=0)])
    with pytest.raises(RuleRaisedError, match="odd"):
        check_tables(connection, raising, TOY_GRAIN, last, {})
    assert connection.execute("from mart_toy").fetchall() == before
    databases = connection.execute(
        "select database_name from duckdb_databases() where not internal"
    )
    assert databases.fetchall() == [("memory",)]
    assert not last.with_name(f"{last.name}.wal").exists()


def test_a_rule_that_cannot_be_carried_out_is_told_apart(connection):
    fill(connection, "('2025-02', 'A', 10.0, 1)")
    absent = suite_of(mart_toy=[rule("odd", BETWEEN, column="absent", min_value=0)])
    with pytest.raises(RuleRaisedError, match=r"^mart_toy：.*odd.*无法执行.*不是数据的问题"):
        check_tables(connection, absent, TOY_GRAIN, None, {})
    unknown = suite_of(mart_toy=[rule("odd", "column_values_to_be_lucky", column="value")])
    with pytest.raises(RuleRaisedError, match="odd"):
        check_tables(connection, unknown, TOY_GRAIN, None, {})


def test_columns_without_a_value_are_found_among_all_tables(connection, last):
    """`count` was filled in the last release; `note` never was; an empty table tells nothing."""
    connection.execute("create table core_none (code varchar)")
    connection.execute(
        "create table mart_toy as select '2025-02' as period, 'A' as code, 1.0 as value, "
        "null::integer as count, null::varchar as note"
    )
    suites = {
        **suite_of(),
        "core_none": Suite(name="core_none", meaning="空表", tables={}),
        PROFILE: SUITES[PROFILE],
    }
    found = {
        failure.rule.meta.rule_code: failure.examples
        for failure in check_tables(connection, suites, TOY_GRAIN, last, {})
    }
    assert found == {
        "no_empty_column": ("mart_toy count", "mart_toy note"),
        "column_emptied": ("mart_toy count",),
    }
    emptied = [f.rule.meta.rule_code for f in check_tables(connection, suites, TOY_GRAIN, None, {})]
    assert emptied == ["no_empty_column"]


def test_where_the_last_problem_is_solved_nothing_is_asked(connection, tmp_path):
    """The corrections have no note any more, which is no loss; that of another table is one."""
    last = tmp_path / "last.duckdb"
    row = "select '2025-02' as period, 'A' as code"
    with duckdb.connect(str(last)) as before:
        for table in ("mart_corrections", "mart_toy"):
            before.execute(f"create table {table} as {row}, '甲' as note")
            connection.execute(f"create table {table} as {row}, null::varchar as note")
    suites = {
        **suite_of(),
        "mart_corrections": Suite(name="mart_corrections", meaning="更正", tables={}),
        PROFILE: SUITES[PROFILE],
    }
    grain = TOY_GRAIN | {"mart_corrections": ("period",)}
    found = {
        failure.rule.meta.rule_code: failure.examples
        for failure in check_tables(connection, suites, grain, last, {})
    }
    assert found["column_emptied"] == ("mart_toy note",)


def test_suites_of_forms_are_not_of_tables():
    assert "flash_report" in load_suites()
    assert "flash_report" not in SUITES
