"""What is read of the sheet 审核意见, and that it disturbs nothing else."""

from __future__ import annotations

import pytest

from pipelines.intake.decoding import Unreadable
from tests.intake.books import (
    CATALOG,
    CODE,
    Rows,
    Sheets,
    credit_code,
    expected_figures,
    figures,
    read,
    register,
    roll,
    single,
    texts,
)

HEADS = ["序号", "问题编号", "性质", "统一社会信用代码", "单位名称", "工作表", "单元格"]
HEADS += ["现填内容", "应填内容", "问题", "说明"]
FIRST, SECOND = "0123456789ab", "cdef01234567"
STRANGER = credit_code(9)


def row(finding_id: object, explanation: object, severity: str = "核实性") -> list[object]:
    place = [STRANGER, "别家", "营业收入", "D10"]
    return [1, finding_id, severity, *place, "1", "数字", "请核实。", explanation]


def reviewed(sheets: Sheets, *rows: list[object], name: str = "审核意见") -> Sheets:
    """The workbook with the sheet in front, as it was sent out."""
    review: Rows = [["审核意见"], ["抽样快报"], [], list(HEADS), *rows]  # type: ignore[list-item]
    return {name: review, **sheets}


def explanations(sheets: Sheets, *place: str) -> dict[object, object]:
    """Explanations by the finding of their row."""
    rows: dict[object, dict[object, object]] = {}
    for value in read(sheets, *place).values:
        if value.field_code in ("finding_id", "explanation"):
            rows.setdefault(value.unit_row, {})[value.field_code] = value.text_value
    return {each["finding_id"]: each["explanation"] for each in rows.values()}


def test_each_explanation_is_kept_with_its_finding_and_cell() -> None:
    sheets = reviewed(single(), row(FIRST, " 新增大客户 "), row(SECOND, "季节性用工"))
    assert explanations(sheets) == {FIRST: "新增大客户", SECOND: "季节性用工"}
    (value,) = [value for value in read(sheets).values if value.text_value == "季节性用工"]
    place = value.sheet_name, value.cell_address, value.unit_row, value.credit_code
    assert place == ("审核意见", "K6", 6, None)


@pytest.mark.parametrize(
    "ignored",
    [
        row(FIRST, None),
        row(FIRST, "  "),
        row(FIRST, "无"),
        row(FIRST, "请更正", "强制性"),
        row(FIRST, "已更正", "强制性"),
        row(FIRST, Unreadable("#DIV/0!")),
        row("0123456789", None),
        row("0123456789", "请更正", "强制性"),
    ],
)
def test_what_explains_no_finding_is_left_out(ignored: list[object]) -> None:
    sheets = reviewed(single(), ignored, row(SECOND, "有说明"))
    assert explanations(sheets) == {SECOND: "有说明"}
    assert read(sheets).problems == []


@pytest.mark.parametrize("written", [FIRST.upper(), f" {FIRST} ", "０１２３４５６７８９ＡＢ"])
def test_a_number_is_known_however_it_is_typed(written: str) -> None:
    assert explanations(reviewed(single(), row(written, "有说明"))) == {FIRST: "有说明"}


def test_heads_with_words_added_are_known() -> None:
    sheets = reviewed(single(), row(FIRST, "有说明"))
    heads = sheets["审核意见"][3]
    changed = {"问题编号": "问题编号（勿改）", "性质": "性质 ", "说明": "说明（必填）"}
    heads[:] = [changed.get(str(head), head) for head in heads]
    assert explanations(sheets) == {FIRST: "有说明"}
    assert read(sheets).problems == []


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (
            row("01234567", "新增客户"),
            "单元格B5的问题编号“01234567”无法识别，说明“新增客户”没有采用",
        ),
        (row("第1条", "新增客户"), "单元格B5的问题编号“第1条”无法识别，说明“新增客户”没有采用"),
        (row(None, "新增客户"), "单元格B5没有问题编号，说明“新增客户”没有采用"),
        ([None] * 10 + ["新增客户"], "单元格B5没有问题编号，说明“新增客户”没有采用"),
        (["新增客户"], "单元格B5没有问题编号，说明“新增客户”没有采用"),
    ],
)
def test_an_explanation_of_no_known_finding_is_reported(lost: list[object], said: str) -> None:
    sheets = reviewed(single(), lost)
    assert explanations(sheets) == {}
    reading = read(sheets)
    (problem,) = reading.problems
    assert problem["message"] == (
        f"文件“报表.xlsx”工作表“审核意见”{said}，"
        "请从退回文件原样保留问题编号，在同一行的“说明”栏填写。"
    )
    assert (problem["rule_code"], problem["severity"]) == ("unknown_finding", "review")
    assert (problem["scope"], problem["credit_code"]) == ("agency", CODE)
    assert "unknown_finding" in {rule.code for rule in CATALOG.reading_rules}
    assert not reading.is_refused


def test_in_a_roll_it_is_reported_of_the_row() -> None:
    (problem,) = read(reviewed(roll(), row("第1条", "新增客户"))).problems
    assert (problem["scope"], problem["credit_code"], problem["unit_row"]) == ("row", None, 5)


def test_the_sheet_is_known_by_its_heads() -> None:
    sheets = reviewed(single(), row(FIRST, "有说明"), name="意见（已填）")
    assert explanations(sheets) == {FIRST: "有说明"}


@pytest.mark.parametrize("kind", ["single", "roll", "register"])
def test_the_form_is_read_as_if_the_sheet_were_not_there(kind: str) -> None:
    made, place = {
        "single": (single(), ("reports", "2025-06")),
        "roll": (roll(), ("reports", "2025-06")),
        "register": (register(), ("register", None)),
    }[kind]
    rows = [row(FIRST, "有说明"), row(SECOND, None)]
    before, after = read(made, *place), read(reviewed(made, *rows), *place)
    told = len(after.values) - len(before.values)
    assert after.values[:-told] == before.values
    assert told == 2
    assert after.problems == before.problems == []
    assert after.file == before.file
    assert STRANGER not in {value.credit_code for value in after.values}


def test_a_refused_file_still_explains() -> None:
    sheets = reviewed(single(period="2025年5月"), row(FIRST, "有说明"))
    assert read(sheets).is_refused
    assert explanations(sheets) == {FIRST: "有说明"}


def test_the_sheet_alone_explains_but_reports_nothing() -> None:
    for place in (("reports", "2025-06"), ("annual", "2024")):
        reading = read(reviewed({}, row(FIRST, "有说明")), *place)
        assert [problem["rule_code"] for problem in reading.problems] == ["unrelated"]
        assert explanations(reviewed({}, row(FIRST, "有说明")), *place) == {FIRST: "有说明"}


def test_a_single_report_stays_whole() -> None:
    reading = read(reviewed(single(), row(FIRST, "有说明")))
    assert figures(reading) == expected_figures()
    assert texts(reading)["credit_code"] == CODE
