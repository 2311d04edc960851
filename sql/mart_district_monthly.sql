-- Grain: period, area_code, indicator_code, measure_code
-- 含义：各区县和功能区每月数据：每个报告期、地区、指标、口径一行；由功能区报送的机构计入功能区，不计入所在区县。
-- Sources: core_monthly_figures of areas; five indicators only, in the order of adcodes.
with figures as (
    select * from core_monthly_figures
    where
        domain_type = 'area'
        and indicator_code in (
            'revenue_incl', 'placements', 'institutions', 'people_served', 'employers_served'
        )
),

areas as (
    select * from ref_areas
),

release as (
    select * from ref_release
)

select
    release.release_id,
    figures.period,
    areas.area_code,
    areas.area_name,
    areas.area_type,
    areas.group_2020 as area_group,
    areas.area_order,
    figures.period >= coalesce(areas.redrawn_from, '9999-12') as has_series_break,
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
    figures.publication_status,
    case
        when areas.area_type = 'functional_area' then '由该功能区报送的机构，不计入所在区县。'
        when areas.area_type = 'unplaced'
            then '街道（镇）没有填写或认不出，不能确定由哪个区县承接的机构。'
        when figures.period >= areas.redrawn_from
            then concat(
                '不含由功能区报送的机构。地域自', areas.redrawn_from,
                '起有变，与此前的数不可比，可比的数见按新地域重新归并的数据。'
            )
        else '不含由功能区报送的机构。'
    end as note
from figures
inner join areas on figures.domain_code = areas.area_code
cross join release
order by figures.period, areas.area_order, figures.indicator_order, figures.measure_code
