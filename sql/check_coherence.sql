-- Grain: relation_code, period, figure_code, measure_code
-- 含义：平衡核对表：每个平衡关系、时期、指标、口径一行，列出总数、分项之和与相对差额；仅供发布前核对，不公布。
-- Sources: domain.md §1.5, A17 (city = Σ areas, total = Σ units), A13 (累计 = 上期累计 + 本月), A09
--  (formulas), A10, A05, A04, A02 (parts of an indicator).
--  Estimates are compared before the publish gate, since withheld parts cannot be added; domains by
--  zero extension add up to the city exactly. Published parts are added where none is withheld.
with direct_estimates as (
    select * from core_direct_estimates
),

month_estimates as (
    select * from core_month_estimates
),

institutions as (
    select * from core_institutions
),

annual_totals as (
    select * from core_annual_totals
),

periods as (
    select * from core_periods
),

indicators as (
    select * from ref_indicators
),

formulas as (
    select * from ref_indicator_formulas
),

response as (
    select * from mart_response
),

city_figures as (
    select * from mart_industry_monthly
),

area_figures as (
    select * from mart_district_monthly
),

line_figures as (
    select * from mart_business_type_monthly
),

type_figures as (
    select * from mart_institution_type_monthly
),

quality as (
    select * from mart_quality
),

annual_response as (
    select * from mart_annual_response
),

-- The city and its domains.
domain_figures as (
    select
        period,
        domain_type,
        indicator_code as figure_code,
        measure_code,
        value
    from direct_estimates
    union all
    select
        period,
        domain_type,
        indicator_code as figure_code,
        'month' as measure_code,
        value
    from month_estimates
    union all
    select
        period,
        domain_type,
        'institution_count' as figure_code,
        'end' as measure_code,
        institution_count as value
    from institutions
    union all
    select
        period,
        domain_type,
        'sampled_count' as figure_code,
        'end' as measure_code,
        sampled_count as value
    from institutions
),

domain_totals as (
    select
        period,
        domain_type,
        figure_code,
        measure_code,
        sum(value) as value
    from domain_figures
    group by period, domain_type, figure_code, measure_code
),

city_domains as (
    select
        concat('city_', parts.domain_type) as relation_code,
        parts.period,
        parts.figure_code,
        parts.measure_code,
        cities.value as total_value,
        parts.value as parts_value
    from domain_totals as parts
    left join domain_totals as cities
        on
            parts.period = cities.period
            and parts.figure_code = cities.figure_code
            and parts.measure_code = cities.measure_code
            and cities.domain_type = 'city'
    where parts.domain_type <> 'city'
),

-- Indicators of the city and their parts.
totals as (
    select
        period,
        indicator_code,
        measure_code,
        value
    from direct_estimates
    where domain_type = 'city'
    union all
    select
        year as period,
        indicator_code,
        'annual' as measure_code,
        -- Wholes and parts are estimated each from its own census: only what was reported adds up.
        cast(reported_value as double) as value
    from annual_totals
),

terms as (
    select
        concat('formula_', indicator_code) as relation_code,
        indicator_code as figure_code,
        term_code,
        coefficient
    from formulas
    union all
    select
        concat('parts_', part_of_code) as relation_code,
        part_of_code as figure_code,
        indicator_code as term_code,
        1 as coefficient
    from indicators
    where
        business_line_code is not null
        or part_of_code in ('employers_served', 'registered_seekers')
        or indicator_code in ('staff_secondary', 'staff_college', 'staff_graduate')
),

term_counts as (
    select
        relation_code,
        count(*) as term_count
    from terms
    group by relation_code
),

indicator_parts as (
    select
        terms.relation_code,
        parts.period,
        terms.figure_code,
        parts.measure_code,
        sum(terms.coefficient * parts.value) as parts_value
    from totals as parts
    inner join terms on parts.indicator_code = terms.term_code
    inner join term_counts on terms.relation_code = term_counts.relation_code
    group by
        terms.relation_code,
        parts.period,
        terms.figure_code,
        parts.measure_code,
        term_counts.term_count
    having count(*) = term_counts.term_count
),

indicator_totals as (
    select
        indicator_parts.relation_code,
        indicator_parts.period,
        indicator_parts.figure_code,
        indicator_parts.measure_code,
        totals.value as total_value,
        indicator_parts.parts_value
    from indicator_parts
    inner join totals
        on
            indicator_parts.period = totals.period
            and indicator_parts.figure_code = totals.indicator_code
            and indicator_parts.measure_code = totals.measure_code
),

