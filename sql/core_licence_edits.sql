-- Grain: receipt_no, credit_code
-- 含义：经营性机构每次快报中须有许可或备案的业务一行（几项的列最先要问的）：名录期末登记的够不够，edit_a12 应为零。
-- Sources: domain.md §1.5, A12; what a business needs is the group of business_lines, with the law,
--  in classifications.yml. Only what tells of a business for certain: revenue by business line of
--  本月, 现场招聘会, 猎头成功推荐, 外包用人单位, 参加培训, 参加测评; 发布岗位信息 may be no more than
--  供求信息的发布, which needs 备案 only. Held: core_register at the period's end, as known now, so that
--  an upgrade told late settles it. Who has left, is not registered yet, or has let a 许可 expire is
--  asked in core_submission_edits.
with submissions as (
    select * from stg_flash_submissions
    where is_read
),

periods as (
    select * from core_periods
),

history as (
    select * from core_register
    where register_status in ('active', 'suspended', 'lost_contact')
),

classifications as (
    select * from ref_classifications
),

market_types as (
    select * from classifications
    where classification_code = 'institution_types' and item_group = 'market'
),

kinds as (
    select * from classifications
    where classification_code = 'licence_kinds'
),

business_lines as (
    select * from classifications
    where classification_code = 'business_lines' and item_group is not null
),

indicators as (
    select
        indicator_code,
        indicator_order
    from ref_indicators
),

cells as (
    select
        receipt_no,
        credit_code,
        indicator_code,
        measure_code,
        value,
        unit,
        case
            when indicator_code like 'revenue\_incl\_%' escape '\' then substr(indicator_code, 14)
            when indicator_code = 'job_fairs' then 'recruitment'
            when indicator_code = 'headhunting_placements' then 'headhunting'
            when indicator_code = 'outsourcing_clients' then 'outsourcing'
            when indicator_code = 'training_participants' then 'training'
            when indicator_code = 'assessment_participants' then 'assessment'
        end as business_line_code
    from stg_values
    where measure_code = 'month' and value > 0
),

held as (
    select
        submissions.receipt_no,
        submissions.credit_code,
        submissions.period,
        periods.end_date,
        history.licence_kind
    from submissions
    inner join periods on submissions.period = periods.period
    inner join history
        on
            submissions.credit_code = history.credit_code
            and periods.end_date >= history.valid_from_date
            and coalesce(periods.end_date <= history.valid_to_date, true)
    inner join market_types on history.institution_type = market_types.item_code
),

judged as (
    select
        held.receipt_no,
        held.credit_code,
        held.period,
        held.end_date,
        cells.indicator_code,
        cells.measure_code,
        cells.value,
        cells.unit,
        business_lines.item_name as business_line_name,
        business_lines.item_group as needed_kind,
        held.licence_kind,
        cast(
            held.licence_kind = 'none_required'
            or (business_lines.item_group = 'licensed' and held.licence_kind = 'filed') as integer
        ) as edit_a12,
        indicators.indicator_order
    from held
    inner join cells
        on
            held.receipt_no = cells.receipt_no
            and held.credit_code = cells.credit_code
    inner join business_lines on cells.business_line_code = business_lines.item_code
    inner join indicators on cells.indicator_code = indicators.indicator_code
),

ranked as (
    select
        *,
        row_number() over (
            partition by receipt_no, credit_code
            order by
                edit_a12 desc nulls last,
                case needed_kind when 'licensed' then 1 else 2 end asc,
                indicator_order asc
        ) as urgency
    from judged
)

select
    ranked.receipt_no,
    ranked.credit_code,
    ranked.period,
    ranked.end_date,
    ranked.indicator_code,
    ranked.measure_code,
    ranked.value,
    ranked.unit,
    ranked.business_line_name,
    needed_kinds.item_name as needed_kind_name,
    kinds.item_name as registered_kind_name,
    ranked.edit_a12
from ranked
inner join kinds as needed_kinds on ranked.needed_kind = needed_kinds.item_code
left join kinds on ranked.licence_kind = kinds.item_code
where ranked.urgency = 1
order by ranked.receipt_no, ranked.credit_code
