-- Grain: year, credit_code
-- 含义：有年报的每个年份，年末名录范围内的机构每家一行：已报、未报，或按其年报所填的运营状态不再在范围内。
-- Sources: core_frame at the year's end; scope by the group of operating_statuses in the catalog.
--  A form without the status says nothing against the register. Who did not report is in scope.
with frame as (
    select * from core_frame
),

submissions as (
    select * from stg_annual_submissions
),

versions as (
    select * from core_versions
    where form_code = 'annual_return' and submission_state = 'accepted'
),

statuses as (
    select * from ref_classifications
    where classification_code = 'operating_statuses'
),

years as (
    select distinct period as year
    from versions
),

accepted as (
    select
        versions.period,
        versions.credit_code,
        versions.receipt_no,
        submissions.operating_status
    from versions
    left join submissions
        on
            versions.receipt_no = submissions.receipt_no
            and versions.credit_code = submissions.credit_code
)

select
    years.year,
    frame.credit_code,
    frame.area_code,
    coalesce(frame.stratum_code, 'UNKNOWN') as stratum_code,
    accepted.operating_status,
    case
        when accepted.credit_code is null then 'missing'
        when statuses.item_group = 'out_of_scope' then 'out_of_scope'
        else 'reported'
    end as annual_state,
    accepted.receipt_no
from years
inner join frame on years.year = frame.period
left join accepted
    on
        frame.period = accepted.period
        and frame.credit_code = accepted.credit_code
left join statuses on accepted.operating_status = statuses.item_code
order by years.year, frame.credit_code
