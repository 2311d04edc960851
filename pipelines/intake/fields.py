"""From what stands in a cell to its value, by the type its field has in the catalog.

How values are spelt is the matter of `grammar`; where their cells are, of the layout readers.
"""

from __future__ import annotations

from functools import lru_cache

from pipelines.catalog.geography import find_division, find_reporting_unit
from pipelines.catalog.models import Catalog, FormField
from pipelines.intake.decoding import Formatted, Unreadable
from pipelines.intake.grammar import (
    is_nil,
    parse_choice,
    parse_credit_code,
    parse_date,
    parse_month,
    parse_number,
    parse_year,
    plain,
)
from pipelines.intake.locating import Cell
from pipelines.intake.records import Accepted, Rejected

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
REMEMBERED = 4_096  # look-ups of a kind
REMEMBERED_NUMBERS = 65_536
NO_VALUES = (Unreadable, Formatted, bool)
NOT_A_VALUE = "是错误值、逻辑值、时间、没有计算结果的公式，或按格式显示的与存储的不同"


class FieldReader:
    """Reads cells by the catalog; areas, choices and units once looked up are remembered."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._units = {unit.unit: unit for unit in catalog.units}
        self._whole_units = {
            unit.unit
            for unit in catalog.units
            if unit.factor == 1 and not self._units[unit.base_unit].is_measured
        }
        self._find_area = lru_cache(REMEMBERED)(self._look_up_area)
        self._find_choice = lru_cache(REMEMBERED)(self._look_up_choice)
        self.printed_unit = lru_cache(REMEMBERED)(self._look_up_unit)

    def read(self, field: FormField, cell: Cell, month: str) -> Accepted | Rejected | None:
        """Return the value of a cell, why it has none, or None if it may be and is blank.

        Args:
            field: what is asked for.
            cell: where it should stand. Where nothing is required, —, / and 无 count as blank.
            month: YYYY-MM whose divisions apply.
        """
        if is_blank(cell, field.required):
            if not field.required:
                return None
            return Rejected(missing_rule(field), "没有填写", self._expected(field))
        if field.type in ("number", "integer"):
            is_whole = field.type == "integer" or self.counts_whole(field.unit)
            return self.read_number(cell, is_whole)
        if isinstance(cell.value, NO_VALUES):
            return Rejected("cell_error", NOT_A_VALUE, self._expected(field))
        if field.type == "credit_code" and isinstance(cell.value, int | float):
            complaint = "已被存成数字，末几位可能丢失"
            return Rejected("invalid_credit_code", complaint, self._expected(field))
        text = self._read_text(field, cell, month)
        if text is None:
            return Rejected(*RULES[field.type], self._expected(field))
        return Accepted(text)

    def read_number(self, cell: Cell, is_whole: bool) -> Accepted | Rejected:
        """Return the number in a filled cell; `is_whole` where things are counted one by one."""
        value = cell.value
        if type(value) in (float, str, int):
            return _accept_number(value, is_whole)
        expected = EXPECTED["integer" if is_whole else "number"]
        if isinstance(value, NO_VALUES):
            return Rejected("cell_error", NOT_A_VALUE, expected)
        return Rejected("not_a_number", "不是数字", expected)

    def counts_whole(self, unit: str | None) -> bool:
        """Return whether figures in this unit count things one by one."""
        return unit in self._whole_units

    def is_unit(self, text: str) -> bool:
        """Return whether the catalog has this unit."""
        return text in self._units

    def _look_up_unit(self, printed: str, own: str) -> str | None:
        """Return the unit in which figures stand: as printed (plain form), else the form's own.

        None if the printed one does not count the same things (人 for 人次).
        """
        if not printed:
            return own
        same_base = [
            unit.unit
            for unit in self._units.values()
            if unit.base_unit == self._units[own].base_unit and plain(unit.unit) == printed
        ]
        return same_base[0] if same_base else None

    def _read_text(self, field: FormField, cell: Cell, month: str) -> str | None:
        """Return the value of a filled cell that is not to hold a number."""
        value, text = cell.value, cell.raw_text
        if isinstance(value, Unreadable | Formatted) or value is None or text is None:
            return None
        match field.type:
            case "date":
                return parse_date(value)
            case "month":
                return parse_month(value)
            case "year":
                return parse_year(value)
            case "credit_code":
                return parse_credit_code(text)
            case "area":
                return self._find_area(field.field, plain(text), month)
            case "choice" | "yes_no":
                return self._find_choice(field.choices or field.type, text)
        return text.strip()

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


@lru_cache(REMEMBERED_NUMBERS)
def _accept_number(value: str | int | float, is_whole: bool) -> Accepted | Rejected:
    """Return the number that is meant, or why there is none."""
    number = parse_number(value)
    if number is None:
        return Rejected("not_a_number", "不是数字", EXPECTED["integer" if is_whole else "number"])
    if is_whole and number != number.to_integral_value():
        return Rejected("not_an_integer", "不是整数", EXPECTED["integer"])
    return Accepted(None, number)


def is_blank(cell: Cell, is_required: bool) -> bool:
    """Return whether a cell holds nothing; where nothing is required, —, / and 无 say so too."""
    if isinstance(cell.value, str):
        return not plain(cell.value) or (not is_required and is_nil(cell.value))
    return cell.value is None
