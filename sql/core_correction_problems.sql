-- Grain: finding_no
-- 含义：没有采用的更正，每条一个强制性问题，列在读表和审核的问题之后。
-- Sources: core_corrections. Found after core_versions: what a correction is held against is the
--  accepted version, which core_problems decides. Columns and finding_id are as in core_problems.
with corrections as (
    select * from core_corrections
    where correction_state not in ('applied', 'already_reported', 'held', 'replaced')
),

files as (
    select * from stg_files
),

problems as (
    select coalesce(max(finding_no), 0) as problem_count
    from core_problems
)

select
    cast(
        problems.problem_count
        + row_number() over (order by corrections.receipt_no, corrections.unit_row) as integer
    ) as finding_no,
    substr(
        md5(
            concat_ws(
                '|',
                files.folder, files.file_name, corrections.sheet_name, corrections.cell_address,
                corrections.correction_state, corrections.correction_note
            )
        ),
        1,
        12
    ) as finding_id,
    corrections.receipt_no,
    files.folder,
    files.form_code,
    files.period,
    files.file_name,
    files.reporting_unit_code,
    'row' as scope,
    corrections.credit_code,
    corrections.unit_row,
    'old_value' as field_code,
    corrections.indicator_code,
    corrections.measure_code,
    corrections.sheet_name,
    corrections.cell_address,
    corrections.old_text as raw_text,
    cast(null as varchar) as related_cells,
    'unused_correction' as rule_code,
    'mandatory' as severity,
    '与采用的报送一致的原数' as expected,
    concat(
        '文件“', files.file_name, '”工作表“', corrections.sheet_name, '”单元格',
        corrections.cell_address, '“原数”填的是“', corrections.old_text, '”，本条更正没有采用：',
        corrections.correction_note, '，改好后用原文件名重新放入。'
    ) as message,
    cast(null as integer) as compared_receipt_no
from corrections
inner join files on corrections.receipt_no = files.receipt_no
cross join problems
order by finding_no
