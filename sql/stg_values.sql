-- Grain: receipt_no, value_no
-- 含义：快报和年报中填写的每个指标值一行，折算为基本单位；大得不可能的数为空。
-- Sources: forms flash_report and annual_return; 万元 to 元 by ref_units.
--  DECIMAL(20,4) holds values below 10^16.
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
)

select
    cells.receipt_no,
    cells.value_no,
    cells.credit_code,
    cells.indicator_code,
    cells.measure_code,
    case
        when abs(cells.number_value) < units.upper_bound
            then cast(cells.number_value * units.factor as decimal(20, 4))
    end as value,
    units.base_unit as unit,
    cells.sheet_name,
    cells.cell_address
from cells
inner join files on cells.receipt_no = files.receipt_no
inner join units on cells.unit = units.unit
order by cells.receipt_no, cells.value_no
