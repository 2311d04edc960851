-- Grain: period, domain_type, domain_code, indicator_code, measure_code
-- 含义：推算结果每个报告期、分组、指标、口径一行，已按样本量审查能否发布；不发布的数值为空。
-- Sources: core_intervals. Publish gate: a domain needs minimum_respondents (in both periods for a
--  difference), no estimate goes out with a coefficient of variation above maximum_cv_pct
--  (estimation.md §Formulas, §2 row 6).
with intervals as (
    select * from core_intervals
),

institutions as (
    select * from core_institutions
),

settings as (
    select * from ref_settings
),

gated as (
    select
        intervals.*,
        case
            when
                intervals.domain_type <> 'city'
                and intervals.gate_count < settings.minimum_respondents
                then '样本不足，不发布'
            when not intervals.is_estimable then '层内无样本，不发布'
            when
                100 * intervals.standard_error > settings.maximum_cv_pct * abs(intervals.value)
                then '误差过大，不发布'
            else '发布'
        end as publication_status
    from intervals
    cross join settings
)

select
    gated.period,
    gated.domain_type,
    gated.domain_code,
    gated.indicator_code,
    gated.measure_code,
    case when gated.publication_status = '发布' then gated.value end as value,
    case when gated.publication_status = '发布' then gated.standard_error end as standard_error,
    case when gated.publication_status = '发布' then gated.ci_low end as ci_low,
    case when gated.publication_status = '发布' then gated.ci_high end as ci_high,
    case when gated.publication_status = '发布' then gated.cv_pct end as cv_pct,
    gated.degrees_of_freedom,
    gated.respondent_count,
    institutions.sampled_count,
    institutions.frame_count,
    gated.estimation_method,
    gated.publication_status
from gated
inner join institutions
    on
        gated.period = institutions.period
        and gated.domain_type = institutions.domain_type
        and gated.domain_code = institutions.domain_code
order by
    gated.period,
    gated.domain_type,
    gated.domain_code,
    gated.indicator_code,
    gated.measure_code
