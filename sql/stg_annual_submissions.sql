-- Grain: receipt_no, credit_code
-- 含义：年报文件中每家机构的一次报送一行；退回的文件只要认得出机构也在内。
-- Sources: form annual_return (渝人服年01表); what an agency says of itself is asked from 2025 on.
with files as (
    select * from stg_files
    where folder = 'annual'
),

cells as (
    select * from raw_values
    where credit_code is not null
),

problems as (
    select * from raw_problems
    where credit_code is not null
),

agencies as (
    select
        receipt_no,
        credit_code
    from cells
    union distinct
    select
        receipt_no,
        credit_code
    from problems
),

covers as (
    select
        receipt_no,
        credit_code,
        max(case when field_code = 'agency_name' then text_value end) as agency_name,
        max(case when field_code = 'reporting_unit' then text_value end) as reporting_unit_code,
        max(case when field_code = 'operating_status' then text_value end) as operating_status,
        max(case when field_code = 'institution_type' then text_value end) as institution_type,
        max(case when field_code = 'licence_kind' then text_value end) as licence_kind,
        max(case when field_code = 'licence_valid_to_date' then text_value end) as valid_to_text,
        max(case when field_code = 'founded_month' then text_value end) as founded_month
    from cells
    group by receipt_no, credit_code
)

select
    agencies.receipt_no,
    agencies.credit_code,
    files.period,
    files.first_seen_at,
    files.is_read,
    covers.agency_name,
    coalesce(covers.reporting_unit_code, files.reporting_unit_code) as reporting_unit_code,
    covers.operating_status,
    covers.institution_type,
    covers.licence_kind,
    cast(covers.valid_to_text as date) as licence_valid_to_date,
    covers.founded_month
from agencies
inner join files on agencies.receipt_no = files.receipt_no
left join covers
    on
        agencies.receipt_no = covers.receipt_no
        and agencies.credit_code = covers.credit_code
order by agencies.receipt_no, agencies.credit_code
