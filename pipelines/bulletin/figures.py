"""Mart rows as plotly figures: pure functions, no files, nothing rounded but the printed labels.

Colours stay apart in grey: dark blue is counted, light hatched is estimated, orange is policy. Of
findings, orange is what is still to be done (hatched: to be explained), the others are settled.
plotly renders a pseudo-HTML in its texts, so every text from data passes `plotly_text`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from pipelines.bulletin.marts import Row
from pipelines.bulletin.quality import Tally
from pipelines.bulletin.tables import BASES, nature, plan_nature
from pipelines.bulletin.targets import DOCUMENT_FIGURE, REFERENCE, Progress
from pipelines.bulletin.words import (
    interval_text,
    month_name,
    shown,
    value_text,
)

FONTS = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'SimHei', "
    "sans-serif"
)
INK, GREY, RULE = "#1f2933", "#6b7785", "#d9dfe6"
BLUE, MIDDLE_BLUE, LIGHT_BLUE = "#1b4f8a", "#6f8fb3", "#a9c8e8"
ORANGE, LIGHT_ORANGE = "#c8590a", "#f6d3b8"
RATE_NAME = "每百家已报机构的问题条数"
YEAR_STYLES = (  # newest first: colour, dash, marker
    (BLUE, "solid", "circle"),
    (MIDDLE_BLUE, "dash", "diamond"),
    ("#9aa5b1", "dot", "square"),
)


def plotly_text(text: object) -> str:
    """Return text that plotly prints as it stands instead of reading tags from it."""
    return html.escape(str(text), quote=False)


def path_figure(progress: Progress) -> go.Figure:
    """Return a target's path: reached by year, the year under way, the plan and what is due now.

    Values are in the printed unit.
    """
    unit = progress.shown
    figure = _figure(height=400, has_legend=True)
    reached = [(year, year.actual) for year in progress.path if year.actual is not None]
    groups = {"实绩": [item for item in reached if item[0].is_final]}
    for year, actual in reached:
        if not year.is_final:
            groups.setdefault(BASES[actual["actual_basis"]], []).append((year, actual))
    for name, group in groups.items():
        actuals = [actual for _, actual in group]
        is_final = all(year.is_final for year, _ in group)
        is_estimate = not is_final and actuals[0]["actual_basis"] == "estimate"
        figure.add_bar(
            x=[year.year for year, _ in group],
            y=[_scaled(actual["value"], unit) for actual in actuals],
            error_y=_error_bars(actuals, unit) if is_estimate else None,
            width=0.72,
            marker=_bar_marker(is_estimate, is_final),
            name=name,
            text=[unit.number(actual["value"]) for actual in actuals],
            textposition="inside",
            insidetextanchor="start",
            insidetextfont={"color": INK if is_estimate else "#ffffff", "size": 12},
            textangle=0,
            constraintext="none",
            customdata=[
                [plotly_text(year.label), plotly_text(nature(actual))] for year, actual in group
            ],
            hovertemplate="%{customdata[0]}：%{text}<br>%{customdata[1]}<extra></extra>",
        )
    planned = [(year.year, year.plan) for year in progress.path if year.plan is not None]
    figure.add_scatter(
        x=[year for year, _ in planned],
        y=[_scaled(plan.value, unit) for _, plan in planned],
        mode="lines",
        line={"color": GREY, "width": 1.5, "dash": "dot"},
        name=REFERENCE,
        hoverinfo="skip",
    )
    for node_type, symbol, size, colour in (
        ("插值参考线", "circle-open", 7, GREY),
        (DOCUMENT_FIGURE, "diamond", 11, ORANGE),
    ):
        nodes = [(year, plan) for year, plan in planned if plan.node_type == node_type]
        figure.add_scatter(
            x=[year for year, _ in nodes],
            y=[_scaled(plan.value, unit) for _, plan in nodes],
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": colour},
            text=[unit.number(plan.value) for _, plan in nodes],
            name=node_type,
            showlegend=node_type == DOCUMENT_FIGURE,
            hovertemplate=plan_nature(node_type) + "：%{text}<extra></extra>",
        )
    for at, plan in planned:
        if plan.node_type == DOCUMENT_FIGURE:
            figure.add_annotation(
                x=at,
                y=_scaled(plan.value, unit),
                text=unit.number(plan.value),
                showarrow=False,
                yanchor="bottom",
                yshift=8,
                font={"color": ORANGE},
                bgcolor="#ffffff",
            )
    due = [(year.year, year.due) for year in progress.path if year.due is not None]
    if due:
        figure.add_scatter(
            x=[year for year, _ in due],
            y=[_scaled(value, unit) for _, value in due],
            mode="markers",
            marker={"symbol": "line-ew", "size": 34, "line": {"color": ORANGE, "width": 3}},
            text=[unit.number(value) for _, value in due],
            name=f"本期应达：{progress.schedule_name}",
            hovertemplate="%{fullData.name}：%{text}<extra></extra>",
        )
    figure.update_xaxes(
        tickmode="array",
        tickvals=[year.year for year in progress.path],
        ticktext=[plotly_text(year.label).replace("年", "年<br>", 1) for year in progress.path],
    )
    figure.update_yaxes(rangemode="tozero")
    return figure


def series_figure(rows: Sequence[Row]) -> go.Figure:
    """Return one indicator's months, a line per year with its intervals, in the printed unit.

    The merged 1—2月 is two months' total: it is drawn hollow and never joined to a month.
    """
    unit = shown(rows[0])
    figure = _figure(height=360, has_legend=True)
    years = sorted({row["period"][:4] for row in rows}, reverse=True)
    for position, year in reversed(list(enumerate(years))):
        colour, dash, symbol = YEAR_STYLES[position]
        of_year = [row for row in rows if row["period"][:4] == year]
        shift = 0.16 * ((len(years) - 1) / 2 - position)  # so that intervals stand side by side
        for merged in (False, True):
            points = [row for row in of_year if (row["period_type"] == "M2") is merged]
            figure.add_scatter(
                x=[int(row["period"][5:]) + shift for row in points],
                y=[_scaled(row["value"], unit) for row in points],
                error_y=_error_bars(points, unit) | {"color": colour},
                mode="markers" if merged else "lines+markers",
                line={"color": colour, "dash": dash, "width": 2 if position == 0 else 1.4},
                marker={
                    "symbol": f"{symbol}-open" if merged else symbol,
                    "size": 8 if position == 0 else 6,
                    "color": colour,
                },
                connectgaps=False,
                name=f"{year}年",
                legendgroup=year,
                showlegend=not merged,
                customdata=[
                    [
                        f"{year}年{month_name(row['period'], row['period_type'])}",
                        value_text(row),
                        interval_text(row),
                    ]
                    for row in points
                ],
                hovertemplate=(
                    "%{customdata[0]}：%{customdata[1]}<br>区间 %{customdata[2]}<extra></extra>"
                ),
            )
    months = sorted({(int(row["period"][5:]), row["period_type"]) for row in rows})
    figure.update_xaxes(
        tickmode="array",
        tickvals=[month for month, _ in months],
        ticktext=[
            month_name(f"0000-{month:02}", kind).removesuffix("月") for month, kind in months
        ],
        title_text="月",
    )
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(legend_traceorder="reversed")
    return figure


def domain_figure(rows: Sequence[Row], name_column: str) -> go.Figure:
    """Return one indicator by domain as bars in the classification's order, with intervals.

    Values are in the printed unit; a withheld value is an empty line that says why.
    """
    unit = shown(rows[0])
    figure = _figure(height=60 + 34 * len(rows), has_legend=False)
    is_estimate = any(row["actual_basis"] == "estimate" for row in rows)
    figure.add_bar(
        y=[_wrapped(row[name_column]) for row in rows],
        x=[_scaled(row["value"], unit) for row in rows],
        orientation="h",
        error_x=_error_bars(rows, unit) if is_estimate else None,
        marker=_bar_marker(is_estimate, is_final=True),
        width=0.62,
        customdata=[[value_text(row), interval_text(row)] for row in rows],
        hovertemplate=(
            "%{y}：%{customdata[0]}<br>区间 %{customdata[1]}<extra></extra>"
            if is_estimate
            else "%{y}：%{customdata[0]}<extra></extra>"
        ),
    )
    ends = [row["ci_high"] if row["ci_high"] is not None else row["value"] for row in rows]
    _print_beside(
        figure,
        [
            (_wrapped(row[name_column]), _scaled(end, unit) or 0, plotly_text(value_text(row)))
            for row, end in zip(rows, ends, strict=True)
        ],
    )
    figure.update_xaxes(rangemode="tozero", showgrid=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=8)
    return figure


def response_figure(rows: Sequence[Row]) -> go.Figure:
    """Return how many sampled agencies of each reporting unit were used, refused or are missing."""
    figure = _figure(height=90 + 18 * len(rows), has_legend=True)
    for column, name, marker in (
        ("accepted_count", "采用", {"color": BLUE}),
        ("refused_count", "退回", _hatched(ORANGE, LIGHT_ORANGE)),
        ("missing_count", "未报", {"color": "#ffffff", "line": {"color": GREY, "width": 1}}),
    ):
        figure.add_bar(
            y=[plotly_text(row["reporting_unit_name"]) for row in rows],
            x=[row[column] for row in rows],
            orientation="h",
            name=name,
            marker=marker,
            width=0.66,
            hovertemplate="%{y}：" + name + " %{x}家<extra></extra>",
        )
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_xaxes(showgrid=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=8)
    return figure


def findings_figure(tallies: Sequence[Tally], row_height: int) -> go.Figure:
    """Return the findings of rules or reporting units as bars, by what became of them."""
    figure = _figure(height=90 + row_height * len(tallies), has_legend=True)
    names = [_wrapped(tally.name, 14) for tally in tallies]
    for state, marker in (
        ("待更正", {"color": ORANGE, "line": {"color": ORANGE, "width": 1}}),
        ("待说明", _hatched(ORANGE, LIGHT_ORANGE)),
        ("已说明", {"color": LIGHT_BLUE, "line": {"color": BLUE, "width": 1}}),
        ("已办结", {"color": "#ffffff", "line": {"color": GREY, "width": 1}}),
    ):
        figure.add_bar(
            y=names,
            x=[tally.states[state] for tally in tallies],
            orientation="h",
            name=state,
            marker=marker,
            width=0.66,
            hovertemplate="%{y}：" + state + " %{x}条<extra></extra>",
        )
    _print_beside(
        figure,
        [
            (name, tally.total, str(tally.total))
            for name, tally in zip(names, tallies, strict=True)
            if tally.total
        ],
    )
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_xaxes(showgrid=True, rangemode="tozero", tickformat="d")
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=8)
    return figure


def findings_by_month_figure(months: Sequence[Tally]) -> go.Figure:
    """Return the findings of every period: above, per hundred reporting agencies; below, all."""
    figure = _figure(height=480, has_legend=True)
    names = [plotly_text(month.name) for month in months]
    labelled = {0, len(months) - 2, len(months) - 1}  # all would not fit a telephone
    figure.add_scatter(
        x=names,
        y=[month.rate for month in months],
        mode="lines+markers+text",
        line={"color": BLUE, "width": 2},
        marker={"color": BLUE, "size": 8},
        text=[month.rate_text if place in labelled else "" for place, month in enumerate(months)],
        textposition="top center",
        cliponaxis=False,
        name=RATE_NAME,
        showlegend=False,
        yaxis="y2",
        customdata=[month.rate_text for month in months],
        hovertemplate="%{x}：每百家已报机构%{customdata}条<extra></extra>",
    )
    for name, counts, marker in (
        ("强制性", [month.mandatory for month in months], {"color": GREY}),
        ("核实性", [month.review for month in months], {"color": RULE}),
    ):
        figure.add_bar(
            x=names,
            y=counts,
            name=name,
            marker=marker | {"line": {"color": GREY, "width": 1}},
            width=0.62,
            hovertemplate="%{x}：" + name + " %{y}条<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        margin_t=10,
        legend={"traceorder": "normal", "x": 1, "xanchor": "right", "y": 0.46},
        yaxis2=figure.layout.yaxis.to_plotly_json() | {"domain": [0.6, 0.92], "anchor": "x"},
    )
    figure.update_xaxes(
        type="category",
        tickmode="array",
        tickvals=names,
        ticktext=_month_ticks([month.name for month in months]),
        tickangle=0,
    )
    figure.update_yaxes(rangemode="tozero", tickformat="d", nticks=5)
    figure.layout.yaxis.domain = [0, 0.42]
    for text, height in ((RATE_NAME, 0.97), ("问题条数", 0.465)):
        figure.add_annotation(
            x=0,
            y=height,
            xref="paper",
            yref="paper",
            text=text,
            font={"color": GREY},
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
        )
    return figure


def _figure(height: int, has_legend: bool) -> go.Figure:
    """Return an empty figure in the house style: no template, no zooming, legend above.

    The unit stands in the caption, since plotly can only turn an axis title on its side.
    """
    axis = {
        "fixedrange": True,
        "showgrid": False,
        "linecolor": RULE,
        "zeroline": True,
        "zerolinecolor": GREY,
        "automargin": True,
        "title": {"standoff": 8, "font": {"size": 13}},
        "gridcolor": RULE,
    }
    return go.Figure(
        layout={
            "template": None,
            "height": height,
            "autosize": True,
            "font": {"family": FONTS, "size": 13, "color": INK},
            "paper_bgcolor": "#ffffff",
            "plot_bgcolor": "#ffffff",
            "margin": {"l": 10, "r": 24, "t": 46 if has_legend else 10, "b": 10},
            "xaxis": axis,
            "yaxis": axis | {"showgrid": True},
            "showlegend": has_legend,
            "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
            "dragmode": False,
            "hoverlabel": {"font": {"family": FONTS}},
            "separators": ".",
        }
    )


def _print_beside(figure: go.Figure, labels: Sequence[tuple[str, float, str]]) -> None:
    """Print texts to the right of bars: the bar's name, where it ends, the text.

    All at once: plotly goes through those that are there for each one that is added.
    """
    figure.update_layout(
        annotations=[
            {"x": end, "y": name, "text": text, "showarrow": False, "xanchor": "left", "xshift": 6}
            for name, end, text in labels
        ]
    )


def _scaled(value: Any, unit: Any) -> float | None:
    """Return a value in base units as a plot coordinate in the printed unit."""
    return None if value is None else float(unit.scale(value))


def _error_bars(rows: Sequence[Row], unit: Any) -> dict[str, Any]:
    """Return the intervals as distances from the values; none where there is no interval."""
    up, down = [], []
    for row in rows:
        known = row["ci_low"] is not None and row["value"] is not None
        up.append(float(unit.scale(row["ci_high"] - row["value"])) if known else 0.0)
        down.append(float(unit.scale(row["value"] - row["ci_low"])) if known else 0.0)
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "color": INK,
        "thickness": 1.4,
        "width": 4,
    }


def _bar_marker(is_estimate: bool, is_final: bool) -> dict[str, Any]:
    """Return the fill of a bar: hatched for an estimate, full for a count, dark once final."""
    if is_estimate:
        return _hatched(BLUE, LIGHT_BLUE)
    return {"color": BLUE if is_final else MIDDLE_BLUE}


def _hatched(line: str, fill: str) -> dict[str, Any]:
    """Return a light fill with diagonal lines, told from a full bar even in grey."""
    return {
        "color": fill,
        "line": {"color": line, "width": 1},
        "pattern": {"shape": "/", "fgcolor": line, "bgcolor": fill, "size": 6, "solidity": 0.15},
    }


def _month_ticks(names: Sequence[str]) -> list[str]:
    """Return 6 for 2025年6月, with the year beneath where it begins."""
    ticks, last = [], ""
    for name in names:
        year, month = name.split("年")
        ticks.append(month.removesuffix("月") + (f"<br>{year}年" if year != last else ""))
        last = year
    return ticks


def _wrapped(name: str, length: int = 10) -> str:
    """Return a long category name on two lines, broken at its bracket or else in the middle."""
    if len(name) <= length:
        return plotly_text(name)
    at = name.find("（") if "（" in name else (len(name) + 1) // 2
    return f"{plotly_text(name[:at])}<br>{plotly_text(name[at:])}"
