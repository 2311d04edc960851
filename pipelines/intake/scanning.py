"""XML parts of a package: that they are sound, and which cells calamine would show as empty.

Every part goes through expat whole, which is fast so long as no Python code hears of each element.
So a sheet written as Excel, WPS and openpyxl write it is searched as bytes for formulas; only one
that is odd in any way is searched element by element.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple
from xml.parsers import expat

Position = tuple[int, int]  # row and column, from 1
StartHandler = Callable[[str, dict[str, str]], None]

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
    re.compile(
        rb'<c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?'
        rb'(?: t="(?:n|b|d|s|str|inlineStr)")? ?/?>)'
    ),
)
FORMULA = re.compile(rb"<f[\s/>]")
CELL = re.compile(
    rb'<c r="(?P<letters>[A-Z]+)(?P<row>[0-9]+)"(?: s="[0-9]+")?(?: t="(?P<kind>[A-Za-z]+)")? ?>\s*'
)


class Unshown(NamedTuple):
    """A cell that calamine shows as empty: an error, or a formula whose result may be missing."""

    kind: Literal["error", "formula"]
    text: str


def find_unshown(part: bytes) -> dict[Position, Unshown]:
    """Return the cells of a sheet that hold an error or a formula without a text result.

    Raises:
        ExpatError: the part is not well-formed.
        ValueError: it has a DOCTYPE, or an address that is none.
    """
    formulas = _ordinary_formulas(part)
    if formulas is None:
        return _scan(part)
    parse(part, None)
    return {position: Unshown("formula", "") for position in formulas}


def parse(part: bytes, on_start: StartHandler | None) -> None:
    """Run an XML part through a handler of start tags, named `namespace local`.

    Raises:
        ExpatError: the part is not well-formed.
        ValueError: it has a DOCTYPE.
    """
    parser = _new_parser()
    parser.StartElementHandler = on_start
    parser.Parse(part, True)


def _ordinary_formulas(part: bytes) -> list[Position] | None:
    """Return the cells that hold a formula without a text result; None if the sheet is odd."""
    head = HEAD.match(part)
    if head is None:
        return None
    start = head.end() - len("<x")
    if any(mark in part and part.find(b"<" + mark, start) >= 0 for mark in (b"!", b"?")):
        return None
    if any(odd.search(part, start) for odd in ODD_TAGS):
        return None
    formulas = []
    for formula in FORMULA.finditer(part, start):
        cell = CELL.fullmatch(part, part.rfind(b"<c ", start, formula.start()), formula.start())
        if cell is None:
            return None
        if cell["kind"] != b"str":
            formulas.append((int(cell["row"]), _column(cell["letters"].decode())))
    return formulas


def _scan(part: bytes) -> dict[Position, Unshown]:
    """Return the unshown cells of a sheet, whatever its writer's habits."""
    found: dict[Position, Unshown] = {}
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
        elif element.endswith(" v"):
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
    return found


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
        raise ValueError("DOCTYPE")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = on_doctype
    return parser
