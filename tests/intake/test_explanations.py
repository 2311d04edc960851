"""What is read of the sheet 审核意见, and that it disturbs nothing else."""

from __future__ import annotations

import pytest

from tests.intake.books import (
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
        if value["field_code"] in ("finding_id", "explanation"):
            rows.setdefault(value["unit_row"], {})[value["field_code"]] = value["text_value"]
    return {each["finding_id"]: each["explanation"] for each in rows.values()}


def test_each_explanation_is_kept_with_its_finding_and_cell() -> None:
    sheets = reviewed(single(), row(FIRST, " 新增大客户 "), row(SECOND, "季节性用工"))
    assert explanations(sheets) == {FIRST: "新增大客户", SECOND: "季节性用工"}
    (value,) = [value for value in read(sheets).values if value["text_value"] == "季节性用工"]
    place = value["sheet_name"], value["cell_address"], value["unit_row"], value["credit_code"]
    assert place == ("审核意见", "K6", 6, None)


@pytest.mark.parametrize(
    "ignored",
    [
        row(FIRST, None),
        row(FIRST, "  "),
        row(FIRST, "无"),
        row(FIRST, "请更正", "强制性"),
        row(FIRST, "已更正", "强制性"),
        row("0123456789", "编号不全"),
        row(None, "没有编号"),
    ],
)
def test_what_explains_no_finding_is_left_out(ignored: list[object]) -> None:
    assert explanations(reviewed(single(), ignored, row(SECOND, "有说明"))) == {SECOND: "有说明"}


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
    assert STRANGER not in {value["credit_code"] for value in after.values}


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
