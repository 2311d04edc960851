"""What differs between two kept releases: targets, estimates of domains, what agencies reported.

Both are read from their own Parquet files. Rows are matched by key; which release is which, and
whether the change is wanted, is for people to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.catalog.models import Catalog
from pipelines.warehouse.publishing import read_manifest

MEASURES = {
    "month": "本月",
    "ytd": "1—本月",
    "ytd_last_year": "上年同期",
    "end": "期末",
    "annual": "全年",
}
METHOD = {"catalog": "目录", "sql": "计算规则", "expectations": "核对规则", "code": "程序"}
NOTHING = "—"
SAME = 1e-9  # relative: sums of the same numbers in another order are no change
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Section:
    """The rows of one kind: how many changed, came and went, and those listed, largest first."""

    name: str
    changed: int
    added: int
    gone: int
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    is_comparable: bool = True


@dataclass(frozen=True)
class Comparison:
    """What differs between an older and a newer release, by what it is about."""

    older: str
    newer: str
    new_receipts: int
    new_decisions: int
    changed_method: Sequence[str]  # in words
    sections: Sequence[Section]

    @property
    def is_same(self) -> bool:
        """Whether no figure changed, came or went."""
        return not any(
            section.changed or section.added or section.gone or not section.is_comparable
            for section in self.sections
        )


@dataclass(frozen=True)
class _Question:
    """A kind of rows: the tables it reads, its query, its headings, how a row is printed.

    The query's first column says what became of a row: changed, added or gone.
    """

    name: str
    tables: Sequence[str]
    query: str
    columns: Sequence[str]
    shown: Callable[[Row, Catalog], Sequence[str]]
    is_listed: Sequence[str] = ("changed",)


def compare(older: Path, newer: Path, catalog: Catalog) -> Comparison:
    """Return what differs between the releases kept in these folders.

    Raises:
        duckdb.Error: A file of theirs cannot be read.
    """
    manifests = [read_manifest(folder) for folder in (older, newer)]
    before, after = manifests
    return Comparison(
        older.name,
        newer.name,
        len(_numbers(after, "inputs", "receipt_no") - _numbers(before, "inputs", "receipt_no")),
        len(
            _numbers(after, "decisions", "decision_no")
            - _numbers(before, "decisions", "decision_no")
        ),
        [word for name, word in METHOD.items() if before["method"][name] != after["method"][name]],
        [_section(question, older, newer, catalog) for question in QUESTIONS],
    )


def _numbers(manifest: dict[str, Any], what: str, key: str) -> set[int]:
    """Return the numbers of a release's receipts or decisions."""
    return {entry[key] for entry in manifest.get(what, [])}


def _section(question: _Question, older: Path, newer: Path, catalog: Catalog) -> Section:
    """Return the answer to a question; releases of a program without its tables have none."""
    with closing(duckdb.connect()) as connection:
        try:
            for name, folder in (("older", older), ("newer", newer)):
                for table in question.tables:
                    path = str(parquet_path(folder, table)).replace("'", "''")
                    connection.execute(f"create view {name}_{table} as from read_parquet('{path}')")
            rows = connection.execute(question.query).fetchall()
        except (duckdb.IOException, duckdb.BinderException):
            return Section(question.name, 0, 0, 0, is_comparable=False)
    states = [row[0] for row in rows]
    return Section(
        question.name,
        states.count("changed"),
        states.count("added"),
        states.count("gone"),
        question.columns,
        [question.shown(row, catalog) for row in rows if row[0] in question.is_listed],
    )


def parquet_path(folder: Path, table: str) -> Path:
    """Return where a release keeps a table."""
    place = folder if table.startswith("mart_") else folder / "internal"
    return place / f"{table}.parquet"


def _differs(older: str, newer: str) -> str:
    """Return the condition that two numbers are not the same."""
    return (
        f"({older} is null) != ({newer} is null) "
        f"or abs({newer} - {older}) > {SAME} * greatest(abs({older}), abs({newer}))"
    )


def _became(key: str) -> str:
    """Return what became of a row of a full join, by a column of its key."""
    return (
        f"case when older.{key} is null then 'added' "
        f"when newer.{key} is null then 'gone' else 'changed' end"
    )


def _rate(older: str, newer: str) -> str:
    """Return the change in per cent, null where there is no number to take it of."""
    return f"({newer} - {older}) / nullif(abs({older}), 0) * 100"


def _domain_query(table: str, key: str, name: str | None) -> str:
    """Return the query of the estimates of one kind of domain, the whole city where unnamed."""
    domain = f"coalesce(newer.{name}, older.{name})" if name else "'全市'"
    return f"""
        select
            {_became("period")} as became,
            period,
            {domain} as domain_name,
            coalesce(newer.indicator_name, older.indicator_name) as indicator_name,
            measure_code,
            older.value / older.display_factor as older_value,
            newer.value / newer.display_factor as newer_value,
            coalesce(newer.display_unit, older.display_unit) as unit,
            {_rate("older.value", "newer.value")} as change_pct
        from older_{table} as older
        full join newer_{table} as newer using (period, {key}, indicator_code, measure_code)
        where
            older.period is null
            or newer.period is null
            or {_differs("older.value", "newer.value")}
        order by change_pct is null desc, abs(change_pct) desc, period, {key}, indicator_code,
            measure_code"""


