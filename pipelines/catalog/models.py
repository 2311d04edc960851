"""Typed models of the catalog: what an indicator, a form, a division or a policy must say.

Unknown keys are refused. No files are read here (see `load`), and no figures are computed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, LiteralString

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from pipelines.catalog.periods import last_month
from pipelines.catalog.severities import Severity

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
DAY_OF_YEAR = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
SPAN_OF_DAYS = r"^(0[1-9]|1[0-2])-\d\d(\.\.(0[1-9]|1[0-2])-\d\d)?$"
Month = Annotated[str, Field(pattern=MONTH)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]+$")]

Location = tuple[str | int, ...]  # the keys and positions that lead to a value

RevenueBasis = Literal["incl_pass_through", "excl_pass_through"]
UnitScope = Literal["licensed_filed", "full_scope"]
Measure = Literal["month", "ytd", "ytd_last_year"]
FormFolder = Literal[
    "reports",
    "register",
    "register_events",
    "sample",
    "annual",
    "platforms",
    "ledger",
    "corrections",
    "review",
    "published",
]
FieldType = Literal[
    "text",
    "credit_code",
    "date",
    "month",
    "year",
    "period",
    "number",
    "integer",
    "choice",
    "yes_no",
    "area",
    "signature",
]


class CatalogModel(BaseModel):
    """Base of every catalog entry: immutable, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Unit(CatalogModel):
    """A printed unit and how many base units it holds (万元 = 10,000 元)."""

    unit: str
    base_unit: str
    factor: Decimal
    is_measured: bool = False  # a base unit of what is not counted one by one: 元, ㎡


class Indicator(CatalogModel):
    """A statistical indicator; values are stored in the base unit of `unit`."""

    code: Code
    name: str
    definition: str
    topic: Literal["revenue", "recruitment", "recipients", "effects", "institutions", "staff"]
    unit: str
    display_unit: str
    measure_type: Literal["flow", "stock"]
    direction: Literal["higher", "lower", "none"]
    auxiliary: Code | None
    by_domain: bool = False  # published for districts, business lines and institution types, too
    revenue_basis: RevenueBasis | None = None
    business_line: Code | None = None
    part_of: Code | None = None
    formula: dict[Code, int] | None = None  # linear combination of reported indicators


class Choice(CatalogModel):
    """One item of a classification, with other spellings seen in workbooks."""

    code: Code
    name: str
    aliases: list[str] = []
    group: str | None = None


class Classification(CatalogModel):
    """A code list (机构类型, 业务类型, …)."""

    code: Code
    name: str
    items: list[Choice]


class FormField(CatalogModel):
    """An attribute asked for on a cover or in a column of a list."""

    field: Code
    label: str
    type: FieldType
    aliases: list[str] = []
    required: bool = False
    choices: Code | None = None  # classification code when type is choice
    indicator: Code | None = None  # when the column reports an indicator
    unit: str | None = None  # printed unit of a numeric column
    note: str | None = None


class FormMeasure(CatalogModel):
    """A value column of the flash report."""

    code: Measure
    label: str
    aliases: list[str] = []
    required: bool = True
    stock_label: str | None = None  # how the column reads for point-in-time items


class FormLine(CatalogModel):
    """A line of the flash report: an indicator asked for, or a calculated total."""

    line: Annotated[str, Field(pattern=r"^\d{2}$")]
    label: str
    aliases: list[str] = []
    indicator: Code
    unit: str
    required: bool = True
    level: int = 0  # indentation of 其中 items
    calculated: str | None = None  # "01-02": shown on the form, never read back
    measures: list[Measure] = ["month", "ytd", "ytd_last_year"]


class FormSection(CatalogModel):
    """A sheet of the flash report."""

    sheet: str
    lines: list[FormLine]


class FormCheck(CatalogModel):
    """An audit relation between lines, shown on the form as a cross-check cell."""

    audit_id: str
    sheet: str
    left: str
    relation: Literal["=", "<=", ">="]
    right: str
    severity: Severity
    message: str


