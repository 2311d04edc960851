-- Grain: period, domain_type, domain_code, indicator_code, measure_code
-- 含义：直接推算的累计数（ytd）和期末数（end），每个分组每个指标一行，未经发布审查。
-- Sources: estimation.md §Formulas (Cochran 1977 §5A; Särndal, Swensson and Wretman 1992, ch. 7,
--  10).
--  e = y − B x, d = 1 in the domain and 0 outside, a = (X_dg − X̂_dg)/X̂_g, f = X_g/X̂_g:
--   greg: Y = Σ_g B X_dg + Σ w d e, z = (d + a) e; the same with B = 0 is the expansion;
--   ratio: Y = Σ_g f Σ w d y, z = f (d y − B_d x), B_d = Σ w d y / X̂_g in the group.
--  V = Σ N_h² (1 − f_h)/r_h · (Σ z² − (Σ z)²/r_h)/(r_h − 1), f_h = r_h/N_h, r_h of the whole
--  stratum; t with Σ (r_h − 1) degrees of freedom over the strata with f_h < 1.
--  A stratum with one respondent, where the setting says that it is not collapsed: remove counts it
--  as 0, average as the mean of the others, adjust from 0 instead of from its own mean.
with residuals as (
    select * from core_residuals
),

ratio_groups as (
    select * from core_ratio_groups
),

