-- Grain: receipt_no, credit_code, measure_code
-- 含义：快报每次报送的本月、累计各一行：审核所对照的指标值，以及应为零或在界限内的差额（edit_ 开头）。
-- Sources: domain.md §1.5. 上年同期 is asked for as a favour and not held against itself: a slip in it
--  would refuse this year's report. edit_a04, edit_a05, edit_a10 = total less its parts; edit_a08 =
--  visitors where there was no fair, or fairs without any visitor; edit_a16 = distance of a ratio's
--  logarithm from the quartiles of its period, in interquartile ranges (Tukey 1977; at least 20);
--  staff are those of the agency's last annual return before. edit_a15 = the power of ten, from
--  1000 on, between such a ratio and the median, of agencies that have not reported before.
with submissions as (
    select * from stg_flash_submissions
    where is_read
),

periods as (
    select * from core_periods
),

annual_submissions as (
    select * from stg_annual_submissions
    where is_read
),

cells as (
    select * from stg_values
    where measure_code in ('month', 'ytd')
),

annual_cells as (
    select * from stg_values
    where measure_code = 'annual' and indicator_code = 'staff'
),

registered as (
    select * from core_submission_edits
    where registered_code is not null
),

figures as (
    select
        cells.receipt_no,
        cells.credit_code,
        submissions.period,
        cells.measure_code,
        -- A reversal (冲红) of earlier months may make a month odd, and in the first period of a
        -- year the sum to date with it.
        cells.measure_code = 'month' or periods.is_first_period as is_reversible,
        max(case when cells.indicator_code = 'revenue_booked' then cells.value end)
            as revenue_booked,
        max(case when cells.indicator_code = 'pass_through_booked' then cells.value end)
            as pass_through_booked,
        max(case when cells.indicator_code = 'pass_through_unbooked' then cells.value end)
            as pass_through_unbooked,
        sum(case when cells.indicator_code like 'revenue\_incl\_%' escape '\' then cells.value end)
            as business_lines_sum,
        count(
            case when cells.indicator_code like 'revenue\_incl\_%' escape '\' then cells.value end
        ) as business_lines_count,
        max(case when cells.indicator_code = 'revenue_incl_dispatch' then cells.value end)
            as revenue_incl_dispatch,
        max(case when cells.indicator_code = 'job_fairs' then cells.value end) as job_fairs,
        max(case when cells.indicator_code = 'job_fairs_graduates' then cells.value end)
            as job_fairs_graduates,
        max(case when cells.indicator_code = 'job_fairs_migrants' then cells.value end)
            as job_fairs_migrants,
        max(case when cells.indicator_code = 'fair_employers' then cells.value end)
            as fair_employers,
        max(case when cells.indicator_code = 'fair_vacancies' then cells.value end)
            as fair_vacancies,
        max(case when cells.indicator_code = 'fair_seekers' then cells.value end)
            as fair_seekers,
        max(case when cells.indicator_code = 'people_served' then cells.value end)
            as people_served,
        max(case when cells.indicator_code = 'people_served_graduates' then cells.value end)
            as people_served_graduates,
        max(case when cells.indicator_code = 'people_served_migrants' then cells.value end)
            as people_served_migrants,
        max(case when cells.indicator_code = 'registered_seekers' then cells.value end)
            as registered_seekers,
        max(case when cells.indicator_code = 'registered_seekers_college' then cells.value end)
            as registered_seekers_college,
        max(case when cells.indicator_code = 'registered_seekers_bachelor' then cells.value end)
            as registered_seekers_bachelor,
        max(case when cells.indicator_code = 'registered_seekers_graduate' then cells.value end)
            as registered_seekers_graduate,
        max(case when cells.indicator_code = 'employers_served' then cells.value end)
            as employers_served,
        max(case when cells.indicator_code = 'employers_served_state' then cells.value end)
            as employers_served_state,
        max(case when cells.indicator_code = 'employers_served_private' then cells.value end)
            as employers_served_private,
        max(case when cells.indicator_code = 'employers_served_foreign' then cells.value end)
            as employers_served_foreign,
        max(case when cells.indicator_code = 'employers_served_other' then cells.value end)
            as employers_served_other,
        max(case when cells.indicator_code = 'placements' then cells.value end) as placements,
        max(case when cells.indicator_code = 'placements_graduates' then cells.value end)
            as placements_graduates,
        max(case when cells.indicator_code = 'placements_migrants' then cells.value end)
            as placements_migrants,
        max(case when cells.indicator_code = 'dispatched_workers' then cells.value end)
            as dispatched_workers
    from cells
    inner join submissions
        on
            cells.receipt_no = submissions.receipt_no
            and cells.credit_code = submissions.credit_code
    inner join periods on submissions.period = periods.period
    group by
        cells.receipt_no,
        cells.credit_code,
        submissions.period,
        periods.is_first_period,
        cells.measure_code
),

added as (
    select
        *,
        revenue_booked + pass_through_unbooked as revenue_incl,
        registered_seekers_college + registered_seekers_bachelor + registered_seekers_graduate
            as registered_seekers_sum,
        employers_served_state + employers_served_private
        + employers_served_foreign + employers_served_other as employers_served_sum,
        fair_employers + fair_vacancies + fair_seekers as fair_visitors_sum,
        case when business_lines_count = 10 then business_lines_sum end as business_lines_total
    from figures
),

staff as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        annual_cells.value as staff,
        row_number() over (
            partition by submissions.receipt_no, submissions.credit_code
            order by annual_submissions.period desc, annual_submissions.receipt_no desc
        ) as recency
    from submissions
    inner join annual_submissions
        on
            submissions.credit_code = annual_submissions.credit_code
            and substr(submissions.period, 1, 4) > annual_submissions.period
    inner join annual_cells
        on
            annual_submissions.receipt_no = annual_cells.receipt_no
            and annual_submissions.credit_code = annual_cells.credit_code
),

