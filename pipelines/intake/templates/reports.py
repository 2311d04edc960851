"""What one agency reports in a month, as the flash report's workbooks take it.

Values stand in base units here (元, 人次); the printed unit of a line is the workbook's matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.intake.templates.cloning import Key

YES_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class AgencyIdentity:
    """Who reports: the agency, the district it lies in and the unit it reports through.

    What is not known is empty and stays blank.
    """

    credit_code: str
    agency_name: str
    district_code: str
    reporting_unit_code: str


@dataclass(frozen=True)
class AgencyReport:
    """An agency's flash report; without values it is a form to be filled.

    `zero_report` is None where it is not known; `values` by indicator and measure code (month,
    ytd, ytd_last_year); `foot` by field, dates ISO. `typed` is what the agency typed as text into
    a figure's cell (by indicator and measure) or into one of cover and foot (by field), instead of
    the value in its proper type; "" leaves the cell blank.
    """

    identity: AgencyIdentity
    operating_status: str = "normal"
    zero_report: bool | None = False
    accounting_method: str | None = None
    values: Mapping[tuple[str, str], int | Decimal] = field(default_factory=dict)
    foot: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[Key, str] = field(default_factory=dict)

    @property
    def cover(self) -> dict[str, str | None]:
        """What stands in the cover's fields, apart from the period: codes and texts."""
        return {
            "credit_code": self.identity.credit_code,
            "agency_name": self.identity.agency_name,
            "district": self.identity.district_code,
            "reporting_unit": self.identity.reporting_unit_code,
            "operating_status": self.operating_status,
            "zero_report": None if self.zero_report is None else YES_NO[self.zero_report],
            "accounting_method": self.accounting_method,
        }
