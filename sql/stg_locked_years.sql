-- Grain: year
-- 含义：已锁定的年份每年一行：该年的年报数为最终核实数。
-- Sources: raw_decisions, lock and unlock of a whole year (no subject); the last one holds.
with decisions as (
    select * from raw_decisions
    where kind in ('lock', 'unlock') and subject is null and length(period) = 4
),

numbered as (
    select
        *,
        row_number() over (partition by period order by decision_no desc) as recency
    from decisions
)

select period as year
from numbered
where recency = 1 and kind = 'lock'
order by period
