-- Grain: year, indicator_code, stratum_code
-- 含义：年报指标每个年份、指标、层一行：已报数与未报机构推算数之和，以及因未报而有的方差。
-- Sources: core_annual_values. Those that answered are a second phase within the stratum
--  (estimation.md §Formulas): V = N²(1−f)/r·s², N = r + m, f = r/N, once for the m estimated by
--  ratio (r with an auxiliary, s² of residuals) and once for those by the mean (r all that
--  answered, s² of values).
with cells as (
    select * from core_annual_values
),

counted as (
    select
        year,
        indicator_code,
        stratum_code,
        max(unit) as unit,
        sum(case when value_marker = 'reported' then value else 0 end) as reported_value,
        sum(case when value_marker in ('ratio', 'mean') then value else 0 end) as estimated_value,
        sum(case when value_marker = 'reported' then 1 else 0 end) as answered_count,
        sum(case when value_marker = 'ratio' then 1 else 0 end) as ratio_count,
        sum(case when value_marker = 'mean' then 1 else 0 end) as mean_count,
        sum(case when value_marker = 'none' then 1 else 0 end) as unestimated_count,
        sum(case when value_marker = 'reported' and is_by_ratio then 1 else 0 end)
            as matched_count,
        sum(case when value_marker = 'reported' and is_by_ratio then residual end) as z,
        sum(case when value_marker = 'reported' and is_by_ratio then residual * residual end)
            as z_squared,
        sum(case when value_marker = 'reported' then cast(value as double) end) as y,
        sum(case when value_marker = 'reported' then cast(value as double) * value end)
            as y_squared
    from cells
    group by year, indicator_code, stratum_code
),

varying as (
    select
        *,
        case
            when ratio_count = 0 then 0
            else
                cast(ratio_count as double) * (matched_count + ratio_count) / matched_count
                * greatest(z_squared - z * z / matched_count, 0) / (matched_count - 1)
        end as ratio_variance,
        case
            when mean_count = 0 then 0
            else
                cast(mean_count as double) * (answered_count + mean_count) / answered_count
                * greatest(y_squared - y * y / answered_count, 0) / (answered_count - 1)
        end as mean_variance
    from counted
)

select
    year,
    indicator_code,
    stratum_code,
    unit,
    cast(reported_value as decimal(20, 4)) as reported_value,
    cast(estimated_value as decimal(20, 4)) as estimated_value,
    cast(reported_value + estimated_value as decimal(20, 4)) as value,
    ratio_variance + mean_variance as variance,
    cast(answered_count as integer) as respondent_count,
    cast(ratio_count as integer) as ratio_count,
    cast(mean_count as integer) as mean_count,
    cast(unestimated_count as integer) as unestimated_count
from varying
order by year, indicator_code, stratum_code
