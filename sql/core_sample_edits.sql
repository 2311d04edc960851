-- Grain: receipt_no, credit_code
-- 含义：样本名录中每家机构一行：名录里有没有该机构，层代码是否在抽样方案内。
-- Sources: stg_sample against all registers received and the strata of sampling.yml.
with sample as (
    select * from stg_sample
),

strata as (
    select * from ref_strata
),

registered as (
    select distinct credit_code
    from stg_register
),

registers as (
    select count(*) as registered_count
    from registered
)

select
    sample.receipt_no,
    sample.credit_code,
    sample.unit_row,
    sample.agency_name,
    sample.stratum_code,
    strata.stratum_name,
    case
        when registers.registered_count > 0
            then cast(registered.credit_code is null as integer)
    end as edit_a01
from sample
cross join registers
left join registered on sample.credit_code = registered.credit_code
left join strata on sample.stratum_code = strata.stratum_code
order by sample.receipt_no, sample.credit_code
