"""The workbook that goes back: marks, comments, the sheet 审核意见, and what becomes of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import openpyxl.xml
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook as Book
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.intake.returned.making import make_returned
from pipelines.intake.returned.remarks import REVIEW_SHEET
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_list,
    write_lists,
)
from tests.intake.books import (
    ASKED,
    CATALOG,
    CODE,
    FORM,
    at,
    beside,
    credit_code,
    expected_figures,
    figure,
    roll,
    save,
    single,
)
from tests.intake.returns import Bureau, review

VALUES = {
    (line.indicator, measure): Decimal(int(figure(line.line, measure)) * 10_000)
    for line, measure in ASKED
}
SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="没有安装 LibreOffice（soffice）")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


def report(code: str = CODE, name: str = "示例人力资源有限公司") -> AgencyReport:
    identity = AgencyIdentity(code, name, "500103", "500103")
    return AgencyReport(identity, accounting_method="gross", values=VALUES)


def template(path: Path, **cells: object) -> Path:
    """A filled template of one agency; cells of the sheet 营业收入 changed."""
    write_flash_single(path, CATALOG, "2025-06", report())
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book["营业收入"][address] = value
    book.save(path)
    return path


def converted(path: Path, kind: str, folder: Path) -> Path:
    """The workbook as LibreOffice saves it: calculated, or as an old .xls."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    return folder / f"{path.stem}.{kind}"


