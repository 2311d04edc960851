-- Grain: receipt_no, credit_code, indicator_code
-- 含义：年报中“主要开展业务类型”与收入、业务数对不上的每次报送、每种业务一行，指标为该业务的收入。
-- Sources: domain.md §1.5, A11: ticked, and neither revenue nor any figure of that business; or not
--  ticked, and some. Beside revenue: job fairs, clients, workers, courses, participants, positions.
with submissions as (
    select * from stg_annual_submissions
    where is_read
),

ticks as (
    select
        receipt_no,
        credit_code,
        substr(field_code, 6) as business_line_code,
        text_value = 'yes' as is_ticked
    from raw_values
    where field_code like 'does\_%' escape '\' and credit_code is not null
),

cells as (
    select
        receipt_no,
        credit_code,
        indicator_code,
        value,
        case
            when indicator_code like 'revenue\_incl\_%' escape '\' then substr(indicator_code, 14)
            when indicator_code = 'job_fairs' then 'recruitment'
            when indicator_code in ('dispatch_clients', 'dispatched_workers') then 'dispatch'
            when indicator_code = 'consulting_clients' then 'consulting'
            when indicator_code = 'outsourcing_clients' then 'outsourcing'
            when indicator_code in ('training_courses', 'training_participants') then 'training'
            when indicator_code in ('headhunting_vacancies', 'headhunting_placements')
                then 'headhunting'
            when indicator_code = 'assessment_participants' then 'assessment'
        end as business_line_code
    from stg_values
),

indicators as (
    select
        indicator_code,
        indicator_name,
        indicator_order
    from ref_indicators
),

business_lines as (
    select * from ref_classifications
    where classification_code = 'business_lines'
),

figures as (
    select
        cells.receipt_no,
        cells.credit_code,
        cells.business_line_code,
        max(case when cells.value > 0 then 1 else 0 end) as has_figures,
        min(case when cells.value > 0 then indicators.indicator_order end) as first_order
    from cells
    inner join indicators on cells.indicator_code = indicators.indicator_code
    where cells.business_line_code is not null
    group by cells.receipt_no, cells.credit_code, cells.business_line_code
)

select
    ticks.receipt_no,
    ticks.credit_code,
    concat('revenue_incl_', ticks.business_line_code) as indicator_code,
    submissions.period,
    'annual' as measure_code,
    business_lines.item_name as business_line_name,
    indicators.indicator_name as figure_name,
    cast(ticks.is_ticked and figures.has_figures = 0 as integer) as edit_a11_ticked,
    cast(not ticks.is_ticked and figures.has_figures = 1 as integer) as edit_a11_not_ticked
from ticks
inner join submissions
    on
        ticks.receipt_no = submissions.receipt_no
        and ticks.credit_code = submissions.credit_code
inner join figures
    on
        ticks.receipt_no = figures.receipt_no
        and ticks.credit_code = figures.credit_code
        and ticks.business_line_code = figures.business_line_code
inner join business_lines on ticks.business_line_code = business_lines.item_code
left join indicators on figures.first_order = indicators.indicator_order
where ticks.is_ticked <> (figures.has_figures = 1)
order by ticks.receipt_no, ticks.credit_code, ticks.business_line_code
