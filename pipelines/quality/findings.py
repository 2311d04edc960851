"""Runs the suites of the forms on their tables and says which cells of which file break them.

The tables are made by SQL; what becomes of a submission is decided there, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from pipelines.catalog.models import Catalog
from pipelines.quality.suites import Rule, Suite
from pipelines.quality.validation import columns_of, validate
from pipelines.quality.wording import FormWords, Shown

CODE_FIELD = "credit_code"
TABLE, KEY = "core_edit_failures", ("failure_no",)
COLUMNS = (
    "failure_no",
    "receipt_no",
    "scope",
    "credit_code",
    "unit_row",
    "rule_code",
    "severity",
    "field_code",
    "indicator_code",
    "measure_code",
    "sheet_name",
    "cell_address",
    "raw_text",
    "related_cells",
    "figures",
    "expected",
    "message",
    "compared_receipt_no",
)

Row = Mapping[str, Any]


class Cell(NamedTuple):
    """A filled cell of a submission, and what it is asked for."""

    field_code: str
    indicator_code: str | None
    measure_code: str | None
    unit_row: int
    sheet_name: str
    address: str
    raw_text: str


class Owner(NamedTuple):
    """Whose cells they are: an agency in a file, or a row that names none."""

    receipt_no: int
    credit_code: str | None
    unit_row: int | None


Key = tuple[str, str | None]  # field and measure
Cells = dict[Key, Cell]  # of one owner
Place = tuple[Owner, int, Key]  # whose cell it is, the receipt it is compared with, the cell


@dataclass(frozen=True)
class Broken:
    """A rule of a form and the row of a table that breaks it, or all rows where it says so."""

    rule: Rule
    rows: Sequence[Row]

    @property
    def row(self) -> Row:
        """The row that is quoted."""
        return self.rows[0]

    @property
    def owner(self) -> Owner:
        """Whose cells the rule speaks of."""
        credit_code = self.row.get("credit_code")
        row = None if credit_code else self.row["unit_row"]
        return Owner(self.row["receipt_no"], credit_code, row)

    @property
    def wanted(self) -> list[Key]:
        """Field and measure of the cells concerned; the finding stands at the first."""
        if self.rule.meta.field:
            return [(self.rule.meta.field, None)]
        return [key for row in self.rows for key in self.wanted_of(row)]

    @property
    def places(self) -> list[Place]:
        """The cells concerned as other rules know them, the finding's own first."""
        compared = self.row.get("compared_receipt_no") or 0
        return [(self.owner, compared, key) for key in self.wanted]

    def wanted_of(self, row: Row) -> list[Key]:
        """Indicator and measure of the cells that one row speaks of."""
        own = [row["indicator_code"]] if row.get("indicator_code") else []
        return [(code, row.get("measure_code")) for code in self.rule.meta.indicators or own]


