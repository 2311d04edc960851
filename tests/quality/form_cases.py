"""Workbooks that break one rule of a form each, and others that stand just at its edge.

Every case is an agency (or a row) of its own: `breaks` changes a sound one so that the rule fails,
`edge` so that it just holds. Amounts are in base units.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from stdnum.cn import uscc

from pipelines.catalog.load import load_catalog
from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_list,
)

CATALOG = load_catalog()
MONTH, MONTH_BEFORE, YEAR, YEAR_BEFORE = "2025-06", "2025-05", "2024", "2023"
NEXT_YEAR = "2025"  # the first that is asked on the form of LM1 and LM2
EARLIER, EARLIEST = "2025-04", "2025-03"  # of those that left May out, or tell of their past
DISTRICT, OTHER_UNIT = "500103", "500105"
LINES = [
    line.indicator for line in CATALOG.form("flash_report", MONTH).lines if not line.calculated
]
STOCKS = {"dispatched_workers", "personnel_files"}
BUSINESS_LINES = [code for code in LINES if code.startswith("revenue_incl_")]

A_MONTH = dict.fromkeys(LINES, 10) | {
    "revenue_booked": 1_000_000,
    "pass_through_booked": 200_000,
    "pass_through_unbooked": 100_000,
    **dict.fromkeys(BUSINESS_LINES, 110_000),
    "job_fairs": 4,
    "job_fairs_graduates": 2,
    "job_fairs_migrants": 1,
    "fair_employers": 40,
    "fair_vacancies": 100,
    "fair_seekers": 200,
    "people_served": 2000,
    "people_served_graduates": 500,
    "people_served_migrants": 600,
    "registered_seekers": 900,
    "registered_seekers_college": 400,
    "registered_seekers_bachelor": 300,
    "registered_seekers_graduate": 200,
    "employers_served": 100,
    "employers_served_state": 40,
    "employers_served_private": 30,
    "employers_served_foreign": 20,
    "employers_served_other": 10,
    "placements": 1000,
    "placements_graduates": 300,
    "placements_migrants": 200,
    "dispatched_workers": 50,
}
STAFF = {
    "staff": 20,
    "staff_secondary": 5,
    "staff_college": 12,
    "staff_graduate": 3,
    "staff_qualified": 8,
    "staff_titled": 4,
}
ANNUAL = [
    column.field
    for column in CATALOG.form("annual_return", f"{YEAR}-12").tables[0].columns
    if column.indicator
]

ONLY_NEXT_YEAR = {
    **dict.fromkeys(("branches", "dispatch_clients", "dispatch_applicants", "databases"), 1),
    **dict.fromkeys(("consulting_clients", "training_courses", "headhunting_vacancies"), 120),
    **dict.fromkeys(("file_services", "database_records", "database_additions"), 120),
    "operating_status": "normal",
    "institution_type": "market_private",
    "licence_kind": "licensed",
    "licence_valid_to_date": dt.date(2030, 1, 2),
    "founded_month": "2020-01",
    "accounting_method": "gross",
    **{f"does_{code.removeprefix('revenue_incl_')}": "yes" for code in BUSINESS_LINES},
}
LISTED_NEXT_YEAR = [
    column.field for column in CATALOG.form("annual_return", f"{NEXT_YEAR}-12").tables[0].columns
]


def code_of(serial: int) -> str:
    body = f"91{DISTRICT}MAXX{serial:05d}"
    return body + str(uscc.calc_check_digit(body))


@dataclass
class Agency:
    """A sound agency; what it says in June, in May, in a year, and how it is registered."""

    serial: int
    name: str = ""
    is_registered: bool = True
    is_in_register_before: bool = True
    registered: dict[str, Any] = field(default_factory=dict)
    now: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    before: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    year: dict[str, Decimal] = field(default_factory=dict)
    year_before: dict[str, Decimal] = field(default_factory=dict)
    earlier: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    earliest: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    december: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    next_year: dict[str, Any] = field(default_factory=dict)  # what differs from a sound return
    past: tuple[str, ...] = (MONTH_BEFORE,)
    sends_annual: bool = False  # of those whose flash report is the case
    is_zero_report: bool = False
    events: list[tuple[str, dt.date, dict[str, Any]]] = field(default_factory=list)
    sent_by: tuple[str, ...] = (DISTRICT,)
    sent_first: int = 0  # by how much personnel_files differ in the first of several reports

    def __post_init__(self) -> None:
        self.name = f"示例人力资源第{self.serial}公司"
        months = {code: Decimal(value) for code, value in A_MONTH.items()}
        # Quartiles need some spread.
        months["dispatched_workers"] += self.serial % 24
        months["fair_seekers"] += self.serial % 24
        for code, value in months.items():
            for measures, count in (
                (self.now, 6),
                (self.before, 5),
                (self.earlier, 4),
                (self.earliest, 3),
                (self.december, 12),
            ):
                measures[code, "month"] = value
                if code not in STOCKS:
                    measures[code, "ytd"] = value * count
                    measures[code, "ytd_last_year"] = value * count
        for code in ANNUAL:
            sum_of_months = months.get(code, Decimal(0)) * (1 if code in STOCKS else 12)
            value = Decimal(STAFF[code]) if code in STAFF else sum_of_months
            self.year[code] = self.year_before[code] = value
        for figures in (self.year, self.year_before):
            figures["staff"] += self.serial % 24
            figures["staff_college"] += self.serial % 24
        # So do ratios to the period before.
        self.before["employers_served", "month"] += self.serial % 24
        self.before["employers_served_state", "month"] += self.serial % 24
        self.year_before["employers_served"] += self.serial % 24
        self.registered = {
            "credit_code": self.credit_code,
            "agency_name": self.name,
            "district": DISTRICT,
            "reporting_unit": DISTRICT,
            "institution_type": "market_private",
            "licence_kind": "licensed",
            "first_registered_date": dt.date(2020, 1, 2),
            "licence_valid_to_date": dt.date(2030, 1, 2),
            "business_line": "recruitment",
            "size_class": "micro",
        }

    @property
    def credit_code(self) -> str:
        return code_of(self.serial)

    def rename(self, name: str) -> None:
        self.name = self.registered["agency_name"] = name

    def report(
        self, values: dict[tuple[str, str], Decimal], sent_by: str = DISTRICT
    ) -> AgencyReport:
        identity = AgencyIdentity(self.credit_code, self.name, DISTRICT, sent_by)
        return AgencyReport(identity, accounting_method="gross", values=values)

    def report_of_june(self, number: int) -> AgencyReport:
        sent_by = self.sent_by[number]
        if not self.is_zero_report:
            more = self.sent_first if number + 1 < len(self.sent_by) else 0
            key = "personnel_files", "month"
            return self.report({**self.now, key: self.now[key] + more}, sent_by)
        return replace(self.report({}, sent_by), zero_report=True)

    def annual_row(self, values: dict[str, Decimal]) -> dict[str, Any]:
        return {
            "credit_code": self.credit_code,
            "agency_name": self.name,
            "reporting_unit": DISTRICT,
            **values,
        }

    def next_year_row(self) -> dict[str, Any]:
        months = {code: value * 12 for (code, name), value in self.now.items() if name == "month"}
        row = self.annual_row({**months, **self.year, **ONLY_NEXT_YEAR, **self.next_year})
        return {field: value for field, value in row.items() if field in LISTED_NEXT_YEAR}


Change = Callable[[Agency], object]


def now(measure: str = "month", **values: float | Decimal) -> Change:
    """Return what replaces figures of June."""

    def change(agency: Agency) -> None:
        agency.now |= {(code, measure): Decimal(str(value)) for code, value in values.items()}

    return change


def before(measure: str = "month", **values: float) -> Change:
    """Return what replaces figures of May."""

    def change(agency: Agency) -> None:
        agency.before |= {(code, measure): Decimal(str(value)) for code, value in values.items()}

    return change


def year(**values: float | Decimal) -> Change:
    """Return what replaces figures of the annual return."""

    def change(agency: Agency) -> None:
        agency.year |= {code: Decimal(str(value)) for code, value in values.items()}

    return change


def next_year(**values: Any) -> Change:
    """Return what makes an agency send the return of the next year, with these differences."""
    return lambda agency: agency.next_year.update(values)


def staffed_by(count: int) -> Change:
    """Return what makes the staff of the year that many, all with a degree."""
    nobody = dict.fromkeys(STAFF, 0)
    return year(**nobody | {"staff": count, "staff_college": count})


def year_before(**values: float) -> Change:
    """Return what replaces figures of the annual return before."""

    def change(agency: Agency) -> None:
        agency.year_before |= {code: Decimal(str(value)) for code, value in values.items()}

    return change


def registered(**values: Any) -> Change:
    """Return what replaces entries of the register."""

    def change(agency: Agency) -> None:
        agency.registered |= values

    return change


def unregistered(agency: Agency) -> None:
    agency.is_registered = agency.is_in_register_before = False


def new_in_register(first_registered_date: dt.date) -> Change:
    """Return what leaves the agency out of May's register."""

    def change(agency: Agency) -> None:
        agency.is_in_register_before = False
        agency.registered["first_registered_date"] = first_registered_date

    return change


