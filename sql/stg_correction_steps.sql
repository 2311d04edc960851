-- Grain: receipt_no, value_no, step_no
-- 含义：每个有更正的填报数逐条对照更正，每条一行：更正前的数是否等于“原数”，更正后是多少。
-- Sources: stg_corrections in force, in order of correction_no. Each meets what the ones before it
--  left, and replaces that where it equals the old value; whichever version is accepted later.
with recursive corrections as (
    select * from stg_corrections
    where is_in_force and old_value is not null and new_value is not null
),

files as (
    select * from stg_files
    where folder in ('reports', 'annual') and is_read
),

cells as (
    select * from raw_values
    where indicator_code is not null and number_value is not null
),

units as (
    select * from ref_units
),

met as (
    select
        cells.receipt_no,
        cells.value_no,
        row_number() over (
            partition by cells.receipt_no, cells.value_no
            order by corrections.correction_no
        ) as step_no,
        corrections.correction_no,
        corrections.old_value,
        corrections.new_value,
        case
            when abs(cast(cells.number_value as double)) * cast(units.factor as double) < 1e16
                then cast(cells.number_value * units.factor as decimal(20, 4))
        end as reported_value
    from corrections
    inner join files
        on
            corrections.form_code = files.form_code
            and corrections.period = files.period
    inner join cells
        on
            files.receipt_no = cells.receipt_no
            and corrections.credit_code = cells.credit_code
            and corrections.indicator_code = cells.indicator_code
            and corrections.measure_code = cells.measure_code
    inner join units on cells.unit = units.unit
),

steps as (
    select
        receipt_no,
        value_no,
        step_no,
        correction_no,
        reported_value as standing_value,
        coalesce(reported_value = old_value, false) as is_applied,
        case
            when reported_value = old_value then new_value
            else reported_value
        end as corrected_value
    from met
    where step_no = 1
    union all
    select
        met.receipt_no,
        met.value_no,
        met.step_no,
        met.correction_no,
        steps.corrected_value as standing_value,
        coalesce(steps.corrected_value = met.old_value, false) as is_applied,
        case
            when steps.corrected_value = met.old_value then met.new_value
            else steps.corrected_value
        end as corrected_value
    from steps
    inner join met
        on
            steps.receipt_no = met.receipt_no
            and steps.value_no = met.value_no
            and met.step_no = steps.step_no + 1
)

select
    receipt_no,
    value_no,
    cast(step_no as integer) as step_no,
    correction_no,
    standing_value,
    is_applied,
    corrected_value
from steps
order by receipt_no, value_no, step_no
