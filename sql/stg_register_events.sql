-- Grain: receipt_no, unit_row
-- 含义：每份名录变动表的每一行：哪家机构在哪一天有什么变动，改变后的新值，以及该行何时收到、何时被替代。
-- Sources: form register_events (渝人服录02表). Of a file that a later one of its name replaced the
--  rows are kept, for a frame frozen in between; replaced_date is null where none did. A 迁出 that
--  names a district of the city is a move within it; a 换证 that names a successor is a new code.
with files as (
    select * from stg_files
    where folder = 'register_events' and is_read
),

later_files as (
    select
        receipt_no,
        first_seen_at
    from stg_files
),

cells as (
    select * from raw_values
    where unit_row > 0 and receipt_no in (select files.receipt_no from files)
),

event_types as (
    select * from ref_classifications
    where classification_code = 'register_event_types'
),

rows_read as (
    select
        receipt_no,
        unit_row,
        max(case when field_code = 'credit_code' then text_value end) as changed_code,
        max(case when field_code = 'agency_name' then text_value end) as agency_name,
        max(case when field_code = 'event_type' then text_value end) as event_type,
        max(case when field_code = 'event_date' then text_value end) as event_text,
        max(case when field_code = 'new_name' then text_value end) as new_name,
        max(case when field_code = 'district' then text_value end) as district_code,
        max(case when field_code = 'township' then text_value end) as township,
        max(case when field_code = 'reporting_unit' then text_value end)
            as reporting_unit_code,
        max(case when field_code = 'institution_type' then text_value end) as institution_type,
        max(case when field_code = 'licence_kind' then text_value end) as licence_kind,
        max(case when field_code = 'licence_no' then text_value end) as licence_no,
        max(case when field_code = 'first_registered_date' then text_value end) as registered_text,
        max(case when field_code = 'licence_valid_to_date' then text_value end) as valid_to_text,
        max(case when field_code = 'business_line' then text_value end) as business_line,
        max(case when field_code = 'size_class' then text_value end) as size_class,
        max(case when field_code = 'successor_code' then text_value end) as successor_code,
        max(case when field_code = 'reason' then text_value end) as reason,
        max(case when field_code = 'document_no' then text_value end) as event_document_no
    from cells
    group by receipt_no, unit_row
),

typed as (
    select
        rows_read.*,
        case
            when rows_read.event_type = 'relicensed' and rows_read.successor_code is not null
                then 'recoded'
            when rows_read.event_type = 'moved_out' and rows_read.district_code is not null
                then 'relocated'
            else rows_read.event_type
        end as change_kind
    from rows_read
)

select
    typed.receipt_no,
    typed.unit_row,
    typed.changed_code,
    typed.agency_name,
    typed.event_type,
    typed.change_kind,
    cast(typed.event_text as date) as event_date,
    event_types.item_order as event_order,
    case
        when typed.change_kind in ('new', 'moved_in')
            then coalesce(typed.new_name, typed.agency_name)
        else typed.new_name
    end as new_name,
    typed.district_code,
    typed.township,
    typed.reporting_unit_code,
    typed.institution_type,
    case when typed.change_kind = 'upgraded' then 'licensed' else typed.licence_kind end
        as licence_kind,
    typed.licence_no,
    case
        when typed.change_kind = 'new'
            then coalesce(cast(typed.registered_text as date), cast(typed.event_text as date))
        else cast(typed.registered_text as date)
    end as first_registered_date,
    cast(typed.valid_to_text as date) as licence_valid_to_date,
    typed.business_line,
    typed.size_class,
    typed.successor_code,
    typed.reason,
    typed.event_document_no,
    -- none: the agency is there again, or for the first time.
    case
        when typed.change_kind in ('deregistered', 'revoked', 'merged', 'moved_out', 'recoded')
            then typed.change_kind
        when event_types.item_group = 'entry' then 'none'
    end as exit_claim,
    case
        when typed.change_kind in ('suspended', 'lost_contact') then typed.change_kind
        when event_types.item_group = 'entry' then 'active'
    end as activity_claim,
    cast(files.first_seen_at as date) as received_date,
    cast(later_files.first_seen_at as date) as replaced_date,
    files.later_receipt_no is null as is_in_force,
    -- A text of all that it says: which of several of one day comes first must not hang on arrival.
    concat_ws(
        '|', typed.event_text, lpad(cast(event_types.item_order as varchar), 2, '0'),
        coalesce(typed.new_name, ''), coalesce(typed.district_code, ''),
        coalesce(typed.township, ''), coalesce(typed.reporting_unit_code, ''),
        coalesce(typed.institution_type, ''), coalesce(typed.licence_kind, ''),
        coalesce(typed.licence_no, ''), coalesce(typed.registered_text, ''),
        coalesce(typed.valid_to_text, ''), coalesce(typed.business_line, ''),
        coalesce(typed.size_class, ''), coalesce(typed.successor_code, ''),
        coalesce(typed.agency_name, ''), coalesce(typed.reason, ''),
        coalesce(typed.event_document_no, '')
    ) as event_content
from typed
inner join files on typed.receipt_no = files.receipt_no
inner join event_types on typed.event_type = event_types.item_code
left join later_files on files.later_receipt_no = later_files.receipt_no
order by typed.receipt_no, typed.unit_row