TARGETS = f"""
    select
        {_became("target_id")} as became,
        as_of_period,
        target_id,
        coalesce(newer.target_period, older.target_period) as target_period,
        coalesce(newer.indicator_code, older.indicator_code) as indicator_code,
        coalesce(newer.unit, older.unit) as unit,
        older.actual_value,
        newer.actual_value,
        older.completion_pct,
        newer.completion_pct,
        older.schedule_status,
        newer.schedule_status,
        older.verdict,
        newer.verdict
    from older_mart_target_progress as older
    full join newer_mart_target_progress as newer using (target_id, as_of_period)
    where
        older.target_id is null
        or newer.target_id is null
        or {_differs("older.actual_value", "newer.actual_value")}
        or {_differs("older.completion_pct", "newer.completion_pct")}
        or older.schedule_status is distinct from newer.schedule_status
        or older.verdict is distinct from newer.verdict
    order by
        older.verdict is distinct from newer.verdict desc,
        older.schedule_status is distinct from newer.schedule_status desc,
        abs(newer.completion_pct - older.completion_pct) desc nulls last,
        as_of_period,
        target_id"""

NAMES = """
    names as (
        select credit_code, arg_max(agency_name, concat(period, origin)) as agency_name
        from (
            select period, credit_code, agency_name, 'a' as origin from older_core_frame
            union all
            select period, credit_code, agency_name, 'b' as origin from newer_core_frame
        ) as frames
        group by credit_code
    )"""

VERSIONS = f"""
    with {NAMES},

    older as (
        select versions.form_code, versions.period, versions.credit_code, versions.receipt_no,
            files.file_name
        from older_core_versions as versions
        inner join older_raw_files as files using (receipt_no)
        where versions.submission_state = 'accepted'
    ),

    newer as (
        select versions.form_code, versions.period, versions.credit_code, versions.receipt_no,
            files.file_name
        from newer_core_versions as versions
        inner join newer_raw_files as files using (receipt_no)
        where versions.submission_state = 'accepted'
    )

    select
        {_became("period")} as became, period, names.agency_name, credit_code,
        older.file_name, newer.file_name
    from older
    full join newer using (form_code, period, credit_code)
    left join names using (credit_code)
    where older.receipt_no is distinct from newer.receipt_no
    order by period desc, credit_code, form_code"""

# Only of what both releases accepted; the influence of a change is its share in the agencies' sum.
VALUES = f"""
    with {NAMES},

    sums as (
        select form_code, period, indicator_code, measure_code, sum(abs(value)) as total
        from older_core_observations
        group by form_code, period, indicator_code, measure_code
    ),

    reported as (
        select distinct form_code, period, credit_code from older_core_observations
        intersect
        select distinct form_code, period, credit_code from newer_core_observations
    )

    select
        {_became("period")} as became, period, names.agency_name, credit_code, indicator_code,
        measure_code, older.value, newer.value, coalesce(newer.unit, older.unit) as unit
    from older_core_observations as older
    full join newer_core_observations as newer
        using (form_code, period, credit_code, indicator_code, measure_code)
    inner join reported using (form_code, period, credit_code)
    left join sums using (form_code, period, indicator_code, measure_code)
    left join names using (credit_code)
    where older.value is distinct from newer.value
    order by
        abs(coalesce(newer.value, 0) - coalesce(older.value, 0)) / nullif(sums.total, 0)
        desc nulls first,
        period, credit_code, indicator_code, measure_code"""

TOTALS = """
    with changes as (
        select indicator_code, measure_code, coalesce(newer.unit, older.unit) as unit,
            older.value as older_value, newer.value as newer_value
        from older_core_observations as older
        full join newer_core_observations as newer
            using (form_code, period, credit_code, indicator_code, measure_code)
        where older.value is distinct from newer.value
    )

    select
        'changed' as became, indicator_code, measure_code, unit, count(*),
        coalesce(sum(older_value), 0), coalesce(sum(newer_value), 0)
    from changes
    group by indicator_code, measure_code, unit
    order by count(*) desc, indicator_code, measure_code"""

COUNTED = f"""
    with {NAMES},

    older as (
        select period, credit_code, max(value) filter (where indicator_code = 'revenue_incl')
            as revenue
        from older_core_sample_values group by period, credit_code
    ),

    newer as (
        select period, credit_code, max(value) filter (where indicator_code = 'revenue_incl')
            as revenue
        from newer_core_sample_values group by period, credit_code
    )

    select
        {_became("period")} as became, period, names.agency_name, credit_code,
        coalesce(newer.revenue, older.revenue) as revenue
    from older
    full join newer using (period, credit_code)
    left join names using (credit_code)
    where older.period is null or newer.period is null
    order by revenue desc nulls last, period, credit_code"""


