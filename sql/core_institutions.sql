-- Grain: period, domain_type, domain_code
-- 含义：每个快报期、名录所属月份和年末（期为年份）每个分组的机构数和样本机构数一行；没有机构的分组也有一行，为 0。
-- Sources: counted in the register in force (名录计数); areas that exist in the month are all there,
--  and those of each geography; agencies that could not be placed have a row where there are any.
with frame_sources as (
    select
        *,
        case when is_year_end then concat(period, '-12') else period end as month
    from core_frame_sources
),

domains as (
    select * from core_domains
),

frame as (
    select * from core_frame
),

areas as (
    select * from ref_areas
),

geographies as (
    select * from ref_geographies
),

classifications as (
    select * from ref_classifications
),

expected as (
    select
        frame_sources.period,
        case areas.area_type when 'city' then 'city' else 'area' end as domain_type,
        areas.area_code as domain_code
    from frame_sources
    inner join areas
        on
            coalesce(areas.valid_from, '0000-01') <= frame_sources.month
            and frame_sources.month <= coalesce(areas.valid_to, '9999-12')
    where areas.area_type in ('city', 'district', 'functional_area')
    union all
    select
        frame_sources.period,
        concat('area_', geographies.geography) as domain_type,
        areas.area_code as domain_code
    from frame_sources
    cross join geographies
    inner join areas
        on
            coalesce(areas.valid_from, '0000-01') <= coalesce(geographies.valid_to, '9999-12')
            and coalesce(geographies.valid_from, '0000-01') <= coalesce(areas.valid_to, '9999-12')
    where areas.area_type in ('district', 'functional_area')
    union all
    select
        frame_sources.period,
        case classifications.classification_code
            when 'business_lines' then 'business_line'
            else 'institution_type'
        end as domain_type,
        classifications.item_code as domain_code
    from frame_sources
    cross join classifications
    where classifications.classification_code in ('business_lines', 'institution_types')
),

counted as (
    select
        domains.period,
        domains.domain_type,
        domains.domain_code,
        count(*) as institution_count,
        sum(case when frame.is_sampled then 1 else 0 end) as sampled_count
    from domains
    inner join frame
        on
            domains.period = frame.period
            and domains.credit_code = frame.credit_code
    group by domains.period, domains.domain_type, domains.domain_code
),

all_domains as (
    select * from expected
    union distinct
    select
        period,
        domain_type,
        domain_code
    from counted
)

select
    all_domains.period,
    all_domains.domain_type,
    all_domains.domain_code,
    cast(coalesce(counted.institution_count, 0) as integer) as institution_count,
    cast(coalesce(counted.sampled_count, 0) as integer) as sampled_count,
    frame_sources.register_period,
    frame_sources.is_year_end
from all_domains
inner join frame_sources on all_domains.period = frame_sources.period
left join counted
    on
        all_domains.period = counted.period
        and all_domains.domain_type = counted.domain_type
        and all_domains.domain_code = counted.domain_code
order by all_domains.period, all_domains.domain_type, all_domains.domain_code
