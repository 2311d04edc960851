-- Grain: year, indicator_code, credit_code
-- 含义：年报指标每个年份、指标、机构一行：已报的数，未报的以推算数代替，写明是报的还是怎样推算的。
-- Sources: estimation.md §2 row 3 (ratio of means) and Decisions (auxiliary = the last census's
--  value of the same indicator). fitted_value within the stratum: of an agency with a return of the
--  year before B·x, B = Σy ÷ Σx of those that answered both; else, or where Σx is 0 or fewer than
--  two did, the mean of all that answered; fewer than two give none. Those out of scope answered,
--  too: as many of the others may have closed. Formulas add up what their terms are, so that they
--  hold for estimates; residual = reported less fitted, by which the variance is measured.
with states as (
    select * from core_annual_states
),

observations as (
    select * from core_observations
    where form_code = 'annual_return'
),

formulas as (
    select * from ref_indicator_formulas
),

asked as (
    select
        observations.period as year,
        observations.indicator_code,
        max(observations.unit) as unit
    from observations
    inner join states
        on
            observations.period = states.year
            and observations.credit_code = states.credit_code
    group by observations.period, observations.indicator_code
),

cells as (
    select
        states.year,
        asked.indicator_code,
        states.credit_code,
        states.stratum_code,
        asked.unit,
        observations.value as reported_value,
        earlier.value as auxiliary_value,
        formulas.indicator_code is not null as is_calculated
    from states
    inner join asked on states.year = asked.year
    left join observations
        on
            states.year = observations.period
            and states.credit_code = observations.credit_code
            and asked.indicator_code = observations.indicator_code
    left join observations as earlier
        on
            cast(cast(states.year as integer) - 1 as varchar) = earlier.period
            and states.credit_code = earlier.credit_code
            and asked.indicator_code = earlier.indicator_code
    left join (select distinct formulas.indicator_code from formulas) as formulas
        on asked.indicator_code = formulas.indicator_code
),

strata as (
    select
        year,
        indicator_code,
        stratum_code,
        count(reported_value) as answered_count,
        cast(sum(reported_value) as double) as answered_value,
        count(case when auxiliary_value is not null then reported_value end) as matched_count,
        cast(
            sum(case when auxiliary_value is not null then reported_value end) as double
        ) as matched_value,
        cast(
            sum(case when reported_value is not null then auxiliary_value end) as double
        ) as matched_auxiliary
    from cells
    group by year, indicator_code, stratum_code
),

predicted as (
    select
        cells.*,
        cells.auxiliary_value is not null
        and strata.matched_count >= 2
        and strata.matched_auxiliary > 0 as is_by_ratio,
        case
            when
                cells.auxiliary_value is not null
                and strata.matched_count >= 2
                and strata.matched_auxiliary > 0
                then
                    cast(cells.auxiliary_value as double)
                    * strata.matched_value / strata.matched_auxiliary
            when strata.answered_count >= 2 then strata.answered_value / strata.answered_count
        end as predicted_value
    from cells
    inner join strata
        on
            cells.year = strata.year
            and cells.indicator_code = strata.indicator_code
            and cells.stratum_code = strata.stratum_code
),

term_counts as (
    select
        indicator_code,
        count(*) as term_count
    from formulas
    group by indicator_code
),

added as (
    select
        predicted.year,
        formulas.indicator_code,
        predicted.credit_code,
        sum(formulas.coefficient * round(predicted.predicted_value, 4)) as predicted_value
    from predicted
    inner join formulas on predicted.indicator_code = formulas.term_code
    inner join term_counts on formulas.indicator_code = term_counts.indicator_code
    group by
        predicted.year, formulas.indicator_code, predicted.credit_code, term_counts.term_count
    having count(predicted.predicted_value) = term_counts.term_count
),

fitted as (
    select
        predicted.*,
        round(
            case
                when predicted.is_calculated then added.predicted_value
                else predicted.predicted_value
            end,
            4
        ) as fitted_value
    from predicted
    left join added
        on
            predicted.year = added.year
            and predicted.indicator_code = added.indicator_code
            and predicted.credit_code = added.credit_code
)

select
    year,
    indicator_code,
    credit_code,
    stratum_code,
    coalesce(reported_value, cast(fitted_value as decimal(20, 4))) as value,
    unit,
    case
        when reported_value is not null then 'reported'
        when fitted_value is null then 'none'
        when is_by_ratio then 'ratio'
        else 'mean'
    end as value_marker,
    auxiliary_value,
    is_by_ratio,
    fitted_value,
    cast(reported_value as double) - fitted_value as residual
from fitted
order by year, indicator_code, credit_code
