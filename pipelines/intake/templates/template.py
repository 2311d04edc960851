"""A form for one period: what all its sheets share, and how the catalog's codes are printed on it.

Nothing is written to a workbook here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipelines.catalog.geography import divisions_valid, reporting_units
from pipelines.catalog.models import Catalog, Form, FormField, FormMeasure
from pipelines.intake.periods import MERGED_MONTHS, spell_period
from pipelines.intake.templates.cloning import Printed

NOT_APPROVED = "未经批准·试填"
MADE_UP = "（模拟数据）"


class Typed(str):
    """What somebody typed into a cell as text, instead of the value in its proper type."""

    __slots__ = ()


@dataclass(frozen=True)
class Template:
    """A form for one period (YYYY-MM, YYYY, or None for a form without periods)."""

    catalog: Catalog
    form: Form
    period: str | None
    made_up: bool

    @property
    def month(self) -> str:
        """The month whose divisions apply: a year's last, and without a period the latest."""
        if self.period is None:
            return "9999-12"
        return self.period if len(self.period) == 7 else f"{self.period}-12"

    @property
    def is_merged(self) -> bool:
        """Whether the period is January and February in one report."""
        return self.form.folder == "reports" and self.month.endswith("-02")

    @property
    def period_text(self) -> str:
        """The period as covers print it: 2025年6月, 2025年1—2月, 2025年; empty without one."""
        return "" if self.period is None else spell_period(self.period, self.is_merged)

    @property
    def written_at(self) -> dt.datetime:
        """The time in the workbook's properties, constant for equal input: the period's start."""
        year, _, month = (self.period or self.form.valid_from).partition("-")
        return dt.datetime(int(year), int(month or 1), 1)

    def title(self, part: str = "") -> str:
        """Return the title of a sheet, marked where the figures are made up."""
        words = f"{self.form.title}　{part}" if part else self.form.title
        return words + MADE_UP if self.made_up else words

    def head(self) -> list[tuple[str, str]]:
        """Return the lines at the top right; a form without a table number is no survey form."""
        form = self.form
        if not form.table_no:
            return []
        block = [
            ("表　　号", form.table_no),
            ("制定机关", form.issuing_authority),
            ("批准机关", form.approving_authority),
            ("批准文号", form.approval_no),
            ("有效期至", form.approval_valid_to),
        ]
        return [(label, text or NOT_APPROVED) for label, text in block]

    def measure_label(self, measure: FormMeasure, is_stock: bool = False) -> str:
        """Return the head of a value column: 本月, 期末 for stocks, 1—2月合计 for merged months."""
        if is_stock and measure.stock_label:
            return measure.stock_label
        merged = [alias for alias in measure.aliases if alias.startswith(MERGED_MONTHS)]
        return merged[0] if self.is_merged and merged else measure.label

    def items(self, field: FormField) -> dict[str, str]:
        """Return the names of a drop-down by code; empty where the field takes free input."""
        key = field.field, field.type, field.choices
        if key not in self._items:
            self._items[key] = self._items_of(field)
        return self._items[key]

    @cached_property
    def _items(self) -> dict[tuple[str, str, str | None], dict[str, str]]:
        """The names found so far; thousands of cells ask for the same."""
        return {}

    def _items_of(self, field: FormField) -> dict[str, str]:
        """Look up the names of a drop-down."""
        divisions = self.catalog.divisions
        if field.type == "area":
            if field.field.endswith("reporting_unit"):
                units = {unit.code: unit.name for unit in reporting_units(divisions, self.month)}
                return units | {divisions.city_code: divisions.direct_unit_name}
            areas = {area.code: area.name for area in divisions_valid(divisions, self.month)}
            city = {divisions.city_code: divisions.city_name}
            country = {divisions.country_code: divisions.country_name}
            return areas if field.field.endswith("district") else country | city | areas
        if field.type == "yes_no":
            return {item.code: item.name for item in self.catalog.classification("yes_no").items}
        if field.type == "choice" and field.choices:
            items = self.catalog.classification(field.choices).items
            return {item.code: item.name for item in items}
        return {}

    def printed(self, field: FormField, value: object) -> Printed:
        """Return a field's value as its cell shows it: codes by name, amounts in the printed unit.

        What was typed stays as it is.

        Raises:
            ValueError: A code is not among the field's items, or a date is not ISO (YYYY-MM-DD).
        """
        if value is None or value == "":
            return None
        if isinstance(value, Typed):
            return str(value)
        if field.field == "period" and value == self.period:
            return self.period_text
        if field.type == "date":
            return dt.date.fromisoformat(str(value))
        if field.type in ("integer", "year"):
            return int(str(value))
        if field.type == "number":
            return self.in_unit(Decimal(str(value)), field.unit)
        names = self.items(field)
        if not names:
            return str(value)
        if value not in names:
            raise ValueError(f"{field.field}: unknown code {value}")
        return names[str(value)]

    def in_unit(self, value: int | Decimal, unit: str | None) -> int | Decimal:
        """Return base units (元) in the printed unit (万元), unrounded."""
        return value / self._factors[unit] if unit else value

    @cached_property
    def _factors(self) -> dict[str, Decimal]:
        """How many base units each printed unit holds."""
        return {unit.unit: unit.factor for unit in self.catalog.units}

    def is_measured(self, unit: str) -> bool:
        """Whether the unit measures (money, area) and does not count: figures have decimals."""
        return self.catalog.unit(self.catalog.unit(unit).base_unit).is_measured
