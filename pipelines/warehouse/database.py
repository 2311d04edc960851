"""The warehouse file: opening it, filling the tables made by Python, building a table from SQL.

What the tables mean stands in `sql/` and in the catalog; they are published in `publishing`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb

from pipelines.catalog.models import Catalog
from pipelines.root import Root

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.sql_files import SqlTable

# Column -> type of every table that Python makes; SQL may read these and those of sql/.
PYTHON_SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "raw_files": {
        "receipt_no": "INTEGER",
        "sha256": "VARCHAR",
        "folder": "VARCHAR",
        "folder_period": "VARCHAR",
        "file_path": "VARCHAR",
        "file_name": "VARCHAR",
        "size_bytes": "BIGINT",
        "first_seen_at": "TIMESTAMP",
        "form_code": "VARCHAR",
        "form_version": "VARCHAR",
        "layout": "VARCHAR",
        "period": "VARCHAR",
        "reporting_unit_code": "VARCHAR",
        "outcome": "VARCHAR",
        "refusal_rule": "VARCHAR",
        "refusal_message": "VARCHAR",
        "container": "VARCHAR",
        "has_macros": "BOOLEAN",
    },
    "raw_values": {
        "receipt_no": "INTEGER",
        "value_no": "INTEGER",
        "sheet_name": "VARCHAR",
        "cell_address": "VARCHAR",
        "unit_row": "INTEGER",
        "credit_code": "VARCHAR",
        "field_code": "VARCHAR",
        "indicator_code": "VARCHAR",
        "measure_code": "VARCHAR",
        "raw_text": "VARCHAR",
        "text_value": "VARCHAR",
        "number_value": "DECIMAL(28,8)",
        "unit": "VARCHAR",
        "reading_rule": "VARCHAR",
        "spelling_rules": "VARCHAR",
    },
    "raw_problems": {
        "receipt_no": "INTEGER",
        "problem_no": "INTEGER",
        "scope": "VARCHAR",
        "credit_code": "VARCHAR",
        "agency_name": "VARCHAR",
        "unit_row": "INTEGER",
        "field_code": "VARCHAR",
        "indicator_code": "VARCHAR",
        "measure_code": "VARCHAR",
        "sheet_name": "VARCHAR",
        "cell_address": "VARCHAR",
        "raw_text": "VARCHAR",
        "rule_code": "VARCHAR",
        "severity": "VARCHAR",
        "expected": "VARCHAR",
        "message": "VARCHAR",
    },
    "raw_decisions": {
        "decision_no": "INTEGER",
        "decided_at": "TIMESTAMP",
        "kind": "VARCHAR",
        "period": "VARCHAR",
        "subject": "VARCHAR",
        "person": "VARCHAR",
        "reason": "VARCHAR",
        "details": "VARCHAR",
    },
    "ref_units": {
        "unit": "VARCHAR",
        "base_unit": "VARCHAR",
        "factor": "DECIMAL(28,4)",
    },
    "ref_indicators": {
        "indicator_code": "VARCHAR",
        "indicator_name": "VARCHAR",
        "definition": "VARCHAR",
        "topic": "VARCHAR",
        "unit": "VARCHAR",
        "display_unit": "VARCHAR",
        "display_factor": "DECIMAL(28,4)",
        "measure_type": "VARCHAR",
        "direction": "VARCHAR",
        "auxiliary_code": "VARCHAR",
        "estimation_method": "VARCHAR",
        "is_by_domain": "BOOLEAN",
        "revenue_basis": "VARCHAR",
        "business_line_code": "VARCHAR",
        "part_of_code": "VARCHAR",
        "indicator_order": "INTEGER",
    },
    "ref_indicator_formulas": {
        "indicator_code": "VARCHAR",
        "term_code": "VARCHAR",
        "coefficient": "INTEGER",
    },
    "ref_classifications": {
        "classification_code": "VARCHAR",
        "item_code": "VARCHAR",
        "item_name": "VARCHAR",
        "item_group": "VARCHAR",
        "item_order": "INTEGER",
    },
    "ref_forms": {
        "form_code": "VARCHAR",
        "form_name": "VARCHAR",
        "folder": "VARCHAR",
        "valid_from": "VARCHAR",
        "valid_to": "VARCHAR",
        "period_type": "VARCHAR",
    },
    "ref_form_lines": {
        "form_code": "VARCHAR",
        "form_version": "VARCHAR",
        "line_no": "VARCHAR",
        "sheet_name": "VARCHAR",
        "indicator_code": "VARCHAR",
        "line_label": "VARCHAR",
        "is_required": "BOOLEAN",
        "is_calculated": "BOOLEAN",
        "line_order": "INTEGER",
    },
    "ref_form_line_measures": {
        "form_code": "VARCHAR",
        "form_version": "VARCHAR",
        "line_no": "VARCHAR",
        "indicator_code": "VARCHAR",
        "measure_code": "VARCHAR",
    },
    "ref_areas": {
        "area_code": "VARCHAR",
        "area_name": "VARCHAR",
        "area_type": "VARCHAR",
        "group_2020": "VARCHAR",
        "group_2024": "VARCHAR",
        "valid_from": "VARCHAR",
        "valid_to": "VARCHAR",
        "redrawn_from": "VARCHAR",
        "area_order": "INTEGER",
    },
    "ref_geographies": {
        "geography": "VARCHAR",
        "legal_from": "DATE",
        "code_from": "VARCHAR",
        "valid_from": "VARCHAR",
        "valid_to": "VARCHAR",
        "change_note": "VARCHAR",
    },
    "ref_area_successions": {
        "coded_geography": "VARCHAR",
        "district_code": "VARCHAR",
        "township": "VARCHAR",
        "township_root": "VARCHAR",
        "slip_pattern": "VARCHAR",
        "geography": "VARCHAR",
        "area_code": "VARCHAR",
        "is_by_township": "BOOLEAN",
        "prefix_pattern": "VARCHAR",
        "succession_order": "INTEGER",
    },
    "ref_reporting_units": {
        "reporting_unit_code": "VARCHAR",
        "reporting_unit_name": "VARCHAR",
        "is_functional_area": "BOOLEAN",
        "valid_from": "VARCHAR",
        "valid_to": "VARCHAR",
        "unit_order": "INTEGER",
    },
    "ref_strata": {
        "stratum_code": "VARCHAR",
        "stratum_name": "VARCHAR",
        "institution_group": "VARCHAR",
        "size_class": "VARCHAR",
        "is_take_all": "BOOLEAN",
        "collapse_into_code": "VARCHAR",
        "stratum_order": "INTEGER",
    },
    "ref_settings": {
        "confidence_level": "DOUBLE",
        "minimum_respondents": "INTEGER",
        "maximum_cv_pct": "DOUBLE",
        "minimum_census_pct": "DOUBLE",
        "ratio_group_minimum": "INTEGER",
        "lonely_strata": "VARCHAR",
        "ratio_size_exponent": "DOUBLE",
        "ratio_least_spread": "DOUBLE",
        "ratio_multiple": "DOUBLE",
        "ratio_tail_pct": "DOUBLE",
        "ratio_minimum_pairs": "INTEGER",
        "annual_flash_pct": "DOUBLE",
        "annual_flash_least": "DOUBLE",
        "priority_remainder_pct": "DOUBLE",
    },
    "ref_reporting_calendar": {
        "period": "VARCHAR",
        "reference_start_date": "DATE",
        "reminder_date": "DATE",
        "due_date": "DATE",
        "cut_off_date": "DATE",
        "release_date": "DATE",
        "is_exempt": "BOOLEAN",
        "is_announced": "BOOLEAN",
    },
    "ref_bridges": {
        "indicator_code": "VARCHAR",
        "from_source": "VARCHAR",
        "to_source": "VARCHAR",
        "bridge_period": "VARCHAR",
        "bridge_factor": "DOUBLE",
        "bridge_document": "VARCHAR",
    },
    "ref_targets": {
        "target_id": "VARCHAR",
        "policy_id": "VARCHAR",
        "policy_title": "VARCHAR",
        "document_no": "VARCHAR",
        "clause": "VARCHAR",
        "quote": "VARCHAR",
        "lead_department": "VARCHAR",
        "indicator_code": "VARCHAR",
        "area_code": "VARCHAR",
        "kind": "VARCHAR",
        "comparator": "VARCHAR",
        "comparator_words": "VARCHAR",
        "force": "VARCHAR",
        "revenue_basis": "VARCHAR",
        "unit_scope": "VARCHAR",
        "base_period": "VARCHAR",
        "base_source": "VARCHAR",
        "base_note": "VARCHAR",
        "target_period": "VARCHAR",
        "target_value": "DECIMAL(20,4)",
        "target_value_high": "DECIMAL(20,4)",
        "unit": "VARCHAR",
        "assumption": "VARCHAR",
        "target_order": "INTEGER",
    },
    "ref_t_quantiles": {
        "degrees_of_freedom": "INTEGER",
        "t_quantile": "DOUBLE",
    },
    "ref_rules": {
        "rule_code": "VARCHAR",
        "rule_name": "VARCHAR",
        "audit_id": "VARCHAR",
        "rule_order": "INTEGER",
    },
    "ref_spelling_rules": {
        "spelling_rule": "VARCHAR",
        "spelling_rule_name": "VARCHAR",
        "spelling_example": "VARCHAR",
        "spelling_rule_order": "INTEGER",
    },
    "core_edit_failures": {
        "failure_no": "INTEGER",
        "receipt_no": "INTEGER",
        "scope": "VARCHAR",
        "credit_code": "VARCHAR",
        "unit_row": "INTEGER",
        "rule_code": "VARCHAR",
        "severity": "VARCHAR",
        "field_code": "VARCHAR",
        "indicator_code": "VARCHAR",
        "measure_code": "VARCHAR",
        "sheet_name": "VARCHAR",
        "cell_address": "VARCHAR",
        "raw_text": "VARCHAR",
        "related_cells": "VARCHAR",
        "figures": "VARCHAR",
        "expected": "VARCHAR",
        "message": "VARCHAR",
        "compared_receipt_no": "INTEGER",
    },
    "ref_release": {
        "release_id": "VARCHAR",
        "period": "VARCHAR",
    },
}


class WarehouseError(Exception):
    """A table that is not what its file or schema says; the message names the table."""


def open_warehouse(root: Root) -> duckdb.DuckDBPyConnection:
    """Open the warehouse file of that root for building, making it where there is none."""
    root.state.mkdir(parents=True, exist_ok=True)
    return open_database(str(root.warehouse))


def open_database(path: str) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB database (a file or `:memory:`) with the settings every build runs under."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,  # parallel sums of DOUBLE differ from run to run
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "pandas_analyze_sample": 0,  # the schema says the type, not a sample
    }
    connection = duckdb.connect(path, config=settings)
    connection.execute("set TimeZone = 'Asia/Shanghai'")
    connection.execute("set enable_progress_bar = false")  # commands show their own
    return connection


def replace_frame(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    frame: pd.DataFrame,
    schema: Mapping[str, str],
) -> None:
    """Make the table anew from a frame; None and NaN become NULL.

    Args:
        connection: The warehouse.
        name: The table.
        frame: Its rows; the columns are those of the schema, in any order.
        schema: Column -> DuckDB type, in table order.

    Raises:
        WarehouseError: The frame has other columns than the schema.
        duckdb.ConversionException: A value is not of the column's type.
    """
    columns = ", ".join(f"{column} {kind}" for column, kind in schema.items())
    connection.execute(f"create or replace table {name} ({columns})")
    _check_columns(name, map(str, frame.columns), schema)
    casts = ", ".join(f"cast({column} as {kind})" for column, kind in schema.items())
    if len(frame):  # DuckDB does not read frames without rows
        connection.register("frame_to_insert", frame)
        connection.execute(f"insert into {name} select {casts} from frame_to_insert")
        connection.unregister("frame_to_insert")


def insert_columns(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    written: Sequence[str],
    schema: Mapping[str, str],
) -> None:
    """Add rows to a table, in their order.

    Args:
        connection: The warehouse.
        name: The table, of this schema.
        written: Some of the rows each, as a JSON object: for every column of the schema a list.
        schema: Column -> DuckDB type, in table order.

    Raises:
        WarehouseError: The first of them has other columns than the schema.
        duckdb.InvalidInputException: A column is missing, or a value is not of the column's type.
    """
    names = connection.execute("select unnest(json_keys(?))", [written[0]]).fetchall()
    _check_columns(name, (str(column) for (column,) in names), schema)
    structure = json.dumps({column: [kind] for column, kind in schema.items()})
    columns = ", ".join(f"unnest(rows.{column})" for column in schema)
    connection.execute(
        f"insert into {name} select {columns} from ("
        f"select from_json_strict(written, '{structure}') as rows "
        "from (select unnest(?::varchar[]) as written))",
        [written],
    )


def _check_columns(name: str, columns: Iterable[str], schema: Mapping[str, str]) -> None:
    """Refuse rows that have other columns than their table."""
    if odd := set(columns) ^ set(schema):
        told = "、".join(sorted(odd))
        raise WarehouseError(f"{name}：数据列与表结构不一致（{told}），请核对生成该表的程序。")


def build_table(connection: duckdb.DuckDBPyConnection, table: SqlTable, catalog: Catalog) -> None:
    """Make the table of one SQL file anew, with comments, and check that its grain is a key.

    Raises:
        WarehouseError: A column has no meaning in the catalog, or the grain is not a key.
    """
    connection.execute(f"create or replace table {table.name} as {table.query}")
    meanings = {indicator.code: indicator.name for indicator in catalog.indicators}
    meanings |= {column.name: column.meaning for column in catalog.columns}
    described = connection.execute(f"describe {table.name}").fetchall()
    columns = [str(row[0]) for row in described]
    unknown = [column for column in columns if column not in meanings]
    if unknown:
        names = "、".join(unknown)
        raise WarehouseError(f"{table.path.name}：列 {names} 没有含义，请写入 columns.yml。")
    connection.execute(f"comment on table {table.name} is {_quoted(table.meaning)}")
    for column in columns:
        meaning = _quoted(meanings[column])
        connection.execute(f"comment on column {table.name}.{column} is {meaning}")
    _check_grain(connection, table)


def _check_grain(connection: duckdb.DuckDBPyConnection, table: SqlTable) -> None:
    """Refuse a table in which the grain is NULL somewhere or stands for more than one row."""
    key = ", ".join(table.grain)
    is_null = " or ".join(f"{column} is null" for column in table.grain)
    offender = connection.execute(
        f"select {key} from {table.name} group by {key} having count(*) > 1 or {is_null} "
        f"order by {key} limit 1"
    ).fetchone()
    if offender is not None:
        values = "，".join(
            f"{column}={value}" for column, value in zip(table.grain, offender, strict=True)
        )
        raise WarehouseError(f"{table.path.name}：主键重复或为空（{values}），请核对查询。")


def _quoted(text: str) -> str:
    """Return the text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
