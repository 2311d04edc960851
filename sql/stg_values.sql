-- Grain: receipt_no, value_no
-- 含义：快报和年报中填写的每个指标值一行，折算为基本单位，有更正的为更正后的数；大得不可能的数为空。
-- Sources: forms flash_report and annual_return; 万元 to 元 by ref_units.
--  DECIMAL(20,4) holds values below 10^16. Corrections (stg_correction_steps) stand here, so that
--  edits see them; what was sent stays in raw_values.
with files as (
    select * from stg_files
    where folder in ('reports', 'annual') and is_read
),

cells as (
    select * from raw_values
    where indicator_code is not null and number_value is not null
),

units as (
    select
        unit,
        base_unit,
        factor,
        cast(1e16 / factor as decimal(28, 8)) as upper_bound
    from ref_units
),

applied as (
    select
        receipt_no,
        value_no,
        correction_no,
        corrected_value,
        row_number() over (partition by receipt_no, value_no order by step_no desc) as recency
    from stg_correction_steps
    where is_applied
),

corrections as (
    select * from stg_corrections
)

select
    cells.receipt_no,
    cells.value_no,
    cells.credit_code,
    cells.indicator_code,
    cells.measure_code,
    case
        when applied.receipt_no is not null then applied.corrected_value
        when abs(cells.number_value) < units.upper_bound
            then cast(cells.number_value * units.factor as decimal(20, 4))
    end as value,
    units.base_unit as unit,
    cells.sheet_name,
    cells.cell_address,
    corrections.receipt_no as correction_receipt_no,
    case
        when corrections.receipt_no is not null
            then concat(corrections.sheet_name, '!', corrections.cell_address)
    end as correction_cell
from cells
inner join files on cells.receipt_no = files.receipt_no
inner join units on cells.unit = units.unit
left join applied
    on
        cells.receipt_no = applied.receipt_no
        and cells.value_no = applied.value_no
        and applied.recency = 1
left join corrections on applied.correction_no = corrections.correction_no
order by cells.receipt_no, cells.value_no
