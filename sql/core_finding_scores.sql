-- Grain: finding_no
-- 含义：待更正或待说明的问题对全市总量的影响：每个涉及机构数据的问题一行，写明所涉指标、影响和是否优先。
-- Sources: score = w·|y − ỹ|/T̂ (estimation.md §2 row 5), the largest of the indicators concerned:
--  that of the cell, else (the whole submission, or a refused one) revenue_incl, people_served and
--  placements. y = what the agency counts with: its 累计 (a month is the difference of two of them)
--  or its stock, 0 where nothing is accepted, so that the score of a refused report is what is
--  missing of the total. ỹ = its value of the period before times the link; without one, that of
--  the year before times its link; else the mean of its stratum. Link = ratio of totals over the
--  agencies of the stratum that answered in both periods and have no open finding there, 1 without
--  any. T̂ has ỹ in place of every y with an open finding: no mistake makes itself look small. w of
--  the sample, 1 in an annual return, 0 for those not asked. Priority: for every indicator, all but
--  the smallest effects, which together stay below priority_remainder_pct of the total; without a
--  score, whatever is mandatory.
with findings as (
    select * from core_findings
    where state = 'open'
),

settings as (
    select * from ref_settings
),

sample_values as (
    select * from core_sample_values
),

weights as (
    select * from core_weights
),

annual_observations as (
    select * from core_observations
    where form_code = 'annual_return'
),

frame as (
    select * from core_frame
),

periods as (
    select * from core_periods
),

main_indicators as (
    select indicator_code
    from ref_indicators
    where indicator_code in ('revenue_incl', 'people_served', 'placements')
),

concerned as (
    select
        finding_no,
        form_code,
        period,
        credit_code,
        indicator_code
    from findings
    where
        form_code in ('flash_report', 'annual_return')
        and credit_code is not null
        and indicator_code is not null
        and submission_state <> 'refused'
    union all
    select
        findings.finding_no,
        findings.form_code,
        findings.period,
        findings.credit_code,
        main_indicators.indicator_code
    from findings
    cross join main_indicators
    where
        findings.form_code in ('flash_report', 'annual_return')
        and findings.credit_code is not null
        and (findings.indicator_code is null or findings.submission_state = 'refused')
),

doubted as (
    select distinct
        period,
        credit_code,
        indicator_code
    from concerned
),

counted_in as (
    select distinct
        period,
        indicator_code
    from doubted
),

-- One form a period: a month has flash reports, a year has annual returns.
strata as (
    select
        weights.period,
        weights.indicator_code,
        weights.stratum_code,
        weights.weight
    from weights
    inner join counted_in
        on
            weights.period = counted_in.period
            and weights.indicator_code = counted_in.indicator_code
    where weights.weight is not null
),

answers as (
    select
        period,
        indicator_code,
        credit_code,
        stratum_code,
        value
    from sample_values
    union all
    select
        annual_observations.period,
        annual_observations.indicator_code,
        annual_observations.credit_code,
        frame.stratum_code,
        cast(annual_observations.value as double) as value
    from annual_observations
    inner join frame
        on
            annual_observations.period = frame.period
            and annual_observations.credit_code = frame.credit_code
),

answers_now as (
    select
        answers.*,
        doubted.credit_code is not null as is_doubted
    from answers
    inner join counted_in
        on
            answers.period = counted_in.period
            and answers.indicator_code = counted_in.indicator_code
    left join doubted
        on
            answers.period = doubted.period
            and answers.indicator_code = doubted.indicator_code
            and answers.credit_code = doubted.credit_code
),

-- The period before in the same year, else the year before.
base_periods as (
    select
        period,
        previous_period as base_period,
        1 as base_order
    from periods
    where previous_period is not null
    union all
    select
        period,
        concat(cast(cast(year as integer) - 1 as varchar), substr(period, 5)) as base_period,
        2 as base_order
    from periods
    union all
    select distinct
        period,
        cast(cast(period as integer) - 1 as varchar) as base_period,
        2 as base_order
    from annual_observations
),

pairs as (
    select
        answers_now.period,
        base_periods.base_order,
        answers_now.indicator_code,
        answers_now.stratum_code,
        sum(answers_now.value) / nullif(sum(earlier.value), 0) as link
    from answers_now
    inner join base_periods on answers_now.period = base_periods.period
    inner join answers as earlier
        on
            base_periods.base_period = earlier.period
            and answers_now.indicator_code = earlier.indicator_code
            and answers_now.credit_code = earlier.credit_code
    where not answers_now.is_doubted
    group by
        answers_now.period,
        base_periods.base_order,
        answers_now.indicator_code,
        answers_now.stratum_code
),

