"""The policy targets as the bulletin tells them: the rows that belong together, what is said.

A sentence follows the basis of its figure: a flash estimate is a calculation, only the year-end
register or the annual census closes a target. No verdict is made here, it stands in the mart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.bulletin.marts import Marts, Row
from pipelines.bulletin.words import (
    Number,
    Shown,
    completion_text,
    exact,
    is_met,
    number,
    verdict_text,
    year_to_date_name,
)
from pipelines.catalog.models import Catalog, Policy, Target

SUBJECTS: Mapping[str, tuple[str, str]] = {  # what stands before the value; its short name
    "revenue_incl": ("全市人力资源服务业实现营业收入（含代收代付）", "营业收入"),
    "placements": ("全市人力资源服务机构帮助实现就业和流动", "帮助实现就业和流动人次"),
    "institutions": ("全市共有人力资源服务机构", "机构总数"),
}
REFERENCE = "插值参考线（非文件指标）"
DOCUMENT_FIGURE = "文件指标"
FINAL_VERDICTS = ("已达成", "未达成")


@dataclass(frozen=True)
class PlanNode:
    """The plan at the end of a year: a figure of the document, or an interpolated reference."""

    value: Number
    node_type: str


@dataclass(frozen=True)
class Year:
    """A year on a target's path: what was reached, planned and due, each None where there is none.

    `actual` is a row of mart_industry_yearly if `is_final`, else one of mart_industry_monthly;
    `due` is what the year under way asks for by now.
    """

    year: int
    label: str
    actual: Row | None
    is_final: bool
    plan: PlanNode | None
    due: Number | None


@dataclass(frozen=True)
class Progress:
    """A target with its row of mart_target_progress and its path."""

    target: Target
    policy: Policy
    row: Row
    shown: Shown
    path: Sequence[Year]

    @property
    def target_text(self) -> str:
        """The target as the document writes it: 达1500亿元, 超过3500家."""
        plain = self.shown.scale(self.row["target_value"]).normalize()
        return f"{self.target.comparator_words}{plain:f}{self.shown.unit}"

    @property
    def subject(self) -> str:
        """What stands before the value in a sentence."""
        return SUBJECTS.get(self.target.indicator, (f"全市{self.shown.name}", ""))[0]

    @property
    def short_name(self) -> str:
        """What the indicator is called once it has been introduced."""
        return SUBJECTS.get(self.target.indicator, ("", self.shown.name))[1]

    @property
    def is_stock(self) -> bool:
        """Whether the target is a level at a year's end, not of a whole year."""
        return bool(self.row["kind"] == "stock")

    @property
    def is_closed(self) -> bool:
        """Whether the target year is over and its final figure is out."""
        return self.row["verdict"] in FINAL_VERDICTS

    @property
    def datum_period(self) -> str:
        """The month the figure stands for: this period, but never after the target year."""
        return min(str(self.row["as_of_period"]), f"{self.target.target_period}-12")

    @property
    def when(self) -> str:
        """What the figure stands for: 2025年1—6月, 2025年6月末, or the year once it is closed."""
        year = f"{self.datum_period[:4]}年"
        if self.is_closed:
            return f"{year}末" if self.is_stock else year
        if self.is_stock:
            return f"{year}{int(self.datum_period[5:])}月末"
        return year + year_to_date_name(self.datum_period)

    @property
    def schedule_name(self) -> str:
        """By what the due value goes: the elapsed year, the line of no document, or both."""
        year = int(self.datum_period[:4])
        plan = next((item.plan for item in self.path if item.year == year), None)
        if self.is_stock:
            return f"按{REFERENCE}"
        if plan is not None and plan.node_type == DOCUMENT_FIGURE:
            return "按序时进度"
        return f"按序时进度和{REFERENCE}"


def read_progress(marts: Marts, catalog: Catalog) -> list[Progress]:
    """Return the targets of the marts in the catalog's order.

    Raises:
        ValueError: The marts judge a target that the catalog does not have.
    """
    rows = {row["target_id"]: row for row in marts.targets}
    known = [(target, policy) for policy in catalog.policies for target in policy.targets]
    unknown = rows.keys() - {target.id for target, _ in known}
    if unknown:
        raise ValueError(f"目录中没有目标{'、'.join(sorted(unknown))}，请重新运行 hrstats run。")
    found = []
    for target, policy in known:
        if target.id in rows:
            indicator = catalog.indicator(target.indicator)
            unit = catalog.unit(indicator.display_unit)
            unit_shown = Shown(indicator.name, unit.unit, unit.factor)
            path = _path(target, rows[target.id], marts)
            found.append(Progress(target, policy, rows[target.id], unit_shown, path))
    return found


def headline(progress: Sequence[Progress], period: str) -> list[Progress]:
    """Return the targets of the nearest target year that is not over, else of the last one."""
    years = sorted({item.target.target_period for item in progress})
    coming = [year for year in years if year >= period[:4]]
    chosen = (coming or years)[0 if coming else -1] if years else None
    return [item for item in progress if item.target.target_period == chosen]


