-- Grain: period, business_line_code, indicator_code, measure_code
-- 含义：各业务类型每月数据：收入按机构填报的分业态收入推算，人次和机构数按机构的主要业务类型归类。
-- Sources: revenue by the variable revenue_incl_<line>, since types of business are ticked all that
--  apply and totals by type would overlap (estimation.md, local traps); the rest by the main line.
with figures as (
    select * from core_monthly_figures
),

business_lines as (
    select * from ref_classifications
    where classification_code = 'business_lines'
),

indicators as (
    select * from ref_indicators
),

release as (
    select * from ref_release
),

by_revenue as (
    select
        figures.*,
        figures.business_line_code as line_code,
        '按业态收入' as domain_basis
    from figures
    where figures.domain_type = 'city' and figures.business_line_code is not null
),

by_main_line as (
    select
        figures.*,
        figures.domain_code as line_code,
        '按主要业务类型' as domain_basis
    from figures
    where
        figures.domain_type = 'business_line'
        and figures.indicator_code in ('placements', 'institutions')
),

by_line as (
    select * from by_revenue
    union all
    select * from by_main_line
)

select
    release.release_id,
    by_line.period,
    business_lines.item_code as business_line_code,
    business_lines.item_name as business_line_name,
    business_lines.item_order as line_order,
    indicators.indicator_code,
    indicators.indicator_name,
    by_line.measure_code,
    by_line.domain_basis,
    by_line.value,
    by_line.standard_error,
    by_line.ci_low,
    by_line.ci_high,
    by_line.cv_pct,
    by_line.unit,
    by_line.display_unit,
    by_line.display_factor,
    by_line.revenue_basis,
    by_line.unit_scope,
    by_line.respondent_count,
    by_line.sampled_count,
    by_line.frame_count,
    by_line.actual_basis,
    by_line.data_status,
    by_line.estimation_method,
    by_line.publication_status
from by_line
inner join business_lines on by_line.line_code = business_lines.item_code
inner join indicators
    on
        indicators.indicator_code
        = case
            when by_line.domain_basis = '按业态收入' then by_line.part_of_code
            else by_line.indicator_code
        end
cross join release
order by
    by_line.period,
    business_lines.item_order,
    indicators.indicator_order,
    by_line.measure_code
