-- Grain: period
-- 含义：每个快报期、年末和名录所属月份一行：当期适用哪份机构名录、哪份样本名录，层按哪份名录划分。
-- Sources: the register of the latest month not after the period, else the earliest there is (it
--  keeps exits and dates, so it can tell the past); for a year's end the first one that covers it,
--  else the latest; the sample drawn last. Strata stay as they were
--  when the sample was drawn, or weights would not be inverse inclusion rates (Cochran 1977, 5A).
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

registers as (
    select
        period as register_period,
        max(receipt_no) as receipt_no
    from files
    where folder = 'register'
    group by period
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

months as (
    select
        calendar.period,
        calendar.end_date,
        calendar.is_year_end,
        calendar.period in (select flash_periods.period from flash_periods) as is_flash_period
    from calendar
    cross join latest
    where
        calendar.period in (select flash_periods.period from flash_periods)
        or calendar.period in (select registers.register_period from registers)
        or calendar.period in (select samples.sample_period from samples)
        or (calendar.is_year_end and calendar.period <= latest.period)
),

register_in_force as (
    select
        months.period,
        case
            when months.is_year_end
                then coalesce(
                    min(
                        case
                            when registers.register_period >= months.period
                                then registers.register_period
                        end
                    ),
                    max(registers.register_period)
                )
            else coalesce(
                max(
                    case
                        when registers.register_period <= months.period
                            then registers.register_period
                    end
                ),
                min(registers.register_period)
            )
        end as register_period
    from months
    cross join registers
    group by months.period, months.is_year_end
),

sample_in_force as (
    select
        months.period,
        max(samples.sample_period) as sample_period
    from months
    inner join samples on months.period >= samples.sample_period
    group by months.period
),

design_register as (
    select
        samples.sample_period,
        coalesce(
            max(
                case
                    when registers.register_period <= samples.sample_period
                        then registers.register_period
                end
            ),
            min(registers.register_period)
        ) as register_period
    from samples
    cross join registers
    group by samples.sample_period
)

select
    months.period,
    months.end_date,
    months.is_flash_period,
    months.is_year_end,
    register_in_force.register_period,
    registers.receipt_no as register_receipt_no,
    sample_in_force.sample_period,
    samples.receipt_no as sample_receipt_no,
    designs.receipt_no as design_receipt_no
from months
inner join register_in_force on months.period = register_in_force.period
inner join registers on register_in_force.register_period = registers.register_period
left join sample_in_force on months.period = sample_in_force.period
left join samples on sample_in_force.sample_period = samples.sample_period
left join design_register on samples.sample_period = design_register.sample_period
left join registers as designs on design_register.register_period = designs.register_period
order by months.period