def review_rows(book: Book) -> list[dict[str, object]]:
    """The rows of 审核意见 by their heads."""
    sheet = book[REVIEW_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(number for number, row in enumerate(rows) if row[0] == "序号")
    return [dict(zip(map(str, rows[start]), row, strict=True)) for row in rows[start + 1 :]]


def marked(sheet: Worksheet) -> dict[str, str]:
    """The cells that a rule colours, with the colour."""
    return {
        address: rule.dxf.fill.bgColor.rgb[2:]
        for formatted in sheet.conditional_formatting
        for rule in formatted.rules
        if "审核意见标记" in str(rule.formula)
        for address in str(formatted.sqref).split()
    }


def test_the_first_sheet_says_cell_content_and_what_to_write(
    bureau: Bureau, tmp_path: Path
) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    back = openpyxl.load_workbook(bureau.send_back(file))
    assert back.sheetnames[0] == REVIEW_SHEET
    assert back.active.title == REVIEW_SHEET
    assert [sheet.title for sheet in back if sheet.sheet_view.tabSelected] == [REVIEW_SHEET]
    assert review_rows(back) == [
        {
            "序号": "1",
            "问题编号": file.findings[0].finding_id,
            "性质": "强制性",
            "统一社会信用代码": CODE,
            "单位名称": None,
            "工作表": "营业收入",
            "单元格": "D10",
            "现填内容": "约三百万",
            "应填内容": "确数，如1200.50",
            "问题": "“01 人力资源服务营业收入（本月）”填的是“约三百万”，是约数或范围，"
            "请改填确数，如1200.50。",
            "说明": "请更正",
        }
    ]
    cell = back["营业收入"]["D10"]
    assert cell.value == "约三百万"
    assert cell.comment.text.startswith("【强制性】“01 人力资源服务营业收入（本月）”")
    assert not cell.protection.locked
    assert marked(back["营业收入"]) == {"D10": "F8CBCB"}


def test_the_form_keeps_its_look(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万")
    before = openpyxl.load_workbook(path)
    after = openpyxl.load_workbook(bureau.send_back(bureau.receive(path)))
    assert after.sheetnames[1:] == before.sheetnames
    for sheet in before:
        copy = after[sheet.title]
        for name in ("freeze_panes", "print_title_rows", "dimensions", "sheet_state"):
            assert getattr(copy, name) == getattr(sheet, name)
        for name in ("page_setup", "page_margins", "sheet_format", "protection"):
            assert repr(getattr(copy, name)) == repr(getattr(sheet, name)), name
        assert copy.oddFooter.center.text == sheet.oddFooter.center.text
        assert sorted(map(str, copy.merged_cells.ranges)) == sorted(
            map(str, sheet.merged_cells.ranges)
        )
        assert [
            (str(rule.sqref), rule.type, rule.formula1, rule.error)
            for rule in copy.data_validations.dataValidation
        ] == [
            (str(rule.sqref), rule.type, rule.formula1, rule.error)
            for rule in sheet.data_validations.dataValidation
        ]
        for key, dimension in sheet.column_dimensions.items():
            assert copy.column_dimensions[key].width == dimension.width
        for row in sheet.iter_rows():
            for cell in row:
                other = copy[cell.coordinate]
                for name in ("font", "fill", "border", "alignment", "number_format"):
                    assert repr(getattr(other, name)) == repr(getattr(cell, name)), name


@needs_soffice
def test_formulas_go_back_as_values(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万")
    file = bureau.receive(converted(path, "xlsx", tmp_path / "calculated"))
    back = openpyxl.load_workbook(bureau.send_back(file))
    values = [cell for sheet in back for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in values if cell.data_type == "f"]
    # 1—本月: line 05 is 01 + 03
    assert back["营业收入"]["E14"].value == figure("01", "ytd") + figure("03", "ytd")


@needs_soffice
def test_check_cells_do_not_stay_as_they_last_said(bureau: Bureau, tmp_path: Path) -> None:
    """As values they would say 请核对 whatever is corrected afterwards."""
    path = template(tmp_path / "报表.xlsx", D10="约三百万", E11=10**9)  # 02 above 01
    calculated = converted(path, "xlsx", tmp_path / "calculated")
    book = openpyxl.load_workbook(calculated, data_only=True)
    said = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows(max_col=7, min_col=7)
        for cell in row
        if str(cell.value).startswith("请核对：")
    }
    assert len({sheet for sheet, _ in said}) > 1
    back = openpyxl.load_workbook(bureau.send_back(bureau.receive(calculated)))
    assert {back[sheet][address].value for sheet, address in said} == {None}
    assert back["营业收入"]["G8"].value == book["营业收入"]["G8"].value == "校验"


def test_what_an_agency_wrote_itself_is_no_check(bureau: Bureau, tmp_path: Path) -> None:
    cells = {"D10": "约三百万", "D11": "通过", "G10": "请核对：本月，02≤01。", "G12": "通过"}
    path = template(tmp_path / "报表.xlsx", **cells)
    back = openpyxl.load_workbook(bureau.send_back(bureau.receive(path)))
    assert back["营业收入"]["D11"].value == "通过"
    assert back["营业收入"]["G10"].value is back["营业收入"]["G12"].value is None


def head_lines(book: Book) -> list[object]:
    """What stands above the table of 审核意见, without title and heading."""
    column = [row[0].value for row in book[REVIEW_SHEET].iter_rows(max_col=1)]
    return column[2 : column.index("序号")]


def test_the_head_says_only_what_applies(bureau: Bureau, tmp_path: Path) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    asked = review("服务效果", "E10")
    nowhere = replace(asked, cell_address=None, raw_text=None)
    again = "改好后请把整份文件重新报送到原文件夹。"
    explain = "填错的请改正，没有填错的请在本表“说明”栏写明原因。"
    values = "原文件中的公式已转为数值，不再自动计算。"
    for findings, line in (
        (file.findings, f"强制性问题（单元格标红）请更正。{again}"),
        ([asked], f"核实性问题（单元格标黄）{explain}{again}"),
        ([nowhere], f"核实性问题{explain}{again}"),
        (
            [*file.findings, asked],
            f"强制性问题（单元格标红）请更正。核实性问题（单元格标黄）{explain}{again}",
        ),
    ):
        book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=findings)))
        assert head_lines(book) == [line, values]


def test_what_has_no_cell_shows_no_blank_one(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx")
    file = bureau.receive(path)
    asked = review("营业收入", "D10", raw_text=None)
    nothing = replace(asked, cell_address=None, sheet_name=None)
    book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[nothing])))
    (row,) = review_rows(book)
    assert (row["单元格"], row["现填内容"]) == ("整份报表", "—")
    book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[asked])))
    (row,) = review_rows(book)
    assert (row["单元格"], row["现填内容"]) == ("D10", "（空白）")


