"""Files an inbox may hold that are hostile, broken or odd as bytes, and what must become of each.

`hostile_files` returns them by name, `expected_outcomes` the rule by which each is quarantined, or
`read`. What stands in sound cells is not the matter of this module.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from openpyxl import Workbook as OpenpyxlWorkbook

from tests.intake import old_books, open_books
from tests.intake.books import single
from tests.intake.old_books import record

READ = "read"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    RELATIONSHIPS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
SHEET = "xl/worksheets/sheet1.xml"
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE_ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
Change = bytes | Callable[[bytes], bytes] | None


def hostile_files() -> dict[str, bytes]:
    """The files by name."""
    return {name: content for name, (content, _) in _cases().items()}


def expected_outcomes() -> dict[str, str]:
    """What must become of each file: the rule it breaks, or `read`."""
    return {name: outcome for name, (_, outcome) in _cases().items()}


@cache
def valid_book() -> bytes:
    """A good .xlsx of one agency, with a list of shared texts."""
    book = OpenpyxlWorkbook()
    del book["Sheet"]
    for name, rows in single().items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    relationship = (
        f'<Relationship Id="rIdTexts" Type="{RELATIONSHIPS}/sharedStrings" '
        'Target="/xl/sharedStrings.xml"/></Relationships>'
    )
    related = _replacing(b"</Relationships>", relationship.encode())
    return repacked(
        packed.getvalue(),
        {"xl/sharedStrings.xml": _sst("x"), "xl/_rels/workbook.xml.rels": related},
    )


def repacked(
    content: bytes, changes: Mapping[str, Change], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A package with members replaced, changed, added or (None) dropped; checksums are right."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", method) as new:
        members = {name: old.read(name) for name in old.namelist()}
        for name in [*members, *(name for name in changes if name not in members)]:
            change = changes.get(name, members.get(name))
            data = change(members[name]) if callable(change) else change
            if data is not None:
                new.writestr(name, data)
    return packed.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A package of these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return packed.getvalue()


@cache
def _cases() -> dict[str, tuple[bytes, str]]:
    """Every file with its outcome."""
    cases: dict[str, tuple[bytes, str]] = {}
    for group in (_other_kinds(), _ole_files(), _packages(), _parts(), _grids(), _open_documents()):
        for name, content, outcome in group:
            assert name not in cases, name
            cases[name] = content, outcome
    return cases


def _other_kinds() -> Iterator[tuple[str, bytes, str]]:
    """Other files under the name of a workbook."""
    table = "<table><tr><td>营业收入</td><td>1200.5</td></tr></table>"
    rows = "统一社会信用代码,报告期,营业收入\n91500103000000001X,2025-06,1200.5\n"
    xml_2003 = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    )
    flat = f'<?xml version="1.0"?><office:document {open_books.NAMESPACES}/>'
    book = valid_book()
    yield "空文件.xlsx", b"", "empty"
    yield "全零.xlsx", bytes(5_000), "damaged"
    yield "网页.xlsx", f"<html><body>{table}</body></html>".encode(), "web_page"
    yield "网页无头.xls", f"\r\n{table}".encode(), "web_page"
    yield "网页双字节.xls", f"<HTML>{table}</HTML>".encode("utf-16"), "web_page"
    yield "网页声明.xlsx", f"<!DOCTYPE html><html>{table}</html>".encode(), "web_page"
    yield "单文件网页.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web_page"
    yield "网页XML.xls", f'<?xml version="1.0"?><html>{table}</html>'.encode(), "web_page"
    yield "文本国标.xlsx", rows.encode("gb18030"), "text_file"
    yield "文本.xlsx", rows.encode("utf-8-sig"), "text_file"
    yield "文本双字节.xls", rows.replace(",", "\t").encode("utf-16"), "text_file"
    yield "SYLK.xls", b"ID;PWXL;N;E\r\nC;Y1;X1;K1200.5\r\nE\r\n", "text_file"
    yield "表格XML2003.xls", xml_2003.encode(), "xml_table"
    yield "单文件开放文档.ods", flat.encode(), "xml_table"
    yield "其他XML.xlsx", b'<?xml version="1.0"?><data/>', "not_a_workbook"
    yield "便携文档.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf_file"
    yield "富文本.xls", b"{\\rtf1\\ansi 1200.5}", "word_document"
    yield "图片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"
    yield "照片.xlsx", b"\xff\xd8\xff\xe0" + bytes(40), "picture"
    yield "文字文档.xlsx", zipped({"word/document.xml": b"<x/>"}), "word_document"
    yield "演示文稿.xlsx", zipped({"ppt/presentation.xml": b"<x/>"}), "not_a_workbook"
    yield "压缩包.xlsx", zipped({"快报.xlsx": book, "名录.xlsx": book}), "archive_file"
    yield "套三层.xlsx", zipped({"a.zip": zipped({"b.zip": zipped({"c": b""})})}), "archive_file"
    yield "空压缩包.xlsx", zipped({}), "archive_file"
    yield "压缩包RAR.xlsx", b"Rar!\x1a\x07\x01\x00" + bytes(40), "archive_file"
    yield "压缩包7z.xlsx", b"7z\xbc\xaf\x27\x1c" + bytes(40), "archive_file"
    yield "压缩包gz.xlsx", b"\x1f\x8b\x08" + zlib.compress(book), "archive_file"
    yield "过时的工作簿.xls", record(0x409, bytes(6)) + record(0x0A), "unsupported_format"
    yield "乱码.xlsx", b"\x01" + random.Random(1).randbytes(3_000), "not_a_workbook"


def _ole_files() -> Iterator[tuple[str, bytes, str]]:
    """Old workbooks and other OLE files."""
    good = old_books.old_book(single())
    marked = {"数据": [["错", old_books.ERROR, old_books.ERROR_RESULT, old_books.EMPTY_RESULT]]}
    locked = old_books.workbook(single(), record(old_books.FILEPASS, bytes(54)))
    lying = record(old_books.SST, struct.pack("<2I", 1, 0xFFFFFFFF))
    stream = old_books.workbook(single())
    cycle = bytearray(good)
    fat = 512 * (1 + struct.unpack_from("<I", good, 76)[0])
    struct.pack_into("<I", cycle, fat, 0)  # the first sector follows itself
    yield "老格式.xls", good, READ
    yield "老格式改名.xlsx", good, READ
    yield "老格式.et", good, READ
    yield "老格式.wps", good, READ
    yield "老格式大写.xls", old_books.ole({"WORKBOOK": stream}), READ
    yield "老格式含宏.xls", old_books.ole({"Workbook": stream}, ["_VBA_PROJECT_CUR"]), READ
    yield "老格式含错误值.xls", old_books.old_book(marked), READ
    yield "老格式加密.xls", old_books.ole({"Workbook": locked}), "encrypted"
    yield "老格式加密.et", old_books.ole({"Workbook": locked}), "encrypted"
    yield "加密.xlsx", old_books.ole({"EncryptionInfo": b"", "EncryptedPackage": b""}), "encrypted"
    yield "老文字文档.xls", old_books.ole({"WordDocument": b""}), "word_document"
    yield "文字文档.wps", old_books.ole({"WordDocument": b"", "Data": b""}), "word_document"
    yield "老演示文稿.xls", old_books.ole({"PowerPoint Document": b""}), "not_a_workbook"
    yield "邮件.xls", old_books.ole({"__properties_version1.0": b""}), "not_a_workbook"
    yield "老格式截半.xls", good[: len(good) // 2], "damaged"
    yield "老格式截尾.xls", good[:-600], "damaged"
    yield "老格式只有头.xls", good[:512], "damaged"
    yield "老格式半个头.xls", good[:100], "damaged"
    yield "老格式自环.xls", bytes(cycle), "damaged"
    yield "老格式无结尾.xls", old_books.ole({"Workbook": stream[:-4]}), "damaged"
    yield "老格式流为零.xls", old_books.ole({"Workbook": b""}), "damaged"
    yield (
        "老格式谎报文本数.xls",
        old_books.ole({"Workbook": old_books.workbook(single(), lying)}),
        ("damaged"),
    )
    far_column = [None] * 300 + [1.0]
    yield "老格式列出界.xls", old_books.old_book({"数据": [far_column]}), "damaged"
    corner: list[list[object]] = [
        [None] * 255 + ["x"] if row == 65_535 else [] for row in range(65_536)
    ]
    yield "老格式角落一格.xls", old_books.old_book({"数据": corner}), "too_large"


def _packages() -> Iterator[tuple[str, bytes, str]]:
    """Damage and deceit in the zip."""
    book = valid_book()
    stored = repacked(book, {}, zipfile.ZIP_STORED)
    for share in (0.001, 0.1, 0.5, 0.9, 0.99):
        yield f"截断{share}.xlsx", book[: int(len(book) * share) or 2], "damaged"
    yield "截尾一字节.xlsx", book[:-1], "damaged"
    yield "校验和不符.xlsx", stored.replace(b"<v>1210</v>", b"<v>9210</v>"), "damaged"
    yield "改名不符.xlsx", stored.replace(b"xl/theme", b"xl/thEme", 1), "damaged"
    yield "锁住的成员.xlsx", _patched(book, 8, 6, struct.pack("<H", 1)), "encrypted"
    yield "未知压缩.xlsx", _patched(book, 10, 8, struct.pack("<H", 77)), "damaged"
    yield "谎报大小.xlsx", _patched(book, 24, 22, struct.pack("<I", 10)), "damaged"
    yield "谎报巨大.xlsx", _patched(book, 24, 22, struct.pack("<I", 0xFFFFFFF0)), READ
    yield "重名.xlsx", _appended(book, "xl/workbook.xml"), "unsafe_package"
    yield "大小写重名.xlsx", _appended(book, "XL/Workbook.xml"), "unsafe_package"
    yield "路径上溯.xlsx", repacked(book, {"../../etc/cron.d/x": b"x"}), "unsafe_package"
    yield "路径上溯反斜杠.xlsx", repacked(book, {"..\\..\\x": b"x"}), "unsafe_package"
    yield "绝对路径.xlsx", repacked(book, {"/etc/passwd": b"x"}), "unsafe_package"
    yield "盘符路径.xlsx", repacked(book, {"C:\\x": b"x"}), "unsafe_package"
    entries = {f"xl/media/{number}": b"" for number in range(20_000)}
    yield "两万成员.xlsx", repacked(book, entries), "too_large"
    yield "炸弹.xlsx", _bomb(book, "xl/media/image.bin"), "too_large"
    yield "炸弹工作表.xlsx", _bomb(book, "xl/worksheets/sheet99.xml"), "too_large"
    yield (
        "二进制工作簿.xlsb",
        repacked(book, {"xl/workbook.xml": None, "xl/workbook.bin": b""}),
        ("unsupported_format"),
    )
    yield "含宏.xlsm", repacked(book, {"xl/vbaProject.bin": b"\xd0\xcf"}), READ
    yield "老式宏表.xlsx", repacked(book, {"xl/macrosheets/sheet1.xml": b"<x/>"}), READ
    yield "网文表格.et", book, READ
    yield "外部链接.xlsx", repacked(book, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), READ
    yield "尾随字节.xlsx", book + b"\r\n-- gateway --", READ


def _parts() -> Iterator[tuple[str, bytes, str]]:
    """Deceit in the XML."""
    book = valid_book()

    def with_doctype(doctype: str, encoding: str = "utf-8") -> Callable[[bytes], bytes]:
        def change(part: bytes) -> bytes:
            text = part.decode()
            body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
            return f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'.encode(encoding)

        return change

    for name, place in {
        "工作表": SHEET,
        "共享字符串": "xl/sharedStrings.xml",
        "样式": "xl/styles.xml",
        "关系": "xl/_rels/workbook.xml.rels",
        "属性": "docProps/core.xml",
        "类型": "[Content_Types].xml",
    }.items():
        yield f"实体炸弹{name}.xlsx", repacked(book, {place: with_doctype(LAUGHS)}), "unsafe_xml"
        wide = with_doctype(OUTSIDE_ENTITY, "utf-16")
        yield f"外部实体{name}.xlsx", repacked(book, {place: wide}), "unsafe_xml"
    noted = with_doctype(f"<!-- <x> -->{LAUGHS}")
    yield "注释后实体.xlsx", repacked(book, {SHEET: noted}), "unsafe_xml"
    yield "缺工作表.xlsx", repacked(book, {SHEET: None}), "damaged"
    yield "缺关系.xlsx", repacked(book, {"xl/_rels/workbook.xml.rels": None}), "damaged"
    yield "缺根关系.xlsx", repacked(book, {"_rels/.rels": None}), "damaged"
    yield "工作表不完整.xlsx", repacked(book, {SHEET: lambda part: part[:-30]}), "damaged"
    yield "样式不完整.xlsx", repacked(book, {"xl/styles.xml": lambda part: part[:-30]}), "damaged"
    yield (
        "字符串不完整.xlsx",
        repacked(book, {"xl/sharedStrings.xml": lambda part: part[:-9]}),
        ("damaged"),
    )
    claim = _replacing(b"<sst ", b'<sst count="4294967295" uniqueCount="4294967295" ')
    claimed = repacked(book, {"xl/sharedStrings.xml": claim})
    yield "谎报文本数.xlsx", claimed, "damaged"
    strict = repacked(book, dict.fromkeys(_names(book), _to_strict))
    yield "严格格式.xlsx", strict, READ
    relation = _replacing(b'Target="/xl/worksheets/sheet1.xml"', b'Target="../../../etc/passwd"')
    yield "关系指向包外.xlsx", repacked(book, {"xl/_rels/workbook.xml.rels": relation}), "damaged"


def _grids() -> Iterator[tuple[str, bytes, str]]:
    """Sheets that reach far, or say so."""
    book = valid_book()

    def sheet(rows: str, before: str = "") -> bytes:
        part = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'
        return repacked(book, {SHEET: part.encode()})

    def one(address: str, row: int) -> str:
        return f'<row r="{row}"><c r="{address}" t="inlineStr"><is><t> </t></is></c></row>'

    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    yield "角落空格.xlsx", sheet(first + one("XFD1048576", 1_048_576)), "too_large"
    yield "末行空格.xlsx", sheet(first + one("Z1048576", 1_048_576)), "too_large"
    odd = first.replace('"', "'") + one("XFD1048576", 1_048_576)
    yield "角落空格异写.xlsx", sheet(odd), "too_large"
    yield "列出界.xlsx", sheet(one("XFE1", 1)), "damaged"
    yield "行出界.xlsx", sheet(one("A1048577", 1_048_577)), "damaged"
    yield "行列出界.xlsx", sheet(one("ZZZ9999999", 9_999_999)), "damaged"
    yield "行为零.xlsx", sheet('<row r="0"><c t="n" r="A0"><v>1</v></c></row>'), "damaged"
    yield "地址无效.xlsx", sheet(one("1A", 1)), "damaged"
    dimension = '<dimension ref="A1:XFD1048576"/>'
    yield "谎报范围.xlsx", sheet(first, dimension), READ
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 1_048_577))
    yield "整列带格式.xlsx", sheet(first + blanks), READ
    deep = "<x>" * 50_000 + "</x>" * 50_000
    yield "深层嵌套.xlsx", sheet(first + deep), READ
    long_text = "长" * 400_000
    yield "超长文本.xlsx", sheet(one("A1", 1).replace("> <", f">{long_text}<")), READ

    def with_many_sheets(part: bytes) -> bytes:
        found = part[part.index(b"<sheet ") : part.index(b"/>", part.index(b"<sheet ")) + 2]
        name = "封面".encode()
        copies = [found.replace(name, b"S%d" % number) for number in range(1_001)]
        return part.replace(found, b"".join(copies))

    yield "千张工作表.xlsx", repacked(book, {"xl/workbook.xml": with_many_sheets}), "too_large"


def _open_documents() -> Iterator[tuple[str, bytes, str]]:
    """OpenDocument packages."""
    good = open_books.open_book(single())
    cell = (
        '<table:table-cell{} office:value-type="float" office:value="1"><text:p>1</text:p>'
        "</table:table-cell>"
    )

    def table(row_repeats: str, cells: str) -> str:
        row = (
            f'<table:table-row table:number-rows-repeated="{row_repeats}">{cells}</table:table-row>'
        )
        return f'<table:table table:name="数据">{row}</table:table>'

    wide = cell.format(' table:number-columns-repeated="16384"')
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    encrypted = (
        f'{open_books.MANIFEST}<manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    text, slides = (
        open_books.SPREADSHEET.replace("spreadsheet", kind) for kind in ("text", "presentation")
    )
    yield "开放文档.ods", good, READ
    yield "开放文档改名.xlsx", good, READ
    yield (
        "开放文档含宏.ods",
        open_books.open_book(single(), {"Basic/Standard/a.xml": b"<x/>"}),
        READ,
    )
    yield "开放文档空行到底.ods", open_books.pack(table("1048576", blank)), READ
    yield "开放文档空行无尽.ods", open_books.pack(table("9" * 15, blank)), READ
    yield "开放文档铺满.ods", open_books.pack(table("1048576", wide)), "too_large"
    yield "开放文档铺满行.ods", open_books.pack(table("99999999", cell.format(""))), "too_large"
    yield "开放文档重复为负.ods", open_books.pack(table("-1", cell.format(""))), "damaged"
    yield "开放文档重复非数.ods", open_books.pack(table("x", cell.format(""))), "damaged"
    yield (
        "开放文档加密.ods",
        open_books.open_book(single(), {"META-INF/manifest.xml": encrypted.encode()}),
        "encrypted",
    )
    yield (
        "开放文档实体.ods",
        repacked(good, {"content.xml": _replacing(b"?>\n", f"?>{LAUGHS}".encode())}),
        "unsafe_xml",
    )
    yield "开放文档不完整.ods", repacked(good, {"content.xml": lambda part: part[:-40]}), "damaged"
    yield "开放文字文档.ods", open_books.pack("", mimetype=text), "word_document"
    yield "开放演示文稿.ods", open_books.pack("", mimetype=slides), "not_a_workbook"
    yield "开放文档截断.ods", good[: len(good) // 2], "damaged"


def _patched(book: bytes, at_central: int, at_local: int, value: bytes) -> bytes:
    """A package with a field of its first member's two headers replaced."""
    changed = bytearray(book)
    for signature, offset in ((CENTRAL, at_central), (LOCAL, at_local)):
        start = changed.find(signature) + offset
        changed[start : start + len(value)] = value
    return bytes(changed)


def _appended(book: bytes, name: str) -> bytes:
    """A package with one more member, which may have the name of another."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(packed, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member))
        information = zipfile.ZipInfo("other")
        information.filename = name
        new.NameToInfo.pop(name, None)  # else zipfile would warn
        new.writestr(information, b"<workbook/>")
    return packed.getvalue()


def _bomb(book: bytes, name: str) -> bytes:
    """A package with a member of 300 MB that takes 0.3 MB."""
    packed = io.BytesIO(book)
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as package,
        package.open(name, "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(1024**2))
    return packed.getvalue()


def _replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """What replaces something that stands in a part."""

    def change(part: bytes) -> bytes:
        assert old in part
        return part.replace(old, new)

    return change


def _to_strict(part: bytes) -> bytes:
    """A part with the namespaces of ISO 29500 Strict."""
    for transitional, strict in STRICT.items():
        part = part.replace(transitional.encode(), strict.encode())
    return part


def _names(book: bytes) -> list[str]:
    """The names of a package's members."""
    return zipfile.ZipFile(io.BytesIO(book)).namelist()


def _sst(text: str) -> bytes:
    """A list of one shared text."""
    return f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'.encode()
