"""Mart rows as the tables of the bulletin: every cell already text, as it will be read.

Where a chart stands above a table, both are made from the same rows (charts in `figures`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.bulletin.balance import EXITS, INFLOWS, OUTFLOWS, Balance, opening_name
from pipelines.bulletin.marts import Row
from pipelines.bulletin.quality import UNKNOWN_UNIT, Agency, Tally
from pipelines.bulletin.targets import Progress
from pipelines.bulletin.words import (
    MISSING,
    STATE_WORDS,
    completion_text,
    count,
    finding_state_text,
    interval_text,
    is_met,
    month_name,
    percent,
    shortened,
    shown,
    value_text,
    verdict_text,
    year_to_date_name,
)

TOPICS = {
    "revenue": "营业收入",
    "institutions": "机构",
    "recruitment": "招聘活动",
    "recipients": "服务对象",
    "effects": "服务效果",
    "staff": "从业人员",
}
SOURCES = {
    "published": "已公布数据",
    "census": "人力资源服务机构年报",
    "register": "人力资源服务机构名录",
    "estimate": "人力资源服务业抽样快报",
}
BASES = {
    "census": "年报汇总",
    "register": "名录计数",
    "estimate": "快报测算",
}
FUNCTIONAL_AREAS = "功能区"
LONGEST_CONTENT, LONGEST_EXPLANATION = 20, 200  # characters; the marts have all


@dataclass(frozen=True)
class Column:
    """A column head; neighbours with the same group share a head above them."""

    label: str
    group: str = ""
    is_number: bool = True
    is_sentence: bool = False


@dataclass(frozen=True)
class Body:
    """Rows under a heading of their own, which may be empty; a row's first cell names it."""

    heading: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Table:
    """A table as it is read."""

    caption: str
    columns: Sequence[Column]
    bodies: Sequence[Body]


FINDING_COLUMNS = (
    Column("单位名称", is_number=False),
    Column("报送单位", is_number=False),
    Column("工作表", is_number=False),
    Column("单元格", is_number=False),
    Column("现填内容", is_number=False),
    Column("问题", is_number=False, is_sentence=True),
)


def pick(rows: Iterable[Row], **wanted: str) -> Row | None:
    """Return the first row with those column values, or None."""
    return next((row for row in rows if all(row[key] == wanted[key] for key in wanted)), None)


def path_table(progress: Progress, confidence: str) -> Table:
    """Return a target's path: reached and planned by year, in the printed unit."""
    unit = progress.shown
    rows = []
    for year in progress.path:
        actual, plan = year.actual, year.plan
        rows.append(
            (
                year.label,
                MISSING if actual is None else unit.number(actual["value"]),
                MISSING if actual is None or year.is_final else interval_text(actual),
                MISSING if actual is None else nature(actual),
                MISSING if actual is None else source(actual),
                MISSING if plan is None else unit.number(plan.value),
                MISSING if plan is None else plan_nature(plan.node_type),
            )
        )
        if year.due is not None:
            blank = (MISSING, MISSING, MISSING, MISSING)
            rows.append(
                (f"{year.label}应达", *blank, unit.number(year.due), progress.schedule_name)
            )
    planned = f"{'年末' if progress.is_stock else '全年'}目标与参考（{unit.unit}）"
    columns = (
        Column("年份", is_number=False),
        Column("数值", f"实绩（{unit.unit}）"),
        Column(f"{confidence}区间", f"实绩（{unit.unit}）"),
        Column("数据性质", f"实绩（{unit.unit}）", is_number=False),
        Column("来源", f"实绩（{unit.unit}）", is_number=False),
        Column("数值", planned),
        Column("性质", planned, is_number=False),
    )
    return Table(f"{unit.name}：历年实绩与目标", columns, (Body("", rows),))


def verdict_table(progress: Sequence[Progress], confidence: str) -> Table:
    """Return targets with figure, interval, completion and verdict."""
    columns = (
        Column("目标", is_number=False),
        Column("文件要求", is_number=False),
        Column("实绩"),
        Column(f"{confidence}区间"),
        Column("完成率"),
        Column("数据性质", is_number=False),
        Column("判定", is_number=False),
        Column("说明", is_number=False),
    )
    rows = [
        (
            f"{item.target.target_period}年{item.shown.name}",
            item.target_text,
            item.shown.amount(item.row["actual_value"]),
            item.shown.interval(item.row["ci_low"], item.row["ci_high"]),
            completion_text(item.row["completion_pct"], is_met(item.row)),
            nature(item.row),
            verdict_text(item.row),
            item.row["verdict_note"],
        )
        for item in progress
    ]
    return Table("其他年度目标", columns, (Body("", rows),))