def test_a_missing_sheet_has_no_cell(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx")
    book = openpyxl.load_workbook(path)
    del book["招聘活动"]
    book.save(path)
    book = openpyxl.load_workbook(bureau.send_back(bureau.receive(path)))
    (row,) = review_rows(book)
    assert (row["工作表"], row["单元格"], row["现填内容"]) == ("招聘活动", "无对应单元格", "—")
    assert "标红" not in str(head_lines(book)[0])


def test_links_names_and_pivots_stay_behind(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万")
    book = openpyxl.load_workbook(path)
    book["封面"]["H30"] = "点我"
    book["封面"]["H30"].hyperlink = "http://evil.example/"
    book.defined_names["bad"] = DefinedName("bad", attr_text="cmd|'/c calc'!A1")
    book["封面"].defined_names["worse"] = DefinedName("worse", attr_text="[1]Sheet1!A1")
    book.defined_names["good"] = DefinedName("good", attr_text="封面!$A$1:$A$3")
    book.save(path)
    path_back = bureau.send_back(bureau.receive(path))
    with zipfile.ZipFile(path_back) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert not [name for name, content in parts.items() if b"evil" in content or b"cmd|" in content]
    back = openpyxl.load_workbook(path_back)
    assert list(back.defined_names) == ["good"]
    assert list(back["封面"].defined_names) == []
    assert back["封面"]["H30"].value == "点我"


def test_several_findings_of_a_cell_share_a_comment_and_related_cells_are_lighter(
    bureau: Bureau, tmp_path: Path
) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    (first,) = file.findings
    asked = review("营业收入", "D10", related_cells="服务对象!E10；营业收入!E10；没有的表!A1")
    back = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[first, asked])))
    lines = back["营业收入"]["D10"].comment.text.splitlines()
    assert [line[:5] for line in lines] == ["【强制性】", "【核实性】"]
    assert back["服务对象"]["E10"].comment.text == "【关联】见“审核意见”第2条。"
    assert marked(back["营业收入"]) == {"D10": "F8CBCB", "E10": "FFF0C8"}
    assert marked(back["服务对象"]) == {"E10": "FFF0C8"}


def test_only_what_may_stand_can_be_explained(bureau: Bureau, tmp_path: Path) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    findings = [*file.findings, review("服务效果", "E10")]
    sheet = openpyxl.load_workbook(bureau.send_back(replace(file, findings=findings)))[REVIEW_SHEET]
    assert sheet.protection.sheet
    column = next(cell.column_letter for row in sheet for cell in row if cell.value == "说明")
    open_cells = [
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    ]
    assert open_cells == [f"{column}{sheet.max_row}"]
    assert sheet[f"{column}{sheet.max_row - 1}"].value == "请更正"


def test_a_merged_cell_is_marked_where_it_shows(bureau: Bureau, tmp_path: Path) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    findings = [review("封面", "C9"), review("封面", "B9", severity="mandatory")]
    back = openpyxl.load_workbook(bureau.send_back(replace(file, findings=findings)))
    assert marked(back["封面"]) == {"B9": "F8CBCB"}
    lines = back["封面"]["B9"].comment.text.splitlines()
    assert [line[:5] for line in lines] == ["【核实性】", "【强制性】"]


@pytest.mark.parametrize("made_up", [True, False])
def test_made_up_data_are_marked(bureau: Bureau, tmp_path: Path, made_up: bool) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    sheet = openpyxl.load_workbook(bureau.send_back(file, made_up))[REVIEW_SHEET]
    assert ("模拟数据" in sheet["A1"].value) is made_up
    assert ("模拟数据" in (sheet.oddFooter.left.text or "")) is made_up


def test_equal_findings_give_equal_bytes(bureau: Bureau, tmp_path: Path) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    first = bureau.send_back(file).read_bytes()
    assert bureau.send_back(file).read_bytes() == first


