-- Grain: period, credit_code
-- 含义：每个报告期每家抽中的机构一行：已采用、已退回、未报，还是确认不在范围，是否逾期，是否截数前采用。
-- Sources: the whole sample in force, one status each (domain.md §1.6). Out of scope is who the
--  register of the period knows and no longer has in the frame at its end; who it does not know is
--  still asked; who goes on under a new code is asked under that. What came after the cut-off
--  counts in the next vintage (core_versions): until then its agency has not reported. Late =
--  accepted, but nothing acceptable had come by the due date; where no cut-off applies, nothing is.
--  Reporting units are those of the period; of a unit that has ended, who no register knows is the
--  city's.
with frame as (
    select * from core_frame
    where is_sampled
),

frame_sources as (
    select * from core_frame_sources
),

periods as (
    select * from core_periods
),

sample as (
    select * from stg_sample
),

registered as (
    select * from core_registered_agencies
),

places as (
    select * from core_area_memberships
    where is_in_force
),

city as (
    select * from ref_areas
    where area_type = 'city'
),

ended_units as (
    select
        reporting_unit_code,
        valid_to
    from ref_reporting_units
    where valid_to is not null
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

versions as (
    select * from core_versions
    where form_code = 'flash_report'
),

successors as (
    select
        period,
        predecessor_code,
        max(credit_code) as credit_code
    from registered
    where predecessor_code is not null
    group by period, predecessor_code
),

drawn as (
    select
        periods.period,
        coalesce(successors.credit_code, sample.credit_code) as credit_code,
        max(sample.agency_name) as agency_name,
        max(sample.reporting_unit_code) as reporting_unit_code,
        max(sample.stratum_code) as stratum_code
    from periods
    inner join frame_sources on periods.period = frame_sources.period
    inner join sample on frame_sources.sample_receipt_no = sample.receipt_no
    left join refused_rows
        on
            sample.receipt_no = refused_rows.receipt_no
            and sample.credit_code = refused_rows.credit_code
    left join successors
        on
            periods.period = successors.period
            and sample.credit_code = successors.predecessor_code
    where refused_rows.receipt_no is null
    group by periods.period, coalesce(successors.credit_code, sample.credit_code)
),

judged_versions as (
    select
        versions.period,
        versions.credit_code,
        versions.submission_state = 'accepted' as is_accepted,
        versions.submission_state = 'refused' as is_refused,
        versions.submission_state <> 'refused' and not versions.is_late as is_in_time,
        versions.submission_state <> 'refused'
        and (
            not periods.is_cut_off_applied
            or cast(versions.first_seen_at as date) <= periods.cut_off_date
        ) as is_by_cut_off
    from versions
    inner join periods on versions.period = periods.period
),

submitted as (
    select
        period,
        credit_code,
        max(cast(is_accepted as integer)) = 1 as is_accepted,
        max(cast(is_refused as integer)) = 1 as is_refused,
        max(cast(is_in_time as integer)) = 1 as is_in_time,
        max(cast(is_by_cut_off as integer)) = 1 as is_by_cut_off
    from judged_versions
    group by period, credit_code
),

answered as (
    select
        drawn.period,
        drawn.credit_code,
        coalesce(frame.agency_name, registered.agency_name, drawn.agency_name) as agency_name,
        coalesce(
            frame.reporting_unit_code, places.reporting_unit_code, drawn.reporting_unit_code
        ) as reporting_unit_code,
        coalesce(frame.stratum_code, drawn.stratum_code) as stratum_code,
        case
            when frame.credit_code is null and registered.credit_code is not null
                then 'out_of_scope'
            when submitted.is_accepted then 'accepted'
            when submitted.is_refused then 'refused'
            else 'missing'
        end as status,
        submitted.is_in_time,
        submitted.is_by_cut_off
    from drawn
    left join frame
        on
            drawn.period = frame.period
            and drawn.credit_code = frame.credit_code
    left join registered
        on
            drawn.period = registered.period
            and drawn.credit_code = registered.credit_code
    left join places
        on
            drawn.period = places.period
            and drawn.credit_code = places.credit_code
    left join submitted
        on
            drawn.period = submitted.period
            and drawn.credit_code = submitted.credit_code
)

select
    answered.period,
    answered.credit_code,
    answered.agency_name,
    case
        when ended_units.reporting_unit_code is null then answered.reporting_unit_code
        else city.area_code
    end as reporting_unit_code,
    answered.stratum_code,
    answered.status,
    answered.status = 'accepted' and not answered.is_in_time as is_late,
    answered.status = 'accepted' and answered.is_by_cut_off as is_accepted_by_cut_off
from answered
left join ended_units
    on
        answered.reporting_unit_code = ended_units.reporting_unit_code
        and answered.period > ended_units.valid_to
left join city on ended_units.reporting_unit_code is not null
order by answered.period, answered.credit_code
