-- Grain: receipt_no, value_no, compared_receipt_no
-- 含义：快报和年报中待审核的指标值，每个对照对象一行：本身、上一期、去年同期或全年快报累计，
--  以及应为零或在界限内的差额（edit_ 开头）；本身无误又没有差额的不列。
-- Sources: domain.md §1.5. compared_receipt_no is the submission compared with, 0 for what the
--  value and its own submission show. edit_a13 in printed units: 1—本月 less that of the period
--  before less 本月; edit_a13_month = what a count lacks of its own 本月, edit_a13_gap = what is
--  lacking of the last 1—本月 before periods not reported. edit_a14 = annual figure less the flash's
--  of December where they differ by more than editing.yml allows. edit_a15 = change in per cent;
--  edit_a15_power = the power of ten that a jump is near (within 10 per cent): a slip of the unit
--  rather than growth.
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

settings as (
    select * from ref_settings
),

indicators as (
    select
        indicator_code,
        measure_type,
        case when unit = '元' then 10000 else 1 end as printed_factor,
        -- Whose change is asked about (A15): every other figure would give a row of its own.
        indicator_code in ('revenue_booked', 'people_served', 'placements', 'staff')
            as is_change_asked
    from ref_indicators
),

cells as (
    select * from stg_values
),

submissions as (
    select
        receipt_no,
        credit_code,
        'flash_report' as form_code,
        period
    from flash_submissions
    union all
    select
        receipt_no,
        credit_code,
        'annual_return' as form_code,
        period
    from annual_submissions
),

figures as (
    select
        cells.receipt_no,
        cells.value_no,
        cells.credit_code,
        submissions.form_code,
        submissions.period,
        cells.indicator_code,
        cells.measure_code,
        cells.value,
        cells.unit,
        indicators.measure_type,
        indicators.printed_factor,
        indicators.is_change_asked
    from cells
    inner join submissions
        on
            cells.receipt_no = submissions.receipt_no
            and cells.credit_code = submissions.credit_code
    inner join indicators on cells.indicator_code = indicators.indicator_code
),

-- What each agency reported last before, in the same year.
reported as (
    select distinct
        flash_submissions.credit_code,
        flash_submissions.period,
        periods.year
    from flash_submissions
    inner join periods on flash_submissions.period = periods.period
),

earlier_periods as (
    select
        credit_code,
        period,
        lag(period) over (
            partition by credit_code, year
            order by period
        ) as earlier_period
    from reported
),

-- The value itself, and what its own submission says of the year before.
alone as (
    select
        figures.*,
        0 as compared_receipt_no,
        cast(null as varchar) as compared_period,
        coalesce(periods.is_first_period, false) as is_first_period,
        true as is_next_period,
        last_year.value as compared_value,
        case when periods.is_first_period and figures.measure_code = 'ytd' then 0 end
            as value_before,
        months.value as month_value
    from figures
    left join periods
        on figures.period = periods.period and figures.form_code = 'flash_report'
    left join figures as last_year
        on
            figures.receipt_no = last_year.receipt_no
            and figures.credit_code = last_year.credit_code
            and figures.indicator_code = last_year.indicator_code
            and figures.measure_code = 'ytd'
            and last_year.measure_code = 'ytd_last_year'
    left join figures as months
        on
            figures.receipt_no = months.receipt_no
            and figures.credit_code = months.credit_code
            and figures.indicator_code = months.indicator_code
            and figures.measure_code = 'ytd'
            and months.measure_code = 'month'
),

-- The same agency in what it reported last before; months that follow 1—2月, or a period that was
-- not reported, have no month to compare with.
with_period_before as (
    select
        figures.*,
        earlier.receipt_no as compared_receipt_no,
        earlier.period as compared_period,
        false as is_first_period,
        coalesce(periods.previous_period = earlier.period, false) as is_next_period,
        case
            when
                figures.measure_code = 'month'
                and periods.previous_period = earlier.period
                and periods_before.period_type = 'M'
                then earlier.value
        end as compared_value,
        case when figures.measure_code = 'ytd' then earlier.value end as value_before,
        months.value as month_value
    from figures
    inner join periods
        on figures.period = periods.period and figures.form_code = 'flash_report'
    inner join earlier_periods
        on
            figures.credit_code = earlier_periods.credit_code
            and figures.period = earlier_periods.period
    inner join periods as periods_before
        on earlier_periods.earlier_period = periods_before.period
    inner join figures as earlier
        on
            figures.form_code = earlier.form_code
            and figures.credit_code = earlier.credit_code
            and figures.indicator_code = earlier.indicator_code
            and figures.measure_code = earlier.measure_code
            and periods_before.period = earlier.period
    left join figures as months
        on
            figures.receipt_no = months.receipt_no
            and figures.credit_code = months.credit_code
            and figures.indicator_code = months.indicator_code
            and figures.measure_code = 'ytd'
            and months.measure_code = 'month'
    where figures.measure_type = 'flow' and figures.measure_code in ('month', 'ytd')
),

