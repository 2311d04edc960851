"""Judges the bytes of a file before calamine sees them; runs in the worker.

Gates in order: size, magic bytes, members with their checksums or records, XML, the reach of the
sheets. calamine passes over most of these, and shows a cell with an error or an uncalculated
formula as an empty one: the last gate says where such cells are. What cells mean is decided
elsewhere.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipelines.intake import limits
from pipelines.intake.kinds import kind_of
from pipelines.intake.opendocument import is_encrypted, scan_content
from pipelines.intake.packages import Part, inflate, store
from pipelines.intake.scanning import DoctypeError, SheetScan, Unshowns, find_formatted

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
IS_ENCRYPTED = 0x1  # general purpose flag of a zip member
XML_MEMBER = re.compile(r"\.(xml|rels|vml|xsd|rdf)$")
OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[a-z]:|\0")  # a path out of the package
MACRO_MEMBER = re.compile(r"vbaproject|(^|/)macrosheets/|^(basic|scripts)/.")
OTHER_DOCUMENTS = {  # by a member that only they have
    "word/document.xml": "word_document",
    "ppt/presentation.xml": "not_a_workbook",
}
NamedSheet = tuple[str | None, Unshowns]  # the name, and what calamine does not show
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
WRITING = b"application/vnd.oasis.opendocument.text"
# What a damaged file raises; zipfile's NotImplementedError is an unknown compression.
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


class Admitted(NamedTuple):
    """A workbook that may be opened: what calamine is to open, and what it would not show.

    The content is what was judged, or the same members in a package that need not be inflated and
    checked again. Sheets stand in the workbook's order; those of an .xls have no name here.
    """

    content: bytes
    container: str  # xlsx, xlsm, xls or ods
    has_macros: bool
    epoch: int
    sheets: list[NamedSheet]


def admit(content: bytes) -> Admitted:
    """Return a workbook that calamine may open.

    Raises:
        RefusedError: empty, too_large, encrypted, damaged, unsafe_xml, unsafe_package, or what
            `kind_of` says a file is that is no workbook.
    """
    if not content:
        raise RefusedError("empty")
    if len(content) > limits.FILE_BYTES:
        raise RefusedError("too_large", f"{len(content)} bytes")
    try:
        if content.startswith(OLE):
            return _admit_ole(content)
        if content.startswith(ZIP):
            return _admit_package(content)
    except DoctypeError as error:
        raise RefusedError("unsafe_xml", repr(error)) from error
    except UNREADABLE as error:
        raise RefusedError("damaged", repr(error)) from error
    raise RefusedError(kind_of(content), repr(content[:16]))


def _admit_ole(content: bytes) -> Admitted:
    """Tell an old workbook from other documents and encrypted packages."""
    from pipelines.intake.biff import OleFile, scan_workbook

    file = OleFile(content)
    if file.holds("encryptedpackage", "drmencrypteddataspace"):
        raise RefusedError("encrypted")
    if not file.holds("workbook", "book"):
        is_word = file.holds("worddocument")
        raise RefusedError("word_document" if is_word else "not_a_workbook", " ".join(file.names))
    workbook = scan_workbook(file.read("workbook", "book"))
    if workbook.is_encrypted:
        raise RefusedError("encrypted", "FILEPASS")
    _judge_reach(workbook.sheets, len(content))
    has_macros = workbook.has_macro_sheets or file.holds("_vba_project_cur", "_vba_project")
    sheets: list[NamedSheet] = [(None, sheet.unshown) for sheet in workbook.sheets]
    return Admitted(content, "xls", has_macros, workbook.epoch, sheets)


def _admit_package(content: bytes) -> Admitted:
    """Check a package's members, and what they say."""
    parts = _inflate(content)
    folded = {name.casefold(): part for name, part in parts.items()}
    has_macros = any(map(MACRO_MEMBER.search, folded))
    if "content.xml" in folded:
        container = "ods"
        epoch, scans = _judge_document(folded)
        _judge_reach([scan for _, scan in scans], len(content))
        sheets: list[NamedSheet] = [(name, scan.unshown) for name, scan in scans]
    else:
        container = "xlsm" if has_macros else "xlsx"
        epoch, sheets = _judge_workbook(folded, len(content))
    return Admitted(store(parts) or content, container, has_macros, epoch, sheets)


