-- Grain: receipt_no, unit_row
-- 含义：已公布数据中每个数值一行，折算为基本单位；指标名称或单位对不上目录的，指标代码或数值为空。
-- Sources: form published_figures. Half a unit of the last printed digit is kept, because a
--  published figure is compared only up to its rounding (domain.md §2.1).
with files as (
    select * from stg_files
    where folder = 'published' and is_read
),

cells as (
    select * from raw_values
    where
        unit_row > 0
        and field_code not in ('finding_id', 'explanation') -- on the sheet 审核意见
        and receipt_no in (select files.receipt_no from files)
),

named_once as (
    select indicator_name
    from ref_indicators
    group by indicator_name
    having count(*) = 1
),

indicators as (
    select * from ref_indicators
    where indicator_name in (select named_once.indicator_name from named_once)
),

units as (
    select * from ref_units
),

rows_read as (
    select
        receipt_no,
        unit_row,
        max(case when field_code = 'area' then text_value end) as area_code,
        max(case when field_code = 'period' then text_value end) as year,
        max(case when field_code = 'indicator' then text_value end) as indicator_text,
        max(case when field_code = 'value' then number_value end) as printed_value,
        max(case when field_code = 'unit' then text_value end) as printed_unit,
        max(case when field_code = 'revenue_basis' then text_value end) as revenue_basis_words,
        max(case when field_code = 'figure_status' then text_value end) as figure_status,
        max(case when field_code = 'source' then text_value end) as source,
        max(case when field_code = 'source_address' then text_value end) as source_address,
        max(case when field_code = 'note' then text_value end) as note
    from cells
    group by receipt_no, unit_row
),

matched as (
    select
        rows_read.*,
        indicators.indicator_code,
        indicators.revenue_basis,
        units.base_unit,
        units.factor,
        length(rtrim(cast(rows_read.printed_value as varchar), '0'))
        - position('.' in cast(rows_read.printed_value as varchar)) as decimals
    from rows_read
    left join indicators
        on
            replace(replace(rows_read.indicator_text, '（', '('), '）', ')')
            = replace(replace(indicators.indicator_name, '（', '('), '）', ')')
    left join units
        on
            rows_read.printed_unit = units.unit
            and indicators.unit = units.base_unit
)

select
    receipt_no,
    unit_row,
    area_code,
    year,
    indicator_text,
    indicator_code,
    case
        when abs(cast(printed_value as double)) * cast(factor as double) < 1e16
            then cast(printed_value * factor as decimal(20, 4))
    end as value,
    base_unit as unit,
    cast(0.5 * power(10, -decimals) * cast(factor as double) as decimal(20, 4)) as half_rounding,
    revenue_basis,
    revenue_basis_words,
    figure_status,
    source,
    source_address,
    note
from matched
order by receipt_no, unit_row
