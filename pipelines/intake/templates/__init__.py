"""Workbooks that people fill: the flash report of one agency, its roll for many, and the lists.

Everything printed comes from the catalog; what comes back is read in `pipelines.intake.reading`.
"""

from pipelines.intake.templates.lists import write_list, write_lists
from pipelines.intake.templates.reports import AgencyIdentity, AgencyReport
from pipelines.intake.templates.roll import RollCloner, write_flash_roll
from pipelines.intake.templates.single import SingleCloner, write_flash_single
from pipelines.intake.templates.template import Typed

__all__ = [
    "AgencyIdentity",
    "AgencyReport",
    "RollCloner",
    "SingleCloner",
    "Typed",
    "write_flash_roll",
    "write_flash_single",
    "write_list",
    "write_lists",
]
