-- Grain: period, form_code, rule_code, severity, reporting_unit_code
-- 含义：报送数据质量：每个报告期、报表、审核规则、审核性质、报送单位一行，问题多少条、如何了结。
-- Sources: mart_findings. A finding that came again unchanged in a later file is counted once, as
--  the later file leaves it.
with findings as (
    select * from mart_findings
),

reporting_units as (
    select * from ref_reporting_units
),

with_last_file as (
    select
        *,
        coalesce(reporting_unit_code, 'UNKNOWN') as unit_code,
        max(receipt_no) over (partition by finding_id) as last_receipt_no
    from findings
),

latest as (
    select * from with_last_file
    where receipt_no = last_receipt_no
),

counted as (
    select
        release_id,
        coalesce(period, 'NONE') as period,
        coalesce(form_code, 'UNKNOWN') as form_code,
        coalesce(max(form_name), '报表不明') as form_name,
        rule_code,
        max(rule_name) as rule_name,
        max(audit_id) as audit_id,
        severity,
        unit_code as reporting_unit_code,
        coalesce(max(reporting_unit_name), '报送单位不明') as reporting_unit_name,
        cast(count(*) as integer) as finding_count,
        cast(count(distinct credit_code) as integer) as agency_count,
        cast(sum(case when state = 'open' then 1 else 0 end) as integer) as open_count,
        cast(sum(case when state = 'explained' then 1 else 0 end) as integer) as explained_count,
        cast(sum(case when state = 'closed' then 1 else 0 end) as integer) as closed_count
    from latest
    group by release_id, period, form_code, rule_code, severity, unit_code
)

select
    counted.release_id,
    counted.period,
    counted.form_code,
    counted.form_name,
    counted.rule_code,
    counted.rule_name,
    counted.audit_id,
    counted.severity,
    counted.reporting_unit_code,
    counted.reporting_unit_name,
    reporting_units.unit_order,
    counted.finding_count,
    counted.agency_count,
    counted.open_count,
    counted.explained_count,
    counted.closed_count
from counted
left join reporting_units on counted.reporting_unit_code = reporting_units.reporting_unit_code
order by
    counted.period,
    counted.form_code,
    reporting_units.unit_order nulls last,
    counted.rule_code,
    counted.severity
