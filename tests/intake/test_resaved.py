"""Forms saved again by other office programs: nothing refused, every value as before."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl import load_workbook

from pipelines.catalog.models import FormField
from pipelines.intake.decoding import Formatted, Unreadable, Workbook, decode_files
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import Reading
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_lists,
)
from tests.intake.books import CATALOG, CODE, READER, credit_code
from tests.programs import find_office

FORMATS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "xls": "xls:MS Excel 97",
    "ods": "ods:calc8",
}
FLASH = CATALOG.form("flash_report", "2025-06")
LIST_PERIODS = {
    "register": "2025-06",
    "register_events": "2025-06",
    "sample": "2025-02",
    "annual_return": "2024",
    "ledger": "2025-06",
    "platform_report": "2024",
    "published_figures": None,
    "corrections": None,
}
FORMS = ("single", "roll", *LIST_PERIODS)
VALUES: dict[str, object] = {
    "credit_code": CODE,
    "date": "2024-03-01",
    "month": "2025-06",
    "year": 2024,
    "period": "2025-06",
    "integer": 7,
    "yes_no": "yes",
    "area": "500103",
    "text": "示例文字",
}


def report(number: int) -> AgencyReport:
    """An agency whose every figure differs, money with decimals."""
    values = {
        (line.indicator, measure): Decimal(int(line.line) * 100 + number * 10 + position)
        * (Decimal("10000.25") if line.unit == "万元" else 1)
        for line in FLASH.lines
        if line.calculated is None
        for position, measure in enumerate(line.measures)
    }
    identity = AgencyIdentity(credit_code(number), f"示例{number}公司", "500103", "500103")
    foot = {"preparer": "李四", "telephone": "023-12345678", "report_date": "2025-07-10"}
    return AgencyReport(identity, accounting_method="gross", values=values, foot=foot)


def value(column: FormField) -> object:
    """Something a column may hold, in base units."""
    if column.type == "choice":
        return CATALOG.classification(str(column.choices)).items[0].code
    if column.type == "number":
        return Decimal(1234) * (CATALOG.unit(column.unit).factor if column.unit else 1)
    return "家" if column.field == "unit" else VALUES[column.type]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every form of the catalog, filled, by name."""
    folder = tmp_path_factory.mktemp("filled")
    paths = {name: folder / f"{name}.xlsx" for name in FORMS}
    write_flash_single(paths["single"], CATALOG, "2025-06", report(1))
    write_flash_roll(paths["roll"], CATALOG, "2025-06", "500103", [report(1), report(2)])
    for code, period in LIST_PERIODS.items():
        rows = {
            table.sheet: [{column.field: value(column) for column in table.columns}]
            for table in CATALOG.form(code, period).tables
        }
        write_lists(paths[code], CATALOG, code, period, rows)
    return paths | {"marks": write_marks(folder / "marks.xlsx")}


def write_marks(path: Path) -> Path:
    """Write a row of cells that do not show what is stored, or have nothing to show."""
    book = OpenpyxlWorkbook()
    book["Sheet"].append(["=1/0", '=IF(1=1,"",2)', "=1+1", 12.5, 1234567, 0.125, 99])
    for column, code in {"D": '0.00"万元"', "E": "#,##0,,", "F": "0.0%", "G": '"¥"0.00'}.items():
        book["Sheet"][f"{column}1"].number_format = code
    book.save(path)
    return path


@pytest.fixture(scope="module")
def resaved(
    filled: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Path]:
    """The forms as LibreOffice saves them, by format and name; one process for all of a format."""
    office = find_office()
    folder = tmp_path_factory.mktemp("resaved")
    for format_, filter_ in FORMATS.items():
        command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", filter_, "--outdir", str(folder / format_)]
        subprocess.run([*command, *map(str, filled.values())], check=True, capture_output=True)
    return lambda format_, name: folder / format_ / f"{name}.{format_}"


