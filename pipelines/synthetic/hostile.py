"""Bad files as agencies really send them: their bytes or rows, or how to spoil a good report.

What the intake has to say about each stands in `TROUBLES`.
"""

from __future__ import annotations

import datetime as dt
import struct
from dataclasses import dataclass, replace

from pipelines.synthetic.identities import credit_code
from pipelines.synthetic.mistakes import WORDS
from pipelines.synthetic.reports import MadeUpReport

UNREGISTERED_SERIAL = 9_999_999

# [MS-CFB] 2.1-2.6
SECTOR = 512
END_OF_CHAIN, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NO_STREAM = 0xFFFFFFFF
MINI_STREAM_CUTOFF = 4096  # smaller streams would have to lie in the mini stream
ROOT, STREAM = 5, 2


@dataclass(frozen=True)
class Trouble:
    """A kind of bad file: the rule that must find it, and a name that says what is wrong."""

    rule_code: str
    file_name: str


TROUBLES = (
    Trouble("encrypted", "加密的快报.xlsx"),
    Trouble("damaged", "没传完的快报.xlsx"),
    Trouble("unrelated", "食堂菜谱.xlsx"),
    Trouble("period_mismatch", "报告期不符的快报.xlsx"),
    Trouble("unknown_agency", "名录外机构的快报.xlsx"),
    Trouble("approximate_number", "数字格写约数的快报.xlsx"),
)


def encrypted_workbook() -> bytes:
    """Return a file as Excel writes it under a password: an OLE2 container around a cipher text.

    Source: [MS-CFB] for the container, [MS-OFFCRYPTO] 2.3.4.10 for the head of EncryptionInfo.
    """
    agile = struct.pack("<HHI", 4, 4, 0x40)
    description = b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"/>'
    cipher_text = bytes(range(256)) * 16
    streams = {
        "EncryptionInfo": agile + description,
        "EncryptedPackage": struct.pack("<Q", len(cipher_text)) + cipher_text,
    }
    return _compound_file(streams)


def canteen_menu() -> list[list[object]]:
    """Return the rows of a workbook that is no form at all."""
    monday = dt.date(2025, 7, 14)
    dishes = [("回锅肉", "炒时蔬", 12), ("水煮鱼", "凉拌黄瓜", 15), ("宫保鸡丁", "麻婆豆腐", 12)]
    return [
        ["食堂一周菜谱（模拟数据）"],
        ["日期", "主菜", "素菜", "价格（元）"],
        *([monday + dt.timedelta(days=day), *dish] for day, dish in enumerate(dishes)),
    ]


def with_words(report: MadeUpReport) -> MadeUpReport:
    """Return the report with words where its first figure should stand."""
    return replace(report, typed={("revenue_booked", "month"): WORDS})


def as_stranger(report: MadeUpReport) -> MadeUpReport:
    """Return the report under the name and code of an agency that the register does not know."""
    code = credit_code(UNREGISTERED_SERIAL, report.district_code, is_public=False)
    name = f"重庆示例名录外人力资源有限公司{UNREGISTERED_SERIAL}"
    return replace(report, credit_code=code, agency_name=name)


def _compound_file(streams: dict[str, bytes]) -> bytes:
    """Return a version 3 compound file of up to three streams: FAT, directory, then their sectors.

    Streams are padded to the cutoff, so that no mini stream is needed.
    """
    fat = [FAT_SECTOR, END_OF_CHAIN]
    body = b""
    starts: dict[str, tuple[int, int]] = {}
    for name, content in streams.items():
        padded = content.ljust(MINI_STREAM_CUTOFF, b"\0")
        sectors = -(-len(padded) // SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + sectors), END_OF_CHAIN]
        starts[name] = (first, len(padded))
        body += padded.ljust(sectors * SECTOR, b"\0")
    fat += [FREE] * (SECTOR // 4 - len(fat))
    # Siblings form a tree ordered by length of name, then name.
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = [_directory_entry("Root Entry", ROOT, END_OF_CHAIN, 0, right=NO_STREAM, child=1)]
    for number, name in enumerate(names, start=1):
        right = number + 1 if number < len(names) else NO_STREAM
        entries.append(_directory_entry(name, STREAM, *starts[name], right=right, child=NO_STREAM))
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    return _compound_header() + struct.pack(f"<{len(fat)}I", *fat) + directory + body


def _compound_header() -> bytes:
    """Return the header: one FAT sector (0), the directory in sector 1, no mini stream."""
    signature = bytes.fromhex("d0cf11e0a1b11ae1")
    versions = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    counts = struct.pack(
        "<6xIIIIIIIII", 0, 1, 1, 0, MINI_STREAM_CUTOFF, END_OF_CHAIN, 0, END_OF_CHAIN, 0
    )
    fat_sectors = struct.pack("<109I", 0, *[FREE] * 108)
    return signature + bytes(16) + versions + counts + fat_sectors


def _directory_entry(
    name: str, kind: int, start: int, size: int, *, right: int, child: int
) -> bytes:
    """Return a 128-byte directory entry, black, without a left sibling and without dates."""
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, NO_STREAM, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
