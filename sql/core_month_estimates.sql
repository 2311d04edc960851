-- Grain: period, domain_type, domain_code, indicator_code
-- 含义：由相邻两期累计数之差推算的本月数，每个分组每个指标一行，未经发布审查；没有上一期的没有行。
-- Sources: Y = Y_t − Y_t−1, each expanded with its own respondents; agencies count in the domain
--  they are in now, those that have left in their last one. V = V_t + V_t−1 − 2 Σ C_h with
--  C_h = N_t N_t−1 (n_c/(r_t r_t−1) − 1/max(N_t, N_t−1)) s_c(z_t, z_t−1) over the n_c agencies of
--  the stratum that answered in both (two overlapping simple random samples: Tam 1984, The
--  American Statistician 38: 288–289; Wood 2008, J. Official Statistics 24: 53–78); a stratum that
--  answered in full in either period is known there, so nothing varies with it. Degrees of freedom:
--  the fewer of the periods that have a sampling error.
with periods as (
    select * from core_periods
    where previous_period is not null
),

sample_values as (
    select * from core_sample_values
    where measure_code = 'ytd'
),

weights as (
    select * from core_weights
    where measure_code = 'ytd'
),

domains as (
    select * from core_domains
),

direct_estimates as (
    select * from core_direct_estimates
    where measure_code = 'ytd'
),

answers as (
    select
        sample_values.period,
        sample_values.indicator_code,
        sample_values.credit_code,
        weights.estimation_stratum_code,
        cast(weights.frame_count as double) as frame_count,
        cast(weights.respondent_count as double) as respondent_count,
        weights.weight,
        cast(sample_values.value as double) as value
    from sample_values
    inner join weights
        on
            sample_values.period = weights.period
            and sample_values.indicator_code = weights.indicator_code
            and sample_values.stratum_code = weights.stratum_code
),

answers_now as (
    select answers.*
    from answers
    inner join periods on answers.period = periods.period
),

answers_before as (
    select
        answers.*,
        periods.period as this_period
    from answers
    inner join periods on answers.period = periods.previous_period
),

-- The domains of now; of agencies that have left, the last ones.
placed as (
    select
        periods.period,
        domains.credit_code,
        domains.domain_type,
        domains.domain_code
    from domains
    inner join periods on domains.period = periods.period
    union all
    select
        periods.period,
        domains.credit_code,
        domains.domain_type,
        domains.domain_code
    from domains
    inner join periods on domains.period = periods.previous_period
    left join domains as domains_now
        on
            periods.period = domains_now.period
            and domains.credit_code = domains_now.credit_code
            and domains.domain_type = domains_now.domain_type
    where domains_now.credit_code is null
),

expanded as (
    select
        period,
        indicator_code,
        credit_code,
        weight * value as expanded_value
    from answers_now
    union all
    select
        this_period as period,
        indicator_code,
        credit_code,
        -weight * value as expanded_value
    from answers_before
),

differences as (
    select
        expanded.period,
        placed.domain_type,
        placed.domain_code,
        expanded.indicator_code,
        sum(expanded.expanded_value) as value
    from expanded
    inner join placed
        on
            expanded.period = placed.period
            and expanded.credit_code = placed.credit_code
    group by
        expanded.period,
        placed.domain_type,
        placed.domain_code,
        expanded.indicator_code
),

-- Strata that are estimated together in one period only are taken as independent.
answered_both as (
    select
        answers_now.period,
        answers_now.indicator_code,
        answers_now.credit_code,
        answers_now.estimation_stratum_code,
        answers_now.frame_count as frame_now,
        answers_before.frame_count as frame_before,
        answers_now.respondent_count as respondents_now,
        answers_before.respondent_count as respondents_before,
        answers_now.value as value_now,
        answers_before.value as value_before
    from answers_now
    inner join answers_before
        on
            answers_now.period = answers_before.this_period
            and answers_now.indicator_code = answers_before.indicator_code
            and answers_now.credit_code = answers_before.credit_code
            and answers_now.estimation_stratum_code = answers_before.estimation_stratum_code
),

stratum_factors as (
    select
        period,
        indicator_code,
        estimation_stratum_code,
        cast(count(*) as double) as common_count,
        case
            when
                max(respondents_now) = max(frame_now)
                or max(respondents_before) = max(frame_before)
                then 0
            else
                max(frame_now) * max(frame_before) * (
                    cast(count(*) as double) / (max(respondents_now) * max(respondents_before))
                    - 1 / greatest(max(frame_now), max(frame_before))
                )
        end as factor
    from answered_both
    group by period, indicator_code, estimation_stratum_code
),

domain_sums as (
    select
        answered_both.period,
        placed.domain_type,
        placed.domain_code,
        answered_both.indicator_code,
        answered_both.estimation_stratum_code,
        sum(answered_both.value_now) as sum_now,
        sum(answered_both.value_before) as sum_before,
        sum(answered_both.value_now * answered_both.value_before) as sum_product
    from answered_both
    inner join placed
        on
            answered_both.period = placed.period
            and answered_both.credit_code = placed.credit_code
    group by
        answered_both.period,
        placed.domain_type,
        placed.domain_code,
        answered_both.indicator_code,
        answered_both.estimation_stratum_code
),

covariances as (
    select
        domain_sums.period,
        domain_sums.domain_type,
        domain_sums.domain_code,
        domain_sums.indicator_code,
        sum(
            stratum_factors.factor
            * (
                domain_sums.sum_product
                - domain_sums.sum_now * domain_sums.sum_before / stratum_factors.common_count
            )
            / (stratum_factors.common_count - 1)
        ) as covariance
    from domain_sums
    inner join stratum_factors
        on
            domain_sums.period = stratum_factors.period
            and domain_sums.indicator_code = stratum_factors.indicator_code
            and domain_sums.estimation_stratum_code = stratum_factors.estimation_stratum_code
            and stratum_factors.common_count > 1
    group by
        domain_sums.period,
        domain_sums.domain_type,
        domain_sums.domain_code,
        domain_sums.indicator_code
)

select
    this_period.period,
    this_period.domain_type,
    this_period.domain_code,
    this_period.indicator_code,
    differences.value,
    case
        when this_period.variance is not null
            then greatest(
                this_period.variance + coalesce(previous.variance, 0)
                - 2 * coalesce(covariances.covariance, 0),
                0
            )
    end as variance,
    coalesce(
        least(
            nullif(this_period.degrees_of_freedom, 0), nullif(previous.degrees_of_freedom, 0)
        ),
        0
    ) as degrees_of_freedom,
    this_period.respondent_count,
    coalesce(previous.respondent_count, 0) as previous_respondent_count,
    this_period.is_estimable and coalesce(previous.is_estimable, false) as is_estimable
from direct_estimates as this_period
inner join periods on this_period.period = periods.period
left join direct_estimates as previous
    on
        periods.previous_period = previous.period
        and this_period.domain_type = previous.domain_type
        and this_period.domain_code = previous.domain_code
        and this_period.indicator_code = previous.indicator_code
left join differences
    on
        this_period.period = differences.period
        and this_period.domain_type = differences.domain_type
        and this_period.domain_code = differences.domain_code
        and this_period.indicator_code = differences.indicator_code
left join covariances
    on
        this_period.period = covariances.period
        and this_period.domain_type = covariances.domain_type
        and this_period.domain_code = covariances.domain_code
        and this_period.indicator_code = covariances.indicator_code
order by
    this_period.period,
    this_period.domain_type,
    this_period.domain_code,
    this_period.indicator_code
