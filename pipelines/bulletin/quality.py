"""The findings as the bulletin tells them: by rule, by reporting unit, over time, by agency.

Counts come from mart_quality, single findings from mart_findings; nothing is judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.bulletin.marts import Marts, Row
from pipelines.bulletin.words import (
    MISSING,
    STATE_WORDS,
    Number,
    finding_state_text,
    number,
    period_name,
)

MONTHS_SHOWN = 13  # with the same month of the year before
MOST_NAMED = 3
OPEN_STATES = ("待更正", "待说明")
UNKNOWN_UNIT = "报送单位不明"


@dataclass(frozen=True)
class Tally:
    """The findings of one rule, reporting unit or period: how many, and what became of them.

    `states` counts by the words of `finding_state_text`; `agencies` is how many agencies they are
    of, `reported` how many agencies had reported, None where nobody knows.
    """

    name: str
    mandatory: int
    review: int
    states: Mapping[str, int]
    agencies: int
    reported: int | None = None

    @property
    def total(self) -> int:
        """All findings."""
        return self.mandatory + self.review

    @property
    def open(self) -> int:
        """The findings neither corrected nor explained."""
        return sum(self.states[state] for state in OPEN_STATES)

    @property
    def rate(self) -> float | None:
        """Findings per hundred agencies that reported; None where none did or nobody knows."""
        return 100 * self.total / self.reported if self.reported else None

    @property
    def rate_text(self) -> str:
        """The rate with one decimal."""
        return rate_text(self.rate)


@dataclass(frozen=True)
class Agency:
    """An agency with its findings of the period."""

    name: str
    credit_code: str
    reporting_unit: str
    mandatory: int
    review: int
    open: int
    most_common: str


@dataclass(frozen=True)
class Quality:
    """What the bulletin says about the findings of its period.

    `standing` are review findings without an explanation whose figures are in the totals,
    `explained` those with one; `standing_before` counts the former in earlier periods.
    """

    total: Tally
    rules: Sequence[Tally]
    units: Sequence[Tally]
    months: Sequence[Tally]
    agencies: Sequence[Agency]
    standing: Sequence[Row]
    explained: Sequence[Row]
    standing_before: int


def read_quality(marts: Marts) -> Quality:
    """Return the findings of the period of these marts, counted and picked."""
    current = [row for row in marts.quality if row["period"] == marts.period]
    months = _by_period(marts)
    own = [
        row
        for row in marts.findings
        if row["folder"] == "reports" and row["period"] == marts.period
    ]
    reviews = [row for row in marts.findings if row["severity"] == "review"]
    return Quality(
        total=months[-1],
        rules=_by_rule(current),
        units=_by_unit(current, marts.response),
        months=months[-MONTHS_SHOWN:],
        agencies=_by_agency(_latest(own)),
        standing=_latest(
            row
            for row in reviews
            if row["state"] == "open" and row["submission_state"] == "accepted"
        ),
        explained=_latest(row for row in reviews if row["state"] == "explained"),
        standing_before=sum(
            row["open_count"]
            for row in marts.quality
            if row["severity"] == "review" and row["period"] < marts.period
        ),
    )


def state_sentence(total: Tally) -> str:
    """Return how many findings there are and what became of them."""
    states = "，".join(f"{state}{found}条" for state, found in total.states.items())
    return (
        f"本期审核发现问题{total.total}条，其中强制性{total.mandatory}条、核实性{total.review}条；"
        f"目前{states}。"
    )


def most_sentence(found: Quality) -> str:
    """Return which rules and which reporting units have most findings."""
    units = sorted(found.units, key=lambda unit: -unit.total)  # stable: divisions where equal
    return f"不符合最多的审核规则：{_most(found.rules)}。问题最多的报送单位：{_most(units)}。"


def trend_text(months: Sequence[Tally]) -> str:
    """Return how the rate of the last period stands to that of the period before it."""
    known = [month for month in months[:-1] if month.rate is not None]
    now = months[-1].rate
    if now is None or not known:
        return "没有可比的上期"
    then = known[-1].rate
    if rate_text(now) == rate_text(then):
        return f"与{known[-1].name}持平"
    way = "▲ 上升" if then is not None and now > then else "▼ 下降"
    return f"{known[-1].name}为{rate_text(then)}条，{way}"


def rate_text(rate: Number | None) -> str:
    """Return findings per hundred agencies with one decimal."""
    return MISSING if rate is None else number(rate, 1)


def rule_label(row: Row) -> str:
    """Return a rule as people say it: its number among the audit relations, if any, and name."""
    return f"{row['audit_id']} {row['rule_name']}" if row["audit_id"] else str(row["rule_name"])


def _tally(name: str, rows: Iterable[Row], reported: int | None = None) -> Tally:
    """Return the sum of some rows of mart_quality."""
    severities = Counter({"mandatory": 0, "review": 0})
    states = Counter(dict.fromkeys(STATE_WORDS, 0))
    agencies = 0
    for row in rows:
        severity = row["severity"]
        severities[severity] += row["finding_count"]
        agencies += row["agency_count"]
        for state in ("open", "explained", "closed"):
            if row[f"{state}_count"]:
                states[finding_state_text(severity, state)] += row[f"{state}_count"]
    return Tally(name, severities["mandatory"], severities["review"], states, agencies, reported)


def _by_rule(rows: Sequence[Row]) -> list[Tally]:
    """Return the rules with findings, those with most first; rules of one name are one."""
    tallies = [
        _tally(label, (row for row in rows if rule_label(row) == label))
        for label in dict.fromkeys(map(rule_label, rows))
    ]
    return sorted(tallies, key=lambda rule: (-rule.total, rule.name))


def _by_unit(rows: Sequence[Row], response: Sequence[Row]) -> list[Tally]:
    """Return the reporting units in the order of divisions, also those without findings."""
    reported = {
        row["reporting_unit_code"]: row["accepted_count"] + row["refused_count"]
        for row in response
        if row["reporting_unit_code"] != "TOTAL"
    }
    names = {row["reporting_unit_code"]: row["reporting_unit_name"] for row in (*response, *rows)}
    codes = dict.fromkeys((*reported, *(row["reporting_unit_code"] for row in rows)))
    return [
        _tally(
            names[code],
            (row for row in rows if row["reporting_unit_code"] == code),
            reported.get(code),
        )
        for code in codes
    ]


def _by_period(marts: Marts) -> list[Tally]:
    """Return the periods in which somebody reported, or tried to, up to this one."""
    reported = {
        row["period"]: row["accepted_count"] + row["refused_count"] for row in marts.response_totals
    }
    periods = sorted({*reported, *(row["period"] for row in marts.quality)})
    return [
        _tally(
            _named(marts, period),
            (row for row in marts.quality if row["period"] == period),
            reported.get(period),
        )
        for period in periods
    ]


def _named(marts: Marts, period: str) -> str:
    """Return the name of a period; one in which no file could be read is a plain month."""
    kinds = {row["period"]: row["period_type"] for row in marts.industry}
    return period_name(period, kinds.get(period, "M"))


def _by_agency(findings: Sequence[Row], most: int = 10) -> list[Agency]:
    """Return the agencies with most findings, those with most unsettled ones first where equal."""
    codes = dict.fromkeys(row["credit_code"] for row in findings if row["credit_code"])
    agencies = []
    for code in codes:
        rows = [row for row in findings if row["credit_code"] == code]
        severities = Counter(row["severity"] for row in rows)
        (common,) = Counter(rule_label(row) for row in rows).most_common(1)
        agencies.append(
            Agency(
                name=_last(rows, "agency_name", MISSING),
                credit_code=code,
                reporting_unit=_last(rows, "reporting_unit_name", UNKNOWN_UNIT),
                mandatory=severities["mandatory"],
                review=severities["review"],
                open=sum(row["state"] == "open" for row in rows),
                most_common=f"{common[0]}（{common[1]}条）",
            )
        )
    agencies.sort(key=lambda item: (-item.mandatory - item.review, -item.open, item.credit_code))
    return agencies[:most]


def _latest(findings: Iterable[Row]) -> list[Row]:
    """Return each finding once, as of the last file it stood in, as mart_quality counts it."""
    rows = list(findings)
    last: dict[str, int] = {}
    for row in rows:
        last[row["finding_id"]] = max(row["receipt_no"], last.get(row["finding_id"], 0))
    return [row for row in rows if row["receipt_no"] == last[row["finding_id"]]]


def _last(rows: Sequence[Row], column: str, nothing: str) -> str:
    """Return the last text of a column, or what stands for none."""
    texts = [str(row[column]) for row in rows if row[column]]
    return texts[-1] if texts else nothing


def _most(tallies: Sequence[Tally]) -> str:
    """Return the first few with their findings."""
    return "、".join(
        f"{item.name}（{item.total}条）" for item in tallies[:MOST_NAMED] if item.total
    )
