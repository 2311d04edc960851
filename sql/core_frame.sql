-- Grain: period, credit_code
-- 含义：每个快报期、名录所属月份和年末（期为年份）在范围内的机构每家一行，取自当期适用的机构名录。
-- Sources: in scope from 首次许可或备案日期 until 退出日期, at the period's end, unless refused. Those
--  that a functional area reports for count there, all others in their division, so that areas add
--  up to the city (domain.md §0.1).
with frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

sample as (
    select * from stg_sample
),

problems as (
    select * from core_problems
    where
        scope = 'agency'
        and severity = 'mandatory'
        -- A second row is left out by the intake; the agency itself is there all the same.
        and rule_code <> 'duplicate_agency'
),

functional_areas as (
    select * from ref_reporting_units
    where is_functional_area
),

refused_rows as (
    select distinct
        receipt_no,
        credit_code
    from problems
),

sampled as (
    select distinct
        sample.receipt_no,
        sample.credit_code
    from sample
    left join refused_rows
        on
            sample.receipt_no = refused_rows.receipt_no
            and sample.credit_code = refused_rows.credit_code
    where refused_rows.receipt_no is null
)

select
    frame_sources.period,
    register.credit_code,
    register.agency_name,
    register.district_code,
    register.township,
    register.reporting_unit_code,
    coalesce(functional_areas.reporting_unit_code, register.district_code) as area_code,
    register.institution_type,
    register.business_line,
    register.size_class,
    coalesce(designs.stratum_code, register.stratum_code) as stratum_code,
    sampled.credit_code is not null as is_sampled
from frame_sources
inner join register on frame_sources.register_receipt_no = register.receipt_no
left join register as designs
    on
        frame_sources.design_receipt_no = designs.receipt_no
        and register.credit_code = designs.credit_code
left join sampled
    on
        frame_sources.sample_receipt_no = sampled.receipt_no
        and register.credit_code = sampled.credit_code
left join functional_areas
    on register.reporting_unit_code = functional_areas.reporting_unit_code
left join refused_rows
    on
        register.receipt_no = refused_rows.receipt_no
        and register.credit_code = refused_rows.credit_code
where
    register.first_registered_date <= frame_sources.end_date
    and (register.exit_date is null or register.exit_date > frame_sources.end_date)
    and refused_rows.receipt_no is null
order by frame_sources.period, register.credit_code
