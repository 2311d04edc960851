from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from pipelines.intake import limits, packages
from pipelines.intake.gates import OLE, Admitted, RefusedError, admit
from pipelines.intake.scanning import Unshown, Unshowns
from tests.intake.books import save, single
from tests.intake.old_books import old_book, ole

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return save(single(), tmp_path_factory.mktemp("good") / "good.xlsx").read_bytes()


def repacked(
    content: bytes, changes: dict[str, bytes | None], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Replace, add or (None) drop members of a package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", method) as new:
        members = {name: old.read(name) for name in old.namelist()} | changes
        for name, data in members.items():
            if data is not None:
                new.writestr(name, data)
    return packed.getvalue()


def judge(content: bytes) -> dict[str | None, Unshowns]:
    return dict(admit(content).sheets)


def rule(content: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        admit(content)
    return refused.value.rule_code


def test_a_good_workbook_passes(good: bytes) -> None:
    assert judge(good) == {name: {} for name in single()}


def test_an_old_workbook_passes_as_it_is() -> None:
    content = old_book(single())
    assert admit(content) == Admitted(content, "xls", False, 1900, [(None, {})] * len(single()))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"%PDF-1.7", "pdf_file"),
        ("统一社会信用代码,报告期\n".encode("gb18030"), "text_file"),
        (b"PK\x03\x04 and no more", "damaged"),
        (ole({"EncryptedPackage": b""}), "encrypted"),
        (ole({"WordDocument": b""}), "word_document"),
        (OLE + bytes(600) + "Workbook".encode("utf-16-le"), "damaged"),
    ],
)
def test_other_files_are_told_by_their_first_bytes(content: bytes, expected: str) -> None:
    assert rule(content) == expected


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_package_is_damaged(good: bytes, share: float) -> None:
    assert rule(good[: int(len(good) * share)]) == "damaged"


def test_a_digit_changed_under_its_checksum_is_found(good: bytes) -> None:
    stored = repacked(good, {}, zipfile.ZIP_STORED)
    assert stored.count(b"<v>1210</v>") == 1
    assert rule(stored.replace(b"<v>1210</v>", b"<v>9210</v>")) == "damaged"


def test_a_package_without_a_workbook(good: bytes) -> None:
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w") as package:
        package.writestr("快报.xlsx", good)
    assert rule(nested.getvalue()) == "archive_file"


def test_the_binary_format_is_named(good: bytes) -> None:
    binary = repacked(good, {"xl/workbook.xml": None, "xl/workbook.bin": b"x"})
    assert rule(binary) == "unsupported_format"


def test_a_locked_member_is_encrypted(good: bytes) -> None:
    locked = bytearray(good)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = locked.find(signature) + offset
        locked[position : position + 2] = struct.pack("<H", 1)
    assert rule(bytes(locked)) == "encrypted"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/Workbook.XML"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_unsafe(good: bytes, name: str) -> None:
    packed = io.BytesIO(good)
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr(name, b"<workbook/>")
    assert rule(packed.getvalue()) == "unsafe_package"


def test_a_document_type_is_refused(good: bytes) -> None:
    bomb = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet xmlns="%b"/>' % MAIN.encode()
    assert rule(repacked(good, {"xl/worksheets/sheet1.xml": bomb})) == "unsafe_xml"
    wide = bomb.decode().encode("utf-16")
    assert rule(repacked(good, {"xl/worksheets/sheet1.xml": wide})) == "unsafe_xml"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/worksheets/sheet1.xml", None),
        ("xl/worksheets/sheet1.xml", b"<worksheet><row>"),
        ("xl/worksheets/sheet1.xml", b'<worksheet xmlns="%b"><c r="1A"/></worksheet>'),
        ("xl/worksheets/sheet1.xml", b'<worksheet xmlns="%b"><row r="one"/></worksheet>'),
        ("xl/_rels/workbook.xml.rels", None),
        ("_rels/.rels", b'<Relationships xmlns="x"/>'),
    ],
)
def test_broken_parts_are_damage(good: bytes, name: str, content: bytes | None) -> None:
    data = content and content.replace(b"%b", MAIN.encode())
    assert rule(repacked(good, {name: data})) == "damaged"


def test_limits(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FILE_BYTES", "PACKAGE_MEMBERS", "INFLATED_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(limits, name, 3)
            assert rule(good) == "too_large"


def test_a_bomb_is_measured_by_what_comes_out(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "INFLATED_BYTES", 1024**2)
    bomb = repacked(good, {"xl/media/image.bin": bytes(2 * 1024**2)})
    assert len(bomb) < 100_000
    assert rule(bomb) == "too_large"


def test_large_members_are_judged_as_others(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = '<row r="1"><c r="A1"><f>1/0</f></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'.encode()
    changed = repacked(good, {"xl/worksheets/sheet1.xml": sheet})
    stored = repacked(good, {}, zipfile.ZIP_STORED)
    expected = judge(changed)
    assert any(expected.values())
    monkeypatch.setattr(packages, "SMALL", 0)
    monkeypatch.setattr(packages, "LARGE", 100)
    assert judge(changed) == expected
    assert rule(stored.replace(b"<v>1210</v>", b"<v>9210</v>")) == "damaged"
    monkeypatch.setattr(limits, "INFLATED_BYTES", 10_000)
    assert rule(good) == "too_large"


def test_limits_grow_with_the_file() -> None:
    assert limits.for_size(3, limits.LARGE_BYTES - 1) == 3
    assert limits.for_size(3, 2 * limits.LARGE_BYTES) == 9


def test_errors_and_formulas_are_found(good: bytes) -> None:
    sheet = f"""<x:worksheet xmlns:x="{MAIN}"><x:sheetData>
      <x:row r="3"><x:c r="B3" t="e"><x:v>#DIV/0!</x:v></x:c><x:c r="AA3"><x:f>1+1</x:f><x:v/></x:c>
        <x:c t="e"><x:f>1/0</x:f><x:v>#N/A</x:v></x:c><x:c r="AD3" t="str"><x:f>""</x:f><x:v/></x:c>
      </x:row>
      <x:row><x:c t="e"><x:v>#REF!</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row>
    </x:sheetData></x:worksheet>"""
    found = judge(repacked(good, {"xl/worksheets/sheet1.xml": sheet.encode()}))
    assert found["封面"] == {
        (3, 2): Unshown("error", "#DIV/0!"),
        (3, 27): Unshown("formula", ""),
        (3, 28): Unshown("error", "#N/A"),
        (4, 1): Unshown("error", "#REF!"),
    }


def test_any_bytes_end_as_a_verdict(good: bytes, tmp_path: Path) -> None:
    chance = random.Random(1)
    for _ in range(300):
        spoiled = bytearray(good)
        for _ in range(chance.choice([1, 3, 30])):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        if chance.random() < 0.3:
            del spoiled[chance.randrange(len(spoiled)) :]
        try:
            admit(bytes(spoiled))
        except RefusedError as refused:
            assert refused.rule_code in {
                *("damaged", "encrypted", "not_a_workbook", "empty", "unsupported_format"),
                *("too_large", "unsafe_xml", "unsafe_package", "archive_file"),
            }
