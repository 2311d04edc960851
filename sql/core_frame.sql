-- Grain: period, credit_code
-- 含义：每个快报期、名录所属月份和年末（期为年份）在范围内的机构每家一行，取自各期末名录。
-- Sources: core_registered_agencies that have not left, without branches of a
--  counted parent (it reports for them). Who has let a licence expire is still asked, though not
--  counted. Those that a functional area reports for count there, all others in their division, so
--  that areas add up to the city (domain.md §0.1). District, area and reporting unit are those of
--  the period's own geography, whatever the register's codes; no district where none can be told.
--  Strata are those of the register sampled from.
--  Who goes on under a new code stays in the sample, and in its stratum.
with frame_sources as (
    select * from core_frame_sources
),

agencies as (
    select * from core_registered_agencies
    where is_living and not is_within_parent
),

register as (
    select * from stg_register
),

places as (
    select * from core_area_memberships
    where is_in_force
),

sample as (
    select * from stg_sample
),

refused_rows as (
    select distinct
        receipt_no,
        credit_code
    from core_problems
    where
        scope = 'agency'
        and severity = 'mandatory'
        -- A second row is left out by the intake; the agency itself is there all the same.
        and rule_code <> 'duplicate_agency'
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
    agencies.period,
    agencies.credit_code,
    agencies.agency_name,
    places.district_code,
    agencies.township,
    places.reporting_unit_code,
    places.area_code,
    agencies.institution_type,
    agencies.business_line,
    agencies.size_class,
    coalesce(designs.stratum_code, old_designs.stratum_code, agencies.stratum_code)
        as stratum_code,
    sampled.credit_code is not null or old_sampled.credit_code is not null as is_sampled
from agencies
inner join frame_sources on agencies.period = frame_sources.period
left join places
    on
        agencies.period = places.period
        and agencies.credit_code = places.credit_code
left join register as designs
    on
        frame_sources.design_receipt_no = designs.receipt_no
        and agencies.credit_code = designs.credit_code
left join register as old_designs
    on
        frame_sources.design_receipt_no = old_designs.receipt_no
        and agencies.predecessor_code = old_designs.credit_code
left join sampled
    on
        frame_sources.sample_receipt_no = sampled.receipt_no
        and agencies.credit_code = sampled.credit_code
left join sampled as old_sampled
    on
        frame_sources.sample_receipt_no = old_sampled.receipt_no
        and agencies.predecessor_code = old_sampled.credit_code
order by agencies.period, agencies.credit_code
