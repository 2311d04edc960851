# ruff: noqa: E501 - a row of a table stays on one line
"""mart_reviews: the states of a unit add up to those asked, and so do the units to the city."""


def test_states_are_counted_by_unit(check):
    check(
        "mart_reviews",
        ref_release="""
            release_id
            R
        """,
        ref_reporting_units="""
            reporting_unit_code reporting_unit_name unit_order
            500103              渝中区              1
            500105              江北区              2
        """,
        core_review_states="""
            period  credit_code reporting_unit_code review_state      is_unreviewed
            2025-06 A           500103              missing           false
            2025-06 B           500103              submitted         true
            2025-06 C           500103              district_reviewed false
            2025-06 D           500105              city_reviewed     false
            2025-06 E           500105              returned          false
            2025-05 A           500103              locked            true
            2025-05 B           500103              locked            false
        """,
        expect="""
            period  reporting_unit_code reporting_unit_name expected_count missing_count returned_count submitted_count district_reviewed_count city_reviewed_count locked_count unreviewed_count
            2025-05 TOTAL               全市                2              0             0              0               0                       0                   2            1
            2025-05 500103              渝中区              2              0             0              0               0                       0                   2            1
            2025-06 TOTAL               全市                5              1             1              1               1                       1                   0            1
            2025-06 500103              渝中区              3              1             0              1               1                       0                   0            1
            2025-06 500105              江北区              2              0             1              0               0                       1                   0            0
        """,
    )
