-- Grain: receipt_no, value_no, compared_receipt_no
-- 含义：主要指标与等长的上一期（没有的与上年同期，年报与上年年报）之比，每个数值每个对照一行：
--  效应值、同组的上下限和通常的比值范围，超出上下限的差额（edit_ 开头）。
-- Sources: Hidiroglou & Berthelot 1986, Survey Methodology 12: 73–83; estimation.md §2 row 2.
--  r = y_t/y_t−1, M = median of r; s = r/M − 1 if r ≥ M, else 1 − M/r; E = s·max(y_t, y_t−1)^U;
--  bounds E_M ∓ C·max(E_M − Q1 (Q3 − E_M), |A·E_M|). Groups: form, period, indicator, measure and
--  institution_group; size needs no groups of its own, since U sees to it. An agency of the
--  register counts once, with its last versions. A side of the median on which nobody differs takes
--  the other side's spread; without any, nobody is judged. Zeros have no ratio: core_first_zeros.
with flash_submissions as (
    select * from stg_flash_submissions
    where is_read
),

annual_submissions as (
    select * from stg_annual_submissions
    where is_read
),

periods as (
    select * from core_periods
),

frame_sources as (
    select * from core_frame_sources
),

register as (
    select * from stg_register
),

settings as (
    select * from ref_settings
),

cells as (
    select * from stg_values
    where
        indicator_code in (
            'revenue_booked', 'people_served', 'placements', 'employers_served', 'staff'
        )
        and value > 0
),

submissions as (
    select
        receipt_no,
        credit_code,
        'flash_report' as form_code,
        period
    from flash_submissions
    union all
    select
        receipt_no,
        credit_code,
        'annual_return' as form_code,
        period
    from annual_submissions
),

latest as (
    select
        form_code,
        period,
        credit_code,
        max(receipt_no) as receipt_no
    from submissions
    group by form_code, period, credit_code
),

groups as (
    select
        frame_sources.period,
        register.credit_code,
        max(register.institution_group) as institution_group
    from frame_sources
    inner join register on frame_sources.register_receipt_no = register.receipt_no
    group by frame_sources.period, register.credit_code
),

figures as (
    select
        cells.receipt_no,
        cells.value_no,
        cells.credit_code,
        submissions.form_code,
        submissions.period,
        cells.indicator_code,
        cells.measure_code,
        cells.value,
        cells.unit,
        latest.receipt_no is not null as is_latest
    from cells
    inner join submissions
        on
            cells.receipt_no = submissions.receipt_no
            and cells.credit_code = submissions.credit_code
    left join latest
        on
            submissions.form_code = latest.form_code
            and submissions.receipt_no = latest.receipt_no
            and submissions.credit_code = latest.credit_code
),

-- Only a month can be held against a month: 1—2月 are twice as long.
equal_periods as (
    select
        'flash_report' as form_code,
        this_period.period,
        previous.period as compared_period
    from periods as this_period
    inner join periods as previous on this_period.previous_period = previous.period
    where this_period.period_type = previous.period_type
    union all
    select distinct
        'annual_return' as form_code,
        period,
        cast(cast(period as integer) - 1 as varchar) as compared_period
    from annual_submissions
),

pairs as (
    select
        figures.*,
        earlier.receipt_no as compared_receipt_no,
        case figures.form_code when 'annual_return' then '上年年报' else '上期' end
            as compared_words,
        earlier.value as compared_value,
        figures.is_latest and earlier.is_latest as is_counted
    from figures
    inner join equal_periods
        on
            figures.form_code = equal_periods.form_code
            and figures.period = equal_periods.period
    inner join figures as earlier
        on
            figures.form_code = earlier.form_code
            and figures.credit_code = earlier.credit_code
            and figures.indicator_code = earlier.indicator_code
            and figures.measure_code = earlier.measure_code
            and equal_periods.compared_period = earlier.period
    where figures.measure_code in ('month', 'annual')
    union all
    select
        figures.*,
        0 as compared_receipt_no,
        '上年同期' as compared_words,
        last_year.value as compared_value,
        figures.is_latest as is_counted
    from figures
    inner join figures as last_year
        on
            figures.receipt_no = last_year.receipt_no
            and figures.credit_code = last_year.credit_code
            and figures.indicator_code = last_year.indicator_code
    left join equal_periods
        on
            figures.form_code = equal_periods.form_code
            and figures.period = equal_periods.period
    where
        figures.measure_code = 'ytd'
        and last_year.measure_code = 'ytd_last_year'
        and equal_periods.period is null
),