def test_a_second_return_forgets_the_marks_of_the_first(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万", D11="无数")
    book = openpyxl.load_workbook(path)
    book["营业收入"]["D11"].comment = Comment("请李四核对", "填表人")
    book["营业收入"]["F11"].comment = Comment("去年口径不同", "填表人")
    book.save(path)
    first = bureau.send_back(bureau.receive(path))
    book = openpyxl.load_workbook(first)
    assert "请李四核对" in book["营业收入"]["D11"].comment.text
    book["营业收入"]["D11"] = 12
    again = tmp_path / "更正.xlsx"
    book.save(again)
    file = bureau.receive(again)
    assert [finding.cell_address for finding in file.findings] == ["D10"]
    back = openpyxl.load_workbook(bureau.send_back(file))
    assert back.sheetnames.count(REVIEW_SHEET) == 1
    assert len(back.sheetnames) == len(book.sheetnames)
    assert marked(back["营业收入"]) == {"D10": "F8CBCB"}
    assert back["营业收入"]["D11"].comment.text == "请李四核对"
    assert back["营业收入"]["F11"].comment.text == "去年口径不同"
    assert back["营业收入"]["D10"].comment.text.count("【强制性】") == 1


def test_an_old_sheet_with_changed_heads_is_replaced(bureau: Bureau, tmp_path: Path) -> None:
    first = bureau.send_back(bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万")))
    book = openpyxl.load_workbook(first)
    sheet = book[REVIEW_SHEET]
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if cell.value in ("问题编号", "说明"):
            cell.value = f"{cell.value}（必填）"
    sheet.title = "意见"
    again = tmp_path / "更正.xlsx"
    book.save(again)
    back = openpyxl.load_workbook(bureau.send_back(bureau.receive(again)))
    assert back.sheetnames == [REVIEW_SHEET, *book.sheetnames[1:]]


def test_a_lost_explanation_is_shown_where_it_stood(bureau: Bureau, tmp_path: Path) -> None:
    """The cell goes with the old sheet: nothing of the new one is marked in its place."""
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    asked = review("服务效果", "E10")
    book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[asked])))
    book["营业收入"]["D10"] = 300.5
    sheet = book[REVIEW_SHEET]
    sheet.cell(sheet.max_row, 2, "第1条")
    sheet.cell(sheet.max_row, sheet.max_column, "新增大客户")
    again = tmp_path / "更正.xlsx"
    book.save(again)
    file = bureau.receive(again)
    assert "请从退回文件原样保留问题编号" in file.findings[0].message
    book = openpyxl.load_workbook(bureau.send_back(file))
    (row,) = review_rows(book)
    assert (row["工作表"], row["单元格"]) == (REVIEW_SHEET, f"原文件B{sheet.max_row}")
    assert row["现填内容"] == "第1条"
    assert not [cell for line in book[REVIEW_SHEET].iter_rows() for cell in line if cell.comment]
    assert "标黄" not in str(head_lines(book)[0])


def test_a_comment_that_looks_like_ours_stays_its_authors(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万")
    book = openpyxl.load_workbook(path)
    for address in ("D10", "F11"):
        book["营业收入"][address].comment = Comment("【强制性】请李四核对", "填表人")
    book.save(path)
    for name in ("一", "二", "三"):
        book = openpyxl.load_workbook(bureau.send_back(bureau.receive(path)))
        assert book["营业收入"]["F11"].comment.text == "【强制性】请李四核对"
        text = book["营业收入"]["D10"].comment.text
        assert text.endswith("——原批注——\n【强制性】请李四核对")
        assert text.count("【强制性】") == 2
        path = tmp_path / f"{name}.xlsx"
        book["封面"]["H30"] = name
        book.save(path)
    assert book["营业收入"]["F11"].comment.author == "填表人"


@needs_soffice
def test_our_comments_are_known_without_their_author(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万")
    back = bureau.send_back(bureau.receive(path))
    back = converted(back, "xlsx", tmp_path / "saved")
    back = bureau.send_back(bureau.receive(back))
    text = openpyxl.load_workbook(back)["营业收入"]["D10"].comment.text
    assert text.count("【强制性】") == 1


def test_a_sheet_that_only_bears_the_name_is_kept(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx", D10="约三百万")
    book = openpyxl.load_workbook(path)
    book.create_sheet(REVIEW_SHEET)["A1"] = "区里的意见"
    book.save(path)
    back = openpyxl.load_workbook(bureau.send_back(bureau.receive(path)))
    assert back[REVIEW_SHEET]["A1"].value == "区里的意见"
    assert back.worksheets[0]["A1"].value == REVIEW_SHEET


def test_corrected_it_is_accepted_with_its_explanation(bureau: Bureau, tmp_path: Path) -> None:
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    asked = review("服务效果", "E10")
    book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[*file.findings, asked])))
    book["营业收入"]["D10"] = 300.5
    sheet = book[REVIEW_SHEET]
    sheet.cell(sheet.max_row, sheet.max_column, "新增大客户，人次增加")
    sheet.cell(sheet.max_row - 1, sheet.max_column, "不该在此说明")
    corrected = tmp_path / "更正.xlsx"
    book.save(corrected)
    accepted = bureau.receive(corrected)
    assert accepted.findings == []
    assert accepted.layout == "single"
    figures = {
        (row["indicator_code"], row["measure_code"]): row["number_value"]
        for row in bureau.rows("raw_values")
        if row["measure_code"] is not None
    }
    expected = {key: value / 10_000 if key[0] in MONEY else value for key, value in VALUES.items()}
    assert figures == expected | {("revenue_booked", "month"): Decimal("300.5")}
    told = [row for row in bureau.rows("raw_values") if row["sheet_name"] == REVIEW_SHEET]
    assert [(row["field_code"], row["text_value"], row["credit_code"]) for row in told] == [
        ("finding_id", asked.finding_id, None),
        ("explanation", "新增大客户，人次增加", None),
    ]
    assert len({row["unit_row"] for row in told}) == 1


