"""The report of one agency, however its workbook has been rearranged."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pipelines.intake.decoding import CellValue, Unreadable
from tests.intake.books import (
    CODE,
    FORM,
    SECTIONS,
    Sheets,
    at,
    beside,
    credit_code,
    expected_figures,
    figures,
    place,
    read,
    rules,
    shifted,
    single,
    texts,
)

UNITS = {line.indicator: line.unit for line in FORM.lines if line.calculated is None}
COVER = {
    "credit_code": CODE,
    "agency_name": "示例人力资源有限公司",
    "district": "500103",
    "reporting_unit": "500103",
    "period": "2025-06",
    "operating_status": "normal",
    "zero_report": "no",
    "accounting_method": "gross",
    "unit_head": "张三",
    "statistics_head": "李四",
    "telephone": "023-****5678",
    "report_date": "2025-07-10",
}


def test_a_whole_report_is_read() -> None:
    reading = read(single())
    assert reading.problems == []
    assert texts(reading) == COVER
    assert figures(reading) == expected_figures()
    assert reading.file["layout"] == "single"
    assert reading.file["form_code"] == "flash_report"
    assert reading.file["period"] == "2025-06"
    assert reading.file["reporting_unit_code"] == "500103"
    assert reading.file["outcome"] == "read"
    assert [value.value_no for value in reading.values] == [*range(1, len(reading.values) + 1)]
    assert {value.unit_row for value in reading.values} == {0}


def test_a_figure_is_traced_to_its_cell() -> None:
    reading = read(single())
    (value,) = [
        value
        for value in reading.values
        if (value.indicator_code, value.measure_code) == ("job_fairs", "ytd")
    ]
    assert value._asdict() == {
        "receipt_no": 1,
        "value_no": value.value_no,
        "sheet_name": "招聘活动",
        "cell_address": "E5",
        "unit_row": 0,
        "credit_code": CODE,
        "field_code": "job_fairs",
        "indicator_code": "job_fairs",
        "measure_code": "ytd",
        "raw_text": "1211",
        "text_value": None,
        "number_value": Decimal(1211),
        "unit": "场",
        "reading_rule": "code_and_label",
        "spelling_rules": None,
    }


def move(sheets: Sheets) -> Sheets:
    return {name: shifted(rows, 7, 3) for name, rows in sheets.items()}


def rename(sheets: Sheets) -> Sheets:
    return {f"Sheet{number}": rows for number, rows in enumerate(sheets.values(), start=1)}


def reorder_sheets(sheets: Sheets) -> Sheets:
    return dict(reversed(sheets.items()))


def reorder_columns(sheets: Sheets) -> Sheets:
    return {
        name: rows if name == "封面" else [row[::-1] for row in padded(rows)]
        for name, rows in sheets.items()
    }


def padded(rows: list[list[CellValue]]) -> list[list[CellValue]]:
    return [row + [None] * (7 - len(row)) for row in rows]


def reorder_rows(sheets: Sheets) -> Sheets:
    return {
        name: rows[:4] + rows[4:][::-1] if name != "封面" else rows for name, rows in sheets.items()
    }


def in_one_sheet(sheets: Sheets) -> Sheets:
    return {"全部": [row for rows in sheets.values() for row in [*rows, []]]}


def with_other_sheets(sheets: Sheets) -> Sheets:
    contacts: list[list[CellValue]] = [
        ["统一社会信用代码", "单位名称", "区县", "零报告"],
        [credit_code(7), "别家", "江北区", "是"],
    ]
    return {"通讯录": contacts, **sheets, "草稿": [["本月", 1.0], ["合计", 2.0]]}


@pytest.mark.parametrize(
    "rearrange",
    [
        move,
        rename,
        reorder_sheets,
        reorder_columns,
        reorder_rows,
        in_one_sheet,
        with_other_sheets,
    ],
)
def test_fields_are_found_wherever_they_stand(rearrange: object) -> None:
    assert callable(rearrange)
    reading = read(rearrange(single()))
    assert reading.problems == []
    assert figures(reading) == expected_figures()
    assert texts(reading) == COVER


def test_labels_may_be_aliases_spaced_and_of_any_width() -> None:
    sheets = single()
    sheets["封面"][3][0] = " 社会信用代码："
    sheets["封面"][5][0] = "所在区县\n(自治县)"
    sheets["营业收入"][2][3:6] = ["本 期", "1至本月", "上年同期"]
    sheets["营业收入"][4][1] = "　人力资源服务营业收入(利润表口径)"
    sheets["服务效果"][2][3] = "期末"
    reading = read(sheets)
    assert texts(reading) == COVER
    assert [rule for _, rule, _ in rules(reading)] == ["missing_column"]  # 期末 is for stocks only
    assert figures(reading)["revenue_booked", "ytd"] == expected_figures()["revenue_booked", "ytd"]
    stock = "personnel_files", "month"
    assert figures(reading)[stock] == expected_figures()[stock]


def test_stocks_are_read_below_their_own_head_where_there_is_one() -> None:
    sheets = single()
    for row in sheets["服务效果"][2:]:
        row.append({"计量单位": "期末", "人": 77.0, "份": 88.0}.get(str(row[2])))
    read_figures = figures(read(sheets))
    assert read_figures["dispatched_workers", "month"] == 77
    assert read_figures["personnel_files", "month"] == 88
    assert read_figures["placements", "month"] == expected_figures()["placements", "month"]


def test_the_merged_months_are_read_below_their_head() -> None:
    sheets = single(period="2025年1—2月")
    for name in SECTIONS:
        sheets[name][2][3] = "1—2月合计"
    reading = read(sheets, period="2025-02")
    assert reading.problems == []
    assert reading.file["period"] == "2025-02"
    assert figures(reading) == expected_figures()


def test_a_label_alone_finds_a_line_in_its_section() -> None:
    sheets = single()
    for name in SECTIONS:
        for row in sheets[name][4:]:
            row[0] = None
    reading = read(sheets)
    assert reading.problems == []
    assert figures(reading) == expected_figures()
    assert {v.reading_rule for v in reading.values} == {"label"}


def test_codes_may_have_become_numbers() -> None:
    sheets = single()
    for row in sheets["营业收入"][4:]:
        row[0] = float(str(row[0]))
    assert figures(read(sheets)) == expected_figures()


def test_a_code_beside_another_label_is_not_guessed() -> None:
    sheets = single()
    row, _ = place(sheets, "招聘活动", "举办现场招聘会")
    sheets["招聘活动"][row][1] = "举办线上招聘会"
    reading = read(sheets)
    assert rules(reading) == [("agency", "label_mismatch", f"B{row + 1}")]
    assert "21 举办现场招聘会" in str(reading.problems[0]["message"])
    assert ("job_fairs", "month") not in figures(reading)


def test_two_labels_swapped_are_found_out() -> None:
    sheets = single()
    rows = sheets["招聘活动"]
    rows[4][1], rows[5][1] = rows[5][1], rows[4][1]
    assert [rule for _, rule, _ in rules(read(sheets))] == ["label_mismatch"] * 2


def test_a_missing_section_is_one_problem() -> None:
    sheets = single()
    del sheets["招聘活动"]
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_value", None)]
    assert reading.problems[0]["message"] == (
        "文件“报表.xlsx”没有找到“招聘活动”的全部8项指标（21至28），请用下发的模板补填后重新报送。"
    )


def test_missing_rows_of_a_section_are_named() -> None:
    sheets = single()
    del sheets["招聘活动"][6:8]
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_value", None)]
    assert "“23 其中：农民工专场”、“24 参会用人单位”" in str(reading.problems[0]["message"])


def test_a_blank_cell_is_not_zero() -> None:
    sheets = single()
    address = at(sheets, "营业收入", "02", "1—本月", None)
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_value", address)]
    assert reading.problems[0]["message"] == (
        f"文件“报表.xlsx”工作表“营业收入”单元格{address}“02 其中：已计入的代收代付（1—本月）”"
        "没有填写，请填写数字，没有发生的填0。"
    )
    assert reading.problems[0]["severity"] == "mandatory"
    assert reading.problems[0]["credit_code"] == CODE


def test_last_year_may_be_left_blank() -> None:
    sheets = single()
    for mark in (None, "——", "/", "无"):
        at(sheets, "营业收入", "01", "上年同期1—本月", mark)
        reading = read(sheets)
        assert reading.problems == []
        assert ("revenue_booked", "ytd_last_year") not in figures(reading)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("一千二", "not_a_number"),
        ("1200吨", "not_a_number"),
        ("约1200", "approximate_number"),
        ("同上", "not_a_number"),
        ("——", "not_a_number"),
        ("无", "not_a_number"),
        ("12%", "percent_number"),
        ("1.2E+5", "scientific_number"),
        ("1200,5", "ambiguous_number"),
        ("（1200）", "ambiguous_number"),
        ("1200人次", "unknown_unit"),
        (float("inf"), "not_a_number"),
        (dt.date(2025, 6, 1), "not_a_number"),
        (True, "cell_error"),
        (Unreadable("#DIV/0!"), "cell_error"),
        (Unreadable("（公式没有计算结果）"), "cell_error"),
    ],
)
def test_what_is_no_number_refuses_the_agency(value: CellValue, rule: str) -> None:
    sheets = single()
    address = at(sheets, "营业收入", "01", "本月", value)
    reading = read(sheets)
    assert rules(reading) == [("agency", rule, address)]
    assert ("revenue_booked", "month") not in figures(reading)
    assert reading.file["outcome"] == "read"


def test_the_sentence_names_file_sheet_cell_content_and_remedy() -> None:
    sheets = single()
    at(sheets, "营业收入", "01", "本月", "一千二")
    assert read(sheets).problems[0]["message"] == (
        "文件“报表.xlsx”工作表“营业收入”单元格D5“01 人力资源服务营业收入（本月）”"
        "填的是“一千二”，不是数字，请改填数字，如1200.50。"
    )


@pytest.mark.parametrize("value", ["1,200.5", "１，２００．５", " 1 200.50 ", 1200.5])
def test_numbers_written_as_text_are_read(value: CellValue) -> None:
    sheets = single()
    at(sheets, "营业收入", "01", "本月", value)
    reading = read(sheets)
    assert reading.problems == []
    assert figures(reading)["revenue_booked", "month"] == Decimal("1200.5")


def test_things_counted_are_whole() -> None:
    sheets = single()
    address = at(sheets, "招聘活动", "21", "本月", 1.5)
    at(sheets, "营业收入", "01", "本月", 1.5)
    reading = read(sheets)
    assert rules(reading) == [("agency", "not_an_integer", address)]


def test_figures_keep_the_unit_they_are_printed_in() -> None:
    sheets = single()
    row, _ = place(sheets, "营业收入", "01")
    sheets["营业收入"][row][2] = "元"
    reading = read(sheets)
    units = {v.indicator_code: v.unit for v in reading.values if v.measure_code}
    assert reading.problems == []
    assert units["revenue_booked"] == "元"
    assert units["pass_through_booked"] == "万元"


@pytest.mark.parametrize(
    ("line", "sheet", "unit"), [("01", "营业收入", "吨"), ("51", "服务效果", "人")]
)
def test_another_unit_is_not_converted_by_guess(line: str, sheet: str, unit: str) -> None:
    sheets = single()
    address = at(sheets, sheet, line, "计量单位", unit)
    assert rules(read(sheets)) == [("agency", "unknown_unit", address)]


def units_of(sheets: Sheets) -> dict[object, object]:
    reading = read(sheets)
    assert reading.problems == []
    return {v.indicator_code: v.unit for v in reading.values if v.measure_code == "month"}


@pytest.mark.parametrize("note", ["单位：元", "（金额单位：元）", "计量单位：元、人次"])
def test_without_a_column_of_units_the_note_above_the_table_holds(note: str) -> None:
    sheets = single()
    for row in sheets["营业收入"][2:]:
        row[2] = None
    sheets["营业收入"][1] = [None, note]
    assert units_of(sheets)["revenue_booked"] == "元"
    assert units_of(sheets)["placements"] == "人次"


def test_the_cover_may_say_the_unit_unless_the_table_does() -> None:
    sheets = single()
    sheets["封面"].append([None, "金额单位：元"])
    for row in sheets["营业收入"][2:]:
        row[2] = None
    assert units_of(sheets)["revenue_booked"] == "元"
    sheets["营业收入"][1] = [None, "单位：万元"]
    assert units_of(sheets)["revenue_booked"] == "万元"


def test_who_reports_is_no_unit_of_figures() -> None:
    sheets = single()
    for row in sheets["营业收入"][2:]:
        row[2] = None
    sheets["营业收入"][1] = ["填报单位：元", "单位：示例公司"]
    assert units_of(sheets)["revenue_booked"] == "万元"


@pytest.mark.parametrize("sheet", ["营业收入", "封面"])
def test_a_note_that_contradicts_the_column_is_asked_about(sheet: str) -> None:
    sheets = single()
    if sheet == "封面":
        sheets[sheet].append([None, "金额单位：元"])
    else:
        sheets[sheet][1] = [None, "单位：元"]
    reading = read(sheets)
    money = [code for code, unit in UNITS.items() if unit == "万元"]
    assert {rule[:2] for rule in rules(reading)} == {("agency", "unit_conflict")}
    assert len(reading.problems) == len(money)
    assert reading.problems[0]["message"] == (
        "文件“报表.xlsx”工作表“营业收入”单元格C5“01 人力资源服务营业收入（计量单位）”填的是“万元”，"
        "与表上注明的“单位：元”不一致，不能确定以哪个为准，"
        "请改填实际使用的单位（“元”或“万元”），并使两处一致。"
    )
    assert not {code for code, _ in figures(reading)} & set(money)


def test_the_unit_in_the_cell_goes_before_the_column() -> None:
    sheets = single()
    at(sheets, "营业收入", "01", "本月", "12,005,000元")
    (value,) = [
        value
        for value in read(sheets).values
        if (value.indicator_code, value.measure_code) == ("revenue_booked", "month")
    ]
    assert (value.number_value, value.unit, value.raw_text, value.spelling_rules) == (
        Decimal(12005000),
        "元",
        "12,005,000元",
        "thousands;unit_in_cell",
    )


def test_a_line_found_twice_is_not_added_up() -> None:
    sheets = single()
    sheets["招聘活动 (2)"] = [list(row) for row in sheets["招聘活动"]]
    reading = read(sheets)
    assert {rule for _, rule, _ in rules(reading)} == {"duplicate_label"}
    assert len(reading.problems) == len(SECTIONS["招聘活动"])
    assert figures(reading) == expected_figures()


def test_a_measure_found_twice_or_not_at_all_is_one_problem_a_table() -> None:
    sheets = single()
    sheets["招聘活动"][2][5] = "1—本月"
    assert rules(read(sheets)) == [("agency", "duplicate_label", None)]
    sheets["招聘活动"][2][4:6] = [None, None]
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_column", None)]
    assert "没有“1—本月”" in str(reading.problems[0]["message"])


def test_a_zero_report_needs_no_figures() -> None:
    sheets = single(zero="是")
    kept = {name: rows for name, rows in sheets.items() if name == "封面"}
    assert read(kept).problems == []
    for name in SECTIONS:
        for row in sheets[name][4:]:
            row[3:5] = [None, 0.0]
    reading = read(sheets)  # last year's figures were printed by the bureau
    assert reading.problems == []
    assert texts(reading)["zero_report"] == "yes"


def test_a_zero_report_with_figures_contradicts_itself() -> None:
    sheets = single(zero="是")
    for name in SECTIONS:
        for row in sheets[name][4:]:
            row[3:6] = [None] * 3
    at(sheets, "招聘活动", "21", "1—本月", 5.0)
    at(sheets, "招聘活动", "22", "1—本月", 0.0)
    at(sheets, "招聘活动", "22", "本月", 7.0)
    reading = read(sheets)
    assert rules(reading) == [("agency", "zero_report_conflict", "B10")]
    (problem,) = reading.problems
    assert (problem["field_code"], problem["raw_text"]) == ("zero_report", "是")
    assert problem["message"] == (
        "文件“报表.xlsx”工作表“封面”单元格B10“零报告”填的是“是”，但有2项数据不是0，"
        "第一项是工作表“招聘活动”单元格E5的“21 举办现场招聘会（1—本月）”，填的是“5”，"
        "请把“零报告”改为“否”，或把各项改为0。"
    )


def test_a_full_report_called_zero_by_mistake_is_one_problem() -> None:
    assert rules(read(single(zero="是"))) == [("agency", "zero_report_conflict", "B10")]


@pytest.mark.parametrize("period", ["2025年5月", "2025-05", dt.date(2025, 5, 31), "2024年6月"])
def test_another_period_than_the_folders_refuses_the_file(period: CellValue) -> None:
    reading = read(single(period=period))
    assert rules(reading) == [("file", "period_mismatch", "B8")]
    assert reading.file["outcome"] == "refused"
    assert reading.file["refusal_rule"] == "period_mismatch"
    assert reading.file["refusal_message"] == reading.problems[0]["message"]
    assert "“2025-06”" in str(reading.file["refusal_message"])
    assert reading.problems[0]["expected"] == "2025年6月"
    assert reading.problems[0]["credit_code"] == CODE  # known all the same


def test_a_report_cannot_come_before_its_month() -> None:
    """The test's files arrive on 2026-07-10."""
    reading = read(single(period="2026年8月"), period="2026-08")
    assert rules(reading) == [("file", "period_not_over", "B8")]
    assert "晚于收到文件的时间" in str(reading.file["refusal_message"])
    assert reading.problems[0]["expected"] == "不晚于2026年7月"
    assert read(single(period="2026年7月"), period="2026-07").problems == []