-- Months and the year to date.
months_to_date as (
    select
        'months_to_date' as relation_code,
        months.period,
        months.indicator_code as figure_code,
        'ytd' as measure_code,
        now.value as total_value,
        coalesce(before.value, 0) + coalesce(months.value, 0) as parts_value
    from month_estimates as months
    inner join periods on months.period = periods.period
    inner join direct_estimates as now
        on
            months.period = now.period
            and months.domain_type = now.domain_type
            and months.domain_code = now.domain_code
            and months.indicator_code = now.indicator_code
            and now.measure_code = 'ytd'
    inner join direct_estimates as before
        on
            periods.previous_period = before.period
            and months.domain_type = before.domain_type
            and months.domain_code = before.domain_code
            and months.indicator_code = before.indicator_code
            and before.measure_code = 'ytd'
    where months.domain_type = 'city'
),

-- Published tables.
response_counts as (
    select
        period,
        reporting_unit_code,
        'sampled_count' as figure_code,
        sampled_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'out_of_scope_count' as figure_code,
        out_of_scope_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'received_count' as figure_code,
        received_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'accepted_count' as figure_code,
        accepted_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'accepted_by_cut_off_count' as figure_code,
        accepted_by_cut_off_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'refused_count' as figure_code,
        refused_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'late_count' as figure_code,
        late_count as value
    from response
    union all
    select
        period,
        reporting_unit_code,
        'missing_count' as figure_code,
        missing_count as value
    from response
),

response_units as (
    select
        'response_units' as relation_code,
        period,
        figure_code,
        'month' as measure_code,
        sum(case when reporting_unit_code = 'TOTAL' then value end) as total_value,
        coalesce(sum(case when reporting_unit_code <> 'TOTAL' then value end), 0) as parts_value
    from response_counts
    group by period, figure_code
),

response_statuses as (
    select
        'response_statuses' as relation_code,
        period,
        reporting_unit_code as figure_code,
        'month' as measure_code,
        sampled_count as total_value,
        accepted_count + refused_count + missing_count + out_of_scope_count as parts_value
    from response
),

quality_states as (
    select
        'quality_states' as relation_code,
        period,
        rule_code as figure_code,
        'month' as measure_code,
        sum(finding_count) as total_value,
        sum(open_count + explained_count + closed_count) as parts_value
    from quality
    group by period, rule_code
),

-- Whoever is in the frame of a year has reported, is missing or out of scope; what they did is
-- reported or estimated.
annual_counts as (
    select
        'annual_frame' as relation_code,
        annual_response.year as period,
        'institution_count' as figure_code,
        'end' as measure_code,
        max(institutions.institution_count) as total_value,
        sum(
            annual_response.reported_count
            + annual_response.missing_count
            + annual_response.out_of_scope_count
        ) as parts_value
    from annual_response
    left join institutions
        on
            annual_response.year = institutions.period
            and institutions.domain_type = 'city'
    group by annual_response.year
),

annual_estimates as (
    select
        'annual_estimates' as relation_code,
        annual_totals.year as period,
        annual_totals.indicator_code as figure_code,
        'annual' as measure_code,
        annual_totals.value as total_value,
        sum(annual_response.reported_value + annual_response.estimated_value) as parts_value
    from annual_totals
    inner join annual_response on annual_totals.year = annual_response.year
    where annual_totals.indicator_code = 'revenue_incl' and annual_totals.value is not null
    group by annual_totals.year, annual_totals.indicator_code, annual_totals.value
),

published_parts as (
    select
        'published_areas' as relation_code,
        period,
        indicator_code,
        measure_code,
        value
    from area_figures
    union all
    select
        'published_business_lines' as relation_code,
        period,
        indicator_code,
        measure_code,
        value
    from line_figures
    union all
    select
        'published_institution_types' as relation_code,
        period,
        indicator_code,
        measure_code,
        value
    from type_figures
),

published_sums as (
    select
        relation_code,
        period,
        indicator_code,
        measure_code,
        sum(value) as parts_value
    from published_parts
    group by relation_code, period, indicator_code, measure_code
    having count(*) = count(value)
),

published_totals as (
    select
        published_sums.relation_code,
        published_sums.period,
        published_sums.indicator_code as figure_code,
        published_sums.measure_code,
        city_figures.value as total_value,
        published_sums.parts_value
    from published_sums
    inner join city_figures
        on
            published_sums.period = city_figures.period
            and published_sums.indicator_code = city_figures.indicator_code
            and published_sums.measure_code = city_figures.measure_code
    where city_figures.value is not null
),

relations as (
    select * from city_domains
    union all
    select * from indicator_totals
    union all
    select * from months_to_date
    union all
    select * from response_units
    union all
    select * from response_statuses
    union all
    select * from quality_states
    union all
    select * from annual_counts
    union all
    select * from annual_estimates
    union all
    select * from published_totals
)

select
    relation_code,
    period,
    figure_code,
    measure_code,
    cast(total_value as double) as total_value,
    cast(parts_value as double) as parts_value,
    abs(coalesce(total_value, 0) - coalesce(parts_value, 0))
    / greatest(abs(coalesce(total_value, 0)), abs(coalesce(parts_value, 0)), 1)
        as relative_residual
from relations
order by relation_code, period, figure_code, measure_code
