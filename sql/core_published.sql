-- Grain: area_code, year, indicator_code
-- 含义：已公布数据每个地区、年份、指标一行，取最近收到的工作簿中的第一行。
-- Sources: stg_published; a second row for the same figure is a finding (duplicate_figure).
with figures as (
    select * from stg_published
    where indicator_code is not null and value is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by area_code, year, indicator_code
            order by receipt_no desc, unit_row
        ) as preference
    from figures
)

select
    area_code,
    year,
    indicator_code,
    value,
    unit,
    half_rounding,
    revenue_basis,
    figure_status,
    source,
    note
from ranked
where preference = 1
order by area_code, year, indicator_code
