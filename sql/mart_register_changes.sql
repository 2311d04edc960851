-- Grain: credit_code, change_date, change_kind, changed_field
-- 含义：名录变化公布表：前后名录之间和名录变动表的每一处变化，日期及其依据，前后的值，是否存疑，为什么。
-- Sources: core_register_changes, with the reason and document of the event where there is one.
with changes as (
    select * from core_register_changes
),

history as (
    select * from core_register
),

kinds as (
    select * from ref_classifications
    where classification_code in ('register_event_types', 'register_change_kinds')
),

events as (
    select * from stg_register_events
    where is_in_force
),

told as (
    select
        changed_code,
        event_date,
        max(reason) as reason,
        max(event_document_no) as event_document_no
    from events
    group by changed_code, event_date
),

release as (
    select * from ref_release
)

select
    release.release_id,
    changes.credit_code,
    history.agency_name,
    history.reporting_unit_code,
    changes.change_date,
    changes.change_kind,
    kinds.item_name as change_name,
    changes.changed_field,
    changes.value_before_text,
    changes.value_after_text,
    changes.date_basis,
    case when changes.date_basis = 'event' then told.reason end as reason,
    case when changes.date_basis = 'event' then told.event_document_no end as event_document_no,
    changes.doubt_code is not null as is_doubtful,
    changes.doubt_code,
    changes.related_code,
    case changes.doubt_code
        when 'new_code'
            then
                concat(
                    '同名或同许可证编号的“', changes.related_code,
                    '”同期退出，疑为同一机构更换代码，请核对，属实的补报换证。'
                )
        when 'namesake_elsewhere'
            then
                concat(
                    '其他区县有同名的在业机构“', changes.related_code,
                    '”，疑为重复登记或迁移未注销，请核对。'
                )
        when 'lost_without_exit' then '名录漏列而没有退出记录，请补列或补报退出。'
        when 'exit_without_reason' then '退出而没有写明方式，请补填退出原因。'
        when 'back_without_event' then '已退出或漏列后重新列入而没有变动记录，请核对，属复业的补报。'
    end as doubt_note
from changes
inner join history
    on
        changes.credit_code = history.credit_code
        and changes.change_date = history.valid_from_date
inner join kinds on changes.change_kind = kinds.item_code
left join told
    on
        changes.credit_code = told.changed_code
        and changes.change_date = told.event_date
cross join release
order by changes.credit_code, changes.change_date, changes.change_kind, changes.changed_field
