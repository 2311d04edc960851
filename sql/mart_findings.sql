-- Grain: finding_no
-- 含义：审核问题清单：每个问题一行，写明文件、工作表、单元格、所填内容、处理办法、是否已更正或说明。
-- Sources: core_findings with the names of agencies, reporting units, forms and rules, and how far
--  the review of the agency's flash report or annual return is (core_review_states). score_rank is
--  the order of work on a period's open findings: those of priority first, by score; mandatory ones
--  without a score, such as a refused file, stand behind those that have one.
with findings as (
    select * from core_findings
),

forms as (
    select
        form_code,
        max(form_name) as form_name
    from ref_forms
    group by form_code
),

rules as (
    select * from ref_rules
),

reporting_units as (
    select * from ref_reporting_units
),

flash_submissions as (
    select * from stg_flash_submissions
),

annual_submissions as (
    select * from stg_annual_submissions
),

register as (
    select * from stg_register
),

sample as (
    select * from stg_sample
),

release as (
    select * from ref_release
),

scores as (
    select * from core_finding_scores
),

reviews as (
    select * from core_review_states
),

agencies as (
    select
        receipt_no,
        credit_code,
        agency_name,
        reporting_unit_code
    from flash_submissions
    union all
    select
        receipt_no,
        credit_code,
        agency_name,
        reporting_unit_code
    from annual_submissions
    union all
    select
        receipt_no,
        credit_code,
        max(agency_name) as agency_name,
        max(reporting_unit_code) as reporting_unit_code
    from register
    group by receipt_no, credit_code
    union all
    select
        receipt_no,
        credit_code,
        agency_name,
        reporting_unit_code
    from sample
),

-- Of an agency that a file does not name, what the last register that has it says.
registered as (
    select
        credit_code,
        agency_name,
        reporting_unit_code,
        row_number() over (
            partition by credit_code
            order by receipt_no desc, unit_row
        ) as recency
    from register
),

described as (
    select
        findings.*,
        coalesce(agencies.agency_name, registered.agency_name) as agency_name,
        coalesce(
            agencies.reporting_unit_code,
            findings.reporting_unit_code,
            registered.reporting_unit_code
        ) as unit_code
    from findings
    left join agencies
        on
            findings.receipt_no = agencies.receipt_no
            and findings.credit_code = agencies.credit_code
    left join registered
        on
            findings.credit_code = registered.credit_code
            and registered.recency = 1
)

select
    release.release_id,
    described.finding_no,
    described.finding_id,
    described.receipt_no,
    described.period,
    described.folder,
    described.form_code,
    forms.form_name,
    described.file_name,
    described.unit_code as reporting_unit_code,
    reporting_units.reporting_unit_name,
    described.credit_code,
    described.agency_name,
    described.scope,
    described.sheet_name,
    described.cell_address,
    described.related_cells,
    described.raw_text,
    described.expected,
    described.rule_code,
    rules.rule_name,
    rules.audit_id,
    described.severity,
    described.message,
    described.submission_state,
    described.state,
    described.explanation,
    case
        when described.folder in ('reports', 'annual') then reviews.review_label
    end as review_label,
    scores.score,
    case
        when described.state = 'open'
            then cast(
                row_number() over (
                    partition by described.period, described.state
                    order by
                        scores.is_priority desc,
                        scores.score desc nulls last,
                        described.severity,
                        described.finding_no
                ) as integer
            )
    end as score_rank,
    coalesce(scores.is_priority, false) as is_priority
from described
left join scores on described.finding_no = scores.finding_no
left join reviews
    on
        described.period = reviews.period
        and described.credit_code = reviews.credit_code
left join forms on described.form_code = forms.form_code
left join rules on described.rule_code = rules.rule_code
left join reporting_units on described.unit_code = reporting_units.reporting_unit_code
cross join release
order by described.finding_no
