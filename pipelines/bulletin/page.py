"""The bulletin: one HTML page that carries everything it needs and asks the network for nothing.

What it says comes from `targets` and `tables`, what it draws from `figures`; here they are put in
order and written. The template escapes every text; figures go in as JSON data, never as script.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from pipelines.bulletin import figures, quality, tables, targets
from pipelines.bulletin.balance import balance_sentence, read_balance
from pipelines.bulletin.files import replace_file
from pipelines.bulletin.issue import FIRST, LAST, Issue
from pipelines.bulletin.marts import Marts, Row, read_marts
from pipelines.bulletin.words import (
    MISSING,
    completion_text,
    count,
    is_met,
    last_day,
    percent,
    period_name,
    verdict_text,
    year_to_date_name,
)
from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.root import Root

TITLE = "重庆市人力资源服务业统计快报"
SERIES = ("revenue_incl", "placements")
DISTRICT_TABLES = (
    ("institutions", "revenue_incl", "placements"),
    ("people_served", "employers_served"),
)
SHAPES = {  # the shape repeats the word of the schedule, for those who print in grey
    "已达成": "●",
    "快于预期": "▲",
    "基本符合": "■",
    "略慢": "▽",
    "滞后": "▼",
    "倒退": "✕",
    "未达成": "✕",
    "起步期": "○",
}
UNDECIDED = "◇"
RULES_DRAWN = 15
FINDINGS_LISTED = 30
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
NO_INTERVAL = {"register": "名录计数，无抽样误差", "census": "年报汇总，无抽样误差"}


@dataclass(frozen=True)
class Chart:
    """A figure with what must be printed beside it and the table of the same numbers."""

    chart_id: str
    title: str
    unit: str
    source: str
    data_status: str
    figure: go.Figure
    table: tables.Table
    note: str = ""

    @property
    def specification(self) -> Any:
        """The figure as plain data for plotly.js."""
        return json.loads(self.figure.to_json())


@dataclass(frozen=True)
class Headline:
    """A target on the front page: status, sentence, trajectory."""

    progress: targets.Progress
    sentence: str
    schedule: str
    verdict: str
    value: str
    interval: str
    completion: str
    chart: Chart


@dataclass(frozen=True)
class Listing:
    """The first findings of a list, how many there are in all, and where the others are."""

    table: tables.Table
    listed: int
    total: int
    elsewhere: str


@dataclass(frozen=True)
class BalanceSection:
    """What the bulletin shows of agencies that come and go."""

    sentence: str
    table: tables.Table
    has_year: bool
    data_status: str


@dataclass(frozen=True)
class QualitySection:
    """What the bulletin shows of the findings."""

    found: quality.Quality
    state: str
    most: str
    trend: str
    rules: Chart
    units: Chart
    months: Chart
    agencies: tables.Table
    standing: Listing
    explained: Listing


def bulletin_path(root: Root, period: str) -> Path:
    """Return where the bulletin of a period (YYYY-MM) lies."""
    return root.reports / f"bulletin-{period}.html"


def write_bulletin(root: Root, period: str, made_up: bool, issue: Issue) -> Path:
    """Write reports/bulletin-<period>.html from the published file and return its path.

    `period` is YYYY-MM; `made_up` prints 模拟数据 on the page, each chart and each table; `issue`
    is what it says of its release.

    Raises:
        NothingPublishedError: There is no published file, or the period is not in it.
    """
    page = render_bulletin(read_marts(root, period), load_catalog(), made_up, issue)
    path = bulletin_path(root, period)
    replace_file(path, page.encode())
    return path


def mark_page(page: str, issue: Issue) -> str:
    """Return a page as it is but with this said of its release."""
    before, _, rest = page.partition(FIRST)
    _, _, after = rest.partition(LAST)
    block = TEMPLATES.get_template("issue.html.j2").render(issue=issue).strip()
    return f"{before}{block}{after}"


def render_bulletin(marts: Marts, catalog: Catalog, made_up: bool, issue: Issue) -> str:
    """Return the page of these marts as HTML."""
    confidence = f"{(catalog.sampling.confidence_level * 100).normalize():f}%"
    progress = targets.read_progress(marts, catalog)
    headline = targets.headline(progress, marts.period)
    others = [item for item in progress if item not in headline]
    own = [row for row in marts.findings if row["folder"] == "reports"]
    foreign = [row for row in marts.findings if row["folder"] != "reports"]
    return TEMPLATES.get_template("bulletin.html.j2").render(
        title=TITLE,
        period=marts.period,
        period_name=period_name(marts.period, marts.period_type),
        as_of=last_day(marts.period),
        release_id=marts.release_id,
        issue=issue,
        made_up=made_up,
        confidence=confidence,
        minimum_respondents=catalog.sampling.minimum_respondents,
        maximum_cv_pct=catalog.sampling.maximum_cv_pct,
        headlines=[_headline(item, confidence) for item in headline],
        other_targets=tables.verdict_table(others, confidence) if others else None,
        indicators=tables.indicator_table(
            marts.industry, marts.period, marts.period_type, confidence
        ),
        methods=tables.methods_note(marts.industry, marts.period),
        balance=_balance_section(marts),
        indicator_source=_sources(row for row in marts.industry if row["period"] == marts.period),
        district_source=_sources(marts.districts),
        district_status=_data_status(marts.districts),
        series=[chart for code in SERIES for chart in _series_charts(marts, code, confidence)],
        districts=[
            tables.district_table(marts.districts, codes, marts.period, confidence)
            for codes in DISTRICT_TABLES
        ],
        district_notes=tables.district_notes(marts.districts),
        business_lines=_business_line_chart(marts, confidence),
        institution_types=_institution_type_chart(marts, confidence),
        response=_response_chart(marts),
        response_total=next(row for row in marts.response if row["reporting_unit_code"] == "TOTAL"),
        refused_files=_refused(own),
        other_files=_refused(foreign),
        quality=_quality_section(marts),
        assumptions=_assumptions(headline + others, catalog),
        no_figure=(MISSING, "样本不足", "层内无样本", "误差过大"),
        count=count,
        percent=percent,
        plotly_js=Markup(get_plotlyjs()),  # noqa: S704 (our own dependency's file)
    )


def _headline(progress: targets.Progress, confidence: str) -> Headline:
    """Return what the front page shows of a target."""
    row, unit = progress.row, progress.shown
    actuals = [year.actual for year in progress.path if year.actual is not None]
    bounds = unit.interval(row["ci_low"], row["ci_high"])
    return Headline(
        progress=progress,
        sentence=targets.progress_sentence(progress, confidence),
        schedule=_with_shape(row["schedule_status"]),
        verdict=verdict_text(row),
        value=unit.amount(row["actual_value"]),
        interval=(
            NO_INTERVAL.get(row["actual_basis"], MISSING)
            if bounds == MISSING
            else f"{confidence}区间 {bounds}"
        ),
        completion=completion_text(row["completion_pct"], is_met(row)),
        chart=Chart(
            chart_id=f"chart-{progress.target.id}",
            title=f"{unit.name}：历年实绩与{progress.target.target_period}年目标",
            unit=unit.unit,
            source=_sources(actuals) + f"、{progress.policy.document_no}",
            data_status=_data_status(actuals),
            figure=figures.path_figure(progress),
            table=tables.path_table(progress, confidence),
            note=_notes(progress),
        ),
    )


def _with_shape(status: str | None) -> str:
    """Return a schedule word with its shape; two classes have one of their own."""
    if status is None:
        return MISSING
    return f"{SHAPES.get(status, UNDECIDED)} {status}"


def _notes(progress: targets.Progress) -> str:
    """Return what the marts note on the annual figures of a path, such as who did not report."""
    noted = [(year.label, year.actual.get("note")) for year in progress.path if year.actual]
    return "".join(f"{label}：{note}" for label, note in noted if note)


def _series_charts(marts: Marts, code: str, confidence: str) -> list[Chart]:
    """Return the chart of an indicator's months in this year and the two before, if it has any."""
    first_year = str(int(marts.period[:4]) - 2)
    rows = [
        row
        for row in marts.industry
        if row["indicator_code"] == code
        and row["measure_code"] == "month"
        and row["period"] >= first_year
    ]
    if not rows:
        return []
    return [
        Chart(
            chart_id=f"chart-{code}-by-month",
            title=f"{rows[0]['indicator_name']}：分月测算值与{confidence}置信区间",
            unit=rows[0]["display_unit"],
            source=_sources(rows),
            data_status=_data_status(rows),
            figure=figures.series_figure(rows),
            table=tables.series_table(rows, confidence),
            note="竖线为置信区间；空心点为1—2月合计，不与单月相连。",
        )
    ]


