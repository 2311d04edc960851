-- Grain: receipt_no, unit_row
-- 含义：每份审核表中填有审核意见的每一行：谁在哪一级审核、哪家机构的哪份报送、什么意见、什么理由。
-- Sources: form review (渝人服审01表), its cover on every row. A row left blank is no decision. No
--  file takes the place of another: each decision stands until one of the same level changes it.
with files as (
    select * from stg_files
    where folder = 'review' and is_read
),

cells as (
    select * from raw_values
    where receipt_no in (select files.receipt_no from files)
),

covers as (
    select
        receipt_no,
        max(case when field_code = 'review_level' then text_value end) as review_level,
        max(case when field_code = 'reviewer' then text_value end) as reviewer,
        max(case when field_code = 'review_date' then text_value end) as review_text
    from cells
    where unit_row = 0
    group by receipt_no
),

rows_read as (
    select
        receipt_no,
        unit_row,
        credit_code,
        max(case when field_code = 'reviewed_receipt_no' then number_value end)
            as reviewed_receipt_no,
        max(case when field_code = 'decision' then text_value end) as decision_text,
        max(case when field_code = 'reason' then text_value end) as reason,
        max(case when field_code = 'decision' then sheet_name end) as sheet_name,
        max(case when field_code = 'decision' then cell_address end) as cell_address
    from cells
    where unit_row > 0 and credit_code is not null
    group by receipt_no, unit_row, credit_code
),

decisions as (
    select * from ref_classifications
    where classification_code = 'review_decisions'
)

select
    rows_read.receipt_no,
    rows_read.unit_row,
    files.first_seen_at,
    files.period,
    files.reporting_unit_code,
    covers.review_level,
    covers.reviewer,
    cast(covers.review_text as date) as review_date,
    rows_read.credit_code,
    cast(rows_read.reviewed_receipt_no as integer) as reviewed_receipt_no,
    rows_read.decision_text,
    decisions.item_code as decision,
    rows_read.reason,
    rows_read.sheet_name,
    rows_read.cell_address
from rows_read
inner join files on rows_read.receipt_no = files.receipt_no
inner join covers on rows_read.receipt_no = covers.receipt_no
left join decisions on rows_read.decision_text = decisions.item_name
where rows_read.decision_text is not null
order by rows_read.receipt_no, rows_read.unit_row
