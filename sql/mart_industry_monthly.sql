-- Grain: period, indicator_code, measure_code
-- 含义：全市每月数据：每个报告期、指标、口径一行，含抽样推算数和名录机构数。
-- Sources: core_monthly_figures of the city.
with figures as (
    select * from core_monthly_figures
    where domain_type = 'city'
),

release as (
    select * from ref_release
)

select
    release.release_id,
    figures.period,
    figures.period_type,
    figures.indicator_code,
    figures.indicator_name,
    figures.topic,
    figures.indicator_order,
    figures.measure_code,
    figures.value,
    figures.standard_error,
    figures.ci_low,
    figures.ci_high,
    figures.cv_pct,
    figures.unit,
    figures.display_unit,
    figures.display_factor,
    figures.revenue_basis,
    figures.unit_scope,
    figures.respondent_count,
    figures.sampled_count,
    figures.frame_count,
    figures.actual_basis,
    figures.data_status,
    figures.estimation_method,
    figures.publication_status
from figures
cross join release
order by figures.period, figures.indicator_order, figures.measure_code
