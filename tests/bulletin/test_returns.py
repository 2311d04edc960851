import io

import openpyxl
import pytest

from pipelines.bulletin.marts import read_returns
from pipelines.bulletin.returns import return_list, write_return_list
from pipelines.bulletin.sheets import HEADER_ROW

HEADINGS = [
    "报送单位",
    "问题编号",
    "性质",
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
    "退回文件",
]


def reopened(workbook, sheet=0):
    content = io.BytesIO()
    workbook.save(content)
    return openpyxl.load_workbook(content).worksheets[sheet]


def below(sheet, head):
    """The cells below a head."""
    (column,) = [cell.column for cell in sheet[HEADER_ROW] if cell.value == head]
    return [row[column - 1] for row in sheet.iter_rows(min_row=HEADER_ROW + 1)]


@pytest.fixture
def findings(findings_source):
    return read_returns(findings_source, "2025-06")


def test_one_row_for_every_open_finding(root, findings_source, findings):
    workbooks = {101: "大渡口区/退回_101_大渡口区6月快报（加密）.xlsx"}
    path = write_return_list(root, findings_source, "2025-06", made_up=True, workbooks=workbooks)
    assert path == root.reports / "returns" / "2025-06" / "退回清单.xlsx"
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(min_row=HEADER_ROW, values_only=True))
    assert list(rows[0]) == HEADINGS
    assert len(rows) - 1 == len(findings) == 7
    (refused,) = [row for row in rows if row[3] and "加密" in row[3]]
    assert refused == (
        "大渡口区",
        "000000000001",
        "强制性",
        "reports/2025-06/张三交来/大渡口区6月快报（加密）.xlsx",
        None,
        None,
        None,
        None,
        None,
        "取消密码后另存",
        "文件“大渡口区6月快报（加密）.xlsx”设有打开密码，无法读取；请取消密码后重新报送。",
        "2025-07-16 09:30",
        "待更正",
        "大渡口区/退回_101_大渡口区6月快报（加密）.xlsx",
    )


def test_findings_to_be_explained_are_on_the_list(findings):
    sheet = reopened(return_list(findings, "2025-06", False, {}))
    kinds = [cell.value for cell in below(sheet, "性质")]
    states = [cell.value for cell in below(sheet, "处理状态")]
    assert sorted(zip(kinds, states, strict=True)) == [("强制性", "待更正")] * 6 + [
        ("核实性", "待说明")
    ]


def test_units_stand_together_and_are_counted(findings):
    base = {**findings[0], "severity": "mandatory", "reporting_unit_name": "渝中区"}
    given = [
        {**base, "receipt_no": 1, "credit_code": "A"},
        {**base, "receipt_no": 1, "credit_code": "A"},
        {**base, "receipt_no": 2, "credit_code": None},
        {**base, "receipt_no": 2, "credit_code": "B", "severity": "review"},
        {**base, "receipt_no": 3, "credit_code": "C", "reporting_unit_name": "江北区"},
        {**base, "receipt_no": 4, "credit_code": None, "reporting_unit_name": None},
    ]
    sheet = reopened(return_list(given, "2025-06", False, {}), 1)
    rows = sheet.iter_rows(min_row=HEADER_ROW, values_only=True)
    assert list(rows) == [
        ("报送单位", "文件（份）", "机构（家）", "强制性问题（条）", "核实性问题（条）"),
        ("合计", 4, 2, 5, 1),
        ("渝中区", 2, 1, 3, 1),
        ("江北区", 1, 1, 1, 0),
        ("报送单位不明", 1, 0, 1, 0),
    ]


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://evil.example/")', "+1", "-1", "@SUM(A1)", "#N/A", "=1\x07+1"]
)
def test_no_text_becomes_a_formula(findings, text):
    row = {**findings[0], "raw_text": text, "agency_name": text, "message": text}
    workbooks = {row["receipt_no"]: text}
    sheet = reopened(return_list([row], "2025-06", False, workbooks))
    for head in ("单位名称", "现填内容", "问题说明", "退回文件"):
        (cell,) = below(sheet, head)
        assert cell.data_type == "s"
        assert cell.quotePrefix
        assert cell.value == text.replace("\x07", "")


def test_list_is_ready_to_read_filter_and_print(findings):
    sheet = reopened(return_list(findings, "2025-06", False, {}))
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert sheet.auto_filter.ref == f"A{HEADER_ROW}:N{HEADER_ROW + len(findings)}"
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(cell.alignment.wrap_text for cell in sheet[HEADER_ROW + 1])


def test_long_text_gets_a_higher_row(findings):
    long = {**findings[0], "message": "请改填。" * 60}
    sheet = reopened(return_list([findings[0], long], "2025-06", False, {}))
    first, second = (sheet.row_dimensions[HEADER_ROW + place].height for place in (1, 2))
    assert second > first


def test_empty_list_says_so():
    workbook = return_list([], "2025-06", False, {})
    sheet = reopened(workbook)
    assert sheet.cell(HEADER_ROW + 1, 1).value == "本期没有退回"
    assert sheet.max_row == HEADER_ROW + 1
    assert len(workbook.worksheets) == 1


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2025-06", "2025年6月退回清单"),
        ("2025-02", "2025年1—2月退回清单"),
        ("2024", "2024年退回清单"),
        (None, "不分期报表退回清单"),
    ],
)
def test_the_title_names_the_period(period, title):
    assert reopened(return_list([], period, False, {}))["A1"].value == title


def test_what_has_no_period_goes_to_a_folder_of_its_own(root, findings_source):
    path = write_return_list(root, findings_source, None, made_up=False, workbooks={})
    assert path == root.reports / "returns" / "其他" / "退回清单.xlsx"


@pytest.mark.parametrize("made_up", [True, False])
def test_made_up_data_is_marked(findings, made_up):
    for number in (0, 1):
        sheet = reopened(return_list(findings, "2025-06", made_up, {}), number)
        marked = [sheet.title, sheet["A1"].value, sheet.oddFooter.left.text]
        assert all(("模拟数据" in text) is made_up for text in marked)
