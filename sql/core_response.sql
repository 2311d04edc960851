-- Grain: period, credit_code
-- 含义：每个报告期每家应报样本机构一行：已采用、已退回还是未报，是否逾期。
-- Sources: late = accepted, but nothing acceptable had come by the due date. What came after the
--  cut-off counts in the next vintage (core_versions): until then its agency has not reported.
with frame as (
    select * from core_frame
    where is_sampled
),

periods as (
    select * from core_periods
),

versions as (
    select * from core_versions
    where form_code = 'flash_report'
),

submitted as (
    select
        period,
        credit_code,
        sum(case when submission_state = 'accepted' then 1 else 0 end) > 0 as is_accepted,
        sum(case when submission_state = 'refused' then 1 else 0 end) > 0 as is_refused,
        sum(case when submission_state <> 'refused' and not is_late then 1 else 0 end) > 0
            as is_in_time
    from versions
    group by period, credit_code
)

select
    frame.period,
    frame.credit_code,
    frame.reporting_unit_code,
    case
        when submitted.is_accepted then 'accepted'
        when submitted.is_refused then 'refused'
        else 'missing'
    end as status,
    coalesce(submitted.is_accepted and not submitted.is_in_time, false) as is_late
from frame
inner join periods on frame.period = periods.period
left join submitted
    on
        frame.period = submitted.period
        and frame.credit_code = submitted.credit_code
order by frame.period, frame.credit_code