first_periods as (
    select
        credit_code,
        min(period) as first_period
    from submissions
    group by credit_code
),

ratios as (
    select
        receipt_no,
        credit_code,
        period,
        measure_code,
        'dispatch' as ratio_code,
        ln(cast(revenue_incl_dispatch as double) / cast(dispatched_workers as double)) as log_ratio
    from added
    where revenue_incl_dispatch > 0 and dispatched_workers > 0
    union all
    select
        receipt_no,
        credit_code,
        period,
        measure_code,
        'seekers' as ratio_code,
        ln(cast(fair_seekers as double) / cast(fair_vacancies as double)) as log_ratio
    from added
    where fair_seekers > 0 and fair_vacancies > 0
    union all
    select
        added.receipt_no,
        added.credit_code,
        added.period,
        added.measure_code,
        'staff' as ratio_code,
        ln(cast(added.revenue_incl as double) / cast(staff.staff as double)) as log_ratio
    from added
    inner join staff
        on
            added.receipt_no = staff.receipt_no
            and added.credit_code = staff.credit_code
            and staff.recency = 1
    where added.measure_code = 'ytd' and added.revenue_incl > 0 and staff.staff > 0
),

-- An agency of the register counts once, with its last version.
latest as (
    select
        submissions.period,
        submissions.credit_code,
        max(submissions.receipt_no) as receipt_no
    from submissions
    inner join registered
        on
            submissions.receipt_no = registered.receipt_no
            and submissions.credit_code = registered.credit_code
    group by submissions.period, submissions.credit_code
),

