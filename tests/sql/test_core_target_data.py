# ruff: noqa: E501 - a row of a table stays on one line
"""core_target_data: which datum a target is judged on."""

TARGETS = """
    target_id indicator_code area_code kind         unit_scope     revenue_basis     target_period
    i23       institutions   500000    stock        licensed_filed -                 2023
    r23       revenue_incl   500000    annual_level licensed_filed incl_pass_through 2023
"""
PERIODS = """
    period  year end_date   elapsed_share
    2023-06 2023 2023-06-30 0.4959
    2023-12 2023 2023-12-31 1
    2024-02 2024 2024-02-29 0.1639
"""
INDICATORS = """
    indicator_code revenue_basis
    revenue_incl   incl_pass_through
    institutions   -
"""
CITY = """
    area_code area_type
    500000    city
"""
FIGURES = """
    period  domain_type domain_code indicator_code measure_code value standard_error ci_low ci_high revenue_basis     unit_scope     publication_status
    2023-06 city        500000      revenue_incl   ytd          480   5              470    490     incl_pass_through licensed_filed 发布
    2023-06 city        500000      revenue_incl   month        80    5              70     90      incl_pass_through licensed_filed 发布
    2023-12 city        500000      revenue_incl   ytd          990   9              972    1008    incl_pass_through licensed_filed 发布
    2024-02 city        500000      revenue_incl   ytd          170   3              164    176     incl_pass_through licensed_filed 发布
"""
INSTITUTIONS = """
    period  domain_type domain_code institution_count register_period
    2023-06 city        500000      3150              2023-06
    2023    city        500000      3302              2023-12
    2023-12 city        500000      3299              2023-10
    2024-02 city        500000      3320              2024-02
"""
SETTINGS = """
    minimum_census_pct
    95
"""
CENSUS = """
    year indicator_code value standard_error ci_low ci_high estimated_pct reported_count missing_count out_of_scope_count frame_count
    2023 revenue_incl   1006  2              1002   1010    0.3           3290           10            2                  3302
"""


def test_register_flash_and_census(check):
    check(
        "core_target_data",
        ref_targets=TARGETS,
        core_periods=PERIODS,
        ref_indicators=INDICATORS,
        ref_areas=CITY,
        core_monthly_figures=FIGURES,
        core_institutions=INSTITUTIONS,
        ref_settings=SETTINGS,
        core_annual_totals=CENSUS,
        expect="""
            target_id as_of_period datum_period actual_value actual_basis data_status ci_low ci_high register_period reported_count frame_count
            i23       2023-06      2023-06      3150         register     快报数      -      -       2023-06         -              -
            i23       2023-12      2023-12      3302         register     年报数      -      -       2023-12         -              -
            i23       2024-02      2023-12      3302         register     年报数      -      -       2023-12         -              -
            r23       2023-06      2023-06      480          estimate     快报数      470    490     -               -              -
            r23       2023-12      2023-12      990          estimate     快报数      972    1008    -               -              -
            r23       2024-02      2023-12      1006         census       年报数      1002   1010    -               3290           3302
        """,
    )


def test_without_a_census_the_flash_of_december_stands_in(check):
    check(
        "core_target_data",
        ref_targets=TARGETS,
        core_periods=PERIODS,
        ref_indicators=INDICATORS,
        ref_areas=CITY,
        core_monthly_figures=FIGURES,
        expect="""
            target_id as_of_period actual_value actual_basis standard_error
            i23       2023-06      -            -            -
            i23       2023-12      -            -            -
            i23       2024-02      -            -            -
            r23       2023-06      480          estimate     5
            r23       2023-12      990          estimate     9
            r23       2024-02      990          estimate     9
        """,
    )


def test_a_census_of_too_few_agencies_judges_nothing(check):
    """Of 3,300 agencies in scope 3,134 are 94.97%, 3,135 are 95%."""
    for reported_count, basis in (("3134", "estimate"), ("3135", "census")):
        check(
            "core_target_data",
            ref_targets=TARGETS,
            core_periods=PERIODS,
            ref_indicators=INDICATORS,
            ref_areas=CITY,
            core_monthly_figures=FIGURES,
            ref_settings=SETTINGS,
            core_annual_totals=CENSUS.replace("3290", reported_count),
            expect=f"""
                target_id as_of_period actual_basis
                i23       2023-06      -
                i23       2023-12      -
                i23       2024-02      -
                r23       2023-06      estimate
                r23       2023-12      estimate
                r23       2024-02      {basis}
            """,
        )


def test_a_register_older_than_the_deadline_closes_nothing(check):
    check(
        "core_target_data",
        ref_targets=TARGETS,
        core_periods=PERIODS,
        core_institutions=INSTITUTIONS.replace("3302              2023-12", "3302 2023-11"),
        expect="""
            target_id as_of_period actual_value
            i23       2023-06      3150
            i23       2023-12      -
            i23       2024-02      -
            r23       2023-06      -
            r23       2023-12      -
            r23       2024-02      -
        """,
    )


def test_figures_of_another_basis_or_scope_or_not_published_are_no_datum(check):
    check(
        "core_target_data",
        ref_targets="""
            target_id indicator_code area_code kind         unit_scope     revenue_basis     target_period
            basis     revenue_incl   500000    annual_level licensed_filed excl_pass_through 2023
            hidden    placements     500000    annual_level licensed_filed -                 2023
            full      revenue_incl   500000    annual_level full_scope     incl_pass_through 2023
            fullstock institutions   500000    stock        full_scope     -                 2023
        """,
        core_periods="""
            period  year end_date   elapsed_share
            2024-02 2024 2024-02-29 0.1639
        """,
        ref_indicators=INDICATORS,
        ref_areas=CITY,
        core_monthly_figures=FIGURES
        + "2023-12 city 500000 placements ytd - - - - - licensed_filed 样本不足，不发布",
        core_institutions=INSTITUTIONS,
        ref_settings=SETTINGS,
        core_annual_totals=CENSUS,
        expect="""
            target_id actual_value actual_basis data_status
            basis     -            -            -
            full      -            -            -
            fullstock -            -            -
            hidden    -            -            -
        """,
    )


def test_a_locked_year_is_final_and_a_census_without_a_total_is_none(check):
    for census, locked, expected in (
        (CENSUS, "2023", ("2023-06 快报数", "2023-12 快报数", "2024-02 最终核实数")),
        (CENSUS, "2024", ("2023-06 快报数", "2023-12 快报数", "2024-02 年报数")),
        (
            CENSUS.replace(" 1006 ", " - "),
            "2023",
            ("2023-06 快报数", "2023-12 快报数", "2024-02 快报数"),
        ),
    ):
        check(
            "core_target_data",
            ref_targets=TARGETS.replace(
                "    i23       institutions   500000    stock        licensed_filed -                 2023\n",
                "",
            ),
            core_periods=PERIODS,
            ref_indicators=INDICATORS,
            ref_areas=CITY,
            core_monthly_figures=FIGURES,
            ref_settings=SETTINGS,
            core_annual_totals=census,
            stg_locks=f"period\n{locked}",
            expect="as_of_period data_status\n" + "\n".join(expected),
        )
