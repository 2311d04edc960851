# ruff: noqa: E501 - a row of a table stays on one line
"""mart_industry_yearly: published, census and register figures side by side."""


def test_sources_stay_apart(check):
    check(
        "mart_industry_yearly",
        ref_release="""
            release_id
            x
        """,
        ref_areas="""
            area_code area_name area_type
            100000    全国      country
            500000    重庆市    city
        """,
        ref_indicators="""
            indicator_code indicator_name unit revenue_basis     indicator_order
            revenue_incl   营业收入       元   incl_pass_through 1
            institutions   机构总数       家   -                 2
        """,
        core_published="""
            area_code year indicator_code value figure_status source revenue_basis
            100000    2021 institutions   59100 公布          人民日报 -
            500000    2021 institutions   2846  公布          新华网 -
        """,
        core_annual_totals="""
            year indicator_code value  reported_value estimated_value estimated_pct standard_error reported_count missing_count out_of_scope_count frame_count
            2022 revenue_incl   -      90000          0               0             0              3000           5             0                  3005
            2023 revenue_incl   100600 100000         600             0.59642       25             3290           10            2                  3302
            2024 revenue_incl   120000 120000         0               0             0              3500           0             0                  3500
        """,
        core_institutions="""
            period  domain_type domain_code institution_count register_period is_year_end
            2021    city        500000      2840              2023-12         true
            2023    city        500000      3302              2023-12         true
            2023-12 city        500000      3299              2023-12         false
            2024-06 city        500000      3400              2024-06         false
            2024    city        500000      3500              2024-11         true
            2023    area        500101      30                2023-12         true
        """,
        stg_locks="""
            period
            2024
            2021
        """,
        expect="""
            area_code year indicator_code value  revenue_basis     unit_scope     actual_basis data_status source                  estimated_value reported_count frame_count note
            100000    2021 institutions   59100  -                 -              published    公布        人民日报                -               -              -           -
            500000    2021 institutions   2846   -                 -              published    公布        新华网                  -               -              -           -
            500000    2021 institutions   2840   -                 licensed_filed register     最终核实数  机构名录（2023-12期末） -               -              2840        由其后的名录按登记日期和退出日期回溯。
            500000    2023 revenue_incl   100600 incl_pass_through licensed_filed census       年报数      年报汇总                600             3290           3302        年末名录3302家，已报3290家，停业、关闭等2家，未报10家按上年年报之比或同层平均推算，占0.60%。
            500000    2023 institutions   3302   -                 licensed_filed register     年报数      机构名录（2023-12期末） -               -              3302        -
            500000    2024 revenue_incl   120000 incl_pass_through licensed_filed census       最终核实数  年报汇总                0               3500           3500        年末名录3500家，已报3500家，全部报齐。
        """,
    )
