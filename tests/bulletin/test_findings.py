"""The statistician's workbook: what stands where, and that nothing computes or leads astray."""

import re
import subprocess
import zipfile

import duckdb
import openpyxl
import pytest

from pipelines.bulletin.findings import Ignored, Paths, findings_book, write_findings
from pipelines.bulletin.marts import read_files, read_findings
from pipelines.bulletin.sheets import HEADER_ROW, MOST_LINKS, Link, Listing, new_book
from tests.programs import find_office

HEADINGS = [
    "序号",
    "是否优先",
    "影响（占全市合计%）",
    "性质",
    "状态",
    "报送单位",
    "单位名称",
    "代码",
    "文件",
    "退回文件",
    "工作表",
    "单元格",
    "现填内容",
    "应填内容",
    "问题说明",
    "相关单元格",
    "说明/答复",
    "审核状态",
    "首次收到",
]
NO_PATHS = Paths({}, {})


def rows_of(sheet):
    """The rows below the header, by the heads."""
    heads, *rows = sheet.iter_rows(min_row=HEADER_ROW, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def cells_of(sheet, head):
    """The cells below a head."""
    (column,) = [cell.column for cell in sheet[HEADER_ROW] if cell.value == head]
    return [row[column - 1] for row in sheet.iter_rows(min_row=HEADER_ROW + 1)]


def written(workbook, path):
    workbook.save(path)
    return openpyxl.load_workbook(path)


@pytest.fixture
def findings(findings_source):
    return read_findings(findings_source, "2025-06")


@pytest.fixture
def files(findings_source):
    return read_files(findings_source, "2025-06")


def test_open_findings_come_first_by_score(root, findings_source):
    findings_source.close()
    with duckdb.connect(str(root.database)) as connection:
        connection.execute(
            "update mart_findings set score_rank = 1, score = 1.23, is_priority = true "
            "where finding_no = 7"
        )
        connection.execute(
            "update mart_findings set score_rank = 2, score = 0.05, "
            "is_priority = state <> 'open' where finding_no in (5, 10, 11)"
        )
        path = root.internal / "raw_files.parquet"
        connection.execute(f"create temp view raw_files as from read_parquet('{path}')")
        path = write_findings(root, connection, "2025-06", True, NO_PATHS, [])
    assert path == root.reports / "findings" / "审核问题_2025-06.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["问题（模拟数据）", "文件（模拟数据）", "说明（模拟数据）"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[HEADER_ROW]] == HEADINGS
    rows = rows_of(sheet)
    assert [row["状态"] for row in rows] == ["待说明", *["待更正"] * 6, "已说明", "已办结"]
    assert rows[0]["是否优先"] == "优先"
    assert rows[0]["影响（占全市合计%）"] == 1.23
    assert [row["影响（占全市合计%）"] for row in rows[1:3]] == [0.05, None]
    assert [row["是否优先"] for row in rows[1:]] == [None] * 8
    assert [row["序号"] for row in rows] == [*range(1, 10)]
    assert rows[7]["说明/答复"].startswith("含上年结转")
    assert sheet["A2"].value.startswith("共9条，待处理7条，其中优先1条。")


def test_every_file_is_there_once_and_the_states_add_up(findings, files, tmp_path):
    ignored = [Ignored("reports/2025-06/~$报表.xlsx", "是 Office 打开文件时的锁定文件")]
    book = written(
        findings_book(findings, files, ignored, NO_PATHS, "2025-06", False), tmp_path / "f.xlsx"
    )
    sheet = book["文件"]
    rows = rows_of(sheet)
    assert len(rows) == len(files) + 1
    states = [row["状态"] for row in rows]
    count, *counts = map(int, re.findall("([0-9]+)份", sheet["A2"].value))
    assert count == sum(counts) == len(rows)
    assert counts == [states.count(each) for each in ["采用", "被替代", "退回", "隔离", "忽略"]]
    assert counts[1] == counts[3] == counts[4] == 1
    assert states[0] == "隔离"  # what needs a person comes first
    assert rows[-1]["文件"] == "reports/2025-06/~$报表.xlsx"
    assert rows[-1]["原因"] == "是 Office 打开文件时的锁定文件"


def test_links_lead_to_the_file_and_to_what_goes_back(findings, files, tmp_path):
    number = findings[0]["receipt_no"]
    paths = Paths(
        {number: "../../data/archive/ab/abc.xlsx"},
        {
            number: Link(
                "打开退回文件", "../returns/2025-06/渝中区/退回_1_a b#1%.xlsx", "'审核意见'!A1"
            )
        },
    )
    book = written(
        findings_book(findings[:1], files, [], paths, "2025-06", False), tmp_path / "f.xlsx"
    )
    (file,), (back,) = (cells_of(book["问题"], head) for head in ("文件", "退回文件"))
    assert file.hyperlink.target == "../../data/archive/ab/abc.xlsx"
    assert file.value == findings[0]["file_name"]
    assert back.hyperlink.target.endswith("_1_a%20b%231%25.xlsx")
    assert back.hyperlink.location == "'审核意见'!A1"


def test_settled_findings_do_not_lead_to_a_workbook_without_them(findings, files, tmp_path):
    back = {row["receipt_no"]: Link("打开退回文件", "x.xlsx") for row in findings}
    book = written(
        findings_book(findings, files, [], Paths({}, back), "2025-06", False), tmp_path / "f.xlsx"
    )
    linked = [cell.hyperlink is not None for cell in cells_of(book["问题"], "退回文件")]
    assert linked == [row["state"] == "open" for row in findings]


HOSTILE = [
    '=HYPERLINK("http://evil.example/","点")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "#N/A",
    "http://evil.example/",
    "&P&N&A",
    "{{7*7}}",
    "{=1+1}",
    "=cmd|'/c calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_an_agency_computes_or_links(findings, files, tmp_path, text):
    columns = ("agency_name", "raw_text", "message", "explanation", "file_name", "sheet_name")
    row = {**findings[0], **dict.fromkeys(columns, text)}
    file = {**files[0], "file_path": text, "state_note": text}
    paths = Paths({row["receipt_no"]: "../../data/archive/ab/abc.xlsx"}, {})
    book = findings_book([row], [file], [Ignored(text, text)], paths, "2025-06", False)
    path = tmp_path / "f.xlsx"
    for sheet in written(book, path):
        for cells in sheet.iter_rows(min_row=HEADER_ROW + 1):
            for cell in cells:
                if isinstance(cell.value, str):
                    assert cell.data_type == "s"
                    assert cell.quotePrefix
                assert cell.hyperlink is None or cell.hyperlink.target.startswith("../../data/")
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            content = package.read(name)
            assert not re.search(rb"<f[ >/]", content)
            if not name.startswith("xl/worksheets/sheet"):  # where texts of cells stand
                assert b"evil" not in content


def test_libreoffice_computes_nothing_either(findings, files, tmp_path):
    rows = [{**findings[0], "raw_text": text, "agency_name": text} for text in HOSTILE]
    path = tmp_path / "f.xlsx"
    findings_book(rows, files, [], NO_PATHS, "2025-06", False).save(path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        find_office(),
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    with zipfile.ZipFile(tmp_path / "f.ods") as package:
        content = package.read("content.xml").decode()
    assert "table:formula" not in content
    assert content.count("evil.example") >= 2
    assert "xlink:href" not in content


def test_the_workbook_is_ready_to_filter_and_print(findings, files, tmp_path):
    book = written(
        findings_book(findings, files, [], NO_PATHS, "2025-06", False), tmp_path / "f.xlsx"
    )
    for sheet in book:
        assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
        assert sheet.auto_filter.ref.startswith(f"A{HEADER_ROW}:")
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [sheet.page_setup.paperSize for sheet in book] == [8, 9, 9]
    explained = [row["栏目"] for row in rows_of(book["说明"])]
    assert all(any(head in label for label in explained) for head in HEADINGS if head != "退回文件")


def test_links_beyond_what_excel_allows_are_left_out():
    rows = [[Link("甲", "a.xlsx")] for _ in range(MOST_LINKS + 1)]
    sheet = new_book([Listing("表", "题", "", {"文件": 8}, rows, "无")], False)["表"]
    assert sheet.cell(HEADER_ROW + MOST_LINKS, 1).hyperlink is not None
    last = sheet.cell(HEADER_ROW + MOST_LINKS + 1, 1)
    assert (last.value, last.hyperlink) == ("甲", None)


def test_a_period_without_anything_says_so(tmp_path):
    book = written(findings_book([], [], [], NO_PATHS, None, False), tmp_path / "f.xlsx")
    assert book["问题"]["A1"].value == "不分期报表审核问题"
    assert book["问题"].cell(HEADER_ROW + 1, 1).value == "本期没有问题"
    assert book["文件"].cell(HEADER_ROW + 1, 1).value == "本期没有收到文件"
