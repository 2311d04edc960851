-- Grain: period, credit_code
-- 含义：报送要审核的机构每期每家一行：快报期为样本机构，有年报的年份（期为年份）为年末名录范围内的机构。
-- Sources: core_frame. A year has annual returns once one was received, whatever became of it.
with frame as (
    select * from core_frame
),

periods as (
    select * from core_periods
),

years as (
    select distinct period as year
    from core_received_versions
    where form_code = 'annual_return'
),

asked as (
    select
        frame.*,
        periods.period_type
    from frame
    inner join periods on frame.period = periods.period
    where frame.is_sampled
    union all
    select
        frame.*,
        'Y' as period_type
    from frame
    inner join years on frame.period = years.year
)

select
    period,
    period_type,
    credit_code,
    agency_name,
    reporting_unit_code
from asked
order by period, credit_code
