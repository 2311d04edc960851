-- Grain: finding_no
-- 含义：审核问题每个一行：读表时发现的，以及对照名录和目录才能发现的。
-- Sources: raw_problems; relational rules: unknown_agency (not in the register in force), too_large
--  (not below 10^16 base units), no_stratum (register), unknown_indicator, unit_mismatch and
--  duplicate_figure (published figures).
with files as (
    select * from stg_files
),

cells as (
    select * from raw_values
),

problems as (
    select * from raw_problems
),

frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

published as (
    select * from stg_published
),

submissions as (
    select
        receipt_no,
        credit_code,
        period
    from stg_flash_submissions
    where is_read
    union all
    select
        receipt_no,
        credit_code,
        concat(period, '-12') as period
    from stg_annual_submissions
    where is_read
),

large_values as (
    select
        receipt_no,
        value_no
    from stg_values
    where value is null
),

-- The cell of the agency's code, else its first cell.
code_cells as (
    select
        receipt_no,
        credit_code,
        coalesce(min(case when field_code = 'credit_code' then value_no end), min(value_no))
            as value_no
    from cells
    where credit_code is not null
    group by receipt_no, credit_code
),

unknown_agencies as (
    select
        submissions.receipt_no,
        code_cells.value_no,
        submissions.credit_code,
        'agency' as scope,
        'unknown_agency' as rule_code,
        'mandatory' as severity,
        '机构名录中的统一社会信用代码' as expected,
        concat(
            '的统一社会信用代码“', submissions.credit_code, '”不在', frame_sources.register_period,
            '期末的机构名录中，本次报送不予采用，请核对代码，或在机构名录中补上该机构。'
        ) as reason
    from submissions
    inner join frame_sources on submissions.period = frame_sources.period
    left join register
        on
            frame_sources.register_receipt_no = register.receipt_no
            and submissions.credit_code = register.credit_code
    left join code_cells
        on
            submissions.receipt_no = code_cells.receipt_no
            and submissions.credit_code = code_cells.credit_code
    where register.receipt_no is null
),

too_large as (
    select
        cells.receipt_no,
        cells.value_no,
        cells.credit_code,
        'agency' as scope,
        'too_large' as rule_code,
        'mandatory' as severity,
        '合理的数值' as expected,
        concat('填的是“', cells.raw_text, '”，大得不可能，请核对数值和计量单位。') as reason
    from large_values
    inner join cells
        on
            large_values.receipt_no = cells.receipt_no
            and large_values.value_no = cells.value_no
),

no_stratum as (
    select
        register.receipt_no,
        cells.value_no,
        register.credit_code,
        'agency' as scope,
        'no_stratum' as rule_code,
        'review' as severity,
        '大型、中型、小型或微型' as expected,
        concat(
            '的规模类别使“', register.agency_name,
            '”不属于任何一层，推算不包括该机构，请改填大型、中型、小型或微型。'
        ) as reason
    from register
    left join cells
        on
            register.receipt_no = cells.receipt_no
            and register.unit_row = cells.unit_row
            and cells.field_code = 'size_class'
    where register.stratum_code is null
),

published_rules as (
    select
        receipt_no,
        unit_row,
        case
            when indicator_code is null then 'unknown_indicator'
            when unit is null then 'unit_mismatch'
            when
                row_number() over (
                    partition by receipt_no, area_code, year, indicator_code
                    order by unit_row
                ) > 1
                then 'duplicate_figure'
        end as rule_code
    from published
),

unusable_figures as (
    select
        published_rules.receipt_no,
        cells.value_no,
        cast(null as varchar) as credit_code,
        'row' as scope,
        published_rules.rule_code,
        'mandatory' as severity,
        case published_rules.rule_code
            when 'unknown_indicator' then '指标目录中的指标名称'
            when 'unit_mismatch' then '与该指标相符的计量单位'
            when 'duplicate_figure' then '同一地区、年份、指标只填一行'
        end as expected,
        case published_rules.rule_code
            when 'unknown_indicator'
                then concat('的指标名称“', cells.raw_text, '”不在指标目录中，请改用目录中的名称。')
            when 'unit_mismatch'
                then concat('的计量单位“', cells.raw_text, '”与该指标不符，请改填相符的单位。')
            when 'duplicate_figure'
                then '与前面一行的地区、年份、指标相同，本行不予采用，请只保留一行。'
        end as reason
    from published_rules
    inner join cells
        on
            published_rules.receipt_no = cells.receipt_no
            and published_rules.unit_row = cells.unit_row
            and cells.field_code
            = case published_rules.rule_code when 'unit_mismatch' then 'unit' else 'indicator' end
    where published_rules.rule_code is not null
),

relational as (
    select * from unknown_agencies
    union all
    select * from too_large
    union all
    select * from no_stratum
    union all
    select * from unusable_figures
),

findings as (
    select
        receipt_no,
        problem_no,
        scope,
        credit_code,
        sheet_name,
        cell_address,
        raw_text,
        rule_code,
        severity,
        expected,
        message
    from problems
    union all
    select
        relational.receipt_no,
        1000000 + coalesce(relational.value_no, 0) as problem_no,
        relational.scope,
        relational.credit_code,
        cells.sheet_name,
        cells.cell_address,
        cells.raw_text,
        relational.rule_code,
        relational.severity,
        relational.expected,
        concat(
            '文件“', files.file_name, '”',
            case when cells.sheet_name is not null then concat('工作表“', cells.sheet_name, '”') end,
            case when cells.cell_address is not null then concat('单元格', cells.cell_address) end,
            relational.reason
        ) as message
    from relational
    inner join files on relational.receipt_no = files.receipt_no
    left join cells
        on
            relational.receipt_no = cells.receipt_no
            and relational.value_no = cells.value_no
)

select
    cast(
        row_number() over (
            order by
                findings.receipt_no,
                findings.problem_no,
                findings.rule_code,
                findings.credit_code
        ) as integer
    ) as finding_no,
    findings.receipt_no,
    files.folder,
    files.form_code,
    files.period,
    files.file_name,
    files.reporting_unit_code,
    findings.scope,
    findings.credit_code,
    findings.sheet_name,
    findings.cell_address,
    findings.raw_text,
    findings.rule_code,
    findings.severity,
    findings.expected,
    findings.message
from findings
inner join files on findings.receipt_no = files.receipt_no
order by finding_no
