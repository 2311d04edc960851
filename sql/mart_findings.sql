-- Grain: finding_no
-- 含义：审核问题清单：每个问题一行，写明文件、工作表、单元格、所填内容和处理办法。
-- Sources: core_findings; what became of the submission: core_versions. Rows of lists with a
--  mandatory finding are left out (excluded).
with findings as (
    select * from core_findings
),

versions as (
    select * from core_versions
),

forms as (
    select
        form_code,
        max(form_name) as form_name
    from ref_forms
    group by form_code
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

release as (
    select * from ref_release
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
),

-- An agency that was refused is through with it once a later version was accepted.
corrections as (
    select
        form_code,
        period,
        credit_code,
        receipt_no
    from versions
    where state = 'accepted'
),

described as (
    select
        findings.*,
        agencies.agency_name,
        coalesce(agencies.reporting_unit_code, findings.reporting_unit_code) as unit_code,
        case
            when findings.severity = 'mandatory' and corrections.credit_code is not null
                then 'corrected'
            when findings.scope = 'file' and findings.severity = 'mandatory' then 'refused'
            when versions.state is not null then versions.state
            when findings.severity = 'mandatory' then 'excluded'
            else 'accepted'
        end as submission_state
    from findings
    left join agencies
        on
            findings.receipt_no = agencies.receipt_no
            and findings.credit_code = agencies.credit_code
    left join versions
        on
            findings.receipt_no = versions.receipt_no
            and findings.credit_code = versions.credit_code
    left join corrections
        on
            findings.form_code = corrections.form_code
            and findings.period = corrections.period
            and findings.credit_code = corrections.credit_code
            and findings.receipt_no < corrections.receipt_no
)

select
    release.release_id,
    described.finding_no,
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
    described.raw_text,
    described.expected,
    described.rule_code,
    described.severity,
    described.message,
    described.submission_state
from described
left join forms on described.form_code = forms.form_code
left join reporting_units on described.unit_code = reporting_units.reporting_unit_code
cross join release
order by described.finding_no
