-- Grain: credit_code, valid_from_date
-- 含义：机构名录的历史：每家机构每次变化一行，自何日起、至何日止，名称、地址、许可、分类和状态是什么；至今有效的，止日为空。
-- Sources: every register in force and every event in force, in the order of their dates alone (of
--  a day: the register's own exits, then events by type and content, then the register of that
--  day's end), so that nothing hangs on the order of arrival. Each item holds as last known. An
--  agency begins with an entry event, else on its 首次许可或备案日期. What differs between two
--  registers without an event begins at the later one's end: date_basis tells. A later register
--  overrules an event; what it says of the past (an exit before an earlier one) overrules that one.
with files as (
    select * from stg_files
    where folder = 'register' and is_read and later_receipt_no is null
),

refused_rows as (
    select distinct
        receipt_no,
        credit_code
    from raw_problems
    where scope = 'agency' and severity = 'mandatory' and rule_code <> 'duplicate_agency'
),

register as (
    select * from stg_register
),

events as (
    select * from stg_register_events
    where is_in_force
),

snapshots as (
    select
        receipt_no,
        last_day(cast(concat(period, '-01') as date)) as end_date,
        row_number() over (order by period) as snapshot_no
    from files
),

snapshot_rows as (
    select
        register.*,
        snapshots.end_date,
        snapshots.snapshot_no,
        concat_ws(
            '|', coalesce(register.agency_name, ''), coalesce(register.district_code, ''),
            coalesce(register.township, ''), coalesce(register.reporting_unit_code, ''),
            coalesce(register.institution_type, ''), coalesce(register.licence_kind, ''),
            coalesce(register.licence_no, ''),
            coalesce(cast(register.first_registered_date as varchar), ''),
            coalesce(cast(register.licence_valid_to_date as varchar), ''),
            coalesce(cast(register.exit_date as varchar), ''), coalesce(register.exit_kind, ''),
            coalesce(register.business_line, ''), coalesce(register.size_class, ''),
            coalesce(register.parent_code, ''), coalesce(register.parent_name, '')
        ) as content
    from register
    inner join snapshots on register.receipt_no = snapshots.receipt_no
    left join refused_rows
        on
            register.receipt_no = refused_rows.receipt_no
            and register.credit_code = refused_rows.credit_code
    where refused_rows.receipt_no is null
),

in_order as (
    select
        *,
        lag(content) over in_time as content_before,
        lag(snapshot_no) over in_time as snapshot_before,
        lead(snapshot_no) over in_time as snapshot_after,
        lead(exit_date) over in_time as exit_after,
        min(exit_date) over (
            partition by credit_code
            order by snapshot_no
            rows between current row and unbounded following
        ) as first_exit_date
    from snapshot_rows
    window in_time as (partition by credit_code order by snapshot_no)
),

-- Only what is new, and all of those with events: there a register may take one back.
telling as (
    select * from in_order
    where
        content_before is null
        or content_before <> content
        or snapshot_before < snapshot_no - 1
        or credit_code in (select events.changed_code from events)
),

-- First met, or from outside the city, where the form asks for all that a register says.
entries as (
    select
        changed_code as credit_code,
        min(event_date) as event_date
    from events
    where change_kind = 'new' or (change_kind = 'moved_in' and institution_type is not null)
    group by changed_code
),

-- The first register that could have listed an agency known from an event.
awaited as (
    select
        entries.credit_code,
        min(snapshots.snapshot_no) as snapshot_no
    from entries
    inner join snapshots on entries.event_date <= snapshots.end_date
    group by entries.credit_code
),

missed as (
    select
        credit_code,
        snapshot_no + 1 as snapshot_no
    from in_order
    where snapshot_after is null or snapshot_after > snapshot_no + 1
    union all
    select
        awaited.credit_code,
        awaited.snapshot_no
    from awaited
    left join snapshot_rows
        on
            awaited.credit_code = snapshot_rows.credit_code
            and awaited.snapshot_no >= snapshot_rows.snapshot_no
    where snapshot_rows.credit_code is null
),

observed as (
    select
        telling.credit_code,
        coalesce(telling.first_registered_date, telling.end_date) as observed_date,
        0 as source_order,
        '' as content,
        'registered' as date_basis,
        telling.agency_name,
        telling.district_code,
        telling.township,
        telling.reporting_unit_code,
        telling.institution_type,
        telling.licence_kind,
        telling.licence_no,
        telling.first_registered_date,
        telling.licence_valid_to_date,
        telling.business_line,
        telling.size_class,
        telling.parent_code,
        telling.parent_name,
        'none' as exit_claim,
        cast(null as varchar) as activity_claim,
        'listed' as listing_claim,
        cast(null as varchar) as successor_code
    from telling
    left join entries
        on
            telling.credit_code = entries.credit_code
            and telling.end_date >= entries.event_date
    where telling.snapshot_before is null and entries.credit_code is null
    union all
    select
        credit_code,
        exit_date as observed_date,
        1 as source_order,
        exit_kind as content,
        'exit_date' as date_basis,
        cast(null as varchar) as agency_name,
        cast(null as varchar) as district_code,
        cast(null as varchar) as township,
        cast(null as varchar) as reporting_unit_code,
        cast(null as varchar) as institution_type,
        cast(null as varchar) as licence_kind,
        cast(null as varchar) as licence_no,
        cast(null as date) as first_registered_date,
        cast(null as date) as licence_valid_to_date,
        cast(null as varchar) as business_line,
        cast(null as varchar) as size_class,
        cast(null as varchar) as parent_code,
        cast(null as varchar) as parent_name,
        case when exit_kind not in ('suspended', 'lost_contact') then exit_kind end as exit_claim,
        case when exit_kind in ('suspended', 'lost_contact') then exit_kind end as activity_claim,
        cast(null as varchar) as listing_claim,
        cast(null as varchar) as successor_code
    from in_order
    where exit_date is not null and exit_after is null
    union all
    select
        changed_code as credit_code,
        event_date as observed_date,
        2 as source_order,
        event_content as content,
        'event' as date_basis,
        new_name as agency_name,
        district_code,
        township,
        coalesce(reporting_unit_code, district_code) as reporting_unit_code,
        institution_type,
        licence_kind,
        licence_no,
        first_registered_date,
        licence_valid_to_date,
        business_line,
        size_class,
        cast(null as varchar) as parent_code,
        cast(null as varchar) as parent_name,
        exit_claim,
        activity_claim,
        case when exit_claim = 'none' then 'listed' end as listing_claim,
        successor_code
    from events
    union all
    select
        credit_code,
        end_date as observed_date,
        3 as source_order,
        '' as content,
        'snapshot' as date_basis,
        agency_name,
        district_code,
        township,
        reporting_unit_code,
        institution_type,
        licence_kind,
        licence_no,
        first_registered_date,
        licence_valid_to_date,
        business_line,
        size_class,
        parent_code,
        parent_name,
        case
            when coalesce(first_exit_date > end_date, true) then 'none'
        end as exit_claim,
        cast(null as varchar) as activity_claim,
        'listed' as listing_claim,
        cast(null as varchar) as successor_code
    from telling
    union all
    select
        missed.credit_code,
        snapshots.end_date as observed_date,
        3 as source_order,
        '' as content,
        'snapshot' as date_basis,
        cast(null as varchar) as agency_name,
        cast(null as varchar) as district_code,
        cast(null as varchar) as township,
        cast(null as varchar) as reporting_unit_code,
        cast(null as varchar) as institution_type,
        cast(null as varchar) as licence_kind,
        cast(null as varchar) as licence_no,
        cast(null as date) as first_registered_date,
        cast(null as date) as licence_valid_to_date,
        cast(null as varchar) as business_line,
        cast(null as varchar) as size_class,
        cast(null as varchar) as parent_code,
        cast(null as varchar) as parent_name,
        cast(null as varchar) as exit_claim,
        cast(null as varchar) as activity_claim,
        'unlisted' as listing_claim,
        cast(null as varchar) as successor_code
    from missed
    inner join snapshots on missed.snapshot_no = snapshots.snapshot_no
),

-- Each item as last known; row by row the same window, so it is sorted once.
known as (
    select
        credit_code,
        observed_date,
        source_order,
        content,
        date_basis,
        last_value(agency_name ignore nulls) over so_far as agency_name,
        last_value(district_code ignore nulls) over so_far as district_code,
        last_value(township ignore nulls) over so_far as township,
        last_value(reporting_unit_code ignore nulls) over so_far as reporting_unit_code,
        last_value(institution_type ignore nulls) over so_far as institution_type,
        last_value(licence_kind ignore nulls) over so_far as licence_kind,
        last_value(licence_no ignore nulls) over so_far as licence_no,
        last_value(first_registered_date ignore nulls) over so_far as first_registered_date,
        last_value(licence_valid_to_date ignore nulls) over so_far as licence_valid_to_date,
        last_value(business_line ignore nulls) over so_far as business_line,
        last_value(size_class ignore nulls) over so_far as size_class,
        last_value(parent_code ignore nulls) over so_far as parent_code,
        last_value(parent_name ignore nulls) over so_far as parent_name,
        last_value(exit_claim ignore nulls) over so_far as exit_claim,
        last_value(activity_claim ignore nulls) over so_far as activity_claim,
        last_value(listing_claim ignore nulls) over so_far as listing_claim,
        last_value(successor_code ignore nulls) over so_far as successor_code
    from observed
    window so_far as (
        partition by credit_code
        order by observed_date, source_order, content
        rows between unbounded preceding and current row
    )
),

judged as (
    select
        *,
        case
            when exit_claim <> 'none' then exit_claim
            when listing_claim = 'unlisted' then 'unlisted'
            else coalesce(activity_claim, 'active')
        end as register_status
    from known
    where listing_claim is not null
),

stated as (
    select
        *,
        concat_ws(
            '|', coalesce(agency_name, ''), coalesce(district_code, ''), coalesce(township, ''),
            coalesce(reporting_unit_code, ''), coalesce(institution_type, ''),
            coalesce(licence_kind, ''), coalesce(licence_no, ''),
            coalesce(cast(first_registered_date as varchar), ''),
            coalesce(cast(licence_valid_to_date as varchar), ''), coalesce(business_line, ''),
            coalesce(size_class, ''), coalesce(parent_code, ''), coalesce(parent_name, ''),
            register_status
        ) as state
    from judged
),

-- What changes nothing makes no row; of a day the last word stays.
changing as (
    select
        *,
        lag(state) over (
            partition by credit_code
            order by observed_date, source_order, content
        ) as state_before
    from stated
),

last_of_day as (
    select
        *,
        row_number() over (
            partition by credit_code, observed_date
            order by source_order desc, content desc
        ) as place_of_day
    from changing
    where state_before is null or state_before <> state
),

-- A new code that no register has yet goes on as the old one stood.
heirs as (
    select
        credit_code,
        observed_date,
        successor_code as heir_code,
        row_number() over (
            partition by successor_code
            order by observed_date, credit_code
        ) as place_of_heir
    from last_of_day
    where
        place_of_day = 1
        and register_status = 'recoded'
        and successor_code not in (select heard_of.credit_code from last_of_day as heard_of)
),

everyone as (
    select
        *,
        credit_code as own_code,
        false as is_heir
    from last_of_day
    where place_of_day = 1
    union all
    select
        last_of_day.*,
        heirs.heir_code as own_code,
        true as is_heir
    from last_of_day
    inner join heirs
        on
            last_of_day.credit_code = heirs.credit_code
            and last_of_day.observed_date = heirs.observed_date
    where last_of_day.place_of_day = 1 and heirs.place_of_heir = 1
)

select
    own_code as credit_code,
    observed_date as valid_from_date,
    date_add(
        lead(observed_date) over (partition by own_code order by observed_date), -1
    ) as valid_to_date,
    date_basis,
    case when is_heir then 'active' else register_status end as register_status,
    agency_name,
    district_code,
    township,
    reporting_unit_code,
    institution_type,
    licence_kind,
    licence_no,
    first_registered_date,
    licence_valid_to_date,
    business_line,
    size_class,
    parent_code,
    parent_name,
    case when not is_heir and register_status in ('merged', 'recoded') then successor_code end
        as successor_code
from everyone
order by own_code, observed_date
