"""Cells that calamine would show as empty: found whatever the writer's habits are."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

import pytest

from pipelines.intake import scanning
from pipelines.intake.scanning import (
    Position,
    SheetScan,
    Unshown,
    find_formatted,
    has_doctype,
    scan_sheet,
)
from pipelines.intake.templates import AgencyIdentity, AgencyReport, write_flash_single
from tests.intake.books import CATALOG, CODE

MUTATIONS = 3_000
ENCODINGS = ("utf-8", "gbk", "utf-16", "us-ascii")
TEXTS = (
    *("重庆".encode(), "𠮷".encode(), b" ", b"\t\r\n", b"\x7f", b"]]", b"&amp;", b'"', b"'", b">"),
    *(b"]]>", b"&#0;", b"&no;", b"&", b"<", b"\0", b"\x0b", b"\x1f", b"\xff"),
    *("\ufeff".encode(), "\ufffd".encode(), "\ufffe".encode(), "\uffff".encode(), b"\xc2\x85"),
    *(b"\xed\xa0\x80", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\xe4\xb8", "重庆".encode("gbk")),
    *(b"<!-- </v> -->", b"<![CDATA[</v>]]>", b"<?x </v>?>", b"<!", b"<f>1</f>", b"</v><f/><v>"),
    *(b":c ", b"x:row>", b'" t="e">', b'</v></c><c r="E2"><f/><v>', b'</v></c><c r="XFE1"><v>'),
)
FORMULA, ERROR = Unshown("formula", ""), Unshown("error", "#N/A")
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str, prolog: str = "") -> bytes:
    return b'%b<worksheet xmlns="%b"><cols><col min="1"/></cols><sheetData>%b</sheetData>' % (
        prolog.encode(),
        MAIN,
        rows.encode(),
    ) + (b'<rowBreaks count="1"/></worksheet>')


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row r="2"><c r="B2" s="3"><v>1</v></c><c r="AA2" t="inlineStr"/></row>', {}),
        ('<row r="2"><c r="B2" s="3"><f>1+1</f><v/></c></row>', {(2, 2): FORMULA}),
        ('<row r="2"><c r="B2">\n <f>1+1</f></c></row>', {(2, 2): FORMULA}),
        ('<row r="2"><c r="B2" t="str"><f>A1</f><v>x</v></c></row>', {}),
        ('<row r="2"><c r="B2"><v>2</v><f>1+1</f></c></row>', {(2, 2): FORMULA}),
        ('<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        ('<row r="2"><c t="e" r="B2"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        ("<row r='2'><c r='B2' t='e'><v>#N/A</v></c></row>", {(2, 2): ERROR}),
        ('<row r="2"><c r="B2" t = "e"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        ('<row r="2"><c r="B2" t="&#101;"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        ('<row r="2"><c\nr="B2"\nt="e"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        ('<row r="2"><c/><c t="e"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        ('<row/><row><c/><c t="e"><v>#N/A</v></c></row>', {(2, 2): ERROR}),
        (
            f'<x:row xmlns:x="{MAIN.decode()}" r="2">'
            '<x:c r="B2" t="e"><x:v>#N/A</x:v></x:c></x:row>',
            {(2, 2): ERROR},
        ),
        ('<row r="2"><!-- <c r="A1"><f>1</f></c> --><c r="B2"/></row>', {}),
        ('<row r="2"><?x <c r="A1"><f>1</f></c> ?><c r="B2"/></row>', {}),
        ('<row r="2"><c r="B2"><v><![CDATA[<c r="A1"><f>]]></v></c></row>', {}),
    ],
)
@pytest.mark.parametrize(
    ("prolog", "encoding"),
    [
        ("", "utf-8"),
        ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', "utf-8"),
        ("\ufeff", "utf-8"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
    ],
)
def test_errors_and_formulas(
    rows: str, expected: dict[Position, Unshown], prolog: str, encoding: str
) -> None:
    part = sheet(rows, prolog).decode().encode(encoding)
    assert scan_sheet(part).unshown == expected


def test_another_alphabet_hides_nothing() -> None:
    prolog = '<?xml version="1.0" encoding="cp037"?>'
    rows = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>'
    part = prolog.encode() + sheet(rows).decode().encode("cp037")
    with pytest.raises(ExpatError):
        scan_sheet(part)


@pytest.mark.parametrize(
    "rows", ['<row r="one"/>', '<row r="1"><c r="1A"/></row>', '<row r="1"><c r=""/></row>']
)
def test_an_address_that_is_none(rows: str) -> None:
    with pytest.raises(ValueError, match=r"one|not a cell address"):
        scan_sheet(sheet(rows))


@pytest.mark.parametrize("prolog", ["<!DOCTYPE worksheet>", '<?xml version="1.0"?><!DOCTYPE x>'])
def test_a_document_type(prolog: str) -> None:
    with pytest.raises(ValueError, match="DOCTYPE"):
        scan_sheet(sheet('<row r="1"/>', prolog))


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ('<row r="1048576"><c r="B1048576"><v>1</v></c></row>', 2 * 1_048_576),
        ('<row r="12345"><c r="C12345" s="1" t="str"><v>x</v></c><c r="D12345"/></row>', 37_035),
        ('<row r="12345"><c r="C12345"></c></row>', 0),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', 2 * 16_384),
        ("<row r='20000'><c r='B20000' t='inlineStr'><is><t> </t></is></c></row>", 40_000),
        ('<row r="9999"><c r="ZZ9999"><v>1</v></c></row>', 0),
    ],
)
def test_how_far_filled_cells_reach(rows: str, cells: int) -> None:
    assert scan_sheet(sheet(rows)).grid_cells == cells


@pytest.mark.parametrize("address", ["XFE1", "A1048577", "ZZZ9999999", "A0000000"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_cell_outside_the_grid(address: str, quote: str) -> None:
    rows = f'<row r="1"><c r="{address}"><v>1</v></c></row>'.replace('"', quote)
    with pytest.raises(ValueError, match="outside the grid"):
        scan_sheet(sheet(rows))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_cells_of_a_style(quote: str) -> None:
    rows = (
        '<row r="2"><c r="A2" s="3"><v>1</v></c><c r="B2" s="3"/><c r="C2"><v>1</v></c>'
        '<c r="D2" s="30"><v>1</v></c></row>'
    ).replace('"', quote)
    assert find_formatted(sheet(rows), {"3": "0%"}) == {(2, 1): Unshown("formatted", "0%")}
    assert find_formatted(sheet(rows), {"0": "0%"}) == {(2, 3): Unshown("formatted", "0%")}
    assert find_formatted(sheet(rows), {}) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>', "<!-- <a> -->"])
def test_a_document_type_is_seen_in_any_part(before: str, encoding: str) -> None:
    assert has_doctype(f"{before}<!DOCTYPE a><a/>".encode(encoding))
    assert not has_doctype(f"{before}<a>&lt;!DOCTYPE a></a>".encode(encoding))
    assert not has_doctype(f"{before}<a><br></a>".encode(encoding))


def outcome(find: object, part: bytes) -> object:
    try:
        return find(part).unshown  # type: ignore[operator]
    except (ExpatError, ValueError):
        return "damaged"


def test_the_short_way_finds_what_the_long_way_finds(tmp_path: Path) -> None:
    """Our own template has formulas; damage makes it odd, or broken."""
    path = tmp_path / "single.xlsx"
    identity = AgencyIdentity(CODE, "机构1", "500103", "500103")
    write_flash_single(path, CATALOG, "2025-06", AgencyReport(identity))
    with ZipFile(path) as package:
        part = package.read("xl/worksheets/sheet2.xml")
    assert scanning._scan_ordinary(part)
    chance = random.Random(1)
    short_ways = 0
    for _ in range(MUTATIONS):
        changed = bytearray(part)
        for _ in range(chance.randint(0, 3)):
            changed[chance.randrange(len(changed))] = chance.choice(b"<>/ \"'=&!?:cfrvte1A")
        changed = bytes(changed)
        assert outcome(scan_sheet, changed) == outcome(scanning._scan, changed)
        short_ways += scanning._scan_ordinary(changed) is not None
    assert MUTATIONS / 4 < short_ways < MUTATIONS


@pytest.mark.parametrize(
    "prolog", ["", *(f'<?xml version="1.0" encoding="{x}"?>' for x in ENCODINGS)]
)
@pytest.mark.parametrize("kind", ["n", "e"])
@pytest.mark.parametrize("place", ["T", "F", "V", "C", "R", "S"])
def test_texts_decide_nothing_unless_something_is_wrong_with_them(
    prolog: str, kind: str, place: str
) -> None:
    """Sheets that differ in texts alone are searched only once."""
    rows = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>T</t></is></c><c r="B2" s="1"><f>F</f></c>'
        f'<c r="C2" t="{kind}"><v>V</v></c><c r="D2">C</c>R</row>S'
    )
    for text in (b"", b"1", *TEXTS):
        part = sheet(rows, prolog).replace(f">{place}<".encode(), b">%b<" % text)
        assert outcome(scan_sheet, part) == outcome(scanning._scan, part)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="3"><c r="A3"><f>1</f></c></row>',
        ' \n<row r="3"><c r="A3"><f>1</f></c></row>\n',
        '<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>',
        '<row r="3"><c r="XFE3"><v>1</v></c></row>',
        '<row r="3"><c r="XFD3"><v>1</v></c></row>',
        '<?xml version="1.0"?><row r="3"></row>',
        '<row r="3"><!-- </row><row r="4"> --></row>',
        '<row r="3"><c r="A3"><f>1</f></c>',
        "</row>",
        "</sheetData><sheetData></row>",
        '<row r="3"><row r="4"></row></row>',
        'x<row r="3"></row>',
        '<rows r="3"></row>',
        '<row r="3" r="4"></row>',
        '<x:row r="3"></x:row>',
    ],
)
def test_rows_searched_apart_are_a_sheet_searched_whole(row: str) -> None:
    """Whatever stands in one of them, and also where rows are all that there is."""
    others = [f'<row r="{number}"><c r="B{number}"><f>2</f></c></row>' for number in (1, 2, 5, 6)]
    for place in range(len(others) + 1):
        rows = "".join([*others[:place], row, *others[place:]])
        for part in (sheet(rows), rows.encode(), rows.removeprefix(others[0]).encode()):
            assert outcome(scan_sheet, part) == outcome(scanning._scan, part)
            found = [of_grid(find, part) for find in (scan_sheet, scanning._scan)]
            assert found[0] in (0, found[1])


def of_grid(find: Callable[[bytes], SheetScan], part: bytes) -> int:
    """Return the cells of the grid of a sheet; 0 of a damaged one."""
    try:
        return find(part).grid_cells
    except (ExpatError, ValueError):
        return 0


def test_a_far_cell_amid_rows_known_from_elsewhere() -> None:
    near = "".join(f'<row r="{number}"><c r="A{number}"/></row>' for number in range(1, 9))
    far = '<row r="9"><c r="XFD9"><v>1</v></c></row><row r="10"></row>'
    assert scan_sheet(sheet(near + far)).grid_cells == 9 * 16_384
