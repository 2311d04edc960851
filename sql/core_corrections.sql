-- Grain: receipt_no, unit_row
-- 含义：更正表中每条更正一行：对照采用的报送，已更正、报送已改、不再适用、锁定后待计入，还是没有采用，为什么。
-- Sources: stg_corrections and the step (stg_correction_steps) at which each met the accepted
--  version. What is not applied says what stands there; a file that was replaced asks nothing.
with corrections as (
    select * from stg_corrections
),

versions as (
    select * from core_versions
    where submission_state = 'accepted'
),

cells as (
    select * from stg_values
),

steps as (
    select * from stg_correction_steps
),

indicators as (
    select * from ref_indicators
),

units as (
    select * from ref_units
),

measures as (
    select * from ref_classifications
    where classification_code = 'corrected_measures'
),

met as (
    select
        corrections.*,
        versions.receipt_no as corrected_receipt_no,
        cells.value_no,
        cells.value,
        steps.standing_value,
        steps.is_applied
    from corrections
    left join versions
        on
            corrections.form_code = versions.form_code
            and corrections.period = versions.period
            and corrections.credit_code = versions.credit_code
    left join cells
        on
            versions.receipt_no = cells.receipt_no
            and versions.credit_code = cells.credit_code
            and corrections.indicator_code = cells.indicator_code
            and corrections.measure_code = cells.measure_code
    left join steps
        on
            cells.receipt_no = steps.receipt_no
            and cells.value_no = steps.value_no
            and corrections.correction_no = steps.correction_no
),

judged as (
    select
        *,
        case
            when is_held then 'held'
            when not is_in_force then 'replaced'
            when indicator_code is null then 'unknown_indicator'
            when old_value is null or new_value is null then 'unit_mismatch'
            when corrected_receipt_no is null then 'no_report'
            when value_no is null then 'no_value'
            when is_applied then 'applied'
            when standing_value = new_value then 'already_reported'
            else 'stale'
        end as correction_state
    from met
)

select
    judged.receipt_no,
    judged.unit_row,
    judged.correction_no,
    judged.form_code,
    judged.period,
    judged.credit_code,
    judged.indicator_text,
    judged.indicator_code,
    judged.measure_code,
    judged.old_value,
    judged.new_value,
    judged.unit,
    judged.reason,
    judged.corrected_by,
    judged.corrected_date,
    judged.sheet_name,
    judged.cell_address,
    judged.old_text,
    judged.corrected_receipt_no,
    judged.correction_state,
    case judged.correction_state
        when 'held' then concat(judged.period, '已锁定，解锁后才计入')
        when 'unknown_indicator'
            then concat('指标“', judged.indicator_text, '”不是该报表唯一的指标名称，请照报表上的名称填写')
        when 'unit_mismatch'
            then concat('计量单位“', judged.printed_unit, '”与指标不符，或数大得不可能，请改正')
        when 'no_report'
            then concat(
                '没有采用', judged.credit_code, '在', judged.period,
                '的这种报表，请核对代码和报告期，或待报表采用后再更正'
            )
        when 'no_value'
            then concat(
                '采用的报表（第', judged.corrected_receipt_no, '号文件）没有填“',
                indicators.indicator_name, '”的', measures.item_name, '，请核对，应由机构重新报送'
            )
        when 'stale'
            then concat(
                '原数与现有的数不符：第', judged.corrected_receipt_no, '号文件中',
                indicators.indicator_name, '的', measures.item_name, '现为',
                coalesce(
                    regexp_replace(
                        cast(
                            cast(
                                cast(judged.standing_value as double) / cast(units.factor as double)
                                as decimal(24, 4)
                            ) as varchar
                        ),
                        '\.?0+$', ''
                    ),
                    '大得不可能的数'
                ),
                judged.printed_unit, '，请核对后改正原数，或删去本行'
            )
    end as correction_note
from judged
left join indicators on judged.indicator_code = indicators.indicator_code
left join units on judged.printed_unit = units.unit
left join measures on judged.measure_code = measures.item_code
order by judged.receipt_no, judged.unit_row
