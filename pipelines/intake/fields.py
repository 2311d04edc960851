"""From what stands in a cell to its value, by the type its field has in the catalog.

How values are spelt is the matter of `grammar` and `periods`; where their cells are, of the layout
readers. Here it is decided which unit a figure stands in, and said why a cell has no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from pipelines.catalog.geography import find_division, find_reporting_unit
from pipelines.catalog.models import Catalog, FormField
from pipelines.intake.decoding import Formatted, Unreadable
from pipelines.intake.displays import show
from pipelines.intake.grammar import (
    MULTIPLIERS,
    SCIENTIFIC,
    Doubt,
    Number,
    as_stored,
    credit_code_rules,
    is_nil,
    parse_choice,
    parse_credit_code,
    parse_number,
    plain,
    spelling_rules,
    tidy_words,
)
from pipelines.intake.locating import Cell
from pipelines.intake.periods import (
    describe_fault,
    parse_date,
    parse_month,
    parse_year,
    period_rules,
)
from pipelines.intake.records import Accepted, NotedUnits, Rejected

EXPECTED = {
    "text": "文字",
    "credit_code": "证照上的18位统一社会信用代码（以文本格式录入）",
    "date": "日期，如2025-07-10",
    "month": "月份，如2025年6月",
    "year": "年份，如2025",
    "number": "数字，如1200.50",
    "integer": "整数",
    "area": "报告期内区县或功能区的全称，如渝中区",
}
RULES = {  # by field type; a text has no grammar to break
    "credit_code": ("invalid_credit_code", "位数或校验码不符"),
    "date": ("not_a_date", "不是可识别的日期"),
    "month": ("not_a_month", "不是可识别的月份"),
    "year": ("not_a_year", "不是可识别的年份"),
    "area": ("unknown_area", "不是可识别的区县或功能区名称"),
    "choice": ("not_a_choice", "不在可选项内"),
    "yes_no": ("not_a_choice", "不在可选项内"),
}
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
UNUSED_LETTERS = "IOSVZ"  # GB 32100 leaves out what looks like 1, 0, 5, U and 2
LOST_DIGITS = "已被存成数字或科学计数法，末几位已丢失，不能推算"
REMEMBERED = 4_096  # look-ups of a kind
REMEMBERED_NUMBERS = 65_536
NO_VALUES = (Unreadable, Formatted, bool)
NOT_A_VALUE = "是错误值、逻辑值、时间、没有计算结果的公式，或按格式显示的与存储的不同"


class FieldReader:
    """Reads cells by the catalog; areas, choices and units once looked up are remembered."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._units = {unit.unit: unit for unit in catalog.units}
        self._units_by_name = {plain(unit.unit): unit for unit in catalog.units}
        self._find_area = lru_cache(REMEMBERED)(self._look_up_area)
        self._find_choice = lru_cache(REMEMBERED)(self._look_up_choice)
        self._read_figure = lru_cache(REMEMBERED_NUMBERS)(self._judge_figure)
        self.unit_of = lru_cache(REMEMBERED)(self._find_unit)

    def read(
        self,
        field: FormField,
        cell: Cell,
        month: str,
        epoch: int = 1900,
        unit: str | None = None,
    ) -> Accepted | Rejected | None:
        """Return the value of a cell, why it has none, or None if it may be and is blank.

        Args:
            field: what is asked for.
            cell: where it should stand. Where nothing is required, —, / and 无 count as blank.
            month: YYYY-MM whose divisions apply.
            epoch: year from which the serial numbers of dates count in the workbook.
            unit: in which figures stand unless the cell says otherwise; the field's own if None.
        """
        if is_blank(cell, field.required):
            if not field.required:
                return None
            return Rejected(missing_rule(field), "没有填写", self._expected(field))
        if field.type in ("number", "integer"):
            is_whole = field.type == "integer" or self.counts_whole(field.unit)
            return self.read_number(cell, unit or field.unit, is_whole)
        if isinstance(cell.value, NO_VALUES):
            return Rejected("cell_error", NOT_A_VALUE, self._expected(field))
        text, rules = self._read_text(field, cell, month, epoch)
        if text is None:
            rule_code, complaint = RULES[field.type]
            complaint = _describe_fault(field, cell) or complaint
            return Rejected(rule_code, complaint, self._expected(field))
        return Accepted(text, rules=_joined(rules))

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
        expected = EXPECTED["integer" if is_whole else "number"]
        if isinstance(value, NO_VALUES):
            return Rejected("cell_error", NOT_A_VALUE, expected)
        return Rejected("not_a_number", "不是数字", expected)

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
            expected = EXPECTED["integer" if is_whole else "number"]
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
            return Rejected("not_an_integer", "不是整数", EXPECTED["integer"])
        stored = as_stored(number)
        if stored is None:
            return Rejected(*QUESTIONS[Doubt.TOO_LARGE][:2], EXPECTED["number"])
        return Accepted(None, stored, own_unit, _joined([*written.rules, *rules]))

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

    def _read_text(
        self, field: FormField, cell: Cell, month: str, epoch: int
    ) -> tuple[str | None, list[str]]:
        """Return the value of a filled cell that is not to hold a number, and how it was read."""
        value, text = cell.value, cell.raw_text
        if isinstance(value, Unreadable | Formatted) or value is None or text is None:
            return None, []
        match field.type:
            case "date":
                return parse_date(value, epoch), period_rules(value, epoch)
            case "month":
                return parse_month(value, epoch), period_rules(value, epoch)
            case "year":
                return parse_year(value), period_rules(value)
            case "credit_code":
                # Of numbers Excel keeps 15 digits: the last three of a code are made up.
                is_text = isinstance(value, str)
                return parse_credit_code(text) if is_text else None, credit_code_rules(text)
            case "area":
                return self._find_area(field.field, plain(text), month), spelling_rules(text)
            case "choice" | "yes_no":
                choice = self._find_choice(field.choices or field.type, text)
                return choice, spelling_rules(text)
        return tidy_words(text)

    def _look_up_choice(self, classification: str, text: str) -> str | None:
        """Return the code of the item that a text names."""
        return parse_choice(text, self._catalog.classification(classification))

    def _look_up_area(self, field: str, text: str, month: str) -> str | None:
        """Return the code of the area a text names: a district, who reports, or any area."""
        divisions = self._catalog.divisions
        direct = {divisions.city_name, divisions.direct_unit, divisions.direct_unit_name}
        if field == "district":
            district = find_division(divisions, text, month)
            return district.code if district else None
        if text in {divisions.city_code, *map(plain, direct)}:
            return divisions.city_code
        if text in (divisions.country_code, divisions.country_name) and field == "area":
            return divisions.country_code
        unit = find_reporting_unit(divisions, text, month)
        return unit.code if unit else None

    def _expected(self, field: FormField) -> str:
        """Return what should stand in the cells of a field, as part of a sentence."""
        if field.type in ("choice", "yes_no"):
            items = self._catalog.classification(field.choices or field.type).items
            names = [f"“{item.name}”" for item in items]
            return "或".join(names) if len(names) == 2 else "、".join(names) + "之一"
        if field.type == "number" and self.counts_whole(field.unit):
            return EXPECTED["integer"]
        return EXPECTED[field.type]