def test_january_has_no_report_of_its_own() -> None:
    reading = read(single(period="2025年1月"), period="2025-01")
    assert rules(reading) == [("file", "period_not_asked", "B8")]
    assert "1—2月合并填报" in str(reading.file["refusal_message"])
    assert reading.problems[0]["expected"] == "2025年1—2月"


def test_february_is_asked_for_as_it_is_printed() -> None:
    (problem,) = read(single(period="2025年3月"), period="2025-02").problems
    assert problem["expected"] == "2025年1—2月"


@pytest.mark.parametrize(
    "period", ["2025年6月", "2025-06", "202506", 202506.0, dt.date(2025, 6, 1)]
)
def test_spellings_of_the_period(period: CellValue) -> None:
    assert read(single(period=period)).problems == []


@pytest.mark.parametrize(
    ("period", "rule"), [(None, "period_missing"), ("六月", "not_a_month"), (2025.1, "not_a_month")]
)
def test_a_file_without_a_readable_period_is_refused(period: CellValue, rule: str) -> None:
    assert rules(read(single(period=period))) == [("file", rule, "B8")]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        (None, "missing_value"),
        ("91500103000000001", "invalid_credit_code"),
        ("9150010300000000IQ", "invalid_credit_code"),
        (9.15001030000000e17, "invalid_credit_code"),
        (Unreadable("#N/A"), "cell_error"),
    ],
)
def test_a_file_of_nobody_is_refused(code: CellValue, rule: str) -> None:
    reading = read(single(code=code))
    assert rules(reading) == [("file", rule, "B4")]
    assert [problem["agency_name"] for problem in reading.problems] == ["示例人力资源有限公司"]


