"""What kind of file bytes are that are no workbook, told by what they begin with."""

from __future__ import annotations

import re

LOOKED_AT = 4_096  # bytes
MARKUP = re.compile(
    r"\s*(?:<!--.*?-->\s*)?(?:<!doctype html|<(?:html|head|meta|body|table|div|style|script)\b"
    r"|mime-version:)",
    re.IGNORECASE | re.DOTALL,
)
XML = re.compile(r"\s*<\?xml\b")
HTML_TAG = re.compile(r"<html\b", re.IGNORECASE)
TABLE_NAMESPACES = ("urn:schemas-microsoft-com:office:spreadsheet", "opendocument")
SIGNATURES = {
    b"%PDF": "pdf_file",
    b"{\\rtf": "word_document",
    b"Rar!": "archive_file",
    b"7z\xbc\xaf\x27\x1c": "archive_file",
    b"\x1f\x8b": "archive_file",
    b"BZh": "archive_file",
    b"\xfd7zXZ": "archive_file",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"II*\x00": "picture",
    b"MM\x00*": "picture",
    # Excel 2 to 4 wrote their records into the file itself.
    b"\x09\x00\x04\x00": "unsupported_format",
    b"\x09\x02\x06\x00": "unsupported_format",
    b"\x09\x04\x06\x00": "unsupported_format",
}
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def kind_of(content: bytes) -> str:
    """Return the rule that says what these bytes are; `not_a_workbook` where nothing tells."""
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind
    if not content.strip(b"\0"):  # what an interrupted copy leaves
        return "damaged"
    text = _text(content[:LOOKED_AT])
    if text is None:
        return "not_a_workbook"
    if MARKUP.match(text):
        return "web_page"
    if XML.match(text):
        if any(namespace in text for namespace in TABLE_NAMESPACES):
            return "xml_table"
        return "web_page" if HTML_TAG.search(text) else "not_a_workbook"
    return "text_file"


def _text(head: bytes) -> str | None:
    """Return the beginning of a file as text; None if it is none."""
    encodings = [name for mark, name in BYTE_ORDER_MARKS.items() if head.startswith(mark)]
    for encoding in encodings or ("utf-8", "gb18030"):
        for cut in range(4):  # a character may have been cut in two
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if CONTROLS.search(text) else text
    return None
