-- Grain: credit_code, change_date, change_kind, changed_field
-- 含义：名录的每一处变化一行：哪家机构自哪一天起什么变了，前后的值，依据是变动表还是前后名录对照，是否存疑。
-- Sources: consecutive states of core_register; other codes of district or unit that a change of
--  divisions brings are 区划调整, unless an event tells of a move. Doubtful: an agency that comes as
--  another of its name or licence number leaves (between the same two registers), unless a 换证 tells
--  so; one of the same name in another district; one that a register leaves out without exit; an
--  exit without its way; one that comes back without an event.
with history as (
    select * from core_register
),

files as (
    select * from stg_files
    where folder = 'register' and is_read and later_receipt_no is null
),

-- Which district's agencies a change of divisions gave to which, and from when that is reported.
redrawn as (
    select
        successions.district_code,
        successions.area_code,
        cast(concat(min(geographies.valid_from), '-01') as date) as redrawn_date
    from ref_area_successions as successions
    inner join ref_geographies as geographies on successions.geography = geographies.geography
    inner join ref_geographies as coded on successions.coded_geography = coded.geography
    where coded.valid_to < geographies.valid_from
    group by successions.district_code, successions.area_code
),

ended_areas as (
    select
        reporting_unit_code,
        last_day(cast(concat(valid_to, '-01') as date)) as end_date
    from ref_reporting_units
    where is_functional_area and valid_to is not null
),

snapshots as (
    select last_day(cast(concat(period, '-01') as date)) as end_date
    from files
),

in_order as (
    select
        *,
        lag(register_status) over in_time as status_before,
        lag(agency_name) over in_time as name_before,
        lag(district_code) over in_time as district_before,
        lag(reporting_unit_code) over in_time as unit_before,
        lag(licence_kind) over in_time as kind_before,
        lag(licence_no) over in_time as number_before,
        lag(licence_valid_to_date) over in_time as valid_to_before,
        lag(institution_type) over in_time as type_before,
        lag(business_line) over in_time as line_before,
        lag(size_class) over in_time as size_before,
        lag(coalesce(parent_code, parent_name)) over in_time as parent_before
    from history
    window in_time as (partition by credit_code order by valid_from_date)
),

differences as (
    select
        credit_code,
        valid_from_date as change_date,
        case
            when register_status in ('suspended', 'lost_contact') and status_before is null
                then register_status
            when status_before is null then 'new'
            when register_status = 'active' and status_before in ('suspended', 'lost_contact')
                then 'resumed'
            when register_status = 'active' then 'relisted'
            else register_status
        end as change_kind,
        'register_status' as changed_field,
        status_before as value_before_text,
        register_status as value_after_text,
        date_basis
    from in_order
    where status_before is null or status_before <> register_status
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'renamed' as change_kind,
        'agency_name' as changed_field,
        name_before as value_before_text,
        agency_name as value_after_text,
        date_basis
    from in_order
    where name_before <> agency_name
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'relocated' as change_kind,
        'district_code' as changed_field,
        district_before as value_before_text,
        district_code as value_after_text,
        date_basis
    from in_order
    where district_before <> district_code
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'unit_changed' as change_kind,
        'reporting_unit_code' as changed_field,
        unit_before as value_before_text,
        reporting_unit_code as value_after_text,
        date_basis
    from in_order
    where unit_before <> reporting_unit_code
    union all
    select
        credit_code,
        valid_from_date as change_date,
        case
            when kind_before = 'filed' and licence_kind = 'licensed' then 'upgraded'
            else 'relicensed'
        end as change_kind,
        'licence_kind' as changed_field,
        kind_before as value_before_text,
        licence_kind as value_after_text,
        date_basis
    from in_order
    where kind_before <> licence_kind
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'relicensed' as change_kind,
        'licence_no' as changed_field,
        number_before as value_before_text,
        licence_no as value_after_text,
        date_basis
    from in_order
    where number_before <> licence_no
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'relicensed' as change_kind,
        'licence_valid_to_date' as changed_field,
        cast(valid_to_before as varchar) as value_before_text,
        cast(licence_valid_to_date as varchar) as value_after_text,
        date_basis
    from in_order
    where valid_to_before <> licence_valid_to_date
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'reclassified' as change_kind,
        'institution_type' as changed_field,
        type_before as value_before_text,
        institution_type as value_after_text,
        date_basis
    from in_order
    where type_before <> institution_type
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'reclassified' as change_kind,
        'business_line' as changed_field,
        line_before as value_before_text,
        business_line as value_after_text,
        date_basis
    from in_order
    where line_before <> business_line
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'reclassified' as change_kind,
        'size_class' as changed_field,
        size_before as value_before_text,
        size_class as value_after_text,
        date_basis
    from in_order
    where size_before <> size_class
    union all
    select
        credit_code,
        valid_from_date as change_date,
        'parent_changed' as change_kind,
        'parent_code' as changed_field,
        parent_before as value_before_text,
        coalesce(parent_code, parent_name) as value_after_text,
        date_basis
    from in_order
    where
        status_before is not null
        and coalesce(parent_before, '') <> coalesce(parent_code, parent_name, '')
),

