-- Grain: receipt_no
-- 含义：收到的文件清单：每份一行，写明何时收到、谁报的、处于什么状态、为什么，各状态的机构数。
-- Sources: raw_files, core_file_states; the sender is the unit on the cover, or the only agency.
with files as (
    select * from stg_files
),

states as (
    select * from core_file_states
),

received as (
    select * from raw_files
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

submissions as (
    select
        receipt_no,
        credit_code,
        agency_name
    from stg_flash_submissions
    union all
    select
        receipt_no,
        credit_code,
        agency_name
    from stg_annual_submissions
),

senders as (
    select
        receipt_no,
        min(credit_code) as credit_code,
        min(agency_name) as agency_name
    from submissions
    group by receipt_no
    having count(*) = 1
),

release as (
    select * from ref_release
)

select
    release.release_id,
    files.receipt_no,
    files.period,
    files.folder,
    files.form_code,
    forms.form_name,
    files.file_name,
    received.file_path,
    files.reporting_unit_code,
    reporting_units.reporting_unit_name,
    senders.credit_code,
    senders.agency_name,
    files.first_seen_at,
    states.file_state,
    states.state_note,
    states.accepted_agencies,
    states.superseded_agencies,
    states.refused_agencies,
    states.late_agencies
from files
inner join states on files.receipt_no = states.receipt_no
inner join received on files.receipt_no = received.receipt_no
left join forms on files.form_code = forms.form_code
left join reporting_units on files.reporting_unit_code = reporting_units.reporting_unit_code
left join senders on files.receipt_no = senders.receipt_no
cross join release
order by files.receipt_no
