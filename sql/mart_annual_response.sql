-- Grain: year, stratum_code
-- 含义：年报报送情况：每个年份、每层一行，名录机构等于已报、未报和不在范围内的机构之和，写明营业收入中推算的部分。
-- Sources: core_annual_states; 报送率 = reported ÷ (frame − out of scope), domain.md §1.6.
with states as (
    select * from core_annual_states
),

estimates as (
    select * from core_annual_estimates
    where indicator_code = 'revenue_incl'
),

strata as (
    select * from ref_strata
),

locks as (
    select * from stg_locks
),

release as (
    select * from ref_release
),

counts as (
    select
        year,
        stratum_code,
        count(*) as frame_count,
        sum(case when annual_state = 'reported' then 1 else 0 end) as reported_count,
        sum(case when annual_state = 'missing' then 1 else 0 end) as missing_count,
        sum(case when annual_state = 'out_of_scope' then 1 else 0 end) as out_of_scope_count
    from states
    group by year, stratum_code
)

select
    release.release_id,
    counts.year,
    counts.stratum_code,
    coalesce(strata.stratum_name, '未定层') as stratum_name,
    cast(counts.frame_count as integer) as frame_count,
    cast(counts.reported_count as integer) as reported_count,
    cast(counts.missing_count as integer) as missing_count,
    cast(counts.out_of_scope_count as integer) as out_of_scope_count,
    100.0 * counts.reported_count / nullif(counts.frame_count - counts.out_of_scope_count, 0)
        as response_rate_pct,
    estimates.reported_value,
    estimates.estimated_value,
    sqrt(estimates.variance) as standard_error,
    case when locks.period is null then '年报数' else '最终核实数' end as data_status
from counts
left join estimates
    on
        counts.year = estimates.year
        and counts.stratum_code = estimates.stratum_code
left join strata on counts.stratum_code = strata.stratum_code
left join locks on counts.year = locks.period
cross join release
order by counts.year, strata.stratum_order, counts.stratum_code
