"""Judges the bytes of a file before calamine sees them; runs in the worker.

Gates in order: size, magic bytes, zip members with their checksums, XML of the sheets. calamine
passes over all of these, and shows a cell with an error or an uncalculated formula as an empty
one: the last gate says where such cells are. What cells mean is decided elsewhere.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Literal, NamedTuple
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from pipelines.intake import limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
IS_ENCRYPTED = 0x1  # general purpose flag of a zip member
CHUNK = 1024**2
# What a damaged package raises; zipfile's NotImplementedError is an unknown compression.
UNREADABLE = (
    BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    NotImplementedError,
)
ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,7})")

Position = tuple[int, int]  # row and column, from 1
StartHandler = Callable[[str, dict[str, str]], None]


class RefusedError(Exception):
    """The file is refused at a gate: the rule says why, the detail is for the log."""

    def __init__(self, rule_code: str, detail: str = "") -> None:
        super().__init__(f"{rule_code} {detail}".strip())
        self.rule_code = rule_code
        self.detail = detail


class Unshown(NamedTuple):
    """A cell that calamine shows as empty: an error, or a formula whose result may be missing."""

    kind: Literal["error", "formula"]
    text: str


def judge(content: bytes) -> dict[str, dict[Position, Unshown]]:
    """Return the unshown cells of each sheet, by sheet name; none for an old .xls.

    Raises:
        RefusedError: too_large, empty, encrypted, damaged, not_a_workbook, unsupported_format.
    """
    if not content:
        raise RefusedError("empty")
    if len(content) > limits.FILE_BYTES:
        raise RefusedError("too_large", f"{len(content)} bytes")
    if content.startswith(OLE):
        _judge_ole(content)
        return {}
    if not content.startswith(ZIP):
        raise RefusedError("not_a_workbook", repr(content[:16]))
    try:
        with ZipFile(BytesIO(content)) as package:
            _judge_members(package)
            parts = _sheet_parts(package)
            return {name: _find_unshown(package, part) for name, part in parts.items()}
    except UNREADABLE as error:
        raise RefusedError("damaged", repr(error)) from error


def _judge_ole(content: bytes) -> None:
    """Tell an encrypted package and other documents from an old .xls."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise RefusedError("encrypted")
    if not any(map(holds, ("Workbook", "WORKBOOK", "Book", "BOOK"))):
        raise RefusedError("not_a_workbook", "OLE without a workbook")


def _judge_members(package: ZipFile) -> None:
    """Check names and flags, then inflate every member: checksums and true sizes."""
    members = package.infolist()
    names = {member.filename.casefold() for member in members}
    if len(members) > limits.PACKAGE_MEMBERS:
        raise RefusedError("too_large", f"{len(members)} members")
    if len(names) < len(members):  # readers differ in which of the two they take
        raise RefusedError("damaged", "two members of one name")
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise RefusedError("encrypted")
    if any(name.endswith("workbook.bin") or name == "content.xml" for name in names):
        raise RefusedError("unsupported_format")
    if not any(name.endswith("workbook.xml") for name in names):
        raise RefusedError("not_a_workbook", "zip without a workbook")
    inflated = 0
    for member in members:
        with package.open(member) as stream:  # reading to the end checks the CRC
            while chunk := stream.read(CHUNK):
                inflated += len(chunk)
                if inflated > limits.INFLATED_BYTES:
                    raise RefusedError("too_large", "inflated size")


def _sheet_parts(package: ZipFile) -> dict[str, str]:
    """Return which part of the package each sheet is, by sheet name."""
    members = {member.casefold(): member for member in package.namelist()}
    roots = _relationships(package, members["_rels/.rels"], "/")
    workbook = dict(roots.values())["officeDocument"]
    folder, name = posixpath.split(workbook)
    relationships = _relationships(
        package, members[f"{folder}/_rels/{name}.rels".lstrip("/").casefold()], folder
    )
    parts: dict[str, str] = {}

    def on_start(element: str, attributes: dict[str, str]) -> None:
        if element.endswith(" sheet"):
            local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
            _, target = relationships[local["id"]]
            parts[attributes["name"]] = members[target.lstrip("/").casefold()]

    _parse(package, members[workbook.lstrip("/").casefold()], on_start)
    return parts


def _relationships(package: ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the target of each relationship within the package, by its id."""
    found: dict[str, tuple[str, str]] = {}

    def on_start(element: str, attributes: dict[str, str]) -> None:
        if element.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join(folder, attributes["Target"]))
            found[attributes["Id"]] = attributes["Type"].rsplit("/", 1)[-1], target

    _parse(package, part, on_start)
    return found


def _find_unshown(package: ZipFile, part: str) -> dict[Position, Unshown]:
    """Return the cells of a sheet that hold an error or a formula without a text result."""
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

    parser = _new_parser(on_start)
    with package.open(part) as stream:
        parser.ParseFile(stream)
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


def _parse(package: ZipFile, part: str, on_start: StartHandler) -> None:
    """Run an XML part through a handler of start tags."""
    with package.open(part) as stream:
        _new_parser(on_start).ParseFile(stream)


def _new_parser(on_start: StartHandler) -> expat.XMLParserType:
    """Return a parser that names elements as `namespace local` and refuses a DOCTYPE."""

    def on_doctype(*_: object) -> None:
        raise RefusedError("damaged", "DOCTYPE")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = on_doctype
    return parser
