-- Grain: period, credit_code
-- 含义：每期（快报期或年份）每家应报机构一行：未报、已提交、区县初审、市级复审、锁定还是退回；过期没有审核的为未审。
-- Sources: the version that counts (core_received_versions) and the decisions in force on it
--  (core_review_decisions), locks. The review is due by the cut-off, which has passed where a file
--  came after it: no clock is asked; of a year, which has none, by the lock. Silence is never
--  approval. What came late is 已提交.
with frame as (
    select * from core_review_frame
),

periods as (
    select * from core_periods
),

versions as (
    select * from core_received_versions
),

decisions as (
    select * from core_review_decisions
    where decision_state = 'effective' and decision <> 'withdrawn'
),

locks as (
    select * from stg_locks
),

seen as (
    select cast(max(first_seen_at) as date) as seen_date
    from stg_files
),

cities as (
    select * from ref_areas
    where area_type = 'city'
),

submitted as (
    select
        period,
        credit_code,
        max(case when submission_state = 'accepted' then receipt_no end) as counted_receipt_no,
        sum(case when submission_state = 'late' then 1 else 0 end) > 0 as is_held
    from versions
    group by period, credit_code
),

decided as (
    select
        reviewed_receipt_no,
        credit_code,
        max(case when review_level = 'district' then decision end) as district_decision,
        max(case when review_level = 'city' then decision end) as city_decision
    from decisions
    group by reviewed_receipt_no, credit_code
),

-- What the city passed stands no longer once the district has withdrawn its own decision.
standing as (
    select
        frame.period,
        frame.credit_code,
        decided.district_decision,
        case
            when
                decided.district_decision is not null
                or decided.city_decision = 'returned'
                or cities.area_code is not null
                then decided.city_decision
        end as city_decision
    from frame
    inner join submitted
        on
            frame.period = submitted.period
            and frame.credit_code = submitted.credit_code
    inner join decided
        on
            submitted.counted_receipt_no = decided.reviewed_receipt_no
            and submitted.credit_code = decided.credit_code
    left join cities on frame.reporting_unit_code = cities.area_code
),

judged as (
    select
        frame.period,
        frame.credit_code,
        frame.reporting_unit_code,
        submitted.counted_receipt_no as reviewed_receipt_no,
        standing.district_decision,
        standing.city_decision,
        case
            when submitted.credit_code is null then 'missing'
            when submitted.counted_receipt_no is null and submitted.is_held then 'submitted'
            when submitted.counted_receipt_no is null then 'returned'
            when 'returned' in (standing.district_decision, standing.city_decision) then 'returned'
            when locks.period is not null then 'locked'
            when standing.city_decision is not null then 'city_reviewed'
            when standing.district_decision is not null then 'district_reviewed'
            else 'submitted'
        end as review_state,
        coalesce(standing.district_decision, standing.city_decision) is null
        and case
            when frame.period_type = 'Y' then locks.period is not null
            else seen.seen_date > periods.cut_off_date
        end as is_overdue
    from frame
    left join periods on frame.period = periods.period
    cross join seen
    left join submitted
        on
            frame.period = submitted.period
            and frame.credit_code = submitted.credit_code
    left join standing
        on
            frame.period = standing.period
            and frame.credit_code = standing.credit_code
    left join locks on frame.period = locks.period
),

marked as (
    select
        *,
        coalesce(review_state in ('submitted', 'locked') and is_overdue, false) as is_unreviewed
    from judged
)

select
    period,
    credit_code,
    reporting_unit_code,
    reviewed_receipt_no,
    district_decision,
    city_decision,
    review_state,
    case
        when review_state = 'missing' then '未报'
        when review_state = 'returned' then '退回'
        when review_state = 'city_reviewed' then '市级复审'
        when review_state = 'district_reviewed' then '区县初审'
        when review_state = 'locked' and is_unreviewed then '锁定（未审）'
        when review_state = 'locked' then '锁定'
        when is_unreviewed then '未审'
        else '已提交'
    end as review_label,
    is_unreviewed
from marked
order by period, credit_code
