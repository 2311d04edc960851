"""A made-up industry sends its workbooks into a root of its own, day by day.

The industry is `synthetic`'s, the workbooks come from the templates that go out to agencies; here
they meet and get their days of arrival. The truth is left aside, in a folder nothing reads.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import numpy as np

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import MONTH
from pipelines.intake.inbox import take_in
from pipelines.intake.receipts import Receipt
from pipelines.intake.templates import AgencyIdentity, AgencyReport
from pipelines.orchestration.demo_root import new_demo_root
from pipelines.orchestration.filling import (
    Write,
    write_bytes,
    write_file,
    write_half,
    write_roll,
    write_rows,
    write_sheets,
    write_single,
    write_table,
)
from pipelines.orchestration.months import TIME_ZONE, first_month, well_written
from pipelines.orchestration.outgoing import unit_names
from pipelines.orchestration.run import Tell, tell_nobody
from pipelines.root import PROJECT, Root
from pipelines.synthetic.annual import list_annual_returns, spoil_annual_returns
from pipelines.synthetic.fieldwork import register_before
from pipelines.synthetic.hostile import (
    TROUBLES,
    as_stranger,
    canteen_menu,
    encrypted_workbook,
    with_words,
)
from pipelines.synthetic.industry import SEED, Industry, make_industry
from pipelines.synthetic.ledgers import list_ledgers
from pipelines.synthetic.lists import Row, list_register, list_sample
from pipelines.synthetic.magnitudes import load_magnitudes
from pipelines.synthetic.mistakes import Mistake
from pipelines.synthetic.platforms import list_platforms
from pipelines.synthetic.reports import MadeUpReport
from pipelines.synthetic.sendings import (
    Conditions,
    Fieldwork,
    Layout,
    Sending,
    day_after,
    do_fieldwork,
)
from pipelines.synthetic.standing import list_branches, list_events
from pipelines.synthetic.truth import write_truth

Kind = Literal["register", "sample", "roll", "single", "annual", "ledger", "platform", "hostile"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PUBLISHED = PROJECT / "data" / "raw" / "published"
TRUTH = "truth"
REGISTER_DAY, EVENTS_DAY, LEDGER_DAY = 1, 3, 5
ANNUAL_DAY, SAMPLE_DAY, BAD_FILES_DAY = 1, 10, 12
FIRST_PLATFORM_YEAR = 2024  # the form is valid from its end
MOST_DIRTINESS = 8  # all kinds of mistakes together then befall nearly every report
CHUNK = 16  # files a process writes before it reports


@dataclass(frozen=True)
class Plan:
    """What a made-up industry is to send.

    `size` is about how many agencies live at its end, None for the natural size; `first` and
    `last` are the months of the span (YYYY-MM).
    """

    seed: int = SEED
    first: str = "2024-01"
    last: str = "2025-06"
    size: int | None = None
    dirtiness: float = 1.0
    depends_on_growth: bool = True
    kinds: frozenset[Kind] = field(default_factory=lambda: frozenset(KINDS))

    @property
    def conditions(self) -> Conditions:
        """How the flash reports of the plan come about."""
        layouts = frozenset(layout for layout in get_args(Layout) if layout in self.kinds)
        return Conditions(self.depends_on_growth, self.dirtiness, layouts)


class ImpossiblePlanError(Exception):
    """A span or seed that no made-up industry can have."""


def plan_of(
    *,
    seed: int | None,
    first: str | None,
    last: str | None,
    size: int | None,
    dirtiness: float | None,
    random_response: bool,
    kinds: Sequence[Kind],
) -> Plan:
    """Return the plan of what is asked for; what is not keeps the demo's.

    Raises:
        UnknownMonthError: The last month is not written YYYY-MM, or no report is asked for it.
        ImpossiblePlanError: The seed is negative, or the span is turned round or outside the years
            of the industry or of the flash report.
    """
    plan = Plan()
    first, last = first or plan.first, last or plan.last
    catalog = load_catalog()
    earliest = first_month(catalog)
    latest = f"{load_magnitudes().years[-1]}-12"
    is_month = re.fullmatch(MONTH, first)
    if not is_month or not earliest <= first <= well_written(last) <= latest:
        raise ImpossiblePlanError(
            f"起止月份“{first}”至“{last}”不可用，请写 {earliest} 至 {latest} 之间的月份，先写早的；"
            f"不写的，起月为 {plan.first}，止月为 {plan.last}。"
        )
    if dirtiness is not None and not 0 <= dirtiness <= MOST_DIRTINESS:
        raise ImpossiblePlanError(f"差错率的倍数请写 0 至 {MOST_DIRTINESS} 之间的数。")
    if seed is not None and seed < 0:
        raise ImpossiblePlanError("随机种子不能是负数，请写 0 或正整数。")
    return Plan(
        plan.seed if seed is None else seed,
        first,
        last,
        size,
        plan.dirtiness if dirtiness is None else dirtiness,
        not random_response,
        frozenset(kinds) or plan.kinds,
    )


@dataclass(frozen=True)
class Delivery:
    """A file that somebody sends: the day it arrives, its place in the inbox, how it is written."""

    day: dt.date
    file_path: str
    write: Write


def synthesize(path: Path, plan: Plan, tell: Tell = tell_nobody) -> tuple[Root, list[Receipt]]:
    """Make a root anew at that place, with everything the plan's industry has sent received.

    Raises:
        NotADemoError: The place holds something that was not made here.
        WriterBusyError: A run is going on there.
    """
    root = new_demo_root(path)
    industry = make_industry(plan.seed, plan.size)
    fieldwork = do_fieldwork(industry, plan.first, plan.last, plan.conditions)
    years = _annual_years(plan)
    wrong = [each for year in years for each in _returns_of(industry, plan, year)[1]]
    write_truth(root.path / TRUTH, industry, fieldwork, wrong)
    deliveries = deliveries_of(industry, fieldwork, plan)
    return root, list(_receive(root, deliveries, tell))


def _receive(root: Root, deliveries: Sequence[Delivery], tell: Tell) -> Iterator[Receipt]:
    """Write the files and yield their receipts; on each day only its own lie in the inbox."""
    received = root.state / "received"
    for day, arriving in _written(root, deliveries, tell):
        for delivery, draft in arriving:
            _move(draft, root.inbox / delivery.file_path)
        noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(TIME_ZONE))
        yield from take_in(root, now=noon)
        for delivery, _ in arriving:
            _move(root.inbox / delivery.file_path, received / delivery.file_path)
    shutil.rmtree(root.inbox)
    received.rename(root.inbox)


def _move(file: Path, place: Path) -> None:
    """Move a file, making the folder it goes to."""
    place.parent.mkdir(parents=True, exist_ok=True)
    file.rename(place)


def _written(
    root: Root, deliveries: Sequence[Delivery], tell: Tell
) -> Iterator[tuple[dt.date, list[tuple[Delivery, Path]]]]:
    """Write every file on all cores; yield each day's with the place where they wait for it."""
    waiting = root.state / "deliveries"
    waiting.mkdir(parents=True)
    drafts = [waiting / f"{number}.xlsx" for number in range(len(deliveries))]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        writes = [delivery.write for delivery in deliveries]
        written = pool.map(write_file, writes, drafts, chunksize=CHUNK)
        for delivery, _ in zip(deliveries, written, strict=True):
            tell("写报表", delivery.file_path, len(deliveries))
    pairs = zip(deliveries, drafts, strict=True)
    for day, arriving in groupby(pairs, key=lambda pair: pair[0].day):
        yield day, list(arriving)
    waiting.rmdir()


