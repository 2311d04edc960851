"""The report of a reporting unit: agencies matched over the sheets by their code."""

from __future__ import annotations

import pytest

from pipelines.intake.decoding import CellValue
from pipelines.intake.records import Reading
from tests.intake.books import (
    CODE,
    SECTIONS,
    Sheets,
    at,
    beside,
    credit_code,
    expected_figures,
    figures,
    place,
    read,
    roll,
    rules,
    shifted,
    texts,
)

SECOND, ZERO = credit_code(2), credit_code(3)


def assert_whole(reading: Reading) -> None:
    assert reading.problems == []
    assert reading.file["layout"] == "roll"
    assert reading.file["reporting_unit_code"] == "500103"
    for code in (CODE, SECOND):
        assert figures(reading, code) == expected_figures()


def test_a_whole_roll_is_read() -> None:
    reading = read(roll(zero_codes=[ZERO]))
    assert_whole(reading)
    assert figures(reading, ZERO) == {}
    assert texts(reading, None) == {
        "reporting_unit": "500103",
        "period": "2025-06",
        "preparer": "王五",
    }
    assert texts(reading, ZERO) == {
        "credit_code": ZERO,
        "agency_name": "零机构",
        "district": "500103",
        "operating_status": "suspended",
        "zero_report": "yes",
    }


def test_values_carry_the_row_of_their_own_sheet() -> None:
    sheets = roll()
    sheets["招聘活动"] = shifted(sheets["招聘活动"], 4, 0)
    reading = read(sheets)
    rows = {
        (value.sheet_name, value.unit_row)
        for value in reading.values
        if value.credit_code == SECOND
    }
    assert rows == {
        ("单位名单", 3),
        ("营业收入", 7),
        ("招聘活动", 11),
        ("服务对象", 7),
        ("服务效果", 7),
    }
    assert {value.unit_row for value in reading.values if value.credit_code is None} == {0}
    assert {value.reading_rule for value in reading.values if value.measure_code} == {
        "code_and_label"
    }


def move(sheets: Sheets) -> Sheets:
    return {name: shifted(rows, 5, 2) for name, rows in sheets.items()}


def rename(sheets: Sheets) -> Sheets:
    return {f"Sheet{number}": rows for number, rows in enumerate(sheets.values(), start=1)}


def reorder_sheets(sheets: Sheets) -> Sheets:
    return dict(reversed(sheets.items()))


def reorder_agencies(sheets: Sheets) -> Sheets:
    rows = sheets["服务对象"]
    return {**sheets, "服务对象": rows[:-2] + rows[-2:][::-1]}


def reorder_identity(sheets: Sheets) -> Sheets:
    return {
        name: rows if name == "封面" else [[*row[:1], *row[1:3][::-1], *row[3:]] for row in rows]
        for name, rows in sheets.items()
    }


def reorder_lines(sheets: Sheets) -> Sheets:
    """The last three columns of a section are one line of three measures."""
    rows = sheets["服务对象"]
    return {**sheets, "服务对象": [row[:3] + row[-3:] + row[3:-3] for row in filled(rows)]}


def filled(rows: list[list[CellValue]]) -> list[list[CellValue]]:
    width = max(map(len, rows))
    return [row + [None] * (width - len(row)) for row in rows]


def sums(rows: list[list[CellValue]]) -> list[CellValue]:
    """The sums of all columns of figures."""
    return [sum(row[column] for row in rows[-2:]) for column in range(3, len(rows[-1]))]  # type: ignore[arg-type,misc]


def with_totals(sheets: Sheets) -> Sheets:
    names: list[list[CellValue]] = [
        [None, None, "渝中区小计"],
        ["合计", None, None],
        [None, "总 计", None],
        [None, "——", "合　计（元）"],
        [None, None, "其中：民营机构"],
    ]
    return {
        name: [*rows, *([*each, *(sums(rows) if name in SECTIONS else [])] for each in names)]
        if name != "封面"
        else rows
        for name, rows in sheets.items()
    }


def between_titles(sheets: Sheets) -> Sheets:
    """Two blocks with a title and a subtotal each, and remarks below."""
    changed = dict(sheets)
    for name in ("单位名单", *SECTIONS):
        *heads, first, second = sheets[name]
        figures_of = [each[3:] if name in SECTIONS else [] for each in (first, second)]
        both = sums(sheets[name]) if name in SECTIONS else []
        changed[name] = [
            *heads,
            [],
            ["一、市属机构"],
            first,
            [None, "小计", None, *figures_of[0]],
            [None, None, "（二）区属机构"],
            second,
            [None, None, "小　计", *figures_of[1]],
            ["合计", None, None, *both],
            ["备注：本表含分公司。", None, None],
            [None, "说明：代收代付见附表"],
            [None, "填表人：李四", None, "联系电话：", 63001234.0],
            [None, "制表日期", "2025年7月9日"],
        ]
    return changed