def _business_line_chart(marts: Marts, confidence: str) -> Chart:
    """Return revenue by business line."""
    rows = _select(marts.business_lines, "revenue_incl", "ytd")
    when = year_to_date_name(marts.period)
    return Chart(
        chart_id="chart-business-lines",
        title=f"{when}分业态营业收入（含代收代付）与{confidence}置信区间",
        unit=rows[0]["display_unit"],
        source=_sources(marts.business_lines),
        data_status=_data_status(marts.business_lines),
        figure=figures.domain_figure(rows, "business_line_name"),
        table=tables.domain_table(
            marts.business_lines, "business_line_name", "业态", marts.period, confidence
        ),
    )


def _institution_type_chart(marts: Marts, confidence: str) -> Chart:
    """Return institutions by type."""
    rows = _select(marts.institution_types, "institutions", "end")
    return Chart(
        chart_id="chart-institution-types",
        title=f"{int(marts.period[5:])}月末分机构类型机构数",
        unit=rows[0]["display_unit"],
        source=_sources(marts.institution_types),
        data_status=_data_status(marts.institution_types),
        figure=figures.domain_figure(rows, "institution_type_name"),
        table=tables.domain_table(
            marts.institution_types, "institution_type_name", "机构类型", marts.period, confidence
        ),
    )


