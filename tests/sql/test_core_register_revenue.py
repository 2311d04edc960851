"""core_register_revenue: by what revenue the response is weighted, and where it comes from."""


def test_each_agency_has_its_best_known_revenue(check):
    """Worked by hand.

    A: annual return of 2024, not that of 2025. B: 300 up to June makes 600 a year, though July is
    known. C: the loss counts as 0. D: mean of small: (1000 + 600) / 2. E has nobody in its
    stratum: mean of all known: (1000 + 600 + 0) / 3. G is in the sample, not in the register.
    """
    check(
        "core_register_revenue",
        core_periods="""
            period
            2025-06
        """,
        core_frame="""
            period  credit_code stratum_code
            2025-06 A           small
            2025-06 B           small
            2025-06 C           large
            2025-06 D           small
            2025-06 E           micro
            2024    A           small
        """,
        core_response="""
            period  credit_code stratum_code status
            2025-06 A           small        accepted
            2025-06 F           small        out_of_scope
            2025-06 G           small        missing
        """,
        core_observations="""
            period  form_code     credit_code indicator_code measure_code value
            2023    annual_return A           revenue_incl   annual       900
            2024    annual_return A           revenue_incl   annual       1000
            2025    annual_return A           revenue_incl   annual       1100
            2024    annual_return A           staff          annual       7
            2025-05 flash_report  A           revenue_incl   ytd          5
            2025-05 flash_report  B           revenue_incl   ytd          240
            2025-06 flash_report  B           revenue_incl   ytd          300
            2025-06 flash_report  B           revenue_incl   month        60
            2025-07 flash_report  B           revenue_incl   ytd          9999
            2024    annual_return C           revenue_incl   annual       -5
        """,
        expect="""
            period  credit_code revenue_source register_revenue
            2025-06 A           annual_return  1000
            2025-06 B           flash_report   600
            2025-06 C           annual_return  0
            2025-06 D           stratum_mean   800
            2025-06 E           frame_mean     533.3333333333
            2025-06 G           stratum_mean   800
        """,
    )


def test_where_nothing_is_known_nothing_is_guessed(check):
    check(
        "core_register_revenue",
        core_periods="""
            period
            2025-06
        """,
        core_frame="""
            period  credit_code stratum_code
            2025-06 A           small
        """,
        expect="""
            period  credit_code revenue_source register_revenue
            2025-06 A           unknown        -
        """,
    )