def with_total_on_top(sheets: Sheets) -> Sheets:
    return {
        name: [*rows[:5], ["共计", None, None, *sums(rows)], *rows[5:]]
        if name in SECTIONS
        else rows
        for name, rows in sheets.items()
    }


def repeat_agency(sheets: Sheets) -> Sheets:
    return {
        name: [*rows, [], ["二、民营机构"], [9.0, *rows[-1][1:]]] if name != "封面" else rows
        for name, rows in sheets.items()
    }


def with_year_heads(sheets: Sheets) -> Sheets:
    """A further row of heads: 本年 over two columns, 上年同期 over the last."""
    changed = dict(sheets)
    for name in SECTIONS:
        rows = [list(row) for row in sheets[name]]
        over: list[CellValue] = []
        for head in rows[4]:
            over.append({"本月": "本年", "上年同期1—本月": "上年同期"}.get(str(head)))
        rows[4] = ["1—本月" if head == "上年同期1—本月" else head for head in rows[4]]
        changed[name] = [*rows[:4], over, *rows[4:]]
    return changed


def with_two_head_rows(sheets: Sheets) -> Sheets:
    """Label and unit in one cell, the measures below, the codes dropped."""
    changed = dict(sheets)
    for name in SECTIONS:
        rows = [list(row) for row in sheets[name]]
        for column, label in enumerate(rows[1]):
            if column >= 3 and label is not None:
                rows[1][column] = f"{label}\n（{rows[3][column]}）"
        changed[name] = [rows[0], rows[1], rows[4], *rows[5:]]
    return changed


def with_codes_in_labels(sheets: Sheets) -> Sheets:
    changed = dict(sheets)
    for name in SECTIONS:
        rows = [list(row) for row in sheets[name]]
        for column, label in enumerate(rows[1]):
            if column >= 3 and label is not None:
                rows[1][column] = f"{rows[2][column]}.{label}"
        changed[name] = [*rows[:2], *rows[3:]]
    return changed


def with_summary(sheets: Sheets) -> Sheets:
    summary: list[list[CellValue]] = [
        ["全区汇总"],
        ["代码", "指标名称", "本月"],
        ["01", "合计", 5.0],
    ]
    return {**sheets, "汇总": summary, "说明": [["填报说明"], ["统一社会信用代码为18位。"]]}


def with_repeated_heads(sheets: Sheets) -> Sheets:
    rows = sheets["单位名单"]
    return {**sheets, "单位名单": [*rows[:2], [], list(rows[0]), *rows[2:]]}


@pytest.mark.parametrize(
    "rearrange",
    [
        move,
        rename,
        reorder_sheets,
        reorder_agencies,
        reorder_identity,
        reorder_lines,
        with_totals,
        between_titles,
        with_total_on_top,
        repeat_agency,
        with_year_heads,
        with_two_head_rows,
        with_codes_in_labels,
        with_summary,
        with_repeated_heads,
    ],
)
def test_figures_are_found_wherever_they_stand(rearrange: object) -> None:
    assert callable(rearrange)
    assert_whole(read(rearrange(roll())))


def test_labels_alone_find_the_columns() -> None:
    sheets = roll()
    for name in SECTIONS:
        sheets[name][2][3:] = [None] * (len(sheets[name][2]) - 3)
    reading = read(sheets)
    assert_whole(reading)
    assert {value.reading_rule for value in reading.values} == {"label"}


def test_units_are_read_from_the_heads() -> None:
    sheets = roll()
    sheets["营业收入"][3][3] = "元"
    assert rules(read(sheets)) == [("file", "unit_conflict", "F4")]
    sheets["营业收入"][3][3:6] = ["元"] * 3
    reading = read(sheets)
    units = {
        value.measure_code: value.unit
        for value in reading.values
        if value.indicator_code == "revenue_booked"
    }
    assert units == {"month": "元", "ytd": "元", "ytd_last_year": "元"}
    sheets["营业收入"][3] = [None] * 3 + ["吨"] * 45
    assert {rule[:2] for rule in rules(read(sheets))} == {("file", "unknown_unit")}


