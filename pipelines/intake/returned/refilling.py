"""Our template refilled with what could be read of a file, and where its cells have gone.

The refilled template is read back as if it had been sent: so its layout is known only once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.catalog.models import Catalog, Form, FormTable
from pipelines.intake.decoding import Workbook, decode_files
from pipelines.intake.reading import WorkbookReader
from pipelines.intake.records import PHONE_FIELDS, Reading, Row
from pipelines.intake.returned.findings import NOT_MADE, FileToReturn, Finding, ReadValues
from pipelines.intake.returned.remarks import Place
from pipelines.intake.tables import table_of
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_lists,
)

logger = logging.getLogger(__name__)

Asked = tuple[object, object, object, object]  # credit code, field, indicator, measure


@dataclass(frozen=True)
class Refilled:
    """A refilled template: where each item stands, and where each cell of the file has gone."""

    path: Path
    places: Mapping[Asked, Place]
    moved: Mapping[Place, Place]

    def find(self, finding: Finding) -> Place | None:
        """Return the template's cell for what a finding is about; None where there is none.

        A cell out of which nothing could be read is known by what the finding says was asked.
        """
        item = finding.field_code, finding.indicator_code, finding.measure_code
        for credit_code in (finding.credit_code, None):
            if (credit_code, *item) in self.places:
                return self.places[credit_code, *item]
        return self.moved.get(finding.place) if finding.place else None


def refill(
    files: Iterable[FileToReturn],
    read_values: ReadValues,
    catalog: Catalog,
    folder: Path,
    made_up: bool,
) -> Iterator[tuple[FileToReturn, Refilled]]:
    """Yield each file with its template, written to the folder; some cannot have one."""
    reader = WorkbookReader(catalog)
    written: dict[Path, tuple[FileToReturn, Sequence[Row]]] = {}

    def write_each() -> Iterator[Path]:
        for file in files:
            path = folder / f"{file.receipt.receipt_no}-template.xlsx"
            rows = read_values(file.receipt.receipt_no)
            try:
                _write(path, file, rows, catalog, made_up)
            except (KeyError, ValueError) as error:  # no such form then, or no such district
                logger.info("%s: no template (%r)", file.receipt.shown_path, error)
                logger.warning(NOT_MADE, file.receipt.shown_path)
                continue
            written[path] = file, rows
            yield path

    for path, workbook in decode_files(write_each()):
        file, rows = written.pop(path)
        if not isinstance(workbook, Workbook):
            logger.info("%s: %s", path.name, workbook.message)
            logger.warning(NOT_MADE, file.receipt.shown_path)
            continue
        places = _places(reader.read(workbook, file.receipt))
        moved = {
            Place(str(row["sheet_name"]), str(row["cell_address"])): places[_asked(row)]
            for row in rows
            if _asked(row) in places
        }
        yield file, Refilled(path, places, moved)


def _write(
    path: Path, file: FileToReturn, rows: Sequence[Row], catalog: Catalog, made_up: bool
) -> None:
    """Write the template of a file's form with the values read from it.

    Several agencies of one file, if they report through one unit, stand in its roll.
    """
    form = catalog.form(file.form_code, file.period)
    if file.layout == "list":
        listed = {table.sheet: _list_rows(form, table, rows, catalog) for table in form.tables}
        write_lists(path, catalog, form.code, file.period if form.cover else None, listed, made_up)
        return
    period = str(file.receipt.folder_period)
    cover = [row for row in rows if row["credit_code"] is None]
    by_agency: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["credit_code"] is not None:
            by_agency[str(row["credit_code"])].append(row)
    if file.layout == "single" and len(by_agency) < 2:
        (code, told), *_ = [*by_agency.items(), ("", cover)]
        write_flash_single(path, catalog, period, _report(form, code, told, told, catalog), made_up)
        return
    reports = [_report(form, code, told, cover, catalog) for code, told in by_agency.items()]
    unit_code = reports[0].identity.reporting_unit_code if reports else ""
    write_flash_roll(path, catalog, period, unit_code, reports, made_up)


def _report(
    form: Form, code: str, rows: Sequence[Row], cover: Sequence[Row], catalog: Catalog
) -> AgencyReport:
    """Return what was read of an agency and is asked for; what was not read stays blank."""
    texts = _texts(rows)
    zero_report = texts.get("zero_report")
    asked = {(line.indicator, each) for line in form.lines for each in line.measures}
    return AgencyReport(
        AgencyIdentity(
            code,
            texts.get("agency_name", ""),
            texts.get("district", ""),
            texts.get("reporting_unit") or _texts(cover).get("reporting_unit", ""),
        ),
        texts.get("operating_status", ""),
        None if zero_report is None else zero_report == "yes",
        texts.get("accounting_method"),
        {
            (str(row["indicator_code"]), str(row["measure_code"])): _in_base_units(row, catalog)
            for row in rows
            if (row["indicator_code"], row["measure_code"]) in asked
        },
        {
            field.field: texts[field.field]
            for field in form.foot
            if field.field in texts and field.field not in PHONE_FIELDS  # starred: to be told anew
        },
    )


def _list_rows(
    form: Form, table: FormTable, rows: Sequence[Row], catalog: Catalog
) -> list[dict[str, object]]:
    """Return the rows of a table of a list as its template takes them."""
    columns = {column.field: column for column in table.columns}
    listed: dict[Any, dict[str, object]] = defaultdict(dict)
    for row in rows:
        column = columns.get(str(row["field_code"]))
        is_of_table = table_of(form, str(row["sheet_name"])) is table
        if column is None or not row["unit_row"] or not is_of_table:
            continue
        value = row["text_value"] if row["number_value"] is None else row["number_value"]
        has_unit = row["number_value"] is not None and column.unit is not None
        listed[row["unit_row"]][column.field] = _in_base_units(row, catalog) if has_unit else value
    return list(listed.values())


def _texts(rows: Sequence[Row]) -> dict[str, str]:
    """Return codes, dates and texts by field."""
    return {
        str(row["field_code"]): str(row["text_value"])
        for row in rows
        if row["text_value"] is not None
    }


def _in_base_units(row: Row, catalog: Catalog) -> Decimal:
    """Return a figure in base units."""
    return Decimal(str(row["number_value"])) * catalog.unit(str(row["unit"])).factor


def _places(reading: Reading) -> dict[Asked, Place]:
    """Return where the reader looked for each item; rows that name no agency are not told apart."""
    return {
        (
            unit.credit_code if unit else None,
            item.field_code,
            item.indicator_code,
            item.measure_code,
        ): Place(cell.sheet_name, cell.address)
        for unit, item, cell in reading.asked
        if unit is None or unit.scope == "agency" or not unit.row
    }


def _asked(row: Row) -> Asked:
    """Return which item a row of raw_values is."""
    return row["credit_code"], row["field_code"], row["indicator_code"], row["measure_code"]
