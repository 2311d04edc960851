-- Grain: target_id, as_of_period
-- 含义：每个目标在每个数据截止期的进度测量一行：完成率、序时应达值、序时差、序时比、领先月数、所需速度。
-- Sources: progress.md §2, measures 1–7: b base, T target, y actual, P plan, d the datum's date.
--  Stock: P by days along the path, F = (y − b)/(T − b), φ = (P − b)/(T − b), months by inverting
--  the path, a month being 365.25/12 days. Annual level: P = level wanted for the year × elapsed
--  share; between the years of the text that level is interpolated by years (插值参考线) and gives
--  no completion rate.
with targets as (
    select * from ref_targets
),

data as (
    select * from core_target_data
),

segments as (
    select * from core_target_segments
),

bases as (
    select * from core_target_nodes
    where node_type = '基期'
),

dated as (
    select
        data.*,
        targets.kind,
        targets.comparator,
        targets.target_period,
        cast(targets.target_value as double) as target_value,
        cast(bases.node_value as double) as base_value,
        substr(data.as_of_period, 1, 4) as as_of_year,
        -- A base already beyond the target leaves no distance to go.
        case
            when targets.target_value > bases.node_value
                then cast(targets.target_value - bases.node_value as double)
        end as distance,
        least(data.as_of_date, data.target_date) as datum_date,
        date_diff('month', data.as_of_date, data.target_date) as months_left,
        case
            when substr(data.as_of_period, 1, 4) > targets.target_period then 'after'
            when substr(data.as_of_period, 1, 4) = targets.target_period then 'target_year'
            else 'before'
        end as phase
    from data
    inner join targets on data.target_id = targets.target_id
    left join bases on data.target_id = bases.target_id
),

-- The level wanted at the datum's date (stock) or for the whole year (annual level).
stock_levels as (
    select
        dated.target_id,
        dated.as_of_period,
        '文件指标' as level_type,
        segments.from_value
        + (segments.to_value - segments.from_value)
        * date_diff('day', segments.from_date, dated.datum_date)
        / date_diff('day', segments.from_date, segments.to_date) as level_value
    from dated
    inner join segments
        on
            dated.target_id = segments.target_id
            and dated.datum_date > segments.from_date
            and dated.datum_date <= segments.to_date
    where dated.kind = 'stock'
),

annual_levels as (
    select
        target_id,
        as_of_period,
        '文件指标' as level_type,
        target_value as level_value
    from dated
    where kind = 'annual_level' and phase <> 'before'
    union all
    select
        dated.target_id,
        dated.as_of_period,
        case
            when dated.as_of_year = segments.to_period then '文件指标' else '插值参考线'
        end as level_type,
        segments.from_value
        + (segments.to_value - segments.from_value)
        * (cast(dated.as_of_year as integer) - cast(segments.from_period as integer))
        / (cast(segments.to_period as integer) - cast(segments.from_period as integer))
            as level_value
    from dated
    inner join segments
        on
            dated.target_id = segments.target_id
            and dated.as_of_year > segments.from_period
            and dated.as_of_year <= segments.to_period
    where dated.kind = 'annual_level' and dated.phase = 'before'
),

levels as (
    select * from stock_levels
    union all
    select * from annual_levels
),

-- When the path passes the actual value: its first crossing.
crossings as (
    select
        dated.target_id,
        dated.as_of_period,
        min(
            date_diff('day', dated.datum_date, segments.from_date)
            + date_diff('day', segments.from_date, segments.to_date)
            * (dated.actual_value - segments.from_value)
            / (segments.to_value - segments.from_value)
        ) as days_ahead
    from dated
    inner join segments
        on
            dated.target_id = segments.target_id
            and dated.actual_value >= segments.from_value
            and dated.actual_value < segments.to_value
    where dated.kind = 'stock' and dated.actual_value < dated.target_value
    group by dated.target_id, dated.as_of_period
),

measured as (
    select
        dated.*,
        levels.level_type,
        levels.level_value,
        crossings.days_ahead,
        case
            when dated.kind = 'stock' then levels.level_value
            when dated.phase = 'after' then dated.target_value
            else levels.level_value * dated.elapsed_share
        end as planned_value,
        case
            when dated.kind = 'stock'
                then (dated.actual_value - dated.base_value) / dated.distance
            else dated.actual_value / nullif(levels.level_value, 0)
        end as achieved_share,
        case
            when dated.kind = 'stock'
                then (levels.level_value - dated.base_value) / dated.distance
            when dated.phase = 'after' then 1
            else dated.elapsed_share
        end as planned_share,
        case
            when dated.comparator = '>' then dated.actual_value > dated.target_value
            else dated.actual_value >= dated.target_value
        end as is_met,
        case
            when dated.comparator = '>' then dated.ci_low > dated.target_value
            else dated.ci_low >= dated.target_value
        end as is_low_met,
        case
            when dated.comparator = '>' then dated.ci_high > dated.target_value
            else dated.ci_high >= dated.target_value
        end as is_high_met
    from dated
    left join levels
        on
            dated.target_id = levels.target_id
            and dated.as_of_period = levels.as_of_period
    left join crossings
        on
            dated.target_id = crossings.target_id
            and dated.as_of_period = crossings.as_of_period
)

select
    target_id,
    as_of_period,
    as_of_year,
    datum_date,
    target_date,
    phase,
    level_type,
    elapsed_share,
    base_value,
    case
        when comparator = '>' then base_value > target_value else base_value >= target_value
    end as is_base_met,
    actual_value,
    actual_basis,
    data_status,
    standard_error,
    ci_low,
    ci_high,
    register_period,
    estimated_pct,
    reported_count,
    missing_count,
    out_of_scope_count,
    frame_count,
    is_met,
    is_low_met,
    is_high_met,
    case
        when kind = 'stock' or phase <> 'before' then 100 * actual_value / nullif(target_value, 0)
    end as completion_pct,
    planned_value,
    planned_share,
    100 * (achieved_share - planned_share) as schedule_gap_pp,
    achieved_share / nullif(planned_share, 0) as schedule_ratio,
    case when kind = 'annual_level' then ci_low / nullif(planned_value, 0) end
        as schedule_ratio_low,
    case when kind = 'annual_level' then ci_high / nullif(planned_value, 0) end
        as schedule_ratio_high,
    case
        when kind = 'annual_level' and phase <> 'after' then 12 * (achieved_share - planned_share)
        when kind = 'stock' and distance is not null and actual_value >= target_value
            then date_diff('day', datum_date, target_date) * 12 / 365.25
        when kind = 'stock' then days_ahead * 12 / 365.25
    end as months_ahead,
    case
        when kind = 'annual_level' and phase = 'before' then null
        when is_met then 0
        -- More than a count means one more at least.
        when months_left > 0 and comparator = '>'
            then (target_value + 1 - actual_value) / months_left
        when months_left > 0 then (target_value - actual_value) / months_left
    end as required_pace
from measured
order by target_id, as_of_period