def _balance_section(marts: Marts) -> BalanceSection | None:
    """Return who came and went; None where no earlier count of agencies is known."""
    balance = read_balance(marts.balance, marts.period)
    if balance is None:
        return None
    counted = [row for row in marts.industry if row["period"] == marts.period]
    return BalanceSection(
        balance_sentence(balance),
        tables.balance_table(balance),
        balance.year is not None,
        _data_status(_select(counted, "institutions", "end")),
    )


def _response_chart(marts: Marts) -> Chart:
    """Return the response of every reporting unit; the total stands in the table alone."""
    units = [row for row in marts.response if row["reporting_unit_code"] != "TOTAL"]
    return Chart(
        chart_id="chart-response",
        title="各报送单位抽样快报报送情况",
        unit="家",
        source=tables.SOURCES["estimate"] + "收件记录",
        data_status="快报数",
        figure=figures.response_figure(units),
        table=tables.response_table(marts.response),
    )


def _quality_section(marts: Marts) -> QualitySection:
    """Return what the page shows of the findings of the period."""
    found = quality.read_quality(marts)
    when = found.total.name
    drawn = found.rules[:RULES_DRAWN]
    left_out = len(found.rules) - len(drawn)
    return QualitySection(
        found=found,
        state=quality.state_sentence(found.total),
        most=quality.most_sentence(found),
        trend=quality.trend_text(found.months),
        rules=_findings_chart(
            "chart-quality-rules",
            f"{when}审核问题：按不符合的审核规则",
            figures.findings_figure(drawn, row_height=34),
            tables.rules_table(found.rules),
            f"图中为问题最多的{len(drawn)}项规则，其余{left_out}项见表。" if left_out else "",
        ),
        units=_findings_chart(
            "chart-quality-units",
            f"{when}审核问题：按报送单位",
            figures.findings_figure(found.units, row_height=18),
            tables.units_table(found.units, found.total),
            "按行政区划代码顺序排列。",
        ),
        months=_findings_chart(
            "chart-quality-months",
            "各期审核问题",
            figures.findings_by_month_figure(found.months),
            tables.months_table(found.months),
            "已报机构为已采用和被退回的应报机构；没有应报名单的报告期不计算每百家问题条数。",
        ),
        agencies=tables.agencies_table(found.agencies),
        standing=_listing(
            found.standing, tables.standing_table, "各报告期退回清单（returns 文件夹）"
        ),
        explained=_listing(found.explained, tables.explained_table, "已发布数据中的审核问题清单"),
    )


def _findings_chart(
    chart_id: str, title: str, figure: go.Figure, table: tables.Table, note: str
) -> Chart:
    """Return a chart of findings."""
    return Chart(
        chart_id=chart_id,
        title=title,
        unit="条",
        source=tables.SOURCES["estimate"] + "审核记录",
        data_status="快报数",
        figure=figure,
        table=table,
        note=note,
    )


def _listing(
    findings: Sequence[Row], table: Callable[[Sequence[Row]], tables.Table], elsewhere: str
) -> Listing:
    """Return the first of these findings as a table."""
    listed = findings[:FINDINGS_LISTED]
    return Listing(table(listed), len(listed), len(findings), elsewhere)


def _refused(findings: Sequence[Row]) -> tables.Table | None:
    """Return the table of refused files, or None where there is none."""
    rows = [row for row in findings if row["scope"] == "file" and row["severity"] == "mandatory"]
    return tables.refused_table(rows) if rows else None


def _assumptions(progress: Iterable[targets.Progress], catalog: Catalog) -> list[str]:
    """Return the assumptions that the judged targets and the calendar rest on, each once."""
    texts = [
        f"{item.target.target_period}年{item.shown.name}（{item.policy.document_no}"
        f"{item.target.clause}“{item.target.quote}”）：{item.target.assumption}{item.target.base.note}"
        for item in progress
    ]
    return [*texts, catalog.reporting.assumption]


def _select(rows: Sequence[Row], indicator_code: str, measure_code: str) -> list[Row]:
    """Return the rows of one indicator and measure."""
    return [
        row
        for row in rows
        if row["indicator_code"] == indicator_code and row["measure_code"] == measure_code
    ]


def _sources(rows: Iterable[Row]) -> str:
    """Return where the figures of these rows come from."""
    bases = {row["actual_basis"] for row in rows}
    return "、".join(name for basis, name in tables.SOURCES.items() if basis in bases)


def _data_status(rows: Iterable[Row]) -> str:
    """Return the data status words of these rows."""
    return "、".join(dict.fromkeys(str(row["data_status"]) for row in rows))