domain_auxiliaries as (
    select * from core_domain_auxiliaries
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

settings as (
    select * from ref_settings
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
        or indicators.is_by_domain
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
        period,
        indicator_code,
        measure_code,
        estimation_stratum_code,
        estimation_group_code,
        sum(residual) as sum_e,
        sum(residual * residual) as sum_e2,
        sum(auxiliary_value) as sum_x,
        sum(auxiliary_value * auxiliary_value) as sum_x2
    from residuals
    group by
        period, indicator_code, measure_code, estimation_stratum_code, estimation_group_code
),

domain_sums as (
    select
        residuals.period,
        domains.domain_type,
        domains.domain_code,
        residuals.indicator_code,
        residuals.measure_code,
        residuals.estimation_stratum_code,
        residuals.estimation_group_code,
        count(*) as respondent_count,
        sum(residuals.residual) as sum_e,
        sum(residuals.residual * residuals.residual) as sum_e2,
        sum(residuals.auxiliary_value) as sum_x,
        sum(residuals.auxiliary_value * residuals.auxiliary_value) as sum_x2,
        sum(residuals.residual * residuals.auxiliary_value) as sum_ex,
        sum(residuals.weight * residuals.residual) as weighted_e,
        sum(residuals.weight * residuals.value) as weighted_y
    from residuals
    inner join wanted on residuals.indicator_code = wanted.indicator_code
    inner join domains
        on
            residuals.period = domains.period
            and residuals.credit_code = domains.credit_code
            and wanted.domain_type = domains.domain_type
    group by
        residuals.period,
        domains.domain_type,
        domains.domain_code,
        residuals.indicator_code,
        residuals.measure_code,
        residuals.estimation_stratum_code,
        residuals.estimation_group_code
),

estimation_groups as (
    select distinct
        period,
        indicator_code,
        measure_code,
        estimation_group_code,
        frame_total,
        sample_total,
        group_coefficient
    from ratio_groups
),

-- a, f, B and B_d of a group in a domain.
domain_groups as (
    select
        domain_auxiliaries.period,
        domain_auxiliaries.domain_type,
        domain_auxiliaries.domain_code,
        domain_auxiliaries.indicator_code,
        domain_auxiliaries.measure_code,
        domain_auxiliaries.estimation_group_code,
        indicators.estimation_method = 'greg' as is_greg,
        estimation_groups.group_coefficient,
        domain_auxiliaries.frame_total,
        (domain_auxiliaries.frame_total - domain_auxiliaries.sample_total)
        / estimation_groups.sample_total as shift,
        estimation_groups.frame_total / estimation_groups.sample_total as factor,
        domain_auxiliaries.value_total / estimation_groups.sample_total as domain_ratio
    from domain_auxiliaries
    inner join wanted
        on
            domain_auxiliaries.indicator_code = wanted.indicator_code
            and domain_auxiliaries.domain_type = wanted.domain_type
    inner join indicators on domain_auxiliaries.indicator_code = indicators.indicator_code
    inner join estimation_groups
        on
            domain_auxiliaries.period = estimation_groups.period
            and domain_auxiliaries.indicator_code = estimation_groups.indicator_code
            and domain_auxiliaries.measure_code = estimation_groups.measure_code
            and domain_auxiliaries.estimation_group_code = estimation_groups.estimation_group_code
),

-- What a group of a stratum adds to Y and to the sums of z; agencies outside the domain, too.
group_cells as (
    select
        domain_groups.period,
        domain_groups.domain_type,
        domain_groups.domain_code,
        domain_groups.indicator_code,
        domain_groups.measure_code,
        stratum_sums.estimation_stratum_code,
        case
            when domain_groups.is_greg then coalesce(domain_sums.weighted_e, 0)
            else domain_groups.factor * coalesce(domain_sums.weighted_y, 0)
        end as value,
        case
            when domain_groups.is_greg
                then coalesce(domain_sums.sum_e, 0) + domain_groups.shift * stratum_sums.sum_e
            else
                domain_groups.factor * (
                    coalesce(domain_sums.sum_e, 0)
                    + domain_groups.group_coefficient * coalesce(domain_sums.sum_x, 0)
                    - domain_groups.domain_ratio * stratum_sums.sum_x
                )
        end as sum_z,
        case
            when domain_groups.is_greg
                then
                    (1 + 2 * domain_groups.shift) * coalesce(domain_sums.sum_e2, 0)
                    + domain_groups.shift * domain_groups.shift * stratum_sums.sum_e2
            else
                domain_groups.factor * domain_groups.factor * (
                    coalesce(domain_sums.sum_e2, 0)
                    + 2 * (domain_groups.group_coefficient - domain_groups.domain_ratio)
                    * coalesce(domain_sums.sum_ex, 0)
                    + (domain_groups.group_coefficient - domain_groups.domain_ratio)
                    * (domain_groups.group_coefficient - domain_groups.domain_ratio)
                    * coalesce(domain_sums.sum_x2, 0)
                    + domain_groups.domain_ratio * domain_groups.domain_ratio
                    * (stratum_sums.sum_x2 - coalesce(domain_sums.sum_x2, 0))
                )
        end as sum_z2,
        coalesce(domain_sums.respondent_count, 0) as respondent_count
    from domain_groups
    inner join stratum_sums
        on
            domain_groups.period = stratum_sums.period
            and domain_groups.indicator_code = stratum_sums.indicator_code
            and domain_groups.measure_code = stratum_sums.measure_code
            and domain_groups.estimation_group_code = stratum_sums.estimation_group_code
    left join domain_sums
        on
            domain_groups.period = domain_sums.period
            and domain_groups.domain_type = domain_sums.domain_type
            and domain_groups.domain_code = domain_sums.domain_code
            and domain_groups.indicator_code = domain_sums.indicator_code
            and domain_groups.measure_code = domain_sums.measure_code
            and domain_groups.estimation_group_code = domain_sums.estimation_group_code
            and stratum_sums.estimation_stratum_code = domain_sums.estimation_stratum_code
    union all
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        measure_code,
        estimation_stratum_code,
        weighted_e as value,
        sum_e as sum_z,
        sum_e2 as sum_z2,
        respondent_count
    from domain_sums
    where estimation_group_code = 'none'
),

cells as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        measure_code,
        estimation_stratum_code,
        sum(value) as value,
        sum(sum_z) as sum_z,
        sum(sum_z2) as sum_z2,
        sum(respondent_count) as respondent_count
    from group_cells
    group by
        period, domain_type, domain_code, indicator_code, measure_code, estimation_stratum_code
),

