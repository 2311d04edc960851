-- Grain: receipt_no, credit_code
-- 含义：每家机构每次报送一行，人工审核之前：是第几个版本，可采用、被替代、逾期还是退回，为什么。
-- Sources: of the versions neither refused nor held back the one received last is accepted, whoever
--  sent it; a refused one displaces nothing. Refused: the file, or a mandatory finding on the
--  agency. Held back: what came after the cut-off of the newest period, whatever period it is of,
--  until the next period's first report; and what came after its period was locked. The cut-off
--  holds back no correction of what is accepted (stg_corrections): only the lock does.
with flash_submissions as (
    select * from stg_flash_submissions
),

annual_submissions as (
    select * from stg_annual_submissions
),

files as (
    select * from stg_files
),

problems as (
    select * from core_problems
    where scope in ('agency', 'file') and severity = 'mandatory'
),

periods as (
    select * from core_periods
),

newest as (
    select max(period) as period from periods
),

-- No row where the newest period was loaded after its cut-off: then nothing is late.
cut_off as (
    select periods.cut_off_date
    from periods
    inner join newest on periods.period = newest.period
    where periods.is_cut_off_applied
),

locks as (
    select * from stg_locks
),

submissions as (
    select
        'flash_report' as form_code,
        period,
        credit_code,
        receipt_no,
        first_seen_at,
        is_read
    from flash_submissions
    union all
    select
        'annual_return' as form_code,
        period,
        credit_code,
        receipt_no,
        first_seen_at,
        is_read
    from annual_submissions
),

first_problems as (
    select
        receipt_no,
        scope,
        credit_code,
        message,
        row_number() over (
            partition by receipt_no, scope, case when scope = 'agency' then credit_code end
            order by finding_no
        ) as problem_order
    from problems
),

refused_agencies as (
    select * from first_problems
    where scope = 'agency' and problem_order = 1
),

refused_files as (
    select * from first_problems
    where scope = 'file' and problem_order = 1
),

judged as (
    select
        submissions.*,
        not submissions.is_read or refused_agencies.receipt_no is not null as is_refused,
        coalesce(refused_files.message, refused_agencies.message) as refusal,
        case
            when submissions.first_seen_at > locks.locked_at then 'lock'
            when cast(submissions.first_seen_at as date) > cut_off.cut_off_date then 'cut_off'
        end as held_by,
        locks.period is not null as is_locked
    from submissions
    left join locks on submissions.period = locks.period
    left join cut_off on submissions.form_code = 'flash_report'
    left join refused_agencies
        on
            submissions.receipt_no = refused_agencies.receipt_no
            and submissions.credit_code = refused_agencies.credit_code
    left join refused_files
        on
            submissions.receipt_no = refused_files.receipt_no
            and not submissions.is_read
),

numbered as (
    select
        *,
        row_number() over (
            partition by form_code, period, credit_code
            order by receipt_no
        ) as version_no,
        max(case when not is_refused and held_by is null then receipt_no end) over (
            partition by form_code, period, credit_code
        ) as accepted_receipt_no
    from judged
)

select
    numbered.receipt_no,
    numbered.credit_code,
    numbered.form_code,
    numbered.period,
    cast(numbered.version_no as integer) as version_no,
    case
        when numbered.is_refused then 'refused'
        when numbered.held_by is not null then 'late'
        when numbered.receipt_no = numbered.accepted_receipt_no then 'accepted'
        else 'superseded'
    end as submission_state,
    numbered.accepted_receipt_no,
    case
        when numbered.is_refused then concat('退回：', coalesce(numbered.refusal, '整份文件退回。'))
        when numbered.held_by = 'lock' then '已锁定，解锁后才计入。'
        when
            numbered.held_by = 'cut_off'
            and numbered.accepted_receipt_no is not null
            and not numbered.is_locked
            then '逾期，计入下一版次；锁定前要更正已采用的数，请用更正表。'
        when numbered.held_by = 'cut_off' then '逾期，计入下一版次。'
        when numbered.receipt_no <> numbered.accepted_receipt_no
            then concat('被第', accepted.receipt_no, '号文件“', accepted.file_name, '”替代。')
    end as version_note,
    numbered.first_seen_at,
    periods.is_cut_off_applied
    and cast(numbered.first_seen_at as date) > periods.due_date as is_late
from numbered
left join files as accepted on numbered.accepted_receipt_no = accepted.receipt_no
left join periods
    on
        numbered.period = periods.period
        and numbered.form_code = 'flash_report'
order by numbered.receipt_no, numbered.credit_code
