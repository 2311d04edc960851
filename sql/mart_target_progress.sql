-- Grain: target_id, as_of_period
-- 含义：政策目标进度：每个目标在每个数据截止期一行，含实际值及其区间、完成率、序时对照、判定和说明。
-- Sources: progress.md Decisions (an estimate may at most say 快报测算预计达到; only the year-end
--  register or the census says 已达成 or 未达成; a measured base beyond the target is 提前实现) and
--  §2 Status (K ≥ 1.05, .95, .60, 0; φ < .20 is 起步期; an interval across a cut-off prints both
--  classes). Forecasts are not made yet.
with targets as (
    select * from ref_targets
),

progress as (
    select * from core_target_progress
),

nodes as (
    select * from core_target_nodes
),

institutions as (
    select * from core_institutions
),

published as (
    select * from core_published
),

release as (
    select * from ref_release
),

bridges as (
    select * from ref_bridges
    where from_source = 'published' and to_source = 'register'
),

-- A target that the register counts, and the base on its footing.
bridged as (
    select
        targets.target_id,
        bridges.bridge_factor,
        bridges.bridge_document
    from targets
    inner join bridges
        on
            targets.indicator_code = bridges.indicator_code
            and targets.base_period = bridges.bridge_period
    where targets.kind = 'stock'
),

-- The register's own count at the base date, where the published base is of another making.
unbridged as (
    select
        targets.target_id,
        institutions.institution_count,
        published.value as published_value
    from targets
    inner join published
        on
            targets.area_code = published.area_code
            and targets.base_period = published.year
            and targets.indicator_code = published.indicator_code
    inner join institutions
        on
            targets.area_code = institutions.domain_code
            and targets.base_period = institutions.period
            and institutions.domain_type in ('city', 'area')
    where
        targets.indicator_code = 'institutions'
        and abs(institutions.institution_count - published.value) > published.half_rounding
),

ratios as (
    select
        *,
        coalesce(schedule_ratio_low, schedule_ratio) as ratio_low,
        coalesce(schedule_ratio_high, schedule_ratio) as ratio_high
    from progress
),

classed as (
    select
        *,
        -- Classes that do not touch have others between them.
        ratio_high >= 1.05 and ratio_low < 0.95
        or ratio_high >= 0.95 and ratio_low < 0.60
        or ratio_high >= 0.60 and ratio_low < 0 as is_wide,
        case
            when ratio_low >= 1.05 then '快于预期'
            when ratio_low >= 0.95 then '基本符合'
            when ratio_low >= 0.60 then '略慢'
            when ratio_low >= 0 then '滞后'
            when ratio_low < 0 then '倒退'
        end as low_class,
        case
            when ratio_high >= 1.05 then '快于预期'
            when ratio_high >= 0.95 then '基本符合'
            when ratio_high >= 0.60 then '略慢'
            when ratio_high >= 0 then '滞后'
            when ratio_high < 0 then '倒退'
        end as high_class
    from ratios
),

judged as (
    select
        classed.*,
        case
            when classed.actual_basis = 'census' and classed.is_low_met then '已达成'
            when classed.actual_basis = 'census' and not classed.is_high_met then '未达成'
            when classed.actual_basis = 'census' then '结果待定'
            when
                targets.kind = 'stock'
                and classed.datum_date < classed.target_date
                and classed.is_base_met
                then case when classed.is_met then '提前实现' else '达成后回落' end
            when targets.kind = 'stock' and classed.datum_date < classed.target_date then '进行中'
            when classed.actual_value is null and classed.datum_date = classed.target_date
                then '结果待定'
            when targets.kind = 'stock' and classed.is_met then '已达成'
            when targets.kind = 'stock' then '未达成'
            when classed.phase <> 'before' and classed.is_low_met then '快报测算预计达到'
            when classed.datum_date < classed.target_date then '进行中'
            when not classed.is_high_met then '快报测算预计未达到'
            else '快报测算尚难判定'
        end as verdict
    from classed
    inner join targets on classed.target_id = targets.target_id
),

stock_notes as (
    select
        judged.target_id,
        judged.as_of_period,
        case
            when judged.verdict = '结果待定'
                then concat(targets.target_period, '年末的机构名录尚未收到，结果待定。')
            when judged.actual_value is null then '没有同口径的名录数。'
            when judged.verdict in ('提前实现', '达成后回落')
                then concat('公布的', targets.base_period, '年基期数已达到目标值。')
            when judged.datum_date = judged.target_date
                then concat('名录数，以', targets.target_period, '年末名录为准，期后不再变动。')
            when judged.is_met
                then
                    concat(
                        case targets.comparator when '>' then '名录数已超过' else '名录数已达到' end,
                        '目标值，以', targets.target_period, '年末为准。'
                    )
            else concat('名录数，', targets.target_period, '年末前不作达成判定。')
        end as datum_note,
        case
            when judged.base_value is null
                then concat('没有', targets.base_period, '年的公布数，不计算序时进度。')
            when bridged.target_id is not null
                then
                    concat(
                        targets.base_period, '年公布数按系数',
                        cast(bridged.bridge_factor as varchar), '衔接到名录口径（',
                        bridged.bridge_document, '）。'
                    )
            when unbridged.target_id is not null
                then
                    concat(
                        '口径未衔接：名录回溯', targets.base_period, '年末为',
                        cast(unbridged.institution_count as varchar), '家，公布数为',
                        cast(cast(unbridged.published_value as bigint) as varchar),
                        '家，序时进度仅供参考。'
                    )
        end as basis_note
    from judged
    inner join targets on judged.target_id = targets.target_id
    left join unbridged on judged.target_id = unbridged.target_id
    left join bridged on judged.target_id = bridged.target_id
    where targets.kind = 'stock'
),

