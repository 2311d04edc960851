-- Grain: period, indicator_code, measure_code, credit_code
-- 含义：每个可用的样本数据一行：权数、辅助变量和残差，即报送数减去比率与辅助变量之积；没有辅助变量的，残差就是报送数。
-- Sources: e = y − B x (estimation.md §Formulas).
with sample_values as (
    select * from core_sample_values
),

weights as (
    select * from core_weights
),

auxiliaries as (
    select * from core_auxiliaries
),

ratio_groups as (
    select * from core_ratio_groups
)

select
    sample_values.period,
    sample_values.indicator_code,
    sample_values.measure_code,
    sample_values.credit_code,
    weights.estimation_stratum_code,
    coalesce(ratio_groups.estimation_group_code, 'none') as estimation_group_code,
    weights.weight,
    sample_values.value,
    case
        when ratio_groups.group_coefficient is not null then auxiliaries.auxiliary_value else 0
    end as auxiliary_value,
    coalesce(ratio_groups.group_coefficient, 0) as group_coefficient,
    sample_values.value
    - coalesce(ratio_groups.group_coefficient * auxiliaries.auxiliary_value, 0) as residual
from sample_values
inner join weights
    on
        sample_values.period = weights.period
        and sample_values.indicator_code = weights.indicator_code
        and sample_values.stratum_code = weights.stratum_code
left join auxiliaries
    on
        sample_values.period = auxiliaries.period
        and sample_values.indicator_code = auxiliaries.indicator_code
        and sample_values.credit_code = auxiliaries.credit_code
left join ratio_groups
    on
        sample_values.period = ratio_groups.period
        and sample_values.indicator_code = ratio_groups.indicator_code
        and sample_values.measure_code = ratio_groups.measure_code
        and auxiliaries.ratio_group_code = ratio_groups.ratio_group_code
order by
    sample_values.period,
    sample_values.indicator_code,
    sample_values.measure_code,
    sample_values.credit_code
