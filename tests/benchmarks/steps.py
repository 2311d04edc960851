"""The steps that are timed: each is prepared first, imports and all, and then carried out.

A step returns how much it did. Roots are made by the made-up industry's own command.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

SINGLES = 3_500  # workbooks of one agency, as in a month
PERIOD, UNIT = "2025-06", "500103"
ROLL, LITTLE_ROLL = 100_000, 2_000  # agencies in one workbook
INBOX, NEW_FILES, FILE_BYTES = 10_000, 10, 25_000  # an inbox of which nearly everything is known
AGENCIES, FAILURES = 3_500, 10_000  # of the month that is validated apart
AGENCIES_PER_WORKBOOK = 5.45  # that an industry needs for one workbook more in a month

Work = Callable[[], str]
Step = Callable[[], Work]


def make_singles(path: Path) -> None:
    """Make a root that has received a month of workbooks of one agency, and no lists."""
    _make_root(path, SINGLES, frozenset({"single"}))


def make_month(path: Path) -> None:
    """Make a root that has received a whole month: the same workbooks, and the lists."""
    _make_root(path, SINGLES, frozenset({"register", "sample", "annual", "single"}))


def make_roll(path: Path, agencies: int = ROLL) -> None:
    """Make a root that has received one roll of that many agencies, and nothing else."""
    from decimal import Decimal

    from pipelines.catalog.load import load_catalog
    from pipelines.intake.inbox import take_in
    from pipelines.intake.templates import AgencyIdentity, AgencyReport
    from pipelines.intake.templates.roll import RollCloner
    from pipelines.root import Root
    from tests.intake.books import ASKED, credit_code

    factors = [100 if line.unit == "万元" else 1 for line, _ in ASKED]
    places = list(enumerate(zip(ASKED, factors, strict=True)))
    figures = [  # alike for some agencies, so that making them takes no memory
        {
            (line.indicator, measure): Decimal((1_000 + number * 7 + place * 13) * factor)
            for place, ((line, measure), factor) in places
        }
        for number in range(500)
    ]
    reports = [
        AgencyReport(
            AgencyIdentity(credit_code(number), f"机构{number}", UNIT, UNIT),
            values=figures[number % len(figures)],
        )
        for number in range(agencies)
    ]
    root = Root(path)
    roll = root.inbox / "reports" / PERIOD / "roll.xlsx"
    roll.parent.mkdir(parents=True)
    RollCloner(load_catalog(), PERIOD, made_up=True).write(roll, UNIT, reports)
    take_in(root)


def make_little_roll(path: Path) -> None:
    """Make a root that has received a roll small enough for openpyxl."""
    make_roll(path, LITTLE_ROLL)


def make_inbox(path: Path) -> None:
    """Make a root with many files in the inbox, all of them received."""
    from pipelines.intake.inbox import take_in
    from pipelines.root import Root

    _drop_files(path, "known", INBOX - NEW_FILES)
    take_in(Root(path))


def decode_alone(path: Path) -> Work:
    """Decode every sheet with calamine, in one process, and nothing else."""
    from python_calamine import CalamineWorkbook

    paths = _workbooks(path)

    def work() -> str:
        cells = 0
        for each in paths:
            workbook = CalamineWorkbook.from_path(each)
            for name in workbook.sheet_names:
                cells += sum(map(len, workbook.get_sheet_by_name(name).to_python()))
        return f"{len(paths):,} workbooks, {cells:,} cells"

    return work


def read_and_store(path: Path) -> Work:
    """Read the same workbooks through gates and worker into a new warehouse."""
    from pipelines.orchestration.receiving import read_months
    from pipelines.orchestration.writer import open_writer
    from pipelines.root import Root

    root = Root(path)
    root.warehouse.unlink(missing_ok=True)

    def work() -> str:
        with open_writer(root) as writer:
            receipts = read_months(writer, [PERIOD])
            row = writer.connection.execute("select count(*) from raw_values").fetchone()
        return f"{len(receipts):,} workbooks, {row[0] if row else 0:,} values"

    return work


def look_through_inbox(path: Path) -> Work:
    """Look through the inbox as a run does: take in what is new, then tell what every entry is."""
    from pipelines.intake.inbox import look_through, take_in
    from pipelines.root import Root

    root = Root(path)
    for new in root.inbox.glob("reports/*/new*"):
        new.unlink()
    _drop_files(path, "new", NEW_FILES)

    def work() -> str:
        arrivals = take_in(root)
        return f"{len(look_through(root)):,} files, {len(arrivals)} new"

    return work


def read_with_pandas(path: Path) -> Work:
    """Read every sheet of the same workbooks the way an ordinary script would."""
    import pandas as pd

    paths = _workbooks(path)
    pd.read_excel(paths[0], engine="openpyxl")

    def work() -> str:
        for each in paths:
            pd.read_excel(each, sheet_name=None, engine="openpyxl", header=None)
        return f"{len(paths):,} workbooks"

    return work


def run_month(path: Path) -> Work:
    """Run the whole job for what has been received, imports included."""

    def work() -> str:
        from pipelines.intake.receipts import read_receipts
        from pipelines.orchestration.run import run
        from pipelines.root import Root

        outcome = run(Root(path))
        workbooks = f"{len(read_receipts(Root(path))):,} workbooks"
        return f"{workbooks}, nothing to do" if outcome.months is None else workbooks

    return work


def build_tables(path: Path) -> Work:
    """Build every SQL table of the warehouse again."""
    from pipelines.catalog.load import load_catalog
    from pipelines.root import Root
    from pipelines.warehouse.database import build_table, open_warehouse
    from pipelines.warehouse.sql_files import load_sql_tables

    tables, catalog = load_sql_tables(), load_catalog()

    def work() -> str:
        with open_warehouse(Root(path)) as connection:
            for table in tables.values():
                build_table(connection, table, catalog)
        return f"{len(tables)} tables"

    return work


def validate_everything(path: Path) -> Work:
    """Run the suites of all forms and all tables on the month."""
    from pipelines.catalog.load import load_catalog
    from pipelines.quality.findings import KEY, TABLE, find_failures
    from pipelines.quality.suites import form_suites, load_suites
    from pipelines.quality.tables import check_tables, table_suites
    from pipelines.quality.wording import code_names
    from pipelines.root import Root
    from pipelines.warehouse.database import open_warehouse
    from pipelines.warehouse.sql_files import load_sql_tables

    suites, catalog = load_suites(), load_catalog()
    grains = {name: table.grain for name, table in load_sql_tables().items()}
    forms, tables = form_suites(suites, catalog), table_suites(suites)
    _import_great_expectations()

    def work() -> str:
        with open_warehouse(Root(path)) as connection:
            found = len(find_failures(connection, forms, grains, catalog))
            names = code_names(catalog)
            check_tables(connection, tables, {**grains, TABLE: KEY}, None, names)
        return f"{sum(len(suite.rules) for suite in suites.values())} rules, {found:,} failures"

    return work


def write_reports(path: Path) -> Work:
    """Write the bulletin and the return list of the month from what is published."""
    from pipelines.orchestration.published import published_findings, write_bulletins
    from pipelines.orchestration.returning import write_returns
    from pipelines.root import Root

    root = Root(path)

    def work() -> str:
        bulletins = write_bulletins(root, [PERIOD])
        with published_findings(root) as connection:
            lists = write_returns(root, connection)
        return f"{len(bulletins)} bulletin, {len(lists)} lists"

    return work


def validate_failures(_: Path) -> Work:
    """Run the flash report's suite on reports of which many break a rule."""
    from pipelines.warehouse.database import open_database
    from tests.benchmarks.validation import fill_warehouse, validate_flash_reports

    opened = open_database(":memory:")
    connection = opened.__enter__()
    fill_warehouse(connection, AGENCIES, FAILURES)
    _import_great_expectations()
    return lambda: f"{AGENCIES:,} reports, {validate_flash_reports(connection):,} failures"


