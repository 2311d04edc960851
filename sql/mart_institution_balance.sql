-- Grain: period, domain_type, domain_code
-- 含义：机构数平衡表：每期每个分组一行，期初数加新增、迁入和其他增加，减各种退出、迁出和其他减少，等于期末数；新增、退出和净增并列。
-- Sources: core_registered_agencies of this period and the one before (a month's is the month
--  before that has a frame, a year's the year's end before). 新增 is gross: first 许可 or 备案 in
--  the period, those that left again in it included; not 换证, 更名, moves within the city and
--  备案转许可 (domain.md §3.1). 迁入 and 迁出: between groups of the city, and by events across its
--  border; a change of divisions moves nobody: areas open with what they have in the divisions of
--  the period itself. All else (a licence lapsed or renewed, listed late, a new code, a branch
--  whose parent counts) is 其他.
with frame_sources as (
    select * from core_frame_sources
),

agencies as (
    select * from core_registered_agencies
),

places as (
    select * from core_area_memberships
),

geographies as (
    select distinct
        period,
        geography
    from places
    where is_in_force
),

events as (
    select * from stg_register_events
    where is_in_force
),

institutions as (
    select * from core_institutions
    where domain_type in ('city', 'area', 'business_line', 'institution_type')
),

city as (
    select * from ref_areas
    where area_type = 'city'
),

release as (
    select * from ref_release
),

periods as (
    select
        period,
        end_date,
        lag(period) over (partition by is_year_end order by period) as opening_period,
        lag(end_date) over (partition by is_year_end order by period) as opening_date
    from frame_sources
),

spans as (
    select * from periods
    where opening_period is not null
),

arrivals as (
    select
        spans.period,
        events.changed_code as credit_code
    from spans
    inner join events
        on
            spans.opening_date < events.event_date
            and spans.end_date >= events.event_date
    where events.change_kind = 'moved_in' and events.institution_type is not null
    group by spans.period, events.changed_code
),

openings as (
    select
        spans.period,
        agencies.credit_code,
        agencies.business_line,
        agencies.institution_type,
        places.area_code
    from spans
    inner join agencies on spans.opening_period = agencies.period
    inner join geographies on spans.period = geographies.period
    left join places
        on
            agencies.period = places.period
            and agencies.credit_code = places.credit_code
            and geographies.geography = places.geography
    where agencies.is_counted
),

closings as (
    select
        agencies.period,
        agencies.credit_code,
        agencies.is_counted,
        agencies.is_living,
        agencies.first_registered_date,
        agencies.predecessor_code,
        agencies.register_status,
        agencies.business_line,
        agencies.institution_type,
        places.area_code,
        spans.opening_date
    from spans
    inner join agencies on spans.period = agencies.period
    left join places
        on
            agencies.period = places.period
            and agencies.credit_code = places.credit_code
            and places.is_in_force
),

-- Everyone who counts at the beginning or the end, or began in between.
compared as (
    select
        coalesce(closings.period, openings.period) as period,
        coalesce(closings.credit_code, openings.credit_code) as credit_code,
        openings.credit_code is not null as is_opening,
        coalesce(closings.is_counted, false) as is_closing,
        coalesce(
            closings.first_registered_date > closings.opening_date
            and openings.credit_code is null
            and closings.predecessor_code is null
            and arrivals.credit_code is null
            and (closings.is_counted or not closings.is_living),
            false
        ) as is_new,
        arrivals.credit_code is not null and openings.credit_code is null as is_arrival,
        closings.register_status,
        openings.area_code as opening_area,
        closings.area_code as closing_area,
        openings.business_line as opening_line,
        closings.business_line as closing_line,
        openings.institution_type as opening_type,
        closings.institution_type as closing_type
    from closings
    full outer join openings
        on
            closings.period = openings.period
            and closings.credit_code = openings.credit_code
    left join arrivals
        on
            closings.period = arrivals.period
            and closings.credit_code = arrivals.credit_code
),

grouped as (
    select
        compared.*,
        'city' as domain_type,
        city.area_code as opening_code,
        city.area_code as closing_code
    from compared
    cross join city
    union all
    select
        *,
        'area' as domain_type,
        opening_area as opening_code,
        closing_area as closing_code
    from compared
    union all
    select
        *,
        'business_line' as domain_type,
        opening_line as opening_code,
        closing_line as closing_code
    from compared
    union all
    select
        *,
        'institution_type' as domain_type,
        opening_type as opening_code,
        closing_type as closing_code
    from compared
),

