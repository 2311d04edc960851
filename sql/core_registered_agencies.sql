-- Grain: period, credit_code
-- 含义：各期末名录中每家机构一行：当期适用的机构名录加上其后至期末的名录变动，状态、许可和是否计入机构数。
-- Sources: core_frame_sources; only events received by its cut-off, so that later ones rewrite no
--  past frame. A register says nothing of 歇业 and 失联: those hold until 复业. Counted are public
--  agencies and holders of a 许可 or 备案 valid on the last day (纳统范围, domain.md §1.1), without
--  branches of a parent that counts itself; 歇业 and 失联 count. Who left stands there with the way
--  it left; an agency first met in an event has a row where the event says all that a frame needs.
with frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

events as (
    select * from stg_register_events
),

refused_rows as (
    select distinct
        receipt_no,
        credit_code
    from core_problems
    where
        scope = 'agency'
        and severity = 'mandatory'
        -- A second row is left out by the intake; the agency itself is there all the same.
        and rule_code <> 'duplicate_agency'
),

functional_areas as (
    select * from ref_reporting_units
    where is_functional_area
),

institution_types as (
    select * from ref_classifications
    where classification_code = 'institution_types'
),

strata as (
    select * from ref_strata
),

listed as (
    select
        frame_sources.period,
        frame_sources.end_date,
        register.*
    from frame_sources
    inner join register on frame_sources.register_receipt_no = register.receipt_no
    left join refused_rows
        on
            register.receipt_no = refused_rows.receipt_no
            and register.credit_code = refused_rows.credit_code
    where refused_rows.receipt_no is null
),

events_known as (
    select
        frame_sources.period,
        frame_sources.end_date,
        events.*,
        frame_sources.register_date < events.event_date as is_later
    from frame_sources
    inner join events on frame_sources.end_date >= events.event_date
    where
        (
            events.event_date > frame_sources.register_date
            or events.activity_claim is not null
            or events.change_kind = 'recoded'
        )
        and case
            when frame_sources.cut_off_date is null then events.replaced_date is null
            else
                coalesce(events.received_date <= frame_sources.cut_off_date, true)
                and coalesce(events.replaced_date > frame_sources.cut_off_date, true)
        end
),

-- What events since the register say, the last word of each item.
said as (
    select
        period,
        changed_code as credit_code,
        row_number() over (
            partition by period, changed_code
            order by event_date desc, event_order desc, event_content desc
        ) as event_rank,
        end_date,
        last_value(case when is_later then new_name end ignore nulls) over known as agency_name,
        last_value(case when is_later then district_code end ignore nulls) over known
            as district_code,
        last_value(
            case
                when is_later and district_code is not null
                    then substr(cast(event_date as varchar), 1, 7)
            end ignore nulls
        ) over known as coded_month,
        last_value(case when is_later then township end ignore nulls) over known as township,
        -- A move into another district takes the reporting unit along, unless it is told.
        last_value(
            case when is_later then coalesce(reporting_unit_code, district_code) end ignore nulls
        ) over known as reporting_unit_code,
        last_value(case when is_later then institution_type end ignore nulls) over known
            as institution_type,
        last_value(case when is_later then licence_kind end ignore nulls) over known
            as licence_kind,
        last_value(case when is_later then first_registered_date end ignore nulls) over known
            as first_registered_date,
        last_value(case when is_later then licence_valid_to_date end ignore nulls) over known
            as licence_valid_to_date,
        last_value(case when is_later then business_line end ignore nulls) over known
            as business_line,
        last_value(case when is_later then size_class end ignore nulls) over known as size_class,
        last_value(case when is_later then exit_claim end ignore nulls) over known as exit_claim,
        last_value(activity_claim ignore nulls) over known as activity_claim,
        max(case when change_kind = 'recoded' then 1 else 0 end) over known as is_recoded
    from events_known
    window known as (
        partition by period, changed_code
        order by event_date, event_order, event_content
        rows between unbounded preceding and unbounded following
    )
),

last_said as (
    select * from said
    where event_rank = 1
),

