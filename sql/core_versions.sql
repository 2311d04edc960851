-- Grain: receipt_no, credit_code
-- 含义：每家机构每次报送一行：是第几个版本，采用、被替代、逾期还是退回，没有采用的写明原因，是否晚于截止日期。
-- Sources: core_received_versions and their reviews (core_review_decisions). A version that was
--  returned still stands in the place of those before it: none counts until it reports anew.
with received as (
    select * from core_received_versions
),

returns as (
    select
        reviewed_receipt_no,
        credit_code,
        reason,
        row_number() over (
            partition by reviewed_receipt_no, credit_code
            order by receipt_no desc
        ) as recency
    from core_review_decisions
    where decision = 'returned' and decision_state = 'effective'
)

select
    received.receipt_no,
    received.credit_code,
    received.form_code,
    received.period,
    received.version_no,
    case
        when returns.credit_code is not null then 'refused'
        else received.submission_state
    end as submission_state,
    received.accepted_receipt_no,
    case
        when returns.credit_code is not null then concat('审核退回：', returns.reason)
        else received.version_note
    end as version_note,
    received.first_seen_at,
    received.is_late
from received
left join returns
    on
        received.receipt_no = returns.reviewed_receipt_no
        and received.credit_code = returns.credit_code
        and returns.recency = 1
order by received.receipt_no, received.credit_code
