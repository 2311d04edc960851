"""Filled templates of one agency whose layout was damaged: the same figures, or what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.intake.decoding import CellValue, Workbook, decode_files
from pipelines.intake.records import Reading
from pipelines.intake.templates import AgencyIdentity, AgencyReport, write_flash_single
from tests.intake.books import (
    CATALOG,
    CODE,
    FORM,
    READER,
    SECTIONS,
    Rows,
    Sheets,
    expected_figures,
    figure,
    figures,
    read,
    receipt,
    rules,
    single,
)

DATA = list(SECTIONS)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "报表.xlsx"
    values = {
        (line.indicator, measure): int(figure(line.line, measure)) * CATALOG.unit(line.unit).factor
        for line in FORM.lines
        if line.calculated is None
        for measure in line.measures
    }
    identity = AgencyIdentity(CODE, "示例人力资源有限公司", "500103", "500103")
    write_flash_single(path, CATALOG, "2025-06", AgencyReport(identity, values=values))
    return path


def damaged(template: Path, tmp_path: Path, damage: Callable[[Book], None]) -> Reading:
    book = load_workbook(template)
    for sheet in book.worksheets:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
    damage(book)
    book.save(tmp_path / "报表.xlsx")
    ((_, workbook),) = decode_files([tmp_path / "报表.xlsx"])
    assert isinstance(workbook, Workbook)
    return READER.read(workbook, receipt())


def data_sheets(book: Book) -> list[Worksheet]:
    return [book[name] for name in DATA]


def insert_rows(book: Book) -> None:
    for sheet in book.worksheets:
        for row in (14, 9, 8, 3, 1):
            sheet.insert_rows(row)


def insert_columns(book: Book) -> None:
    for sheet in data_sheets(book):
        for column in (6, 4, 3, 2, 1):
            sheet.insert_cols(column)
    book["封面"].insert_cols(1, 2)


def hide(book: Book) -> None:
    for sheet in data_sheets(book):
        sheet.row_dimensions[12].hidden = True
        sheet.column_dimensions["E"].hidden = True
    book[DATA[0]].sheet_state = "hidden"
    book[DATA[1]].sheet_state = "veryHidden"


def rename_and_reorder(book: Book) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"表{number}"
    book.move_sheet("表0", len(book.worksheets))


def add_sheets(book: Book) -> None:
    notes = book.create_sheet("附注", 0)
    notes["A1"], notes["B2"] = "本月主要变化", 12345
    for name in DATA:
        copy = book.copy_worksheet(book[name])
        for row in copy.iter_rows(min_row=10, min_col=4, max_col=5):
            for cell in row:
                cell.value = None


def drop_codes(book: Book) -> None:
    for sheet in data_sheets(book):
        sheet.delete_cols(1)


def add_columns(book: Book) -> None:
    for sheet in data_sheets(book):
        for column, head in enumerate(("本月同比", "比上年增长（%）", "备注"), start=8):
            for row in range(8, 26):
                sheet.cell(row, column).value = 99
            sheet.cell(8, column).value = head


def add_remarks(book: Book) -> None:
    for sheet in data_sheets(book):
        for text in ("备注：本月数据含分公司。", "填表人：李四", "单位：万元", "合计"):
            sheet.append([text, None, None, 7])


@pytest.mark.parametrize(
    "damage",
    [
        insert_rows,
        insert_columns,
        hide,
        rename_and_reorder,
        add_sheets,
        drop_codes,
        add_columns,
        add_remarks,
    ],
)
def test_a_damaged_template_still_reads_to_the_same_figures(
    damage: Callable[[Book], None], template: Path, tmp_path: Path
) -> None:
    reading = damaged(template, tmp_path, damage)
    assert reading.problems == []
    assert figures(reading) == expected_figures()


@pytest.mark.parametrize("state", ["visible", "hidden"])
def test_a_filled_copy_of_a_sheet_is_told_apart_by_no_guess(
    state: str, template: Path, tmp_path: Path
) -> None:
    def copy(book: Book) -> None:
        book.copy_worksheet(book["招聘活动"]).sheet_state = state

    reading = damaged(template, tmp_path, copy)
    assert [rule for _, rule, _ in rules(reading)] == ["duplicate_label"] * 8
    assert reading.problems[0]["message"] == (
        "文件“报表.xlsx”工作表“招聘活动 Copy”单元格B10的“21 举办现场招聘会”在工作表“招聘活动”"
        "单元格B10已有，请只保留一处。"
    )


def test_the_filled_one_of_two_sheets_is_read_wherever_it_stands() -> None:
    sheets = single()
    blank: Rows = [[*row[:3], None, None, *row[5:]] for row in sheets["招聘活动"][4:]]
    reading = read({"空白": [*sheets["招聘活动"][:4], *blank], **sheets})
    assert reading.problems == []
    assert figures(reading) == expected_figures()


def with_heads(*heads: list[CellValue]) -> Sheets:
    """The report with other head rows in each section."""
    return {
        name: [*rows[:2], *map(list, heads), *rows[3:]] if name in SECTIONS else rows
        for name, rows in single().items()
    }


NAMES: list[CellValue] = ["代码", "指标名称", "计量单位"]
BLANK: list[CellValue] = [None] * 3


@pytest.mark.parametrize(
    "heads",
    [
        [[*NAMES, "本年", None, "上年同期"], [*BLANK, "本月", "1—本月", "1—本月"]],
        [[*BLANK, "本年", None, "上年同期"], [*NAMES, "本月", "1—本月", "1—本月"]],
        [[*NAMES, "本月", "本年累计", "上年同期"], [*BLANK, None, None, "1—本月"]],
        [[*NAMES, "本月", "1—本月", None], [*BLANK, "本年", "本年", "上年同期"]],
        [
            [*NAMES, "数值", None, None],
            [*BLANK, "本年", None, "上年"],
            [*BLANK, "本月", "累计", "1—本月"],
        ],
        [
            ["单位负责人：张三", None, None, None, None, "单位：见各行"],
            [*NAMES, "本月", "1至本月", "上年同期"],
        ],
        [[*NAMES, "本\n月", "1 — 本月", "上年同期\n1—本月"]],
    ],
)
def test_heads_of_several_rows_are_one_head(heads: list[list[CellValue]]) -> None:
    reading = read(with_heads(*heads))
    assert reading.problems == []
    assert figures(reading) == expected_figures()


@pytest.mark.parametrize(
    "heads",
    [
        [[*NAMES, "本年", "上年同期"], [*BLANK, "本月", "本月"]],
        [[*NAMES, "同比", None], [*BLANK, "本月", "1—本月"]],
        [[*NAMES, "本月", None], [*BLANK, "上年同期", "增长（%）"]],
    ],
)
def test_heads_of_other_figures_are_not_taken_for_these(heads: list[list[CellValue]]) -> None:
    reading = read(with_heads(*heads))
    assert {rule for _, rule, _ in rules(reading)} <= {"missing_column", "missing_value"}
    assert "按模板恢复为一列" in str(reading.problems) or "用下发的模板补填" in str(
        reading.problems
    )
    assert {measure for _, measure in figures(reading)} <= {"month"}


def test_a_unit_in_the_head_is_the_unit_of_the_figures() -> None:
    sheets = single()
    rows = sheets["营业收入"]
    rows[2] = ["代码", "指标名称", None, "本月（元）", "1—本月/元", "上年同期1—本月（单位：元）"]
    for row in rows[4:]:
        row[2] = None
    reading = read(sheets)
    assert reading.problems == []
    units = {(v.sheet_name, v.unit) for v in reading.values if v.measure_code}
    assert ("营业收入", "元") in units
    assert ("营业收入", "万元") not in units


@pytest.mark.parametrize(
    ("head", "unit", "rule"),
    [
        ("本月（元）", "万元", "unit_conflict"),
        ("本月（元）", None, "unit_conflict"),
        ("本月（人）", None, "unknown_unit"),
    ],
)
def test_units_that_contradict_each_other_are_not_chosen_from(
    head: str, unit: str | None, rule: str
) -> None:
    sheets = single()
    rows = sheets["营业收入"]
    rows[2][3] = head
    for row in rows[4:]:
        row[2] = unit
    reading = read(sheets)
    assert {found[:2] for found in rules(reading)} == {("agency", rule)}
    assert "revenue_booked" not in {indicator for indicator, _ in figures(reading)}


def test_a_note_above_a_table_without_units_is_its_unit() -> None:
    sheets = single()
    for name in SECTIONS:
        for row in sheets[name][2:]:
            row[2] = None
        sheets[name][1] = [None, None, None, "（计量单位：元）"]
    sheets["营业收入"][1] = [None, None, None, None, "单位：元"]
    reading = read(sheets)
    units = {v.indicator_code: v.unit for v in reading.values if v.measure_code}
    assert reading.problems == []
    assert units["revenue_booked"] == "元"
    assert units["job_fairs"] == "场"


def test_labels_below_a_head_merged_over_two_columns_stand_in_either() -> None:
    sheets = single()
    for name in SECTIONS:
        for number, row in enumerate(sheets[name][2:]):
            row.insert(2, None)
            if number > 1 and str(row[1]).startswith(("其中", "05中")):
                row[1:3] = [None, row[1]]
    reading = read(sheets)
    assert reading.problems == []
    assert figures(reading) == expected_figures()


def test_a_code_may_stand_before_the_label_in_one_cell() -> None:
    sheets = single()
    for name in SECTIONS:
        for row in sheets[name][4:]:
            row[:2] = [None, f"{row[0]} {row[1]}"]
    reading = read(sheets)
    assert reading.problems == []
    assert figures(reading) == expected_figures()
    assert {v.reading_rule for v in reading.values if v.measure_code} == {"code_and_label"}


def test_a_form_on_one_sheet_without_codes_is_told_by_what_stands_around() -> None:
    """其中：高校毕业生 is a line of two sections."""
    sheets = single()
    lines = [row for name in SECTIONS for row in sheets[name][4:]]
    for row in lines:
        row[0] = None
    table: Rows = [sheets["营业收入"][2], *lines]
    reading = read({"封面": sheets["封面"], "全部": table})
    assert reading.problems == []
    assert figures(reading) == expected_figures()


def test_lines_of_two_sections_mixed_without_codes_are_not_guessed() -> None:
    sheets = single()
    lines = [row for name in SECTIONS for row in sheets[name][4:]]
    for row in lines:
        row[0] = None
    mixed = lines[::2] + lines[1::2]
    reading = read({"封面": sheets["封面"], "全部": [sheets["营业收入"][2], *mixed]})
    assert {rule for _, rule, _ in rules(reading)} == {"missing_value"}
    assert "“52 其中：高校毕业生”" in str([p["message"] for p in reading.problems])
    right = expected_figures()
    assert figures(reading).items() <= right.items()
