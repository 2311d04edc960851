-- Grain: receipt_no, finding_id
-- 含义：退回文件“审核意见”表中填写的说明：每份回报的文件、每个核实性问题一行。
-- Sources: sheet 审核意见 of returned workbooks; a refused file's explanations count too. Where one
--  finding is explained twice in a file, the first explanation counts.
with cells as (
    select * from raw_values
),

numbers as (
    select
        receipt_no,
        sheet_name,
        unit_row,
        text_value as finding_id
    from cells
    where field_code = 'finding_id'
),

explanations as (
    select
        cells.receipt_no,
        numbers.finding_id,
        cells.text_value as explanation,
        cells.sheet_name,
        cells.cell_address,
        row_number() over (
            partition by cells.receipt_no, numbers.finding_id order by cells.value_no
        ) as place_in_file
    from cells
    inner join numbers
        on
            cells.receipt_no = numbers.receipt_no
            and cells.sheet_name = numbers.sheet_name
            and cells.unit_row = numbers.unit_row
    where cells.field_code = 'explanation'
)

select
    receipt_no,
    finding_id,
    explanation,
    sheet_name,
    cell_address
from explanations
where place_in_file = 1
order by receipt_no, finding_id
