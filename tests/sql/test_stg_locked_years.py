"""stg_locked_years: the last decision about a whole year says whether it is final."""


def test_the_last_decision_about_a_whole_year_holds(check):
    check(
        "stg_locked_years",
        raw_decisions="""
            decision_no kind    period  subject
            1           lock    2022    -
            2           lock    2023    -
            3           unlock  2023    -
            4           lock    2024    A
            5           lock    2025-03 -
            6           unlock  2021    -
            7           lock    2021    -
            8           release 2023    -
        """,
        expect="""
            year
            2021
            2022
        """,
    )
