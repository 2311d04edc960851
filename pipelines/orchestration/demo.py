"""The demo: a made-up industry sends its workbooks, months pass in seconds, and the job runs.

The industry is `synthetic`'s, the workbooks come from the templates that go out to agencies; here
they meet, get their days of arrival, and some of them are spoiled.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.intake.inbox import take_in
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_list,
)
from pipelines.orchestration.demo_root import new_demo_root
from pipelines.orchestration.months import TIME_ZONE
from pipelines.orchestration.outgoing import unit_names
from pipelines.orchestration.run import RunOutcome, Tell, run, tell_nobody
from pipelines.root import PROJECT, Root
from pipelines.synthetic.fieldwork import MadeUpReport
from pipelines.synthetic.hostile import (
    TROUBLES,
    as_stranger,
    encrypted_workbook,
    put_text,
    truncated_workbook,
    unrelated_workbook,
)
from pipelines.synthetic.industry import Industry, make_industry

PUBLISHED = PROJECT / "data" / "raw" / "published"
LISTS_DAY = dt.date(2025, 3, 1)  # before the first report
REGISTER_ON, ROLLS_ON, CORRECTION_ON, LATE_ON = 1, 12, 15, 22  # of the month after; due on the 18th
Write = Callable[[Path], object]


@dataclass(frozen=True)
class Delivery:
    """A file that somebody sends: the day it arrives, its place in the inbox, how it is written."""

    day: dt.date
    file_path: str
    write: Write


def make_demo(path: Path, tell: Tell = tell_nobody) -> tuple[Root, RunOutcome]:
    """Make the demo's root anew at that place and run it; `tell` hears of files, then of tables.

    Raises:
        NotADemoError: The place holds something the demo did not make.
    """
    root = new_demo_root(path)
    arrivals = []
    for day, deliveries in _written(root, tell):
        for delivery, draft in deliveries:
            place = root.inbox / delivery.file_path
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.rename(place)
        noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(TIME_ZONE))
        arrivals += take_in(root, now=noon)
    return root, replace(run(root, tell=tell), arrivals=arrivals)


def _written(root: Root, tell: Tell) -> Iterator[tuple[dt.date, list[tuple[Delivery, Path]]]]:
    """Write every file on all cores; yield each day's with the place where they wait for it."""
    deliveries = deliveries_of(load_catalog(), make_industry())
    waiting = root.state / "deliveries"
    waiting.mkdir(parents=True)
    drafts = [waiting / f"{number}.xlsx" for number in range(len(deliveries))]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        writing = [
            pool.submit(delivery.write, draft)
            for delivery, draft in zip(deliveries, drafts, strict=True)
        ]
        for delivery, written in zip(deliveries, writing, strict=True):
            written.result()
            tell("写报表", delivery.file_path, len(deliveries))
    pairs = zip(deliveries, drafts, strict=True)
    for day, arriving in groupby(pairs, key=lambda pair: pair[0].day):
        yield day, list(arriving)
    waiting.rmdir()


def deliveries_of(catalog: Catalog, industry: Industry) -> list[Delivery]:
    """Return every file that the industry and its troubles send, by day of arrival."""
    roll = max(industry.reports[industry.singles_period].values(), key=len)
    spoilt = [report for report in roll if report.values][-2:]
    return sorted(
        [
            *_lists(catalog, industry),
            *_rolls(catalog, industry, spoilt),
            *_singles(catalog, industry),
            *_bad_files(catalog, industry.singles_period, spoilt),
        ],
        key=lambda delivery: delivery.day,
    )


def _lists(catalog: Catalog, industry: Industry) -> Iterator[Delivery]:
    """Yield the real published figures, the made-up annual returns, the sample, the register."""
    for source in sorted(PUBLISHED.glob("*.xlsx")):
        write: Write = partial(shutil.copyfile, source)
        yield Delivery(LISTS_DAY, f"published/{source.name}", write)
    write_made_up = partial(write_list, catalog=catalog, made_up=True)
    for year, rows in industry.annual.items():
        write = partial(write_made_up, form_code="annual_return", period=str(year), rows=rows)
        yield Delivery(LISTS_DAY, f"annual/{year}/年报_{year}.xlsx", write)
    period = industry.sample_period
    write = partial(write_made_up, form_code="sample", period=period, rows=industry.sample)
    yield Delivery(LISTS_DAY, f"sample/样本名录_{period}.xlsx", write)
    period = industry.register_period
    write = partial(write_made_up, form_code="register", period=period, rows=industry.register)
    yield Delivery(_day_after(period, REGISTER_ON), f"register/机构名录_{period}.xlsx", write)


