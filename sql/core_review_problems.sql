-- Grain: finding_no
-- 含义：审核退回的报送和不予采用的审核意见，每条一个强制性问题，列在读表、审核规则和更正的问题之后。
-- Sources: core_review_decisions. A return stands with the agency's file, a refused decision with
--  the workbook of the review, unless its level has decided anew. Columns are as in core_problems.
with decisions as (
    select * from core_review_decisions
),

files as (
    select * from stg_files
),

levels as (
    select * from ref_classifications
    where classification_code = 'review_levels'
),

problems as (
    select max(finding_no) as problem_count
    from (
        select finding_no from core_problems
        union all
        select finding_no from core_correction_problems
    ) as numbered
),

decided as (
    select
        *,
        lead(receipt_no) over (
            partition by period, credit_code, review_level
            order by receipt_no, unit_row
        ) as next_receipt_no
    from decisions
),

refused as (
    select * from decided
    where decision_state = 'refused' and next_receipt_no is null
),

told as (
    select
        refused.receipt_no,
        refused.receipt_no as order_receipt_no,
        refused.unit_row as order_row,
        'row' as scope,
        refused.credit_code,
        refused.unit_row,
        'decision' as field_code,
        refused.sheet_name,
        refused.cell_address,
        refused.decision_text as raw_text,
        'refused_review' as rule_code,
        '有效的审核意见' as expected,
        concat(
            '文件“', files.file_name, '”工作表“', refused.sheet_name, '”单元格',
            refused.cell_address, '“审核意见”填的是“', refused.decision_text, '”，',
            refused.decision_note
        ) as message
    from refused
    inner join files on refused.receipt_no = files.receipt_no
    union all
    select
        returns.reviewed_receipt_no as receipt_no,
        returns.receipt_no as order_receipt_no,
        returns.unit_row as order_row,
        'agency' as scope,
        returns.credit_code,
        cast(null as integer) as unit_row,
        cast(null as varchar) as field_code,
        cast(null as varchar) as sheet_name,
        cast(null as varchar) as cell_address,
        cast(null as varchar) as raw_text,
        'returned_by_review' as rule_code,
        '按审核理由改正后的报送' as expected,
        concat(
            '文件“', files.file_name, '”中该机构的报送经', levels.item_name, '退回：“', returns.reason,
            '”，请改正后重新报送。'
        ) as message
    from decisions as returns
    inner join files on returns.reviewed_receipt_no = files.receipt_no
    inner join levels on returns.review_level = levels.item_code
    where returns.decision = 'returned' and returns.decision_state = 'effective'
)

select
    cast(
        coalesce(problems.problem_count, 0)
        + row_number() over (order by told.order_receipt_no, told.order_row, told.receipt_no)
        as integer
    ) as finding_no,
    substr(
        md5(
            concat_ws(
                '|', files.folder, files.file_name, told.credit_code, told.rule_code, told.message
            )
        ),
        1,
        12
    ) as finding_id,
    told.receipt_no,
    files.folder,
    files.form_code,
    files.period,
    files.file_name,
    files.reporting_unit_code,
    told.scope,
    told.credit_code,
    told.unit_row,
    told.field_code,
    cast(null as varchar) as indicator_code,
    cast(null as varchar) as measure_code,
    told.sheet_name,
    told.cell_address,
    told.raw_text,
    cast(null as varchar) as related_cells,
    told.rule_code,
    'mandatory' as severity,
    told.expected,
    told.message,
    cast(null as integer) as compared_receipt_no
from told
inner join files on told.receipt_no = files.receipt_no
cross join problems
order by finding_no
