-- Grain: geography, period, area_code, indicator_code, measure_code
-- 含义：调整前、后两种区划并列的各地区每月数据和同比：每种区划、报告期、地区、指标、口径一行，重新归并的予以标明。
-- Sources: core_monthly_figures of the two geographies, estimated like every other domain
--  (domain.md §0.1, §4.1). 同比 compares like with like in one geography; of areas that the change
--  concerns it is left out where agencies could not be placed in either period, or where the
--  geography is no longer used.
with figures as (
    select * from core_monthly_figures
    where
        indicator_code in (
            'revenue_incl', 'placements', 'institutions', 'people_served', 'employers_served'
        )
),

geographies as (
    select
        *,
        concat('area_', geography) as domain_type
    from ref_geographies
),

areas as (
    select
        *,
        coalesce(valid_from, valid_to, redrawn_from) is not null as is_changed
    from ref_areas
),

institutions as (
    select * from core_institutions
),

release as (
    select * from ref_release
),

unplaced as (
    select
        institutions.period,
        geographies.geography,
        institutions.institution_count
    from institutions
    inner join areas on institutions.domain_code = areas.area_code
    inner join geographies on institutions.domain_type = geographies.domain_type
    where areas.area_type = 'unplaced'
),

placed as (
    select
        geographies.geography,
        figures.*,
        concat(
            cast(cast(substr(figures.period, 1, 4) as integer) - 1 as varchar),
            substr(figures.period, 5)
        ) as period_last_year,
        figures.period not between
        coalesce(geographies.valid_from, '0000-01') and coalesce(geographies.valid_to, '9999-12')
            as is_recoded,
        figures.period > coalesce(geographies.valid_to, '9999-12') as is_retired,
        geographies.change_note
    from figures
    inner join geographies on figures.domain_type = geographies.domain_type
),

compared as (
    select
        placed.*,
        areas.area_code,
        areas.area_name,
        areas.area_type,
        areas.group_2020 as area_group,
        areas.area_order,
        areas.is_changed,
        areas.redrawn_from is not null as has_series_break,
        last_year.value as value_last_year,
        last_year.period is not null as is_known_last_year,
        coalesce(unplaced.institution_count, 0) as unplaced_count,
        coalesce(unplaced_last_year.institution_count, 0) as unplaced_last_year_count
    from placed
    inner join areas on placed.domain_code = areas.area_code
    left join placed as last_year
        on
            placed.period_last_year = last_year.period
            and placed.geography = last_year.geography
            and placed.domain_code = last_year.domain_code
            and placed.indicator_code = last_year.indicator_code
            and placed.measure_code = last_year.measure_code
    left join unplaced
        on
            placed.period = unplaced.period
            and placed.geography = unplaced.geography
    left join unplaced as unplaced_last_year
        on
            placed.period_last_year = unplaced_last_year.period
            and placed.geography = unplaced_last_year.geography
),

explained as (
    select
        *,
        case
            when area_type = 'unplaced' then '不能确定归哪个区县的机构，不作同比'
            when is_changed and is_retired then '该区划已停用，调整所涉地区不作同比'
            when is_changed and unplaced_count + unplaced_last_year_count > 0
                then concat(
                    '有机构未能承接（本期', cast(unplaced_count as varchar), '家，上年同期',
                    cast(unplaced_last_year_count as varchar), '家），前后不可比'
                )
            when not is_known_last_year then '没有上年同期数'
            when value is null or value_last_year is null then '本期或上年同期的数不发布'
            when value_last_year = 0 then '上年同期为零'
        end as growth_note
    from compared
)

select
    release.release_id,
    explained.geography,
    explained.period,
    explained.area_code,
    explained.area_name,
    explained.area_type,
    explained.area_group,
    explained.area_order,
    explained.is_recoded,
    explained.has_series_break,
    explained.indicator_code,
    explained.indicator_name,
    explained.measure_code,
    explained.value,
    explained.value_last_year,
    case
        when explained.growth_note is null
            then 100 * (explained.value / explained.value_last_year - 1)
    end as growth_pct,
    explained.growth_note,
    explained.standard_error,
    explained.ci_low,
    explained.ci_high,
    explained.cv_pct,
    explained.unit,
    explained.display_unit,
    explained.display_factor,
    explained.revenue_basis,
    explained.unit_scope,
    explained.respondent_count,
    explained.sampled_count,
    explained.frame_count,
    explained.actual_basis,
    explained.data_status,
    explained.estimation_method,
    explained.publication_status,
    concat(
        case explained.area_type
            when 'functional_area' then '由该功能区报送的机构，不计入所在区县。'
            when 'unplaced' then '街道（镇）没有填写、认不出或分不出归属，不能确定归哪个区县的机构。'
            else '不含由功能区报送的机构。'
        end,
        case when explained.is_recoded then '重新归并的数，不是当期按该区划报送的数。' else '' end,
        case when explained.is_changed then explained.change_note else '' end
    ) as note
from explained
cross join release
order by
    explained.geography,
    explained.period,
    explained.area_order,
    explained.indicator_order,
    explained.measure_code