means as (
    select
        period,
        indicator_code,
        stratum_code,
        sum(case when is_doubted then 0 else value end) as sound_sum,
        avg(case when is_doubted then null else value end) as sound_mean
    from answers_now
    group by period, indicator_code, stratum_code
),

-- Whoever is asked: in the sample, or in the register at the year's end.
asked as (
    select
        doubted.period,
        doubted.indicator_code,
        doubted.credit_code,
        frame.stratum_code,
        case
            when length(doubted.period) = 4 then 1
            when frame.is_sampled then coalesce(strata.weight, 0)
            else 0
        end as weight
    from doubted
    inner join frame
        on
            doubted.period = frame.period
            and doubted.credit_code = frame.credit_code
    left join strata
        on
            doubted.period = strata.period
            and doubted.indicator_code = strata.indicator_code
            and frame.stratum_code = strata.stratum_code
),

candidates as (
    select
        asked.period,
        asked.indicator_code,
        asked.credit_code,
        earlier.value * coalesce(pairs.link, 1) as expected_value,
        row_number() over (
            partition by asked.period, asked.indicator_code, asked.credit_code
            order by base_periods.base_order
        ) as base_rank
    from asked
    inner join base_periods on asked.period = base_periods.period
    inner join answers as earlier
        on
            base_periods.base_period = earlier.period
            and asked.indicator_code = earlier.indicator_code
            and asked.credit_code = earlier.credit_code
    left join pairs
        on
            asked.period = pairs.period
            and base_periods.base_order = pairs.base_order
            and asked.indicator_code = pairs.indicator_code
            and asked.stratum_code = pairs.stratum_code
),

expected as (
    select
        asked.*,
        coalesce(answers_now.value, 0) as value,
        answers_now.value is not null as is_counted,
        coalesce(candidates.expected_value, means.sound_mean, 0) as expected_value
    from asked
    left join candidates
        on
            asked.period = candidates.period
            and asked.indicator_code = candidates.indicator_code
            and asked.credit_code = candidates.credit_code
            and candidates.base_rank = 1
    left join means
        on
            asked.period = means.period
            and asked.indicator_code = means.indicator_code
            and asked.stratum_code = means.stratum_code
    left join answers_now
        on
            asked.period = answers_now.period
            and asked.indicator_code = answers_now.indicator_code
            and asked.credit_code = answers_now.credit_code
),

parts as (
    select
        means.period,
        means.indicator_code,
        means.sound_sum * case
            when length(means.period) = 4 then 1 else coalesce(strata.weight, 0)
        end as value
    from means
    left join strata
        on
            means.period = strata.period
            and means.indicator_code = strata.indicator_code
            and means.stratum_code = strata.stratum_code
    union all
    select
        period,
        indicator_code,
        weight * expected_value as value
    from expected
    where is_counted
),

totals as (
    select
        period,
        indicator_code,
        sum(value) as total
    from parts
    group by period, indicator_code
),

effects as (
    select
        expected.period,
        expected.indicator_code,
        expected.credit_code,
        100 * expected.weight * abs(expected.value - expected.expected_value)
        / nullif(abs(totals.total), 0) as score
    from expected
    inner join totals
        on
            expected.period = totals.period
            and expected.indicator_code = totals.indicator_code
),

-- What is left when review stops after this one, and this one with it.
remainders as (
    select
        *,
        sum(score) over (
            partition by period, indicator_code
            order by score, credit_code
            rows between unbounded preceding and current row
        ) as remainder
    from effects
),

judged as (
    select
        concerned.finding_no,
        remainders.indicator_code,
        remainders.score,
        remainders.remainder >= settings.priority_remainder_pct as is_priority,
        row_number() over (
            partition by concerned.finding_no
            order by remainders.score desc nulls last, remainders.indicator_code
        ) as score_order,
        max(case when remainders.remainder >= settings.priority_remainder_pct then 1 else 0 end)
            over (partition by concerned.finding_no) as priority_mark
    from concerned
    inner join remainders
        on
            concerned.period = remainders.period
            and concerned.indicator_code = remainders.indicator_code
            and concerned.credit_code = remainders.credit_code
    cross join settings
)

select
    findings.finding_no,
    judged.indicator_code as score_indicator_code,
    judged.score,
    coalesce(judged.priority_mark = 1, findings.severity = 'mandatory') as is_priority
from findings
left join judged
    on
        findings.finding_no = judged.finding_no
        and judged.score_order = 1
order by findings.finding_no
