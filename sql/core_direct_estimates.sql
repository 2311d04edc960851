-- Grain: period, domain_type, domain_code, indicator_code, measure_code
-- 含义：直接推算的累计数（ytd）和期末数（end），每个分组每个指标一行，未经发布审查。
-- Sources: expansion with domains by zero extension (estimation.md §Formulas):
--  Y = Σ N_h/r_h Σ z;  V = Σ N_h² (1 − f_h)/r_h · (Σ z² − (Σ z)²/r_h)/(r_h − 1), f_h = r_h/N_h,
--  z = y in the domain and 0 outside, r_h of the whole stratum; t with Σ (r_h − 1) degrees of
--  freedom over the strata with f_h < 1.
with sample_values as (
    select * from core_sample_values
),

weights as (
    select * from core_weights
),

domains as (
    select * from core_domains
),

institutions as (
    select * from core_institutions
),

frame as (
    select * from core_frame
),

indicators as (
    select * from ref_indicators
),

domain_types as (
    select distinct domain_type
    from institutions
),

-- Groups other than the city are published for a few indicators only.
wanted as (
    select
        indicators.indicator_code,
        domain_types.domain_type
    from indicators
    cross join domain_types
    where
        domain_types.domain_type = 'city'
        or indicators.indicator_code in (
            'revenue_incl', 'placements', 'people_served', 'employers_served'
        )
),

strata as (
    select distinct
        period,
        indicator_code,
        measure_code,
        estimation_stratum_code,
        frame_count,
        respondent_count,
        weight
    from weights
),

freedom as (
    select
        period,
        indicator_code,
        measure_code,
        sum(case when respondent_count < frame_count then respondent_count - 1 else 0 end)
            as degrees_of_freedom
    from strata
    where respondent_count > 0
    group by period, indicator_code, measure_code
),

domain_strata as (
    select
        domains.period,
        domains.domain_type,
        domains.domain_code,
        frame.stratum_code,
        count(*) as frame_count
    from domains
    inner join frame
        on
            domains.period = frame.period
            and domains.credit_code = frame.credit_code
    where frame.stratum_code is not null
    group by domains.period, domains.domain_type, domains.domain_code, frame.stratum_code
),

shortfalls as (
    select
        domain_strata.period,
        domain_strata.domain_type,
        domain_strata.domain_code,
        weights.indicator_code,
        weights.measure_code,
        sum(case when weights.is_estimable then 0 else 1 end) as short_strata
    from domain_strata
    inner join weights
        on
            domain_strata.period = weights.period
            and domain_strata.stratum_code = weights.stratum_code
    inner join wanted
        on
            domain_strata.domain_type = wanted.domain_type
            and weights.indicator_code = wanted.indicator_code
    group by
        domain_strata.period,
        domain_strata.domain_type,
        domain_strata.domain_code,
        weights.indicator_code,
        weights.measure_code
),

stratum_sums as (
    select
        sample_values.period,
        domains.domain_type,
        domains.domain_code,
        sample_values.indicator_code,
        sample_values.measure_code,
        weights.estimation_stratum_code,
        count(*) as respondent_count,
        sum(sample_values.value) as sum_z,
        sum(sample_values.value * sample_values.value) as sum_z2
    from sample_values
    inner join wanted on sample_values.indicator_code = wanted.indicator_code
    inner join domains
        on
            sample_values.period = domains.period
            and sample_values.credit_code = domains.credit_code
            and wanted.domain_type = domains.domain_type
    inner join weights
        on
            sample_values.period = weights.period
            and sample_values.indicator_code = weights.indicator_code
            and sample_values.stratum_code = weights.stratum_code
    group by
        sample_values.period,
        domains.domain_type,
        domains.domain_code,
        sample_values.indicator_code,
        sample_values.measure_code,
        weights.estimation_stratum_code
),

estimated_strata as (
    select
        stratum_sums.period,
        stratum_sums.domain_type,
        stratum_sums.domain_code,
        stratum_sums.indicator_code,
        stratum_sums.measure_code,
        strata.estimation_stratum_code,
        stratum_sums.respondent_count,
        strata.weight * stratum_sums.sum_z as value,
        case
            when strata.respondent_count = strata.frame_count then 0
            when strata.respondent_count > 1
                then
                    cast(strata.frame_count as double) * strata.frame_count
                    * (1 - cast(strata.respondent_count as double) / strata.frame_count)
                    / strata.respondent_count
                    * greatest(
                        stratum_sums.sum_z2
                        - stratum_sums.sum_z * stratum_sums.sum_z / strata.respondent_count,
                        0
                    )
                    / (strata.respondent_count - 1)
        end as variance
    from stratum_sums
    inner join strata
        on
            stratum_sums.period = strata.period
            and stratum_sums.indicator_code = strata.indicator_code
            and stratum_sums.estimation_stratum_code = strata.estimation_stratum_code
),

totals as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        measure_code,
        sum(respondent_count) as respondent_count,
        sum(value) as value,
        sum(variance) as variance
    from estimated_strata
    group by period, domain_type, domain_code, indicator_code, measure_code
),

measures as (
    select distinct
        indicator_code,
        measure_code
    from weights
)

select
    institutions.period,
    institutions.domain_type,
    institutions.domain_code,
    measures.indicator_code,
    measures.measure_code,
    totals.value,
    totals.variance,
    cast(coalesce(freedom.degrees_of_freedom, 0) as integer) as degrees_of_freedom,
    cast(coalesce(totals.respondent_count, 0) as integer) as respondent_count,
    coalesce(shortfalls.short_strata, 0) = 0 and totals.value is not null as is_estimable
from institutions
inner join wanted on institutions.domain_type = wanted.domain_type
inner join measures on wanted.indicator_code = measures.indicator_code
left join totals
    on
        institutions.period = totals.period
        and institutions.domain_type = totals.domain_type
        and institutions.domain_code = totals.domain_code
        and measures.indicator_code = totals.indicator_code
left join shortfalls
    on
        institutions.period = shortfalls.period
        and institutions.domain_type = shortfalls.domain_type
        and institutions.domain_code = shortfalls.domain_code
        and measures.indicator_code = shortfalls.indicator_code
left join freedom
    on
        institutions.period = freedom.period
        and measures.indicator_code = freedom.indicator_code
where institutions.period in (select weights.period from weights)
order by
    institutions.period,
    institutions.domain_type,
    institutions.domain_code,
    measures.indicator_code,
    measures.measure_code