def missing_rule(field: FormField) -> str:
    """Return the rule that a field left blank breaks."""
    return "period_missing" if field.field == "period" else "missing_value"


def _describe_fault(field: FormField, cell: Cell) -> str | None:
    """Return what exactly is wrong with a code, a date or a period, if that can be told."""
    value, text = cell.value, cell.raw_text or ""
    if field.type == "credit_code":
        code = plain(text).upper()
        if isinstance(value, int | float) or SCIENTIFIC.fullmatch(code):
            return LOST_DIGITS
        confused = sorted(set(UNUSED_LETTERS) & set(code))
        if confused:
            return f"含有代码不使用的字母{'、'.join(confused)}，请核对是否为形近的数字或字母"
    if field.type in ("date", "month", "year") and isinstance(value, str | int | float):
        return describe_fault(field.type, value)
    return None


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
    return f"以{unit}为单位的数字" if unit else EXPECTED["number"]


def _joined(rules: Sequence[str]) -> str | None:
    """Return codes of spelling rules as they are kept."""
    return ";".join(rules) or None


def is_blank(cell: Cell, is_required: bool) -> bool:
    """Return whether a cell holds nothing; where nothing is required, —, / and 无 say so too."""
    if isinstance(cell.value, str):
        return not plain(cell.value) or (not is_required and is_nil(cell.value))
    return cell.value is None
