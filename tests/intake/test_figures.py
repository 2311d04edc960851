"""Numbers from cells: in which unit, with which changes of spelling, or which question."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalog.models import Unit
from pipelines.intake.decoding import CellValue, Formatted
from pipelines.intake.figures import QUESTIONS, FigureReader
from pipelines.intake.grammar import MULTIPLIERS
from pipelines.intake.locating import Cell
from pipelines.intake.records import Accepted, NotedUnits, Rejected
from tests.intake.books import CATALOG

READER = FigureReader(CATALOG)


def read(value: CellValue, unit: str | None) -> Accepted | Rejected:
    return READER.read_number(Cell("表", 1, 1, value), unit, READER.counts_whole(unit))


@pytest.mark.parametrize(
    ("value", "unit", "number", "own_unit", "rules"),
    [
        (1200.5, "万元", "1200.5", None, None),
        ("1200.5", "万元", "1200.5", None, None),
        ("1,200.5万元", "万元", "1200.5", "万元", "thousands;unit_in_cell"),
        ("12005000元", "万元", "12005000", "元", "unit_in_cell"),
        ("1.2亿元", "万元", "1.2", "亿元", "unit_in_cell"),
        ("3千元", "万元", "3", "千元", "unit_in_cell"),
        ("3千万元", "万元", "30000000", "元", "multiplier;unit_in_cell"),
        ("３１人次", "人次", "31", "人次", "full_width;unit_in_cell"),
        ("350万人次", "人次", "350", "万人次", "unit_in_cell"),
        ("350万", "人次", "3500000", None, "multiplier"),
        ("3千", "家次", "3000", None, "multiplier"),
        ("三百万", "人次", "3000000", None, "chinese_numerals"),
        ("三百万元", "万元", "3000000", "元", "chinese_numerals;unit_in_cell"),
        ("一千二百三十四", "万元", "1234", None, "chinese_numerals"),
        ("¥1,200", "元", "1200", None, "currency_sign;thousands"),
        ("¥1,200万元", "元", "1200", "万元", "currency_sign;thousands;unit_in_cell"),
        ("1000平方米", "㎡", "1000", "平方米", "unit_in_cell"),
        ("618.05亿元", None, "618.05", "亿元", "unit_in_cell"),
    ],
)
def test_the_unit_in_the_cell_goes_before_the_printed_one(
    value: CellValue, unit: str | None, number: str, own_unit: str | None, rules: str | None
) -> None:
    assert read(value, unit) == Accepted(None, Decimal(number), own_unit, rules)


@pytest.mark.parametrize(
    ("value", "unit", "rule", "complaint"),
    [
        ("350万", "万元", "ambiguous_number", "不能确定是350万元，还是350万个“万元”"),
        ("3千", "万元", "ambiguous_number", "不能确定是3千元，还是3千个“万元”"),
        ("三百万", "万元", "ambiguous_number", "不能确定是3000000元，还是3000000个“万元”"),
        ("¥1,200", "万元", "ambiguous_number", "不能确定是1200元，还是1200个“万元”"),
        ("31人", "人次", "unknown_unit", "所带单位不是该指标的计量单位"),
        ("31家", "家次", "unknown_unit", "所带单位不是该指标的计量单位"),
        ("31万元", "人次", "unknown_unit", "所带单位不是该指标的计量单位"),
        ("¥31", "人次", "unknown_unit", "所带单位不是该指标的计量单位"),
        ("¥31家", "家", "unknown_unit", "所带单位不是该指标的计量单位"),
        ("31吨", "万元", "not_a_number", "不是数字"),
        ("1.5人次", "人次", "not_an_integer", "不是整数"),
        ("1.23456万人次", "人次", "not_an_integer", "不是整数"),
        ("约300万", "万元", "approximate_number", "是约数或范围"),
        ("12%", "万元", "percent_number", "是百分数"),
        ("（12）", "万元", "ambiguous_number", "带括号，不能确定是否表示负数"),
        (
            "12 34",
            "人次",
            "ambiguous_number",
            "中间有空格或换行，不能确定是一个数还是几个数",
        ),
        ("1200,5", "万元", "ambiguous_number", "逗号不是千分位，不能确定是小数点还是几个数"),
        ("同上", "万元", "not_a_number", "没有写出数字"),
    ],
)
def test_the_question_is_asked(value: str, unit: str, rule: str, complaint: str) -> None:
    rejected = read(value, unit)
    assert isinstance(rejected, Rejected)
    assert (rejected.rule_code, rejected.complaint) == (rule, complaint)


@pytest.mark.parametrize(
    ("value", "unit", "number"),
    [("1.2万人次", "人次", "1.2"), (1.2, "万人次", "1.2"), ("12,000.0", "人次", "12000")],
)
def test_things_are_counted_whole_in_base_units(value: CellValue, unit: str, number: str) -> None:
    found = read(value, unit)
    assert isinstance(found, Accepted)
    assert found.number == Decimal(number)
    assert isinstance(read(1.23456, "万人次"), Rejected)


@pytest.mark.parametrize(
    ("value", "code", "unit", "found"),
    [
        (1200.5, '0.00"万元"', "万元", ("1200.5", "万元", "unit_in_format")),
        (1200.0, '#,##0"元"', "万元", ("1200", "元", "unit_in_format")),
        (31.0, '0"人次"', "人次", ("31", "人次", "unit_in_format")),
        (31.0, "#,##0.00_);(#,##0.00)", "万元", ("31", None, None)),
    ],
)
def test_a_unit_in_the_number_format_is_read(
    value: float, code: str, unit: str, found: tuple[str, str | None, str | None]
) -> None:
    number, own_unit, rules = found
    assert read(Formatted(value, code), unit) == Accepted(None, Decimal(number), own_unit, rules)


@pytest.mark.parametrize(
    ("value", "code", "rule", "complaint"),
    [
        (
            0.125,
            "0.0%",
            "percent_number",
            "存储的是0.125，按数字格式显示为12.5%，不能确定以哪个为准",
        ),
        (
            12345.0,
            '0!.0,"万元"',
            "ambiguous_number",
            "存储的是12345，按数字格式显示为1.2345万元，不能确定以哪个为准",
        ),
        (1200.0, "[$¥-804]#,##0.00", "ambiguous_number", "不能确定是1200元，还是1200个“万元”"),
        (12.0, '"约"0', "approximate_number", "是约数或范围"),
        (12.0, '0"人"', "unknown_unit", "所带单位不是该指标的计量单位"),
    ],
)
def test_a_format_that_shows_something_else_is_asked_about(
    value: float, code: str, rule: str, complaint: str
) -> None:
    rejected = read(Formatted(value, code), "万元")
    assert isinstance(rejected, Rejected)
    assert (rejected.rule_code, rejected.complaint) == (rule, complaint)


@given(st.text(alphabet="0123456789.,元万亿人次家¥%约多~- ", max_size=8))
def test_figures_keep_their_size_in_base_units(text: str) -> None:
    """Whatever is read in 万元 is read as the same amount in 元 if the cell has its own unit."""
    first, second = read(text, "万元"), read(text, "元")
    if isinstance(first, Accepted) and first.unit is not None:
        assert second == first
        assert first.unit.endswith("元")


@pytest.mark.parametrize(
    ("printed", "own", "noted", "unit"),
    [
        ("", "万元", (), "万元"),
        ("元", "万元", (), "元"),
        ("", "万元", ((("元",),),), "元"),
        ("", "万元", ((("元", "人次"),),), "元"),
        ("", "人次", ((("元",),),), "人次"),
        ("", "万元", ((("亿元",), ("元",)),), "亿元"),  # the nearest
        ("", "万元", ((("亿元", "元"),),), "万元"),  # says nothing of this one
        ("", "万元", ((), (("元",),)), "元"),
        ("", "万元", ((("亿元",),), (("元",),)), "亿元"),
        ("万元", "万元", ((("万元",),),), "万元"),
        ("人次", "人次", ((("万元",),),), "人次"),
    ],
)
def test_units_beside_figures_go_before_notes(
    printed: str, own: str, noted: tuple[NotedUnits, ...], unit: str
) -> None:
    assert READER.unit_of(printed, own, noted) == unit


@pytest.mark.parametrize(
    ("printed", "own", "noted", "rule"),
    [
        ("人", "人次", (), "unknown_unit"),
        ("吨", "万元", (), "unknown_unit"),
        ("万元", "万元", ((("元",),),), "unit_conflict"),
        ("元", "万元", ((), (("万元",),)), "unit_conflict"),
    ],
)
def test_units_that_do_not_fit_are_rejected(
    printed: str, own: str, noted: tuple[NotedUnits, ...], rule: str
) -> None:
    rejected = READER.unit_of(printed, own, noted)
    assert isinstance(rejected, Rejected)
    assert rejected.rule_code == rule


def test_every_question_breaks_a_rule_of_the_catalog() -> None:
    known = {rule.code for rule in CATALOG.reading_rules}
    assert {rule for rule, _, _ in QUESTIONS.values()} <= known


MONEY = [unit for unit in CATALOG.units if unit.base_unit == "元"]


@given(st.decimals(0, 10**6, places=2), st.sampled_from(MONEY), st.sampled_from(MONEY))
def test_an_amount_is_the_same_in_every_unit(number: Decimal, unit: Unit, printed: Unit) -> None:
    found = read(f"{number:,f}{unit.unit}", printed.unit)
    assert isinstance(found, Accepted)
    assert found.number is not None
    assert found.number * CATALOG.unit(str(found.unit)).factor == number * unit.factor


@given(st.integers(0, 10**6), st.sampled_from(sorted(MULTIPLIERS)))
def test_a_bare_multiplier_multiplies_base_units_only(number: int, multiplier: str) -> None:
    assert isinstance(read(f"{number}{multiplier}", "万人次"), Rejected)
    found = read(f"{number}{multiplier}", "人次")
    if number * MULTIPLIERS[multiplier] < 10**15:
        assert found == Accepted(
            None, Decimal(number * MULTIPLIERS[multiplier]), None, "multiplier"
        )
    else:
        assert isinstance(found, Rejected)
