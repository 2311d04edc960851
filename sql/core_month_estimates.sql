-- Grain: period, domain_type, domain_code, indicator_code
-- 含义：由相邻两期累计数之差推算的本月数，每个分组每个指标一行，未经发布审查；没有上一期的没有行。
-- Sources: difference with unequal response (estimation.md §Formulas): u = w_t y_t − w_t−1 y_t−1,
--  absent = 0; Y = Σ u; V = Σ n_h (1 − f_h) · (Σ u² − (Σ u)²/n_h)/(n_h − 1), n_h = agencies that
--  responded in either period, f_h = n_h/N_h (at most 1).
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

frame as (
    select * from core_frame
),

weighted as (
    select
        sample_values.period,
        sample_values.indicator_code,
        sample_values.credit_code,
        sample_values.stratum_code,
        weights.weight * sample_values.value as weighted_value
    from sample_values
    inner join weights
        on
            sample_values.period = weights.period
            and sample_values.indicator_code = weights.indicator_code
            and sample_values.stratum_code = weights.stratum_code
),

both_periods as (
    select
        periods.period,
        weighted.period as value_period,
        weighted.indicator_code,
        weighted.credit_code,
        weighted.stratum_code,
        weighted.weighted_value
    from weighted
    inner join periods on weighted.period = periods.period
    union all
    select
        periods.period,
        weighted.period as value_period,
        weighted.indicator_code,
        weighted.credit_code,
        -- An agency stays in its stratum of now; one that has left, in its last one.
        coalesce(frame.stratum_code, weighted.stratum_code) as stratum_code,
        -weighted.weighted_value as weighted_value
    from weighted
    inner join periods on weighted.period = periods.previous_period
    left join frame
        on
            periods.period = frame.period
            and weighted.credit_code = frame.credit_code
),

in_strata as (
    select
        both_periods.period,
        both_periods.value_period,
        both_periods.indicator_code,
        both_periods.credit_code,
        weights.estimation_stratum_code,
        both_periods.weighted_value
    from both_periods
    inner join weights
        on
            both_periods.period = weights.period
            and both_periods.indicator_code = weights.indicator_code
            and both_periods.stratum_code = weights.stratum_code
),

wanted as (
    select distinct
        domain_type,
        indicator_code
    from direct_estimates
),

differences as (
    select
        in_strata.period,
        domains.domain_type,
        domains.domain_code,
        in_strata.indicator_code,
        in_strata.estimation_stratum_code,
        in_strata.credit_code,
        sum(in_strata.weighted_value) as u
    from in_strata
    inner join wanted on in_strata.indicator_code = wanted.indicator_code
    inner join domains
        on
            in_strata.value_period = domains.period
            and in_strata.credit_code = domains.credit_code
            and wanted.domain_type = domains.domain_type
    group by
        in_strata.period,
        domains.domain_type,
        domains.domain_code,
        in_strata.indicator_code,
        in_strata.estimation_stratum_code,
        in_strata.credit_code
),

strata as (
    select
        period,
        indicator_code,
        estimation_stratum_code,
        cast(count(*) as double) as either_count
    from differences
    where domain_type = 'city'
    group by period, indicator_code, estimation_stratum_code
),

stratum_sizes as (
    select distinct
        period,
        indicator_code,
        estimation_stratum_code,
        frame_count
    from weights
),

sampled_shares as (
    select
        strata.period,
        strata.indicator_code,
        strata.estimation_stratum_code,
        strata.either_count,
        case
            when strata.either_count < stratum_sizes.frame_count
                then 1 - strata.either_count / stratum_sizes.frame_count
            else 0
        end as missing_share
    from strata
    inner join stratum_sizes
        on
            strata.period = stratum_sizes.period
            and strata.indicator_code = stratum_sizes.indicator_code
            and strata.estimation_stratum_code = stratum_sizes.estimation_stratum_code
),

freedom as (
    select
        period,
        indicator_code,
        sum(case when missing_share > 0 then either_count - 1 else 0 end) as degrees_of_freedom
    from sampled_shares
    group by period, indicator_code
),

stratum_sums as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        estimation_stratum_code,
        sum(u) as sum_u,
        sum(u * u) as sum_u2
    from differences
    group by period, domain_type, domain_code, indicator_code, estimation_stratum_code
),

estimated_strata as (
    select
        stratum_sums.period,
        stratum_sums.domain_type,
        stratum_sums.domain_code,
        stratum_sums.indicator_code,
        stratum_sums.sum_u as value,
        case
            when shares.missing_share = 0 then 0
            when shares.either_count > 1
                then
                    shares.either_count * shares.missing_share
                    * greatest(
                        stratum_sums.sum_u2
                        - stratum_sums.sum_u * stratum_sums.sum_u / shares.either_count,
                        0
                    )
                    / (shares.either_count - 1)
        end as variance
    from stratum_sums
    inner join sampled_shares as shares
        on
            stratum_sums.period = shares.period
            and stratum_sums.indicator_code = shares.indicator_code
            and stratum_sums.estimation_stratum_code = shares.estimation_stratum_code
),

totals as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        sum(value) as value,
        sum(variance) as variance
    from estimated_strata
    group by period, domain_type, domain_code, indicator_code
)

select
    this_period.period,
    this_period.domain_type,
    this_period.domain_code,
    this_period.indicator_code,
    totals.value,
    totals.variance,
    cast(coalesce(freedom.degrees_of_freedom, 0) as integer) as degrees_of_freedom,
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
left join totals
    on
        this_period.period = totals.period
        and this_period.domain_type = totals.domain_type
        and this_period.domain_code = totals.domain_code
        and this_period.indicator_code = totals.indicator_code
left join freedom
    on
        this_period.period = freedom.period
        and this_period.indicator_code = freedom.indicator_code
order by
    this_period.period,
    this_period.domain_type,
    this_period.domain_code,
    this_period.indicator_code
