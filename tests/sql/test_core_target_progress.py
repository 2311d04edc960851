# ruff: noqa: E501 - a row of a table stays on one line
"""core_target_progress: hand-worked measures.

Stock: path 2846 (end of 2021), 3200 (end of 2023), 3500 (end of 2025), by days. On 2024-06-30
P = 3200 + 300 · 182/731 = 3274.6922, φ = (P − 2846)/654 = .6554927. With y = 3300: F = 454/654,
K = F/φ = 1.0590349, the path passes 3300 on day 243.667 of its second part, 61.667 days later,
· 12/365.25 = 2.0260096 months ahead; pace 200 in 18 months.
"""

STOCK_TARGETS = """
    target_id kind  comparator target_period target_value
    i25       stock >          2025          3500
"""
STOCK_NODES = """
    target_id node_no node_type node_value
    i25       1       基期      2846
"""
STOCK_SEGMENTS = """
    target_id from_period from_date  from_value to_period to_date    to_value
    i25       2021        2021-12-31 2846       2023      2023-12-31 3200
    i25       2023        2023-12-31 3200       2025      2025-12-31 3500
"""


def test_stock(check):
    check(
        "core_target_progress",
        ref_targets=STOCK_TARGETS,
        core_target_nodes=STOCK_NODES,
        core_target_segments=STOCK_SEGMENTS,
        core_target_data="""
            target_id as_of_period as_of_date target_date actual_value
            i25       2022-03      2022-03-31 2025-12-31  2900
            i25       2024-05      2024-06-30 2025-12-31  2800
            i25       2024-06      2024-06-30 2025-12-31  3300
            i25       2024-07      2024-06-30 2025-12-31  3100
            i25       2025-06      2025-06-30 2025-12-31  3600
            i25       2025-07      2025-07-31 2025-12-31  -
            i25       2025-12      2025-12-31 2025-12-31  3500
            i25       2026-03      2026-03-31 2025-12-31  3490
        """,
        expect="""
            as_of_period datum_date phase       completion_pct planned_value planned_share schedule_gap_pp schedule_ratio months_ahead required_pace is_met
            2022-03      2022-03-31 before      82.8571428571  2889.64383562 0.06673369360 1.58351137363   1.23728813559  0.7016322695 13.355555556  false
            2024-05      2024-06-30 before      80             3274.69220246 0.65549266432 -72.5829055753  -0.10730309470 -            38.944444444  false
            2024-06      2024-06-30 before      94.2857142857  3274.69220246 0.65549266432 3.86969381309   1.05903489122  2.0260095825 11.166666667  false
            2024-07      2024-06-30 before      88.5714285714  3274.69220246 0.65549266432 -26.7113459423  0.59249969685  -12.754486711 22.277777778 false
            2025-06      2025-06-30 target_year 102.857142857  3424.48700410 0.88453670352 26.8368495254   1.30340006716  6.0451745380 0             true
            2025-07      2025-07-31 target_year -              3437.20930233 0.90398975891 -               -              -            -             -
            2025-12      2025-12-31 target_year 100            3500          1             0               1              0            -             false
            2026-03      2025-12-31 after       99.7142857143  3500          1             -1.52905198777  0.98470948012  -0.8005475702 -            false
        """,
    )


def test_stock_without_a_base_has_a_completion_rate_and_a_pace_only(check):
    check(
        "core_target_progress",
        ref_targets=STOCK_TARGETS,
        core_target_data="""
            target_id as_of_period as_of_date target_date actual_value
            i25       2024-06      2024-06-30 2025-12-31  3300
            i25       2025-06      2025-06-30 2025-12-31  3600
        """,
        expect="""
            as_of_period base_value completion_pct planned_value schedule_gap_pp schedule_ratio months_ahead required_pace
            2024-06      -          94.2857142857  -             -               -              -            11.166666667
            2025-06      -          102.857142857  -             -               -              -            0
        """,
    )


