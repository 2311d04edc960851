"""XML parts of a package: that they are sound, and what calamine would not show of their cells.

Sheets go through expat whole, which is fast so long as no Python code hears of each element. So a
sheet written as Excel, WPS and openpyxl write it is searched as bytes for formulas; only one that
is odd in any way is searched element by element. What is found in such a sheet does not depend on
the texts and numbers between its tags: rows of one template are searched once for all agencies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple
from xml.parsers import expat

from pipelines.intake import limits

Position = tuple[int, int]  # row and column, from 1
StartHandler = Callable[[str, dict[str, str]], None]
TextHandler = Callable[[str], None]

ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,7})")

# In well-formed UTF-8 without comments, CDATA and instructions every `<` begins a tag. A sheet is
# ordinary if its cells say address, style and type in this order, without prefix, and no error.
HEAD = re.compile(
    rb'(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")? ?\?>\s*)?'
    rb"<[A-Za-z]"
)
ODD_TAGS = (  # each apart, as patterns that begin with more fixed letters are found faster
    re.compile(rb":(?:c|f|row)[\s/>]"),
    re.compile(rb'<row(?=[\s/>])(?! r="[0-9]{1,7}"[ />])'),
)
ODD_CELL = (
    rb'<c(?=[\s/>])(?! r="[A-Z]{1,%d}[0-9]{1,%d}"(?: s="[0-9]+")?'
    rb'(?: t="(?:n|b|d|s|str|inlineStr)")? ?/?>)'
)
ODD_ANYWHERE = re.compile(ODD_CELL % (3, 7))
ODD_NEARBY = re.compile(ODD_CELL % (2, 4))  # so near that the grid up to there is no burden
FAR = re.compile(rb'<c r="([A-Z]{3}|[A-Z]{1,2}(?=[0-9]{5}))([0-9]+)"[^>]*(?<!/)>(?!</c>)')
FORMULA = re.compile(rb"<f[\s/>]")
CELL = re.compile(
    rb'<c r="(?P<letters>[A-Z]+)(?P<row>[0-9]+)"(?: s="[0-9]+")?(?: t="(?P<kind>[A-Za-z]+)")? ?>\s*'
)
# What stands right before an end tag, as far as nothing can be wrong with it.
SOUND_TEXT = re.compile(">[^<>&\x00-\x1f\ufffe\uffff]+</")
SMALL = 32 * 1024  # bytes: of larger sheets few rows are alike, and they would fill the memory
REMEMBERED = 2_048
ROW_END, WHITE = b"</row>", b" \t\r\n"


class Unshown(NamedTuple):
    """What calamine does not show of a cell.

    That it holds an error, a formula whose result may be missing, or a number that its format shows
    otherwise; the text is the error or the format.
    """

    kind: Literal["error", "formula", "formatted"]
    text: str


Unshowns = dict[Position, Unshown]


class SheetScan(NamedTuple):
    """What was found in a sheet, and the cells of the grid that calamine lays out for it.

    The grid reaches from A1 to the last filled cells; it may be 0 where all of these are near.
    """

    unshown: Unshowns
    grid_cells: int = 0


class DoctypeError(ValueError):
    """A part has a DOCTYPE, which no workbook needs and entity bombs do."""


def scan_sheet(part: bytes) -> SheetScan:
    """Return the cells of a sheet that hold an error or a formula without a text result.

    Raises:
        ExpatError: the part is not well-formed.
        ValueError: it has a DOCTYPE, or an address outside the grid.
    """
    scan = _scan_rows(_without_texts(part)) if len(part) <= SMALL else _scan_sound(part)
    return _scan(part) if scan is None else scan


def find_formatted(part: bytes, formats: Mapping[str, str]) -> Unshowns:
    """Return the filled cells of a sheet that have one of these styles, with its format."""
    found: Unshowns = {}
    if not formats:
        return found
    row = column = 0
    style = ""

    def on_start(element: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, style
        if element.endswith(" c"):
            row, column = _position(attributes.get("r"), (row, column + 1))
            style = attributes.get("s", "0")
        elif element.endswith(" v"):
            if style in formats:
                found[row, column] = Unshown("formatted", formats[style])
        elif element.endswith(" row"):
            row, column = int(attributes.get("r", row + 1)), 0

    parse(part, on_start)
    return found


def find_root(part: bytes) -> tuple[str, dict[str, str]]:
    """Return the name and the attributes of a part's first element; the part is read whole."""
    found: list[tuple[str, dict[str, str]]] = []

    def on_start(element: str, attributes: dict[str, str]) -> None:
        found.append((element, attributes))
        parser.StartElementHandler = None

    parser = _new_parser()
    parser.StartElementHandler = on_start
    parser.Parse(part, True)
    return found[0]


def has_doctype(part: bytes) -> bool:
    """Return whether a part has a DOCTYPE, which may only stand before the first element."""
    if HEAD.match(part):
        return False
    try:
        parse(part, None)
    except DoctypeError:
        return True
    except expat.ExpatError:  # a drawing of old, or damage that is found where the part is read
        pass
    return False