MONEY = {line.indicator for line in FORM.lines if line.unit == "万元"}


def test_a_roll_is_marked_and_read_again(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "报表.xlsx"
    reports = [report(credit_code(number), f"机构{number}") for number in (1, 2, 3)]
    write_flash_roll(path, CATALOG, "2025-06", "500103", reports)
    book = openpyxl.load_workbook(path)
    book["营业收入"]["D13"] = "一千二"
    book.save(path)
    file = bureau.receive(path)
    assert [finding.credit_code for finding in file.findings] == [credit_code(2)]
    asked = review("服务效果", "E12", credit_code(1))
    book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[*file.findings, asked])))
    assert marked(book["营业收入"]) == {"D13": "F8CBCB"}
    book["营业收入"]["D13"] = 1200
    sheet = book[REVIEW_SHEET]
    sheet.cell(sheet.max_row, sheet.max_column, "季节性用工")
    corrected = tmp_path / "更正.xlsx"
    book.save(corrected)
    accepted = bureau.receive(corrected)
    assert (accepted.layout, accepted.findings) == ("roll", [])
    values = bureau.rows("raw_values")
    assert len({row["credit_code"] for row in values}) == 4  # three agencies, and none: cover
    assert [row["text_value"] for row in values if row["field_code"] == "explanation"] == [
        "季节性用工"
    ]


def annual_rows() -> list[dict[str, object]]:
    columns = CATALOG.form("annual_return", "2024-12").tables[0].columns
    words = {"district": "500103", "reporting_unit": "500103"}
    return [
        {
            column.field: words.get(column.field, Decimal(20_000) if column.indicator else None)
            for column in columns
        }
        | {"credit_code": credit_code(number), "agency_name": f"机构{number}"}
        for number in (1, 2)
    ]


