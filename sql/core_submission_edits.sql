-- Grain: receipt_no, credit_code
-- 含义：每家机构每次报送一行：与机构名录和同期其他报送对照的结果（edit_ 开头的应为零）。
-- Sources: the register in force (core_frame_sources), with who came, renewed or left since by an
--  event;
--  edit_zero_report = a zero report after a 1—本月 above zero in the same year;
--  edit_two_units = another unit sent the agency before, for the same period, with other figures;
--  edit_simultaneous = the same unit did in the same look; edit_a01 = other agencies of the same
--  name; edit_a11 = revenue, none of it from the registered main business; edit_a18 = days by which
--  the agency began after the period, left before it, or let its licence lapse before its end.
with flash_submissions as (
    select * from stg_flash_submissions
    where is_read
),

annual_submissions as (
    select * from stg_annual_submissions
    where is_read
),

periods as (
    select * from core_periods
),

frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

entries as (
    select
        credit_code,
        min(event_date) as event_date
    from (
        select
            changed_code as credit_code,
            event_date
        from stg_register_events
        where is_in_force and change_kind in ('new', 'moved_in')
        union all
        select
            successor_code as credit_code,
            event_date
        from stg_register_events
        where is_in_force and change_kind = 'recoded'
    ) as codes
    group by credit_code
),

files as (
    select * from stg_files
),

reporting_units as (
    select * from ref_reporting_units
),

figures as (
    select * from stg_values
),

cells as (
    select * from figures
    where measure_code in ('ytd', 'annual')
),

submissions as (
    select
        flash_submissions.receipt_no,
        flash_submissions.credit_code,
        'flash_report' as form_code,
        flash_submissions.period,
        periods.start_date,
        periods.end_date,
        flash_submissions.agency_name,
        flash_submissions.reporting_unit_code,
        flash_submissions.first_seen_at,
        flash_submissions.is_zero_report
    from flash_submissions
    inner join periods on flash_submissions.period = periods.period
    union all
    select
        receipt_no,
        credit_code,
        'annual_return' as form_code,
        period,
        make_date(cast(period as integer), 1, 1) as start_date,
        make_date(cast(period as integer), 12, 31) as end_date,
        agency_name,
        reporting_unit_code,
        first_seen_at,
        false as is_zero_report
    from annual_submissions
),

renewals as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        max(events.licence_valid_to_date) as licence_valid_to_date
    from submissions
    inner join stg_register_events as events
        on
            submissions.credit_code = events.changed_code
            and submissions.end_date >= events.event_date
    where events.is_in_force and events.licence_valid_to_date is not null
    group by submissions.receipt_no, submissions.credit_code
),

-- Of the events since the register the last that says whether the agency is there.
exits as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        events.exit_claim,
        events.event_date,
        row_number() over (
            partition by submissions.receipt_no, submissions.credit_code
            order by events.event_date desc, events.event_order desc, events.event_content desc
        ) as recency
    from submissions
    inner join frame_sources on submissions.period = frame_sources.period
    inner join stg_register_events as events
        on
            submissions.credit_code = events.changed_code
            and submissions.end_date >= events.event_date
            and frame_sources.register_date < events.event_date
    where events.is_in_force and events.exit_claim <> 'recoded'
),

registered as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        frame_sources.register_period,
        register.credit_code as registered_code,
        register.business_line,
        register.first_registered_date,
        case
            when exits.exit_claim is null then register.exit_date
            when exits.exit_claim <> 'none' then exits.event_date
        end as exit_date,
        case
            when renewals.licence_valid_to_date > register.licence_valid_to_date
                then renewals.licence_valid_to_date
            else register.licence_valid_to_date
        end as licence_valid_to_date
    from submissions
    inner join frame_sources on submissions.period = frame_sources.period
    left join register
        on
            frame_sources.register_receipt_no = register.receipt_no
            and submissions.credit_code = register.credit_code
    left join renewals
        on
            submissions.receipt_no = renewals.receipt_no
            and submissions.credit_code = renewals.credit_code
    left join exits
        on
            submissions.receipt_no = exits.receipt_no
            and submissions.credit_code = exits.credit_code
            and exits.recency = 1
),

-- An agency counts once, with the name of its last version.
versions as (
    select
        form_code,
        period,
        agency_name,
        credit_code,
        row_number() over (
            partition by form_code, period, credit_code
            order by receipt_no desc
        ) as recency
    from submissions
),

namesakes as (
    select
        form_code,
        period,
        agency_name,
        cast(count(*) - 1 as integer) as others_count,
        min(credit_code) as first_code,
        max(credit_code) as last_code
    from versions
    where recency = 1 and agency_name is not null
    group by form_code, period, agency_name
),

revenue as (
    select
        receipt_no,
        credit_code,
        max(case when indicator_code = 'revenue_booked' then value end)
        + max(case when indicator_code = 'pass_through_unbooked' then value end) as revenue_incl
    from cells
    group by receipt_no, credit_code
),

stated_before as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        max(earlier.period) as stated_period
    from submissions
    inner join submissions as earlier
        on
            submissions.credit_code = earlier.credit_code
            and earlier.form_code = 'flash_report'
            and year(submissions.end_date) = year(earlier.end_date)
            and submissions.period > earlier.period
    inner join cells
        on
            earlier.receipt_no = cells.receipt_no
            and earlier.credit_code = cells.credit_code
            and cells.value > 0
    where submissions.is_zero_report
    group by submissions.receipt_no, submissions.credit_code
),

