-- Grain: finding_no
-- 含义：查出的全部问题，每个一行：读表时发现的，以及按审核规则查出的。
-- Sources: raw_problems (reading), core_edit_failures (the suites of expectations/). finding_id
--  stays the same over runs and versions while rule, place in the form and all figures that the
--  message quotes do; without an agency, while file and cell do, a returned file being the same.
--  Where a code is unreadable or not in the register in force (core_frame_sources), the message
--  tells the code of the one agency there that has the name beside it, of namesakes the one whose
--  code differs by one character: people decide, nothing is put in its place.
with files as (
    select * from stg_files
),

problems as (
    select * from raw_problems
),

failures as (
    select * from core_edit_failures
),

frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

collected as (
    select
        receipt_no,
        problem_no,
        0 as failure_no,
        scope,
        credit_code,
        agency_name,
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
        cast(null as varchar) as agency_name,
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

names as (
    select
        receipt_no,
        credit_code,
        agency_name
    from stg_flash_submissions
    union all
    select
        receipt_no,
        credit_code,
        agency_name
    from stg_annual_submissions
),

named as (
    select
        collected.receipt_no,
        collected.problem_no,
        collected.failure_no,
        coalesce(collected.credit_code, collected.raw_text, '') as written_code,
        files.period,
        replace(
            replace(replace(coalesce(collected.agency_name, names.agency_name), ' ', ''), '（', '('),
            '）', ')'
        ) as plain_name
    from collected
    inner join files on collected.receipt_no = files.receipt_no
    left join names
        on
            collected.receipt_no = names.receipt_no
            and collected.credit_code = names.credit_code
    where collected.rule_code in ('invalid_credit_code', 'unknown_agency')
),

registered as (
    select
        frame_sources.period,
        register.credit_code,
        register.agency_name,
        replace(
            replace(replace(register.agency_name, ' ', ''), '（', '('), '）', ')'
        ) as plain_name
    from frame_sources
    inner join register on frame_sources.register_receipt_no = register.receipt_no
),

candidates as (
    select
        named.receipt_no,
        named.problem_no,
        named.failure_no,
        registered.credit_code,
        registered.agency_name,
        levenshtein(named.written_code, registered.credit_code) <= 1 as is_near,
        count(*) over (
            partition by named.receipt_no, named.problem_no, named.failure_no
        ) as namesake_count
    from named
    inner join registered
        on
            named.period = registered.period
            and named.plain_name = registered.plain_name
),

suggestions as (
    select
        receipt_no,
        problem_no,
        failure_no,
        max(credit_code) as credit_code,
        max(agency_name) as agency_name
    from candidates
    where is_near or namesake_count = 1
    group by receipt_no, problem_no, failure_no
    having count(*) = 1
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
    case
        when suggestions.credit_code is not null
            then concat(
                substr(numbered.message, 1, length(numbered.message) - 1),
                '；名录中“', suggestions.agency_name, '”的代码为“', suggestions.credit_code,
                '”，请核对后改填。'
            )
        else numbered.message
    end as message,
    numbered.compared_receipt_no
from numbered
inner join files on numbered.receipt_no = files.receipt_no
left join suggestions
    on
        numbered.receipt_no = suggestions.receipt_no
        and numbered.problem_no = suggestions.problem_no
        and numbered.failure_no = suggestions.failure_no
order by numbered.finding_no
