-- Grain: period, indicator_code, measure_code, credit_code
-- 含义：可用于推算的样本数据：样本机构被采用的累计数（ytd）和期末数（end），每个一行。
-- Sources: usable = sampled, in scope at the period's end, in a stratum, accepted.
with observations as (
    select * from core_observations
    where form_code = 'flash_report'
),

frame as (
    select * from core_frame
    where is_sampled and stratum_code is not null
),

indicators as (
    select * from ref_indicators
)

select
    observations.period,
    observations.indicator_code,
    case indicators.measure_type when 'stock' then 'end' else 'ytd' end as measure_code,
    observations.credit_code,
    frame.stratum_code,
    cast(observations.value as double) as value
from observations
inner join indicators on observations.indicator_code = indicators.indicator_code
inner join frame
    on
        observations.period = frame.period
        and observations.credit_code = frame.credit_code
where
    (indicators.measure_type = 'flow' and observations.measure_code = 'ytd')
    or (indicators.measure_type = 'stock' and observations.measure_code = 'month')
order by
    observations.period,
    observations.indicator_code,
    observations.measure_code,
    observations.credit_code