-- Of one look (first_seen_at) the file whose path comes last has the highest receipt_no.
pairs as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        earlier.receipt_no as earlier_receipt_no,
        submissions.reporting_unit_code <> earlier.reporting_unit_code as is_of_two_units,
        submissions.is_zero_report <> earlier.is_zero_report as is_zero_once
    from submissions
    inner join submissions as earlier
        on
            submissions.form_code = earlier.form_code
            and submissions.period = earlier.period
            and submissions.credit_code = earlier.credit_code
            and submissions.receipt_no > earlier.receipt_no
    where
        submissions.reporting_unit_code <> earlier.reporting_unit_code
        or submissions.first_seen_at = earlier.first_seen_at
),

paired_cells as (
    select
        pairs.receipt_no,
        pairs.credit_code,
        pairs.earlier_receipt_no,
        figures.indicator_code,
        figures.measure_code,
        figures.value
    from pairs
    inner join figures
        on
            pairs.credit_code = figures.credit_code
            and figures.receipt_no in (pairs.receipt_no, pairs.earlier_receipt_no)
),

differences as (
    select distinct
        receipt_no,
        credit_code,
        earlier_receipt_no
    from (
        select
            receipt_no,
            credit_code,
            earlier_receipt_no
        from paired_cells
        group by receipt_no, credit_code, earlier_receipt_no, indicator_code, measure_code
        having count(*) = 1 or min(value) <> max(value)
        union all
        select
            receipt_no,
            credit_code,
            earlier_receipt_no
        from pairs
        where is_zero_once
    ) as found
),

other_versions as (
    select
        pairs.receipt_no,
        pairs.credit_code,
        max(case when pairs.is_of_two_units then pairs.earlier_receipt_no end)
            as other_receipt_no,
        max(case when not coalesce(pairs.is_of_two_units, false) then pairs.earlier_receipt_no end)
            as simultaneous_receipt_no
    from pairs
    inner join differences
        on
            pairs.receipt_no = differences.receipt_no
            and pairs.credit_code = differences.credit_code
            and pairs.earlier_receipt_no = differences.earlier_receipt_no
    group by pairs.receipt_no, pairs.credit_code
)

select
    submissions.receipt_no,
    submissions.credit_code,
    submissions.form_code,
    submissions.period,
    main_business.measure_code,
    main_business.indicator_code,
    registered.register_period,
    coalesce(registered.registered_code, entries.credit_code) as registered_code,
    submissions.agency_name,
    case
        when namesakes.first_code = submissions.credit_code then namesakes.last_code
        else namesakes.first_code
    end as namesake_code,
    registered.business_line,
    revenue.revenue_incl,
    submissions.end_date,
    registered.first_registered_date,
    registered.exit_date,
    registered.licence_valid_to_date,
    stated_before.stated_period,
    files.file_name as other_file_name,
    reporting_units.reporting_unit_name as other_unit_name,
    simultaneous_files.file_name as simultaneous_file_name,
    cast(stated_before.stated_period is not null as integer) as edit_zero_report,
    cast(other_versions.other_receipt_no is not null as integer) as edit_two_units,
    cast(
        other_versions.simultaneous_receipt_no is not null as integer
    ) as edit_simultaneous,
    namesakes.others_count as edit_a01,
    case when main_business.value = 0 then revenue.revenue_incl end as edit_a11,
    date_diff('day', submissions.end_date, registered.first_registered_date) as edit_a18_begin,
    case
        when not submissions.is_zero_report
            then date_diff('day', registered.exit_date, submissions.start_date)
    end as edit_a18_exit,
    case
        when registered.exit_date is null
            then date_diff('day', registered.licence_valid_to_date, submissions.end_date)
    end as edit_a18_licence
from submissions
inner join registered
    on
        submissions.receipt_no = registered.receipt_no
        and submissions.credit_code = registered.credit_code
left join entries
    on
        submissions.credit_code = entries.credit_code
        and submissions.end_date >= entries.event_date
left join namesakes
    on
        submissions.form_code = namesakes.form_code
        and submissions.period = namesakes.period
        and submissions.agency_name = namesakes.agency_name
left join revenue
    on
        submissions.receipt_no = revenue.receipt_no
        and submissions.credit_code = revenue.credit_code
left join stated_before
    on
        submissions.receipt_no = stated_before.receipt_no
        and submissions.credit_code = stated_before.credit_code
left join other_versions
    on
        submissions.receipt_no = other_versions.receipt_no
        and submissions.credit_code = other_versions.credit_code
left join submissions as others
    on
        other_versions.other_receipt_no = others.receipt_no
        and other_versions.credit_code = others.credit_code
left join files on others.receipt_no = files.receipt_no
left join files as simultaneous_files
    on other_versions.simultaneous_receipt_no = simultaneous_files.receipt_no
left join reporting_units
    on others.reporting_unit_code = reporting_units.reporting_unit_code
left join cells as main_business
    on
        submissions.receipt_no = main_business.receipt_no
        and submissions.credit_code = main_business.credit_code
        and main_business.indicator_code = concat('revenue_incl_', registered.business_line)
order by submissions.receipt_no, submissions.credit_code