class FormTable(CatalogModel):
    """A sheet of a list form: one row per unit, columns found by their header text.

    Where `is_by_agency`, a row is what an agency reports, known by its code, one row an agency;
    else rows are told apart by where they stand.
    """

    sheet: str
    is_by_agency: bool
    required: bool = True  # if not, the sheet may be missing or have no rows: nothing to report
    columns: list[FormField]


class Form(CatalogModel):
    """A form layout with its validity; a list form has tables, the flash report has sections."""

    code: Code
    name: str
    title: str
    folder: FormFolder
    table_no: str
    issuing_authority: str
    approving_authority: str
    approval_no: str
    approval_valid_to: str
    valid_from: Month
    valid_to: Month | None
    period_type: Literal["month", "year", "none"]
    instructions: list[str]
    cover: list[FormField]
    foot: list[FormField] = []
    measures: list[FormMeasure] = []
    sections: list[FormSection] = []
    checks: list[FormCheck] = []
    tables: list[FormTable] = []

    @property
    def lines(self) -> list[FormLine]:
        """All lines of all sections, in form order."""
        return [line for section in self.sections for line in section.lines]


class Division(CatalogModel):
    """An administrative division with its adcode and validity (months, None = still valid)."""

    code: str
    name: str
    group_2020: str
    group_2024: str
    valid_from: Month | None
    valid_to: Month | None
    short_names: list[str] = []

    def is_valid(self, month: str) -> bool:
        """Return whether statistics of that month (YYYY-MM) know the division."""
        return (self.valid_from or "") <= month <= (self.valid_to or "9999-12")


class FunctionalArea(CatalogModel):
    """A functional area: it reports by itself but has no adcode; it lies within divisions."""

    code: str
    name: str
    within: list[str]
    valid_to: Month | None
    short_names: list[str] = []


class Succession(CatalogModel):
    """Where some 街镇 of a district go; without townships, all that no other succession names."""

    from_area: str
    to_area: str
    townships: list[str]

    @property
    def claims(self) -> list[tuple[str, Location]]:
        """What no other succession of the district may name, and where in this one it stands."""
        claimed: list[tuple[str, Location]] = [
            (name, ("townships", position)) for position, name in enumerate(self.townships)
        ]
        return claimed or [(self.from_area, ("from_area",))]


class DivisionChange(CatalogModel):
    """A change of the divisions, whose legal, code and reporting dates differ.

    `old_geography` is in force until the month before `reporting_from`, `new_geography` since.
    """

    legal_from: dt.date
    code_from: Month
    reporting_from: Month
    old_geography: str
    new_geography: str
    retired: list[str]
    created: list[str]
    redrawn: list[str]
    successions: list[Succession]
    note: str
    source: str

    @property
    def last_month(self) -> str:
        """The last month (YYYY-MM) of reporting in the old geography."""
        year, month = map(int, self.reporting_from.split("-"))
        return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"


class Divisions(CatalogModel):
    """The geography: the city, its divisions, functional areas and the changes between them."""

    city_code: str
    city_name: str
    country_code: str
    country_name: str
    direct_unit: str
    divisions: list[Division]
    functional_areas: list[FunctionalArea]
    changes: list[DivisionChange]

    @property
    def direct_unit_name(self) -> str:
        """The printed name of the city as a reporting unit."""
        return f"{self.city_name}（{self.direct_unit}）"


EstimationMethod = Literal["expansion", "combined-ratio", "separate-ratio", "greg"]


class Stratum(CatalogModel):
    """A stratum of the flash sample."""

    code: Code
    name: str
    institution_group: Literal["public", "market"]
    size_class: Code | None
    is_take_all: bool
    collapse_into: Code | None  # where a stratum with fewer than two respondents goes

    @model_validator(mode="after")
    def _take_all_stays_alone(self) -> Stratum:
        """Refuse a take-all stratum that others, unlike it, would stand in for."""
        if self.is_take_all and self.collapse_into is not None:
            raise ValueError(f"全面调查层 {self.code} 不得并入其他层")
        return self


class Sampling(CatalogModel):
    """Design settings of the flash sample."""

    confidence_level: Decimal
    minimum_respondents: int
    maximum_cv_pct: Decimal
    minimum_census_pct: Decimal
    estimation_method: EstimationMethod  # of indicators with an auxiliary
    ratio_group_minimum: int
    strata: list[Stratum]


