-- Grain: period, domain_type, domain_code, indicator_code, measure_code
-- 含义：每月数据每个报告期、分组、指标、口径一行：抽样推算数，加上按名录计数的机构数。
-- Sources: core_estimates and core_institutions side by side; the scope of both is licensed and
--  filed agencies and public ones.
with estimates as (
    select * from core_estimates
),

institutions as (
    select * from core_institutions
),

periods as (
    select * from core_periods
),

indicators as (
    select * from ref_indicators
),

figures as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        measure_code,
        value,
        standard_error,
        ci_low,
        ci_high,
        cv_pct,
        respondent_count,
        sampled_count,
        frame_count,
        'estimate' as actual_basis,
        estimation_method,
        publication_status
    from estimates
    union all
    select
        period,
        domain_type,
        domain_code,
        'institutions' as indicator_code,
        'end' as measure_code,
        cast(institution_count as double) as value,
        cast(null as double) as standard_error,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high,
        cast(null as double) as cv_pct,
        cast(null as integer) as respondent_count,
        cast(null as integer) as sampled_count,
        institution_count as frame_count,
        'register' as actual_basis,
        '名录计数' as estimation_method,
        '发布' as publication_status
    from institutions
)

select
    figures.period,
    periods.period_type,
    figures.domain_type,
    figures.domain_code,
    figures.indicator_code,
    indicators.indicator_name,
    indicators.topic,
    indicators.indicator_order,
    indicators.part_of_code,
    indicators.business_line_code,
    figures.measure_code,
    figures.value,
    figures.standard_error,
    figures.ci_low,
    figures.ci_high,
    figures.cv_pct,
    indicators.unit,
    indicators.display_unit,
    indicators.display_factor,
    indicators.revenue_basis,
    'licensed_filed' as unit_scope,
    figures.respondent_count,
    figures.sampled_count,
    figures.frame_count,
    figures.actual_basis,
    '快报数' as data_status,
    figures.estimation_method,
    figures.publication_status
from figures
inner join periods on figures.period = periods.period
inner join indicators on figures.indicator_code = indicators.indicator_code
order by
    figures.period,
    figures.domain_type,
    figures.domain_code,
    indicators.indicator_order,
    figures.measure_code
