-- Grain: coded_geography, district_code, township, geography
-- 含义：名录和名录变动中调整所涉区县的每个街镇（按原文，没有填写的为空文字）在另一区划中归哪个地区一行。
-- Sources: ref_area_successions (domain.md §4.1): by the 街镇, never from district to district.
--  City, district and functional area may stand before it, 街道, 镇 or 乡 be left out where it is
--  one that the change names. What else is called a 街道, 镇 or 乡 belongs to the rest of its
--  district, unless it is one character off one of those or names another district: then it is
--  asked about.
with register as (
    select * from stg_register
),

events as (
    select * from stg_register_events
),

geographies as (
    select * from ref_geographies
),

successions as (
    select * from ref_area_successions
),

districts as (
    select distinct
        coded_geography,
        district_code,
        geography,
        is_by_township,
        prefix_pattern
    from successions
),

-- By which month's divisions a register or an event tells the district of an agency.
codes as (
    select
        credit_code,
        register_period as month,
        district_code,
        coalesce(township, '') as township
    from register
    union distinct
    select
        changed_code as credit_code,
        substr(cast(event_date as varchar), 1, 7) as month,
        district_code,
        coalesce(township, '') as township
    from events
    where district_code is not null
),

places as (
    select
        month,
        district_code,
        township
    from codes
    union distinct
    -- A 街镇 told without its district lies in the one told elsewhere.
    select
        codes.month,
        codes.district_code,
        events.township
    from events
    inner join codes on events.changed_code = codes.credit_code
    where events.district_code is null and events.township is not null
),

written as (
    select distinct
        geographies.geography as coded_geography,
        places.district_code,
        places.township
    from places
    inner join geographies
        on
            places.month between
            coalesce(geographies.valid_from, '0000-01')
            and coalesce(geographies.valid_to, '9999-12')
    where places.district_code is not null
),

plain as (
    select
        written.coded_geography,
        written.district_code,
        written.township,
        districts.geography,
        districts.is_by_township,
        regexp_replace(
            regexp_replace(written.township, '[ \t　]', '', 'g'), districts.prefix_pattern, ''
        ) as township_name
    from written
    inner join districts
        on
            written.coded_geography = districts.coded_geography
            and written.district_code = districts.district_code
),

rooted as (
    select
        *,
        regexp_replace(
            township_name, '(街道办事处|街道办|街道|镇人民政府|镇|乡人民政府|乡)$', ''
        ) as township_root
    from plain
),

compared as (
    select
        rooted.coded_geography,
        rooted.district_code,
        rooted.township,
        rooted.geography,
        rooted.is_by_township,
        rooted.township_name,
        rooted.township_root,
        max(case when successions.township_root is null then successions.area_code end)
            as rest_code,
        max(
            case
                when rooted.township_root = successions.township_root then successions.area_code
            end
        ) as named_code,
        sum(
            case
                when regexp_matches(rooted.township_root, successions.slip_pattern) then 1 else 0
            end
        ) as slip_count
    from rooted
    inner join successions
        on
            rooted.coded_geography = successions.coded_geography
            and rooted.district_code = successions.district_code
            and rooted.geography = successions.geography
    group by
        rooted.coded_geography,
        rooted.district_code,
        rooted.township,
        rooted.geography,
        rooted.is_by_township,
        rooted.township_name,
        rooted.township_root
),

judged as (
    select
        *,
        not is_by_township
        or named_code is not null
        or (
            township_root <> ''
            and township_root <> township_name
            and not regexp_matches(township_root, '[市区县]')
            and slip_count = 0
        ) as is_township_known
    from compared
)

select
    coded_geography,
    district_code,
    township,
    geography,
    case when is_township_known then coalesce(named_code, rest_code) else 'UNPLACED' end
        as area_code,
    is_township_known
from judged
order by coded_geography, district_code, township, geography