class ReportingException(CatalogModel):
    """A period whose reports are due on another day."""

    period: Month
    due_date: dt.date


class Contact(CatalogModel):
    """Whom to ask: an office and its telephone, never a person; empty where it is not set."""

    office: str
    telephone: str


class Reporting(CatalogModel):
    """The rules of the reporting calendar; the policy text is silent on it, so these are settings.

    Days are of the month after the period, or working days before or after the due date.
    """

    frequency: Literal["month", "quarter"]
    january: Literal["merged_into_february"]
    due_day: int = Field(ge=1, le=28)
    reminder_working_days: int = Field(ge=0)
    cut_off_working_days: int = Field(ge=0)
    release_working_days: int = Field(ge=0)
    exceptions: list[ReportingException]
    legal_basis: str
    contact: Contact
    unit_contacts: dict[str, Contact]
    assumption: str


class WorkingDays(CatalogModel):
    """A year's holidays (MM-DD or MM-DD..MM-DD) and the weekend days worked instead (MM-DD)."""

    year: int
    document_no: str
    holidays: list[Annotated[str, Field(pattern=SPAN_OF_DAYS)]]
    working_weekend_days: list[Annotated[str, Field(pattern=DAY_OF_YEAR)]]


class Editing(CatalogModel):
    """How ratios of two periods are judged, and where the review of findings may stop."""

    ratio_size_exponent: Decimal = Field(ge=0, le=1)
    ratio_least_spread: Decimal = Field(ge=0)
    ratio_multiple: Decimal = Field(gt=0)
    ratio_tail_pct: Decimal = Field(gt=0, lt=50)
    ratio_minimum_pairs: int = Field(ge=4)
    annual_flash_pct: Decimal = Field(gt=0)
    annual_flash_least: Decimal = Field(ge=0)
    priority_remainder_pct: Decimal = Field(gt=0, lt=100)
    review_indicators: list[Code]


FigureSource = Literal["published", "register", "census"]


class Bridge(CatalogModel):
    """A documented factor from a figure of one source to that of another, for one period."""

    indicator: Code
    from_source: FigureSource
    to_source: FigureSource
    period: str = Field(pattern=r"^\d{4}$")
    factor: Decimal = Field(gt=0)
    document: str = Field(min_length=1)


class Base(CatalogModel):
    """Where the base of a target comes from; the figure itself lives in the published workbook."""

    period: str
    source: Literal["published"]
    note: str


class Target(CatalogModel):
    """One quantified clause of a policy."""

    id: Code
    clause: str
    quote: str
    indicator: Code
    area_code: str
    kind: Literal["stock", "annual_level"]
    comparator: Literal[">=", ">"]
    comparator_words: str
    force: Literal["commitment", "aspiration"]
    target_period: str
    target_value: Decimal
    target_value_high: Decimal | None
    unit: str
    revenue_basis: RevenueBasis | None
    unit_scope: UnitScope
    lead_department: str | None
    base: Base
    assumption: str


class Policy(CatalogModel):
    """A policy document and its targets."""

    id: Code
    title: str
    issuer: str
    document_no: str
    issued_date: dt.date
    url: str
    status: Literal["in_force", "superseded"]
    targets: list[Target]


class ReadingRule(CatalogModel):
    """Something that reading a workbook can find, and the national audit relation it belongs to."""

    code: Code
    name: str
    audit_id: str | None


class SpellingRule(CatalogModel):
    """A change of spelling that reading makes to understand a cell, with an example."""

    code: Code
    name: str
    example: str


class Column(CatalogModel):
    """The one meaning of a column name, wherever it stands."""

    name: Code
    meaning: str


