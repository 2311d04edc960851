-- Grain: receipt_no, credit_code, measure_code, compared_receipt_no
-- 含义：一次报送的大半金额都与上一次报送相差同一个 10 的幂次，疑整份报表用错计量单位；每个栏次、
--  每个对照的报送一行。
-- Sources: domain.md §1.5 A15 (元, 万元, 亿元). What was reported last before is compared month for
--  month of its length, so that 1—2月, 累计 and gaps compare, too. A figure is off by the power of
--  ten nearest to it, by a single one only within 10 per cent: growth may be tenfold.
with flash_submissions as (
    select * from stg_flash_submissions
    where is_read
),

annual_submissions as (
    select * from stg_annual_submissions
    where is_read
),

periods as (
    select * from core_periods
),

cells as (
    select * from stg_values
    where unit = '元' and value > 0 and measure_code in ('month', 'ytd', 'annual')
),

submissions as (
    select
        flash_submissions.receipt_no,
        flash_submissions.credit_code,
        'flash_report' as form_code,
        flash_submissions.period,
        case periods.period_type when 'M2' then 2 else 1 end as month_length,
        periods.elapsed_share
    from flash_submissions
    inner join periods on flash_submissions.period = periods.period
    union all
    select
        receipt_no,
        credit_code,
        'annual_return' as form_code,
        period,
        1 as month_length,
        1 as elapsed_share
    from annual_submissions
),

reported as (
    select distinct
        form_code,
        credit_code,
        period
    from submissions
),

earlier_periods as (
    select
        form_code,
        credit_code,
        period,
        lag(period) over (
            partition by form_code, credit_code
            order by period
        ) as earlier_period
    from reported
),

figures as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        submissions.form_code,
        submissions.period,
        cells.indicator_code,
        cells.measure_code,
        cast(cells.value as double)
        / case cells.measure_code
            when 'ytd' then submissions.elapsed_share
            else submissions.month_length
        end as rate
    from cells
    inner join submissions
        on
            cells.receipt_no = submissions.receipt_no
            and cells.credit_code = submissions.credit_code
),

logarithms as (
    select
        figures.receipt_no,
        figures.credit_code,
        figures.form_code,
        figures.period,
        figures.measure_code,
        earlier.receipt_no as compared_receipt_no,
        earlier.period as compared_period,
        log10(figures.rate / earlier.rate) as logarithm
    from figures
    inner join earlier_periods
        on
            figures.form_code = earlier_periods.form_code
            and figures.credit_code = earlier_periods.credit_code
            and figures.period = earlier_periods.period
    inner join figures as earlier
        on
            figures.form_code = earlier.form_code
            and figures.credit_code = earlier.credit_code
            and figures.indicator_code = earlier.indicator_code
            and figures.measure_code = earlier.measure_code
            and earlier_periods.earlier_period = earlier.period
),

powers as (
    select
        *,
        case
            when abs(round(logarithm)) = 1 and abs(logarithm - round(logarithm)) >= log10(1.1)
                then 0
            else round(logarithm)
        end as power
    from logarithms
),

counted as (
    select
        receipt_no,
        credit_code,
        form_code,
        period,
        measure_code,
        compared_receipt_no,
        compared_period,
        power,
        count(*) as slipped_count
    from powers
    group by
        receipt_no,
        credit_code,
        form_code,
        period,
        measure_code,
        compared_receipt_no,
        compared_period,
        power
),

shares as (
    select
        *,
        sum(slipped_count) over (
            partition by receipt_no, credit_code, measure_code, compared_receipt_no
        ) as figure_count
    from counted
)

select
    receipt_no,
    credit_code,
    form_code,
    period,
    measure_code,
    compared_receipt_no,
    compared_period,
    case form_code when 'annual_return' then '上年年报' else '上期' end as compared_words,
    cast(figure_count as integer) as figure_count,
    cast(slipped_count as integer) as slipped_count,
    case when power > 0 then '大' else '小' end as direction_words,
    case
        when power = 4 then '以元为单位填写'
        when power = 1 then '以千元为单位填写'
        when power = 2 then '以百元为单位填写'
        when power = -2 then '以百万元为单位填写'
        when power = -4 then '以亿元为单位填写，或当时以元为单位填写'
        else '的位数写错'
    end as suspected_words,
    cast(power as integer) as edit_a15_report
from shares
where power <> 0 and slipped_count >= 2 and 2 * slipped_count > figure_count
order by receipt_no, credit_code, measure_code, compared_receipt_no
