-- Grain: receipt_no, unit_row
-- 含义：名录变动表每一行的审核差额：机构和承接机构在不在名录，日期先后，该填的新值填了没有，是否与另一行矛盾；edit_ 开头的应为零。
-- Sources: stg_register_events against all registers received and the other events in force. An
--  agency is known from a register, or an event that begins it; a 新设 of one that stood in a
--  register before that day and had not left is none.
with events as (
    select * from stg_register_events
),

register as (
    select * from stg_register
),

known as (
    select
        credit_code,
        min(first_registered_date) as first_registered_date
    from (
        select
            credit_code,
            first_registered_date
        from register
        union all
        select
            changed_code as credit_code,
            first_registered_date
        from events
        where change_kind = 'new'
        union all
        select
            changed_code as credit_code,
            event_date as first_registered_date
        from events
        where change_kind = 'moved_in' and institution_type is not null
        union all
        select
            successor_code as credit_code,
            event_date as first_registered_date
        from events
        where change_kind = 'recoded'
    ) as beginnings
    group by credit_code
),

standing as (
    select
        events.receipt_no,
        events.unit_row,
        count(*) as standing_count
    from events
    inner join register
        on
            events.changed_code = register.credit_code
            and events.event_date > last_day(cast(concat(register.register_period, '-01') as date))
            and (register.exit_date is null or events.event_date < register.exit_date)
    where events.change_kind = 'new'
    group by events.receipt_no, events.unit_row
),

contents as (
    select
        changed_code,
        change_kind,
        event_date,
        count(distinct event_content) as content_count
    from events
    where is_in_force
    group by changed_code, change_kind, event_date
)

select
    events.receipt_no,
    events.unit_row,
    events.changed_code,
    events.agency_name,
    events.event_type,
    events.event_date,
    events.successor_code,
    known.first_registered_date,
    cast(known.credit_code is null as integer) as edit_unknown,
    case
        when events.change_kind <> 'new'
            then date_diff('day', events.event_date, known.first_registered_date)
    end as edit_a18_event,
    case
        when events.change_kind = 'new' then cast(standing.standing_count is not null as integer)
    end as edit_standing,
    case
        when
            events.change_kind = 'new'
            or (events.event_type = 'moved_in' and known.credit_code is null)
            then
                cast(
                    events.district_code is null
                    or events.reporting_unit_code is null
                    or events.institution_type is null
                    or events.licence_kind is null
                    or events.business_line is null
                    or events.size_class is null as integer
                )
        when events.event_type = 'renamed' then cast(events.new_name is null as integer)
        when events.event_type = 'moved_in' then cast(events.district_code is null as integer)
        when events.event_type = 'merged' then cast(events.successor_code is null as integer)
        when events.event_type = 'relicensed'
            then
                cast(
                    events.licence_no is null
                    and events.licence_valid_to_date is null
                    and events.successor_code is null as integer
                )
        when events.event_type = 'upgraded' then cast(events.licence_no is null as integer)
        else 0
    end as edit_no_value,
    case events.event_type
        when 'renamed' then '新名称'
        when 'merged' then '承接机构代码'
        when 'relicensed' then '新的许可证（备案）编号、有效期或承接机构代码'
        when 'upgraded' then '新的许可证编号'
        when 'new' then '新区县、新报送单位、机构类型、许可或备案、主要业务类型和规模类别'
        when 'moved_in'
            then '新区县（从市外迁入的，还有新报送单位、机构类型、许可或备案、主要业务类型和规模类别）'
    end as wanted_words,
    case
        when events.change_kind = 'merged' and events.successor_code is not null
            then
                cast(
                    survivors.credit_code is null
                    or events.successor_code = events.changed_code as integer
                )
    end as edit_survivor,
    case when events.is_in_force then contents.content_count - 1 else 0 end as edit_conflict
from events
left join known on events.changed_code = known.credit_code
left join known as survivors on events.successor_code = survivors.credit_code
left join standing
    on
        events.receipt_no = standing.receipt_no
        and events.unit_row = standing.unit_row
left join contents
    on
        events.changed_code = contents.changed_code
        and events.change_kind = contents.change_kind
        and events.event_date = contents.event_date
order by events.receipt_no, events.unit_row
