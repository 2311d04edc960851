"""Letters, read back with python-docx, and their bytes."""

import datetime as dt
import io
import time
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from docx.shared import Length

from pipelines.bulletin.documents import Grid, Heading, Letter, document_of

DAY = dt.date(2025, 7, 18)
LETTER = Letter(
    "关于报送的通知",
    "渝中区：",
    ["第一段。", Heading("一、范围"), "=1+1 <b>&"],
    ["某局", "年月日"],
    [Grid({"序号": 12, "单位名称": 100}, [("1", "甲"), ("2", "乙\u3000丙")])],
)


def read(content):
    return docx.Document(io.BytesIO(content))


def face_and_size(document, paragraph):
    style = document.styles[paragraph.style.name]
    return style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt


def test_a_letter_is_laid_out_like_an_official_document():
    """GB/T 9704: A4, text 156 x 225 mm; title 22 pt, headings 黑体 and body 仿宋 of 16 pt."""
    document = read(document_of(LETTER, DAY, made_up=False))
    looks = {
        paragraph.text: face_and_size(document, paragraph)
        for paragraph in document.paragraphs
        if paragraph.text.strip()
    }
    assert looks == {
        "关于报送的通知": ("宋体", 22),
        "渝中区：": ("仿宋", 16),
        "第一段。": ("仿宋", 16),
        "一、范围": ("黑体", 16),
        "=1+1 <b>&": ("仿宋", 16),
        "某局": ("仿宋", 16),
        "年月日": ("仿宋", 16),
    }
    (section,) = document.sections
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (round(Length(width).mm), round(Length(height).mm)) == (156, 225)


def test_the_head_of_a_table_stands_on_every_page():
    (table,) = read(document_of(LETTER, DAY, made_up=False)).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [["序号", "单位名称"], ["1", "甲"], ["2", "乙\u3000丙"]]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]


def test_what_is_made_up_says_so_below_its_title():
    document = read(document_of(LETTER, DAY, made_up=True))
    assert "模拟数据" in document.paragraphs[1].text
    assert "模拟数据" not in "".join(
        paragraph.text for paragraph in read(document_of(LETTER, DAY, made_up=False)).paragraphs
    )


def test_equal_letters_give_equal_bytes_and_tell_nothing_of_their_making():
    first = document_of(LETTER, DAY, made_up=False)
    time.sleep(2.1)  # a zip's times are told in steps of two seconds
    assert document_of(LETTER, DAY, made_up=False) == first
    properties = read(first).core_properties
    assert properties.created == properties.modified
    assert properties.created.date() == DAY
    assert (properties.author, properties.comments, properties.title) == ("", "", LETTER.title)
    with ZipFile(io.BytesIO(first)) as parts:
        assert parts.testzip() is None
