-- Grain: period, domain_type, domain_code, indicator_code, measure_code, estimation_group_code
-- 含义：每个分组、指标、比率组一行：抽样框内辅助变量的合计，由样本推算的合计，和报送数的推算合计。
-- Sources: X_dg = Σ x over the frame, X̂_dg = Σ w x and Σ w y over the respondents
--  (estimation.md §Formulas).
with auxiliaries as (
    select * from core_auxiliaries
),

ratio_groups as (
    select * from core_ratio_groups
),

residuals as (
    select * from core_residuals
    where estimation_group_code <> 'none'
),

domains as (
    select * from core_domains
),

frame_totals as (
    select
        auxiliaries.period,
        domains.domain_type,
        domains.domain_code,
        auxiliaries.indicator_code,
        auxiliaries.ratio_group_code,
        sum(auxiliaries.auxiliary_value) as frame_total
    from auxiliaries
    inner join domains
        on
            auxiliaries.period = domains.period
            and auxiliaries.credit_code = domains.credit_code
    group by
        auxiliaries.period,
        domains.domain_type,
        domains.domain_code,
        auxiliaries.indicator_code,
        auxiliaries.ratio_group_code
),

estimation_groups as (
    select
        frame_totals.period,
        frame_totals.domain_type,
        frame_totals.domain_code,
        frame_totals.indicator_code,
        ratio_groups.measure_code,
        ratio_groups.estimation_group_code,
        sum(frame_totals.frame_total) as frame_total
    from frame_totals
    inner join ratio_groups
        on
            frame_totals.period = ratio_groups.period
            and frame_totals.indicator_code = ratio_groups.indicator_code
            and frame_totals.ratio_group_code = ratio_groups.ratio_group_code
    group by
        frame_totals.period,
        frame_totals.domain_type,
        frame_totals.domain_code,
        frame_totals.indicator_code,
        ratio_groups.measure_code,
        ratio_groups.estimation_group_code
),

sample_totals as (
    select
        residuals.period,
        domains.domain_type,
        domains.domain_code,
        residuals.indicator_code,
        residuals.measure_code,
        residuals.estimation_group_code,
        sum(residuals.weight * residuals.auxiliary_value) as sample_total,
        sum(residuals.weight * residuals.value) as value_total
    from residuals
    inner join domains
        on
            residuals.period = domains.period
            and residuals.credit_code = domains.credit_code
    group by
        residuals.period,
        domains.domain_type,
        domains.domain_code,
        residuals.indicator_code,
        residuals.measure_code,
        residuals.estimation_group_code
)

select
    estimation_groups.period,
    estimation_groups.domain_type,
    estimation_groups.domain_code,
    estimation_groups.indicator_code,
    estimation_groups.measure_code,
    estimation_groups.estimation_group_code,
    estimation_groups.frame_total,
    coalesce(sample_totals.sample_total, 0) as sample_total,
    coalesce(sample_totals.value_total, 0) as value_total
from estimation_groups
left join sample_totals
    on
        estimation_groups.period = sample_totals.period
        and estimation_groups.domain_type = sample_totals.domain_type
        and estimation_groups.domain_code = sample_totals.domain_code
        and estimation_groups.indicator_code = sample_totals.indicator_code
        and estimation_groups.measure_code = sample_totals.measure_code
        and estimation_groups.estimation_group_code = sample_totals.estimation_group_code
order by
    estimation_groups.period,
    estimation_groups.domain_type,
    estimation_groups.domain_code,
    estimation_groups.indicator_code,
    estimation_groups.measure_code,
    estimation_groups.estimation_group_code