def _target_row(row: Row, catalog: Catalog) -> Sequence[str]:
    """Return a changed target as it is printed."""
    _, period, _, target_period, indicator, unit, *pairs = row
    values, completions, schedules, verdicts = (pairs[i : i + 2] for i in range(0, 8, 2))
    return [
        period,
        f"{target_period}年{_indicator(indicator, catalog)}",
        f"{_change(*values)} {unit}",
        f"{_change(*completions)} %",
        _words(*schedules),
        _words(*verdicts),
    ]


def _domain_row(row: Row, catalog: Catalog) -> Sequence[str]:
    """Return a changed estimate as it is printed."""
    _, period, domain, indicator, measure, older, newer, unit, rate = row
    change = NOTHING if rate is None else f"{rate:+,.2f}%"
    value = f"{_change(older, newer)} {unit}"
    return [period, domain, indicator, MEASURES.get(measure, measure), value, change]


def _version_row(row: Row, catalog: Catalog) -> Sequence[str]:
    """Return an agency whose accepted file is another one as it is printed."""
    _, period, name, code, older, newer = row
    return [period, name or NOTHING, code, older or NOTHING, newer or NOTHING]


def _value_row(row: Row, catalog: Catalog) -> Sequence[str]:
    """Return a changed value of an agency as it is printed."""
    _, period, name, code, indicator, measure, older, newer, unit = row
    return [
        period,
        name or NOTHING,
        code,
        _indicator(indicator, catalog),
        _measure(measure, indicator, catalog),
        f"{_change(older, newer)} {unit}",
    ]


def _total_row(row: Row, catalog: Catalog) -> Sequence[str]:
    """Return what all changes of an indicator amount to as it is printed."""
    _, indicator, measure, unit, count, older, newer = row
    return [
        _indicator(indicator, catalog),
        _measure(measure, indicator, catalog),
        f"{count:,}",
        f"{_change(older, newer)} {unit}",
        f"{newer - older:+,.2f}",
    ]


def _counted_row(row: Row, catalog: Catalog) -> Sequence[str]:
    """Return an agency that is newly or no longer counted as it is printed."""
    became, period, name, code, revenue = row
    return [
        period,
        name or NOTHING,
        code,
        "新计入" if became == "added" else "不再计入",
        NOTHING if revenue is None else f"{revenue:,.2f} 元",
    ]


def _indicator(code: str, catalog: Catalog) -> str:
    """Return the name of an indicator; the code where today's catalog has none."""
    return next((each.name for each in catalog.indicators if each.code == code), code)


def _measure(code: str, indicator: str, catalog: Catalog) -> str:
    """Return a reported measure in words; what a stock has in a month is its end."""
    stocks = {each.code for each in catalog.indicators if each.measure_type == "stock"}
    return MEASURES.get("end" if code == "month" and indicator in stocks else code, code)


def _change(older: Any, newer: Any) -> str:
    """Return two numbers as from and to."""
    return _words(*(None if value is None else f"{value:,.2f}" for value in (older, newer)))


def _words(older: str | None, newer: str | None) -> str:
    """Return two texts as from and to, once where they are the same."""
    before, after = older or NOTHING, newer or NOTHING
    return before if before == after else f"{before} → {after}"


ESTIMATES = ("报告期", "范围", "指标", "口径", "测算值", "变动")
QUESTIONS = [
    _Question(
        "政策目标",
        ["mart_target_progress"],
        TARGETS,
        ("截止期", "目标", "实际值", "完成率", "序时状态", "判定"),
        _target_row,
    ),
    *(
        _Question(name, [table], _domain_query(table, key, shown), ESTIMATES, _domain_row)
        for name, table, key, shown in (
            ("全市数据", "mart_industry_monthly", "topic", None),
            ("分区县数据", "mart_district_monthly", "area_code", "area_name"),
            (
                "分业态数据",
                "mart_business_type_monthly",
                "business_line_code",
                "business_line_name",
            ),
            (
                "分机构类型数据",
                "mart_institution_type_monthly",
                "institution_type_code",
                "institution_type_name",
            ),
        )
    ),
    _Question(
        "机构采用的报表",
        ["core_frame", "core_versions", "raw_files"],
        VERSIONS,
        ("报告期", "机构", "统一社会信用代码", "原采用文件", "现采用文件"),
        _version_row,
    ),
    _Question(
        "机构数值（两版都采用的报送）",
        ["core_frame", "core_observations"],
        VALUES,
        ("报告期", "机构", "统一社会信用代码", "指标", "口径", "数值"),
        _value_row,
        is_listed=("changed", "added", "gone"),
    ),
    _Question(
        "机构数值合计（全部变化）",
        ["core_observations"],
        TOTALS,
        ("指标", "口径", "处数", "合计", "差额"),
        _total_row,
    ),
    _Question(
        "计入推算的机构",
        ["core_frame", "core_sample_values"],
        COUNTED,
        ("报告期", "机构", "统一社会信用代码", "变化", "营业收入（1—本月）"),
        _counted_row,
        is_listed=("added", "gone"),
    ),
]
