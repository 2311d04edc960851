-- Grain: receipt_no, unit_row
-- 含义：每条审核意见一行：何人、何时、在哪一级、对哪份报送、什么意见、为什么，有效、已被替代还是不予采用。
-- Sources: stg_reviews, judged by what stood when the workbook came: the version that counted then
--  (core_received_versions), who is reviewed (core_review_frame), what the other level had said,
--  whether a lock was on. Of one level's decisions on a version the last counts. The city reviews
--  what a district passed; who reports straight to the city has its review alone. Of an agency that
--  the register took out of scope after it was drawn nothing is left to be reviewed, and nobody is
--  to blame.
with reviews as (
    select * from stg_reviews
),

asked as (
    select * from core_review_frame
),

left_since as (
    select distinct
        registered.period,
        registered.credit_code
    from core_registered_agencies as registered
    inner join core_frame_sources as frame_sources on registered.period = frame_sources.period
    inner join stg_sample as sample
        on
            frame_sources.sample_receipt_no = sample.receipt_no
            and registered.credit_code = sample.credit_code
    left join asked
        on
            registered.period = asked.period
            and registered.credit_code = asked.credit_code
    where asked.credit_code is null
),

versions as (
    select * from core_received_versions
),

problems as (
    select * from core_problems
    where severity = 'review' and credit_code is not null
),

periods as (
    select * from core_periods
),

locks as (
    select * from stg_locks
),

cities as (
    select * from ref_areas
    where area_type = 'city'
),

reporting_units as (
    select * from ref_reporting_units
),

explainable as (
    select distinct
        problems.receipt_no,
        problems.credit_code
    from problems
    left join versions as compared
        on
            problems.compared_receipt_no = compared.receipt_no
            and problems.credit_code = compared.credit_code
            and compared.submission_state = 'accepted'
    where problems.compared_receipt_no is null or compared.receipt_no is not null
),

-- What came after the period's cut-off did not count when it was reviewed, unless it is reviewed.
counted as (
    select
        reviews.receipt_no,
        reviews.unit_row,
        max(versions.receipt_no) as counted_receipt_no
    from reviews
    inner join versions
        on
            reviews.period = versions.period
            and reviews.credit_code = versions.credit_code
            and reviews.receipt_no > versions.receipt_no
    left join periods on reviews.period = periods.period
    where
        versions.submission_state in ('accepted', 'superseded')
        and (
            coalesce(not periods.is_cut_off_applied, true)
            or cast(versions.first_seen_at as date) <= periods.cut_off_date
            or versions.receipt_no = reviews.reviewed_receipt_no
        )
    group by reviews.receipt_no, reviews.unit_row
),

described as (
    select
        reviews.*,
        asked.reporting_unit_code as own_unit_code,
        own_units.reporting_unit_name as own_unit_name,
        coalesce(reviewing_cities.area_code is not null, false) as is_of_city,
        coalesce(own_cities.area_code is not null, false) as is_direct,
        left_since.credit_code is not null as is_out_of_scope,
        locks.locked_at,
        counted.counted_receipt_no,
        explainable.credit_code is not null as is_explainable
    from reviews
    left join asked
        on
            reviews.period = asked.period
            and reviews.credit_code = asked.credit_code
    left join left_since
        on
            reviews.period = left_since.period
            and reviews.credit_code = left_since.credit_code
    left join reporting_units as own_units
        on asked.reporting_unit_code = own_units.reporting_unit_code
    left join cities as reviewing_cities on reviews.reporting_unit_code = reviewing_cities.area_code
    left join cities as own_cities on asked.reporting_unit_code = own_cities.area_code
    left join locks on reviews.period = locks.period
    left join counted
        on
            reviews.receipt_no = counted.receipt_no
            and reviews.unit_row = counted.unit_row
    left join explainable
        on
            counted.counted_receipt_no = explainable.receipt_no
            and reviews.credit_code = explainable.credit_code
),

examined as (
    select
        *,
        case
            when decision is null
                then concat('审核意见“', decision_text, '”不是通过、退回、说明采纳、撤回之一，请从中选填')
            when is_out_of_scope then null
            when own_unit_code is null
                then concat(
                    credit_code, '不在', period,
                    case when length(period) = 4 then '年报的应报机构' else '的样本' end,
                    '中，请核对代码'
                )
            when review_level = 'city' and not is_of_city
                then '市级复审由市里审核，报送单位应填全市的名称，区县请选“区县初审”'
            when review_level = 'district' and is_of_city
                then '市级直报的机构没有区县初审，请选“市级复审”'
            when review_level = 'district' and own_unit_code <> reporting_unit_code
                then concat('该机构由', own_unit_name, '报送，不由本单位审核，请删去本行的意见')
            when first_seen_at > locked_at
                then concat(period, '已锁定，请在解锁后再审核')
            when counted_receipt_no is null
                then '本期还没有可采用的报送，无从审核，请在报来后用新的审核表审核'
            when reviewed_receipt_no is null
                then concat('没有填受理号，现在采用的是第', counted_receipt_no, '号文件，请用新的审核表审核')
            when reviewed_receipt_no <> counted_receipt_no
                then concat(
                    '所审的第', reviewed_receipt_no, '号文件已不是采用的报送，现在采用的是第',
                    counted_receipt_no, '号文件，请用新的审核表重新审核'
                )
            when decision in ('returned', 'explained') and reason is null
                then concat(decision_text, '没有写理由，请补填理由')
            when decision = 'explained' and not is_explainable
                then '该机构的报送没有核实性问题，没有可采纳的说明，请填通过或退回'
        end as fault
    from described
),

