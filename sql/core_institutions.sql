-- Grain: period, domain_type, domain_code
-- 含义：每个快报期、名录所属月份和年末（期为年份）每个分组的机构数一行：计入的，其中歇业、失联的，名录中在范围内的和抽中的；没有机构的分组也有一行，为 0。
-- Sources: core_registered_agencies (名录计数), in the frame and its sample core_frame; areas that
--  exist in the month are all there, and those of each geography; agencies that could not be placed
--  have a row where there are any.
with frame_sources as (
    select
        *,
        case when is_year_end then concat(period, '-12') else period end as month
    from core_frame_sources
),

agencies as (
    select * from core_registered_agencies
    where is_living
),

frame as (
    select * from core_frame
),

area_memberships as (
    select * from core_area_memberships
),

city as (
    select * from ref_areas
    where area_type = 'city'
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

flagged as (
    select
        agencies.period,
        agencies.credit_code,
        agencies.business_line,
        agencies.institution_type,
        cast(agencies.is_counted as integer) as is_counted,
        cast(agencies.is_counted and agencies.register_status = 'suspended' as integer)
            as is_suspended,
        cast(agencies.is_counted and agencies.register_status = 'lost_contact' as integer)
            as is_lost,
        cast(frame.credit_code is not null as integer) as is_framed,
        case when frame.is_sampled then 1 else 0 end as is_sampled
    from agencies
    left join frame
        on
            agencies.period = frame.period
            and agencies.credit_code = frame.credit_code
),

memberships as (
    select
        flagged.*,
        'city' as domain_type,
        city.area_code as domain_code
    from flagged
    cross join city
    union all
    select
        flagged.*,
        'area' as domain_type,
        area_memberships.area_code as domain_code
    from flagged
    inner join area_memberships
        on
            flagged.period = area_memberships.period
            and flagged.credit_code = area_memberships.credit_code
    where area_memberships.is_in_force
    union all
    select
        flagged.*,
        concat('area_', area_memberships.geography) as domain_type,
        area_memberships.area_code as domain_code
    from flagged
    inner join area_memberships
        on
            flagged.period = area_memberships.period
            and flagged.credit_code = area_memberships.credit_code
    union all
    select
        *,
        'business_line' as domain_type,
        business_line as domain_code
    from flagged
    union all
    select
        *,
        'institution_type' as domain_type,
        institution_type as domain_code
    from flagged
),

counted as (
    select
        period,
        domain_type,
        domain_code,
        sum(is_counted) as institution_count,
        sum(is_suspended) as suspended_count,
        sum(is_lost) as lost_contact_count,
        sum(is_framed) as frame_count,
        sum(is_sampled) as sampled_count
    from memberships
    where domain_code is not null
    group by period, domain_type, domain_code
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
    cast(coalesce(counted.suspended_count, 0) as integer) as suspended_count,
    cast(coalesce(counted.lost_contact_count, 0) as integer) as lost_contact_count,
    cast(coalesce(counted.frame_count, 0) as integer) as frame_count,
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