def deliveries_of(industry: Industry, fieldwork: Fieldwork, plan: Plan) -> list[Delivery]:
    """Return every file that the plan's industry sends, by day of arrival."""
    deliveries = [
        *_published(plan),
        *_registers(industry, plan),
        *_register_events(industry, plan),
        *_samples(industry, fieldwork, plan),
        *_annual_returns(industry, plan),
        *_ledgers(industry, plan),
        *_platforms(industry, plan),
        *_reports(fieldwork.sendings),
    ]
    if "hostile" in plan.kinds:
        deliveries += _bad_files(plan.last, fieldwork.silent)
    return sorted(deliveries, key=lambda delivery: delivery.day)


def _published(plan: Plan) -> Iterator[Delivery]:
    """Yield the real published figures."""
    for source in sorted(PUBLISHED.glob("*.xlsx")):
        day = dt.date.fromisoformat(f"{plan.first}-01")
        yield Delivery(day, f"published/{source.name}", partial(shutil.copyfile, source))


def _registers(industry: Industry, plan: Plan) -> Iterator[Delivery]:
    """Yield the register from which the first sample is drawn, each half-year's and the last."""
    if "register" not in plan.kinds:
        return
    first = register_before(int(plan.first[:4]))
    halves = [f"{year}-{month}" for year in industry.magnitudes.years for month in ("06", "12")]
    periods = {first, plan.last, *(half for half in halves if first < half < plan.last)}
    for period in sorted(periods):
        rows = [*list_register(industry, period), *list_branches(industry, period)]
        write = partial(write_rows, "register", period, rows)
        day = day_after(period, REGISTER_DAY)
        yield Delivery(day, f"register/机构名录_{period}.xlsx", write)


def _register_events(industry: Industry, plan: Plan) -> Iterator[Delivery]:
    """Yield what happened to agencies in each month of the span, gathered by the city."""
    if "register" not in plan.kinds:
        return
    months = np.arange(plan.first, np.datetime64(plan.last, "M") + 1, dtype="datetime64[M]")
    for period in months.astype(str).tolist():
        if rows := list_events(industry, period):
            write = partial(write_rows, "register_events", period, rows)
            day = day_after(period, EVENTS_DAY)
            yield Delivery(day, f"register_events/名录变动_{period}.xlsx", write)