def indicator_table(rows: Sequence[Row], period: str, period_type: str, confidence: str) -> Table:
    """Return all indicators of the period by topic; a stock's period-end stands under the month."""
    month = f"本期（{month_name(period, period_type)}）"
    year_to_date = f"年内累计（{year_to_date_name(period)}）"
    columns = (
        Column("指标", is_number=False),
        Column("单位", is_number=False),
        Column("数值", month),
        Column(f"{confidence}区间", month),
        Column("数值", year_to_date),
        Column(f"{confidence}区间", year_to_date),
        Column("数据性质", is_number=False),
    )
    current = [row for row in rows if row["period"] == period]
    bodies = []
    for topic in dict.fromkeys(row["topic"] for row in current):
        of_topic = [row for row in current if row["topic"] == topic]
        lines = []
        for code in dict.fromkeys(row["indicator_code"] for row in of_topic):
            end = pick(of_topic, indicator_code=code, measure_code="end")
            now = end or pick(of_topic, indicator_code=code, measure_code="month")
            total = pick(of_topic, indicator_code=code, measure_code="ytd")
            row = next(item for item in (total, now) if item is not None)
            name = row["indicator_name"] + ("（期末）" if end else "")
            cells = (*_pair(now), *_pair(total))
            lines.append((name, row["display_unit"], *cells, row["data_status"]))
        bodies.append(Body(TOPICS[topic], lines))
    return Table("主要指标", columns, bodies)


def balance_table(balance: Balance) -> Table:
    """Return who came and went in the period, and in the year so far where that is known."""
    shown_rows = {"本期": balance.month} | ({"年内累计": balance.year} if balance.year else {})
    outflows = dict(OUTFLOWS)
    leaving = {"exit_count": outflows.pop("exit_count")}
    exits = {key: f"其中：{name}" for key, name in EXITS.items()}
    lines = {
        "opening_count": "期初机构数",
        **INFLOWS,
        **leaving,
        **exits,
        **outflows,
        "closing_count": "期末机构数",
        "suspended_count": "其中：歇业",
        "lost_contact_count": "其中：失联",
        "net_count": "净增",
    }
    columns = (
        Column("项目", is_number=False),
        *(
            Column(f"{name}（{opening_name(row, balance.period)}以来）")
            for name, row in shown_rows.items()
        ),
    )
    rows = [
        (name, *(count(row[key]) for row in shown_rows.values())) for key, name in lines.items()
    ]
    return Table("机构增减（家）", columns, (Body("", rows),))


def methods_note(rows: Sequence[Row], period: str) -> str:
    """Return by which methods the figures of the period were made."""
    current = [row for row in rows if row["period"] == period]
    parts = []
    for code, label in (("month", "本期"), ("ytd", "年内累计"), ("end", "期末")):
        of_measure = [row for row in current if row["measure_code"] == code]
        methods = dict.fromkeys(row["estimation_method"] for row in of_measure)
        if methods:
            parts.append(f"{label}数：{'、'.join(methods)}")
    return "；".join(parts) + "。"


def series_table(rows: Sequence[Row], confidence: str) -> Table:
    """Return one indicator's months, a row each, with a pair of columns for every year."""
    years = sorted({row["period"][:4] for row in rows})
    columns = [Column("月份", is_number=False)]
    for year in years:
        columns += [Column("数值", f"{year}年"), Column(f"{confidence}区间", f"{year}年")]
    lines = []
    for month in sorted({(row["period"][5:], row["period_type"]) for row in rows}):
        cells: list[str] = []
        for year in years:
            cells += _pair(pick(rows, period=f"{year}-{month[0]}", period_type=month[1]))
        lines.append((month_name(f"{years[0]}-{month[0]}", month[1]), *cells))
    unit = shown(rows[0])
    return Table(f"{unit.name}：分月（{unit.unit}）", columns, (Body("", lines),))