-- One row a group and agency: who leaves one group for another makes two.
flows as (
    select
        period,
        domain_type,
        closing_code as domain_code,
        0 as opening,
        case when is_new then 1 else 0 end as new,
        case
            when is_closing and is_opening and opening_code <> closing_code then 1
            when is_closing and is_arrival then 1
            else 0
        end as moved_in,
        case
            when is_closing and not is_opening and not is_new and not is_arrival then 1 else 0
        end as other_in,
        cast(null as varchar) as way_out
    from grouped
    where closing_code is not null
    union all
    select
        period,
        domain_type,
        opening_code as domain_code,
        1 as opening,
        0 as new,
        0 as moved_in,
        0 as other_in,
        case
            when is_closing and opening_code <> closing_code then 'moved_on'
            when is_closing then null
            when
                register_status in ('deregistered', 'revoked', 'merged', 'moved_out', 'exited')
                then register_status
            else 'other'
        end as way_out
    from grouped
    where is_opening
    union all
    -- Came and went within the period.
    select
        period,
        domain_type,
        closing_code as domain_code,
        0 as opening,
        0 as new,
        0 as moved_in,
        0 as other_in,
        case
            when
                register_status in ('deregistered', 'revoked', 'merged', 'moved_out', 'exited')
                then register_status
            else 'other'
        end as way_out
    from grouped
    where is_new and not is_closing and closing_code is not null
),

summed as (
    select
        period,
        domain_type,
        domain_code,
        sum(opening) as opening_count,
        sum(new) as new_count,
        sum(moved_in) as moved_in_count,
        sum(other_in) as other_in_count,
        sum(case when way_out = 'deregistered' then 1 else 0 end) as deregistered_count,
        sum(case when way_out = 'revoked' then 1 else 0 end) as revoked_count,
        sum(case when way_out = 'merged' then 1 else 0 end) as merged_count,
        sum(case when way_out = 'exited' then 1 else 0 end) as exited_count,
        sum(case when way_out in ('moved_out', 'moved_on') then 1 else 0 end)
            as moved_out_count,
        sum(case when way_out = 'other' then 1 else 0 end) as other_out_count
    from flows
    group by period, domain_type, domain_code
)

select
    release.release_id,
    institutions.period,
    institutions.domain_type,
    institutions.domain_code,
    spans.opening_period,
    cast(coalesce(summed.opening_count, 0) as integer) as opening_count,
    cast(coalesce(summed.new_count, 0) as integer) as new_count,
    cast(coalesce(summed.moved_in_count, 0) as integer) as moved_in_count,
    cast(coalesce(summed.other_in_count, 0) as integer) as other_in_count,
    cast(coalesce(summed.deregistered_count, 0) as integer) as deregistered_count,
    cast(coalesce(summed.revoked_count, 0) as integer) as revoked_count,
    cast(coalesce(summed.merged_count, 0) as integer) as merged_count,
    cast(coalesce(summed.exited_count, 0) as integer) as exited_count,
    cast(coalesce(summed.moved_out_count, 0) as integer) as moved_out_count,
    cast(coalesce(summed.other_out_count, 0) as integer) as other_out_count,
    institutions.institution_count as closing_count,
    cast(
        coalesce(
            summed.deregistered_count + summed.revoked_count
            + summed.merged_count + summed.exited_count,
            0
        ) as integer
    ) as exit_count,
    cast(
        institutions.institution_count - coalesce(summed.opening_count, 0) as integer
    ) as net_count,
    cast(
        coalesce(
            summed.opening_count + summed.new_count + summed.moved_in_count
            + summed.other_in_count - summed.deregistered_count - summed.revoked_count
            - summed.merged_count - summed.exited_count - summed.moved_out_count
            - summed.other_out_count,
            0
        ) - institutions.institution_count as integer
    ) as balance_gap,
    institutions.suspended_count,
    institutions.lost_contact_count
from institutions
inner join spans on institutions.period = spans.period
left join summed
    on
        institutions.period = summed.period
        and institutions.domain_type = summed.domain_type
        and institutions.domain_code = summed.domain_code
cross join release
order by institutions.period, institutions.domain_type, institutions.domain_code
