-- Grain: period, geography, credit_code
-- 含义：名录内未退出的机构每家每期在调整前、后的区划中各归哪个地区一行；不能确定的归“未能承接”。
-- Sources: codes of the register in force are of the geography that its own month reports in. An
--  agency counts once: where a functional area reports for it and the geography has that area,
--  there; else in its district, by core_recoded_areas where the change concerns it.
with agencies as (
    select * from core_registered_agencies
    where is_living
),

frame_sources as (
    select
        *,
        case when is_year_end then concat(period, '-12') else period end as month
    from core_frame_sources
),

geographies as (
    select
        geography,
        coalesce(valid_from, '0000-01') as valid_from,
        coalesce(valid_to, '9999-12') as valid_to
    from ref_geographies
),

functional_areas as (
    select * from ref_areas
    where area_type = 'functional_area'
),

recoded_areas as (
    select * from core_recoded_areas
),

changed_districts as (
    select distinct
        coded_geography,
        district_code,
        geography
    from ref_area_successions
),

memberships as (
    select
        agencies.period,
        geographies.geography,
        agencies.credit_code,
        case
            when coded.geography = geographies.geography then agencies.area_code
            when functional_areas.area_code is not null then agencies.area_code
            when changed_districts.district_code is not null
                then coalesce(recoded_areas.area_code, 'UNPLACED')
            else agencies.district_code
        end as area_code,
        frame_sources.month between geographies.valid_from and geographies.valid_to as is_in_force
    from agencies
    inner join frame_sources on agencies.period = frame_sources.period
    inner join geographies as coded
        on frame_sources.register_period between coded.valid_from and coded.valid_to
    cross join geographies
    left join functional_areas
        on
            agencies.area_code = functional_areas.area_code
            and geographies.valid_from <= coalesce(functional_areas.valid_to, '9999-12')
    left join changed_districts
        on
            coded.geography = changed_districts.coded_geography
            and agencies.district_code = changed_districts.district_code
            and geographies.geography = changed_districts.geography
    left join recoded_areas
        on
            coded.geography = recoded_areas.coded_geography
            and agencies.district_code = recoded_areas.district_code
            and coalesce(agencies.township, '') = recoded_areas.township
            and geographies.geography = recoded_areas.geography
)

select
    period,
    geography,
    credit_code,
    area_code,
    is_in_force
from memberships
order by period, geography, credit_code
