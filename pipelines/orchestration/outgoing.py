"""Templates to send out: whom they are for, and what is already known of last year.

What a template looks like is the intake's matter; who is asked is read from the published frame.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from pipelines.catalog.geography import describe_retired, find_reporting_unit, geography_in
from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import MONTH, Catalog
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_lists,
)
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.months import first_month, well_written
from pipelines.orchestration.published import ask
from pipelines.orchestration.run import Tell, tell_nobody
from pipelines.root import Root

FLASH = "flash_report"
CITY = "市级直报"
# The newest sample there is, placed in the divisions of the month that is asked for.
FRAME = """
    select
        frame.credit_code, frame.agency_name,
        coalesce(places.district_code, ''), places.reporting_unit_code
    from read_parquet($frame) as frame
    inner join read_parquet($places) as places using (period, credit_code)
    where frame.is_sampled and places.geography = $geography
      and period = (
          select max(period) from read_parquet($frame) where is_sampled and period <= $period
      )
    order by places.reporting_unit_code, frame.credit_code"""
REPORTED = """
    select credit_code, indicator_code, value
    from read_parquet(?)
    where form_code = ? and measure_code = 'ytd' and period = ?"""
PERIODS = {  # by the form's period type
    "month": (MONTH, "的 --period 要写年月，如 2025-06。"),
    "year": (r"\d{4}", "的 --period 要写年份，如 2024。"),
    "none": ("", "不分期，请去掉 --period。"),
}


class WrongPeriodError(Exception):
    """A period that the form cannot have."""


class NobodyToAskError(Exception):
    """Nobody is known whom the template could be made out for."""


def write_roll_templates(
    root: Root, period: str | None, unit: str | None, folder: Path, tell: Tell = tell_nobody
) -> list[Path]:
    """Write the flash report's roll for each reporting unit with sampled agencies, or for one.

    Args:
        root: Where the published frame is.
        period: The month to be reported (YYYY-MM).
        unit: Code or name of the only reporting unit wanted; None for all.
        folder: Where the workbooks go.
        tell: Hears of each workbook that is written.

    Raises:
        UnknownMonthError: The period is not written YYYY-MM, or no report is asked for it.
        WrongPeriodError: There is no flash report of that period.
        NobodyToAskError: The unit is unknown or abolished, or it has no sampled agency.
    """
    catalog = load_catalog()
    period = flash_period(catalog, period)
    rolls = reports_by_unit(root, catalog, period, unit)
    names = unit_names(catalog)
    paths = []
    for code, reports in rolls.items():
        path = folder / f"{names[code]}_汇总表_{period}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_flash_roll(path, catalog, period, code, reports, is_made_up(root))
        paths.append(path)
        tell("写模板", path.name, len(rolls))
    return paths


def reports_by_unit(
    root: Root, catalog: Catalog, period: str, unit: str | None = None
) -> dict[str, list[AgencyReport]]:
    """Return the reports to be filled for a period by the unit they go to, or those of one unit.

    Raises:
        NobodyToAskError: The unit is unknown or abolished, or it has no sampled agency.
    """
    reports: dict[str, list[AgencyReport]] = {}
    for report in _reports_to_fill(root, catalog, period):
        reports.setdefault(report.identity.reporting_unit_code, []).append(report)
    if unit is not None:
        code = _unit_code(catalog, unit, period)
        reports = {code: reports[code]} if code in reports else {}
    if not reports:
        raise NobodyToAskError(
            f"还不知道{unit or '各报送单位'}有哪些样本机构，请先把机构名录和样本名录"
            "放入 data/raw 并运行 hrstats run。"
        )
    return reports


def write_agency_template(root: Root, period: str | None, credit_code: str, folder: Path) -> Path:
    """Write the flash report of one sampled agency.

    Raises:
        UnknownMonthError: The period is not written YYYY-MM, or no report is asked for it.
        WrongPeriodError: There is no flash report of that period.
        NobodyToAskError: The agency is not in the sample.
    """
    catalog = load_catalog()
    period = flash_period(catalog, period)
    for report in _reports_to_fill(root, catalog, period):
        if report.identity.credit_code == credit_code:
            path = folder / f"快报_{credit_code}_{period}.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_flash_single(path, catalog, period, report, is_made_up(root))
            return path
    raise NobodyToAskError(f"样本中没有统一社会信用代码为 {credit_code} 的机构，请核对后再试。")


def write_empty_list(root: Root, form_code: str, period: str | None, folder: Path) -> Path:
    """Write a list form (register, sample, annual return, ledger, …) without rows.

    Without a period its cell stays empty, to be filled as well.

    Raises:
        WrongPeriodError: The list needs another kind of period.
    """
    catalog = load_catalog()
    form = catalog.form(form_code)
    pattern, words = PERIODS[form.period_type]
    if period is not None and not re.fullmatch(pattern, period):
        raise WrongPeriodError(f"报告期“{period}”写法不对，{form.name}{words}")
    name = "_".join(part for part in (form.name, period) if part)
    path = folder / f"{name}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lists(path, catalog, form_code, period, {}, is_made_up(root))
    return path


def flash_period(catalog: Catalog, period: str | None) -> str:
    """Return the period when there is a flash report of it.

    Raises:
        UnknownMonthError: It is not written YYYY-MM, or no report is asked for it.
        WrongPeriodError: None is given, or there was no flash report yet.
    """
    if period is None or well_written(period) < first_month(catalog):
        raise WrongPeriodError(f"请写明报告期，如 2025-06；快报自 {first_month(catalog)} 起。")
    return period


def _reports_to_fill(root: Root, catalog: Catalog, period: str) -> list[AgencyReport]:
    """Return an empty report for each sampled agency, with last year's figures where known."""
    frame = root.internal / "core_frame.parquet"
    if not frame.exists():
        return []
    agencies = ask(
        root,
        FRAME,
        frame=str(frame),
        places=str(root.internal / "core_area_memberships.parquet"),
        geography=geography_in(catalog.divisions, period),
        period=period,
    ).rows
    last_year = _last_year(root, catalog, period)
    return [
        AgencyReport(AgencyIdentity(*agency), values=last_year.get(agency[0], {}))
        for agency in agencies
    ]


