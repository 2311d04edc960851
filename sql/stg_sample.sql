-- Grain: receipt_no, unit_row
-- 含义：每份样本名录中每家入样机构一行。
-- Sources: form sample (渝人服样01表). The stratum printed there is kept for reference: estimation
--  stratifies by the register the sample was drawn from, so that N and n follow one rule.
with files as (
    select * from stg_files
    where folder = 'sample' and is_read
),

cells as (
    select * from raw_values
    where credit_code is not null and receipt_no in (select files.receipt_no from files)
),

rows_read as (
    select
        receipt_no,
        unit_row,
        credit_code,
        max(case when field_code = 'agency_name' then text_value end) as agency_name,
        max(case when field_code = 'reporting_unit' then text_value end) as reporting_unit_code,
        max(case when field_code = 'stratum' then text_value end) as stratum_code
    from cells
    group by receipt_no, unit_row, credit_code
)

select
    rows_read.receipt_no,
    rows_read.unit_row,
    rows_read.credit_code,
    files.period as sample_period,
    rows_read.agency_name,
    rows_read.reporting_unit_code,
    rows_read.stratum_code
from rows_read
inner join files on rows_read.receipt_no = files.receipt_no
order by rows_read.receipt_no, rows_read.unit_row