def read_file(path: Path) -> Reading:
    form = CATALOG.form("flash_report" if path.stem in ("single", "roll") else path.stem)
    period = {"reports": "2025-06", "annual": "2024", "platforms": "2024"}.get(form.folder)
    place = "/".join(filter(None, [form.folder, period, path.name]))
    receipt = Receipt(1, "0" * 64, form.folder, period, place, 1, "2026-07-10T09:00:00+08:00")
    ((_, workbook),) = decode_files([path])
    assert isinstance(workbook, Workbook), workbook
    return READER.read(workbook, receipt)


def assert_same(path: Path, original: Path) -> None:
    expected, reading = read_file(original), read_file(path)
    assert expected.problems == []
    assert len(expected.values) >= 5
    assert reading.problems == []
    assert reading.values == expected.values


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("format_", FORMATS)
def test_libreoffice_changes_no_value(
    name: str, format_: str, filled: dict[str, Path], resaved: Callable[[str, str], Path]
) -> None:
    assert_same(resaved(format_, name), filled[name])


@pytest.mark.parametrize("format_", FORMATS)
def test_marks_are_kept_in_any_container(format_: str, resaved: Callable[[str, str], Path]) -> None:
    ((_, workbook),) = decode_files([resaved(format_, "marks")])
    assert isinstance(workbook, Workbook)
    assert workbook.container == format_
    (row,) = workbook.sheets[0].rows
    assert row[:3] == [Unreadable("#DIV/0!"), None, 2.0]
    shown = {"ods": ["12.50万元", "1", "12.5%"]}.get(format_, ['0.00"万元"', "#,##0,,", "0.0%"])
    values = [12.5, 1234567.0, 0.125]
    assert row[3:6] == [Formatted(*pair) for pair in zip(values, shown, strict=True)]
    assert row[6] == 99


def rewrite(source: Path, target: Path, change: Callable[[str, str], str]) -> Path:
    """Copy a package with the XML of its parts changed."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as copy:
        for name in package.namelist():
            copy.writestr(name, change(name, package.read(name).decode()))
    return target


def style_far_cells(source: Path, target: Path) -> Path:
    """Format empty cells far to the right and below, as after a whole column was coloured."""
    book = load_workbook(source)
    for sheet in book.worksheets:
        for row, column in ((3000, 1), (3000, 200), (5, 500)):
            sheet.cell(row, column).number_format = "0.00"
    book.save(target)
    return target


def spread_attributes(source: Path, target: Path) -> Path:
    """Write the row attributes and namespaces that Excel and WPS add."""
    x14ac = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    names = f'xmlns:mc="{compatible}" mc:Ignorable="x14ac" xmlns:x14ac="{x14ac}"'

    def change(name: str, text: str) -> str:
        if not name.startswith("xl/worksheets/"):
            return text
        text = text.replace("<worksheet ", f"<worksheet {names} ", 1)
        return re.sub(r"<row ", '<row spans="1:7" x14ac:dyDescent="0.25" ', text)

    return rewrite(source, target, change)


def split_runs(source: Path, target: Path) -> Path:
    """Write every text in two runs, as where half of it was made bold, with phonetic marks."""

    def runs(match: re.Match[str]) -> str:
        text = match[1]
        half = 0 if "&" in text else len(text) // 2
        told = "".join(
            f'<r><rPr><b/></rPr><t xml:space="preserve">{part}</t></r>'
            for part in (text[:half], text[half:])
        )
        return f'<is>{told}<rPh sb="0" eb="1"><t>pinyin</t></rPh></is>'

    def change(name: str, text: str) -> str:
        return re.sub(r"<is><t[^>]*>([^<]*)</t></is>", runs, text)

    return rewrite(source, target, change)


@pytest.mark.parametrize("save", [style_far_cells, spread_attributes, split_runs])
@pytest.mark.parametrize("name", FORMS)
def test_other_ways_to_write_a_sheet_change_no_value(
    name: str,
    save: Callable[[Path, Path], Path],
    filled: dict[str, Path],
    tmp_path: Path,
) -> None:
    assert_same(save(filled[name], tmp_path / f"{name}.xlsx"), filled[name])