merged as (
    select
        coalesce(listed.period, last_said.period) as period,
        coalesce(listed.end_date, last_said.end_date) as end_date,
        coalesce(listed.credit_code, last_said.credit_code) as known_code,
        listed.credit_code is not null as is_listed,
        coalesce(last_said.agency_name, listed.agency_name) as agency_name,
        coalesce(last_said.district_code, listed.district_code) as district_code,
        coalesce(last_said.coded_month, listed.register_period) as coded_month,
        -- The 街镇 of another district is none of this one.
        case
            when last_said.district_code <> listed.district_code then last_said.township
            else coalesce(last_said.township, listed.township)
        end as township,
        coalesce(last_said.reporting_unit_code, listed.reporting_unit_code)
            as reporting_unit_code,
        coalesce(last_said.institution_type, listed.institution_type) as institution_type,
        coalesce(last_said.licence_kind, listed.licence_kind) as licence_kind,
        coalesce(last_said.first_registered_date, listed.first_registered_date)
            as first_registered_date,
        coalesce(last_said.licence_valid_to_date, listed.licence_valid_to_date)
            as licence_valid_to_date,
        coalesce(last_said.business_line, listed.business_line) as business_line,
        coalesce(last_said.size_class, listed.size_class) as size_class,
        listed.parent_code,
        listed.parent_name,
        last_said.exit_claim,
        last_said.activity_claim,
        coalesce(last_said.is_recoded, 0) = 1 as is_recoded,
        case when listed.exit_date <= listed.end_date then listed.exit_kind end as listed_exit
    from listed
    full outer join last_said
        on
            listed.period = last_said.period
            and listed.credit_code = last_said.credit_code
),

-- Under a new code goes on what stood under the old one.
successors as (
    select
        period,
        successor_code as credit_code,
        max(changed_code) as predecessor_code
    from events_known
    where change_kind = 'recoded'
    group by period, successor_code
),

together as (
    select
        *,
        known_code as credit_code,
        false as is_heir
    from merged
    where
        first_registered_date <= end_date
        and (
            is_listed
            or (
                agency_name is not null
                and district_code is not null
                and institution_type is not null
                and business_line is not null
            )
        )
    union all
    select
        merged.*,
        successors.credit_code,
        true as is_heir
    from successors
    inner join merged
        on
            successors.period = merged.period
            and successors.predecessor_code = merged.known_code
    left join merged as present
        on
            successors.period = present.period
            and successors.credit_code = present.known_code
    where present.known_code is null and merged.exit_claim = 'recoded'
),

judged as (
    select
        together.*,
        institution_types.item_group as institution_group,
        coalesce(functional_areas.reporting_unit_code, together.district_code) as area_code,
        case
            when together.is_heir then coalesce(together.activity_claim, 'active')
            when together.exit_claim <> 'none' then together.exit_claim
            when
                together.exit_claim is null
                and together.listed_exit not in ('suspended', 'lost_contact')
                then case when together.is_recoded then 'recoded' else together.listed_exit end
            else coalesce(together.activity_claim, together.listed_exit, 'active')
        end as register_status,
        coalesce(
            together.licence_valid_to_date < together.end_date
            and institution_types.item_group <> 'public',
            false
        ) as is_expired,
        together.parent_code is not null or together.parent_name is not null as is_branch
    from together
    left join institution_types on together.institution_type = institution_types.item_code
    left join functional_areas
        on together.reporting_unit_code = functional_areas.reporting_unit_code
),

held as (
    select
        *,
        register_status in ('active', 'suspended', 'lost_contact') as is_living,
        register_status in ('active', 'suspended', 'lost_contact')
        and (
            coalesce(institution_group = 'public', false)
            or (coalesce(licence_kind in ('licensed', 'filed'), false) and not is_expired)
        ) as is_holder
    from judged
),

holders as (
    select
        period,
        credit_code,
        agency_name
    from held
    where is_holder
),

named_holders as (
    select distinct
        period,
        agency_name
    from holders
)

select
    held.period,
    held.credit_code,
    held.agency_name,
    held.district_code,
    held.coded_month,
    held.township,
    held.reporting_unit_code,
    held.area_code,
    held.institution_type,
    held.institution_group,
    held.business_line,
    held.size_class,
    strata.stratum_code,
    held.licence_kind,
    held.licence_valid_to_date,
    held.first_registered_date,
    held.parent_code,
    held.register_status,
    held.is_living,
    held.is_expired,
    held.is_branch,
    -- Reported for by a parent of the city.
    held.is_branch and (parents.credit_code is not null or named_holders.agency_name is not null)
        as is_within_parent,
    held.is_holder
    and not (
        held.is_branch
        and (parents.credit_code is not null or named_holders.agency_name is not null)
    ) as is_counted,
    -- An agency that lives on goes on as nobody else.
    case when not coalesce(predecessors.is_living, false) then successors.predecessor_code end
        as predecessor_code
from held
left join holders as parents
    on
        held.period = parents.period
        and held.parent_code = parents.credit_code
left join named_holders
    on
        held.period = named_holders.period
        and held.parent_code is null
        and held.parent_name = named_holders.agency_name
left join successors
    on
        held.period = successors.period
        and held.credit_code = successors.credit_code
left join held as predecessors
    on
        successors.period = predecessors.period
        and successors.predecessor_code = predecessors.credit_code
left join strata
    on
        held.institution_group = strata.institution_group
        and (held.size_class = strata.size_class or strata.size_class is null)
order by held.period, held.credit_code
