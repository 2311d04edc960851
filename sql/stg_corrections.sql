-- Grain: receipt_no, unit_row
-- 含义：每份更正表的每一行，折算为基本单位；指标名称对不上所在报表的，或单位与指标不符的，代码或数值为空。锁定后收到的写明。
-- Sources: form corrections (渝人服更01表). Corrections take effect in the order of correction_no, as
--  they were received and stand in the file; those of a file that a later one replaced do not. The
--  cut-off of reports is none of corrections: correcting is part of the review between it and the
--  release. A lock holds back what comes after it, and keeps in force what that would have
--  replaced.
with files as (
    select * from stg_files
    where folder = 'corrections' and is_read
),

later_files as (
    select
        receipt_no,
        first_seen_at
    from stg_files
),

locks as (
    select * from stg_locks
),

cells as (
    select * from raw_values
    where unit_row > 0 and receipt_no in (select files.receipt_no from files)
),

lines as (
    select distinct
        form_code,
        indicator_code,
        line_no,
        replace(replace(line_label, '（', '('), '）', ')') as line_label
    from ref_form_lines
),

indicators as (
    select
        indicator_code,
        unit,
        replace(replace(indicator_name, '（', '('), '）', ')') as indicator_name
    from ref_indicators
),

-- 其中 items share a name: a name that means several indicators of a form means none.
names as (
    select
        form_code,
        name,
        min(indicator_code) as indicator_code
    from (
        select
            form_code,
            line_label as name,
            indicator_code
        from lines
        union distinct
        select
            form_code,
            concat(line_no, ' ', line_label) as name,
            indicator_code
        from lines
        union distinct
        select
            lines.form_code,
            indicators.indicator_name as name,
            lines.indicator_code
        from lines
        inner join indicators on lines.indicator_code = indicators.indicator_code
    ) as named
    group by form_code, name
    having count(distinct indicator_code) = 1
),

units as (
    select * from ref_units
),

rows_read as (
    select
        receipt_no,
        unit_row,
        max(case when field_code = 'corrected_form' then text_value end) as form_code,
        max(case when field_code = 'period' then text_value end) as period,
        max(case when field_code = 'credit_code' then text_value end) as credit_code,
        max(case when field_code = 'indicator' then text_value end) as indicator_text,
        max(case when field_code = 'measure' then text_value end) as measure_code,
        max(case when field_code = 'old_value' then number_value end) as printed_old_value,
        max(case when field_code = 'new_value' then number_value end) as printed_new_value,
        max(case when field_code = 'unit' then text_value end) as printed_unit,
        max(case when field_code = 'reason' then text_value end) as reason,
        max(case when field_code = 'corrected_by' then text_value end) as corrected_by,
        max(case when field_code = 'corrected_date' then text_value end) as corrected_text,
        max(case when field_code = 'old_value' then raw_text end) as old_text,
        max(case when field_code = 'old_value' then sheet_name end) as sheet_name,
        max(case when field_code = 'old_value' then cell_address end) as cell_address
    from cells
    group by receipt_no, unit_row
)

select
    rows_read.receipt_no,
    rows_read.unit_row,
    cast(
        row_number() over (order by rows_read.receipt_no, rows_read.unit_row) as integer
    ) as correction_no,
    not coalesce(files.first_seen_at > locks.locked_at, false)
    and (
        files.later_receipt_no is null
        or coalesce(later_files.first_seen_at > locks.locked_at, false)
    ) as is_in_force,
    files.later_receipt_no is null
    and coalesce(files.first_seen_at > locks.locked_at, false) as is_held,
    rows_read.form_code,
    rows_read.period,
    rows_read.credit_code,
    rows_read.indicator_text,
    names.indicator_code,
    rows_read.measure_code,
    case
        when abs(cast(rows_read.printed_old_value as double)) * cast(units.factor as double) < 1e16
            then cast(rows_read.printed_old_value * units.factor as decimal(20, 4))
    end as old_value,
    case
        when abs(cast(rows_read.printed_new_value as double)) * cast(units.factor as double) < 1e16
            then cast(rows_read.printed_new_value * units.factor as decimal(20, 4))
    end as new_value,
    units.base_unit as unit,
    rows_read.printed_unit,
    rows_read.old_text,
    rows_read.reason,
    rows_read.corrected_by,
    cast(rows_read.corrected_text as date) as corrected_date,
    rows_read.sheet_name,
    rows_read.cell_address
from rows_read
inner join files on rows_read.receipt_no = files.receipt_no
left join later_files on files.later_receipt_no = later_files.receipt_no
left join locks on rows_read.period = locks.period
left join names
    on
        rows_read.form_code = names.form_code
        and replace(replace(rows_read.indicator_text, '（', '('), '）', ')') = names.name
left join indicators on names.indicator_code = indicators.indicator_code
left join units
    on
        rows_read.printed_unit = units.unit
        and indicators.unit = units.base_unit
order by rows_read.receipt_no, rows_read.unit_row
