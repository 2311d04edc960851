"""What an .ods says that calamine would not show; the cells are written as LibreOffice does."""

from __future__ import annotations

import io
import zipfile
from xml.parsers.expat import ExpatError

import pytest

from pipelines.intake.opendocument import is_encrypted, scan_content
from pipelines.intake.scanning import SheetScan, Unshown
from tests.intake.open_books import MANIFEST, pack

NUMBER = 'office:value-type="float" office:value='


def content(cells: str, rows: str = "", before: str = "") -> bytes:
    table = (
        f'{before}<table:table table:name="数据"><table:table-row>{cells}</table:table-row>{rows}'
    )
    package = pack(f"{table}</table:table>")
    return zipfile.ZipFile(io.BytesIO(package)).read("content.xml")


def scan(cells: str, rows: str = "") -> SheetScan:
    _, ((name, found),) = scan_content(content(cells, rows))
    assert name == "数据"
    return found


def cell(attributes: str, shown: str = "", repeats: int = 1) -> str:
    paragraph = f"<text:p>{shown}</text:p>" if shown else ""
    return (
        f'<table:table-cell table:number-columns-repeated="{repeats}" {attributes}>'
        f"{paragraph}</table:table-cell>"
    )


@pytest.mark.parametrize(
    ("attributes", "shown", "expected"),
    [
        (f'{NUMBER}"1200.5"', "1,200.50", None),
        (f'{NUMBER}"1200.5"', "1,201", None),
        (f'{NUMBER}"-1200.5"', "(1,200.50)", None),
        (f'{NUMBER}"99"', " ¥99.00 ", None),
        (f'{NUMBER}"0.000012"', "1.2E-05", None),
        (f'{NUMBER}"1"', "TRUE", None),
        (f'{NUMBER}"7"', "", None),
        (f'{NUMBER}"0"', " ¥- ", None),
        (f'{NUMBER}"0"', "0万元", Unshown("formatted", "0万元")),
        (f'{NUMBER}"7"', "-", Unshown("formatted", "-")),
        (f'{NUMBER}"12.5"', "12.50万元", Unshown("formatted", "12.50万元")),
        (f'{NUMBER}"1234567"', "1", Unshown("formatted", "1")),
        (f'{NUMBER}"1234567"', "1,234.6", Unshown("formatted", "1,234.6")),
        (
            'office:value-type="percentage" office:value="0.125"',
            "12.5%",
            Unshown("formatted", "12.5%"),
        ),
        (
            'table:formula="of:=1/0" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"',
            "#DIV/0!",
            Unshown("error", "#DIV/0!"),
        ),
        ('table:formula="of:=A1"', "", Unshown("formula", "")),
        (f'table:formula="of:=A1" {NUMBER}"2"', "2", None),
        ('office:value-type="date" office:date-value="2025-06-01"', "2025年6月1日", None),
        ('office:value-type="string"', "12万元", None),
        ("", "", None),
    ],
)
def test_what_a_cell_does_not_show(attributes: str, shown: str, expected: Unshown | None) -> None:
    assert scan(cell(attributes, shown)).unshown == ({(1, 1): expected} if expected else {})


def test_a_formula_with_an_empty_text_has_a_result() -> None:
    empty = (
        '<table:table-cell table:formula="of:=IF(1;&quot;&quot;;2)"><text:p/></table:table-cell>'
    )
    assert scan(empty).unshown == {}


def test_a_note_is_no_part_of_what_a_cell_shows() -> None:
    noted = (
        f'<table:table-cell {NUMBER}"5"><office:annotation><text:p>万元</text:p>'
        "</office:annotation><text:p>5</text:p></table:table-cell>"
    )
    assert scan(noted).unshown == {}


def test_repeated_cells_and_rows_are_all_marked() -> None:
    formula = cell('table:formula="of:=A1"', repeats=2)
    rows = f'<table:table-row table:number-rows-repeated="2">{cell("")}{formula}</table:table-row>'
    found = scan(cell(f'{NUMBER}"1"', "1"), rows)
    assert set(found.unshown) == {(2, 2), (2, 3), (3, 2), (3, 3)}
    assert found.grid_cells == 9


def test_blanks_to_the_end_of_the_grid_count_for_nothing() -> None:
    blanks = (
        '<table:table-row table:number-rows-repeated="1048575">'
        f"{cell('', repeats=16_384)}</table:table-row>"
    )
    assert scan(cell(f'{NUMBER}"1"', "1") + cell("", repeats=16_383), blanks).grid_cells == 1


def test_a_sheet_that_reaches_too_far_is_not_searched() -> None:
    found = scan(cell('table:formula="of:=A1"', repeats=10**12))
    assert found == SheetScan({}, 10**12)


def test_the_epoch() -> None:
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
        "</table:calculation-settings>"
    )
    assert scan_content(content("", before=settings))[0] == 1904
    assert scan_content(content(""))[0] == 1900


@pytest.mark.parametrize("number", ["0", "-1", "x", ""])
def test_a_repetition_that_is_none(number: str) -> None:
    with pytest.raises(ValueError, match=r"repeated|invalid literal"):
        scan(f'<table:table-cell table:number-columns-repeated="{number}"/>')


def test_broken_xml() -> None:
    with pytest.raises(ExpatError):
        scan_content(content("")[:-10])


def test_an_encrypted_member_is_found() -> None:
    entry = "<manifest:file-entry>{}</manifest:file-entry></manifest:manifest>"
    assert is_encrypted((MANIFEST + entry.format("<manifest:encryption-data/>")).encode())
    assert not is_encrypted((MANIFEST + entry.format("")).encode())
