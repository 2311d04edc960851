"""Takes a package (the zip that an .xlsx is) apart, and tells what its XML parts say.

What follows from it for the file is decided in `gates`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pipelines.intake.formats import PERCENT_FORMATS, shows_otherwise
from pipelines.intake.scanning import SheetScan, find_root, has_doctype, parse, scan_sheet

CHUNK = 1024**2
# Styles, theme and lists recur byte for byte in every workbook of a template.
SMALL = 64 * 1024
LARGE = 32 * CHUNK
REMEMBERED = 64
VERSION = 20
NAME_IN_UTF8 = 0x800
FIRST_DAY = 0x21  # 1980-01-01
LOCAL_HEADER = struct.Struct("<4s22x2H")  # signature, lengths of name and extra field
SIGNATURE = b"PK\x03\x04"
# Headers of members and entries share all from the version needed to the length of the name.
COMMON = struct.Struct("<5H3IH")
OF_ENTRY = b"PK\x01\x02" + VERSION.to_bytes(2, "little")
END = struct.Struct("<4s4H2IH")
OF_END = b"PK\x05\x06"
ORDINARY_FLAGS = 0x080E  # how hard it was compressed, sizes afterwards, name in UTF-8


class Part:
    """A member of a package; what it says is found once, however many packages hold it."""

    def __init__(self, content: bytes, checksum: int | None = None) -> None:
        self._content = content
        self.size = len(content)
        self.checksum = checksum  # of an ordinary member: in it no two readers can differ

    @property
    def content(self) -> bytes:
        """The bytes of the member."""
        return self._content

    @cached_property
    def scan(self) -> SheetScan:
        """What `scan_sheet` finds in a sheet."""
        return scan_sheet(self.content)

    @cached_property
    def has_doctype(self) -> bool:
        """Whether an XML part has a DOCTYPE."""
        return has_doctype(self.content)

    @cached_property
    def epoch(self) -> int:
        """The year from which a workbook counts the days of dates: 1900 or 1904."""
        found: list[int] = []

        def on_start(element: str, attributes: dict[str, str]) -> None:
            if element.endswith(" workbookPr"):
                found.append(1904 if attributes.get("date1904") in ("1", "true") else 1900)

        parse(self.content, on_start)
        return found[0] if found else 1900

    @cached_property
    def formats(self) -> dict[str, str]:
        """The formats that show something else than is stored, by the style of a cell."""
        codes = {str(number): code for number, code in PERCENT_FORMATS.items()}
        styles: list[str] = []
        is_within = False

        def on_start(element: str, attributes: dict[str, str]) -> None:
            nonlocal is_within
            if element.endswith(" numFmt"):
                codes[attributes["numFmtId"]] = attributes["formatCode"]
            elif element.endswith(" xf") and is_within:
                styles.append(attributes.get("numFmtId", "0"))
            elif element.endswith(("Xfs", " cellStyles", " dxfs")):
                is_within = element.endswith(" cellXfs")

        parse(self.content, on_start)
        return {
            str(style): codes[number]
            for style, number in enumerate(styles)
            if number in codes and shows_otherwise(codes[number])
        }

    @cached_property
    def claimed_texts(self) -> int:
        """How many texts a list of shared ones says it has: calamine makes room for so many."""
        _, attributes = find_root(self.content)
        return int(attributes.get("uniqueCount", 0))

    @cached_property
    def sheets(self) -> list[tuple[str, str]]:
        """Name and relationship of each sheet of a workbook."""
        found: list[tuple[str, str]] = []

        def on_start(element: str, attributes: dict[str, str]) -> None:
            if element.endswith(" sheet"):
                local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
                found.append((attributes["name"], local["id"]))

        parse(self.content, on_start)
        return found

    @cached_property
    def relationships(self) -> list[tuple[str, str, str]]:
        """Id, kind and target of each relationship within the package."""
        found: list[tuple[str, str, str]] = []

        def on_start(element: str, attributes: dict[str, str]) -> None:
            if element.endswith(" Relationship") and attributes.get("TargetMode") != "External":
                kind = attributes["Type"].rsplit("/", 1)[-1]
                found.append((attributes["Id"], kind, attributes["Target"]))

        parse(self.content, on_start)
        return found


class LargePart(Part):
    """A member too large for all of its kind to be kept: it is inflated anew for each look."""

    def __init__(self, package: bytes, member: ZipInfo, size: int) -> None:
        super().__init__(b"")
        self.size = size
        self._package = package
        self._member = member

    @property
    def content(self) -> bytes:
        """The bytes of the member."""
        with ZipFile(BytesIO(self._package)) as package:
            return package.read(self._member)


def inflate(package: ZipFile, content: bytes, member: ZipInfo, most: int) -> Part:
    """Return a member; of one larger than `most` bytes, only so much that this is seen.

    Raises:
        BadZipFile: the checksum is wrong; zipfile raises other errors for other damage.
    """
    deflated = _small_member(content, member)
    if deflated is not None:
        return _inflate_small(deflated, member.file_size, member.CRC)
    chunks: list[bytes] = []
    size = 0
    with package.open(member) as stream:  # reading to the end checks the CRC
        while size <= most and (chunk := stream.read(CHUNK)):
            size += len(chunk)
            if size <= LARGE:
                chunks.append(chunk)
            else:
                chunks.clear()
    return Part(b"".join(chunks)) if size <= LARGE else LargePart(content, member, size)


def store(parts: Mapping[str, Part]) -> bytes | None:
    """Return a package of these parts, not compressed; None unless all were ordinary members."""
    members: list[bytes] = []
    directory: list[bytes] = []
    position = 0
    for name, part in parts.items():
        if part.checksum is None:
            return None
        encoded, size = name.encode(), len(part.content)
        common = COMMON.pack(
            VERSION, NAME_IN_UTF8, ZIP_STORED, 0, FIRST_DAY, part.checksum, size, size, len(encoded)
        )
        member = SIGNATURE + common + bytes(2) + encoded + part.content
        entry = OF_ENTRY + common + bytes(12) + position.to_bytes(4, "little") + encoded
        members.append(member)
        directory.append(entry)
        position += len(member)
    entries = b"".join(directory)
    end = END.pack(OF_END, 0, 0, len(parts), len(parts), len(entries), position, 0)
    return b"".join([*members, entries, end])


def _small_member(content: bytes, member: ZipInfo) -> bytes | None:
    """Return the deflated bytes of a small member; None if zipfile has to look at it."""
    is_ordinary = member.compress_type == ZIP_DEFLATED and not member.flag_bits & ~ORDINARY_FLAGS
    if not (is_ordinary and member.file_size <= SMALL and member.compress_size <= SMALL):
        return None
    name_start = member.header_offset + LOCAL_HEADER.size
    header = content[member.header_offset : name_start]
    if len(header) < LOCAL_HEADER.size:
        return None
    signature, name_length, extra_length = LOCAL_HEADER.unpack(header)
    name_end = name_start + name_length
    if signature != SIGNATURE or content[name_start:name_end] != member.filename.encode():
        return None
    start = name_end + extra_length
    return content[start : start + member.compress_size]


@lru_cache(REMEMBERED)
def _inflate_small(deflated: bytes, size: int, checksum: int) -> Part:
    """Return a part of at most `size` bytes, which may be that of an earlier package."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflater.decompress(deflated, size + 1)
    content = inflated[:size]
    if zlib.crc32(content) != checksum:
        raise BadZipFile("wrong checksum")
    is_as_declared = inflater.eof and len(inflated) == size
    return Part(content, checksum if is_as_declared else None)
