-- Grain: period
-- 含义：每个有可读快报的报告期一行：起止日期、序时进度、截止、截数和发布日期，同年上一期。
-- Sources: reporting.yml (1—2月 merged into one period) by ref_reporting_calendar;
--  domain.md §1.4. A period whose reports came only after its cut-off was loaded afterwards: no
--  cut-off applies.
with files as (
    select * from stg_files
    where folder = 'reports' and is_read
),

calendar as (
    select * from core_calendar
),

reporting as (
    select * from ref_reporting_calendar
),

first_reports as (
    select
        period,
        cast(min(first_seen_at) as date) as first_received_date
    from files
    group by period
),

flash_periods as (
    select
        calendar.period,
        calendar.year,
        calendar.month_number,
        reporting.reference_start_date as start_date,
        calendar.end_date,
        calendar.elapsed_share,
        reporting.due_date,
        reporting.cut_off_date,
        reporting.release_date,
        first_reports.first_received_date <= reporting.cut_off_date as is_cut_off_applied,
        date_diff('month', reporting.reference_start_date, calendar.end_date) > 0 as is_merged,
        reporting.reference_start_date = make_date(year(calendar.end_date), 1, 1)
            as is_first_period
    from first_reports
    inner join calendar on first_reports.period = calendar.period
    inner join reporting on first_reports.period = reporting.period
)

select
    this_period.period,
    this_period.year,
    case when this_period.is_merged then 'M2' else 'M' end as period_type,
    this_period.start_date,
    this_period.end_date,
    this_period.elapsed_share,
    this_period.due_date,
    this_period.cut_off_date,
    this_period.release_date,
    this_period.is_cut_off_applied,
    this_period.is_first_period,
    previous.period as previous_period
from flash_periods as this_period
left join flash_periods as previous
    on
        this_period.year = previous.year
        and not this_period.is_first_period
        and this_period.start_date = date_add(previous.end_date, 1)
order by this_period.period
