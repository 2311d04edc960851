from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from pipelines.intake.packages import SMALL, Part, inflate, store

SHEET = b"<worksheet><sheetData/></worksheet>" * 40
NAME = "xl/工作表.xml"


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", method) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return package.getvalue()


def parts_of(content: bytes, most: int = 1024**2) -> dict[str, Part]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            member.filename: inflate(package, content, member, most)
            for member in package.infolist()
        }


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
def test_parts_are_what_zipfile_reads(method: int) -> None:
    members = {NAME: SHEET, "empty": b"", "large": bytes(SMALL + 1)}
    parts = parts_of(packed(members, method))
    assert {name: part.content for name, part in parts.items()} == members


def test_equal_members_are_one_part() -> None:
    first = parts_of(packed({"a": SHEET, "b": SHEET[:35]}))
    second = parts_of(packed({"c": SHEET, "d": SHEET[:70]}))
    assert first["a"] is second["c"]
    assert first["b"] is not second["d"]


def test_a_large_member_is_not_inflated_to_its_end() -> None:
    most = 3 * SMALL
    part = parts_of(packed({"bomb": bytes(100 * 1024**2)}), most)["bomb"]
    assert most < len(part.content) < 2 * 1024**2


def test_a_stored_package_holds_the_same() -> None:
    members = {NAME: SHEET, "empty": b"", "b": b"<b/>"}
    stored = store(parts_of(packed(members)))
    assert stored is not None
    with zipfile.ZipFile(io.BytesIO(stored)) as package:
        assert package.testzip() is None
        assert {name: package.read(name) for name in package.namelist()} == members
        assert {member.compress_type for member in package.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize(
    "odd", [packed({"a": SHEET}, zipfile.ZIP_STORED), packed({"a": SHEET, "b": bytes(SMALL + 1)})]
)
def test_other_packages_are_not_stored(odd: bytes) -> None:
    assert store(parts_of(odd)) is None


def changed(content: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    position = content.index(signature) + offset
    return content[:position] + value + content[position + len(value) :]


@pytest.mark.parametrize("declared", [len(SHEET) - 1, len(SHEET) + 1])
def test_a_wrong_size_is_not_passed_on(declared: int) -> None:
    """As with zipfile, what comes out counts so long as its checksum is right."""
    entry = b"PK\x01\x02"
    content = changed(packed({"a": SHEET}), entry, 24, struct.pack("<I", declared))
    if declared < len(SHEET):
        with pytest.raises(zipfile.BadZipFile):
            parts_of(content)
        checksum = struct.pack("<I", zlib.crc32(SHEET[:declared]))
        content = changed(content, entry, 16, checksum)
    parts = parts_of(content)
    assert parts["a"].content == SHEET[:declared]
    assert store(parts) is None


@pytest.mark.parametrize(
    ("signature", "offset"),
    [(b"PK\x03\x04", 0), (b"PK\x03\x04", 30), (b"PK\x01\x02", 16), (b"PK\x01\x02", 42)],
)
def test_headers_that_disagree_are_damage(signature: bytes, offset: int) -> None:
    content = packed({"a": SHEET})
    position = content.index(signature) + offset
    spoiled = changed(content, signature, offset, bytes([content[position] ^ 1]))
    with pytest.raises(zipfile.BadZipFile):
        parts_of(spoiled)