def _make_root(path: Path, workbooks: int, kinds: frozenset[str]) -> None:
    """Make a root with about as many workbooks of one agency for one month."""
    from pipelines.orchestration.synthesis import Plan, synthesize

    size = round(workbooks * AGENCIES_PER_WORKBOOK)
    synthesize(path, Plan(first=PERIOD, last=PERIOD, size=size, kinds=kinds))


def _drop_files(path: Path, name: str, count: int) -> None:
    """Write that many files of random bytes into the inbox of a root."""
    folder = path / "data" / "raw" / "reports" / PERIOD
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{name}{number}.xlsx").write_bytes(os.urandom(FILE_BYTES))


def _workbooks(path: Path) -> list[Path]:
    """Return the workbooks of a root as the archive keeps them."""
    from pipelines.intake.inbox import archive_path
    from pipelines.intake.receipts import read_receipts
    from pipelines.root import Root

    root = Root(path)
    return [archive_path(root, receipt) for receipt in read_receipts(root)]


def _import_great_expectations() -> None:
    """Carry out one rule, so that everything it needs is imported."""
    import pandas as pd

    from pipelines.quality.suites import load_suites
    from pipelines.quality.validation import validate
    from tests.benchmarks.validation import FORM

    first_rule = load_suites()[FORM].rules[0]
    validate(pd.DataFrame({"registered_code": ["A"]}), [first_rule])
