-- Grain: receipt_no, unit_row
-- 含义：每个已公布数值一行，是否认得出指标和计量单位，是否与前面的行重复（edit_duplicate 应为零）。
-- Sources: stg_published; a figure is the same when area, year and indicator are.
with published as (
    select * from stg_published
)

select
    receipt_no,
    unit_row,
    indicator_code,
    value,
    unit,
    -- Only rows that can be used stand in for each other.
    case
        when value is not null
            then
                cast(
                    row_number() over (
                        partition by
                            receipt_no, area_code, year, indicator_code, value is null
                        order by unit_row
                    ) - 1 as integer
                )
    end as edit_duplicate
from published
order by receipt_no, unit_row
