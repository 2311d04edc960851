"""Chasing a period: who still owes its report by what is published, as a list and as letters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.notices import Recipient
from pipelines.bulletin.reminders import Owing, reminder_list, write_reminder
from pipelines.catalog.load import load_catalog
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.months import dates_of
from pipelines.orchestration.outgoing import FLASH, unit_names
from pipelines.orchestration.published import ask, checked_period
from pipelines.root import Root

EXPECTED = """
    select reporting_unit_code, expected_count from mart_response where period = ?"""
RECEIVED_UNTIL = """
    select cast(max(first_seen_at) as date)
    from read_parquet(?)
    where folder = 'reports' and period = ?"""
# Reasons are the names of rules: nothing that an agency wrote leaves by a letter. Whose report came
# too late to count owes nothing: it counts in the next vintage.
OWING = """
    with response as (
        select response.*, revenue.register_revenue
        from read_parquet($core_response) as response
        left join read_parquet($core_register_revenue) as revenue using (period, credit_code)
        where response.period = $period and response.status != 'out_of_scope'
    ),

    held as (
        select credit_code
        from read_parquet($core_versions)
        where
            period = $period
            and form_code = 'flash_report'
            and submission_state = 'late'
    ),

    refused as (
        select credit_code, max(receipt_no) as receipt_no
        from read_parquet($core_versions)
        where
            period = $period
            and form_code = 'flash_report'
            and submission_state = 'refused'
        group by credit_code
    ),

    reasons as (
        select
            refused.credit_code,
            string_agg(distinct findings.rule_name, '；' order by findings.rule_name) as rule_names
        from refused
        inner join mart_findings as findings
            on
                refused.receipt_no = findings.receipt_no
                and (findings.scope = 'file' or refused.credit_code = findings.credit_code)
        where findings.severity = 'mandatory'
        group by refused.credit_code
    )

    select
        response.reporting_unit_code,
        units.reporting_unit_name,
        response.credit_code,
        response.agency_name,
        response.status,
        case
            when response.status = 'refused'
                then concat('不符合：', coalesce(reasons.rule_names, '整份文件退回'))
        end as reason,
        round(100 * response.register_revenue / nullif(total.revenue, 0), 2) as revenue_pct
    from response
    cross join (select sum(register_revenue) as revenue from response) as total
    inner join mart_response as units
        on
            units.period = response.period
            and units.reporting_unit_code = response.reporting_unit_code
    left join reasons on response.credit_code = reasons.credit_code
    where
        response.status in ('missing', 'refused')
        and response.credit_code not in (select held.credit_code from held)
    order by response.register_revenue desc nulls last, response.credit_code"""


@dataclass(frozen=True)
class Reminders:
    """The list of a period, the letters beside it, and how many agencies they are about."""

    list_path: Path
    letter_paths: list[Path]
    owing_count: int


def write_reminders(root: Root, period: str) -> Reminders:
    """Write reports/reminders/<period>/: the list, a letter for each unit that owes, no others.

    Raises:
        UnknownMonthError: The period is not written YYYY-MM, or no report is asked for it.
        NothingPublishedError: It has no published figures.
    """
    catalog = load_catalog()
    period = checked_period(root, period)
    owing = owing_agencies(root, period)
    dates = dates_of(catalog, period)
    form = catalog.form(FLASH, period)
    made_up = is_made_up(root)
    folder = root.reports / "reminders" / period
    list_path = folder / f"催报名单_{period}.xlsx"
    replace_file(list_path, reminder_list(owing, dates, form, made_up))
    expected = dict(ask(root, EXPECTED, period).rows)
    ((received_until,),) = ask(
        root, RECEIVED_UNTIL, str(root.internal / "raw_files.parquet"), period
    ).rows
    by_unit: dict[str, list[Owing]] = defaultdict(list)
    for agency in owing:
        by_unit[agency.unit_code].append(agency)
    names = unit_names(catalog)
    letters = {
        folder / f"催报通知_{names[code]}_{period}.docx": write_reminder(
            Recipient(code, names[code], code == catalog.divisions.city_code),
            of_unit,
            expected[code],
            received_until,
            dates,
            form,
            catalog.reporting,
            made_up,
        )
        for code, of_unit in sorted(by_unit.items())
    }
    for path, content in letters.items():
        replace_file(path, content)
    for path in {*folder.glob(f"催报通知_*_{period}.docx")} - {*letters}:
        path.unlink()  # of a unit that owes nothing any more
    return Reminders(list_path, [*letters], len(owing))


def owing_agencies(root: Root, period: str) -> list[Owing]:
    """Return whose report is missing or refused and has not come late, most revenue first."""
    tables = ("core_response", "core_register_revenue", "core_versions")
    paths = {table: str(root.internal / f"{table}.parquet") for table in tables}
    return [Owing(*row) for row in ask(root, OWING, **paths, period=period).rows]
