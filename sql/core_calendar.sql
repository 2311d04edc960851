-- Grain: period
-- 含义：每个月一行，从目标基期年到最晚的数据或目标年份，含月末日期和序时进度。
-- Sources: elapsed share by days, the first and the last day included (domain.md §6.7).
with recursive mentioned as (
    select period
    from stg_files
    where period is not null and folder in ('reports', 'register', 'sample')
    union all
    select concat(period, '-12') as period
    from stg_files
    where period is not null and folder = 'annual'
    union all
    select concat(base_period, '-12') as period
    from ref_targets
    union all
    select concat(target_period, '-12') as period
    from ref_targets
),

years as (
    select
        min(cast(substr(period, 1, 4) as integer)) as first_year,
        max(cast(substr(period, 1, 4) as integer)) as last_year
    from mentioned
),

months as (
    select
        years.first_year as year_number,
        1 as month_number
    from years
    union all
    select
        case when months.month_number = 12 then months.year_number + 1 else months.year_number end
            as year_number,
        case when months.month_number = 12 then 1 else months.month_number + 1 end as month_number
    from months
    cross join years
    where months.year_number < years.last_year or months.month_number < 12
),

dated as (
    select
        cast(year_number as varchar) as year,
        month_number,
        make_date(year_number, month_number, 1) as start_date,
        last_day(make_date(year_number, month_number, 1)) as end_date,
        make_date(year_number, 1, 1) as year_start_date,
        make_date(year_number, 12, 31) as year_end_date
    from months
)

select
    concat(year, '-', lpad(cast(month_number as varchar), 2, '0')) as period,
    year,
    month_number,
    start_date,
    end_date,
    (date_diff('day', year_start_date, end_date) + 1)
    / cast(date_diff('day', year_start_date, year_end_date) + 1 as double) as elapsed_share,
    month_number = 12 as is_year_end
from dated
order by period
