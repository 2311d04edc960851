"""How the figures of a rule's message are shown: in the units of the form, dates in Chinese.

Templates stand in `expectations/`; which rows and cells they speak of is the matter of `findings`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from pipelines.catalog.models import Catalog, Form, FormMeasure

NOT_FILLED = "（未填）"
MUCH = 1000  # per cent; beyond that nobody reads an increase in per cent
TIMES = {1: "10倍", 2: "100倍", 3: "1000倍", 4: "1万倍", 5: "10万倍", 6: "100万倍"}


@dataclass(frozen=True)
class Item:
    """How a form calls one of its figures, and the unit that it prints."""

    name: str
    unit: str | None


class FormWords:
    """The names and printed units of a form's figures."""

    def __init__(self, catalog: Catalog, form: Form) -> None:
        self._catalog = catalog
        self._form = form
        lines = {line.indicator: line for line in form.lines}
        columns = [column for table in form.tables for column in table.columns]
        self._names = {code: f"{line.line} {line.label}" for code, line in lines.items()}
        self._names |= {column.field: column.label for column in columns}
        self._units = {code: line.unit for code, line in lines.items()}
        self._units |= {column.field: column.unit for column in columns if column.unit}

    def item(self, indicator: str, measure: str | None) -> Item:
        """Return the figure of an indicator in the column of a measure.

        Raises:
            KeyError: the form does not ask for that indicator.
        """
        heads = {each.code: self._head(indicator, each) for each in self._form.measures}
        head = f"（{heads[measure]}）" if measure in heads else ""
        return Item(f"“{self._names[indicator]}{head}”", self.unit(indicator))

    def unit(self, indicator: str) -> str | None:
        """Return the unit in which the form prints an indicator; None where it has none."""
        return self._units.get(indicator)

    def amount(self, value: Decimal, unit: str) -> str:
        """Return base units (元, 人次) as the form prints them: 1,234.50万元, 12人次."""
        return printed(value / self._catalog.unit(unit).factor, unit)

    def _head(self, indicator: str, measure: FormMeasure) -> str:
        """Return what stands over the column of a measure."""
        is_stock = self._catalog.indicator(indicator).measure_type == "stock"
        return measure.stock_label if is_stock and measure.stock_label else measure.label


@dataclass(frozen=True)
class Shown:
    """A value of a row as messages show it; figures are base units of the form's unit.

    {name:percent} is a change (增加62.5%, 扩大到12倍), {name:times} a power of ten (100倍),
    {name:size} a difference, {name:printed} one that is in the form's unit already, {name:ratio} a
    ratio that depends on the others, {name:count} a number without a unit, {name:period} a month
    (2025年6月).
    """

    value: object
    unit: str | None
    words: FormWords

    def __format__(self, spec: str) -> str:
        value = self.value
        if value is None:
            return NOT_FILLED
        if isinstance(value, int | float | Decimal):
            return self._number(value, spec)
        if isinstance(value, dt.date):
            return f"{value.year}年{value.month}月{value.day}日"
        if spec == "period":
            year, month = str(value).split("-")
            return f"{year}年{int(month)}月"
        return str(value)

    def _number(self, value: float | Decimal, spec: str) -> str:
        if spec == "percent":
            if value > MUCH:
                return f"扩大到{1 + value / 100:,.0f}倍"
            return f"{'增加' if value > 0 else '减少'}{abs(value):,.1f}%"
        if spec == "times":
            return TIMES.get(abs(int(value)), "100万倍以上")
        if spec == "ratio":
            return f"{value:,.2f}"
        if self.unit is None or spec == "count":
            return f"{value:,}"
        amount = Decimal(value)
        if spec == "printed":
            return printed(abs(amount), self.unit)
        return self.words.amount(abs(amount) if spec == "size" else amount, self.unit)


def printed(value: Decimal, unit: str) -> str:
    """Return a number of a printed unit: money with two decimals, counts without."""
    return f"{value:,.2f}{unit}" if unit.endswith("元") else f"{value:,.0f}{unit}"


def code_names(catalog: Catalog) -> dict[str, str]:
    """Return what people call the codes that keys of tables hold: indicators, areas, measures."""
    geography = catalog.divisions
    names = {indicator.code: indicator.name for indicator in catalog.indicators}
    names |= {item.code: item.name for c in catalog.classifications for item in c.items}
    names |= {stratum.code: stratum.name for stratum in catalog.sampling.strata}
    names |= {area.code: area.name for area in geography.divisions}
    names |= {area.code: area.name for area in geography.functional_areas}
    for form in catalog.forms:
        names |= {measure.code: measure.label for measure in form.measures}
        names[form.code] = form.name
    return names | {geography.city_code: geography.city_name, "TOTAL": "全市", "annual": "全年"}