def test_a_code_in_full_width_and_lower_case_is_the_same_code() -> None:
    wide = CODE.lower().translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert texts(read(single(code=wide))) == COVER


@pytest.mark.parametrize(
    ("label", "value", "rule"),
    [
        ("所在区县", "火星区", "unknown_area"),
        ("所在区县", "两江新区", "unknown_area"),  # no district before 2026-02
        ("报送单位", "火星区", "unknown_area"),
        ("报送单位", None, "missing_value"),
        ("单位运营状态", "半停业", "not_a_choice"),
        ("零报告", "也许", "not_a_choice"),
        ("零报告", None, "missing_value"),
        ("单位详细名称", None, "missing_value"),
    ],
)
def test_a_wrong_cover_field_refuses_the_agency(label: str, value: CellValue, rule: str) -> None:
    sheets = single()
    beside(sheets, label, value)
    reading = read(sheets)
    assert [problem[:2] for problem in rules(reading)] == [("agency", rule)]
    assert reading.problems[0]["severity"] == "mandatory"


@pytest.mark.parametrize("unit", ["江北区", "渝北"])
def test_a_unit_retired_in_2026_is_told_who_has_its_agencies(unit: str) -> None:
    sheets = single(period="2026年2月")
    beside(sheets, "所在区县", "两江新区")
    beside(sheets, "报送单位", unit)
    reading = read(sheets, period="2026-02")
    [problem] = [each for each in reading.problems if each["rule_code"] == "unknown_area"]
    told = f"“报送单位”填的是“{unit}”，自2026年2月起停用，其机构按所在街道（镇）由"
    assert told in str(problem["message"])
    assert str(problem["message"]).count("请") == 1


