-- Grain: period
-- 含义：现在锁定的报告期每期一行（年报为年份）：何时、由谁、为何锁定；已解锁的不在内。
-- Sources: raw_decisions; the last lock or unlock of a period counts.
with decisions as (
    select * from raw_decisions
    where kind in ('lock', 'unlock')
),

ranked as (
    select
        *,
        row_number() over (
            partition by period
            order by decision_no desc
        ) as recency
    from decisions
)

select
    period,
    decided_at as locked_at,
    person as locked_by,
    reason
from ranked
where recency = 1 and kind = 'lock'
order by period