def test_an_annual_list_goes_back_and_returns(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "年报.xlsx"
    write_list(path, CATALOG, "annual_return", "2024", annual_rows())
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(11, sheet.max_column, "很多")
    book.save(path)
    file = bureau.receive(path, "annual/2024")
    wrong = [finding for finding in file.findings if finding.raw_text == "很多"]
    (finding,) = wrong
    assert finding.measure_code == "annual"
    assert finding.indicator_code is not None
    back = openpyxl.load_workbook(bureau.send_back(file))
    assert finding.cell_address in marked(back.worksheets[1])
    assert len(head_lines(back)) == 1  # no formulas that became values
    again = tmp_path / "再报.xlsx"
    back.save(again)
    assert [each.cell_address for each in bureau.receive(again, "annual/2024").findings] == [
        each.cell_address for each in file.findings
    ]


LEDGER_ROW: dict[str, object] = {
    "item_name": "示例公司",
    "item_date": "2024-03-01",
    "evidence": "示例文件",
}


def ledger(path: Path) -> Path:
    """A ledger with a wrong required and a wrong optional cell in row 10 of its sheets."""
    sheets = ("诚信示范", "引进机构")
    write_lists(path, CATALOG, "ledger", "2025-06", {sheet: [LEDGER_ROW] * 2 for sheet in sheets})
    book = openpyxl.load_workbook(path)
    book["诚信示范"]["D10"] = "前年"
    book["引进机构"]["E10"] = "暂未"
    book.save(path)
    return path


def test_a_ledger_goes_back_and_returns(bureau: Bureau, tmp_path: Path) -> None:
    file = replace(bureau.receive(ledger(tmp_path / "台账.xlsx"), "ledger"), period="2025-06")
    found = [(each.severity, each.sheet_name, each.cell_address) for each in file.findings]
    assert found == [("review", "引进机构", "E10"), ("mandatory", "诚信示范", "D10")]
    assert {(row["sheet_name"], row["unit_row"]) for row in bureau.rows("raw_values")} == {
        ("封面", 0),
        ("引进机构", 10),
        ("引进机构", 11),
        ("诚信示范", 11),
    }
    book = openpyxl.load_workbook(bureau.send_back(file))
    assert list(marked(book["诚信示范"])) == ["D10"]
    assert list(marked(book["引进机构"])) == ["E10"]
    book["诚信示范"]["D10"] = "2023年3月1日"
    book["引进机构"]["E10"] = None
    again = tmp_path / "再报.xlsx"
    book.save(again)
    assert bureau.receive(again, "ledger").findings == []


def test_a_ledger_goes_back_as_our_template_refilled(bureau: Bureau, tmp_path: Path) -> None:
    path = with_part(ledger(tmp_path / "台账.xlsx"), "xl/vbaProject.bin")
    file = replace(bureau.receive(path, "ledger"), period="2025-06")
    book = openpyxl.load_workbook(bureau.send_back(file))
    names = {
        sheet.title: [cell.value for cell in sheet["A"] if cell.value == "示例公司"]
        for sheet in book.worksheets
    }
    assert {name: len(rows) for name, rows in names.items() if rows} == {
        "引进机构": 2,
        "诚信示范": 1,
    }
    assert [row["现填内容"] for row in review_rows(book)] == ["暂未", "前年"]


@pytest.fixture
def old_workbook(tmp_path: Path) -> Path:
    """A report of one agency as an old .xls, laid out otherwise than our template."""
    sheets = single()
    at(sheets, "营业收入", "01", "本月", "约三百万")
    beside(sheets, "报出日期", "昨天")
    return converted(save(sheets, tmp_path / "报表.xlsx"), "xls", tmp_path / "old")


@needs_soffice
def test_an_old_workbook_goes_back_as_our_template_refilled(
    bureau: Bureau, old_workbook: Path, tmp_path: Path
) -> None:
    file = bureau.receive(old_workbook)
    asked = review("服务效果", "E5", related_cells="服务对象!E5")
    book = openpyxl.load_workbook(bureau.send_back(replace(file, findings=[*file.findings, asked])))
    rows = {str(row["现填内容"]): row for row in review_rows(book)}
    # the template's rows stand five lower than those of the old workbook
    assert (rows["约三百万"]["工作表"], rows["约三百万"]["单元格"]) == ("营业收入", "D10")
    assert (rows["1511"]["工作表"], rows["1511"]["单元格"]) == ("服务效果", "E10")
    assert marked(book["营业收入"]) == {"D10": "F8CBCB"}
    assert marked(book["服务对象"]) == {"E10": "FFF0C8"}
    (date_cell,) = marked(book["封面"])
    assert (rows["昨天"]["工作表"], rows["昨天"]["单元格"]) == ("封面", date_cell)
    assert book["封面"][date_cell].value is None
    assert book["营业收入"]["D14"].value.startswith("=")  # our own formulas stay
    assert "能读出的内容已填入下发的模板" in str(book[REVIEW_SHEET]["A4"].value)
    book["营业收入"]["D10"] = 1010
    corrected = tmp_path / "更正.xlsx"
    book.save(corrected)
    assert bureau.receive(corrected).findings == []
    found = {
        (row["indicator_code"], row["measure_code"]): row["number_value"]
        for row in bureau.rows("raw_values")
        if row["measure_code"] is not None
    }
    assert found == expected_figures() | {("revenue_booked", "month"): Decimal(1010)}


@needs_soffice
def test_several_agencies_go_back_as_a_roll_refilled(bureau: Bureau, tmp_path: Path) -> None:
    second = {f"{name} (2)": rows for name, rows in single(code=credit_code(2)).items()}
    at(second, "招聘活动 (2)", "21", "本月", "未统计")
    path = converted(save({**single(), **second}, tmp_path / "两家.xlsx"), "xls", tmp_path)
    file = bureau.receive(path)
    assert file.layout == "single"
    assert [finding.credit_code for finding in file.findings] == [credit_code(2)]
    book = openpyxl.load_workbook(bureau.send_back(file))
    (row,) = review_rows(book)
    assert row["统一社会信用代码"] == credit_code(2)
    rows = {cell.value: cell.row for cell in book["招聘活动"]["B"]}
    assert CODE in rows
    assert [*marked(book["招聘活动"])] == [f"D{rows[credit_code(2)]}"]


def with_part(path: Path, name: str) -> Path:
    """The workbook with one more part in its package."""
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, b"made up")
    return path


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml"])
def test_what_carries_more_than_cells_goes_back_as_our_template(
    bureau: Bureau, tmp_path: Path, part: str
) -> None:
    path = with_part(template(tmp_path / "报表.xlsx", D10="约三百万"), part)
    back = bureau.send_back(bureau.receive(path))
    with zipfile.ZipFile(back) as package:
        assert part not in package.namelist()
    book = openpyxl.load_workbook(back)
    assert book["营业收入"]["D10"].value is None
    assert marked(book["营业收入"]) == {"D10": "F8CBCB"}
    assert "下发的模板" in str(book[REVIEW_SHEET]["A4"].value)


