"""A letter as a Word document, laid out like an official document (GB/T 9704—2012).

What letters say is the matter of `notices` and `reminders`. The standard's title face (小标宋) is
nowhere taken for granted: titles are 宋体, bold.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as DocxParagraph

from pipelines.bulletin.files import without_times

MADE_UP = "（模拟数据，不是真实通知）"
TITLE_SIZE, BODY_SIZE, FOOT_SIZE, TABLE_SIZE = 22, 16, 14, 10.5  # 二号，三号，四号，五号
LINE, TABLE_LINE = Pt(28), Pt(16)  # 22 lines of body a page
SONG, FANG_SONG, HEI = "宋体", "仿宋", "黑体"
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}  # mm
TITLE, BODY, ADDRESS, HEADING, SIGNATURE = "公文标题", "公文正文", "主送", "一级标题", "落款"
TABLE_HEAD, TABLE_TEXT, PAGE_NUMBER = "表头", "表内文字", "页码"


@dataclass(frozen=True)
class Heading:
    """The heading of a part, 一、…"""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table: the columns' heads with their widths in mm (156 in all), and the rows below."""

    widths: Mapping[str, int]
    rows: Sequence[Sequence[str]]


Part = Heading | Grid | str


@dataclass(frozen=True)
class Letter:
    """A letter before it is a document.

    Attributes:
        title: stands above it.
        addressee: to whom it goes.
        parts: headings, paragraphs and tables in their order.
        signature: who signs, and when; a line each.
        annex: what follows on a page of its own.
    """

    title: str
    addressee: str
    parts: Sequence[Part]
    signature: Sequence[str]
    annex: Sequence[Part]


def document_of(letter: Letter, day: dt.date, made_up: bool) -> bytes:
    """Return the letter as a .docx dated that day in its properties; `made_up` prints 模拟数据."""
    document = docx.Document(io.BytesIO(_blank()))
    document.core_properties.title = letter.title
    for line in (letter.title, MADE_UP) if made_up else (letter.title,):
        _style(document.add_paragraph(line), TITLE)
    _style(document.add_paragraph(letter.addressee), ADDRESS)
    _add_parts(document, letter.parts)
    _style(document.add_paragraph(), BODY)
    for line in letter.signature:
        _style(document.add_paragraph(line), SIGNATURE)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _add_parts(document, letter.annex)
    content = io.BytesIO()
    document.save(content)
    return without_times(content.getvalue(), day)


def _style(paragraph: DocxParagraph, name: str) -> None:
    """Give a paragraph one of our styles, by its id: looked up by name, each takes 4 ms."""
    paragraph._p.style = name


def _add_parts(document: Document, parts: Sequence[Part]) -> None:
    """Add headings, paragraphs and tables."""
    for part in parts:
        if isinstance(part, Grid):
            _add_table(document, part)
        elif isinstance(part, Heading):
            _style(document.add_paragraph(part.text), HEADING)
        else:
            _style(document.add_paragraph(part), BODY)


@cache
def _blank() -> bytes:
    """Return a document without text: paper, margins, page numbers, styles of paragraphs."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, side, Mm(width))
    section.footer_distance = Mm(28)  # 7 mm below the text
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    title = _add_style(document, TITLE, SONG, TITLE_SIZE, Pt(34), alignment=centre)
    title.font.bold = True
    body = _add_style(document, BODY, FANG_SONG, BODY_SIZE)
    heading = _add_style(document, HEADING, HEI, BODY_SIZE)
    for style in (body, heading):
        style.paragraph_format.first_line_indent = Pt(2 * BODY_SIZE)
    heading.paragraph_format.keep_with_next = True
    _add_style(document, ADDRESS, FANG_SONG, BODY_SIZE).paragraph_format.space_before = LINE
    signature = _add_style(document, SIGNATURE, FANG_SONG, BODY_SIZE, alignment=right)
    signature.paragraph_format.right_indent = Pt(2 * BODY_SIZE)
    _add_style(document, TABLE_HEAD, HEI, TABLE_SIZE, TABLE_LINE, alignment=centre)
    _add_style(document, TABLE_TEXT, FANG_SONG, TABLE_SIZE, TABLE_LINE)
    _add_style(document, PAGE_NUMBER, SONG, FOOT_SIZE)
    _number_pages(document, section)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _add_style(
    document: Document,
    name: str,
    face: str,
    size: float,
    line: Pt = LINE,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
) -> ParagraphStyle:
    """Add a style of paragraphs with lines of that height; its id is its name."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # noqa: S101
    style.font.name, style.font.size = face, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    layout = style.paragraph_format
    layout.alignment = alignment
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
    return style


def _number_pages(document: Document, section: Section) -> None:
    """Print — 1 — outside below the text: right on odd pages, left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    for footer, alignment in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.style = PAGE_NUMBER
        paragraph.alignment = alignment
        paragraph.paragraph_format.left_indent = Pt(FOOT_SIZE)
        paragraph.paragraph_format.right_indent = Pt(FOOT_SIZE)
        paragraph.add_run("— ")
        _add_page_field(paragraph)
        paragraph.add_run(" —")


def _add_page_field(paragraph: DocxParagraph) -> None:
    """Add the field that shows the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _add_table(document: Document, grid: Grid) -> None:
    """Add a table whose head stands on every page and whose rows are not cut in two.

    Rows are copies of one: python-docx takes a minute to build those of a whole city.
    """
    table = document.add_table(2, len(grid.widths), "Table Grid")
    table.autofit = False
    head, row = table.rows
    for column, (name, width) in enumerate(grid.widths.items()):
        table.columns[column].width = Mm(width)
        for cell, style in ((head.cells[column], TABLE_HEAD), (row.cells[column], TABLE_TEXT)):
            cell.width = Mm(width)
            _style(cell.paragraphs[0], style)
            cell.paragraphs[0].add_run(name)
    for each in (head, row):
        each._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    table._tbl.remove(row._tr)
    for texts in grid.rows:
        copy = deepcopy(row._tr)
        for place, text in zip(copy.iter(qn("w:t")), texts, strict=True):
            place.text = text
        table._tbl.append(copy)
