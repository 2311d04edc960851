"""The notices of a period: for each reporting unit a zip of prefilled workbooks and the notice.

What the notice says is the bulletin's matter, what a workbook looks like the intake's; who is asked
is read from the published frame.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.notices import AskedAgency, Recipient, write_notice
from pipelines.catalog.load import load_catalog
from pipelines.intake.templates import SingleCloner
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.months import dates_of
from pipelines.orchestration.outgoing import FLASH, flash_period, reports_by_unit, unit_names
from pipelines.orchestration.published import ask
from pipelines.orchestration.returned_files import safe_stem
from pipelines.orchestration.run import Tell, tell_nobody
from pipelines.root import Root

NEWLY_DRAWN = "新抽中"
LAST_TIMES = {
    ("accepted", False): "按时报送",
    ("accepted", True): "逾期报送",
    ("refused", False): "退回未更正",
    ("missing", False): "未报",
    ("out_of_scope", False): "当时不在范围",
}
LAST_RESPONSE = """
    select credit_code, status, is_late
    from read_parquet(?)
    where period = (select max(period) from read_parquet(?) where period < ?)"""


@dataclass(frozen=True)
class Notices:
    """The folder of a period's notices, its zips, and how many agencies are asked."""

    folder: Path
    paths: list[Path]
    agency_count: int


def write_notices(root: Root, period: str, tell: Tell = tell_nobody) -> Notices:
    """Write reports/notices/<period>/: a zip for each unit with sampled agencies, no others.

    Raises:
        UnknownMonthError: The period is not written YYYY-MM, or no report is asked for it.
        WrongPeriodError: There is no flash report of that period.
        NobodyToAskError: Nobody is sampled.
    """
    catalog = load_catalog()
    period = flash_period(catalog, period)
    reports = reports_by_unit(root, catalog, period)
    names = unit_names(catalog)
    form = catalog.form(FLASH, period)
    dates = dates_of(catalog, period)
    last_times = _last_times(root, period)
    made_up = is_made_up(root)
    cloner = SingleCloner(catalog, period, made_up)
    folder = root.reports / "notices" / period
    paths = []
    for code, asked in reports.items():
        agencies = [report.identity for report in asked]
        files = {
            f"快报_{period}_{agency.credit_code}_{safe_stem(agency.agency_name)}.xlsx": (
                cloner.content(report)
            )
            for report, agency in zip(asked, agencies, strict=True)
        }
        notice = write_notice(
            Recipient(code, names[code], code == catalog.divisions.city_code),
            dates,
            [
                AskedAgency(
                    agency.credit_code,
                    agency.agency_name,
                    last_times.get(agency.credit_code, NEWLY_DRAWN),
                )
                for agency in agencies
            ],
            form,
            catalog.reporting,
            made_up,
        )
        path = folder / f"快报通知_{names[code]}_{period}.zip"
        replace_file(path, _zipped({f"通知_{names[code]}_{period}.docx": notice, **files}))
        paths.append(path)
        tell("写通知", path.name, len(reports))
    for path in {*folder.glob(f"快报通知_*_{period}.zip")} - {*paths}:
        path.unlink()  # of a unit that no longer has anybody to ask
    return Notices(folder, paths, sum(map(len, reports.values())))


def _last_times(root: Root, period: str) -> dict[str, str]:
    """Return how each agency did in the latest period before, by credit code."""
    response = str(root.internal / "core_response.parquet")
    rows = ask(root, LAST_RESPONSE, response, response, period).rows
    return {code: LAST_TIMES[status, is_late] for code, status, is_late in rows}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files that are compressed already; equal files give equal bytes."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as members:
        for name, content in files.items():
            members.writestr(ZipInfo(name), content)
    return stream.getvalue()
