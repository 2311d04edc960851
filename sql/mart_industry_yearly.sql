-- Grain: area_code, year, indicator_code, actual_basis
-- 含义：全国和全市年度数据：已公布数据、年报汇总和年末名录机构数，各按来源分行，不同来源不相混。
-- Sources: core_published, core_annual_totals, core_institutions at year ends a register covers;
--  年报数 of a locked year are 最终核实数.
with published as (
    select * from core_published
),

annual_totals as (
    select * from core_annual_totals
    where value is not null
),

locks as (
    select * from stg_locks
),

institutions as (
    select * from core_institutions
    where domain_type = 'city' and is_year_end
),

city as (
    select * from ref_areas
    where area_type = 'city'
),

areas as (
    select * from ref_areas
),

indicators as (
    select * from ref_indicators
),

release as (
    select * from ref_release
),

figures as (
    select
        area_code,
        year,
        indicator_code,
        value,
        revenue_basis,
        cast(null as varchar) as unit_scope,
        'published' as actual_basis,
        figure_status as data_status,
        source,
        cast(null as decimal(20, 4)) as reported_value,
        cast(null as decimal(20, 4)) as estimated_value,
        cast(null as double) as estimated_pct,
        cast(null as double) as standard_error,
        cast(null as integer) as reported_count,
        cast(null as integer) as missing_count,
        cast(null as integer) as out_of_scope_count,
        cast(null as integer) as frame_count,
        note
    from published
    union all
    select
        city.area_code,
        annual_totals.year,
        annual_totals.indicator_code,
        annual_totals.value,
        indicators.revenue_basis,
        'licensed_filed' as unit_scope,
        'census' as actual_basis,
        case when locks.period is null then '年报数' else '最终核实数' end as data_status,
        '年报汇总' as source,
        annual_totals.reported_value,
        annual_totals.estimated_value,
        annual_totals.estimated_pct,
        annual_totals.standard_error,
        annual_totals.reported_count,
        annual_totals.missing_count,
        annual_totals.out_of_scope_count,
        annual_totals.frame_count,
        concat(
            '年末名录', cast(annual_totals.frame_count as varchar), '家，已报',
            cast(annual_totals.reported_count as varchar), '家',
            case
                when annual_totals.out_of_scope_count > 0
                    then
                        concat(
                            '，停业、关闭等', cast(annual_totals.out_of_scope_count as varchar), '家'
                        )
                else ''
            end,
            case
                when annual_totals.missing_count = 0 then '，全部报齐。'
                else
                    concat(
                        '，未报', cast(annual_totals.missing_count as varchar),
                        '家按上年年报之比或同层平均推算，占',
                        cast(
                            cast(coalesce(annual_totals.estimated_pct, 0) as decimal(10, 2))
                            as varchar
                        ), '%。'
                    )
            end
        ) as note
    from annual_totals
    inner join indicators on annual_totals.indicator_code = indicators.indicator_code
    left join locks on annual_totals.year = locks.period
    cross join city
    union all
    select
        institutions.domain_code as area_code,
        institutions.period as year,
        'institutions' as indicator_code,
        cast(institutions.institution_count as decimal(20, 4)) as value,
        cast(null as varchar) as revenue_basis,
        'licensed_filed' as unit_scope,
        'register' as actual_basis,
        case when locks.period is null then '年报数' else '最终核实数' end as data_status,
        concat('机构名录（', institutions.register_period, '期末）') as source,
        cast(null as decimal(20, 4)) as reported_value,
        cast(null as decimal(20, 4)) as estimated_value,
        cast(null as double) as estimated_pct,
        cast(null as double) as standard_error,
        cast(null as integer) as reported_count,
        cast(null as integer) as missing_count,
        cast(null as integer) as out_of_scope_count,
        institutions.institution_count as frame_count,
        case
            when institutions.register_period > concat(institutions.period, '-12')
                then '由其后的名录按登记日期和退出日期回溯。'
        end as note
    from institutions
    left join locks on institutions.period = locks.period
    where institutions.register_period >= concat(institutions.period, '-12')
)

select
    release.release_id,
    figures.area_code,
    areas.area_name,
    figures.year,
    figures.indicator_code,
    indicators.indicator_name,
    indicators.indicator_order,
    figures.value,
    indicators.unit,
    indicators.display_unit,
    indicators.display_factor,
    figures.revenue_basis,
    figures.unit_scope,
    figures.actual_basis,
    figures.data_status,
    figures.source,
    figures.reported_value,
    figures.estimated_value,
    figures.estimated_pct,
    figures.standard_error,
    figures.reported_count,
    figures.missing_count,
    figures.out_of_scope_count,
    figures.frame_count,
    figures.note
from figures
inner join areas on figures.area_code = areas.area_code
inner join indicators on figures.indicator_code = indicators.indicator_code
cross join release
order by figures.area_code, figures.year, indicators.indicator_order, figures.actual_basis
