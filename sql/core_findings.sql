-- Grain: finding_no
-- 含义：审核问题每个一行：位置、所填内容、应填内容、性质，所涉报送的状态，是否已更正或说明。
-- Sources: core_problems; comparisons with a submission that was not accepted are left out. Closed:
--  the agency sent a later version (an accepted one stays open until a later one is accepted), or
--  the file came anew (a register, sample or ledger of the month, or a file of the same name).
--  Explained: 审核意见 sheets of returned workbooks, by finding_id, in a file of the same form and
--  period that has the agency; and who reviewed the version took the explanation
--  (说明采纳). Rows of lists with a mandatory finding are left out (excluded).
with problems as (
    select * from core_problems
    union all
    select * from core_correction_problems
    union all
    select * from core_review_problems
),

settled as (
    select
        reviewed_receipt_no,
        credit_code,
        receipt_no,
        concat('审核采纳说明：', reason) as explanation,
        row_number() over (
            partition by reviewed_receipt_no, credit_code
            order by receipt_no desc
        ) as recency
    from core_review_decisions
    where decision = 'explained' and decision_state = 'effective'
),

versions as (
    select * from core_versions
),

files as (
    select * from stg_files
),

explanations as (
    select * from stg_explanations
),

accepted as (
    select
        credit_code,
        receipt_no
    from versions
    where submission_state = 'accepted'
),

next_versions as (
    select
        receipt_no,
        credit_code,
        lead(receipt_no) over (
            partition by form_code, period, credit_code
            order by receipt_no
        ) as next_receipt_no
    from versions
),

-- Nobody explains what another agency sent.
own_explanations as (
    select
        problems.finding_no,
        explanations.receipt_no,
        explanations.explanation,
        row_number() over (
            partition by problems.finding_no
            order by explanations.receipt_no desc
        ) as recency
    from problems
    inner join explanations on problems.finding_id = explanations.finding_id
    inner join files on explanations.receipt_no = files.receipt_no
    left join versions as explained
        on
            problems.receipt_no = explained.receipt_no
            and problems.credit_code = explained.credit_code
    left join versions as explaining
        on
            explanations.receipt_no = explaining.receipt_no
            and problems.credit_code = explaining.credit_code
    where
        problems.severity = 'review'
        and problems.folder = files.folder
        and coalesce(problems.period, '') = coalesce(files.period, '')
        and (explained.receipt_no is null or explaining.receipt_no is not null)
),

described as (
    select
        problems.*,
        case
            when problems.scope = 'file' and problems.severity = 'mandatory' then 'refused'
            when versions.submission_state is not null then versions.submission_state
            when problems.severity = 'mandatory' then 'excluded'
            else 'accepted'
        end as submission_state,
        case
            when versions.submission_state is null then files.later_receipt_no
            when versions.submission_state <> 'accepted' then next_versions.next_receipt_no
        end as closing_receipt_no,
        case
            when own_explanations.explanation is not null and settled.explanation is not null
                then concat(own_explanations.explanation, '；', settled.explanation)
            else coalesce(own_explanations.explanation, settled.explanation)
        end as explanation,
        coalesce(settled.receipt_no, own_explanations.receipt_no) as explanation_receipt_no
    from problems
    left join versions
        on
            problems.receipt_no = versions.receipt_no
            and problems.credit_code = versions.credit_code
    left join next_versions
        on
            problems.receipt_no = next_versions.receipt_no
            and problems.credit_code = next_versions.credit_code
    left join files on problems.receipt_no = files.receipt_no
    left join own_explanations
        on
            problems.finding_no = own_explanations.finding_no
            and own_explanations.recency = 1
    left join settled
        on
            problems.receipt_no = settled.reviewed_receipt_no
            and problems.credit_code = settled.credit_code
            and problems.severity = 'review'
            and settled.recency = 1
    left join accepted as compared
        on
            problems.compared_receipt_no = compared.receipt_no
            and problems.credit_code = compared.credit_code
    where problems.compared_receipt_no is null or compared.receipt_no is not null
)

select
    finding_no,
    finding_id,
    receipt_no,
    folder,
    form_code,
    period,
    file_name,
    reporting_unit_code,
    scope,
    credit_code,
    unit_row,
    field_code,
    indicator_code,
    measure_code,
    sheet_name,
    cell_address,
    raw_text,
    related_cells,
    rule_code,
    severity,
    expected,
    message,
    submission_state,
    case
        when closing_receipt_no is not null then 'closed'
        when explanation is not null then 'explained'
        else 'open'
    end as state,
    explanation,
    explanation_receipt_no,
    closing_receipt_no
from described
order by finding_no
