-- Grain: receipt_no, credit_code
-- 含义：快报文件中每家机构的一次报送一行，含封面或单位名单上的内容；退回的文件只要认得出机构也在内。
-- Sources: form flash_report (渝人服快01表), cover and 单位名单.
with files as (
    select * from stg_files
    where folder = 'reports'
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
        max(case when field_code = 'district' then text_value end) as district_code,
        max(case when field_code = 'reporting_unit' then text_value end) as reporting_unit_code,
        max(case when field_code = 'operating_status' then text_value end) as operating_status,
        max(case when field_code = 'zero_report' then text_value end) as zero_report,
        max(case when field_code = 'accounting_method' then text_value end) as accounting_method
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
    covers.district_code,
    coalesce(covers.reporting_unit_code, files.reporting_unit_code) as reporting_unit_code,
    covers.operating_status,
    coalesce(covers.zero_report = 'yes', false) as is_zero_report,
    covers.accounting_method
from agencies
inner join files on agencies.receipt_no = files.receipt_no
left join covers
    on
        agencies.receipt_no = covers.receipt_no
        and agencies.credit_code = covers.credit_code
order by agencies.receipt_no, agencies.credit_code
