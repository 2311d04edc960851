-- Grain: period, form_code, credit_code, indicator_code, measure_code
-- 含义：被采用的报送中每个指标值一行（基本单位），含零报告展开和按公式计算的指标。
-- Sources: a zero report says that nothing happened in this period: flows of the month are 0, what
--  was stated last this year for 1—本月 and 期末 still holds, 0 where nothing was. Zeros typed into
--  some of its cells say no more than that: beside carried cells they would not add up. Formulas
--  (revenue_excl, revenue_incl: domain.md §0.2) need all their terms.
with versions as (
    select * from core_versions
    where submission_state = 'accepted'
),

zero_submissions as (
    select * from stg_flash_submissions
    where is_zero_report
),

cells as (
    select * from stg_values
),

indicators as (
    select * from ref_indicators
),

formulas as (
    select * from ref_indicator_formulas
),

lines as (
    select * from ref_form_lines
    where form_code = 'flash_report' and is_required and not is_calculated
),

line_measures as (
    select * from ref_form_line_measures
    where form_code = 'flash_report' and measure_code in ('month', 'ytd')
),

required_cells as (
    select distinct
        lines.indicator_code,
        line_measures.measure_code
    from lines
    inner join line_measures
        on
            lines.line_no = line_measures.line_no
            and lines.indicator_code = line_measures.indicator_code
),

zero_cells as (
    select
        versions.period,
        versions.form_code,
        versions.credit_code,
        required_cells.indicator_code,
        required_cells.measure_code,
        indicators.unit,
        versions.receipt_no,
        required_cells.measure_code = 'month' and indicators.measure_type = 'flow' as is_nothing
    from versions
    inner join zero_submissions
        on
            versions.receipt_no = zero_submissions.receipt_no
            and versions.credit_code = zero_submissions.credit_code
    cross join required_cells
    inner join indicators on required_cells.indicator_code = indicators.indicator_code
),

-- What an accepted zero report has in these cells is 0: anything else is a zero_report_conflict.
stated as (
    select
        versions.period,
        versions.form_code,
        versions.credit_code,
        cells.indicator_code,
        cells.measure_code,
        cells.value,
        cells.unit,
        cells.receipt_no,
        cells.sheet_name,
        cells.cell_address,
        cells.correction_receipt_no,
        cells.correction_cell
    from cells
    inner join versions
        on
            cells.receipt_no = versions.receipt_no
            and cells.credit_code = versions.credit_code
    left join zero_cells
        on
            cells.receipt_no = zero_cells.receipt_no
            and cells.credit_code = zero_cells.credit_code
            and cells.indicator_code = zero_cells.indicator_code
            and cells.measure_code = zero_cells.measure_code
    where zero_cells.receipt_no is null
),

stated_before as (
    select
        zeros.period,
        zeros.credit_code,
        zeros.indicator_code,
        zeros.measure_code,
        earlier.value,
        row_number() over (
            partition by
                zeros.period, zeros.credit_code, zeros.indicator_code, zeros.measure_code
            order by earlier.period desc
        ) as recency
    from zero_cells as zeros
    inner join stated as earlier
        on
            zeros.form_code = earlier.form_code
            and zeros.credit_code = earlier.credit_code
            and zeros.indicator_code = earlier.indicator_code
            and zeros.measure_code = earlier.measure_code
            and zeros.period > earlier.period
            -- A stock stands until it is stated anew; 累计数 start again with the year.
            and (
                zeros.measure_code = 'month'
                or substr(zeros.period, 1, 4) = substr(earlier.period, 1, 4)
            )
    where not zeros.is_nothing
),

zero_reports as (
    select
        zeros.period,
        zeros.form_code,
        zeros.credit_code,
        zeros.indicator_code,
        zeros.measure_code,
        coalesce(stated_before.value, 0) as value,
        zeros.unit,
        zeros.receipt_no,
        cast(null as varchar) as sheet_name,
        cast(null as varchar) as cell_address,
        cast(null as integer) as correction_receipt_no,
        cast(null as varchar) as correction_cell
    from zero_cells as zeros
    left join stated_before
        on
            zeros.period = stated_before.period
            and zeros.credit_code = stated_before.credit_code
            and zeros.indicator_code = stated_before.indicator_code
            and zeros.measure_code = stated_before.measure_code
            and stated_before.recency = 1
),

reported as (
    select * from stated
    union all
    select * from zero_reports
),

term_counts as (
    select
        indicator_code,
        count(*) as term_count
    from formulas
    group by indicator_code
),

calculated as (
    select
        reported.period,
        reported.form_code,
        reported.credit_code,
        formulas.indicator_code,
        reported.measure_code,
        sum(formulas.coefficient * reported.value) as value,
        max(reported.unit) as unit,
        max(reported.receipt_no) as receipt_no,
        cast(null as varchar) as sheet_name,
        cast(null as varchar) as cell_address,
        cast(null as integer) as correction_receipt_no,
        cast(null as varchar) as correction_cell
    from reported
    inner join formulas on reported.indicator_code = formulas.term_code
    inner join term_counts on formulas.indicator_code = term_counts.indicator_code
    group by
        reported.period,
        reported.form_code,
        reported.credit_code,
        formulas.indicator_code,
        reported.measure_code,
        term_counts.term_count
    having count(*) = term_counts.term_count
),

observations as (
    select * from reported
    union all
    select * from calculated
)

select
    period,
    form_code,
    credit_code,
    indicator_code,
    measure_code,
    cast(value as decimal(20, 4)) as value,
    unit,
    receipt_no,
    sheet_name,
    cell_address,
    correction_receipt_no,
    correction_cell
from observations
order by period, form_code, credit_code, indicator_code, measure_code
