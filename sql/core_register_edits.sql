-- Grain: receipt_no, credit_code
-- 含义：每份机构名录中每家机构一行，加上期名录在业而本期漏列的机构；edit_ 开头的应为零。
-- Sources: domain.md §1.5; edit_no_stratum = a type and a size class that were read, and yet no
--  stratum; edit_a01 = other agencies of the same name; edit_a12 = a market agency that introduces
--  people to jobs under a 备案 (职业中介 needs 许可: 就业促进法, 人力资源市场暂行条例第十八条);
--  edit_township = a district that a later change divides, and its 街镇 does not tell which part;
--  edit_a18 = days by which a date stands out of order; edit_a20 = counts that break 上期 + 新增 −
--  退出 = 本期, with the register of the month before in time. edit_new_code = comes as another of
--  its name or licence number leaves; edit_elsewhere = comes while another of its name is there in
--  another district; edit_event_… = otherwise than the events since the register before say;
--  edit_parent = a parent registered in the city (code 50) that has left or is not there, or none
--  named.
with register as (
    select * from stg_register
),

recoded_areas as (
    select * from core_recoded_areas
),

geographies as (
    select * from ref_geographies
),

unclear_places as (
    select
        recoded_areas.district_code,
        recoded_areas.township,
        coalesce(geographies.valid_to, '9999-12') as last_period
    from recoded_areas
    inner join geographies on recoded_areas.coded_geography = geographies.geography
    where
        recoded_areas.geography > recoded_areas.coded_geography
        and not recoded_areas.is_township_known
),

redrawn as (
    select
        successions.district_code,
        successions.area_code,
        min(geographies.valid_from) as valid_from
    from ref_area_successions as successions
    inner join geographies on successions.geography = geographies.geography
    where successions.geography > successions.coded_geography
    group by successions.district_code, successions.area_code
),

registers as (
    select
        receipt_no,
        max(register_period) as register_period,
        last_day(cast(concat(max(register_period), '-01') as date)) as end_date
    from register
    group by receipt_no
),

-- Several files of one month: the last one stands for it.
latest as (
    select
        register_period,
        max(receipt_no) as receipt_no
    from registers
    group by register_period
),

previous_periods as (
    select
        registers.receipt_no,
        max(earlier.register_period) as previous_period
    from registers
    inner join latest as earlier on registers.register_period > earlier.register_period
    group by registers.receipt_no
),

previous as (
    select
        previous_periods.receipt_no,
        earlier.register_period,
        earlier.end_date,
        earlier.receipt_no as previous_receipt_no
    from previous_periods
    inner join latest on previous_periods.previous_period = latest.register_period
    inner join registers as earlier on latest.receipt_no = earlier.receipt_no
),

changes as (
    select * from core_register_changes
    where doubt_code in ('new_code', 'namesake_elsewhere')
),

events as (
    select * from stg_register_events
    where is_in_force
),

-- The last word of the events between a register and the one before.
events_between as (
    select
        previous.receipt_no,
        previous.register_period as previous_period,
        events.changed_code as credit_code,
        last_value(events.exit_claim ignore nulls) over in_time as event_exit,
        last_value(events.new_name ignore nulls) over in_time as event_name,
        last_value(events.district_code ignore nulls) over in_time as event_district,
        last_value(
            case when events.exit_claim <> 'none' then events.event_date end ignore nulls
        ) over in_time as event_exit_date,
        row_number() over (
            partition by previous.receipt_no, events.changed_code
            order by events.event_date desc, events.event_order desc, events.event_content desc
        ) as event_rank
    from previous
    inner join registers on previous.receipt_no = registers.receipt_no
    inner join events
        on
            previous.end_date < events.event_date
            and registers.end_date >= events.event_date
    window in_time as (
        partition by previous.receipt_no, events.changed_code
        order by events.event_date, events.event_order, events.event_content
        rows between unbounded preceding and unbounded following
    )
),

told as (
    select * from events_between
    where event_rank = 1
),

districts as (
    select
        area_code,
        area_name,
        valid_to
    from ref_areas
),

comings as (
    select
        registers.receipt_no,
        changes.credit_code,
        min(changes.doubt_code) as doubt_code,
        min(changes.related_code) as related_code
    from registers
    inner join previous on registers.receipt_no = previous.receipt_no
    inner join changes
        on
            registers.end_date >= changes.change_date
            and previous.end_date < changes.change_date
    group by registers.receipt_no, changes.credit_code
),

namesakes as (
    select
        receipt_no,
        agency_name,
        cast(count(*) - 1 as integer) as others_count,
        min(credit_code) as first_code,
        max(credit_code) as last_code
    from register
    where exit_date is null
    group by receipt_no, agency_name
),

