"""From what stands in a cell to its value, by the type its field has in the catalog.

How values are spelt is the matter of `grammar` and `periods`, which unit a figure stands in of
`figures`; where their cells are, of the layout readers. Here it is said why a cell has no value.
"""

from __future__ import annotations

from functools import lru_cache

from pipelines.catalog.geography import describe_retired, find_division, find_reporting_unit
from pipelines.catalog.models import Catalog, FormField
from pipelines.intake.decoding import Formatted, Unreadable
from pipelines.intake.figures import (
    NOT_A_VALUE,
    NUMBER,
    REMEMBERED,
    WHOLE_NUMBER,
    FigureReader,
)
from pipelines.intake.grammar import (
    SCIENTIFIC,
    credit_code_rules,
    is_nil,
    parse_choice,
    parse_credit_code,
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
from pipelines.intake.records import Accepted, Rejected, join_rules

EXPECTED = {
    "text": "文字",
    "credit_code": "证照上的18位统一社会信用代码（以文本格式录入）",
    "date": "日期，如2025-07-10",
    "month": "月份，如2025年6月",
    "year": "年份，如2025",
    "period": "报告期，月报如2025年6月，年报如2025",
    "number": NUMBER,
    "integer": WHOLE_NUMBER,
    "area": "报告期内区县或功能区的全称，如渝中区",
    "signature": "审核人姓名",
}
RULES = {  # by field type; a text has no grammar to break
    "credit_code": ("invalid_credit_code", "位数或校验码不符"),
    "date": ("not_a_date", "不是可识别的日期"),
    "month": ("not_a_month", "不是可识别的月份"),
    "year": ("not_a_year", "不是可识别的年份"),
    "period": ("not_a_period", "不是可识别的月份或年份"),
    "area": ("unknown_area", "不是可识别的区县或功能区名称"),
    "choice": ("not_a_choice", "不在可选项内"),
    "yes_no": ("not_a_choice", "不在可选项内"),
    "signature": ("signature_withdrawn", "已撤回签名，整份不予采用"),
}
WITHDRAWN = ("撤回", "作废")  # written in place of a signature or across it
UNUSED_LETTERS = "IOSVZ"  # GB 32100 leaves out what looks like 1, 0, 5, U and 2
LOST_DIGITS = "已被存成数字或科学计数法，末几位已丢失，不能推算"
NO_VALUES = (Unreadable, Formatted, bool)


class FieldReader(FigureReader):
    """Reads cells by the catalog; areas, choices and units once looked up are remembered."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self._catalog = catalog
        self._find_area = lru_cache(REMEMBERED)(self._look_up_area)
        self._find_choice = lru_cache(REMEMBERED)(self._look_up_choice)

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
        if is_blank(cell, field.required and field.type != "text"):
            if not field.required:
                return None
            return Rejected(missing_rule(field), "没有填写", self._expected(field))
        if field.type in ("number", "integer"):
            is_whole = field.type == "integer" or self.counts_whole(field.unit)
            return self.read_number(cell, unit or field.unit, is_whole)
        if isinstance(cell.value, NO_VALUES):
            is_formatted = isinstance(cell.value, Formatted)
            complaint = "是带有数字格式的数字" if is_formatted else NOT_A_VALUE
            return Rejected("cell_error", complaint, self._expected(field))
        text, rules = self._read_text(field, cell, month, epoch)
        if text is None:
            rule_code, complaint = RULES[field.type]
            if field.type == "area":
                retired = describe_retired(self._catalog.divisions, cell.raw_text or "", month)
                complaint = retired or complaint
            complaint = _describe_fault(field, cell) or complaint
            return Rejected(rule_code, complaint, self._expected(field))
        return Accepted(text, rules=join_rules(rules))

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
            case "month" | "period":
                found = parse_month(value, epoch)
                is_year = found is None and field.type == "period"
                return parse_year(value) if is_year else found, period_rules(value, epoch)
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
        is_withdrawn = field.type == "signature" and any(word in plain(text) for word in WITHDRAWN)
        return (None, []) if is_withdrawn else tidy_words(text)

    def _look_up_choice(self, classification: str, text: str) -> str | None:
        """Return the code of the item that a text names."""
        return parse_choice(text, self._catalog.classification(classification))

    def _look_up_area(self, field: str, text: str, month: str) -> str | None:
        """Return the code of the area a text names: a district, who reports, or any area."""
        divisions = self._catalog.divisions
        direct = {divisions.city_name, divisions.direct_unit, divisions.direct_unit_name}
        if field.endswith("district"):
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


def is_blank(cell: Cell, is_required: bool) -> bool:
    """Return whether a cell holds nothing; where nothing is required, —, / and 无 say so too."""
    if isinstance(cell.value, str):
        return not plain(cell.value) or (not is_required and is_nil(cell.value))
    return cell.value is None
