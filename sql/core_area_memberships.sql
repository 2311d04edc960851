-- Grain: period, geography, credit_code
-- 含义：名录内的机构每家每期在调整前、后的区划中各归哪个地区、在哪个区县、由谁报送一行；不能确定的归“未能承接”，由市级直报。
-- Sources: codes are of the geography in which the month of the register or event that tells them
--  reports. An agency counts once: where a functional area reports for it and the geography has
--  that area, there; else in its district, by core_recoded_areas where the change concerns it. It
--  goes on with its reporting unit where the geography has that, and with its district otherwise.
with agencies as (
    select * from core_registered_agencies
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

city as (
    select * from ref_areas
    where area_type = 'city'
),

reporting_units as (
    select * from ref_reporting_units
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

placed as (
    select
        agencies.period,
        geographies.geography,
        geographies.valid_from,
        geographies.valid_to,
        agencies.credit_code,
        agencies.reporting_unit_code,
        functional_areas.area_code as functional_area_code,
        agencies.district_code = agencies.reporting_unit_code as is_own_district,
        case
            when coded.geography = geographies.geography then agencies.district_code
            when changed_districts.district_code is null then agencies.district_code
            else coalesce(recoded_areas.area_code, 'UNPLACED')
        end as district_code,
        frame_sources.month between geographies.valid_from and geographies.valid_to as is_in_force
    from agencies
    inner join frame_sources on agencies.period = frame_sources.period
    inner join geographies as coded
        on agencies.coded_month between coded.valid_from and coded.valid_to
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
),

reported as (
    select
        placed.*,
        reporting_units.reporting_unit_code as unit_there
    from placed
    left join reporting_units
        on
            placed.reporting_unit_code = reporting_units.reporting_unit_code
            and placed.valid_from <= coalesce(reporting_units.valid_to, '9999-12')
            and placed.valid_to >= coalesce(reporting_units.valid_from, '0000-01')
)

select
    reported.period,
    reported.geography,
    reported.credit_code,
    coalesce(reported.functional_area_code, reported.district_code) as area_code,
    nullif(reported.district_code, 'UNPLACED') as district_code,
    case
        when reported.is_own_district and reported.district_code <> 'UNPLACED'
            then reported.district_code
        when reported.unit_there is not null then reported.unit_there
        when reported.district_code <> 'UNPLACED' then reported.district_code
        else city.area_code
    end as reporting_unit_code,
    reported.is_in_force
from reported
cross join city
order by reported.period, reported.geography, reported.credit_code