def test_a_base_beyond_the_target_leaves_nothing_to_measure(check):
    check(
        "core_target_progress",
        ref_targets=STOCK_TARGETS.replace("3500", "2800"),
        core_target_nodes=STOCK_NODES,
        core_target_segments=STOCK_SEGMENTS.replace("3500", "2800"),
        core_target_data="""
            target_id as_of_period as_of_date target_date actual_value
            i25       2024-06      2024-06-30 2025-12-31  3300
        """,
        expect="""
            is_base_met completion_pct planned_share schedule_gap_pp schedule_ratio months_ahead required_pace
            true        117.857142857  -             -               -              -            0
        """,
    )


def test_annual_level(check):
    """Half a year passed: 1500 · .5 = 750; y = 720: 48% − 50% = −2 points, K = .96, −.24 months."""
    check(
        "core_target_progress",
        ref_targets="""
            target_id kind         comparator target_period target_value
            r25       annual_level >=         2025          1500
        """,
        core_target_nodes="""
            target_id node_no node_type node_value
            r25       1       基期      618
        """,
        core_target_segments="""
            target_id from_period from_date  from_value to_period to_date    to_value
            r25       2021        2021-12-31 618        2023      2023-12-31 1000
            r25       2023        2023-12-31 1000       2025      2025-12-31 1500
        """,
        core_target_data="""
            target_id as_of_period as_of_date target_date elapsed_share actual_value actual_basis ci_low ci_high reported_count frame_count
            r25       2021-06      2021-06-30 2025-12-31  0.5           300          estimate     290    310     -              -
            r25       2022-06      2022-06-30 2025-12-31  0.5           400          estimate     390    410     -              -
            r25       2023-06      2023-06-30 2025-12-31  0.5           520          estimate     510    530     -              -
            r25       2024-06      2024-06-30 2025-12-31  0.5           500          estimate     475    525     -              -
            r25       2025-06      2025-06-30 2025-12-31  0.5           720          estimate     690    750     -              -
            r25       2025-11      2025-11-30 2025-12-31  0.9           1530         estimate     1500   1560    -              -
            r25       2025-12      2025-12-31 2025-12-31  1             1470         estimate     1430   1510    -              -
            r25       2026-02      2026-02-28 2025-12-31  0.2           1432.5       census       1365   1500    955            1000
            r25       2026-03      2026-03-31 2025-12-31  0.25          1432.5       census       1366   1499    956            1000
        """,
        expect="""
            as_of_period phase       level_type completion_pct planned_value planned_share schedule_gap_pp schedule_ratio schedule_ratio_low schedule_ratio_high months_ahead required_pace is_met is_low_met is_high_met
            2021-06      before      -          -              -             0.5           -               -              -                  -                   -            -             false  false      false
            2022-06      before      插值参考线 -              404.5         0.5           -0.55624227441  0.98887515451  0.96415327565      1.01359703337       -0.066749073 -             false  false      false
            2023-06      before      文件指标   -              500           0.5           2               1.04           1.02               1.06                0.24         -             false  false      false
            2024-06      before      插值参考线 -              625           0.5           -10             0.8            0.76               0.84                -1.2         -             false  false      false
            2025-06      target_year 文件指标   48             750           0.5           -2              0.96           0.92               1                   -0.24        130           false  false      false
            2025-11      target_year 文件指标   102            1350          0.9           12              1.13333333333  1.11111111111      1.15555555556       1.44         0             true   true       true
            2025-12      target_year 文件指标   98             1500          1             -2              0.98           0.95333333333      1.00666666667       -0.24        -             false  false      true
            2026-02      after       文件指标   95.5           1500          1             -4.5            0.955          0.91               1                   -            -             false  false      true
            2026-03      after       文件指标   95.5           1500          1             -4.5            0.955          0.91066666667      0.99933333333       -            -             false  false      false
        """,
    )
