-- Grain: year, indicator_code
-- 含义：年报汇总每个年份、指标一行：年末在名录范围内且年报被采用的机构之和，未报机构不作推算。
-- Sources: full count of agencies in scope at the year's end (domain.md §1.1, 纳统范围).
with observations as (
    select * from core_observations
    where form_code = 'annual_return'
),

frame as (
    select * from core_frame
),

versions as (
    select * from core_versions
    where form_code = 'annual_return' and submission_state = 'accepted'
),

frame_counts as (
    select
        period,
        count(*) as frame_count
    from frame
    group by period
),

reported_counts as (
    select
        versions.period as year,
        count(*) as reported_count
    from versions
    inner join frame
        on
            versions.period = frame.period
            and versions.credit_code = frame.credit_code
    group by versions.period
),

totals as (
    select
        observations.period as year,
        observations.indicator_code,
        sum(observations.value) as value,
        max(observations.unit) as unit
    from observations
    inner join frame
        on
            observations.period = frame.period
            and observations.credit_code = frame.credit_code
    group by observations.period, observations.indicator_code
)

select
    totals.year,
    totals.indicator_code,
    cast(totals.value as decimal(20, 4)) as value,
    totals.unit,
    cast(reported_counts.reported_count as integer) as reported_count,
    cast(frame_counts.frame_count as integer) as frame_count
from totals
inner join reported_counts on totals.year = reported_counts.year
inner join frame_counts on totals.year = frame_counts.period
order by totals.year, totals.indicator_code
