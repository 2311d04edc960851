"""The figures carry the numbers of the tables beneath them."""

import dataclasses

import pytest

from pipelines.bulletin import figures, tables
from pipelines.bulletin.quality import read_quality
from pipelines.bulletin.words import number


def rows_of(table):
    return {row[0]: list(row[1:]) for body in table.bodies for row in body.rows}


def trace(figure, name):
    found = [item for item in figure.data if item.name == name]
    assert len(found) == 1
    return found[0]


def interval(y, error, position):
    low = number(y[position] - error.arrayminus[position], 2)
    return f"{low}—{number(y[position] + error.array[position], 2)}"


@pytest.mark.parametrize(
    ("target", "decimals"), [("revenue_2025", 2), ("institutions_2025", 0), ("placements_2025", 2)]
)
def test_path_shows_what_its_table_says(progress, target, decimals):
    item = progress[target]
    figure = figures.path_figure(item)
    table = rows_of(tables.path_table(item, "95%"))
    labels = {year.year: year.label for year in item.path}
    shown = {
        labels[x]: number(y, decimals)
        for bar in figure.data
        if bar.type == "bar"
        for x, y in zip(bar.x, bar.y, strict=True)
    }
    assert shown == {label: row[0] for label, row in table.items() if row[0] != "—"}
    line = trace(figure, "插值参考线（非文件指标）")
    planned = {labels[x]: number(y, decimals) for x, y in zip(line.x, line.y, strict=True)}
    due = f"{labels[2025]}应达"
    assert planned == {label: row[4] for label, row in table.items() if label != due}
    tick = trace(figure, f"本期应达：{item.schedule_name}")
    assert number(tick.y[0], decimals) == table[due][4]


def test_estimate_under_way_has_its_interval_and_is_hatched(progress):
    figure = figures.path_figure(progress["revenue_2025"])
    bar = trace(figure, "快报测算")
    assert interval(bar.y, bar.error_y, 0) == "656.34—712.69"
    assert bar.marker.pattern.shape == "/"


def test_final_figures_are_dark_and_without_interval(progress):
    bar = trace(figures.path_figure(progress["revenue_2025"]), "实绩")
    assert len(bar.x) == 4
    assert bar.marker.color == figures.BLUE
    assert bar.error_y.array is None


def test_count_under_way_has_no_interval(progress):
    bar = trace(figures.path_figure(progress["institutions_2025"]), "名录计数")
    assert bar.error_y.array is None


def test_series_shows_what_its_table_says(marts):
    rows = [
        row
        for row in marts.industry
        if row["indicator_code"] == "revenue_incl" and row["measure_code"] == "month"
    ]
    table = rows_of(tables.series_table(rows, "95%"))
    figure = figures.series_figure(rows)
    columns = {"2023年": 0, "2024年": 2, "2025年": 4}
    seen = 0
    for item in figure.data:
        for position, (when, _, _) in enumerate(item.customdata):
            value, bounds = table[when[5:]][columns[item.name] :][:2]
            assert number(item.y[position], 2) == value
            assert interval(item.y, item.error_y, position) == bounds
            seen += 1
    assert seen == len(rows)


def test_merged_months_are_hollow_and_joined_to_nothing(marts):
    rows = [
        row
        for row in marts.industry
        if row["indicator_code"] == "revenue_incl" and row["measure_code"] == "month"
    ]
    merged = [item for item in figures.series_figure(rows).data if item.mode == "markers"]
    assert len(merged) == 3
    assert all(item.marker.symbol.endswith("-open") and len(item.x) == 1 for item in merged)


def test_domains_show_what_their_table_says(marts):
    rows = [row for row in marts.business_lines if row["indicator_code"] == "revenue_incl"]
    table = rows_of(
        tables.domain_table(marts.business_lines, "business_line_name", "业态", "2025-06", "95%")
    )
    (bar,) = figures.domain_figure(rows, "business_line_name").data
    names = [row["business_line_name"] for row in rows]
    for position, name in enumerate(names):
        if table[name][1] == "样本不足":
            assert bar.x[position] is None
        else:
            assert number(bar.x[position], 2) == table[name][1]
            assert interval(bar.x, bar.error_x, position) == table[name][2]
    assert [row[1] for row in table.values()].count("样本不足") == 1