def district_table(
    rows: Sequence[Row], indicators: Sequence[str], period: str, confidence: str
) -> Table:
    """Return areas in 行政区划 order with value, interval and respondents of some indicators."""
    columns = [Column("区县", is_number=False)]
    for code in indicators:
        row = next(item for item in rows if item["indicator_code"] == code)
        unit = shown(row)
        if row["actual_basis"] == "register":
            columns.append(Column(f"{int(period[5:])}月末", f"{unit.name}（{unit.unit}）"))
        else:
            group = f"{unit.name}（{unit.unit}）"
            columns.append(Column(year_to_date_name(period), group))
            columns += [Column(f"{confidence}区间", group), Column("有效样本", group)]
    measures = {code: "end" if _is_stock(rows, code) else "ytd" for code in indicators}
    lines: dict[str, list[tuple[str, ...]]] = {"": [], FUNCTIONAL_AREAS: []}
    for area in dict.fromkeys(row["area_code"] for row in rows):
        of_area = [row for row in rows if row["area_code"] == area]
        cells = [str(of_area[0]["area_name"])]
        for code, measure in measures.items():
            row_found = pick(of_area, indicator_code=code, measure_code=measure)
            cells += _with_respondents(row_found, has_interval=measure == "ytd")
        kind = of_area[0]["area_type"]
        lines[FUNCTIONAL_AREAS if kind == "functional_area" else ""].append(tuple(cells))
    bodies = [Body(heading, found) for heading, found in lines.items() if found]
    return Table("分区县", columns, bodies)


def district_notes(rows: Sequence[Row]) -> list[str]:
    """Return what must be said of single areas: redrawn ones, and agencies not placed in any."""
    return list(
        dict.fromkeys(
            f"{row['area_name']}：{row['note']}"
            for row in rows
            if row["has_series_break"] or row["area_type"] == "unplaced"
        )
    )


def domain_table(
    rows: Sequence[Row], name_column: str, first_label: str, period: str, confidence: str
) -> Table:
    """Return business lines or institution types with institutions, revenue and placements."""
    columns = [Column(first_label, is_number=False)]
    columns.append(Column(f"{int(period[5:])}月末", "机构（家）"))
    for group in ("营业收入（含代收代付，亿元）", "帮助实现就业和流动（万人次）"):
        columns += [
            Column(year_to_date_name(period), group),
            Column(f"{confidence}区间", group),
            Column("有效样本", group),
        ]
    lines = []
    for name in dict.fromkeys(row[name_column] for row in rows):
        of_name = [row for row in rows if row[name_column] == name]
        institutions = pick(of_name, indicator_code="institutions", measure_code="end")
        cells = [str(name), *_with_respondents(institutions, has_interval=False)]
        for code in ("revenue_incl", "placements"):
            found = pick(of_name, indicator_code=code, measure_code="ytd")
            cells += _with_respondents(found, has_interval=True)
        lines.append(tuple(cells))
    return Table(f"分{first_label}", columns, (Body("", lines),))


def response_table(rows: Sequence[Row]) -> Table:
    """Return who was asked, sent, was refused, was late or is missing, by reporting unit."""
    columns = (
        Column("报送单位", is_number=False),
        Column("抽中（家）"),
        Column("确认不在范围（家）"),
        Column("应报（家）"),
        Column("采用（家）"),
        Column("其中逾期（家）"),
        Column("退回（家）"),
        Column("未报（家）"),
        Column("报送率"),
        Column("加权报送率"),
    )
    lines = [
        (
            row["reporting_unit_name"],
            count(row["sampled_count"]),
            count(row["out_of_scope_count"]),
            count(row["expected_count"]),
            count(row["accepted_count"]),
            count(row["late_count"]),
            count(row["refused_count"]),
            count(row["missing_count"]),
            percent(row["response_rate_pct"]),
            percent(row["weighted_response_rate_pct"]),
        )
        for row in rows
    ]
    return Table("报送情况", columns, (Body("", lines),))


def refused_table(findings: Sequence[Row]) -> Table:
    """Return the refused files, one row per finding."""
    columns = (
        Column("文件", is_number=False),
        Column("报送单位", is_number=False),
        Column("处理状态", is_number=False),
        Column("问题与改法", is_number=False),
    )
    lines = [
        (
            row["file_name"],
            row["reporting_unit_name"] or MISSING,
            finding_state_text(row["severity"], row["state"]),
            row["message"],
        )
        for row in findings
    ]
    return Table("退回的文件", columns, (Body("", lines),))


def rules_table(rules: Sequence[Tally]) -> Table:
    """Return the audit rules with findings."""
    columns = (
        Column("不符合的审核规则", is_number=False),
        *_tally_columns(),
        Column("涉及机构（家）"),
    )
    lines = [(rule.name, *_tally_cells(rule), count(rule.agencies)) for rule in rules]
    return Table("按不符合的审核规则", columns, (Body("", lines),))


def units_table(units: Sequence[Tally], total: Tally) -> Table:
    """Return all reporting units and the city with their findings."""
    columns = (Column("报送单位", is_number=False), *_tally_columns(), *_rate_columns())
    lines = [
        (name, *_tally_cells(unit), count(unit.reported), unit.rate_text)
        for name, unit in (("全市", total), *((unit.name, unit) for unit in units))
    ]
    return Table("按报送单位", columns, (Body("", lines),))