def _last_year(
    root: Root, catalog: Catalog, period: str
) -> Mapping[str, Mapping[tuple[str, str], Decimal]]:
    """Return what each agency reported for 1—本月 a year ago, in base units, by credit code."""
    wanted = {
        line.indicator
        for line in catalog.form(FLASH, period).lines
        if line.calculated is None and "ytd_last_year" in line.measures
    }
    observations = root.internal / "core_observations.parquet"
    a_year_ago = f"{int(period[:4]) - 1}{period[4:]}"
    rows = ask(root, REPORTED, str(observations), FLASH, a_year_ago).rows
    values: dict[str, dict[tuple[str, str], Decimal]] = {}
    for credit_code, indicator, value in rows:
        if indicator in wanted:
            values.setdefault(credit_code, {})[indicator, "ytd_last_year"] = value
    return values


def unit_names(catalog: Catalog) -> dict[str, str]:
    """Return the name of every reporting unit as file names use it."""
    geography = catalog.divisions
    divisions = {division.code: division.name for division in geography.divisions}
    functional_areas = {area.code: area.name for area in geography.functional_areas}
    return {geography.city_code: CITY, **divisions, **functional_areas}


def _unit_code(catalog: Catalog, text: str, period: str) -> str:
    """Return the code of the reporting unit that the text names in that month."""
    geography = catalog.divisions
    if text in (geography.city_code, geography.city_name, CITY):
        return geography.city_code
    unit = find_reporting_unit(geography, text, period)
    if unit is None:
        if retired := describe_retired(geography, text, period):
            raise NobodyToAskError(f"{text}{retired}。")
        raise NobodyToAskError(f"没有名为“{text}”的报送单位，请写全称或代码，如 渝中区、500103。")
    return unit.code
