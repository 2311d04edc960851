-- Grain: period, institution_type_code, indicator_code, measure_code
-- 含义：各机构类型每月数据：每个报告期、机构类型、指标、口径一行。
-- Sources: core_monthly_figures of institution types.
with figures as (
    select * from core_monthly_figures
    where domain_type = 'institution_type'
),

institution_types as (
    select * from ref_classifications
    where classification_code = 'institution_types'
),

release as (
    select * from ref_release
)

select
    release.release_id,
    figures.period,
    institution_types.item_code as institution_type_code,
    institution_types.item_name as institution_type_name,
    institution_types.item_order as type_order,
    figures.indicator_code,
    figures.indicator_name,
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
inner join institution_types on figures.domain_code = institution_types.item_code
cross join release
order by
    figures.period,
    institution_types.item_order,
    figures.indicator_order,
    figures.measure_code
