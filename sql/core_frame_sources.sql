-- Grain: period
-- 含义：每个快报期、名录所属月份和年末（期为年份）一行：适用哪份机构名录、哪份样本名录，层按哪份名录划分。
-- Sources: a month has the register of the latest month not after it, else the earliest there is
--  (it keeps exits and dates, so it can tell the past), and the sample drawn last. Strata stay as
--  they were when the sample was drawn, or weights would not be inverse inclusion rates (Cochran
--  1977, 5A). Only registers received by the cut-off count, so that later ones rewrite no past
--  frame; where none had been, or the first report of the period came later still (all was loaded
--  afterwards), there is no cut-off: cut_off_date is null. A year's end is a period of its own, as
--  in the annual return, so that its December stays as it was reported: a full count by the first
--  register that covers it, else the latest, by all that is known now.
with files as (
    select * from stg_files
    where is_read and period is not null
),

calendar as (
    select * from core_calendar
),

flash_periods as (
    select * from core_periods
),

reporting as (
    select * from ref_reporting_calendar
),

register_files as (
    select
        period as register_period,
        receipt_no,
        cast(first_seen_at as date) as received_date
    from files
    where folder = 'register'
),

samples as (
    select
        period as sample_period,
        max(receipt_no) as receipt_no
    from files
    where folder = 'sample'
    group by period
),

latest as (
    select max(case when folder = 'annual' then concat(period, '-12') else period end) as period
    from files
    where folder in ('reports', 'register', 'annual')
),

frame_periods as (
    select
        period,
        period as month,
        end_date,
        false as is_year_end
    from calendar
    where
        period in (select flash_periods.period from flash_periods)
        or period in (select register_files.register_period from register_files)
        or period in (select samples.sample_period from samples)
    union all
    select
        calendar.year as period,
        calendar.period as month,
        calendar.end_date,
        true as is_year_end
    from calendar
    cross join latest
    where calendar.is_year_end and calendar.period <= latest.period
),

first_register as (
    select min(received_date) as received_date
    from register_files
),

cut_offs as (
    select
        frame_periods.period,
        reporting.cut_off_date
    from frame_periods
    inner join reporting on frame_periods.period = reporting.period
    cross join first_register
    left join flash_periods on frame_periods.period = flash_periods.period
    where
        not frame_periods.is_year_end
        and first_register.received_date <= reporting.cut_off_date
        and coalesce(flash_periods.is_cut_off_applied, true)
),

-- The registers that count for a period, of each month the one received last.
registers as (
    select
        frame_periods.period,
        frame_periods.month,
        frame_periods.is_year_end,
        cut_offs.cut_off_date,
        register_files.register_period,
        max(register_files.receipt_no) as receipt_no
    from frame_periods
    cross join register_files
    left join cut_offs on frame_periods.period = cut_offs.period
    where cut_offs.period is null or register_files.received_date <= cut_offs.cut_off_date
    group by
        frame_periods.period,
        frame_periods.month,
        frame_periods.is_year_end,
        cut_offs.cut_off_date,
        register_files.register_period
),

register_in_force as (
    select
        period,
        cut_off_date,
        case
            when is_year_end
                then coalesce(
                    min(case when register_period >= month then register_period end),
                    max(register_period)
                )
            else coalesce(
                max(case when register_period <= month then register_period end),
                min(register_period)
            )
        end as register_period
    from registers
    group by period, is_year_end, cut_off_date
),

sample_in_force as (
    select
        frame_periods.period,
        max(samples.sample_period) as sample_period
    from frame_periods
    inner join samples on frame_periods.month >= samples.sample_period
    where not frame_periods.is_year_end
    group by frame_periods.period
),

design_register as (
    select
        sample_in_force.period,
        coalesce(
            max(
                case
                    when registers.register_period <= sample_in_force.sample_period
                        then registers.register_period
                end
            ),
            min(registers.register_period)
        ) as register_period
    from sample_in_force
    inner join registers on sample_in_force.period = registers.period
    group by sample_in_force.period
)

select
    frame_periods.period,
    frame_periods.end_date,
    frame_periods.is_year_end,
    register_in_force.cut_off_date,
    register_in_force.register_period,
    last_day(cast(concat(register_in_force.register_period, '-01') as date)) as register_date,
    registers.receipt_no as register_receipt_no,
    sample_in_force.sample_period,
    samples.receipt_no as sample_receipt_no,
    designs.receipt_no as design_receipt_no
from frame_periods
inner join register_in_force on frame_periods.period = register_in_force.period
inner join registers
    on
        register_in_force.period = registers.period
        and register_in_force.register_period = registers.register_period
left join sample_in_force on frame_periods.period = sample_in_force.period
left join samples on sample_in_force.sample_period = samples.sample_period
left join design_register on frame_periods.period = design_register.period
left join registers as designs
    on
        design_register.period = designs.period
        and design_register.register_period = designs.register_period
order by frame_periods.period
