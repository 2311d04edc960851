-- Grain: period, indicator_code, measure_code, stratum_code
-- 含义：每个指标每层一行：并入哪个推算层，该推算层的机构数、样本数、可用报送数和扩张权数。
-- Sources: w = N_h / r_h, response groups = strata (estimation.md §Formulas; Cochran 1977 §5.5).
--  A stratum with fewer than two respondents that are not all of it joins its collapse_into stratum
--  before weighting, and the next one if that is short too; two pointing at each other become one.
--  What is still short cannot be estimated: one respondent tells nothing about the variance,
--  unless the setting lonely_strata says what to take for it (core_direct_estimates).
with frame as (
    select * from core_frame
),

periods as (
    select * from core_periods
),

sample_values as (
    select * from core_sample_values
),

strata as (
    select * from ref_strata
),

settings as (
    select * from ref_settings
),

indicators as (
    select * from ref_indicators
),

lines as (
    select distinct indicator_code
    from ref_form_lines
    where form_code = 'flash_report'
),

stratum_sizes as (
    select
        frame.period,
        frame.stratum_code,
        count(*) as frame_count,
        sum(case when frame.is_sampled then 1 else 0 end) as sampled_count
    from frame
    inner join periods on frame.period = periods.period
    group by frame.period, frame.stratum_code
),

respondents as (
    select
        period,
        indicator_code,
        measure_code,
        stratum_code,
        count(*) as respondent_count
    from sample_values
    group by period, indicator_code, measure_code, stratum_code
),

cells as (
    select
        periods.period,
        indicators.indicator_code,
        case indicators.measure_type when 'stock' then 'end' else 'ytd' end as measure_code,
        strata.stratum_code,
        strata.collapse_into_code,
        strata.stratum_order,
        coalesce(stratum_sizes.frame_count, 0) as frame_count,
        coalesce(stratum_sizes.sampled_count, 0) as sampled_count,
        coalesce(respondents.respondent_count, 0) as respondent_count
    from periods
    cross join lines
    inner join indicators on lines.indicator_code = indicators.indicator_code
    cross join strata
    left join stratum_sizes
        on
            periods.period = stratum_sizes.period
            and strata.stratum_code = stratum_sizes.stratum_code
    left join respondents
        on
            periods.period = respondents.period
            and indicators.indicator_code = respondents.indicator_code
            and strata.stratum_code = respondents.stratum_code
),

pointed as (
    select
        *,
        case
            when respondent_count < 2 and (respondent_count < frame_count or frame_count = 0)
                then coalesce(collapse_into_code, stratum_code)
            else stratum_code
        end as next_code
    from cells
),

-- Three steps reach the end of any chain of four strata, the fourth shows whether it is an end or a
-- pair pointing at each other; a pair goes by the name of its first stratum.
chained as (
    select
        start_cell.*,
        case
            when fourth.stratum_order < fifth.stratum_order then fourth.stratum_code
            else fifth.stratum_code
        end as estimation_stratum_code
    from pointed as start_cell
    inner join pointed as second
        on
            start_cell.period = second.period
            and start_cell.indicator_code = second.indicator_code
            and start_cell.next_code = second.stratum_code
    inner join pointed as third
        on
            second.period = third.period
            and second.indicator_code = third.indicator_code
            and second.next_code = third.stratum_code
    inner join pointed as fourth
        on
            third.period = fourth.period
            and third.indicator_code = fourth.indicator_code
            and third.next_code = fourth.stratum_code
    inner join pointed as fifth
        on
            fourth.period = fifth.period
            and fourth.indicator_code = fifth.indicator_code
            and fourth.next_code = fifth.stratum_code
),

pooled as (
    select
        period,
        indicator_code,
        estimation_stratum_code,
        sum(frame_count) as frame_count,
        sum(sampled_count) as sampled_count,
        sum(respondent_count) as respondent_count
    from chained
    group by period, indicator_code, estimation_stratum_code
)

select
    chained.period,
    chained.indicator_code,
    chained.measure_code,
    chained.stratum_code,
    chained.estimation_stratum_code,
    cast(pooled.frame_count as integer) as frame_count,
    cast(pooled.sampled_count as integer) as sampled_count,
    cast(pooled.respondent_count as integer) as respondent_count,
    case
        when pooled.respondent_count > 0
            then cast(pooled.frame_count as double) / cast(pooled.respondent_count as double)
    end as weight,
    pooled.respondent_count = pooled.frame_count
    or pooled.respondent_count >= case settings.lonely_strata when 'collapse' then 2 else 1 end
        as is_estimable
from chained
cross join settings
inner join pooled
    on
        chained.period = pooled.period
        and chained.indicator_code = pooled.indicator_code
        and chained.estimation_stratum_code = pooled.estimation_stratum_code
order by
    chained.period,
    chained.indicator_code,
    chained.measure_code,
    chained.stratum_code