ratios as (
    select
        pairs.*,
        groups.institution_group,
        cast(pairs.value as double) / cast(pairs.compared_value as double) as ratio,
        power(
            cast(greatest(pairs.value, pairs.compared_value) as double),
            settings.ratio_size_exponent
        ) as size_factor
    from pairs
    inner join groups
        on
            pairs.period = groups.period
            and pairs.credit_code = groups.credit_code
    cross join settings
),

medians as (
    select
        form_code,
        period,
        indicator_code,
        measure_code,
        institution_group,
        count(*) as pair_count,
        quantile_cont(ratio, 0.5) as median_ratio
    from ratios
    where is_counted
    group by form_code, period, indicator_code, measure_code, institution_group
),

effects as (
    select
        ratios.*,
        medians.pair_count,
        medians.median_ratio,
        ratios.size_factor * case
            when ratios.ratio >= medians.median_ratio then ratios.ratio / medians.median_ratio - 1
            else 1 - medians.median_ratio / ratios.ratio
        end as effect
    from ratios
    inner join medians
        on
            ratios.form_code = medians.form_code
            and ratios.period = medians.period
            and ratios.indicator_code = medians.indicator_code
            and ratios.measure_code = medians.measure_code
            and ratios.institution_group = medians.institution_group
),

ranked as (
    select
        *,
        row_number() over (
            partition by form_code, period, indicator_code, measure_code, institution_group
            order by effect
        ) as effect_rank
    from effects
    where is_counted
),

-- A quantile that is a setting: between two neighbours in rank, each counts by its nearness.
quantiles as (
    select
        ranked.form_code,
        ranked.period,
        ranked.indicator_code,
        ranked.measure_code,
        ranked.institution_group,
        quantile_cont(ranked.effect, 0.5) as median_effect,
        sum(
            ranked.effect * greatest(
                1 - abs(
                    ranked.effect_rank - 1
                    - (ranked.pair_count - 1) * settings.ratio_tail_pct / 100
                ),
                0
            )
        ) as low_effect,
        sum(
            ranked.effect * greatest(
                1 - abs(
                    ranked.effect_rank - 1
                    - (ranked.pair_count - 1) * (1 - settings.ratio_tail_pct / 100)
                ),
                0
            )
        ) as high_effect
    from ranked
    cross join settings
    group by
        ranked.form_code,
        ranked.period,
        ranked.indicator_code,
        ranked.measure_code,
        ranked.institution_group
),

spreads as (
    select
        quantiles.form_code,
        quantiles.period,
        quantiles.indicator_code,
        quantiles.measure_code,
        quantiles.institution_group,
        quantiles.median_effect,
        nullif(
            greatest(
                quantiles.median_effect - quantiles.low_effect,
                abs(settings.ratio_least_spread * quantiles.median_effect)
            ),
            0
        ) as low_spread,
        nullif(
            greatest(
                quantiles.high_effect - quantiles.median_effect,
                abs(settings.ratio_least_spread * quantiles.median_effect)
            ),
            0
        ) as high_spread
    from quantiles
    cross join settings
),

judged as (
    select
        effects.*,
        spreads.median_effect
        - settings.ratio_multiple * coalesce(spreads.low_spread, spreads.high_spread)
            as effect_low,
        spreads.median_effect
        + settings.ratio_multiple * coalesce(spreads.high_spread, spreads.low_spread)
            as effect_high
    from effects
    cross join settings
    left join spreads
        on
            effects.form_code = spreads.form_code
            and effects.period = spreads.period
            and effects.indicator_code = spreads.indicator_code
            and effects.measure_code = spreads.measure_code
            and effects.institution_group = spreads.institution_group
            and effects.pair_count >= settings.ratio_minimum_pairs
),

shares as (
    select
        *,
        effect_low / size_factor as low_share,
        effect_high / size_factor as high_share
    from judged
)

select
    receipt_no,
    value_no,
    compared_receipt_no,
    credit_code,
    form_code,
    period,
    indicator_code,
    measure_code,
    institution_group,
    value,
    unit,
    compared_words,
    compared_value,
    cast(pair_count as integer) as pair_count,
    ratio,
    median_ratio,
    -- The effect's bounds turned back into ratios, for an agency of this size.
    case
        when low_share < 0 then median_ratio / (1 - low_share)
        else median_ratio * (1 + low_share)
    end as ratio_low,
    case
        when high_share < 0 then median_ratio / (1 - high_share)
        else median_ratio * (1 + high_share)
    end as ratio_high,
    effect,
    effect_low,
    effect_high,
    case
        when effect < effect_low then effect - effect_low
        when effect > effect_high then effect - effect_high
        when effect_low is not null then 0
    end as edit_a15_ratio
from shares
order by receipt_no, value_no, compared_receipt_no
