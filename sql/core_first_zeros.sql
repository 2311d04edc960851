-- Grain: receipt_no, value_no
-- 含义：本月为 0 而最近各期都大于 0 的主要指标，每个数值一行：此前连续几期大于 0（edit_first_zero）。
-- Sources: the periods that the agency reported, each with its last version; a period without a
--  figure above zero, such as a zero report, ends the run. Zero reports are asked about as a whole
--  (core_submission_edits). How many periods are enough, the rule says.
with submissions as (
    select * from stg_flash_submissions
    where is_read
),

cells as (
    select * from stg_values
    where
        measure_code = 'month'
        and indicator_code in (
            'revenue_booked', 'people_served', 'placements', 'employers_served'
        )
),

latest as (
    select
        period,
        credit_code,
        max(receipt_no) as receipt_no
    from submissions
    group by period, credit_code
),

indicators as (
    select distinct indicator_code
    from cells
),

numbered as (
    select
        latest.period,
        latest.credit_code,
        latest.receipt_no,
        indicators.indicator_code,
        cells.value,
        row_number() over (
            partition by latest.credit_code, indicators.indicator_code
            order by latest.period
        ) as period_rank
    from latest
    cross join indicators
    left join cells
        on
            latest.receipt_no = cells.receipt_no
            and latest.credit_code = cells.credit_code
            and indicators.indicator_code = cells.indicator_code
),

runs as (
    select
        *,
        lag(receipt_no) over (
            partition by credit_code, indicator_code
            order by period_rank
        ) as compared_receipt_no,
        lag(period) over (
            partition by credit_code, indicator_code
            order by period_rank
        ) as compared_period,
        lag(value) over (
            partition by credit_code, indicator_code
            order by period_rank
        ) as compared_value,
        period_rank - 1 - coalesce(
            max(case when value > 0 then null else period_rank end) over (
                partition by credit_code, indicator_code
                order by period_rank
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as positive_count
    from numbered
)

select
    cells.receipt_no,
    cells.value_no,
    cells.credit_code,
    submissions.period,
    cells.indicator_code,
    cells.measure_code,
    cells.value,
    cells.unit,
    runs.compared_receipt_no,
    runs.compared_period,
    runs.compared_value,
    cast(runs.positive_count as integer) as edit_first_zero
from cells
inner join submissions
    on
        cells.receipt_no = submissions.receipt_no
        and cells.credit_code = submissions.credit_code
inner join runs
    on
        submissions.period = runs.period
        and cells.credit_code = runs.credit_code
        and cells.indicator_code = runs.indicator_code
where cells.value = 0 and not submissions.is_zero_report and runs.positive_count > 0
order by cells.receipt_no, cells.value_no