def progress_sentence(progress: Progress, confidence: str) -> str:
    """Return what is said of a headline target: its figure, then how far that is.

    `confidence` is the level of the intervals as printed, such as 95%.
    """
    return _figure_clause(progress, confidence) + _distance_clause(progress)


def schedule_clause(row: Row) -> str:
    """Return how far an annual level is ahead of the elapsed share of its year.

    A difference within the interval is said to be so: a sentence claims no more than its figure.
    """
    gap = exact(row["schedule_gap_pp"])
    size = number(abs(gap), 1)
    if size == "0.0":
        return "与序时进度持平"
    words = f"{'快' if gap > 0 else '慢'}于序时进度{size}个百分点"
    low, high = row["ci_low"], row["ci_high"]
    if low is not None and low <= row["planned_value"] <= high:
        words += "（差异在抽样误差范围内）"
    return words


def _figure_clause(progress: Progress, confidence: str) -> str:
    """Return the sentence with the figure, in the words of its basis."""
    row, unit, datum = progress.row, progress.shown, progress.datum_period
    if row["actual_value"] is None:
        return f"{unit.name}本期没有可发布的数据。"
    said = f"{progress.subject}{unit.amount(row['actual_value'])}"
    if progress.is_stock:
        end = progress.when if progress.is_closed else f"{int(datum[5:])}月末"
        return f"截至{end}，{said}。"
    if row["actual_basis"] == "census":
        return f"据年报统计，{progress.when}，{said}。"
    bounds = unit.interval_amount(row["ci_low"], row["ci_high"])
    return f"据抽样快报测算，{progress.when}，{said}（{confidence}置信区间为{bounds}）。"


def _distance_clause(progress: Progress) -> str:
    """Return the sentence that sets the figure against its target and its schedule."""
    row, name = progress.row, progress.short_name
    if row["actual_value"] is None:
        return ""
    goal = f"{progress.target.target_period}年目标（{progress.target_text}）"
    when = (
        "" if progress.is_stock or progress.is_closed else year_to_date_name(progress.datum_period)
    )
    if row["completion_pct"] is None:
        words = f"{goal}本期不计算完成率"
        if row["schedule_gap_pp"] is None:
            return f"{words}。"
        return f"{words}；{progress.schedule_name}对照，{when}{name}{schedule_clause(row)}。"
    share = f"{when}{name}相当于{goal}的{completion_text(row['completion_pct'], is_met(row))}"
    if progress.datum_period == f"{progress.target.target_period}-12":
        return f"{share}，{verdict_text(row)}。"
    if row["schedule_gap_pp"] is None:
        return f"{share}。"
    return (
        f"{share}，{_reference_clause(progress) if progress.is_stock else schedule_clause(row)}。"
    )


def _reference_clause(progress: Progress) -> str:
    """Return how far a stock is from its interpolated path."""
    row, unit = progress.row, progress.shown
    gap = exact(row["actual_value"]) - exact(row["planned_value"])
    if unit.number(abs(gap)) == unit.number(0):
        return f"与{REFERENCE}持平"
    return f"比{REFERENCE}{'多' if gap > 0 else '少'}{unit.amount(abs(gap))}"


def _path(target: Target, row: Row, marts: Marts) -> list[Year]:
    """Return the years from the base to the target, or to the period's year if that is later.

    A year without its final figure shows its last flash figure.
    """
    this_year, target_year = int(marts.period[:4]), int(target.target_period)
    is_closed = row["verdict"] in FINAL_VERDICTS
    finals: dict[int, Row] = {}
    for item in marts.years:
        same = item["indicator_code"] == target.indicator and item["area_code"] == target.area_code
        year = int(item["year"])
        if same and (year not in finals or _rank(item) < _rank(finals[year])):
            finals[year] = item
    measure = "end" if target.kind == "stock" else "ytd"
    flashes = {  # the last of a year wins
        int(item["period"][:4]): item
        for item in marts.industry
        if item["indicator_code"] == target.indicator and item["measure_code"] == measure
    }
    plans = {  # a stock's path has months, of which the year-ends; an annual level's has years
        int(node["path_period"][:4]): PlanNode(node["planned_value"], node["node_type"])
        for node in marts.paths
        if node["target_id"] == target.id and node["path_period"][4:] in ("", "-12")
    }
    years = []
    for year in range(int(row["base_period"]), max(this_year, target_year) + 1):
        is_over = year < this_year or (year == target_year and is_closed)
        is_final = is_over and year in finals
        actual = finals[year] if is_final else flashes.get(year)
        is_due = year == this_year <= target_year and not is_closed
        years.append(
            Year(
                year=year,
                label=f"{year}年" if is_final or actual is None else _flash_label(actual),
                actual=actual,
                is_final=is_final,
                plan=plans.get(year),
                due=row["planned_value"] if is_due else None,
            )
        )
    return years


def _flash_label(row: Row) -> str:
    """Return 2025年6月末 or 2025年1—6月."""
    year, month = row["period"].split("-")
    if row["measure_code"] == "end":
        return f"{year}年{int(month)}月末"
    return f"{year}年{year_to_date_name(row['period'])}"


def _rank(row: Row) -> int:
    """Return the preference among figures of one year: as published, then counted."""
    return ("published", "register", "census").index(row["actual_basis"])
