-- Grain: period, reporting_unit_code
-- 含义：审核进度：每期（快报期或年份）每个报送单位一行，TOTAL 为全市合计；各状态的机构数合计等于应报的机构数。
-- Sources: core_review_states; units of which nobody is asked are left out. 未审 is no state of its
--  own: of those submitted or locked, how many nobody has reviewed by the cut-off (a year's: by the
--  lock).
with states as (
    select * from core_review_states
),

reporting_units as (
    select * from ref_reporting_units
),

release as (
    select * from ref_release
),

counted as (
    select
        period,
        reporting_unit_code,
        count(*) as expected_count,
        sum(case when review_state = 'missing' then 1 else 0 end) as missing_count,
        sum(case when review_state = 'returned' then 1 else 0 end) as returned_count,
        sum(case when review_state = 'submitted' then 1 else 0 end) as submitted_count,
        sum(case when review_state = 'district_reviewed' then 1 else 0 end)
            as district_reviewed_count,
        sum(case when review_state = 'city_reviewed' then 1 else 0 end) as city_reviewed_count,
        sum(case when review_state = 'locked' then 1 else 0 end) as locked_count,
        sum(case when is_unreviewed then 1 else 0 end) as unreviewed_count
    from (
        select
            period,
            reporting_unit_code,
            review_state,
            is_unreviewed
        from states
        union all
        select
            period,
            'TOTAL' as reporting_unit_code,
            review_state,
            is_unreviewed
        from states
    ) as units_and_total
    group by period, reporting_unit_code
)

select
    release.release_id,
    counted.period,
    counted.reporting_unit_code,
    coalesce(reporting_units.reporting_unit_name, '全市') as reporting_unit_name,
    cast(coalesce(reporting_units.unit_order, 0) as integer) as unit_order,
    cast(counted.expected_count as integer) as expected_count,
    cast(counted.missing_count as integer) as missing_count,
    cast(counted.returned_count as integer) as returned_count,
    cast(counted.submitted_count as integer) as submitted_count,
    cast(counted.district_reviewed_count as integer) as district_reviewed_count,
    cast(counted.city_reviewed_count as integer) as city_reviewed_count,
    cast(counted.locked_count as integer) as locked_count,
    cast(counted.unreviewed_count as integer) as unreviewed_count
from counted
left join reporting_units on counted.reporting_unit_code = reporting_units.reporting_unit_code
cross join release
order by counted.period, unit_order
