"""Figures: which unit a number stands in, and the question to be answered where that is not clear.

How numbers are spelt is the matter of `grammar`, what number formats show of `formats`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from pipelines.catalog.models import Catalog
from pipelines.intake.decoding import Formatted, Unreadable
from pipelines.intake.formats import show
from pipelines.intake.grammar import (
    MULTIPLIERS,
    Doubt,
    Number,
    as_stored,
    parse_number,
    plain,
)
from pipelines.intake.locating import Cell
from pipelines.intake.records import Accepted, NotedUnits, Rejected, join_rules

NUMBER, WHOLE_NUMBER = "数字，如1200.50", "整数"  # what should stand in a cell
# What is wrong with what is not one number; without an answer of its own, a number is expected.
QUESTIONS: dict[Doubt, tuple[str, str, str | None]] = {
    Doubt.NO_NUMBER: ("not_a_number", "不是数字", None),
    Doubt.NOTHING: ("not_a_number", "不是数字，应填项不能用符号代替", "数字，没有发生的填0"),
    Doubt.REPEATED: ("not_a_number", "没有写出数字", "该项自己的数字，如{example}"),
    Doubt.PERCENT: ("percent_number", "是百分数", "数值本身，如{example}"),
    Doubt.SCIENTIFIC: (
        "scientific_number",
        "是科学计数法的文本，末几位可能已丢失",
        "完整的数字，如{example}",
    ),
    Doubt.BRACKETED: (
        "ambiguous_number",
        "带括号，不能确定是否表示负数",
        "不带括号的数字，负数写负号，如-{example}",
    ),
    Doubt.APPROXIMATE: ("approximate_number", "是约数或范围", "确数，如{example}"),
    Doubt.TWO_NUMBERS: (
        "ambiguous_number",
        "中间有空格或换行，不能确定是一个数还是几个数",
        "一个数字，中间不留空格，如{example}",
    ),
    Doubt.SEPARATORS: (
        "ambiguous_number",
        "逗号不是千分位，不能确定是小数点还是几个数",
        "不带逗号的数字，如{example}",
    ),
    Doubt.TOO_LARGE: ("not_a_number", "超出15位整数", None),
}
REMEMBERED = 4_096  # look-ups of a kind
REMEMBERED_NUMBERS = 65_536
NOT_A_VALUE = "是错误值、逻辑值、时间或没有计算结果的公式"


class FigureReader:
    """Reads numbers in the units of a catalog; what was looked up once is remembered."""

    def __init__(self, catalog: Catalog) -> None:
        self._units = {unit.unit: unit for unit in catalog.units}
        self._units_by_name = {plain(unit.unit): unit for unit in catalog.units}
        self._read_figure = lru_cache(REMEMBERED_NUMBERS)(self._judge_figure)
        self.unit_of = lru_cache(REMEMBERED)(self._find_unit)

    def read_number(self, cell: Cell, unit: str | None, is_whole: bool) -> Accepted | Rejected:
        """Return the number in a filled cell.

        Args:
            cell: where it stands.
            unit: in which it stands unless the cell says otherwise.
            is_whole: whether things are counted one by one, so that base units must be whole.
        """
        value = cell.value
        if type(value) in (float, str, int):
            return self._read_figure(value, unit, is_whole)
        if isinstance(value, Formatted):
            return self._read_formatted(value, unit, is_whole)
        expected = WHOLE_NUMBER if is_whole else NUMBER
        if isinstance(value, Unreadable | bool):
            return Rejected("cell_error", NOT_A_VALUE, expected)
        return Rejected("not_a_number", "不是数字", expected)

    def number_in(self, accepted: Accepted, unit: str | None) -> Decimal:
        """Return a number that was read in a unit, whichever its cell gives it."""
        number = accepted.number or Decimal(0)
        own, wanted = (self._units.get(name or "") for name in (accepted.unit, unit))
        return number * own.factor / wanted.factor if own and wanted else number

    def counts_whole(self, unit: str | None) -> bool:
        """Return whether figures in this unit count things one by one."""
        known = self._units.get(unit or "")
        return known is not None and not self._units[known.base_unit].is_measured

    def is_unit(self, text: str) -> bool:
        """Return whether the catalog has this unit."""
        return text in self._units

    def _find_unit(self, printed: str, own: str, noted: tuple[NotedUnits, ...]) -> str | Rejected:
        """Return the unit in which figures stand: as printed, else as noted, else the form's own.

        One that does not count the same things (人 for 人次), and one that a note contradicts, are
        rejected.

        Args:
            printed: the unit beside the figures in plain form; empty if there is none.
            own: the form's unit.
            noted: what notes say, those that go before first.
        """
        named = self._same_base(printed, own)
        if printed and named is None:
            return Rejected("unknown_unit", "不是该指标的计量单位", f"“{own}”")
        of_notes = filter(None, (self._noted_unit(each, own) for each in noted))
        noted_unit = next(of_notes, None)
        if noted_unit and named and noted_unit != named:
            return Rejected(
                "unit_conflict",
                f"与表上注明的“单位：{noted_unit}”不一致，不能确定以哪个为准",
                f"实际使用的单位（“{noted_unit}”或“{named}”），并使两处一致",
            )
        return named or noted_unit or own

    def _noted_unit(self, noted: NotedUnits, own: str) -> str | None:
        """Return the unit that the nearest note names for what is counted in a form's own unit.

        None if no note does, or that one names several.
        """
        for names in noted:
            units = {self._same_base(name, own) for name in names} - {None}
            if units:
                return units.pop() if len(units) == 1 else None
        return None

    def _same_base(self, name: str, own: str) -> str | None:
        """Return the unit of this name (plain form) if it counts the same things as another."""
        unit = self._units_by_name.get(name)
        if unit is None or unit.base_unit != self._units[own].base_unit:
            return None
        return unit.unit

    def _judge_figure(
        self, value: str | int | float, unit: str | None, is_whole: bool
    ) -> Accepted | Rejected:
        """Return the number that is meant and its unit, or the question to be answered."""
        written = parse_number(value)
        if isinstance(written, Doubt):
            rule_code, complaint, answer = QUESTIONS[written]
            example = "1200" if is_whole else "1200.50"
            expected = WHOLE_NUMBER if is_whole else NUMBER
            return Rejected(
                rule_code, complaint, answer.format(example=example) if answer else expected
            )
        found = self._in_unit(written, unit)
        if isinstance(found, Rejected):
            return found
        number, own_unit, rules = found
        known = self._units.get(own_unit or unit or "")
        in_base_units = number * known.factor if known else number
        if is_whole and in_base_units != in_base_units.to_integral_value():
            return Rejected("not_an_integer", "不是整数", WHOLE_NUMBER)
        stored = as_stored(number)
        if stored is None:
            return Rejected(*QUESTIONS[Doubt.TOO_LARGE][:2], NUMBER)
        return Accepted(None, stored, own_unit, join_rules([*written.rules, *rules]))

    def _in_unit(
        self, written: Number, unit: str | None
    ) -> tuple[Decimal, str | None, Sequence[str]] | Rejected:
        """Return a number, the unit its cell gives it (None if it gives none) and why.

        Args:
            written: what the cell says.
            unit: in which figures stand here.
        """
        printed = self._units.get(unit or "")
        base = printed.base_unit if printed else None
        suffix = written.multiplier + written.unit
        factor = Decimal(MULTIPLIERS.get(written.multiplier, 1))
        is_myriads = written.is_myriads or factor > 1
        if not written.unit:
            if written.has_currency and unit != "元":
                return _ask_unit(written, "元", unit) if base == "元" else _refuse_unit(unit)
            if is_myriads and printed is not None and printed.factor != 1:
                return _ask_unit(written, printed.base_unit, unit)
            return written.number * factor, None, ["multiplier"] * (factor > 1)
        named = self._units_by_name.get(plain(suffix))
        if named is not None:
            factor = Decimal(1)
        else:
            named = self._units_by_name.get(plain(written.unit))
        if named is None:
            return Rejected("not_a_number", "不是数字", _expected_in(unit))
        if (base and named.base_unit != base) or (written.has_currency and named.base_unit != "元"):
            return _refuse_unit(unit)
        rules = ["multiplier"] * (factor > 1) + ["unit_in_cell"]
        return written.number * factor, named.unit, rules

    def _read_formatted(
        self, value: Formatted, unit: str | None, is_whole: bool
    ) -> Accepted | Rejected:
        """Return a number in the unit that its format shows, unless it shows another number."""
        shown = show(value.value, value.format_code)
        if not shown.is_as_stored:
            stored = f"{Decimal(repr(float(value.value))).normalize():f}"
            rule_code = "percent_number" if "%" in shown.text else "ambiguous_number"
            complaint = f"存储的是{stored}，按数字格式显示为{shown.text}，不能确定以哪个为准"
            return Rejected(rule_code, complaint, f"{_expected_in(unit)}，并取消该数字格式")
        result = self._read_figure(shown.text, unit, is_whole)
        if isinstance(result, Rejected) or result.rules is None:
            return result
        return result._replace(rules=result.rules.replace("unit_in_cell", "unit_in_format"))


def _ask_unit(written: Number, base: str, unit: str | None) -> Rejected:
    """Ask whether a number that brings a multiplier or ¥ along stands in the base unit or not."""
    number = f"{written.number.normalize():f}{written.multiplier}"
    complaint = f"不能确定是{number}{base}，还是{number}个“{unit}”"
    return Rejected("ambiguous_number", complaint, _expected_in(unit))


def _refuse_unit(unit: str | None) -> Rejected:
    """Refuse a unit that does not count the same things."""
    return Rejected("unknown_unit", "所带单位不是该指标的计量单位", _expected_in(unit))


def _expected_in(unit: str | None) -> str:
    """Return what should stand where figures are asked for in a unit."""
    return f"以{unit}为单位的数字" if unit else NUMBER