listed as (
    select
        register.receipt_no,
        register.credit_code,
        register.unit_row,
        register.register_period,
        register.agency_name,
        case
            when namesakes.first_code = register.credit_code then namesakes.last_code
            else namesakes.first_code
        end as namesake_code,
        register.township,
        register.stratum_code,
        register.business_line,
        register.first_registered_date,
        register.licence_valid_to_date,
        register.exit_date,
        previous.register_period as previous_period,
        case
            when register.institution_group is not null and register.size_class is not null
                then cast(register.stratum_code is null as integer)
        end as edit_no_stratum,
        case when register.exit_date is null then namesakes.others_count end as edit_a01,
        cast(
            unclear_places.district_code is not null and register.exit_date is null as integer
        ) as edit_township,
        cast(
            register.institution_group = 'market'
            and register.licence_kind = 'filed'
            and register.business_line in ('recruitment', 'headhunting') as integer
        ) as edit_a12,
        date_diff('day', registers.end_date, register.first_registered_date) as edit_a18_begin,
        date_diff('day', register.exit_date, register.first_registered_date) as edit_a18_exit,
        case
            when register.exit_date is null
                then date_diff('day', register.licence_valid_to_date, registers.end_date)
        end as edit_a18_licence,
        case
            when previous.receipt_no is not null
                then
                    cast(
                        (earlier.receipt_no is null or earlier.exit_date is not null)
                        and coalesce(register.exit_date > previous.end_date, true)
                        and register.first_registered_date <= previous.end_date as integer
                    )
        end as edit_a20_new,
        0 as edit_a20_lost,
        cast(
            register.exit_kind = 'exited' and coalesce(told.event_exit, 'none') = 'none' as integer
        ) as edit_exit_kind,
        cast(coalesce(comings.doubt_code = 'new_code', false) as integer) as edit_new_code,
        cast(coalesce(comings.doubt_code = 'namesake_elsewhere', false) as integer)
            as edit_elsewhere,
        comings.related_code,
        case
            when told.event_exit <> 'none'
                then
                    cast(
                        register.exit_date is null
                        or register.exit_date > registers.end_date as integer
                    )
        end as edit_event_exit,
        told.event_exit_date,
        cast(told.event_name <> register.agency_name as integer) as edit_event_name,
        told.event_name,
        cast(
            districts.area_code <> register.district_code and redrawn.area_code is null as integer
        ) as edit_event_place,
        districts.area_name as event_district_name,
        case
            when register.parent_code is not null
                then
                    cast(
                        register.parent_code = register.credit_code
                        or (
                            substr(register.parent_code, 3, 2) = '50'
                            and (
                                parents.credit_code is null
                                or coalesce(parents.exit_date <= registers.end_date, false)
                            )
                        ) as integer
                    )
            when register.parent_name is not null then 1
            else 0
        end as edit_parent,
        cast(
            register.institution_group = 'market'
            and register.licence_kind = 'none_required' as integer
        ) as edit_no_licence
    from register
    inner join registers on register.receipt_no = registers.receipt_no
    left join namesakes
        on
            register.receipt_no = namesakes.receipt_no
            and register.agency_name = namesakes.agency_name
    left join unclear_places
        on
            register.district_code = unclear_places.district_code
            and coalesce(register.township, '') = unclear_places.township
            and register.register_period <= unclear_places.last_period
    left join told
        on
            register.receipt_no = told.receipt_no
            and register.credit_code = told.credit_code
    -- A move into a district that has ended since cannot be held against the register's codes.
    left join districts
        on
            told.event_district = districts.area_code
            and register.register_period <= coalesce(districts.valid_to, '9999-12')
    left join redrawn
        on
            told.event_district = redrawn.district_code
            and register.district_code = redrawn.area_code
            and told.previous_period < redrawn.valid_from
            and register.register_period >= redrawn.valid_from
    left join comings
        on
            register.receipt_no = comings.receipt_no
            and register.credit_code = comings.credit_code
    left join register as parents
        on
            register.receipt_no = parents.receipt_no
            and register.parent_code = parents.credit_code
    left join previous on register.receipt_no = previous.receipt_no
    left join register as earlier
        on
            previous.previous_receipt_no = earlier.receipt_no
            and register.credit_code = earlier.credit_code
),

lost as (
    select
        previous.receipt_no,
        earlier.credit_code,
        0 as unit_row,
        registers.register_period,
        earlier.agency_name,
        cast(null as varchar) as namesake_code,
        earlier.township,
        earlier.stratum_code,
        earlier.business_line,
        earlier.first_registered_date,
        earlier.licence_valid_to_date,
        earlier.exit_date,
        previous.register_period as previous_period,
        cast(null as integer) as edit_no_stratum,
        cast(null as integer) as edit_a01,
        cast(null as integer) as edit_township,
        cast(null as integer) as edit_a12,
        cast(null as bigint) as edit_a18_begin,
        cast(null as bigint) as edit_a18_exit,
        cast(null as bigint) as edit_a18_licence,
        cast(null as integer) as edit_a20_new,
        1 as edit_a20_lost,
        cast(null as integer) as edit_exit_kind,
        cast(null as integer) as edit_new_code,
        cast(null as integer) as edit_elsewhere,
        cast(null as varchar) as related_code,
        cast(null as integer) as edit_event_exit,
        cast(null as date) as event_exit_date,
        cast(null as integer) as edit_event_name,
        cast(null as varchar) as event_name,
        cast(null as integer) as edit_event_place,
        cast(null as varchar) as event_district_name,
        cast(null as integer) as edit_parent,
        cast(null as integer) as edit_no_licence
    from previous
    inner join registers on previous.receipt_no = registers.receipt_no
    inner join register as earlier on previous.previous_receipt_no = earlier.receipt_no
    left join register as still
        on
            previous.receipt_no = still.receipt_no
            and earlier.credit_code = still.credit_code
    where earlier.exit_date is null and still.receipt_no is null
),

edits as (
    select * from listed
    union all
    select * from lost
)

select * from edits
order by receipt_no, credit_code
