"""更正表: a list whose rows are told apart by where they stand; one agency may have several."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pipelines.intake.decoding import CellValue
from pipelines.intake.records import Reading
from tests.intake.books import CATALOG, CODE, read, rules

HEADS: list[CellValue] = [column.label for column in CATALOG.form("corrections").tables[0].columns]
ROW: list[CellValue] = [
    *("快报", "2025年6月", CODE, "01 人力资源服务营业收入", "累计", 12.5, "13.05", "万元"),
    *("笔误", "张三", dt.date(2025, 7, 20)),
]


def read_rows(*rows: list[CellValue]) -> Reading:
    return read({"更正": [["更正表"], HEADS, *rows]}, "corrections", None)


def changed(head: str, value: CellValue) -> list[CellValue]:
    """Return the row with another value in one column."""
    return [value if name == head else cell for name, cell in zip(HEADS, ROW, strict=True)]


def test_figures_stand_in_the_unit_of_their_row_and_agencies_may_come_twice() -> None:
    reading = read_rows(ROW, changed("报表", "年报"), changed("报告期", "2024年"))
    assert rules(reading) == []
    assert [value.text_value for value in reading.values if value.field_code == "period"] == [
        *("2025-06", "2025-06", "2024")
    ]
    first = {value.field_code: value for value in reading.values if value.unit_row == 3}
    numbers = [
        (first[field].number_value, first[field].unit) for field in ("old_value", "new_value")
    ]
    assert numbers == [(Decimal("12.5"), "万元"), (Decimal("13.05"), "万元")]
    assert {value.credit_code for value in reading.values} == {None}
    assert [first[field].text_value for field in ("corrected_form", "measure", "credit_code")] == [
        *("flash_report", "ytd", CODE)
    ]


@pytest.mark.parametrize(
    ("head", "value", "rule"),
    [
        ("报表", "月报", "not_a_choice"),
        ("报告期", "六月", "not_a_period"),
        ("统一社会信用代码", CODE[:-1], "invalid_credit_code"),
        ("栏次", "本旬", "not_a_choice"),
        ("原数", None, "missing_value"),
        ("更正为", "很多", "not_a_number"),
        ("计量单位", "斤", "unknown_unit"),
        ("更正原因", None, "missing_value"),
        ("经办人", None, "missing_value"),
    ],
)
def test_a_row_that_is_not_clear_is_left_out_whole(head: str, value: CellValue, rule: str) -> None:
    reading = read_rows(ROW, changed(head, value))
    assert [found for _, found, _ in rules(reading)] == [rule]
    assert {each.unit_row for each in reading.values} == {3}