-- Comings and goings, each between which two registers: the date of the later, null after the last.
movements as (
    select
        in_order.credit_code,
        in_order.valid_from_date,
        in_order.register_status,
        in_order.agency_name,
        in_order.district_code,
        in_order.licence_no,
        in_order.status_before is null as is_coming,
        in_order.register_status in (
            'deregistered', 'revoked', 'moved_out', 'merged', 'exited', 'unlisted'
        ) as is_going,
        min(snapshots.end_date) as snapshot_date
    from in_order
    left join snapshots on in_order.valid_from_date <= snapshots.end_date
    where
        in_order.status_before is null
        or in_order.register_status in (
            'deregistered', 'revoked', 'moved_out', 'merged', 'exited', 'unlisted'
        )
    group by
        in_order.credit_code,
        in_order.valid_from_date,
        in_order.register_status,
        in_order.agency_name,
        in_order.district_code,
        in_order.licence_no,
        in_order.status_before
),

resembling as (
    select
        comings.credit_code,
        comings.valid_from_date as change_date,
        goings.credit_code as related_code
    from movements as comings
    inner join movements as goings
        on
            comings.agency_name = goings.agency_name
            and comings.credit_code <> goings.credit_code
            and coalesce(comings.snapshot_date, date '9999-12-31')
            = coalesce(goings.snapshot_date, date '9999-12-31')
    where comings.is_coming and goings.is_going
    union distinct
    select
        comings.credit_code,
        comings.valid_from_date as change_date,
        goings.credit_code as related_code
    from movements as comings
    inner join movements as goings
        on
            comings.licence_no = goings.licence_no
            and comings.credit_code <> goings.credit_code
            and coalesce(comings.snapshot_date, date '9999-12-31')
            = coalesce(goings.snapshot_date, date '9999-12-31')
    where comings.is_coming and goings.is_going
),

new_codes as (
    select
        credit_code,
        change_date,
        min(related_code) as related_code
    from resembling
    group by credit_code, change_date
),

elsewhere as (
    select
        comings.credit_code,
        comings.valid_from_date as change_date,
        min(others.credit_code) as related_code
    from movements as comings
    inner join history as others
        on
            comings.agency_name = others.agency_name
            and comings.credit_code <> others.credit_code
            and comings.district_code <> others.district_code
            and comings.valid_from_date between
            others.valid_from_date and coalesce(others.valid_to_date, date '9999-12-31')
    where
        comings.is_coming
        and others.register_status in ('active', 'suspended', 'lost_contact')
    group by comings.credit_code, comings.valid_from_date
)

select
    differences.credit_code,
    differences.change_date,
    case
        when redrawn.district_code is not null or ended_areas.reporting_unit_code is not null
            then 'redistricted'
        else differences.change_kind
    end as change_kind,
    differences.changed_field,
    differences.value_before_text,
    differences.value_after_text,
    differences.date_basis,
    case
        when differences.changed_field <> 'register_status' then null
        when differences.change_kind = 'new' and new_codes.credit_code is not null
            then 'new_code'
        when differences.change_kind = 'new' and elsewhere.credit_code is not null
            then 'namesake_elsewhere'
        when differences.change_kind = 'unlisted' then 'lost_without_exit'
        when differences.change_kind = 'exited' then 'exit_without_reason'
        when differences.change_kind = 'relisted' and differences.date_basis <> 'event'
            then 'back_without_event'
    end as doubt_code,
    case
        when differences.change_kind = 'new' and differences.changed_field = 'register_status'
            then coalesce(new_codes.related_code, elsewhere.related_code)
    end as related_code
from differences
left join redrawn
    on
        differences.change_kind in ('relocated', 'unit_changed')
        and differences.date_basis <> 'event'
        and differences.value_before_text = redrawn.district_code
        and differences.value_after_text = redrawn.area_code
        and differences.change_date >= redrawn.redrawn_date
left join ended_areas
    on
        differences.change_kind = 'unit_changed'
        and differences.date_basis <> 'event'
        and differences.value_before_text = ended_areas.reporting_unit_code
        and differences.change_date > ended_areas.end_date
left join new_codes
    on
        differences.credit_code = new_codes.credit_code
        and differences.change_date = new_codes.change_date
left join elsewhere
    on
        differences.credit_code = elsewhere.credit_code
        and differences.change_date = elsewhere.change_date
order by
    differences.credit_code,
    differences.change_date,
    differences.change_kind,
    differences.changed_field