estimated_strata as (
    select
        cells.period,
        cells.domain_type,
        cells.domain_code,
        cells.indicator_code,
        cells.measure_code,
        cells.respondent_count,
        cells.value,
        case
            when strata.respondent_count = strata.frame_count then 0
            when strata.respondent_count > 1
                then
                    cast(strata.frame_count as double) * strata.frame_count
                    * (1 - cast(strata.respondent_count as double) / strata.frame_count)
                    / strata.respondent_count
                    * greatest(
                        cells.sum_z2 - cells.sum_z * cells.sum_z / strata.respondent_count, 0
                    )
                    / (strata.respondent_count - 1)
            when settings.lonely_strata = 'remove' then 0
            when settings.lonely_strata = 'adjust'
                then cast(strata.frame_count as double) * (strata.frame_count - 1) * cells.sum_z2
        end as variance
    from cells
    cross join settings
    inner join strata
        on
            cells.period = strata.period
            and cells.indicator_code = strata.indicator_code
            and cells.measure_code = strata.measure_code
            and cells.estimation_stratum_code = strata.estimation_stratum_code
),

-- A mean stands for the strata whose variance cannot be told: among all, or, where agencies outside
-- the domain do not count, among those that the domain has agencies in.
strata_counts as (
    select
        strata.period,
        strata.indicator_code,
        strata.measure_code,
        count(*) as stratum_count,
        sum(
            case
                when
                    strata.respondent_count > 1 or strata.respondent_count = strata.frame_count
                    then 1
                else 0
            end
        ) as told_count
    from strata
    where strata.respondent_count > 0
    group by strata.period, strata.indicator_code, strata.measure_code
),

synthetic_parts as (
    select
        period,
        domain_type,
        domain_code,
        indicator_code,
        measure_code,
        sum(group_coefficient * frame_total) as value
    from domain_groups
    where is_greg
    group by period, domain_type, domain_code, indicator_code, measure_code
),

-- Nothing tells of a domain in which nobody answered, unless its auxiliary does.
totals as (
    select
        estimated_strata.period,
        estimated_strata.domain_type,
        estimated_strata.domain_code,
        estimated_strata.indicator_code,
        estimated_strata.measure_code,
        sum(estimated_strata.respondent_count) as respondent_count,
        sum(estimated_strata.value) + coalesce(max(synthetic_parts.value), 0) as value,
        case
            when max(settings.lonely_strata) <> 'average' then sum(estimated_strata.variance)
            when max(indicators.estimation_method) = 'expansion'
                then avg(estimated_strata.variance) * count(*)
            else
                sum(estimated_strata.variance)
                * max(strata_counts.stratum_count) / nullif(max(strata_counts.told_count), 0)
        end as variance
    from estimated_strata
    cross join settings
    inner join indicators on estimated_strata.indicator_code = indicators.indicator_code
    inner join strata_counts
        on
            estimated_strata.period = strata_counts.period
            and estimated_strata.indicator_code = strata_counts.indicator_code
            and estimated_strata.measure_code = strata_counts.measure_code
    left join synthetic_parts
        on
            estimated_strata.period = synthetic_parts.period
            and estimated_strata.domain_type = synthetic_parts.domain_type
            and estimated_strata.domain_code = synthetic_parts.domain_code
            and estimated_strata.indicator_code = synthetic_parts.indicator_code
            and estimated_strata.measure_code = synthetic_parts.measure_code
    group by
        estimated_strata.period,
        estimated_strata.domain_type,
        estimated_strata.domain_code,
        estimated_strata.indicator_code,
        estimated_strata.measure_code
    having
        sum(estimated_strata.respondent_count) > 0
        or max(indicators.estimation_method) = 'greg'
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
