"""All SQL stays in what sqlglot carries to Spark, and gives the same rows every time."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel

from pipelines.root import SQL_FOLDER

FILES = sorted(SQL_FOLDER.glob("*.sql"))
BANNED = (
    exp.AnyValue,
    exp.Array,
    exp.ArrayAgg,
    exp.Bracket,
    exp.Columns,
    exp.CurrentDate,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.Explode,
    exp.First,
    exp.Grouping,
    exp.GroupingId,
    exp.Lambda,
    exp.Last,
    exp.Limit,
    exp.List,
    exp.Pivot,
    exp.Qualify,
    exp.Rand,
    exp.Struct,
    exp.TableSample,
    exp.Unnest,
    exp.Uuid,
)
BANNED_FUNCTIONS = {"NOW", "GET_CURRENT_TIMESTAMP"}  # those sqlglot has no class for


def offences(query: str) -> set[str]:
    """Return what a query uses that it must not."""
    (statement,) = sqlglot.parse(query, dialect="duckdb")
    assert statement is not None
    found = {type(node).__name__ for node in statement.find_all(*BANNED)}
    found |= {
        str(node.this).upper()
        for node in statement.find_all(exp.Anonymous)
        if str(node.this).upper() in BANNED_FUNCTIONS
    }
    found |= {
        "Star"
        for star in statement.find_all(exp.Star)
        if star.args.get("except_") or star.args.get("replace") or star.args.get("rename")
    }
    found |= {"ASOF" for join in statement.find_all(exp.Join) if join.args.get("method") == "ASOF"}
    found |= {"list type" for kind in statement.find_all(exp.DataType) if kind.args.get("nested")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_stay_in_the_subset(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_transpile_to_spark(path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    (spark,) = sqlglot.transpile(
        query, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE
    )
    assert sqlglot.parse_one(spark, dialect="spark") is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_end_in_an_order(path: Path) -> None:
    (statement,) = sqlglot.parse(path.read_text(encoding="utf-8"), dialect="duckdb")
    assert isinstance(statement, exp.Query)
    assert statement.args.get("order") is not None


@pytest.mark.parametrize(
    "query",
    [
        "select * exclude (a) from t",
        "select * replace (1 as a) from t",
        "from t pivot (sum(a) for b in (1))",
        "pivot t on a using sum(b)",
        "select a.x from a asof join b on a.x >= b.x",
        "select [1, 2]",
        "select list(a) from t",
        "select unnest([1])",
        "select a[1] from t",
        "select cast(a as integer[]) from t",
        "select list_transform(a, x -> x) from t",
        "select {'a': 1}",
        "select grouping_id(a) from t group by cube (a, b)",
        "select grouping(a, b) from t group by rollup (a, b)",
        "select a from t qualify row_number() over (order by a) = 1",
        "select now()",
        "select current_date",
        "select current_timestamp",
        "select today()",
        "select random()",
        "select uuid()",
        "select any_value(a) from t",
        "select first(a) from t",
        "select a from t limit 1",
    ],
)
def test_what_the_ban_catches(query: str) -> None:
    assert offences(query)