def test_a_blank_figure_refuses_its_agency_only() -> None:
    sheets = roll()
    row, _ = place(sheets, "招聘活动", SECOND)
    sheets["招聘活动"][row][4] = None
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_value", f"E{row + 1}")]
    assert reading.problems[0]["credit_code"] == SECOND
    assert reading.problems[0]["unit_row"] == row + 1
    assert "“21 举办现场招聘会（1—本月）”没有填写" in str(reading.problems[0]["message"])
    assert reading.file["outcome"] == "read"


def test_an_agency_twice_is_kept_once_and_refused() -> None:
    sheets = roll()
    sheets["招聘活动"].append([3.0, CODE, "机构1", *[5.0] * 24])
    sheets["单位名单"].append([3.0, CODE, "机构1", "渝中区", "正常营业", "否", None])
    reading = read(sheets)
    assert rules(reading) == [
        ("agency", "duplicate_agency", "B4"),
        ("agency", "duplicate_agency", "B8"),
    ]
    assert {problem["credit_code"] for problem in reading.problems} == {CODE}
    assert figures(reading) == expected_figures()
    assert "与第2行重复" in str(reading.problems[0]["message"])


def test_an_agency_not_on_the_list_is_reported_and_left_out() -> None:
    sheets = roll()
    stranger = credit_code(9)
    sheets["招聘活动"].append([3.0, stranger, "外来", *[5.0] * 24])
    reading = read(sheets)
    assert rules(reading) == [("agency", "not_in_list", "B8")]
    assert figures(reading, stranger) == {}


def test_an_agency_missing_from_a_section_is_reported() -> None:
    sheets = roll(zero_codes=[ZERO])
    sheets["招聘活动"].pop()
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_value", None)]
    assert reading.problems[0]["credit_code"] == SECOND
    assert f"工作表“招聘活动”没有单位名单中的“机构2”（{SECOND}）" in str(
        reading.problems[0]["message"]
    )


@pytest.mark.parametrize(
    ("code", "rule"), [(None, "missing_value"), ("12345", "invalid_credit_code")]
)
def test_a_row_without_a_readable_code_is_left_out(code: CellValue, rule: str) -> None:
    sheets = roll()
    sheets["单位名单"].append([3.0, code, "无名机构", "渝中区", "正常营业", "否", None])
    sheets["招聘活动"].append([3.0, code, "无名机构", *[5.0] * 24])
    reading = read(sheets)
    assert rules(reading) == [("row", rule, "B4"), ("row", rule, "B8")]
    assert [problem["unit_row"] for problem in reading.problems] == [4, 8]
    assert {problem["agency_name"] for problem in reading.problems} == {"无名机构"}
    assert {value.credit_code for value in reading.values} == {None, CODE, SECOND}


def test_figures_in_a_row_of_nobody_are_reported() -> None:
    sheets = roll()
    sheets["招聘活动"].append([None, None, None, 5.0])
    assert rules(read(sheets)) == [("row", "missing_value", "B8")]


def test_a_zero_report_with_figures_contradicts_itself() -> None:
    sheets = roll(zero_codes=[ZERO])
    sheets["招聘活动"].append([3.0, ZERO, "零机构", 0.0, 5.0, None, 6.0])
    sheets["服务对象"].append([3.0, ZERO, "零机构", 8.0])
    reading = read(sheets)
    assert rules(reading) == [("agency", "zero_report_conflict", "F4")]
    (problem,) = reading.problems
    assert (problem["credit_code"], problem["field_code"]) == (ZERO, "zero_report")
    assert "工作表“单位名单”单元格F4“零报告”填的是“是”，但有3项数据不是0" in str(problem["message"])


def test_a_missing_section_refuses_the_file_unless_all_report_zero() -> None:
    sheets = roll()
    del sheets["招聘活动"]
    reading = read(sheets)
    assert rules(reading) == [("file", "missing_value", None)]
    assert "“招聘活动”的全部8项指标（21至28）" in str(reading.file["refusal_message"])
    sheets = roll(codes=[], zero_codes=[ZERO])
    assert read({name: sheets[name] for name in ("封面", "单位名单")}).problems == []


def test_a_missing_column_refuses_the_file_and_is_named() -> None:
    sheets = roll()
    sheets["招聘活动"] = [row[:4] + row[5:] for row in sheets["招聘活动"]]
    reading = read(sheets)
    assert rules(reading) == [("file", "missing_column", None)]
    assert "“21 举办现场招聘会”的“1—本月”一列" in str(reading.file["refusal_message"])