def _judge_reach(sheets: Sequence[SheetScan], size_bytes: int) -> None:
    """Refuse sheets too many or too far reaching: calamine makes room for the whole grid."""
    if len(sheets) > limits.SHEETS:
        raise RefusedError("too_large", f"{len(sheets)} sheets")
    most_cells = limits.for_size(limits.WORKBOOK_CELLS, size_bytes)
    if sum(sheet.grid_cells for sheet in sheets) > most_cells:
        raise RefusedError("too_large", "reach of the sheets")


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
    for name, part in parts.items():
        if XML_MEMBER.search(name.casefold()) and part.has_doctype:
            raise RefusedError("unsafe_xml", name)
    return parts


def _judge_members(members: Sequence[ZipInfo]) -> None:
    """Check the names and flags of a package's members."""
    names = {member.filename.casefold() for member in members}
    if len(members) > limits.PACKAGE_MEMBERS:
        raise RefusedError("too_large", f"{len(members)} members")
    if len(names) < len(members):  # readers differ in which of the two they take
        raise RefusedError("unsafe_package", "two members of one name")
    if any(map(OUTSIDE.search, names)):
        raise RefusedError("unsafe_package", "a path out of the package")
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise RefusedError("encrypted")
    if any(name.endswith("workbook.bin") for name in names):
        raise RefusedError("unsupported_format", "xlsb")
    for name, kind in OTHER_DOCUMENTS.items():
        if name in names:
            raise RefusedError(kind, name)
    is_workbook = "content.xml" in names or any(name.endswith("workbook.xml") for name in names)
    if not is_workbook:
        raise RefusedError("archive_file", "zip without a workbook")


def _judge_document(parts: Mapping[str, Part]) -> tuple[int, list[tuple[str, SheetScan]]]:
    """Return epoch and sheets of an OpenDocument package; only spreadsheets are workbooks."""
    mimetype = parts["mimetype"].content.strip() if "mimetype" in parts else SPREADSHEET
    if not mimetype.startswith(SPREADSHEET):
        is_writing = mimetype.startswith(WRITING)
        raise RefusedError("word_document" if is_writing else "not_a_workbook", repr(mimetype[:80]))
    manifest = parts.get("meta-inf/manifest.xml")
    if manifest is not None and is_encrypted(manifest.content):
        raise RefusedError("encrypted", "manifest")
    return scan_content(parts["content.xml"].content)


def _judge_workbook(parts: Mapping[str, Part], size_bytes: int) -> tuple[int, list[NamedSheet]]:
    """Return the epoch of an Office Open XML workbook, and its sheets with their unshown cells.

    Parts are found by their names in lower case, as readers differ in how they tell names apart.
    """
    roots = _relationships(parts["_rels/.rels"], "/")
    workbook = dict(roots.values())["officeDocument"]
    folder, name = posixpath.split(workbook)
    of_workbook = f"{folder}/_rels/{name}.rels".lstrip("/").casefold()
    relationships = _relationships(parts[of_workbook], folder)
    formats: Mapping[str, str] = {}
    for kind, target in relationships.values():
        part = parts.get(target.lstrip("/").casefold())
        if part is None:
            continue  # a missing sheet is damage; what else is missing, calamine does without
        if kind == "sharedStrings" and part.claimed_texts > len(part.content):
            raise RefusedError("damaged", "more texts than bytes")
        if kind == "styles":
            formats = part.formats
    own = parts[workbook.lstrip("/").casefold()]
    sheets = {
        sheet_name: parts[relationships[relationship][1].lstrip("/").casefold()]
        for sheet_name, relationship in own.sheets
    }
    _judge_reach([part.scan for part in sheets.values()], size_bytes)
    return own.epoch, [
        (name, {**find_formatted(part.content, formats), **part.scan.unshown})
        for name, part in sheets.items()
    ]


def _relationships(part: Part, folder: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the target of each relationship within the package, by its id."""
    return {
        identifier: (kind, posixpath.normpath(posixpath.join(folder, target)))
        for identifier, kind, target in part.relationships
    }
