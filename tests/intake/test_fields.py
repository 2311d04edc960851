"""From cells to words, codes and dates: what was changed, and what exactly is wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from pipelines.catalog.models import FormField
from pipelines.intake.decoding import CellValue, Formatted
from pipelines.intake.fields import FieldReader
from pipelines.intake.locating import Cell
from pipelines.intake.records import Accepted, Rejected
from tests.intake.books import CATALOG

READER = FieldReader(CATALOG)


def read_field(type_: str, value: CellValue, epoch: int = 1900, **more: object) -> object:
    field = FormField.model_validate({"field": "x", "label": "栏", "type": type_} | more)
    return READER.read(field, Cell("表", 1, 1, value), "2025-06", epoch)


@pytest.mark.parametrize(
    ("type_", "value", "text", "rules"),
    [
        ("text", "示例 公司", "示例 公司", None),
        ("text", " 示例 公司\n", "示例 公司", "line_breaks;spaces"),
        ("text", "示例\u200b公司", "示例公司", "invisible"),
        ("date", "2025-06-03", "2025-06-03", None),
        ("date", 45809.0, "2025-06-01", "date_serial"),
        ("date", "2025-06-03 10:30", "2025-06-03", "time_dropped"),
        ("date", dt.datetime(2025, 6, 3, 10), "2025-06-03", "time_dropped"),
        ("month", "二〇二五年六月", "2025-06", "chinese_numerals"),
        ("month", 202506.0, "2025-06", None),
        ("year", "２０２５年", "2025", "full_width"),
        ("area", "渝 中 区", "500103", "spaces"),
        ("yes_no", " 是", "yes", "spaces"),
        ("credit_code", "91110000600037341l", "91110000600037341L", "letter_case"),
    ],
)
def test_words_and_dates_keep_what_was_changed(
    type_: str, value: CellValue, text: str, rules: str | None
) -> None:
    more = {"field": "district"} if type_ == "area" else {}
    assert read_field(type_, value, **more) == Accepted(text, rules=rules)


def test_serial_numbers_count_from_the_workbooks_epoch() -> None:
    assert read_field("date", 45809.0, 1904) == Accepted("2029-06-02", rules="date_serial")


LOST = "已被存成数字或科学计数法，末几位已丢失，不能推算"


@pytest.mark.parametrize(
    ("type_", "value", "complaint"),
    [
        ("credit_code", 9.15001e17, LOST),
        ("credit_code", "9.15001E+17", LOST),
        ("credit_code", 915001030000000012, LOST),
        (
            "credit_code",
            "9111000O600037341L",
            "含有代码不使用的字母O，请核对是否为形近的数字或字母",
        ),
        (
            "credit_code",
            "9III000O600037341L",
            "含有代码不使用的字母I、O，请核对是否为形近的数字或字母",
        ),
        ("credit_code", "91110000600037341", "位数或校验码不符"),
        ("month", "13月", "没有这个月份"),
        ("month", 2024.1, "是小数，末位的0可能已丢失（2025.1可能是1月，也可能是10月）"),
        ("date", "45809", "像是存成文本的日期序列号，不能推算"),
        ("date", "昨天", "不是可识别的日期"),
    ],
)
def test_it_is_said_what_exactly_is_wrong(type_: str, value: CellValue, complaint: str) -> None:
    rejected = read_field(type_, value)
    assert isinstance(rejected, Rejected)
    assert rejected.complaint == complaint


def test_a_number_in_a_format_is_no_date() -> None:
    rejected = read_field("date", Formatted(45809.0, '0"日"'))
    assert isinstance(rejected, Rejected)
    assert (rejected.rule_code, rejected.complaint) == ("cell_error", "是带有数字格式的数字")


def test_the_catalog_has_every_change_of_spelling_and_no_other() -> None:
    """One cell at least for each rule that the grammar's docstrings name."""
    cells: list[tuple[str, CellValue, str | None]] = [
        ("number", "\ufeff１２，０００\n元 ", "元"),
        ("number", "'+012", "元"),
        ("number", "¥5", "元"),
        ("number", "三百", "元"),
        ("number", "3千万元", "万元"),
        ("number", Formatted(5.0, '0"元"'), "元"),
        ("credit_code", "91110000-60003734-1l", None),
        ("date", 45809.0, None),
        ("date", "2025-06-03 10:30", None),
    ]
    found = [read_field(type_, value, unit=unit) for type_, value, unit in cells]
    rules = {r for each in found if isinstance(each, Accepted) for r in str(each.rules).split(";")}
    assert rules == {rule.code for rule in CATALOG.spelling_rules}
