-- Grain: year, indicator_code
-- 含义：年报汇总每个年份、指标一行：年末在名录范围内的机构已报数与未报机构推算数之和，写明两者和标准误；有机构推算不出的，总数为空。
-- Sources: core_annual_estimates (full count of agencies in scope at the year's end, domain.md
--  §1.1, 纳统范围). Agencies out of scope by their own return count with what they did in the year.
with estimates as (
    select * from core_annual_estimates
),

states as (
    select * from core_annual_states
),

quantiles as (
    select * from ref_t_quantiles
),

most_freedom as (
    select max(degrees_of_freedom) as degrees_of_freedom
    from quantiles
),

counts as (
    select
        year,
        count(*) as frame_count,
        sum(case when annual_state = 'reported' then 1 else 0 end) as reported_count,
        sum(case when annual_state = 'missing' then 1 else 0 end) as missing_count,
        sum(case when annual_state = 'out_of_scope' then 1 else 0 end) as out_of_scope_count
    from states
    group by year
),

totals as (
    select
        year,
        indicator_code,
        max(unit) as unit,
        sum(reported_value) as reported_value,
        sum(estimated_value) as estimated_value,
        sqrt(sum(variance)) as standard_error,
        sum(unestimated_count) as unestimated_count,
        sum(case when ratio_count + mean_count > 0 then respondent_count - 1 else 0 end)
            as degrees_of_freedom
    from estimates
    group by year, indicator_code
),

with_margin as (
    select
        totals.*,
        case
            when totals.standard_error = 0 then 0
            else quantiles.t_quantile * totals.standard_error
        end as margin
    from totals
    cross join most_freedom
    left join quantiles
        on
            least(totals.degrees_of_freedom, most_freedom.degrees_of_freedom)
            = quantiles.degrees_of_freedom
)

select
    with_margin.year,
    with_margin.indicator_code,
    case
        when with_margin.unestimated_count = 0
            then
                cast(
                    with_margin.reported_value + with_margin.estimated_value as decimal(20, 4)
                )
    end as value,
    with_margin.unit,
    cast(with_margin.reported_value as decimal(20, 4)) as reported_value,
    cast(with_margin.estimated_value as decimal(20, 4)) as estimated_value,
    100 * cast(with_margin.estimated_value as double)
    / nullif(cast(with_margin.reported_value + with_margin.estimated_value as double), 0)
        as estimated_pct,
    with_margin.standard_error,
    cast(with_margin.reported_value + with_margin.estimated_value as double) - with_margin.margin
        as ci_low,
    cast(with_margin.reported_value + with_margin.estimated_value as double) + with_margin.margin
        as ci_high,
    cast(counts.reported_count as integer) as reported_count,
    cast(counts.missing_count as integer) as missing_count,
    cast(counts.out_of_scope_count as integer) as out_of_scope_count,
    cast(counts.frame_count as integer) as frame_count
from with_margin
inner join counts on with_margin.year = counts.year
order by with_margin.year, with_margin.indicator_code
