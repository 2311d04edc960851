"""What is known of a file that goes back: its receipt and its open findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.catalog.severities import Severity
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import Row
from pipelines.intake.returned.remarks import Place

PLACES_APART = "；"
NOT_MADE = "文件“%s”的退回文件没有生成，请按退回清单通知填报单位。"

ReadValues = Callable[[int], Sequence[Row]]  # rows of raw_values by receipt number


@dataclass(frozen=True)
class Finding:
    """An open finding: what is wrong where, in the file as it was received."""

    finding_id: str
    severity: Severity
    scope: str
    credit_code: str | None
    agency_name: str | None
    field_code: str | None
    indicator_code: str | None
    measure_code: str | None
    sheet_name: str | None
    cell_address: str | None
    related_cells: str | None
    raw_text: str | None
    expected: str | None
    message: str

    @property
    def place(self) -> Place | None:
        """The cell it is about; None where it is about more than one cell."""
        if self.sheet_name is None or self.cell_address is None:
            return None
        return Place(self.sheet_name, self.cell_address)

    @property
    def related(self) -> list[Place]:
        """The further cells it speaks of."""
        cells = (self.related_cells or "").split(PLACES_APART)
        parts = [cell.rpartition("!") for cell in cells if cell]
        return [Place(sheet_name, address) for sheet_name, _, address in parts]


@dataclass(frozen=True)
class FileToReturn:
    """A received file that is a form, with its open findings."""

    receipt: Receipt
    source: Path  # in the archive
    form_code: str
    layout: str
    period: str | None
    unit_name: str
    findings: Sequence[Finding]