annual_notes as (
    select
        judged.target_id,
        judged.as_of_period,
        case
            when judged.actual_basis = 'census'
                then
                    concat(
                        targets.target_period, '年', judged.data_status, '，年末名录',
                        cast(judged.frame_count as varchar), '家中已报',
                        cast(judged.reported_count as varchar), '家',
                        case
                            when judged.out_of_scope_count > 0
                                then
                                    concat(
                                        '，停业、关闭等',
                                        cast(judged.out_of_scope_count as varchar), '家'
                                    )
                            else ''
                        end,
                        case
                            when judged.missing_count = 0 then '，全部报齐。'
                            else
                                concat(
                                    '，未报', cast(judged.missing_count as varchar),
                                    '家的推算数占',
                                    cast(
                                        cast(
                                            coalesce(judged.estimated_pct, 0) as decimal(10, 2)
                                        ) as varchar
                                    ), '%',
                                    case
                                        when judged.verdict = '结果待定'
                                            then '，推算误差范围内可能达到也可能达不到目标，结果待定。'
                                        else '，已计入推算误差。'
                                    end
                                )
                        end
                    )
            when judged.verdict = '结果待定'
                then concat(targets.target_period, '年年报数和12月快报数均未取得，结果待定。')
            when judged.actual_value is null then '本期没有可发布的同口径快报数。'
            when judged.datum_date = judged.target_date
                then
                    concat(
                        '快报数由抽样推算，', targets.target_period,
                        '年全年以年报数为准，不作达成判定。'
                    )
            when judged.phase = 'target_year'
                then
                    concat(
                        '快报数由抽样推算，达成与否以', targets.target_period, '年年报数为准。'
                    )
            when judged.level_type = '文件指标'
                then
                    concat(
                        '快报数由抽样推算，按同一文件的', judged.as_of_year,
                        '年指标对照，不计本目标的完成率。'
                    )
            when judged.level_type = '插值参考线'
                then
                    concat(
                        '快报数由抽样推算，文件没有', judged.as_of_year,
                        '年指标，按插值参考线（非文件指标）对照，不计完成率。'
                    )
            else concat('快报数由抽样推算，没有', judged.as_of_year, '年的对照值。')
        end as datum_note,
        case targets.revenue_basis
            when 'incl_pass_through' then '收入口径按假定A1：含代收代付，许可和备案机构。'
            when 'excl_pass_through' then '收入口径按假定A1：不含代收代付，许可和备案机构。'
        end as basis_note
    from judged
    inner join targets on judged.target_id = targets.target_id
    where targets.kind = 'annual_level'
),

notes as (
    select * from stock_notes
    union all
    select * from annual_notes
)

select
    release.release_id,
    targets.target_id,
    targets.policy_id,
    targets.document_no,
    targets.clause,
    targets.quote,
    targets.lead_department,
    targets.indicator_code,
    targets.area_code,
    targets.kind,
    targets.comparator,
    targets.revenue_basis,
    targets.unit_scope,
    targets.base_period,
    bases.node_value as base_value,
    targets.base_source,
    targets.target_period,
    targets.target_value,
    targets.target_value_high,
    targets.unit,
    judged.as_of_period,
    judged.actual_value,
    judged.actual_basis,
    judged.data_status,
    bridged.bridge_factor,
    judged.standard_error,
    judged.ci_low,
    judged.ci_high,
    judged.estimated_pct,
    judged.completion_pct,
    judged.planned_value,
    judged.schedule_gap_pp,
    judged.schedule_ratio,
    judged.months_ahead,
    judged.required_pace,
    case
        when judged.verdict in ('已达成', '未达成') then judged.verdict
        when judged.low_class is null then null
        when judged.planned_share < 0.20 then '起步期'
        when judged.low_class = judged.high_class then judged.low_class
        when judged.is_wide then concat(judged.low_class, '至', judged.high_class)
        else concat(judged.high_class, '或', judged.low_class)
    end as schedule_status,
    cast(null as double) as forecast_value,
    cast(null as double) as forecast_low,
    cast(null as double) as forecast_high,
    cast(null as double) as attainment_probability,
    cast(null as varchar) as outlook_status,
    judged.verdict,
    concat(notes.datum_note, notes.basis_note) as verdict_note
from judged
inner join targets on judged.target_id = targets.target_id
inner join notes
    on
        judged.target_id = notes.target_id
        and judged.as_of_period = notes.as_of_period
left join bridged on judged.target_id = bridged.target_id
left join nodes as bases
    on
        judged.target_id = bases.target_id
        and bases.node_type = '基期'
cross join release
order by targets.target_order, judged.as_of_period