def find_failures(
    connection: duckdb.DuckDBPyConnection,
    suites: Mapping[str, Suite],
    grains: Mapping[str, Sequence[str]],
    catalog: Catalog,
) -> pd.DataFrame:
    """Return one row for each row of a table that breaks a rule of a form.

    Args:
        connection: the warehouse with the tables that the suites name, raw_files and raw_values.
        suites: by the code of their form.
        grains: the key of each of these tables.
        catalog: names and units of what messages speak of.

    Returns:
        The columns of core_edit_failures, ordered by receipt and agency, then as the suites are.

    Raises:
        RuleRaisedError: a rule could not be carried out.
    """
    found: list[dict[str, object]] = []
    for form_code, suite in suites.items():
        broken: list[Broken] = []
        for table, rules in suite.tables.items():
            broken += _find_broken(connection, form_code, table, grains[table], rules)
        if broken:
            told = list(_told_together(_without_repeats(broken)))
            found += _describe(connection, catalog, form_code, told)
    found.sort(key=lambda row: (row["receipt_no"], str(row["credit_code"])))
    rows = [{"failure_no": number, **row} for number, row in enumerate(found, start=1)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _find_broken(
    connection: duckdb.DuckDBPyConnection,
    form_code: str,
    table: str,
    grain: Sequence[str],
    rules: Sequence[Rule],
) -> Iterator[Broken]:
    """Yield each row of a table that breaks a rule, rule by rule in order of the grain."""
    columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
    own = "where form_code = $form" if "form_code" in columns else ""
    form = {"form": form_code} if own else {}
    key = ", ".join(grain)
    # Of a column that is not there, the rule that names it complains.
    needed = ", ".join(column for column in columns_of(rules) if column in columns) or key
    frame = connection.execute(f"select {needed} from {table} {own} order by {key}", form).df()
    failures = validate(frame, rules)
    if not failures:
        return
    wanted = sorted({position for failure in failures for position in failure.positions})
    connection.register("wanted", pd.DataFrame({"position": wanted}))
    result = connection.execute(
        f"with numbered as (select *, row_number() over (order by {key}) - 1 as position "
        f"from {table} {own}) from numbered semi join wanted using (position) order by position",
        form,
    )
    names = [column[0] for column in result.description]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    connection.unregister("wanted")
    by_position = {row["position"]: row for row in rows}
    for failure in failures:
        for position in failure.positions:
            yield Broken(failure.rule, [by_position[position]])


def _without_repeats(broken: Sequence[Broken]) -> list[Broken]:
    """Leave out what is said of a cell that a rule it gives way to has spoken of already."""
    spoken: dict[str, set[Place]] = {}
    for each in broken:
        spoken.setdefault(each.rule.meta.rule_code, set()).update(each.places)
    return [
        each
        for each in broken
        if not any(spoken.get(other, set()) & {*each.places[:1]} for other in each.rule.meta.unless)
    ]


def _told_together(broken: Sequence[Broken]) -> Iterator[Broken]:
    """Yield what makes one finding each, in the order of the first of each.

    One month put right differs from the month before in every figure: that is one question, not
    as many as there are figures.
    """
    told: dict[object, list[Broken]] = {}
    for number, each in enumerate(broken):
        meta, compared = each.rule.meta, each.row.get("compared_receipt_no")
        key = (meta.rule_code, each.owner, compared) if meta.together else number
        told.setdefault(key, []).append(each)
    for parts in told.values():
        yield Broken(parts[0].rule, [part.row for part in parts])


def _describe(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    form_code: str,
    broken: Sequence[Broken],
) -> Iterator[dict[str, object]]:
    """Yield what each broken rule says, with the cells that it speaks of."""
    cells = _find_cells(connection, broken)
    files = {
        row[0]: row[1:]
        for row in connection.execute(
            "select receipt_no, file_name, form_version from raw_files"
        ).fetchall()
    }
    for each in broken:
        file_name, version = files[each.row["receipt_no"]]
        words = FormWords(catalog, catalog.form(form_code, version))
        yield _finding(each, cells.get(each.owner, {}), file_name, words)


def _find_cells(
    connection: duckdb.DuckDBPyConnection, broken: Sequence[Broken]
) -> dict[Owner, Cells]:
    """Return the filled cells of everyone concerned, with the cell of their code."""
    owners = pd.DataFrame({each.owner for each in broken}, columns=Owner._fields, dtype=object)
    fields = {field for each in broken for field, _ in each.wanted} | {CODE_FIELD}
    connection.register("owners", owners)
    rows = connection.execute(
        "select cells.receipt_no, owners.credit_code, cast(owners.unit_row as integer), "
        "field_code, indicator_code, measure_code, cells.unit_row, "
        "sheet_name, cell_address, raw_text "
        "from raw_values as cells inner join owners "
        "on cells.receipt_no = cast(owners.receipt_no as integer) "
        "and cells.credit_code is not distinct from owners.credit_code "
        "and (owners.unit_row is null or cells.unit_row = cast(owners.unit_row as integer)) "
        "where list_contains($fields, field_code) order by cells.receipt_no, value_no desc",
        {"fields": sorted(fields)},
    ).fetchall()
    connection.unregister("owners")
    found: dict[Owner, Cells] = {}
    for receipt_no, credit_code, unit_row, *cell in rows:
        of_owner = found.setdefault(Owner(receipt_no, credit_code, unit_row), {})
        of_owner[cell[0], cell[2]] = Cell(*cell)
    return found


def _finding(each: Broken, cells: Cells, file_name: str, words: FormWords) -> dict[str, object]:
    """Return a row of core_edit_failures without its number."""
    rule, row = each.rule, each.row
    concerned = [cells[key] for key in each.wanted if key in cells]
    # A blank cell is not among the values: the agency's code says where it is.
    first = concerned[0] if concerned else cells.get((CODE_FIELD, None))
    field, measure = each.wanted[0] if each.wanted else (None, None)
    indicator = None if rule.meta.field else field
    quoted = [_texts(each, one, words) for one in each.rows]
    texts = dict(quoted[0])
    more = f"等{len(each.rows)}项" if len(each.rows) > 1 else ""
    texts["items"] = Shown(f"{texts['item']}{more}", None, words)
    texts["raw_text"] = Shown(first.raw_text if first else None, None, words)
    where = f"工作表“{first.sheet_name}”单元格{first.address}" if first else ""
    expected = rule.meta.expected
    # What is usual among the others changes with every report that comes: the question does not.
    named = dict.fromkeys(
        name
        for _, name, spec, _ in Formatter().parse(rule.meta.message)
        if name and spec != "ratio"
    )
    figures = "；".join(
        f"{one[name]}" for one in [texts, *quoted[1:]] for name in named if name in one
    )
    return {
        "receipt_no": row["receipt_no"],
        "scope": "agency" if row.get("credit_code") else "row",
        "credit_code": row.get("credit_code"),
        "unit_row": first.unit_row if first else row.get("unit_row", 0),
        "rule_code": rule.meta.rule_code,
        "severity": rule.audit_severity,
        "field_code": field,
        "indicator_code": indicator,
        "measure_code": measure,
        "sheet_name": first.sheet_name if first else None,
        "cell_address": first.address if first else None,
        "raw_text": first.raw_text if first else None,
        "related_cells": "；".join(f"{c.sheet_name}!{c.address}" for c in concerned[1:]) or None,
        "figures": figures,
        "expected": expected.format_map(texts) if expected else None,
        "message": f"文件“{file_name}”{where}{rule.meta.message.format_map(texts)}。",
        "compared_receipt_no": row.get("compared_receipt_no") or None,
    }


def _texts(each: Broken, row: Row, words: FormWords) -> dict[str, Shown]:
    """Return what a message can quote of one row: its columns, and {item}, the cell's figure."""
    keys = [] if each.rule.meta.field else each.wanted_of(row)
    item = words.item(*keys[0]) if keys else None
    texts = {
        name: Shown(value, words.unit(name) or (item.unit if item else None), words)
        for name, value in row.items()
    }
    return texts | {"item": Shown(item.name if item else None, None, words)}
