-- Grain: target_id, from_period
-- 含义：每个目标路径的分段：相邻两个结点之间一行，中间按直线内插。
-- Sources: progress.md §2, plan value P(d) = b + τ(T − b), piecewise.
with nodes as (
    select * from core_target_nodes
)

select
    starts.target_id,
    starts.node_period as from_period,
    starts.node_date as from_date,
    cast(starts.node_value as double) as from_value,
    ends.node_period as to_period,
    ends.node_date as to_date,
    cast(ends.node_value as double) as to_value
from nodes as starts
inner join nodes as ends
    on
        starts.target_id = ends.target_id
        and starts.node_no + 1 = ends.node_no
order by starts.target_id, starts.node_period
