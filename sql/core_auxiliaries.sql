-- Grain: period, indicator_code, credit_code
-- 含义：每期抽样框内机构的辅助变量：上一次年报同一指标的数，每个指标每家一行；没有的没有行。
-- Sources: the auxiliary is the last census's value of the indicator named in the catalog, as
--  reported (estimation.md, Decisions); ratio groups are business lines. Who did not report then,
--  or is new, has none and is expanded.
with frame as (
    select * from core_frame
    where stratum_code is not null
),

periods as (
    select * from core_periods
),

indicators as (
    select * from ref_indicators
    where auxiliary_code is not null
),

annual_values as (
    select * from core_annual_values
    where value_marker = 'reported'
),

censuses as (
    select
        periods.period,
        max(annual_values.year) as year
    from periods
    inner join annual_values on annual_values.year < substr(periods.period, 1, 4)
    group by periods.period
)

select
    frame.period,
    indicators.indicator_code,
    frame.credit_code,
    coalesce(frame.business_line, 'none') as ratio_group_code,
    cast(annual_values.value as double) as auxiliary_value
from frame
inner join censuses on frame.period = censuses.period
inner join annual_values
    on
        censuses.year = annual_values.year
        and frame.credit_code = annual_values.credit_code
inner join indicators on annual_values.indicator_code = indicators.auxiliary_code
order by frame.period, indicators.indicator_code, frame.credit_code
