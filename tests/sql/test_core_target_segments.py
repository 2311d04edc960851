"""core_target_segments: what lies between two nodes."""


def test_neighbours_make_a_segment(check):
    check(
        "core_target_segments",
        core_target_nodes="""
            target_id node_no node_period node_date  node_value
            i25       1       2021        2021-12-31 2846
            i25       2       2023        2023-12-31 3200
            i25       3       2025        2025-12-31 3500
            alone     1       2021        2021-12-31 5
        """,
        expect="""
            target_id from_period from_date  from_value to_period to_date    to_value
            i25       2021        2021-12-31 2846       2023      2023-12-31 3200
            i25       2023        2023-12-31 3200       2025      2025-12-31 3500
        """,
    )
