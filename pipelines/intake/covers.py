"""Fields of a cover, found by their labels: the value stands in the cell beside the label."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipelines.catalog.calendar import asked_period
from pipelines.catalog.models import FormField
from pipelines.intake.fields import missing_rule
from pipelines.intake.grammar import plain
from pipelines.intake.locating import Cell, Page
from pipelines.intake.opened import OpenedFile
from pipelines.intake.periods import spell_period
from pipelines.intake.records import Accepted, Rejected, Unit, quote

# A sample is drawn for months to come, the others tell of what has been.
TOLD_AFTERWARDS = (
    "reports",
    "register",
    "register_events",
    "annual",
    "platforms",
    "ledger",
    "review",
)

Filled = tuple[Cell, Accepted]  # where the value of a field stands, and the value


def labels_of(field: FormField) -> frozenset[str]:
    """Return the labels by which a field is known, in plain form."""
    return _plain_labels(field.label, *field.aliases)


@cache
def _plain_labels(*labels: str) -> frozenset[str]:
    """Return these labels of the catalog in plain form."""
    return frozenset(map(plain, labels))


class Cover:
    """The sheet that bears most labels of these fields, and where on it each value should stand."""

    def __init__(self, pages: Sequence[Page], fields: Sequence[FormField]) -> None:
        labels = {field.field: labels_of(field) for field in fields}
        bounds = frozenset().union(*labels.values())
        page = max(pages, key=lambda page: sum(map(page.bears, labels.values())))
        self._places = {
            field: [page.value_beside(label, bounds) for label in page.find(each)]
            for field, each in labels.items()
        }

    def has(self, field: FormField) -> bool:
        """Return whether the field has a label on the cover."""
        return bool(self._places[field.field])

    def text(self, field: FormField) -> str | None:
        """Return what is written beside the label of a field; None where nothing is."""
        return next((place.raw_text for place in self._places[field.field] if place.raw_text), None)

    def read(
        self, file: OpenedFile, field: FormField, unit: Unit | None, month: str
    ) -> Filled | None:
        """Return a field's cell and value; None if it is blank or has none, which is reported.

        Problems concern the unit, or without one the whole file.
        """
        if not self.has(field):
            if field.required:
                file.reading.report(
                    unit,
                    missing_rule(field),
                    f"没有找到“{field.label}”一栏，请恢复模板原有的栏目并填写",
                    item=file.item(field),
                )
            return None
        cell, *others = sorted(self._places[field.field], key=lambda place: place.value is None)
        if any(other.value is not None and other.label != cell.label for other in others):
            rejected = Rejected("duplicate_label", "与另一处同名栏目不一致", "唯一的内容")
            file.reading.reject(unit, file.item(field), cell, rejected)
            return None
        value = file.read(field, cell, unit, month)
        return None if value is None else (cell, value)


def read_period(file: OpenedFile, cover: Cover, unit: Unit | None = None) -> Filled | None:
    """Return the period of the cover, None if there is no readable one.

    Without it, or where the file's folder is for another one, the file is refused, or only the
    report of the unit.
    """
    reading = file.reading
    field = next(field for field in file.form.cover if field.field == "period")
    found = cover.read(file, field, unit, "")
    if found is None:
        return None
    cell, value = found
    period = value.text or ""
    arrived = reading.receipt.first_seen_at[: len(period)]
    reading.file["period"] = period
    folder_period = reading.receipt.folder_period
    is_flash = file.form.code == "flash_report"
    if folder_period not in (None, period):
        reading.report(
            unit,
            "period_mismatch",
            f"“{field.label}”填的是“{quote(cell)}”，与所在文件夹“{folder_period}”不一致，"
            "请改正报告期，或放入对应的文件夹",
            item=file.item(field),
            cell=cell,
            expected=spell_period(
                str(folder_period), is_flash and str(folder_period).endswith("-02")
            ),
        )
    elif file.form.folder in TOLD_AFTERWARDS and period > arrived:
        reading.report(
            unit,
            "period_not_over",
            f"“{field.label}”填的是“{quote(cell)}”，晚于收到文件的时间，请改正{field.label}",
            item=file.item(field),
            cell=cell,
            expected=f"不晚于{spell_period(arrived, False)}",
        )
    elif is_flash and (asked := asked_period(period)) != period:
        wanted = spell_period(asked, True)
        reading.report(
            unit,
            "period_not_asked",
            f"“{field.label}”填的是“{quote(cell)}”，1月免报、1—2月合并填报，"
            f"请改填{wanted[5:]}报表，放入2月的文件夹",
            item=file.item(field),
            cell=cell,
            expected=wanted,
        )
    return found


def keep_field(file: OpenedFile, field: FormField, found: Filled) -> None:
    """Keep what a cover says of the whole file, and from whom it comes."""
    file.reading.keep(Unit(), file.item(field), *found)
    if field.field == "reporting_unit":
        file.reading.file["reporting_unit_code"] = found[1].text
