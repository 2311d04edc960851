-- Grain: period, domain_type, domain_code, indicator_code, measure_code
-- 含义：推算结果及其置信区间，每个报告期、分组、指标、口径一行，未经发布审查；算不出的为空。
-- Sources: the month of a flow is the difference of two 累计数, of the year's first period 累计数
--  itself. Intervals: t for the city, exp(ln Y ± t·CV) for domains (estimation.md §Formulas).
with direct_estimates as (
    select * from core_direct_estimates
),

month_estimates as (
    select * from core_month_estimates
),

periods as (
    select * from core_periods
),

quantiles as (
    select * from ref_t_quantiles
),

most_freedom as (
    select max(degrees_of_freedom) as degrees_of_freedom
    from quantiles
),

estimates as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        measure_code,
        value,
        variance,
        degrees_of_freedom,
        respondent_count,
        respondent_count as gate_count,
        is_estimable,
        '分层扩张估计' as estimation_method
    from direct_estimates
    union all
    select
        direct_estimates.period,
        direct_estimates.domain_type,
        direct_estimates.domain_code,
        direct_estimates.indicator_code,
        'month' as measure_code,
        direct_estimates.value,
        direct_estimates.variance,
        direct_estimates.degrees_of_freedom,
        direct_estimates.respondent_count,
        direct_estimates.respondent_count as gate_count,
        direct_estimates.is_estimable,
        '分层扩张估计' as estimation_method
    from direct_estimates
    inner join periods on direct_estimates.period = periods.period
    where direct_estimates.measure_code = 'ytd' and periods.is_first_period
    union all
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        'month' as measure_code,
        value,
        variance,
        degrees_of_freedom,
        respondent_count,
        least(respondent_count, previous_respondent_count) as gate_count,
        is_estimable,
        '累计之差推算' as estimation_method
    from month_estimates
),

with_margin as (
    select
        estimates.*,
        sqrt(estimates.variance) as standard_error,
        -- Where every stratum was fully reported there is no sampling error and no t either.
        case
            when estimates.variance = 0 then 0
            else quantiles.t_quantile * sqrt(estimates.variance)
        end as margin
    from estimates
    cross join most_freedom
    left join quantiles
        on
            least(estimates.degrees_of_freedom, most_freedom.degrees_of_freedom)
            = quantiles.degrees_of_freedom
)

select
    period,
    domain_type,
    domain_code,
    indicator_code,
    measure_code,
    value,
    standard_error,
    case
        when domain_type <> 'city' and value > 0 then value * exp(-margin / value)
        else value - margin
    end as ci_low,
    case
        when domain_type <> 'city' and value > 0 then value * exp(margin / value)
        else value + margin
    end as ci_high,
    case when value <> 0 then 100 * standard_error / abs(value) end as cv_pct,
    degrees_of_freedom,
    respondent_count,
    gate_count,
    is_estimable,
    estimation_method
from with_margin
order by period, domain_type, domain_code, indicator_code, measure_code
