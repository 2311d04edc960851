-- Grain: receipt_no, credit_code
-- 含义：年报每次报送一行：机构自报的类型、许可或备案、运营状态与适用的机构名录对照，以及与所报业务、年度对照。
-- Sources: domain.md §1.5, A12 (placement and dispatch need a licence, human-resources business a
--  filing), A18 (founded and licensed by the year's end). Register in force: core_frame_sources.
with submissions as (
    select * from stg_annual_submissions
    where is_read
),

frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

classifications as (
    select * from ref_classifications
),

statuses as (
    select * from classifications
    where classification_code = 'operating_statuses'
),

types as (
    select * from classifications
    where classification_code = 'institution_types'
),

kinds as (
    select * from classifications
    where classification_code = 'licence_kinds'
),

ticked as (
    select
        receipt_no,
        credit_code,
        max(
            case
                when
                    field_code in ('does_recruitment', 'does_headhunting')
                    and text_value = 'yes'
                    then 1
                else 0
            end
        ) as does_placement
    from raw_values
    where credit_code is not null
    group by receipt_no, credit_code
)

select
    submissions.receipt_no,
    submissions.credit_code,
    submissions.period,
    frame_sources.register_period,
    statuses.item_name as status_name,
    types.item_name as institution_type_name,
    registered_types.item_name as registered_type_name,
    kinds.item_name as licence_kind_name,
    registered_kinds.item_name as registered_kind_name,
    submissions.licence_valid_to_date,
    frame_sources.end_date,
    submissions.founded_month,
    cast(submissions.institution_type <> register.institution_type as integer) as edit_type,
    cast(submissions.licence_kind <> register.licence_kind as integer) as edit_licence,
    cast(
        statuses.item_code in ('closed', 'cancelled') and register.exit_date is null as integer
    ) as edit_status,
    cast(
        types.item_group = 'market'
        and submissions.licence_kind = 'filed'
        and ticked.does_placement = 1 as integer
    ) as edit_a12,
    case
        when statuses.item_group = 'in_scope'
            then date_diff('day', submissions.licence_valid_to_date, frame_sources.end_date)
    end as edit_a18_licence,
    cast(submissions.founded_month > concat(submissions.period, '-12') as integer)
        as edit_a18_founded
from submissions
inner join frame_sources on submissions.period = frame_sources.period
left join register
    on
        frame_sources.register_receipt_no = register.receipt_no
        and submissions.credit_code = register.credit_code
left join statuses on submissions.operating_status = statuses.item_code
left join types on submissions.institution_type = types.item_code
left join kinds on submissions.licence_kind = kinds.item_code
left join types as registered_types on register.institution_type = registered_types.item_code
left join kinds as registered_kinds on register.licence_kind = registered_kinds.item_code
left join ticked
    on
        submissions.receipt_no = ticked.receipt_no
        and submissions.credit_code = ticked.credit_code
order by submissions.receipt_no, submissions.credit_code