def _named_values(value: Any, at: Location = ()) -> Iterator[tuple[str, Any, Location]]:
    """Yield every named value below this one, with its name and place."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(step, str):
            yield step, item, (*at, step)
        if isinstance(item, dict | list):
            yield from _named_values(item, (*at, step))


def refuse(reason: LiteralString, codes: list[tuple[str, Location]]) -> None:
    """Raise one validation error for these codes, each at its place; without codes, nothing."""
    error = PydanticCustomError(reason, reason)
    if codes:
        details = [InitErrorDetails(type=error, loc=at, input=code) for code, at in codes]
        raise ValidationError.from_exception_data("Catalog", details)


class Catalog(CatalogModel):
    """Everything the statistics mean, checked as a whole."""

    units: list[Unit]
    indicators: list[Indicator]
    classifications: list[Classification]
    forms: list[Form]
    divisions: Divisions
    sampling: Sampling
    reporting: Reporting
    working_days: list[WorkingDays]
    editing: Editing
    bridges: list[Bridge]
    policies: list[Policy]
    reading_rules: list[ReadingRule]
    spelling_rules: list[SpellingRule]
    columns: list[Column]

    def indicator(self, code: str) -> Indicator:
        """Return the indicator of that code; KeyError where there is none."""
        return {item.code: item for item in self.indicators}[code]

    def classification(self, code: str) -> Classification:
        """Return the classification of that code; KeyError where there is none."""
        return {item.code: item for item in self.classifications}[code]

    def unit(self, name: str) -> Unit:
        """Return the unit of that name; KeyError where there is none."""
        return {item.unit: item for item in self.units}[name]

    def form(self, code: str, period: str | None = None) -> Form:
        """Return the form valid in that period (a year: in its last month; none: the newest).

        Raises:
            KeyError: None is.
        """
        month = None if period is None else last_month(period)
        valid = [
            form
            for form in self.forms
            if form.code == code
            and (month is None or form.valid_from <= month <= (form.valid_to or "9999-12"))
        ]
        if not valid:
            raise KeyError(f"no form {code} valid in {period}")
        return max(valid, key=lambda form: form.valid_from)

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Catalog:
        """Refuse a code given twice: the later entry would silently win."""
        names = {
            "units": "unit",
            "indicators": "code",
            "classifications": "code",
            "policies": "id",
            "reading_rules": "code",
            "spelling_rules": "code",
            "columns": "name",
        }
        entries: list[tuple[str, str, Location]] = [
            (section, getattr(entry, name), (section, position, name))
            for section, name in names.items()
            for position, entry in enumerate(getattr(self, section))
        ]
        entries += [
            ("targets", target.id, ("policies", number, "targets", position, "id"))
            for number, policy in enumerate(self.policies)
            for position, target in enumerate(policy.targets)
        ]
        first = {(section, code): at for section, code, at in reversed(entries)}
        refuse("repeated_code", [entry[1:] for entry in entries if first[entry[:2]] != entry[2]])
        return self

    @model_validator(mode="after")
    def _references_exist(self) -> Catalog:
        """Refuse entries that point at something the catalog does not have."""
        units = {unit.unit for unit in self.units}
        indicators = {indicator.code for indicator in self.indicators}
        items = {item.code: {choice.code for choice in item.items} for item in self.classifications}
        divisions = {division.code for division in self.divisions.divisions}
        areas = divisions | {area.code for area in self.divisions.functional_areas}
        known: dict[str, set[str]] = {
            "unit": units,
            "base_unit": units,
            "display_unit": units,
            "indicator": indicators,
            "auxiliary": indicators,
            "part_of": indicators,
            "review_indicators": indicators,
            "formula": indicators,
            "choices": set(items),
            "business_line": items.get("business_lines", set()),
            "size_class": items.get("size_classes", set()),
            "collapse_into": {stratum.code for stratum in self.sampling.strata},
            "area_code": areas | {self.divisions.city_code, self.divisions.country_code},
            "within": divisions,
            "retired": divisions,
            "created": divisions,
            "redrawn": divisions,
            "from_area": divisions,
            "to_area": divisions,
        }
        missing = [
            (code, at)
            for name, value, at in _named_values(self.model_dump())
            if name in known and value is not None
            for code in (value if isinstance(value, list | dict) else [value])
            if code not in known[name]
        ]
        refuse("unknown_reference", missing)
        return self

    @model_validator(mode="after")
    def _the_form_has_the_frequency(self) -> Catalog:
        """Refuse a frequency at which no flash report asks: its heads would say another span."""
        asked = {form.period_type for form in self.forms if form.folder == "reports"}
        frequency = self.reporting.frequency
        refuse(
            "no_such_form",
            [] if asked == {frequency} else [(frequency, ("reporting", "frequency"))],
        )
        return self

    @model_validator(mode="after")
    def _months_follow_the_changes(self) -> Catalog:
        """Refuse an area that begins or ends in another month than the change it is part of."""
        places = {
            division.code: (division, position)
            for position, division in enumerate(self.divisions.divisions)
        }
        expected = [
            (code, name, month)
            for change in self.divisions.changes
            for codes, name, month in (
                (change.retired, "valid_to", change.last_month),
                (change.created, "valid_from", change.reporting_from),
            )
            for code in codes
        ]
        wrong: list[tuple[str, Location]] = [
            (str(getattr(division, name)), ("divisions", "divisions", position, name))
            for code, name, month in expected
            for division, position in (places[code],)
            if getattr(division, name) != month
        ]
        last_months = {None, *(change.last_month for change in self.divisions.changes)}
        wrong += [
            (str(area.valid_to), ("divisions", "functional_areas", position, "valid_to"))
            for position, area in enumerate(self.divisions.functional_areas)
            if area.valid_to not in last_months
        ]
        refuse("other_month", wrong)
        return self

    @model_validator(mode="after")
    def _changes_follow_each_other(self) -> Catalog:
        """Refuse changes out of order, or whose geographies do not go on from each other."""
        geography = self.divisions
        broken: list[tuple[str, Location]] = []
        for number, (before, change) in enumerate(pairwise(geography.changes), start=1):
            at = ("divisions", "changes", number)
            if change.old_geography != before.new_geography:
                broken.append((change.old_geography, (*at, "old_geography")))
            if change.reporting_from <= before.reporting_from:
                broken.append((change.reporting_from, (*at, "reporting_from")))
        refuse("broken_chain", broken)
        former = [change.old_geography for change in geography.changes]
        again: list[tuple[str, Location]] = [
            (change.new_geography, ("divisions", "changes", number, "new_geography"))
            for number, change in enumerate(geography.changes)
            if change.new_geography in former[: number + 1]
        ]
        refuse("cycle", again)
        return self

    @model_validator(mode="after")
    def _successions_lead_on(self) -> Catalog:
        """Refuse a succession from or to an area that its geography has not, as a cycle would.

        An area that a change leaves in place keeps something, and only such an area does.
        """
        lives = {item.code: item for item in self.divisions.divisions}
        absent: list[tuple[str, Location]] = []
        unclear: list[tuple[str, Location]] = []
        for number, change in enumerate(self.divisions.changes):
            at = ("divisions", "changes", number, "successions")
            for position, item in enumerate(change.successions):
                for name, code, month in (
                    ("from_area", item.from_area, change.last_month),
                    ("to_area", item.to_area, change.reporting_from),
                ):
                    if not lives[code].is_valid(month):
                        absent.append((code, (*at, position, name)))
            givers = {item.from_area for item in change.successions}
            heirs = {item.to_area for item in change.successions}
            staying = {
                item.from_area for item in change.successions if item.from_area == item.to_area
            }
            unclear += [
                (code, at)
                for code in sorted(
                    givers - staying ^ set(change.retired) | heirs - staying ^ set(change.created)
                )
            ]
        refuse("not_in_geography", absent)
        refuse("unclear_succession", unclear)
        return self

    @model_validator(mode="after")
    def _townships_have_one_successor(self) -> Catalog:
        """Refuse a 街镇, or the rest of a district, that goes to two districts."""
        entries: list[tuple[tuple[int, str, str], str, Location]] = [
            (
                (number, item.from_area, name),
                name,
                ("divisions", "changes", number, "successions", position, *step),
            )
            for number, change in enumerate(self.divisions.changes)
            for position, item in enumerate(change.successions)
            for name, step in item.claims
        ]
        first = {key: at for key, _, at in reversed(entries)}
        refuse("repeated_code", [(code, at) for key, code, at in entries if first[key] != at])
        return self
