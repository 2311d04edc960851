-- Grain: receipt_no, unit_row
-- 含义：对报送数据的更正：每条一行，写明原数、改为多少、为什么、谁在何时改的，是否采用。
-- Sources: core_corrections with the names of forms, agencies and indicators; the agency's name is
--  that of the last register that has it.
with corrections as (
    select * from core_corrections
),

files as (
    select * from stg_files
),

forms as (
    select
        form_code,
        max(form_name) as form_name
    from ref_forms
    group by form_code
),

indicators as (
    select * from ref_indicators
),

registered as (
    select
        credit_code,
        agency_name,
        row_number() over (
            partition by credit_code
            order by receipt_no desc, unit_row
        ) as recency
    from stg_register
),

release as (
    select * from ref_release
)

select
    release.release_id,
    corrections.receipt_no,
    corrections.unit_row,
    files.file_name,
    corrections.form_code,
    forms.form_name,
    corrections.period,
    corrections.credit_code,
    registered.agency_name,
    corrections.indicator_text,
    corrections.indicator_code,
    indicators.indicator_name,
    corrections.measure_code,
    corrections.old_value,
    corrections.new_value,
    corrections.unit,
    corrections.reason,
    corrections.corrected_by,
    corrections.corrected_date,
    corrections.corrected_receipt_no,
    corrections.correction_state,
    corrections.correction_note
from corrections
inner join files on corrections.receipt_no = files.receipt_no
left join forms on corrections.form_code = forms.form_code
left join indicators on corrections.indicator_code = indicators.indicator_code
left join registered
    on
        corrections.credit_code = registered.credit_code
        and registered.recency = 1
cross join release
order by corrections.receipt_no, corrections.unit_row
