-- Grain: receipt_no
-- 含义：每份收到的文件一行：采用、被替代、退回还是隔离，为什么，其中采用、被替代、退回、逾期的机构各多少家。
-- Sources: a report is accepted if one agency's submission is, or will be in the next vintage
--  (core_versions), superseded if none is and one was; a list is accepted while no later one took
--  its place (stg_files) and a row of it was read; a review while any of its decisions stands,
--  refused if none ever did. Quarantined files could not be opened.
with files as (
    select * from stg_files
),

outcomes as (
    select * from raw_files
),

versions as (
    select * from core_versions
),

problems as (
    select
        finding_no,
        receipt_no,
        scope,
        message
    from core_problems
    where severity = 'mandatory'
    union all
    select
        finding_no,
        receipt_no,
        scope,
        message
    from core_review_problems
),

-- Decisions of a review stand until they are changed, each for itself.
reviews as (
    select
        receipt_no,
        case
            when max(case when decision_state = 'effective' then 1 else 0 end) = 1 then 'accepted'
            when max(case when decision_state = 'superseded' then 1 else 0 end) = 1
                then 'superseded'
            else 'refused'
        end as file_state,
        min(decision_note) as decision_note
    from core_review_decisions
    group by receipt_no
),

filled_lists as (
    select distinct receipt_no
    from raw_values
    where unit_row > 0
),

first_problems as (
    select
        receipt_no,
        message,
        row_number() over (
            partition by receipt_no
            order by case when scope = 'file' then 0 else 1 end, finding_no
        ) as problem_order
    from problems
),

counts as (
    select
        receipt_no,
        count(*) as version_count,
        sum(case when submission_state = 'accepted' then 1 else 0 end) as accepted_count,
        sum(case when submission_state = 'superseded' then 1 else 0 end) as superseded_count,
        sum(case when submission_state = 'refused' then 1 else 0 end) as refused_count,
        sum(case when submission_state = 'late' then 1 else 0 end) as late_count,
        min(case when submission_state = 'late' then version_note end) as late_note,
        count(
            distinct case when submission_state = 'superseded' then accepted_receipt_no end
        ) as successor_count,
        max(
            case when submission_state = 'superseded' then accepted_receipt_no end
        ) as last_successor_no
    from versions
    group by receipt_no
),

judged as (
    select
        files.receipt_no,
        files.folder in ('reports', 'annual') as is_report,
        files.folder = 'review' as is_review,
        coalesce(counts.accepted_count, 0) as accepted_count,
        coalesce(counts.superseded_count, 0) as superseded_count,
        coalesce(counts.refused_count, 0) as refused_count,
        coalesce(counts.late_count, 0) as late_count,
        counts.late_note,
        coalesce(counts.late_count = counts.version_count, false) as is_all_late,
        coalesce(counts.successor_count, 1) as successor_count,
        coalesce(counts.last_successor_no, files.later_receipt_no) as successor_no,
        reviews.decision_note,
        case
            when outcomes.outcome = 'quarantined' then 'quarantined'
            when not files.is_read then 'refused'
            when counts.accepted_count > 0 or counts.late_count > 0 then 'accepted'
            when counts.superseded_count > 0 then 'superseded'
            when files.folder = 'review' then coalesce(reviews.file_state, 'refused')
            when files.folder in ('reports', 'annual') or filled_lists.receipt_no is null
                then 'refused'
            when files.later_receipt_no is not null then 'superseded'
            else 'accepted'
        end as file_state
    from files
    inner join outcomes on files.receipt_no = outcomes.receipt_no
    left join counts on files.receipt_no = counts.receipt_no
    left join reviews on files.receipt_no = reviews.receipt_no
    left join filled_lists on files.receipt_no = filled_lists.receipt_no
)

select
    judged.receipt_no,
    judged.file_state,
    case
        when judged.file_state = 'quarantined'
            then concat('隔离，没有打开：', coalesce(first_problems.message, '请重新报送。'))
        when judged.file_state = 'refused'
            then concat(
                '退回：',
                coalesce(
                    first_problems.message, judged.decision_note, '没有可用的内容，请重新报送。'
                )
            )
        when judged.file_state = 'superseded' and judged.is_review
            then '其中的审核意见都已撤回、被替代或不再适用。'
        when judged.file_state = 'superseded'
            then concat(
                '被第', successors.receipt_no, '号文件“', successors.file_name, '”',
                case
                    when judged.successor_count > 1
                        then concat('等', judged.successor_count, '份文件')
                    else ''
                end,
                '替代。'
            )
        when judged.is_all_late then judged.late_note
        when judged.is_report
            then concat(
                '采用', judged.accepted_count, '家',
                case
                    when judged.late_count > 0
                        then concat(
                            '，', judged.late_count, '家',
                            substr(judged.late_note, 1, length(judged.late_note) - 1)
                        )
                    else ''
                end,
                case
                    when judged.superseded_count > 0
                        then concat('，被替代', judged.superseded_count, '家')
                    else ''
                end,
                case
                    when judged.refused_count > 0
                        then concat('，退回', judged.refused_count, '家')
                    else ''
                end,
                '。'
            )
        else '现行有效。'
    end as state_note,
    cast(judged.accepted_count as integer) as accepted_agencies,
    cast(judged.superseded_count as integer) as superseded_agencies,
    cast(judged.refused_count as integer) as refused_agencies,
    cast(judged.late_count as integer) as late_agencies
from judged
left join files as successors on judged.successor_no = successors.receipt_no
left join first_problems
    on
        judged.receipt_no = first_problems.receipt_no
        and first_problems.problem_order = 1
order by judged.receipt_no
