-- Grain: receipt_no, unit_row
-- 含义：每份机构名录中每家机构一行，按机构类型和规模类别定层。
-- Sources: form register (渝人服录01表); strata of sampling.yml: public agencies apart, market
--  agencies by size class. An agency that fits no stratum has none.
with files as (
    select * from stg_files
    where folder = 'register' and is_read
),

cells as (
    select * from raw_values
    where credit_code is not null and receipt_no in (select files.receipt_no from files)
),

institution_types as (
    select * from ref_classifications
    where classification_code = 'institution_types'
),

strata as (
    select * from ref_strata
),

rows_read as (
    select
        receipt_no,
        unit_row,
        credit_code,
        max(case when field_code = 'agency_name' then text_value end) as agency_name,
        max(case when field_code = 'district' then text_value end) as district_code,
        max(case when field_code = 'township' then text_value end) as township,
        max(case when field_code = 'reporting_unit' then text_value end) as reporting_unit_code,
        max(case when field_code = 'institution_type' then text_value end) as institution_type,
        max(case when field_code = 'licence_kind' then text_value end) as licence_kind,
        max(case when field_code = 'licence_no' then text_value end) as licence_no,
        max(case when field_code = 'first_registered_date' then text_value end) as registered_text,
        max(case when field_code = 'licence_valid_to_date' then text_value end) as valid_to_text,
        max(case when field_code = 'exit_date' then text_value end) as exit_text,
        max(case when field_code = 'exit_reason' then text_value end) as exit_reason,
        max(case when field_code = 'business_line' then text_value end) as business_line,
        max(case when field_code = 'size_class' then text_value end) as size_class,
        max(case when field_code = 'parent_code' then text_value end) as parent_code,
        max(case when field_code = 'parent_name' then text_value end) as parent_name
    from cells
    group by receipt_no, unit_row, credit_code
)

select
    rows_read.receipt_no,
    rows_read.unit_row,
    rows_read.credit_code,
    files.period as register_period,
    rows_read.agency_name,
    rows_read.district_code,
    rows_read.township,
    rows_read.reporting_unit_code,
    rows_read.institution_type,
    institution_types.item_group as institution_group,
    rows_read.licence_kind,
    rows_read.licence_no,
    cast(rows_read.registered_text as date) as first_registered_date,
    cast(rows_read.valid_to_text as date) as licence_valid_to_date,
    cast(rows_read.exit_text as date) as exit_date,
    rows_read.exit_reason,
    -- What the words tell of the way it left; 歇业 and 失联 are no exits.
    case
        when rows_read.exit_text is null then null
        when rows_read.exit_reason like '%歇业%' or rows_read.exit_reason like '%停业%'
            then 'suspended'
        when rows_read.exit_reason like '%失联%' then 'lost_contact'
        when rows_read.exit_reason like '%吊销%' then 'revoked'
        when rows_read.exit_reason like '%合并%' then 'merged'
        when rows_read.exit_reason like '%迁出%' then 'moved_out'
        when rows_read.exit_reason like '%注销%' then 'deregistered'
        else 'exited'
    end as exit_kind,
    rows_read.business_line,
    rows_read.size_class,
    rows_read.parent_code,
    rows_read.parent_name,
    strata.stratum_code
from rows_read
inner join files on rows_read.receipt_no = files.receipt_no
left join institution_types on rows_read.institution_type = institution_types.item_code
left join strata
    on
        institution_types.item_group = strata.institution_group
        and (rows_read.size_class = strata.size_class or strata.size_class is null)
order by rows_read.receipt_no, rows_read.unit_row