def parse(
    part: bytes,
    on_start: StartHandler | None,
    on_end: TextHandler | None = None,
    on_text: TextHandler | None = None,
) -> None:
    """Run an XML part through handlers of start tags, end tags (named `namespace local`) and text.

    Raises:
        ExpatError: the part is not well-formed.
        DoctypeError: it has a DOCTYPE.
    """
    parser = _new_parser()
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = on_text
    parser.Parse(part, True)


def _without_texts(part: bytes) -> bytes:
    """Return a sheet without texts and numbers; one in another encoding than UTF-8 as it is."""
    try:
        return SOUND_TEXT.sub("></", part.decode()).encode()
    except UnicodeDecodeError:
        return part


def _scan_sound(part: bytes) -> SheetScan | None:
    """Return what `scan_sheet` does; None if the sheet is odd or not well-formed."""
    scan = _scan_ordinary(part)
    if scan is not None:
        try:
            parse(part, None)
        except expat.ExpatError:
            return None
    return scan


_scan_alike = lru_cache(REMEMBERED)(_scan_sound)


def _scan_rows(part: bytes) -> SheetScan | None:
    """Return what `_scan_sound` does, of a sheet whose rows mostly stood in other sheets, too.

    A sheet is well-formed if it is without all rows but the first, and each of these is.
    """
    first, *rows = part.split(ROW_END)
    if len(rows) <= 1 or not rows[-1].strip():
        return _scan_alike(part)
    scan = _scan_alike(first + ROW_END + rows.pop())
    if scan is None:
        return None
    unshown = scan.unshown
    for row in rows:
        of_row = _scan_row(row)
        if of_row is None or of_row.grid_cells:
            return _scan_sound(part)
        if of_row.unshown:
            unshown = unshown | of_row.unshown
    return SheetScan(unshown, scan.grid_cells)


@lru_cache(REMEMBERED)
def _scan_row(row: bytes) -> SheetScan | None:
    """Return what `_scan_sound` does, of a row without its end tag."""
    row = row.lstrip(WHITE)
    return _scan_sound(row + ROW_END) if row.startswith(b"<row") else None


def _scan_ordinary(part: bytes) -> SheetScan | None:
    """Return what `scan_sheet` does; None if the sheet is odd."""
    head = HEAD.match(part)
    if head is None:
        return None
    start = head.end() - len("<x")
    if any(mark in part and part.find(b"<" + mark, start) >= 0 for mark in (b"!", b"?")):
        return None
    if any(odd.search(part, start) for odd in ODD_TAGS):
        return None
    grid = _Grid()
    if ODD_NEARBY.search(part, start):
        if ODD_ANYWHERE.search(part, start):
            return None
        for far in FAR.finditer(part, start):
            grid.add(int(far[2]), _column(far[1].decode()))
    formulas: Unshowns = {}
    for formula in FORMULA.finditer(part, start):
        cell = CELL.fullmatch(part, part.rfind(b"<c ", start, formula.start()), formula.start())
        if cell is None:
            return None
        if cell["kind"] != b"str":
            position = int(cell["row"]), _column(cell["letters"].decode())
            formulas[position] = Unshown("formula", "")
    return SheetScan(formulas, grid.rows * grid.columns)


def _scan(part: bytes) -> SheetScan:
    """Return what `scan_sheet` does, whatever the writer's habits."""
    found: Unshowns = {}
    grid = _Grid()
    row = column = 0
    kind: str | None = None

    def on_start(element: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind
        if element.endswith(" c"):
            row, column = _position(attributes.get("r"), (row, column + 1))
            kind = attributes.get("t")
            if kind == "e":
                found[row, column] = Unshown("error", "")
        elif element.endswith(" f"):
            if kind not in ("e", "str"):
                found[row, column] = Unshown("formula", "")
        elif element.endswith((" v", " is")):
            grid.add(row, column)
            if kind == "e":
                parser.CharacterDataHandler = on_text
                parser.EndElementHandler = on_end
        elif element.endswith(" row"):
            row, column = int(attributes.get("r", row + 1)), 0

    def on_text(text: str) -> None:
        found[row, column] = Unshown("error", found[row, column].text + text)

    def on_end(_: str) -> None:
        parser.CharacterDataHandler = parser.EndElementHandler = None

    parser = _new_parser()
    parser.StartElementHandler = on_start
    parser.Parse(part, True)
    return SheetScan(found, grid.rows * grid.columns)


class _Grid:
    """How far filled cells reach; a place outside Excel's own grid is an error."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0

    def add(self, row: int, column: int) -> None:
        """Take in a filled cell."""
        if not (1 <= row <= limits.SHEET_ROWS and 1 <= column <= limits.SHEET_COLUMNS):
            raise ValueError(f"outside the grid: row {row}, column {column}")
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)


def _position(address: str | None, following: Position) -> Position:
    """Return the position an address names; cells without one follow each other."""
    if address is None:
        return following
    match = ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(f"not a cell address: {address[:20]}")
    return int(match[2]), _column(match[1])


@cache
def _column(letters: str) -> int:
    """Return the number of a column: 1 for A."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _new_parser() -> expat.XMLParserType:
    """Return a parser that names elements as `namespace local` and refuses a DOCTYPE."""

    def on_doctype(*_: object) -> None:
        raise DoctypeError("DOCTYPE")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = on_doctype
    return parser