quartiles as (
    select
        ratios.period,
        ratios.measure_code,
        ratios.ratio_code,
        quantile_cont(ratios.log_ratio, 0.25) as lower_quartile,
        quantile_cont(ratios.log_ratio, 0.5) as median,
        quantile_cont(ratios.log_ratio, 0.75) as upper_quartile
    from ratios
    inner join latest
        on
            ratios.receipt_no = latest.receipt_no
            and ratios.credit_code = latest.credit_code
    group by ratios.period, ratios.measure_code, ratios.ratio_code
    having
        count(*) >= 20
        and quantile_cont(ratios.log_ratio, 0.25) < quantile_cont(ratios.log_ratio, 0.75)
),

distances as (
    select
        ratios.receipt_no,
        ratios.credit_code,
        ratios.measure_code,
        ratios.ratio_code,
        (
            greatest(ratios.log_ratio - quartiles.upper_quartile, 0)
            + least(ratios.log_ratio - quartiles.lower_quartile, 0)
        ) / (quartiles.upper_quartile - quartiles.lower_quartile) as distance,
        case
            when
                first_periods.first_period = ratios.period
                and abs(ratios.log_ratio - quartiles.median) > ln(10) * 2.5
                then cast(round((ratios.log_ratio - quartiles.median) / ln(10)) as integer)
            else 0
        end as power
    from ratios
    inner join first_periods on ratios.credit_code = first_periods.credit_code
    inner join quartiles
        on
            ratios.period = quartiles.period
            and ratios.measure_code = quartiles.measure_code
            and ratios.ratio_code = quartiles.ratio_code
),

fences as (
    select
        receipt_no,
        credit_code,
        measure_code,
        max(case when ratio_code = 'dispatch' then distance end) as dispatch_distance,
        max(case when ratio_code = 'seekers' then distance end) as seekers_distance,
        max(case when ratio_code = 'staff' then distance end) as staff_distance,
        max(case when ratio_code = 'dispatch' then power end) as dispatch_power,
        max(case when ratio_code = 'staff' then power end) as staff_power
    from distances
    group by receipt_no, credit_code, measure_code
)

select
    added.receipt_no,
    added.credit_code,
    added.period,
    added.measure_code,
    added.revenue_booked,
    added.pass_through_booked,
    added.pass_through_unbooked,
    added.revenue_incl,
    added.business_lines_total,
    added.revenue_incl_dispatch,
    added.job_fairs,
    added.job_fairs_graduates,
    added.job_fairs_migrants,
    added.fair_employers,
    added.fair_vacancies,
    added.fair_seekers,
    added.people_served,
    added.people_served_graduates,
    added.people_served_migrants,
    added.registered_seekers,
    added.registered_seekers_sum,
    added.employers_served,
    added.employers_served_sum,
    added.placements,
    added.placements_graduates,
    added.placements_migrants,
    added.dispatched_workers,
    staff.staff,
    added.registered_seekers - added.registered_seekers_sum as edit_a04,
    added.employers_served - added.employers_served_sum as edit_a05,
    case when added.job_fairs = 0 then added.fair_visitors_sum end as edit_a08_no_fair,
    case when added.fair_visitors_sum = 0 then added.job_fairs end as edit_a08_no_visitor,
    case
        when added.revenue_booked >= 0 and not added.is_reversible
            then added.pass_through_booked - added.revenue_booked
    end as edit_a09,
    case
        when added.revenue_booked >= 0 and added.is_reversible
            then added.pass_through_booked - added.revenue_booked
    end as edit_a09_reversible,
    added.revenue_incl - added.business_lines_total as edit_a10,
    fences.dispatch_distance as edit_a16_dispatch,
    fences.seekers_distance as edit_a16_seekers,
    fences.staff_distance as edit_a16_staff,
    fences.dispatch_power as edit_a15_dispatch,
    fences.staff_power as edit_a15_staff
from added
left join staff
    on
        added.receipt_no = staff.receipt_no
        and added.credit_code = staff.credit_code
        and staff.recency = 1
left join fences
    on
        added.receipt_no = fences.receipt_no
        and added.credit_code = fences.credit_code
        and added.measure_code = fences.measure_code
order by added.receipt_no, added.credit_code, added.measure_code
