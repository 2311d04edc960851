-- Grain: period, domain_type, domain_code, credit_code
-- 含义：每家机构在每种分组中一行：全市、地区（该期报送所用的区划，以及调整前、后的区划）、主要业务类型、机构类型。
-- Sources: domains of estimation.md §Formulas (d = 0 or 1 for each agency); area_2020 and area_2025
--  are the two geographies side by side, area the one in force in the period.
with frame as (
    select * from core_frame
),

areas as (
    select * from core_area_memberships
),

city as (
    select * from ref_areas
    where area_type = 'city'
),

memberships as (
    select
        frame.period,
        'city' as domain_type,
        city.area_code as domain_code,
        frame.credit_code
    from frame
    cross join city
    union all
    select
        frame.period,
        'area' as domain_type,
        areas.area_code as domain_code,
        frame.credit_code
    from frame
    inner join areas
        on
            frame.period = areas.period
            and frame.credit_code = areas.credit_code
    where areas.is_in_force
    union all
    select
        frame.period,
        concat('area_', areas.geography) as domain_type,
        areas.area_code as domain_code,
        frame.credit_code
    from frame
    inner join areas
        on
            frame.period = areas.period
            and frame.credit_code = areas.credit_code
    union all
    select
        period,
        'business_line' as domain_type,
        business_line as domain_code,
        credit_code
    from frame
    union all
    select
        period,
        'institution_type' as domain_type,
        institution_type as domain_code,
        credit_code
    from frame
)

select
    period,
    domain_type,
    domain_code,
    credit_code
from memberships
order by period, domain_type, domain_code, credit_code
