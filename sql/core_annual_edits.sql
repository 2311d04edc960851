-- Grain: receipt_no, credit_code
-- 含义：年报每次报送一行：审核所对照的指标值，以及应为零或在界限内的差额（edit_ 开头）。
-- Sources: domain.md §1.5; edit_a02, a04, a05, a10 = total less its parts; edit_a16 = distance of a
--  ratio's logarithm from the year's quartiles, in interquartile ranges (Tukey 1977; at least 20).
with submissions as (
    select * from stg_annual_submissions
    where is_read
),

cells as (
    select * from stg_values
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
        max(case when cells.indicator_code = 'staff' then cells.value end) as staff,
        max(case when cells.indicator_code = 'staff_secondary' then cells.value end)
            as staff_secondary,
        max(case when cells.indicator_code = 'staff_college' then cells.value end)
            as staff_college,
        max(case when cells.indicator_code = 'staff_graduate' then cells.value end)
            as staff_graduate,
        max(case when cells.indicator_code = 'staff_qualified' then cells.value end)
            as staff_qualified,
        max(case when cells.indicator_code = 'staff_titled' then cells.value end) as staff_titled,
        max(case when cells.indicator_code = 'people_served' then cells.value end)
            as people_served,
        max(case when cells.indicator_code = 'placements' then cells.value end) as placements,
        max(case when cells.indicator_code = 'placements_graduates' then cells.value end)
            as placements_graduates,
        max(case when cells.indicator_code = 'placements_migrants' then cells.value end)
            as placements_migrants,
        max(case when cells.indicator_code = 'job_fairs' then cells.value end) as job_fairs,
        max(case when cells.indicator_code = 'job_fairs_graduates' then cells.value end)
            as job_fairs_graduates,
        max(case when cells.indicator_code = 'job_fairs_migrants' then cells.value end)
            as job_fairs_migrants,
        max(case when cells.indicator_code = 'fair_employers' then cells.value end)
            as fair_employers,
        max(case when cells.indicator_code = 'fair_vacancies' then cells.value end)
            as fair_vacancies,
        max(case when cells.indicator_code = 'fair_seekers' then cells.value end) as fair_seekers,
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
            as employers_served_other
    from cells
    inner join submissions
        on
            cells.receipt_no = submissions.receipt_no
            and cells.credit_code = submissions.credit_code
    group by cells.receipt_no, cells.credit_code, submissions.period
),

added as (
    select
        *,
        revenue_booked + pass_through_unbooked as revenue_incl,
        staff_secondary + staff_college + staff_graduate as staff_sum,
        registered_seekers_college + registered_seekers_bachelor + registered_seekers_graduate
            as registered_seekers_sum,
        employers_served_state
        + employers_served_private
        + employers_served_foreign
        + employers_served_other as employers_served_sum,
        fair_employers + fair_vacancies + fair_seekers as fair_visits,
        case when business_lines_count = 10 then business_lines_sum end as business_lines_total
    from figures
),

ratios as (
    select
        receipt_no,
        credit_code,
        period,
        ln(cast(revenue_incl as double) / cast(staff as double)) as log_ratio
    from added
    where revenue_incl > 0 and staff > 0
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
        quantile_cont(ratios.log_ratio, 0.25) as lower_quartile,
        quantile_cont(ratios.log_ratio, 0.75) as upper_quartile
    from ratios
    inner join latest
        on
            ratios.receipt_no = latest.receipt_no
            and ratios.credit_code = latest.credit_code
    group by ratios.period
    having
        count(*) >= 20
        and quantile_cont(ratios.log_ratio, 0.25) < quantile_cont(ratios.log_ratio, 0.75)
),

distances as (
    select
        ratios.receipt_no,
        ratios.credit_code,
        (
            greatest(ratios.log_ratio - quartiles.upper_quartile, 0)
            + least(ratios.log_ratio - quartiles.lower_quartile, 0)
        ) / (quartiles.upper_quartile - quartiles.lower_quartile) as revenue_per_staff_distance
    from ratios
    inner join quartiles on ratios.period = quartiles.period
)

select
    added.receipt_no,
    added.credit_code,
    added.period,
    'annual' as measure_code,
    added.revenue_booked,
    added.pass_through_booked,
    added.pass_through_unbooked,
    added.revenue_incl,
    added.business_lines_total,
    added.staff,
    added.staff_sum,
    added.staff_qualified,
    added.staff_titled,
    added.people_served,
    added.placements,
    added.placements_graduates,
    added.placements_migrants,
    added.people_served_graduates,
    added.people_served_migrants,
    added.registered_seekers,
    added.registered_seekers_sum,
    added.employers_served,
    added.employers_served_sum,
    added.job_fairs,
    added.job_fairs_graduates,
    added.job_fairs_migrants,
    added.fair_employers,
    added.fair_vacancies,
    added.fair_seekers,
    added.staff - added.staff_sum as edit_a02,
    added.registered_seekers - added.registered_seekers_sum as edit_a04,
    added.employers_served - added.employers_served_sum as edit_a05,
    case when added.job_fairs = 0 then added.fair_visits end as edit_a08_no_fair,
    case when added.fair_visits = 0 then added.job_fairs end as edit_a08_no_visitor,
    case
        when added.revenue_booked >= 0 then added.pass_through_booked - added.revenue_booked
    end as edit_a09,
    added.revenue_incl - added.business_lines_total as edit_a10,
    distances.revenue_per_staff_distance as edit_a16_staff
from added
left join distances
    on
        added.receipt_no = distances.receipt_no
        and added.credit_code = distances.credit_code
order by added.receipt_no, added.credit_code