@pytest.mark.parametrize("end", ["os.abort()", "[bytearray(2**40)]", "raise NameError('bug')"])
def test_a_lost_worker_costs_only_the_look_of_its_file(
    bureau: Bureau, tmp_path: Path, end: str
) -> None:
    script = tmp_path / "worker.py"
    script.write_text(
        "import os\nfrom pipelines.intake.returned import marking\n"
        "really_open = marking._open\n"
        "def _open(content, is_refilled):\n"
        f"    {end}\n"
        "marking._open = _open\nmarking.main()\n"
    )
    file = bureau.receive(template(tmp_path / "报表.xlsx", D10="约三百万"))
    back = bureau.send_back(file, worker=[sys.executable, str(script)])
    book = openpyxl.load_workbook(back)
    assert marked(book["营业收入"]) == {"D10": "F8CBCB"}
    assert "下发的模板" in str(book[REVIEW_SHEET]["A4"].value)


def test_a_refilled_roll_says_where_cells_were_that_it_does_not_have(
    bureau: Bureau, tmp_path: Path
) -> None:
    sheets = roll([CODE, credit_code(2)])
    sheets["单位名单"].append([3, "没有代码", "机构3", "渝中区", "正常营业", "否", "净额法"])
    address = at(sheets, "营业收入", credit_code(2), "02", "一千二")
    path = with_part(save(sheets, tmp_path / "报表.xlsx"), "xl/vbaProject.bin")
    file = bureau.receive(path)
    book = openpyxl.load_workbook(bureau.send_back(file))
    rows = {str(row["现填内容"]): row for row in review_rows(book)}
    assert rows["没有代码"]["单元格"] == "原文件B4"
    assert rows["一千二"]["单元格"] != address
    (cell,) = marked(book["营业收入"])
    assert rows["一千二"]["单元格"] == cell
    assert book["营业收入"][f"B{cell[-2:]}"].value == credit_code(2)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil.example/")', "+甲", "-甲", "@SUM(A1)"])
