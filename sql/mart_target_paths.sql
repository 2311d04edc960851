-- Grain: target_id, path_date
-- 含义：政策目标路径：从基期到目标的应达值，时点数逐月末、年度水平逐年；两头和文件写明的年份之外都是插值参考线。
-- Sources: progress.md §2 (plan value, piecewise); stock by days, annual levels by years.
with targets as (
    select * from ref_targets
),

nodes as (
    select * from core_target_nodes
),

segments as (
    select * from core_target_segments
),

calendar as (
    select * from core_calendar
),

release as (
    select * from ref_release
),

between_nodes as (
    select
        segments.target_id,
        targets.kind,
        calendar.period,
        calendar.year,
        calendar.end_date,
        case targets.kind
            when 'stock'
                then
                    segments.from_value
                    + (segments.to_value - segments.from_value)
                    * date_diff('day', segments.from_date, calendar.end_date)
                    / date_diff('day', segments.from_date, segments.to_date)
            else
                segments.from_value
                + (segments.to_value - segments.from_value)
                * (cast(calendar.year as integer) - cast(segments.from_period as integer))
                / (cast(segments.to_period as integer) - cast(segments.from_period as integer))
        end as planned_value
    from segments
    inner join targets on segments.target_id = targets.target_id
    inner join calendar
        on
            segments.from_date < calendar.end_date
            and segments.to_date > calendar.end_date
    where targets.kind = 'stock' or calendar.is_year_end
),

points as (
    select
        target_id,
        kind,
        period,
        year,
        end_date as path_date,
        planned_value,
        '插值参考线' as node_type
    from between_nodes
    union all
    select
        nodes.target_id,
        targets.kind,
        concat(nodes.node_period, '-12') as period,
        nodes.node_period as year,
        nodes.node_date as path_date,
        cast(nodes.node_value as double) as planned_value,
        nodes.node_type
    from nodes
    inner join targets on nodes.target_id = targets.target_id
)

select
    release.release_id,
    points.target_id,
    points.path_date,
    case points.kind when 'stock' then points.period else points.year end as path_period,
    points.planned_value,
    points.node_type
from points
cross join release
order by points.target_id, points.path_date
