-- Grain: target_id, node_no
-- 含义：每个目标路径上的结点：基期公布数、同一文件中更早年份的同一目标、目标本身。
-- Sources: progress.md §2 (piecewise through checkpoints). A checkpoint is an earlier target of the
--  same policy for the same indicator, area, kind and scope; where two stand for one year the first
--  one listed counts. Without a published base a path has no beginning, and no nodes. A stock is
--  counted by the register: its published base is put on that footing where a bridge is documented.
with targets as (
    select * from ref_targets
),

published as (
    select * from core_published
),

bridges as (
    select * from ref_bridges
    where from_source = 'published' and to_source = 'register'
),

bases as (
    select
        targets.target_id,
        targets.base_period as node_period,
        cast(published.value * coalesce(bridges.bridge_factor, 1) as decimal(20, 4))
            as node_value,
        '基期' as node_type
    from targets
    inner join published
        on
            targets.area_code = published.area_code
            and targets.base_period = published.year
            and targets.indicator_code = published.indicator_code
            and targets.base_source = 'published'
    left join bridges
        on
            targets.kind = 'stock'
            and targets.indicator_code = bridges.indicator_code
            and targets.base_period = bridges.bridge_period
),

written as (
    select
        targets.target_id,
        earlier.target_period as node_period,
        earlier.target_value as node_value,
        '文件指标' as node_type,
        row_number() over (
            partition by targets.target_id, earlier.target_period
            order by earlier.target_id <> targets.target_id, earlier.target_order
        ) as preference
    from targets
    inner join bases on targets.target_id = bases.target_id
    inner join targets as earlier
        on
            targets.policy_id = earlier.policy_id
            and targets.indicator_code = earlier.indicator_code
            and targets.area_code = earlier.area_code
            and targets.kind = earlier.kind
            and targets.unit_scope = earlier.unit_scope
            and coalesce(targets.revenue_basis, '') = coalesce(earlier.revenue_basis, '')
            and (
                targets.target_id = earlier.target_id
                or targets.target_period > earlier.target_period
            )
            and bases.node_period < earlier.target_period
),

nodes as (
    select
        target_id,
        node_period,
        node_value,
        node_type
    from bases
    union all
    select
        target_id,
        node_period,
        node_value,
        node_type
    from written
    where preference = 1
)

select
    target_id,
    cast(
        row_number() over (
            partition by target_id
            order by node_period
        ) as integer
    ) as node_no,
    node_period,
    make_date(cast(node_period as integer), 12, 31) as node_date,
    node_value,
    node_type
from nodes
order by target_id, node_no
