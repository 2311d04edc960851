-- Grain: period
-- 含义：每个有可读快报的报告期一行：起止日期、序时进度、截止日期和同年上一期。
-- Sources: reporting.yml (1—2月 merged into one period, due day of the next month); domain.md §1.4.
with files as (
    select * from stg_files
    where folder = 'reports' and is_read
),

calendar as (
    select * from core_calendar
),

settings as (
    select * from ref_settings
),

flash_months as (
    select
        calendar.*,
        settings.due_day,
        settings.january = 'merged_into_february' and calendar.month_number = 2 as is_merged
    from calendar
    cross join settings
    where calendar.period in (select files.period from files)
),

with_first as (
    select
        period,
        year,
        end_date,
        elapsed_share,
        due_day,
        case when is_merged then 'M2' else 'M' end as period_type,
        case when is_merged then make_date(year(start_date), 1, 1) else start_date end
            as start_date,
        is_merged or month_number = 1 as is_first_period
    from flash_months
)

select
    this_period.period,
    this_period.year,
    this_period.period_type,
    this_period.start_date,
    this_period.end_date,
    this_period.elapsed_share,
    date_add(this_period.end_date, this_period.due_day) as due_date,
    this_period.is_first_period,
    previous.period as previous_period
from with_first as this_period
left join with_first as previous
    on
        this_period.year = previous.year
        and not this_period.is_first_period
        and this_period.start_date = date_add(previous.end_date, 1)
order by this_period.period