def months_table(months: Sequence[Tally]) -> Table:
    """Return the periods with their findings, the latest last."""
    columns = (Column("报告期", is_number=False), *_tally_columns(), *_rate_columns())
    lines = [
        (month.name, *_tally_cells(month), count(month.reported), month.rate_text)
        for month in months
    ]
    return Table("按报告期", columns, (Body("", lines),))


def agencies_table(agencies: Sequence[Agency]) -> Table:
    """Return the agencies with most findings."""
    columns = (
        Column("单位名称", is_number=False),
        Column("统一社会信用代码", is_number=False),
        Column("报送单位", is_number=False),
        Column("强制性"),
        Column("核实性"),
        Column("待处理"),
        Column("最常不符合的审核规则", is_number=False),
    )
    lines = [
        (
            item.name,
            item.credit_code,
            item.reporting_unit,
            count(item.mandatory),
            count(item.review),
            count(item.open),
            item.most_common,
        )
        for item in agencies
    ]
    return Table("本期问题最多的机构（条）", columns, (Body("", lines),))


def standing_table(findings: Sequence[Row]) -> Table:
    """Return findings in figures that count: where, what is written there, and what is asked."""
    lines = [_finding_cells(row) for row in findings]
    return Table("待说明的核实性问题", FINDING_COLUMNS, (Body("", lines),))


def explained_table(findings: Sequence[Row]) -> Table:
    """Return findings with the explanation given."""
    columns = (*FINDING_COLUMNS, Column("说明", is_number=False, is_sentence=True))
    lines = [
        (*_finding_cells(row), shortened(row["explanation"], LONGEST_EXPLANATION))
        for row in findings
    ]
    return Table("已说明的核实性问题", columns, (Body("", lines),))


def nature(row: Row) -> str:
    """Return the data status of a row and how its figure came about."""
    if row["actual_basis"] is None:
        return MISSING
    if row["actual_basis"] == "published":
        return str(row["data_status"])
    method = row.get("estimation_method") or BASES[row["actual_basis"]]
    return method if method == row["data_status"] else f"{row['data_status']}，{method}"


def source(row: Row) -> str:
    """Return where a figure comes from: as the mart names it, else by its basis."""
    return str(row.get("source") or SOURCES[row["actual_basis"]])


def plan_nature(node_type: str) -> str:
    """Return the kind of a plan node; an interpolated one always says that it is no document's."""
    return f"{node_type}（非文件指标）" if node_type == "插值参考线" else node_type


def _tally_columns() -> list[Column]:
    """Return the heads of what is counted of findings."""
    groups = (("审核性质（条）", ("强制性", "核实性")), ("处理情况（条）", STATE_WORDS))
    columns = [Column(label, group) for group, labels in groups for label in labels]
    return [Column("问题（条）"), *columns]


def _tally_cells(tally: Tally) -> list[str]:
    """Return what is counted of findings."""
    counts = (tally.total, tally.mandatory, tally.review)
    return [count(found) for found in (*counts, *(tally.states[word] for word in STATE_WORDS))]


def _rate_columns() -> tuple[Column, Column]:
    """Return the heads of the findings per hundred agencies."""
    return Column("已报机构（家）"), Column("每百家已报机构（条）")


def _finding_cells(row: Row) -> tuple[str, ...]:
    """Return the cells of a finding that stand under `FINDING_COLUMNS`."""
    return (
        row["agency_name"] or MISSING,
        row["reporting_unit_name"] or UNKNOWN_UNIT,
        row["sheet_name"] or MISSING,
        row["cell_address"] or MISSING,
        shortened(row["raw_text"], LONGEST_CONTENT),
        row["message"],
    )


def _is_stock(rows: Sequence[Row], code: str) -> bool:
    """Return whether these rows give the indicator at the period's end."""
    return pick(rows, indicator_code=code, measure_code="end") is not None


def _pair(row: Row | None) -> tuple[str, str]:
    """Return value and interval of an estimate, dashes where there is none."""
    return (MISSING, MISSING) if row is None else (value_text(row), interval_text(row))


def _with_respondents(row: Row | None, has_interval: bool) -> tuple[str, ...]:
    """Return value, interval and respondents of an estimate; a counted figure has a value only."""
    if not has_interval:
        return _pair(row)[:1]
    return (*_pair(row), MISSING if row is None else count(row["respondent_count"]))
