-- Grain: period, reporting_unit_code
-- 含义：快报报送情况：每个报告期每个报送单位一行，TOTAL 为全市合计。
-- Sources: sampled = accepted + refused + missing + out of scope; 报送率 = accepted by the cut-off /
--  (sampled - out of scope), by agencies and by their revenue in the register. Every reporting unit
--  of the period is there, 0 where nobody is asked; the city as a unit of its own only where
--  somebody reports straight to it.
with response as (
    select
        core_response.*,
        core_register_revenue.register_revenue
    from core_response
    left join core_register_revenue
        on
            core_response.period = core_register_revenue.period
            and core_response.credit_code = core_register_revenue.credit_code
),

periods as (
    select * from core_periods
),

reporting_units as (
    select * from ref_reporting_units
),

city as (
    select * from ref_areas
    where area_type = 'city'
),

release as (
    select * from ref_release
),

asked as (
    select
        period,
        reporting_unit_code,
        status,
        is_late,
        is_accepted_by_cut_off,
        register_revenue
    from response
    union all
    select
        period,
        'TOTAL' as reporting_unit_code,
        status,
        is_late,
        is_accepted_by_cut_off,
        register_revenue
    from response
),

counted as (
    select
        period,
        reporting_unit_code,
        count(*) as sampled_count,
        sum(case when status = 'out_of_scope' then 1 else 0 end) as out_of_scope_count,
        sum(case when status <> 'out_of_scope' then 1 else 0 end) as expected_count,
        sum(case when status in ('accepted', 'refused') then 1 else 0 end) as received_count,
        sum(case when status = 'accepted' then 1 else 0 end) as accepted_count,
        sum(case when is_accepted_by_cut_off then 1 else 0 end) as accepted_by_cut_off_count,
        sum(case when status = 'refused' then 1 else 0 end) as refused_count,
        sum(case when is_late then 1 else 0 end) as late_count,
        sum(case when status = 'missing' then 1 else 0 end) as missing_count,
        sum(case when status <> 'out_of_scope' then register_revenue end) as expected_revenue,
        coalesce(sum(case when is_accepted_by_cut_off then register_revenue end), 0)
            as accepted_revenue
    from asked
    group by period, reporting_unit_code
),

units_and_total as (
    select
        'TOTAL' as reporting_unit_code,
        '全市' as reporting_unit_name,
        false as is_functional_area,
        0 as unit_order,
        cast(null as varchar) as valid_from,
        cast(null as varchar) as valid_to
    union all
    select
        reporting_unit_code,
        reporting_unit_name,
        is_functional_area,
        unit_order,
        valid_from,
        valid_to
    from reporting_units
)

select
    release.release_id,
    periods.period,
    units_and_total.reporting_unit_code,
    units_and_total.reporting_unit_name,
    units_and_total.is_functional_area,
    units_and_total.unit_order,
    cast(coalesce(counted.sampled_count, 0) as integer) as sampled_count,
    cast(coalesce(counted.out_of_scope_count, 0) as integer) as out_of_scope_count,
    cast(coalesce(counted.expected_count, 0) as integer) as expected_count,
    cast(coalesce(counted.received_count, 0) as integer) as received_count,
    cast(coalesce(counted.accepted_count, 0) as integer) as accepted_count,
    cast(coalesce(counted.accepted_by_cut_off_count, 0) as integer) as accepted_by_cut_off_count,
    cast(coalesce(counted.refused_count, 0) as integer) as refused_count,
    cast(coalesce(counted.late_count, 0) as integer) as late_count,
    cast(coalesce(counted.missing_count, 0) as integer) as missing_count,
    case
        when counted.expected_count > 0
            then 100 * cast(counted.accepted_by_cut_off_count as double) / counted.expected_count
    end as response_rate_pct,
    case
        when counted.expected_revenue > 0
            then 100 * (counted.accepted_revenue / counted.expected_revenue)
    end as weighted_response_rate_pct
from periods
cross join units_and_total
left join counted
    on
        periods.period = counted.period
        and units_and_total.reporting_unit_code = counted.reporting_unit_code
cross join release
where
    counted.sampled_count > 0
    or periods.period between
    coalesce(units_and_total.valid_from, '0000-01')
    and coalesce(units_and_total.valid_to, '9999-12')
    and units_and_total.reporting_unit_code not in (select city.area_code from city)
order by periods.period, units_and_total.unit_order
