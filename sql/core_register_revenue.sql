-- Grain: period, credit_code
-- 含义：每个报告期每家应报机构一行：加权报送率所用的收入（全年，含代收代付），写明来自哪里。
-- Sources: the latest annual return of an earlier year; else the latest 1—本月累计 up to the period,
--  annualised by months (value x 12 / month); else the mean of its stratum in the frame, else of
--  the whole frame. Below zero counts as zero: a weight cannot be negative.
with frame as (
    select * from core_frame
),

response as (
    select * from core_response
    where status <> 'out_of_scope'
),

periods as (
    select * from core_periods
),

observations as (
    select * from core_observations
    where indicator_code = 'revenue_incl'
),

agencies as (
    select
        periods.period,
        frame.credit_code,
        frame.stratum_code
    from periods
    inner join frame on periods.period = frame.period
    union distinct
    select
        response.period,
        response.credit_code,
        response.stratum_code
    from response
),

known as (
    select
        agencies.period,
        agencies.credit_code,
        'annual_return' as revenue_source,
        cast(observations.value as double) as revenue,
        1 as preference,
        observations.period as known_period
    from agencies
    inner join observations on agencies.credit_code = observations.credit_code
    where
        observations.form_code = 'annual_return'
        and observations.measure_code = 'annual'
        and observations.period < substr(agencies.period, 1, 4)
    union all
    select
        agencies.period,
        agencies.credit_code,
        'flash_report' as revenue_source,
        cast(observations.value as double)
        * 12 / cast(substr(observations.period, 6, 2) as integer) as revenue,
        2 as preference,
        observations.period as known_period
    from agencies
    inner join observations on agencies.credit_code = observations.credit_code
    where
        observations.form_code = 'flash_report'
        and observations.measure_code = 'ytd'
        and observations.period <= agencies.period
),

ranked as (
    select
        *,
        row_number() over (
            partition by period, credit_code
            order by preference, known_period desc
        ) as recency
    from known
),

found as (
    select
        agencies.period,
        agencies.credit_code,
        agencies.stratum_code,
        ranked.revenue_source,
        case when ranked.revenue < 0 then 0 else ranked.revenue end as revenue
    from agencies
    left join ranked
        on
            agencies.period = ranked.period
            and agencies.credit_code = ranked.credit_code
            and ranked.recency = 1
),

with_means as (
    select
        *,
        avg(revenue) over (partition by period, stratum_code) as stratum_mean,
        avg(revenue) over (partition by period) as frame_mean
    from found
)

select
    period,
    credit_code,
    case
        when revenue is not null then revenue_source
        when stratum_mean is not null then 'stratum_mean'
        when frame_mean is not null then 'frame_mean'
        else 'unknown'
    end as revenue_source,
    coalesce(revenue, stratum_mean, frame_mean) as register_revenue
from with_means
order by period, credit_code