def reported(*periods: str) -> Change:
    """Return what makes these the months reported before June."""
    return lambda agency: setattr(agency, "past", periods)


def send_annual(agency: Agency) -> None:
    agency.sends_annual = True


def report_zero(agency: Agency) -> None:
    agency.is_zero_report = True


def sent_by(*units: str, sent_first: int = 1) -> Change:
    """Return what makes these units send June's report in one look, the last one another figure."""

    def change(agency: Agency) -> None:
        agency.sent_by, agency.sent_first = units, sent_first

    return change


def nothing_before(agency: Agency) -> None:
    """Make May's figures zero."""
    agency.before = dict.fromkeys(agency.before, Decimal(0))


def lost(agency: Agency) -> None:
    agency.is_registered = False


def happening(kind: str, day: dt.date, **values: Any) -> Change:
    """Return what tells of an event of an agency in 名录变动表."""
    return lambda agency: agency.events.append((kind, day, values))


def renamed(name: str) -> Change:
    """Return what gives the agency that name."""
    return lambda agency: agency.rename(name.format(agency.serial))


def sound(_: Agency) -> None:
    """Change nothing."""


def all_of(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(agency: Agency) -> None:
        for each in changes:
            each(agency)

    return change


DAY = dt.date
NO_FAIR = {"job_fairs": 0, "job_fairs_graduates": 0, "job_fairs_migrants": 0}
NO_VISITOR = {"fair_employers": 0, "fair_vacancies": 0, "fair_seekers": 0}
NO_PLACEMENTS = {"placements": 0, "placements_graduates": 0, "placements_migrants": 0}
FIRST_LINE = BUSINESS_LINES[0]
HUNDREDTH_OF_A_MONTH = {
    **dict.fromkeys(BUSINESS_LINES, 0),
    FIRST_LINE: 110_000,
    "revenue_booked": 10_000,
    "pass_through_booked": 0,
}
TEN_THOUSAND_TIMES = {
    code: A_MONTH[code] * 10_000
    for code in ("revenue_booked", "pass_through_booked", "pass_through_unbooked", *BUSINESS_LINES)
}
HUNDRED_TIMES = {code: value // 100 for code, value in TEN_THOUSAND_TIMES.items()}
LESS_THAN_HALF = {code: TEN_THOUSAND_TIMES[code] for code in list(TEN_THOUSAND_TIMES)[:6]}
HUNDREDTH_OF_A_YEAR = {
    **dict.fromkeys(BUSINESS_LINES, 0),
    FIRST_LINE: 1_320_000,
    "revenue_booked": 120_000,
    "pass_through_booked": 0,
}
NAMESAKE = "示例人力资源第1公司"  # the first sound agency
LEAVING_NAME = "示例将退出的机构"


def to_date(month: dict[str, int]) -> dict[str, int]:
    """Return six months alike."""
    return {code: 6 * value for code, value in month.items()}


# By form and rule: what breaks it, what stands at its edge, and the cell where the finding stands.
FLASH_CASES: dict[str, tuple[Change, Change, str]] = {
    "unknown_agency": (unregistered, sound, "credit_code"),
    "same_name": (renamed(NAMESAKE), renamed(NAMESAKE + "第{}分部"), "agency_name"),
    "main_business_without_revenue": (
        all_of(
            registered(business_line="training"),
            now("ytd", revenue_incl_training=0, revenue_incl_other=1_320_000),
        ),
        all_of(
            registered(business_line="training"),
            now("ytd", revenue_incl_training=100, revenue_incl_other=1_319_900),
        ),
        "revenue_incl_training",
    ),
    "not_yet_registered": (
        registered(first_registered_date=DAY(2025, 7, 1)),
        registered(first_registered_date=DAY(2025, 6, 30)),
        "credit_code",
    ),
    "exited_before": (
        registered(exit_date=DAY(2025, 5, 31)),
        registered(exit_date=DAY(2025, 6, 1)),
        "credit_code",
    ),
    "licence_expired": (
        registered(licence_valid_to_date=DAY(2025, 6, 29)),
        registered(licence_valid_to_date=DAY(2025, 6, 30)),
        "credit_code",
    ),
    "business_without_licence": (
        registered(licence_kind="filed", business_line="training"),
        registered(licence_kind="none_required", institution_type="public_talent"),
        "revenue_incl_recruitment",
    ),
    "reported_by_two_units": (
        sent_by(OTHER_UNIT, DISTRICT),
        sent_by(OTHER_UNIT, DISTRICT, sent_first=0),
        "credit_code",
    ),
    "zero_after_figures": (report_zero, all_of(report_zero, nothing_before), "zero_report"),
    "registered_seekers_parts": (
        now(registered_seekers=901),
        now(registered_seekers=901, registered_seekers_college=401),
        "registered_seekers",
    ),
    "employers_served_parts": (
        now(employers_served_other=11),
        now(employers_served_other=11, employers_served_state=39),
        "employers_served",
    ),
    "placements_above_people_served": (
        now(placements=2001),
        now(placements=2000),
        "placements",
    ),
    "graduate_fairs_above_fairs": (
        now(job_fairs_graduates=5),
        now(job_fairs_graduates=4),
        "job_fairs_graduates",
    ),
    "migrant_fairs_above_fairs": (
        now(job_fairs_migrants=5),
        now(job_fairs_migrants=4),
        "job_fairs_migrants",
    ),
    "visitors_without_fair": (
        now(**NO_FAIR | NO_VISITOR | {"fair_seekers": 1}),
        now(**NO_FAIR | NO_VISITOR),
        "job_fairs",
    ),
    "fair_without_visitors": (
        now(**NO_VISITOR),
        now(**NO_VISITOR | {"fair_employers": 1}),
        "job_fairs",
    ),
    "pass_through_above_revenue": (
        now("ytd", pass_through_booked=6_000_100),
        now("ytd", pass_through_booked=6_000_000),
        "pass_through_booked",
    ),
    "pass_through_above_month_revenue": (
        now(pass_through_booked=1_000_100),
        now(pass_through_booked=1_000_000),
        "pass_through_booked",
    ),
    "business_lines_sum": (
        now(revenue_incl_other=Decimal("110650.01")),
        now(revenue_incl_other=110_650),
        "revenue_booked",
    ),
    "revenue_per_dispatched_worker": (
        now(dispatched_workers=30),
        now(dispatched_workers=31),
        "revenue_incl_dispatch",
    ),
    "unit_slip_dispatch": (
        all_of(reported(), now(**TEN_THOUSAND_TIMES)),
        all_of(reported(), now(**HUNDRED_TIMES)),
        "revenue_incl_dispatch",
    ),
    "unit_slip_staff": (
        all_of(reported(), send_annual, now("ytd", **to_date(TEN_THOUSAND_TIMES))),
        all_of(reported(), send_annual, now("ytd", **to_date(HUNDRED_TIMES))),
        "revenue_booked",
    ),
    "revenue_per_staff": (
        all_of(send_annual, staffed_by(5)),
        all_of(send_annual, staffed_by(6)),
        "revenue_booked",
    ),
    "registered_above_people_served": (
        now(registered_seekers=2001, registered_seekers_college=1501),
        now(registered_seekers=2000, registered_seekers_college=1500),
        "registered_seekers",
    ),
    "seekers_per_vacancy": (now(fair_seekers=173), now(fair_seekers=174), "fair_seekers"),
    "graduates_served_above_total": (
        now(people_served_graduates=2001),
        now(people_served_graduates=2000),
        "people_served_graduates",
    ),
    "migrants_served_above_total": (
        now(people_served_migrants=2001),
        now(people_served_migrants=2000),
        "people_served_migrants",
    ),
    "graduates_placed_above_total": (
        now(placements_graduates=1001),
        now(placements_graduates=1000),
        "placements_graduates",
    ),
    "migrants_placed_above_total": (
        now(placements_migrants=1001),
        now(placements_migrants=1000),
        "placements_migrants",
    ),
    "impossible_value": (
        now("ytd", revenue_incl_other=10**16),
        now("ytd", revenue_incl_other=10**16 - 100),
        "revenue_incl_other",
    ),
    "impossible_last_year": (
        now("ytd_last_year", revenue_incl_other=10**16),
        now("ytd_last_year", revenue_incl_other=10**16 - 100),
        "revenue_incl_other",
    ),
    "cumulative_mismatch": (
        now("ytd", pass_through_booked=1_200_200),
        now("ytd", pass_through_booked=1_200_150),
        "pass_through_booked",
    ),
    "cumulative_below_month": (
        now("ytd", online_seekers=9),
        now("ytd", online_seekers=10),
        "online_seekers",
    ),
    # 人次 of April: four months of ten.
    "cumulative_below_earlier": (
        all_of(reported(EARLIER), now("ytd", online_seekers=39)),
        all_of(reported(EARLIER), now("ytd", online_seekers=40)),
        "online_seekers",
    ),
    "unit_slip_report": (
        now(**TEN_THOUSAND_TIMES),
        now(**LESS_THAN_HALF),
        "revenue_booked",
    ),
    "unit_slip": (
        before(**HUNDREDTH_OF_A_MONTH),
        before(**HUNDREDTH_OF_A_MONTH | {"revenue_booked": 9_000, FIRST_LINE: 109_000}),
        "revenue_booked",
    ),
    "revenue_change": (
        before(revenue_booked=2_000_100, revenue_incl_other=1_110_100),
        before(revenue_booked=2_000_000, revenue_incl_other=1_110_000),
        "revenue_booked",
    ),
    "people_change": (before(placements=2001), before(placements=2000), "placements"),
    "first_zero": (
        all_of(reported(EARLIEST, EARLIER, MONTH_BEFORE), now(**NO_PLACEMENTS)),
        all_of(reported(EARLIER, MONTH_BEFORE), now(**NO_PLACEMENTS)),
        "placements",
    ),
    "ratio_outlier": (
        now(employers_served=240, employers_served_state=180),
        now(employers_served=165, employers_served_state=105),
        "employers_served",
    ),
    "negative_value": (now(online_seekers=-1), now(online_seekers=0), "online_seekers"),
    "negative_month": (
        now(pass_through_unbooked=-100, revenue_incl_other=9_900),
        now(pass_through_unbooked=0, revenue_incl_other=10_000),
        "pass_through_unbooked",
    ),
    "simultaneous_versions": (
        sent_by(DISTRICT, DISTRICT),
        sent_by(OTHER_UNIT, DISTRICT),
        "credit_code",
    ),
}
FAIRS = [code for code in LINES if code.startswith(("job_fairs", "fair_"))]
ANNUAL_CASES: dict[str, tuple[Change, Change, str]] = {
    "unknown_agency": (unregistered, sound, "credit_code"),
    "same_name": (renamed(NAMESAKE), renamed(NAMESAKE + "第{}分部"), "agency_name"),
    "main_business_without_revenue": (
        all_of(
            registered(business_line="training"),
            year(revenue_incl_training=0, revenue_incl_other=2_640_000),
        ),
        all_of(
            registered(business_line="training"),
            year(revenue_incl_training=100, revenue_incl_other=2_639_900),
        ),
        "revenue_incl_training",
    ),
    "not_yet_registered": (
        registered(first_registered_date=DAY(2025, 1, 1)),
        registered(first_registered_date=DAY(2024, 12, 31)),
        "credit_code",
    ),
    "exited_before": (
        registered(exit_date=DAY(2023, 12, 31)),
        registered(exit_date=DAY(2024, 1, 1)),
        "credit_code",
    ),
    "reported_by_two_units": (
        sent_by(OTHER_UNIT, DISTRICT),
        sent_by(OTHER_UNIT, DISTRICT, sent_first=0),
        "credit_code",
    ),
    "staff_parts": (
        year(staff=40, staff_secondary=10, staff_college=20, staff_graduate=9),
        year(staff=40, staff_secondary=10, staff_college=20, staff_graduate=10),
        "staff",
    ),
    "qualified_above_staff": (
        year(staff=40, staff_college=32, staff_qualified=41),
        year(staff=40, staff_college=32, staff_qualified=40),
        "staff_qualified",
    ),
    "titled_above_staff": (
        year(staff=40, staff_college=32, staff_titled=41),
        year(staff=40, staff_college=32, staff_titled=40),
        "staff_titled",
    ),
    "placements_above_people_served": (
        year(placements=24_001),
        year(placements=24_000),
        "placements",
    ),
    "pass_through_above_revenue": (
        year(pass_through_booked=12_000_100),
        year(pass_through_booked=12_000_000),
        "pass_through_booked",
    ),
    "business_lines_sum": (
        year(revenue_incl_other=Decimal("1320650.01")),
        year(revenue_incl_other=1_320_650),
        "revenue_booked",
    ),
    "revenue_per_staff": (
        staffed_by(4),
        staffed_by(5),
        "revenue_booked",
    ),
    "graduates_placed_above_total": (
        year(placements_graduates=12_001),
        year(placements_graduates=12_000),
        "placements_graduates",
    ),
    "migrants_placed_above_total": (
        year(placements_migrants=12_001),
        year(placements_migrants=12_000),
        "placements_migrants",
    ),
    "registered_seekers_parts": (
        next_year(registered_seekers=10_801),
        next_year(registered_seekers=10_801, registered_seekers_college=4_801),
        "registered_seekers",
    ),
    "employers_served_parts": (
        next_year(employers_served=1_201),
        next_year(employers_served=1_201, employers_served_state=481),
        "employers_served",
    ),
    "graduate_fairs_above_fairs": (
        next_year(job_fairs_graduates=49),
        next_year(job_fairs_graduates=48),
        "job_fairs_graduates",
    ),
    "migrant_fairs_above_fairs": (
        next_year(job_fairs_migrants=49),
        next_year(job_fairs_migrants=48),
        "job_fairs_migrants",
    ),
    "visitors_without_fair": (
        next_year(job_fairs=0, job_fairs_graduates=0, job_fairs_migrants=0),
        next_year(**dict.fromkeys(FAIRS, 0)),
        "job_fairs",
    ),
    "fair_without_visitors": (
        next_year(fair_employers=0, fair_vacancies=0, fair_seekers=0),
        next_year(fair_employers=0, fair_vacancies=0, fair_seekers=1),
        "job_fairs",
    ),
    "graduates_served_above_total": (
        next_year(people_served_graduates=24_001),
        next_year(people_served_graduates=24_000),
        "people_served_graduates",
    ),
    "migrants_served_above_total": (
        next_year(people_served_migrants=24_001),
        next_year(people_served_migrants=24_000),
        "people_served_migrants",
    ),
    "business_without_figures": (
        next_year(revenue_incl_consulting=0, revenue_incl_other=2_640_000, consulting_clients=0),
        next_year(revenue_incl_consulting=0, revenue_incl_other=2_640_000, consulting_clients=1),
        "revenue_incl_consulting",
    ),
    "figures_without_business": (
        next_year(does_training="no"),
        next_year(
            does_training="no",
            revenue_incl_training=0,
            revenue_incl_other=2_640_000,
            training_courses=0,
            training_participants=0,
        ),
        "revenue_incl_training",
    ),
    "type_unlike_register": (
        next_year(institution_type="market_foreign"),
        next_year(institution_type="market_private"),
        "institution_type",
    ),
    "licence_unlike_register": (
        next_year(licence_kind="filed"),
        next_year(licence_kind="licensed"),
        "licence_kind",
    ),
    "closed_in_return_only": (
        next_year(operating_status="closed"),
        next_year(operating_status="suspended"),
        "operating_status",
    ),
    "licence_for_placement": (
        next_year(licence_kind="filed", does_recruitment="no"),
        next_year(licence_kind="filed", does_recruitment="no", does_headhunting="no"),
        "licence_kind",
    ),
    "licence_expired": (
        next_year(licence_valid_to_date=DAY(2025, 12, 30)),
        next_year(licence_valid_to_date=DAY(2025, 12, 31)),
        "licence_valid_to_date",
    ),
    "founded_after_the_year": (
        next_year(founded_month="2026-01"),
        next_year(founded_month="2025-12"),
        "founded_month",
    ),
    "impossible_value": (
        year(revenue_incl_other=10**16),
        year(revenue_incl_other=10**16 - 100),
        "revenue_incl_other",
    ),
    "annual_against_flash": (
        year(people_served=26_401),
        year(people_served=26_400),
        "people_served",
    ),
    "unit_slip_report": (
        year(**{code: 12 * value for code, value in TEN_THOUSAND_TIMES.items()}),
        year(**{code: 12 * value for code, value in LESS_THAN_HALF.items()}),
        "revenue_booked",
    ),
    "unit_slip": (
        year_before(**HUNDREDTH_OF_A_YEAR),
        year_before(**HUNDREDTH_OF_A_YEAR | {"revenue_booked": 108_000, FIRST_LINE: 1_308_000}),
        "revenue_booked",
    ),
    "revenue_change": (
        year_before(revenue_booked=24_000_100, revenue_incl_other=13_320_100),
        year_before(revenue_booked=24_000_000, revenue_incl_other=13_320_000),
        "revenue_booked",
    ),
    "people_change": (
        year_before(placements=24_001),
        year_before(placements=24_000),
        "placements",
    ),
    "ratio_outlier": (
        year(employers_served=1_400),
        year(employers_served=1_250),
        "employers_served",
    ),
    "negative_value": (year(personnel_files=-1), year(personnel_files=0), "personnel_files"),
    "simultaneous_versions": (
        sent_by(DISTRICT, DISTRICT),
        sent_by(OTHER_UNIT, DISTRICT),
        "credit_code",
    ),
}
REGISTER_CASES: dict[str, tuple[Change, Change, str]] = {
    "no_stratum": (
        registered(size_class="unclassified"),
        registered(size_class="large"),
        "size_class",
    ),
    "same_name": (renamed(NAMESAKE), renamed(NAMESAKE + "第{}分部"), "agency_name"),
    "unplaced_township": (
        registered(district="500112", township="大弯镇"),
        registered(district="500112", township="大湾镇"),
        "township",
    ),
    "licence_for_placement": (
        registered(licence_kind="filed", business_line="headhunting"),
        registered(licence_kind="filed", business_line="training"),
        "licence_kind",
    ),
    "not_yet_registered": (
        registered(first_registered_date=DAY(2025, 7, 1)),
        registered(first_registered_date=DAY(2025, 6, 30)),
        "first_registered_date",
    ),
    "exit_before_begin": (
        registered(exit_date=DAY(2020, 1, 1)),
        registered(exit_date=DAY(2020, 1, 2)),
        "exit_date",
    ),
    "licence_expired": (
        registered(licence_valid_to_date=DAY(2025, 6, 29)),
        registered(licence_valid_to_date=DAY(2025, 6, 30)),
        "licence_valid_to_date",
    ),
    "missed_before": (
        new_in_register(DAY(2025, 5, 31)),
        new_in_register(DAY(2025, 6, 1)),
        "first_registered_date",
    ),
    "lost_without_exit": (lost, registered(exit_date=DAY(2025, 6, 30)), ""),
    "licence_missing": (
        registered(licence_kind="none_required"),
        registered(licence_kind="filed", business_line="training"),
        "licence_kind",
    ),
    "exit_without_reason": (
        registered(exit_date=DAY(2025, 6, 30), exit_reason="不干了"),
        registered(exit_date=DAY(2025, 6, 30), exit_reason="依申请注销"),
        "exit_reason",
    ),
    "same_agency_new_code": (
        all_of(new_in_register(DAY(2025, 6, 5)), renamed(LEAVING_NAME)),
        new_in_register(DAY(2025, 6, 5)),
        "credit_code",
    ),
    "same_name_elsewhere": (
        all_of(
            new_in_register(DAY(2025, 6, 5)), renamed(NAMESAKE), registered(district=OTHER_UNIT)
        ),
        all_of(renamed(NAMESAKE), registered(district=OTHER_UNIT)),
        "agency_name",
    ),
    "event_exit_missing": (
        happening("revoked", DAY(2025, 6, 30)),
        happening("revoked", DAY(2025, 7, 1)),
        "",
    ),
    "event_name_differs": (
        happening("renamed", DAY(2025, 6, 1), new_name="示例别名"),
        happening("renamed", DAY(2025, 5, 31), new_name="示例别名"),
        "agency_name",
    ),
    "event_place_differs": (
        happening("moved_in", DAY(2025, 6, 1), district=OTHER_UNIT),
        happening("moved_in", DAY(2025, 6, 1), district=DISTRICT),
        "district",
    ),
    "branch_without_parent": (
        registered(parent_code="91500103MA5U0A0C3B"),
        registered(parent_code="91110000600037341L"),
        "parent_code",
    ),
}
CASES = {
    "flash_report": FLASH_CASES,
    "annual_return": ANNUAL_CASES,
    "register": REGISTER_CASES,
}
SOUND_SERIALS = range(1, 31)


def cases() -> dict[tuple[str, str, str], Agency]:
    """Return an agency for each form, rule and kind (breaks, edge), with serials of their own."""
    agencies: dict[tuple[str, str, str], Agency] = {}
    serial = 100
    for form, rules in CASES.items():
        for rule, (breaks, edge, _) in rules.items():
            for kind, change in (("breaks", breaks), ("edge", edge)):
                serial += 1
                agencies[form, rule, kind] = agency = Agency(serial)
                change(agency)
    return agencies


CORRECTED, LEAVER = 700, 701


def leaver() -> Agency:
    """Return an agency that leaves in June, as one of its name comes."""
    agency = Agency(LEAVER)
    all_of(renamed(LEAVING_NAME), registered(exit_date=DAY(2025, 6, 5), exit_reason="注销"))(agency)
    return agency


def corrected() -> Agency:
    """Return an agency that counts 1万元, 1万元 and 1条 more since January than May said."""
    agency = Agency(CORRECTED)
    now("ytd", revenue_booked=6_010_000, revenue_incl_other=670_000, online_seekers=61)(agency)
    return agency


def write_workbooks(inbox: Path) -> dict[str, int]:
    """Write every workbook below an inbox, oldest first; return rows of published figures by rule.

    June's flash reports of the cases are one workbook an agency; all others are rows of lists.
    """
    by_case = cases()
    sound_ones = [Agency(serial) for serial in SOUND_SERIALS]
    every = [*sound_ones, *by_case.values(), corrected(), leaver()]
    flash = [agency for (form, *_), agency in by_case.items() if form == "flash_report"]
    flash.append(corrected())
    annual = [agency for (form, *_), agency in by_case.items() if form == "annual_return"]
    for period, is_there in (
        (MONTH_BEFORE, lambda agency: agency.is_in_register_before),
        (MONTH, lambda agency: agency.is_registered),
    ):
        rows = [agency.registered for agency in every if is_there(agency)]
        write_list(inbox / f"register/名录_{period}.xlsx", CATALOG, "register", period, rows)
    for period, values in ((YEAR_BEFORE, "year_before"), (YEAR, "year")):
        twice = [agency for agency in annual if len(agency.sent_by) > 1]
        rows = [
            agency.annual_row(getattr(agency, values))
            | {
                "reporting_unit": agency.sent_by[0],
                "personnel_files": getattr(agency, values)["personnel_files"] + agency.sent_first,
            }
            for agency in twice
        ]
        path = inbox / f"annual/{period}/先报的年报_{period}.xlsx"
        write_list(path, CATALOG, "annual_return", period, rows)
        senders = [*sound_ones, *annual, *(agency for agency in flash if agency.sends_annual)]
        rows = [agency.annual_row(getattr(agency, values)) for agency in senders]
        write_list(
            inbox / f"annual/{period}/年报_{period}.xlsx", CATALOG, "annual_return", period, rows
        )
    senders = [*sound_ones, *(agency for agency in annual if agency.next_year)]
    rows = [agency.next_year_row() for agency in senders]
    path = inbox / f"annual/{NEXT_YEAR}/年报_{NEXT_YEAR}.xlsx"
    write_list(path, CATALOG, "annual_return", NEXT_YEAR, rows)
    december = [agency.report(agency.december) for agency in annual]
    path = inbox / f"reports/{YEAR}-12/汇总表.xlsx"
    write_flash_roll(path, CATALOG, f"{YEAR}-12", DISTRICT, december)
    for period, values in ((EARLIEST, "earliest"), (EARLIER, "earlier"), (MONTH_BEFORE, "before")):
        there = [agency for agency in [*sound_ones, *flash] if period in agency.past]
        reports = [agency.report(getattr(agency, values)) for agency in there]
        write_flash_roll(
            inbox / f"reports/{period}/汇总表.xlsx", CATALOG, period, DISTRICT, reports
        )
    path = inbox / f"reports/{MONTH}/汇总表.xlsx"
    write_flash_roll(path, CATALOG, MONTH, DISTRICT, [a.report(a.now) for a in sound_ones])
    for agency in flash:
        for number in range(len(agency.sent_by)):
            path = inbox / f"reports/{MONTH}/{agency.serial}{'_' * number}.xlsx"
            write_flash_single(path, CATALOG, MONTH, agency.report_of_june(number))
    _write_sample(inbox, sound_ones)
    _write_events(inbox, by_case.values())
    return _write_published(inbox)


OUTSIDER, STRANGE_STRATUM, SAMPLED = 900, 2, 3


def _write_sample(inbox: Path, sound_ones: list[Agency]) -> None:
    outsider = Agency(OUTSIDER)
    rows = [
        {
            "credit_code": agency.credit_code,
            "agency_name": agency.name,
            "reporting_unit": DISTRICT,
            "stratum": "XYZ" if agency.serial == STRANGE_STRATUM else "MIC",
        }
        for agency in [*sound_ones, outsider]
    ]
    write_list(inbox / "sample/样本.xlsx", CATALOG, "sample", MONTH_BEFORE, rows)


STRANGER, NEWCOMER, NO_SURVIVOR = 950, 951, 952


def _write_events(inbox: Path, agencies: Iterable[Agency]) -> None:
    rows = [row for breaks, edges in EVENTS.values() for row in [*breaks, *edges]]
    rows += [event(agency.serial, *happened) for agency in agencies for happened in agency.events]
    write_list(inbox / "register_events/变动.xlsx", CATALOG, "register_events", MONTH, rows)


def event(
    serial: int, kind: str, day: dt.date, new: dict[str, Any] | None = None, **values: Any
) -> dict[str, Any]:
    """Return a row of 名录变动表 on an agency, most of them sound ones."""
    return {
        "credit_code": code_of(serial),
        "agency_name": Agency(serial).name,
        "event_type": kind,
        "event_date": day,
        **(new or {}),
        **values,
    }


NEW_VALUES = {
    "district": DISTRICT,
    "reporting_unit": DISTRICT,
    "institution_type": "market_private",
    "licence_kind": "filed",
    "business_line": "training",
    "size_class": "micro",
}
# By rule, rows that break it and others that just do not; those of July change no frame.
EVENTS: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "event_of_unknown": (
        [event(STRANGER, "suspended", DAY(2025, 7, 1))],
        [event(4, "suspended", DAY(2025, 7, 1))],
    ),
    "event_before_begin": (
        [event(5, "relicensed", DAY(2020, 1, 1), licence_no="渝证1号")],
        [event(5, "relicensed", DAY(2020, 1, 2), licence_no="渝证1号")],
    ),
    "new_yet_standing": (
        [event(6, "new", DAY(2025, 7, 1), **NEW_VALUES)],
        [event(NEWCOMER, "new", DAY(2025, 7, 1), **NEW_VALUES)],
    ),
    "event_without_value": (
        [
            event(7, "renamed", DAY(2025, 7, 1)),
            event(7, "moved_in", DAY(2025, 7, 2)),
            event(7, "relicensed", DAY(2025, 7, 3)),
        ],
        [
            event(8, "renamed", DAY(2025, 7, 1), new_name="示例新名称"),
            event(8, "moved_in", DAY(2025, 7, 2), district=OTHER_UNIT),
            event(8, "relicensed", DAY(2025, 7, 3), licence_valid_to_date=DAY(2035, 1, 2)),
        ],
    ),
    "unknown_survivor": (
        [
            event(9, "merged", DAY(2025, 7, 1), successor_code=code_of(NO_SURVIVOR)),
            event(10, "merged", DAY(2025, 7, 1), successor_code=code_of(10)),
        ],
        [event(11, "merged", DAY(2025, 7, 1), successor_code=code_of(12))],
    ),
    "conflicting_events": (
        [
            event(13, "relicensed", DAY(2025, 7, 1), licence_no="渝证2号"),
            event(13, "relicensed", DAY(2025, 7, 1), licence_no="渝证3号"),
        ],
        [
            event(14, "relicensed", DAY(2025, 7, 1), licence_no="渝证4号"),
            event(14, "relicensed", DAY(2025, 7, 1), licence_no="渝证4号"),
        ],
    ),
}


def _write_published(inbox: Path) -> dict[str, int]:
    figures: dict[str, tuple[str, object, str]] = {
        "sound": ("行业营业收入（含代收代付）", 10, "亿元"),
        "unknown_indicator": ("行业总收入", 10, "亿元"),
        "unit_mismatch": ("行业营业收入（含代收代付）", 11, "家"),
        "impossible_value": ("行业营业收入（含代收代付）", 10**8, "亿元"),
        "edge of impossible_value": ("行业营业收入（含代收代付）", 10**8 - 1, "亿元"),
        "duplicate_figure": ("行业营业收入（含代收代付）", 12, "亿元"),
    }
    rows = [
        {
            "area": "500000",
            "period": str(2010 + (0 if rule == "duplicate_figure" else number)),
            "indicator": indicator,
            "value": value,
            "unit": unit,
            "figure_status": "年报数",
            "source": "模拟数据",
        }
        for number, (rule, (indicator, value, unit)) in enumerate(figures.items())
    ]
    path = inbox / "published/已公布.xlsx"
    write_list(path, CATALOG, "published_figures", None, rows)
    return {rule: number for number, rule in enumerate(figures)}


def expected_cell(form: str, rule: str) -> str:
    """Return the field or indicator whose cell the finding of a case stands at."""
    return CASES[form][rule][2]
