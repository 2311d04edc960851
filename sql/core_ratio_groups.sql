-- Grain: period, indicator_code, measure_code, ratio_group_code
-- 含义：每个指标每个比率组一行：抽样框和样本推算的辅助变量合计，以及比率；样本不足的组合并为一组。
-- Sources: B = Σ w y / Σ w x over the respondents of a group (estimation.md §Formulas; Särndal,
--  Swensson and Wretman 1992, ch. 7). Groups with fewer respondents than the setting become one
--  (rest). A group whose auxiliary does not come to more than 0 in frame and sample has no row: it
--  is expanded. Combined ratio: all agencies are one group.
with auxiliaries as (
    select * from core_auxiliaries
),

sample_values as (
    select * from core_sample_values
),

weights as (
    select * from core_weights
),

settings as (
    select * from ref_settings
),

methods as (
    select * from ref_indicators
    where estimation_method <> 'expansion'
),

answers as (
    select
        sample_values.period,
        sample_values.indicator_code,
        sample_values.measure_code,
        auxiliaries.ratio_group_code,
        weights.weight,
        sample_values.value,
        auxiliaries.auxiliary_value
    from sample_values
    inner join methods on sample_values.indicator_code = methods.indicator_code
    inner join weights
        on
            sample_values.period = weights.period
            and sample_values.indicator_code = weights.indicator_code
            and sample_values.stratum_code = weights.stratum_code
    inner join auxiliaries
        on
            sample_values.period = auxiliaries.period
            and sample_values.indicator_code = auxiliaries.indicator_code
            and sample_values.credit_code = auxiliaries.credit_code
),

group_answers as (
    select
        period,
        indicator_code,
        measure_code,
        ratio_group_code,
        count(*) as respondent_count,
        sum(weight * auxiliary_value) as sample_total,
        sum(weight * value) as value_total
    from answers
    group by period, indicator_code, measure_code, ratio_group_code
),

measures as (
    select distinct
        period,
        indicator_code,
        measure_code
    from weights
),

group_totals as (
    select
        auxiliaries.period,
        auxiliaries.indicator_code,
        auxiliaries.ratio_group_code,
        sum(auxiliaries.auxiliary_value) as frame_total
    from auxiliaries
    group by auxiliaries.period, auxiliaries.indicator_code, auxiliaries.ratio_group_code
),

sized as (
    select
        measures.period,
        measures.indicator_code,
        measures.measure_code,
        group_totals.ratio_group_code,
        case
            when methods.estimation_method = 'combined-ratio' then 'all'
            when coalesce(group_answers.respondent_count, 0) < settings.ratio_group_minimum
                then 'rest'
            else group_totals.ratio_group_code
        end as estimation_group_code,
        coalesce(group_answers.respondent_count, 0) as respondent_count,
        group_totals.frame_total,
        coalesce(group_answers.sample_total, 0) as sample_total,
        coalesce(group_answers.value_total, 0) as value_total
    from measures
    cross join settings
    inner join methods on measures.indicator_code = methods.indicator_code
    inner join group_totals
        on
            measures.period = group_totals.period
            and measures.indicator_code = group_totals.indicator_code
    left join group_answers
        on
            measures.period = group_answers.period
            and measures.indicator_code = group_answers.indicator_code
            and measures.measure_code = group_answers.measure_code
            and group_totals.ratio_group_code = group_answers.ratio_group_code
),

pooled as (
    select
        period,
        indicator_code,
        measure_code,
        estimation_group_code,
        sum(respondent_count) as respondent_count,
        sum(frame_total) as frame_total,
        sum(sample_total) as sample_total,
        sum(value_total) as value_total
    from sized
    group by period, indicator_code, measure_code, estimation_group_code
    having sum(frame_total) > 0 and sum(sample_total) > 0
)

select
    sized.period,
    sized.indicator_code,
    sized.measure_code,
    sized.ratio_group_code,
    sized.estimation_group_code,
    cast(pooled.respondent_count as integer) as respondent_count,
    pooled.frame_total,
    pooled.sample_total,
    pooled.value_total / pooled.sample_total as group_coefficient
from sized
inner join pooled
    on
        sized.period = pooled.period
        and sized.indicator_code = pooled.indicator_code
        and sized.measure_code = pooled.measure_code
        and sized.estimation_group_code = pooled.estimation_group_code
order by sized.period, sized.indicator_code, sized.measure_code, sized.ratio_group_code