@pytest.mark.parametrize("unit", ["重庆市", "重庆市（市级直报）", "市级直报"])
def test_agencies_may_report_to_the_city(unit: str) -> None:
    sheets = single()
    beside(sheets, "报送单位", unit)
    reading = read(sheets)
    assert reading.problems == []
    assert reading.file["reporting_unit_code"] == "500000"


def test_a_reporting_unit_may_be_a_functional_area() -> None:
    sheets = single()
    beside(sheets, "报送单位", "高新区")
    assert read(sheets).file["reporting_unit_code"] == "CQ-GXQ"


def test_what_is_not_required_refuses_nothing() -> None:
    sheets = single()
    beside(sheets, "报出日期", "七月十日")
    beside(sheets, "收入核算方法", "随便")
    reading = read(sheets)
    assert [problem["severity"] for problem in reading.problems] == ["review", "review"]
    assert "accounting_method" not in texts(reading)


def test_a_field_that_stands_twice_with_two_values_is_not_guessed() -> None:
    sheets = single()
    sheets["封面"].append(["运营状态", "停业"])
    assert rules(read(sheets)) == [("agency", "duplicate_label", "B9")]
    sheets["封面"][-1][1] = "正常营业"
    assert read(sheets).problems == []


def test_a_lost_label_of_the_cover_is_named() -> None:
    sheets = single()
    sheets["封面"] = [row for row in sheets["封面"] if row[:1] != ["单位运营状态"]]
    reading = read(sheets)
    assert rules(reading) == [("agency", "missing_value", None)]
    assert "没有找到“单位运营状态”一栏" in str(reading.problems[0]["message"])


def test_the_value_beside_a_label_ends_at_the_next_label() -> None:
    sheets = single()
    row, _ = place(sheets, "封面", "填表人")
    assert sheets["封面"][row] == ["填表人", None, "联系电话", "023-12345678"]
    assert "preparer" not in texts(read(sheets))


def test_calculated_lines_are_never_read_back() -> None:
    calculated = {line.indicator for line in FORM.lines if line.calculated}
    assert calculated
    assert not calculated & {value.indicator_code for value in read(single()).values}