def _samples(industry: Industry, fieldwork: Fieldwork, plan: Plan) -> Iterator[Delivery]:
    """Yield the sample of each year."""
    if "sample" not in plan.kinds:
        return
    for sample in fieldwork.samples:
        write = partial(write_rows, "sample", sample.period, list_sample(industry, sample))
        day = dt.date.fromisoformat(f"{sample.period}-{SAMPLE_DAY}")
        yield Delivery(day, f"sample/样本名录_{sample.period}.xlsx", write)


def _annual_returns(industry: Industry, plan: Plan) -> Iterator[Delivery]:
    """Yield the annual returns: of the year before the span, and of each that ends in it."""
    for year in _annual_years(plan):
        rows, _ = _returns_of(industry, plan, year)
        write = partial(write_rows, "annual_return", str(year), rows)
        yield Delivery(dt.date(year + 1, 3, ANNUAL_DAY), f"annual/{year}/年报_{year}.xlsx", write)


def _annual_years(plan: Plan) -> Sequence[int]:
    """Return the years whose annual returns are sent."""
    return _closed_years(int(plan.first[:4]) - 1, plan) if "annual" in plan.kinds else []


def _returns_of(industry: Industry, plan: Plan, year: int) -> tuple[list[Row], list[Mistake]]:
    """Return the annual returns of a year as they come, and what is wrong in them."""
    rows = list_annual_returns(industry, year)
    return spoil_annual_returns(industry, year, rows, plan.dirtiness)


def _closed_years(first: int, plan: Plan) -> range:
    """Return the years whose yearly reports are there: up to the last one that ends in the span."""
    return range(first, int(plan.last[:4]) + plan.last.endswith("-12"))


def _ledgers(industry: Industry, plan: Plan) -> Iterator[Delivery]:
    """Yield the ledgers as they stand at the last month's end."""
    if "ledger" in plan.kinds:
        write = partial(write_sheets, "ledger", plan.last, list_ledgers(industry, plan.last))
        yield Delivery(day_after(plan.last, LEDGER_DAY), f"ledger/台账_{plan.last}.xlsx", write)


def _platforms(industry: Industry, plan: Plan) -> Iterator[Delivery]:
    """Yield the yearly reports of parks and markets, gathered by the city."""
    if "platform" not in plan.kinds:
        return
    for year in _closed_years(FIRST_PLATFORM_YEAR, plan):
        rows = list_platforms(industry, year)
        write = partial(write_sheets, "platform_report", str(year), rows)
        day = dt.date(year + 1, 3, ANNUAL_DAY)
        yield Delivery(day, f"platforms/{year}/产业园和人才市场_{year}.xlsx", write)


def _reports(sendings: Sequence[Sending]) -> Iterator[Delivery]:
    """Yield the flash reports."""
    names = unit_names(load_catalog())
    for sending in sendings:
        if sending.layout == "roll":
            name = f"{names[sending.unit_code]}_汇总表_{sending.period}"
            reports = [_as_report(report) for report in sending.reports]
            write: Write = partial(write_roll, sending.cover_period, sending.unit_code, reports)
        else:
            (report,) = sending.reports
            name = f"{report.agency_name}_{sending.period}"
            write = partial(write_single, sending.cover_period, _as_report(report))
        name = "_".join(part for part in (name, sending.remark) if part)
        yield Delivery(sending.day, f"reports/{sending.period}/{name}.xlsx", write)


def _bad_files(period: str, silent: Sequence[MadeUpReport]) -> Iterator[Delivery]:
    """Yield one file of each kind of trouble, all in the last month's folder."""
    first, second = silent
    names = {trouble.rule_code: trouble.file_name for trouble in TROUBLES}
    month = int(period[5:])
    another_month = f"{period[:5]}{month - 1 if month > 2 else 3:02d}"  # a January has no report
    troubles: dict[str, Write] = {
        "encrypted": partial(write_bytes, encrypted_workbook()),
        "damaged": partial(write_half, period, _as_report(first)),
        "unrelated": partial(write_table, "菜谱", canteen_menu()),
        "period_mismatch": partial(write_single, another_month, _as_report(first)),
        "unknown_agency": partial(write_single, period, _as_report(as_stranger(first))),
        "approximate_number": partial(write_single, period, _as_report(with_words(second))),
    }
    for rule_code, write in troubles.items():
        day = day_after(period, BAD_FILES_DAY)
        yield Delivery(day, f"reports/{period}/{names[rule_code]}", write)


def _as_report(report: MadeUpReport) -> AgencyReport:
    """Return a made-up report as the templates take it."""
    return AgencyReport(
        AgencyIdentity(
            report.credit_code,
            report.agency_name,
            report.district_code,
            report.reporting_unit_code,
        ),
        report.operating_status,
        report.zero_report,
        report.accounting_method,
        report.values,
        typed=dict(report.typed.items()),
    )
