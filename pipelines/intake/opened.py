"""A decoded file together with the form it should be: what every layout reader works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.catalog.models import Form, FormField
from pipelines.intake.fields import FieldReader
from pipelines.intake.locating import Cell, Page
from pipelines.intake.records import Accepted, Item, Reading, Rejected, Unit


@dataclass(frozen=True)
class OpenedFile:
    """A file being read: its pages, the form asked for, and the reading that is made of it."""

    reading: Reading
    reader: FieldReader
    form: Form
    pages: Sequence[Page]
    epoch: int  # year from which serial numbers of dates count

    def item(self, field: FormField, unit: str | None = None) -> Item:
        """Return a field as what is asked for, in the unit in which its figures stand."""
        is_yearly = field.indicator is not None and self.form.period_type == "year"
        measure_code = "annual" if is_yearly else None
        return Item(field.field, field.label, field.indicator, measure_code, unit)

    def read(
        self,
        field: FormField,
        cell: Cell,
        unit: Unit | None,
        month: str,
        printed: str | None = None,
    ) -> Accepted | None:
        """Return the value of a field's cell; None if it is blank or has none, which is reported.

        Problems concern the unit, or without one the whole file. What is not required, and no
        figure, never refuses anything. Figures stand in the unit printed, else in the field's own.
        """
        item = self.item(field)
        self.reading.ask(unit, item, cell)
        result = self.reader.read(field, cell, month, self.epoch, printed)
        if not isinstance(result, Rejected):
            return result
        must_be_right = field.required or field.type in ("number", "integer")
        self.reading.reject(
            unit,
            item,
            cell,
            result,
            "mandatory" if must_be_right else "review",
        )
        return None