def test_no_text_becomes_a_formula(bureau: Bureau, tmp_path: Path, text: str) -> None:
    path = template(tmp_path / "报表.xlsx")
    book = openpyxl.load_workbook(path)
    cell = book["封面"]["B10"]
    cell.value, cell.data_type = text, "s"
    cell = book["营业收入"]["D10"]
    cell.value, cell.data_type = text, "s"
    book.save(path)
    back = bureau.send_back(bureau.receive(path))
    book = openpyxl.load_workbook(back)
    (row,) = [row for row in review_rows(book) if row["单元格"] == "D10"]
    assert row["现填内容"] == text
    for sheet in book:
        for each in (cell for row in sheet.iter_rows() for cell in row if cell.value == text):
            assert each.data_type == "s"
            assert each.quotePrefix, each.coordinate


@needs_soffice
def test_libreoffice_takes_texts_for_texts(bureau: Bureau, tmp_path: Path) -> None:
    path = template(tmp_path / "报表.xlsx")
    book = openpyxl.load_workbook(path)
    cell = book["营业收入"]["D10"]
    cell.value, cell.data_type = "=1+1", "s"
    book.save(path)
    back = bureau.send_back(bureau.receive(path))
    book = openpyxl.load_workbook(converted(back, "xlsx", tmp_path / "lo"))
    assert (book["营业收入"]["D10"].value, book["营业收入"]["D10"].data_type) == ("=1+1", "s")
    (row,) = review_rows(book)
    assert row["现填内容"] == "=1+1"
    assert book[REVIEW_SHEET]["H6"].data_type == "s"
    assert marked(book["营业收入"])["D10"] == "F8CBCB"


def test_a_refilled_list_keeps_its_figures(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "年报.xlsx"
    write_list(path, CATALOG, "annual_return", "2024", annual_rows())
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(11, 5, "很多")
    sheet.move_range("A1:AZ60", rows=2)  # where our template does not have them
    book.save(path)
    file = bureau.receive(with_part(path, "xl/vbaProject.bin"), "annual/2024")
    before = {
        (row["credit_code"], row["field_code"]): (row["number_value"], row["text_value"])
        for row in bureau.rows("raw_values")
    }
    (finding,) = [finding for finding in file.findings if finding.raw_text == "很多"]
    assert finding.cell_address == "E13"
    back = openpyxl.load_workbook(bureau.send_back(file))
    assert "E11" in marked(back.worksheets[1])
    back.save(tmp_path / "再报.xlsx")
    bureau.receive(tmp_path / "再报.xlsx", "annual/2024")
    assert {
        (row["credit_code"], row["field_code"]): (row["number_value"], row["text_value"])
        for row in bureau.rows("raw_values")
    } == before


def test_what_could_not_be_read_stays_blank_in_the_template(bureau: Bureau, tmp_path: Path) -> None:
    sheets = single()
    for label in ("单位运营状态", "零报告", "所在区县", "报送单位"):
        beside(sheets, label, "乱写")
    path = with_part(save(sheets, tmp_path / "报表.xlsx"), "xl/vbaProject.bin")
    book = openpyxl.load_workbook(bureau.send_back(bureau.receive(path)))
    told = {row[0].value: row[1].value for row in book["封面"].iter_rows(min_row=9, max_row=16)}
    assert told == {
        "统一社会信用代码": CODE,
        "单位详细名称": "示例人力资源有限公司",
        "所在区县": None,
        "报送单位": None,
        "报告期": "2025年6月",
        "单位运营状态": None,
        "零报告": None,
        "收入核算方法": "总额法",
    }
    assert len(marked(book["封面"])) == 4


def test_a_file_without_any_workbook_costs_no_other_one(
    bureau: Bureau, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """January has no template of its own."""
    path = tmp_path / "报表.xlsx"
    save(single(period="2025年1月"), path)
    good = bureau.receive(template(tmp_path / "好.xlsx", D10="约三百万"))
    january = bureau.receive(with_part(path, "xl/vbaProject.bin"), "reports/2025-01")
    made = make_returned([january, good], lambda _: [], CATALOG, bureau.folder, False)
    assert [file for file, _ in made] == [good]
    assert "“reports/2025-01/报表.xlsx”的退回文件没有生成" in caplog.text


def test_agencies_workbooks_are_opened_without_entities() -> None:
    """The library that does it for openpyxl must not go missing unnoticed."""
    assert openpyxl.xml.DEFUSEDXML