def test_last_years_column_may_be_missing() -> None:
    sheets = roll()
    sheets["招聘活动"] = [row[:5] + row[6:] for row in sheets["招聘活动"]]
    assert read(sheets).problems == []


def test_a_code_above_another_label_refuses_the_file() -> None:
    sheets = roll()
    sheets["招聘活动"][1][3] = "举办线上招聘会"
    assert rules(read(sheets)) == [("file", "label_mismatch", "D2")]


def test_a_column_found_twice_refuses_the_file() -> None:
    sheets = roll()
    sheets["招聘活动 (2)"] = [list(row) for row in sheets["招聘活动"]]
    assert {rule[:2] for rule in rules(read(sheets))} == {("file", "duplicate_label")}


def test_a_missing_column_of_the_list_refuses_the_file() -> None:
    sheets = roll()
    sheets["单位名单"] = [row[:5] + row[6:] for row in sheets["单位名单"]]
    reading = read(sheets)
    assert rules(reading) == [("file", "missing_column", None)]
    assert "没有“零报告”一列" in str(reading.file["refusal_message"])


def test_an_empty_list_refuses_the_file() -> None:
    assert rules(read(roll(codes=[]))) == [("file", "missing_value", None)]


@pytest.mark.parametrize(
    ("label", "value", "rule"),
    [
        ("报告期", "2025年5月", "period_mismatch"),
        ("报告期", None, "period_missing"),
        ("报送单位", "火星区", "unknown_area"),
        ("报送单位", None, "missing_value"),
    ],
)
def test_a_wrong_cover_refuses_the_file(label: str, value: CellValue, rule: str) -> None:
    sheets = roll()
    beside(sheets, label, value)
    reading = read(sheets)
    assert [problem[:2] for problem in rules(reading)] == [("file", rule)]
    assert {value.credit_code for value in reading.values} >= {CODE, SECOND}


def test_wrong_list_fields_refuse_the_agency() -> None:
    sheets = roll()
    first = at(sheets, "单位名单", CODE, "零报告", "也许")
    second = at(sheets, "单位名单", SECOND, "所在区县", "火星区")
    reading = read(sheets)
    assert rules(reading) == [
        ("agency", "not_a_choice", first),
        ("agency", "unknown_area", second),
    ]


def test_a_total_that_is_not_the_sum_is_reported_for_review() -> None:
    sheets = roll()
    total = sums(sheets["招聘活动"])
    total[0], total[4] = 3000.0, None
    sheets["招聘活动"].append([None, None, "合计", *total])
    sheets["服务对象"].append([None, "小计", None, 1.0, 2.0])
    reading = read(sheets)
    assert rules(reading) == [("row", "total_mismatch", "D8"), ("row", "total_mismatch", "D8")]
    assert {problem["severity"] for problem in reading.problems} == {"review"}
    assert [problem["message"] for problem in reading.problems] == [
        "文件“报表.xlsx”工作表“招聘活动”单元格D8的“合计”“21 举办现场招聘会（本月）”填的是“3000”，"
        "各机构之和是“2420”，请核对合计数和各机构的数据。",
        "文件“报表.xlsx”工作表“服务对象”单元格D8的“小计”“31 服务人员总数（本月）”填的是“1”，"
        "各机构之和是“2620”，该行另有1项不符，请核对合计数和各机构的数据。",
    ]
    for code in (CODE, SECOND):
        assert figures(reading, code) == expected_figures()


def test_a_total_of_figures_that_cannot_be_read_is_not_judged() -> None:
    sheets = roll()
    sheets["招聘活动"].append([None, None, "合计", 9.0])
    sheets["招聘活动"][5][3] = "未统计"
    assert rules(read(sheets)) == [("agency", "not_a_number", "D6")]


def test_a_row_of_figures_without_any_word_is_reported() -> None:
    sheets = roll()
    sheets["招聘活动"].append([None, None, None, *sums(sheets["招聘活动"])])
    reading = read(sheets)
    assert rules(reading) == [("row", "missing_value", "B8")]


def test_a_name_that_sounds_like_a_total_is_an_agency_where_it_has_a_code() -> None:
    sheets = roll()
    for name in ("单位名单", *SECTIONS):
        sheets[name][-1][2] = "一、重庆合计"
    assert_whole(read(sheets))
