-- Grain: target_id, as_of_period
-- 含义：每个目标在每个数据截止期的实际值一行：取哪个月的数，来自快报、年报还是名录；没有同口径数据的为空。
-- Sources: progress.md Decisions and §2 Edges (deadline passed: frozen on the datum of the target
--  period). Stocks: the register at the month's end, at most the target year's end, and that one a
--  register must cover. Annual levels: 累计数 of the month; after the target year its census, else
--  the flash of its December; a census of fewer agencies in scope than minimum_census_pct is none,
--  what those did that did not report is estimated in its total. 快报数, then 年报数, once the year
--  is locked 最终核实数. Revenue basis and scope must be the target's.
with targets as (
    select * from ref_targets
),

periods as (
    select * from core_periods
),

institutions as (
    select * from core_institutions
    where domain_type in ('city', 'area')
),

figures as (
    select * from core_monthly_figures
    where domain_type in ('city', 'area') and measure_code = 'ytd' and publication_status = '发布'
),

annual_totals as (
    select * from core_annual_totals
),

locks as (
    select * from stg_locks
),

city as (
    select * from ref_areas
    where area_type = 'city'
),

indicators as (
    select * from ref_indicators
),

settings as (
    select * from ref_settings
),

as_of as (
    select
        targets.target_id,
        targets.indicator_code,
        targets.area_code,
        targets.kind,
        targets.revenue_basis,
        targets.unit_scope,
        targets.target_period,
        make_date(cast(targets.target_period as integer), 12, 31) as target_date,
        periods.period as as_of_period,
        periods.year as as_of_year,
        periods.end_date as as_of_date,
        periods.elapsed_share,
        least(periods.period, concat(targets.target_period, '-12')) as datum_period
    from targets
    cross join periods
),

registered as (
    select
        as_of.target_id,
        as_of.as_of_period,
        cast(institutions.institution_count as double) as value,
        institutions.register_period
    from as_of
    inner join institutions
        on
            case
                when as_of.as_of_date < as_of.target_date then as_of.as_of_period
                else as_of.target_period
            end = institutions.period
            and as_of.area_code = institutions.domain_code
    where
        as_of.kind = 'stock'
        and as_of.indicator_code = 'institutions'
        and as_of.unit_scope = 'licensed_filed'
        and (
            as_of.as_of_date < as_of.target_date
            or institutions.register_period >= as_of.datum_period
        )
),

censused as (
    select
        as_of.target_id,
        as_of.as_of_period,
        cast(annual_totals.value as double) as value,
        annual_totals.standard_error,
        annual_totals.ci_low,
        annual_totals.ci_high,
        annual_totals.estimated_pct,
        annual_totals.reported_count,
        annual_totals.missing_count,
        annual_totals.out_of_scope_count,
        annual_totals.frame_count
    from as_of
    inner join annual_totals
        on
            as_of.target_period = annual_totals.year
            and as_of.indicator_code = annual_totals.indicator_code
    inner join indicators on as_of.indicator_code = indicators.indicator_code
    inner join city on as_of.area_code = city.area_code
    inner join settings
        on
            100.0 * annual_totals.reported_count
            >= settings.minimum_census_pct
            * (annual_totals.frame_count - annual_totals.out_of_scope_count)
    where
        annual_totals.value is not null
        and as_of.kind = 'annual_level'
        and as_of.unit_scope = 'licensed_filed'
        and coalesce(as_of.revenue_basis, '') = coalesce(indicators.revenue_basis, '')
        and as_of.as_of_year > as_of.target_period
),

estimated as (
    select
        as_of.target_id,
        as_of.as_of_period,
        figures.value,
        figures.standard_error,
        figures.ci_low,
        figures.ci_high
    from as_of
    inner join figures
        on
            as_of.datum_period = figures.period
            and as_of.area_code = figures.domain_code
            and as_of.indicator_code = figures.indicator_code
            and as_of.unit_scope = figures.unit_scope
            and coalesce(as_of.revenue_basis, '') = coalesce(figures.revenue_basis, '')
    where as_of.kind = 'annual_level'
)

select
    as_of.target_id,
    as_of.as_of_period,
    as_of.as_of_date,
    as_of.elapsed_share,
    as_of.target_date,
    as_of.datum_period,
    case
        when registered.value is not null then registered.value
        when censused.value is not null then censused.value
        else estimated.value
    end as actual_value,
    case
        when registered.value is not null then 'register'
        when censused.value is not null then 'census'
        when estimated.value is not null then 'estimate'
    end as actual_basis,
    case
        when
            censused.value is not null
            or (registered.value is not null and as_of.as_of_date >= as_of.target_date)
            then case when locks.period is null then '年报数' else '最终核实数' end
        when registered.value is not null or estimated.value is not null then '快报数'
    end as data_status,
    case when censused.value is null then estimated.standard_error else censused.standard_error end
        as standard_error,
    case when censused.value is null then estimated.ci_low else censused.ci_low end as ci_low,
    case when censused.value is null then estimated.ci_high else censused.ci_high end as ci_high,
    registered.register_period,
    censused.estimated_pct,
    censused.reported_count,
    censused.missing_count,
    censused.out_of_scope_count,
    censused.frame_count
from as_of
left join registered
    on
        as_of.target_id = registered.target_id
        and as_of.as_of_period = registered.as_of_period
left join censused
    on
        as_of.target_id = censused.target_id
        and as_of.as_of_period = censused.as_of_period
left join estimated
    on
        as_of.target_id = estimated.target_id
        and as_of.as_of_period = estimated.as_of_period
left join locks on as_of.target_period = locks.period
order by as_of.target_id, as_of.as_of_period
