-- Grain: period, domain_type, domain_code, indicator_code, measure_code
-- 含义：推算结果每个报告期、分组、指标、口径一行，已按样本量审查能否发布；不发布的数值为空。
-- Sources: the month of a flow is the difference of two 累计数, of the year's first period 累计数
--  itself. Intervals: t for the city, exp(ln Y ± t·CV) for domains. Publish gate: a domain needs
--  minimum_respondents (in both periods for a difference), no estimate goes out with a coefficient
--  of variation above maximum_cv_pct (estimation.md §Formulas, §2 row 6).
with direct_estimates as (
    select * from core_direct_estimates
),

month_estimates as (
    select * from core_month_estimates
),

periods as (
    select * from core_periods
),

institutions as (
    select * from core_institutions
),

quantiles as (
    select * from ref_t_quantiles
),

settings as (
    select * from ref_settings
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

gated as (
    select
        estimates.*,
        sqrt(estimates.variance) as standard_error,
        case
            when
                estimates.domain_type <> 'city'
                and estimates.gate_count < settings.minimum_respondents
                then '样本不足，不发布'
            when not estimates.is_estimable then '层内无样本，不发布'
            when
                100 * sqrt(estimates.variance) > settings.maximum_cv_pct * abs(estimates.value)
                then '误差过大，不发布'
            else '发布'
        end as publication_status
    from estimates
    cross join settings
),

with_margin as (
    select
        gated.*,
        -- Where every stratum was fully reported there is no sampling error and no t either.
        case
            when gated.standard_error = 0 then 0
            else quantiles.t_quantile * gated.standard_error
        end as margin
    from gated
    cross join most_freedom
    left join quantiles
        on
            least(gated.degrees_of_freedom, most_freedom.degrees_of_freedom)
            = quantiles.degrees_of_freedom
),

with_interval as (
    select
        *,
        publication_status = '发布' as is_published,
        case
            when domain_type <> 'city' and value > 0 then value * exp(-margin / value)
            else value - margin
        end as low,
        case
            when domain_type <> 'city' and value > 0 then value * exp(margin / value)
            else value + margin
        end as high,
        case when value <> 0 then 100 * standard_error / abs(value) end as cv
    from with_margin
)

select
    with_interval.period,
    with_interval.domain_type,
    with_interval.domain_code,
    with_interval.indicator_code,
    with_interval.measure_code,
    case when with_interval.is_published then with_interval.value end as value,
    case when with_interval.is_published then with_interval.standard_error end as standard_error,
    case when with_interval.is_published then with_interval.low end as ci_low,
    case when with_interval.is_published then with_interval.high end as ci_high,
    case when with_interval.is_published then with_interval.cv end as cv_pct,
    with_interval.degrees_of_freedom,
    with_interval.respondent_count,
    institutions.sampled_count,
    institutions.frame_count,
    with_interval.estimation_method,
    with_interval.publication_status
from with_interval
inner join institutions
    on
        with_interval.period = institutions.period
        and with_interval.domain_type = institutions.domain_type
        and with_interval.domain_code = institutions.domain_code
order by
    with_interval.period,
    with_interval.domain_type,
    with_interval.domain_code,
    with_interval.indicator_code,
    with_interval.measure_code