-- What each level had decided of the same version before this row came. Of files that came together
-- the districts' go before the city's, whatever they are called.
before as (
    select
        later.receipt_no,
        later.unit_row,
        earlier.review_level,
        earlier.decision,
        row_number() over (
            partition by later.receipt_no, later.unit_row, earlier.review_level
            order by earlier.receipt_no desc
        ) as recency
    from examined as later
    inner join examined as earlier
        on
            later.period = earlier.period
            and later.credit_code = earlier.credit_code
            and later.reviewed_receipt_no = earlier.reviewed_receipt_no
            and case
                when
                    later.first_seen_at = earlier.first_seen_at
                    and later.review_level <> earlier.review_level
                    then later.review_level = 'city'
                else later.receipt_no > earlier.receipt_no
            end
    where later.fault is null and earlier.fault is null
),

judged as (
    select
        examined.*,
        case
            when examined.fault is not null then examined.fault
            when examined.is_out_of_scope then null
            when
                examined.decision = 'withdrawn'
                and coalesce(own_level.decision, 'withdrawn') = 'withdrawn'
                then '本级没有可撤回的审核意见，请删去本行的意见'
            when
                examined.review_level = 'city'
                and examined.decision <> 'withdrawn'
                and not examined.is_direct
                and coalesce(district_level.decision, '-') not in ('passed', 'explained')
                then concat(examined.own_unit_name, '还没有初审通过，市级不能复审，请先由区县初审')
        end as refusal
    from examined
    left join before as own_level
        on
            examined.receipt_no = own_level.receipt_no
            and examined.unit_row = own_level.unit_row
            and examined.review_level = own_level.review_level
            and own_level.recency = 1
    left join before as district_level
        on
            examined.receipt_no = district_level.receipt_no
            and examined.unit_row = district_level.unit_row
            and district_level.review_level = 'district'
            and district_level.recency = 1
),

succeeded as (
    select
        *,
        lead(receipt_no) over (
            partition by period, credit_code, review_level, reviewed_receipt_no, refusal is null
            order by receipt_no
        ) as next_receipt_no,
        lead(decision) over (
            partition by period, credit_code, review_level, reviewed_receipt_no, refusal is null
            order by receipt_no
        ) as next_decision
    from judged
)

select
    succeeded.receipt_no,
    succeeded.unit_row,
    succeeded.first_seen_at,
    succeeded.period,
    succeeded.reporting_unit_code,
    succeeded.review_level,
    succeeded.reviewer,
    succeeded.review_date,
    succeeded.credit_code,
    succeeded.reviewed_receipt_no,
    succeeded.decision_text,
    succeeded.decision,
    succeeded.reason,
    succeeded.sheet_name,
    succeeded.cell_address,
    case
        when succeeded.refusal is not null then 'refused'
        when succeeded.is_out_of_scope or succeeded.next_receipt_no is not null then 'superseded'
        -- A returned version stays returned, whatever the agency sends after it.
        when succeeded.decision = 'returned' then 'effective'
        when versions.submission_state = 'accepted' then 'effective'
        else 'superseded'
    end as decision_state,
    case
        when succeeded.refusal is not null then concat('不予采用：', succeeded.refusal, '。')
        when succeeded.is_out_of_scope then '该机构期末已不在范围内，不需要审核。'
        when succeeded.next_decision = 'withdrawn'
            then concat('已由第', succeeded.next_receipt_no, '号文件撤回。')
        when succeeded.next_receipt_no is not null
            then concat('被第', succeeded.next_receipt_no, '号文件中的审核意见替代。')
        when succeeded.decision <> 'returned' and versions.submission_state <> 'accepted'
            then '所审的报送已不再采用，须重新审核。'
    end as decision_note
from succeeded
left join versions
    on
        succeeded.reviewed_receipt_no = versions.receipt_no
        and succeeded.credit_code = versions.credit_code
order by succeeded.receipt_no, succeeded.unit_row
