"""Judges the bytes of a file before calamine sees them; runs in the worker.

Gates in order: size, magic bytes, zip members with their checksums, XML of the sheets. calamine
passes over all of these, and shows a cell with an error or an uncalculated formula as an empty
one: the last gate says where such cells are. What cells mean is decided elsewhere.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipelines.intake import limits
from pipelines.intake.packages import Part, inflate, store
from pipelines.intake.scanning import Position, Unshown

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
IS_ENCRYPTED = 0x1  # general purpose flag of a zip member
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


class RefusedError(Exception):
    """The file is refused at a gate: the rule says why, the detail is for the log."""

    def __init__(self, rule_code: str, detail: str = "") -> None:
        super().__init__(f"{rule_code} {detail}".strip())
        self.rule_code = rule_code
        self.detail = detail


def judge(content: bytes) -> dict[str, dict[Position, Unshown]]:
    """Return the unshown cells of each sheet, by sheet name; none for an old .xls.

    Raises:
        RefusedError: as `admit` does.
    """
    return admit(content)[1]


def admit(content: bytes) -> tuple[bytes, dict[str, dict[Position, Unshown]]]:
    """Return what calamine is to open, and what `judge` does.

    That is the content; an ordinary package need not be inflated and checked a second time.

    Raises:
        RefusedError: too_large, empty, encrypted, damaged, not_a_workbook, unsupported_format.
    """
    if not content:
        raise RefusedError("empty")
    if len(content) > limits.FILE_BYTES:
        raise RefusedError("too_large", f"{len(content)} bytes")
    if content.startswith(OLE):
        _judge_ole(content)
        return content, {}
    if not content.startswith(ZIP):
        raise RefusedError("not_a_workbook", repr(content[:16]))
    try:
        parts = _inflate(content)
        sheets = _sheet_parts({name.casefold(): part for name, part in parts.items()})
        unshown = {name: part.unshown for name, part in sheets.items()}
        return store(parts) or content, unshown
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


def _inflate(content: bytes) -> dict[str, Part]:
    """Check names, flags, checksums and true sizes of a package; return its parts by name."""
    with ZipFile(BytesIO(content)) as package:
        members = package.infolist()
        _judge_members(members)
        parts: dict[str, Part] = {}
        room = int(limits.for_size(limits.INFLATED_BYTES, len(content)))
        for member in members:
            part = inflate(package, content, member, room)
            room -= part.size
            if room < 0:
                raise RefusedError("too_large", "inflated size")
            parts[member.filename] = part
        return parts


def _judge_members(members: Sequence[ZipInfo]) -> None:
    """Check the names and flags of a package's members."""
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


def _sheet_parts(parts: Mapping[str, Part]) -> dict[str, Part]:
    """Return the part that each sheet is, by sheet name.

    Parts are found by their names in lower case, as readers differ in how they tell names apart.
    """
    roots = _relationships(parts["_rels/.rels"], "/")
    workbook = dict(roots.values())["officeDocument"]
    folder, name = posixpath.split(workbook)
    of_workbook = f"{folder}/_rels/{name}.rels".lstrip("/").casefold()
    relationships = _relationships(parts[of_workbook], folder)
    sheets: dict[str, Part] = {}
    for sheet_name, relationship in parts[workbook.lstrip("/").casefold()].sheets:
        _, target = relationships[relationship]
        sheets[sheet_name] = parts[target.lstrip("/").casefold()]
    return sheets


def _relationships(part: Part, folder: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the target of each relationship within the package, by its id."""
    return {
        identifier: (kind, posixpath.normpath(posixpath.join(folder, target)))
        for identifier, kind, target in part.relationships
    }
