import io

import openpyxl
import pytest

from pipelines.bulletin.marts import read_returns
from pipelines.bulletin.returns import HEADER_ROW, return_list, write_return_list

HEADINGS = [
    "报送单位",
    "文件",
    "统一社会信用代码",
    "单位名称",
    "工作表",
    "单元格",
    "现填内容",
    "应填内容/如何改",
    "问题说明",
    "首次收到",
    "处理状态",
]


def reopened(workbook):
    content = io.BytesIO()
    workbook.save(content)
    return openpyxl.load_workbook(content).worksheets[0]


@pytest.fixture
def findings(root):
    return read_returns(root, "2025-06")


def test_one_row_for_every_finding(root, findings):
    path = write_return_list(root, "2025-06", made_up=True)
    assert path == root.reports / "returns" / "2025-06" / "退回清单.xlsx"
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(min_row=HEADER_ROW, values_only=True))
    assert list(rows[0]) == HEADINGS
    assert len(rows) - 1 == len(findings) == 7
    (refused,) = [row for row in rows if row[0] == "大渡口区"]
    assert refused == (
        "大渡口区",
        "reports/2025-06/张三交来/大渡口区6月快报（加密）.xlsx",
        None,
        None,
        None,
        None,
        None,
        "取消密码后另存",
        "文件“大渡口区6月快报（加密）.xlsx”设有打开密码，无法读取；请取消密码后重新报送。",
        "2025-07-16 09:30",
        "已退回",
    )


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://evil.example/")', "+1", "-1", "@SUM(A1)", "#N/A", "=1\x07+1"]
)
def test_no_text_becomes_a_formula(findings, text):
    row = {**findings[0], "raw_text": text, "agency_name": text, "message": text}
    sheet = reopened(return_list([row], "2025-06", made_up=False))
    for column in ("D", "G", "I"):
        cell = sheet[f"{column}{HEADER_ROW + 1}"]
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert cell.value == text.replace("\x07", "")


def test_list_is_ready_to_read_filter_and_print(findings):
    sheet = reopened(return_list(findings, "2025-06", made_up=False))
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert sheet.auto_filter.ref == f"A{HEADER_ROW}:K{HEADER_ROW + len(findings)}"
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(cell.alignment.wrap_text for cell in sheet[HEADER_ROW + 1])


def test_long_text_gets_a_higher_row(findings):
    long = {**findings[0], "message": "请改填。" * 60}
    sheet = reopened(return_list([findings[0], long], "2025-06", made_up=False))
    first, second = (sheet.row_dimensions[HEADER_ROW + place].height for place in (1, 2))
    assert second > first


def test_empty_list_says_so():
    sheet = reopened(return_list([], "2025-06", made_up=False))
    assert sheet.cell(HEADER_ROW + 1, 1).value == "本期没有退回"
    assert sheet.max_row == HEADER_ROW + 1


@pytest.mark.parametrize("made_up", [True, False])
def test_made_up_data_is_marked(findings, made_up):
    sheet = reopened(return_list([], "2025-06", made_up))
    marked = [sheet.title, sheet["A1"].value, sheet.oddFooter.left.text]
    assert all(("模拟数据" in text) is made_up for text in marked)