-- The annual return against the year's last 1—本月, and against the return before.
other_years as (
    select distinct
        period,
        'flash_report' as earlier_form_code,
        concat(period, '-12') as earlier_period
    from annual_submissions
    union all
    select distinct
        period,
        'annual_return' as earlier_form_code,
        cast(cast(period as integer) - 1 as varchar) as earlier_period
    from annual_submissions
),

with_other_years as (
    select
        figures.*,
        earlier.receipt_no as compared_receipt_no,
        earlier.period as compared_period,
        false as is_first_period,
        true as is_next_period,
        earlier.value as compared_value,
        null as value_before,
        null as month_value
    from figures
    inner join other_years
        on figures.period = other_years.period and figures.form_code = 'annual_return'
    inner join figures as earlier
        on
            figures.credit_code = earlier.credit_code
            and figures.indicator_code = earlier.indicator_code
            and other_years.earlier_form_code = earlier.form_code
            and other_years.earlier_period = earlier.period
    where
        earlier.form_code = 'annual_return'
        or earlier.measure_code = case figures.measure_type when 'flow' then 'ytd' else 'month' end
),

compared as (
    select * from alone
    union all
    select * from with_period_before
    union all
    select * from with_other_years
),

with_sources as (
    select
        compared.*,
        settings.annual_flash_pct,
        settings.annual_flash_least,
        coalesce(sources.form_code, compared.form_code) as compared_form_code,
        case
            when compared.compared_receipt_no = 0 then '上年同期'
            when sources.form_code = compared.form_code and compared.form_code = 'annual_return'
                then '上年年报'
            when sources.form_code = compared.form_code then '上期'
            else '全年快报累计'
        end as compared_words,
        case
            when compared.value > 0 and compared.compared_value > 0
                then log10(cast(compared.value as double) / cast(compared.compared_value as double))
        end as power
    from compared
    left join submissions as sources
        on
            compared.compared_receipt_no = sources.receipt_no
            and compared.credit_code = sources.credit_code
    left join settings on true
),

judged as (
    select
        *,
        case
            when not is_change_asked then 0
            when abs(round(power)) >= 1 and abs(power - round(power)) < log10(1.1)
                then cast(round(power) as integer)
            else 0
        end as edit_a15_power,
        case
            when is_change_asked
                then
                    100 * cast(value - compared_value as double)
                    / nullif(cast(compared_value as double), 0)
        end as change_pct,
        -- Money may be reversed (冲红) in a month, and in the first period of a year, whose sum to
        -- date is that month; 上年同期 is asked for as a favour and refuses nothing.
        measure_code = 'ytd_last_year'
        or (unit = '元' and (measure_code = 'month' or (measure_code = 'ytd' and is_first_period)))
            as is_reversible
    from with_sources
),

edits as (
    select
        receipt_no,
        value_no,
        compared_receipt_no,
        credit_code,
        form_code,
        period,
        indicator_code,
        measure_code,
        value,
        unit,
        compared_words,
        compared_period,
        compared_value,
        value_before,
        month_value,
        greatest(abs(value), abs(compared_value)) / printed_factor as compared_size,
        case when compared_receipt_no = 0 and not is_reversible then least(value, 0) end
            as edit_a19,
        case when compared_receipt_no = 0 and is_reversible then least(value, 0) end
            as edit_a19_reversible,
        case
            when measure_type = 'flow' and is_next_period
                then (value - value_before - month_value) / printed_factor
        end as edit_a13,
        case
            when
                compared_receipt_no = 0
                and measure_type = 'flow'
                and unit <> '元'
                and not is_first_period
                then least(value - month_value, 0)
        end as edit_a13_month,
        case when not is_next_period then least(value - value_before, 0) / printed_factor end
            as edit_a13_gap,
        case
            when
                form_code = 'annual_return'
                and compared_form_code = 'flash_report'
                and 100 * abs(value - compared_value)
                > annual_flash_pct * abs(compared_value)
                and abs(value - compared_value)
                >= annual_flash_least * printed_factor
                then value - compared_value
        end as edit_a14,
        case
            when
                compared_value > 0
                and edit_a15_power = 0
                and form_code = compared_form_code
                then change_pct
        end as edit_a15,
        edit_a15_power
    from judged
)

-- All figures of years against all they are compared with are too many for the rules to read: those
-- without anything to judge stay out. How much is too much, the rules alone say.
select * from edits
where
    (compared_receipt_no = 0 and value is null)
    or edit_a13 <> 0
    or edit_a13_month <> 0
    or edit_a13_gap <> 0
    or edit_a14 <> 0
    or edit_a15 <> 0
    or edit_a15_power <> 0
    or edit_a19 <> 0
    or edit_a19_reversible <> 0
order by receipt_no, value_no, compared_receipt_no
