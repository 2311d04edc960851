"""OpenDocument spreadsheets (.ods) for the intake's tests, as LibreOffice writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style", "manifest")
)
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MANIFEST = f'<manifest:manifest {NAMESPACES}><manifest:file-entry manifest:full-path="/"/>'


def open_book(
    sheets: Mapping[str, Sequence[Sequence[object]]], members: Mapping[str, bytes] | None = None
) -> bytes:
    """An .ods with these sheets; blanks are repeated to the end of the grid."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_row, rows))}"
        f'<table:table-row table:number-rows-repeated="{LAST_ROW - len(rows)}">'
        f'<table:table-cell table:number-columns-repeated="{LAST_COLUMN}"/></table:table-row>'
        "</table:table>"
        for name, rows in sheets.items()
    )
    return pack(tables, members)


def pack(
    tables: str, members: Mapping[str, bytes] | None = None, mimetype: str = SPREADSHEET
) -> bytes:
    """An OpenDocument package with this XML of tables and further members."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<office:document-content {NAMESPACES} {CALCEXT}><office:body><office:spreadsheet>"
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    own = {
        "content.xml": content.encode(),
        "META-INF/manifest.xml": f"{MANIFEST}</manifest:manifest>".encode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, data in {**own, **(members or {})}.items():
            package.writestr(name, data)
    return packed.getvalue()


def _row(row: Sequence[object]) -> str:
    cells = "".join(map(_cell, row))
    blanks = f'<table:table-cell table:number-columns-repeated="{LAST_COLUMN - len(row)}"/>'
    return f"<table:table-row>{cells}{blanks}</table:table-row>"


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        kind, text = 'office:value-type="string"', escape(value)
    else:
        kind, text = f'office:value-type="float" office:value="{value}"', str(value)
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"