def test_response_shows_what_its_table_says(marts):
    units = [row for row in marts.response if row["reporting_unit_code"] != "TOTAL"]
    table = rows_of(tables.response_table(marts.response))
    figure = figures.response_figure(units)
    for position, row in enumerate(units):
        shown = [str(trace(figure, name).x[position]) for name in ("采用", "退回", "未报")]
        cells = table[row["reporting_unit_name"]]
        assert shown == [cells[3], cells[5], cells[6]]


STATES = ("待更正", "待说明", "已说明", "已办结")


def test_findings_by_rule_show_what_their_table_says(marts):
    rules = read_quality(marts).rules
    table = rows_of(tables.rules_table(rules))
    figure = figures.findings_figure(rules, row_height=34)
    assert len(rules) == 4
    for position, rule in enumerate(rules):
        shown = [str(trace(figure, name).x[position]) for name in STATES]
        assert shown == table[rule.name][3:7]
        assert figure.layout.annotations[position].text == table[rule.name][0]


def test_findings_by_unit_show_what_their_table_says(marts):
    found = read_quality(marts)
    table = rows_of(tables.units_table(found.units, found.total))
    figure = figures.findings_figure(found.units, row_height=18)
    assert len(found.units) == 41
    for position, unit in enumerate(found.units):
        shown = [str(trace(figure, name).x[position]) for name in STATES]
        assert shown == table[unit.name][3:7]
    assert [label.text for label in figure.layout.annotations] == ["8", "1"]


def test_findings_by_period_show_what_their_table_says(marts):
    months = read_quality(marts).months
    table = rows_of(tables.months_table(months))
    figure = figures.findings_by_month_figure(months)
    rates = trace(figure, figures.RATE_NAME)
    assert len(months) == 12
    for position, month in enumerate(months):
        shown = [str(trace(figure, name).y[position]) for name in ("强制性", "核实性")]
        assert shown == table[month.name][1:3]
        assert number(rates.y[position], 1) == rates.customdata[position] == table[month.name][8]
    assert list(rates.text) == [rates.customdata[0], *[""] * 9, *rates.customdata[-2:]]
    ticks = figure.layout.xaxis.ticktext
    assert [ticks[0], ticks[1], ticks[7]] == ["6<br>2024年", "7", "1—2<br>2025年"]


def test_period_in_which_nobody_is_known_to_have_reported_has_no_rate(marts):
    months = [dataclasses.replace(month, reported=None) for month in read_quality(marts).months]
    rates = trace(figures.findings_by_month_figure(months), figures.RATE_NAME)
    assert set(rates.y) == {None}
    assert {row[8] for row in rows_of(tables.months_table(months)).values()} == {"—"}


def test_findings_are_told_apart_in_grey(marts):
    figure = figures.findings_figure(read_quality(marts).rules, row_height=34)
    patterns = {name: trace(figure, name).marker.pattern.shape for name in STATES}
    assert patterns == {"待更正": None, "待说明": "/", "已说明": None, "已办结": None}
    assert len({trace(figure, name).marker.color for name in STATES}) == 4


def test_rule_and_unit_names_are_printed_not_obeyed(marts):
    hostile = "<a href='http://evil.example/'>点我</a><b>"
    tally = dataclasses.replace(read_quality(marts).total, name=hostile)
    text = figures.findings_figure([tally], row_height=34).to_json()
    assert "<a " not in text
    assert "<b>" not in text


def test_names_are_printed_not_obeyed(marts):
    hostile = "<a href='http://evil.example/'>点我</a><b>"
    rows = [
        {**row, "business_line_name": hostile}
        for row in marts.business_lines
        if row["indicator_code"] == "revenue_incl"
    ][:1]
    text = figures.domain_figure(rows, "business_line_name").to_json()
    assert "<a " not in text
    assert "<b>" not in text
    assert figures.plotly_text(hostile).startswith("&lt;a href=")
