-- Grain: finding_no
-- 含义：查出的全部问题，每个一行：读表时发现的，以及按审核规则查出的。
-- Sources: raw_problems (reading), core_edit_failures (the suites of expectations/). finding_id
--  stays the same over runs and versions while rule, place in the form and all figures that the
--  message quotes do; without an agency, while file and cell do, a returned file being the same.
with files as (
    select * from stg_files
),

problems as (
    select * from raw_problems
),

failures as (
    select * from core_edit_failures
),

collected as (
    select
        receipt_no,
        problem_no,
        0 as failure_no,
        scope,
        credit_code,
        unit_row,
        field_code,
        indicator_code,
        measure_code,
        sheet_name,
        cell_address,
        raw_text,
        cast(null as varchar) as related_cells,
        cast(null as varchar) as figures,
        rule_code,
        severity,
        expected,
        message,
        cast(null as integer) as compared_receipt_no
    from problems
    union all
    select
        receipt_no,
        0 as problem_no,
        failure_no,
        scope,
        credit_code,
        unit_row,
        field_code,
        indicator_code,
        measure_code,
        sheet_name,
        cell_address,
        raw_text,
        related_cells,
        figures,
        rule_code,
        severity,
        expected,
        message,
        compared_receipt_no
    from failures
),

numbered as (
    select
        *,
        cast(
            row_number() over (
                order by receipt_no, failure_no, problem_no
            ) as integer
        ) as finding_no
    from collected
)

select
    numbered.finding_no,
    substr(
        md5(
            concat_ws(
                '|',
                coalesce(files.form_code, files.folder),
                coalesce(files.period, '-'),
                coalesce(
                    numbered.credit_code,
                    concat(
                        regexp_replace(files.file_name, '^((退回|核实)_[0-9]+_)+', ''),
                        ' ', numbered.sheet_name, numbered.cell_address
                    )
                ),
                numbered.rule_code,
                coalesce(
                    numbered.field_code,
                    concat(numbered.sheet_name, numbered.cell_address)
                ),
                coalesce(numbered.measure_code, '-'),
                coalesce(numbered.figures, numbered.raw_text, '-')
            )
        ),
        1,
        12
    ) as finding_id,
    numbered.receipt_no,
    files.folder,
    files.form_code,
    files.period,
    files.file_name,
    files.reporting_unit_code,
    numbered.scope,
    numbered.credit_code,
    numbered.unit_row,
    numbered.field_code,
    numbered.indicator_code,
    numbered.measure_code,
    numbered.sheet_name,
    numbered.cell_address,
    numbered.raw_text,
    numbered.related_cells,
    numbered.rule_code,
    numbered.severity,
    numbered.expected,
    numbered.message,
    numbered.compared_receipt_no
from numbered
inner join files on numbered.receipt_no = files.receipt_no
order by numbered.finding_no