def _rolls(catalog: Catalog, industry: Industry, spoilt: list[MadeUpReport]) -> Iterator[Delivery]:
    """Yield a roll a month from every unit that reports, without those who send a spoilt file."""
    names = unit_names(catalog)
    for period, rolls in industry.reports.items():
        for unit, reports in rolls.items():
            write = partial(
                write_flash_roll,
                catalog=catalog,
                period=period,
                reporting_unit_code=unit,
                reports=[_as_report(report) for report in reports if report not in spoilt],
                made_up=True,
            )
            name = f"{names[unit]}_汇总表_{period}.xlsx"
            yield Delivery(_day_after(period, ROLLS_ON), f"reports/{period}/{name}", write)


def _singles(catalog: Catalog, industry: Industry) -> Iterator[Delivery]:
    """Yield the workbooks of agencies that report by themselves: one corrected, one late."""
    period = industry.singles_period
    for single in industry.singles:
        days = [LATE_ON] if single.kind == "late" else [ROLLS_ON, CORRECTION_ON]
        for version, (day, report) in enumerate(zip(days, single.reports, strict=False), start=1):
            suffix = "" if version == 1 else "_更正"
            name = f"{report.agency_name}_{period}{suffix}.xlsx"
            write = _single_writer(catalog, period, report)
            yield Delivery(_day_after(period, day), f"reports/{period}/{name}", write)


def _bad_files(catalog: Catalog, period: str, spoilt: list[MadeUpReport]) -> Iterator[Delivery]:
    """Yield one file of each kind of trouble, all in the same month's folder."""
    first, second = spoilt
    names = {trouble.rule_code: trouble.file_name for trouble in TROUBLES}
    period_before = f"{dt.date.fromisoformat(f'{period}-01') - dt.timedelta(days=1):%Y-%m}"
    troubles: dict[str, Write] = {
        "encrypted": partial(_write_bytes, content=encrypted_workbook()[1]),
        "damaged": partial(_write_half, write=_single_writer(catalog, period, first)),
        "unrelated": partial(_write_bytes, content=unrelated_workbook()[1]),
        "period_mismatch": _single_writer(catalog, period_before, first),
        "unknown_agency": _single_writer(catalog, period, as_stranger(first)),
        "not_a_number": partial(_write_words, write=_single_writer(catalog, period, second)),
    }
    for rule_code, write in troubles.items():
        day = _day_after(period, ROLLS_ON)
        yield Delivery(day, f"reports/{period}/{names[rule_code]}", write)


def _write_bytes(path: Path, content: bytes) -> None:
    """Write a file as it is."""
    path.write_bytes(content)


def _write_half(path: Path, write: Write) -> None:
    """Write a workbook and cut it in two."""
    write(path)
    path.write_bytes(truncated_workbook(path.read_bytes())[1])


def _write_words(path: Path, write: Write) -> None:
    """Write a one-agency workbook and put words where its first figure should stand."""
    write(path)
    put_text(path, "营业收入", "01", "本月", "约三百万")


def _single_writer(catalog: Catalog, period: str, report: MadeUpReport) -> Write:
    """Return what writes the workbook of one agency."""
    return partial(
        write_flash_single,
        catalog=catalog,
        period=period,
        report=_as_report(report),
        made_up=True,
    )


def _as_report(report: MadeUpReport) -> AgencyReport:
    """Return a made-up report as the templates take it."""
    identity = AgencyIdentity(
        report.credit_code,
        report.agency_name,
        report.district_code,
        report.reporting_unit_code,
    )
    return AgencyReport(
        identity,
        report.operating_status,
        report.zero_report,
        report.accounting_method,
        report.values,
    )


def _day_after(period: str, day: int) -> dt.date:
    """Return that day of the month after a period."""
    next_month = dt.date.fromisoformat(f"{period}-01") + dt.timedelta(days=31)
    return next_month.replace(day=day)
