# ruff: noqa: E501 - a row of a table stays on one line
"""core_target_nodes: base, checkpoints of the same policy, target."""

TARGETS = """
    target_id policy_id target_order indicator_code area_code kind         unit_scope     revenue_basis     base_period base_source target_period target_value
    r23       p         1            revenue_incl   500000    annual_level licensed_filed incl_pass_through 2021        published   2023          1000
    r25       p         2            revenue_incl   500000    annual_level licensed_filed incl_pass_through 2021        published   2025          1500
    r25wish   p         3            revenue_incl   500000    annual_level licensed_filed incl_pass_through 2021        published   2025          1600
    r25full   p         4            revenue_incl   500000    annual_level full_scope     incl_pass_through 2021        published   2025          9000
    other25   q         5            revenue_incl   500000    annual_level licensed_filed incl_pass_through 2021        published   2025          1700
    i25       p         6            institutions   500000    stock        licensed_filed -                 2021        published   2025          3500
    r21       p         7            revenue_incl   500000    annual_level licensed_filed incl_pass_through 2021        published   2021          600
"""
PUBLISHED = """
    area_code year indicator_code value
    500000    2021 revenue_incl   618
    500000    2020 revenue_incl   489
    100000    2021 revenue_incl   24600
"""


def test_paths_run_through_earlier_targets_of_the_same_kind(check):
    check(
        "core_target_nodes",
        ref_targets=TARGETS,
        core_published=PUBLISHED,
        expect="""
            target_id node_no node_period node_date  node_value node_type
            other25   1       2021        2021-12-31 618        基期
            other25   2       2025        2025-12-31 1700       文件指标
            r21       1       2021        2021-12-31 618        基期
            r23       1       2021        2021-12-31 618        基期
            r23       2       2023        2023-12-31 1000       文件指标
            r25       1       2021        2021-12-31 618        基期
            r25       2       2023        2023-12-31 1000       文件指标
            r25       3       2025        2025-12-31 1500       文件指标
            r25full   1       2021        2021-12-31 618        基期
            r25full   2       2025        2025-12-31 9000       文件指标
            r25wish   1       2021        2021-12-31 618        基期
            r25wish   2       2023        2023-12-31 1000       文件指标
            r25wish   3       2025        2025-12-31 1600       文件指标
        """,
    )


def test_of_two_checkpoints_in_one_year_the_first_listed_counts(check):
    check(
        "core_target_nodes",
        ref_targets="""
            target_id policy_id target_order indicator_code area_code kind  unit_scope     base_period base_source target_period target_value
            wish23    p         1            institutions   500000    stock licensed_filed 2021        published   2023          3300
            i23       p         2            institutions   500000    stock licensed_filed 2021        published   2023          3200
            i25       p         3            institutions   500000    stock licensed_filed 2021        published   2025          3500
        """,
        core_published="""
            area_code year indicator_code value
            500000    2021 institutions   2846
        """,
        expect="""
            target_id node_period node_value
            i23       2021        2846
            i23       2023        3200
            i25       2021        2846
            i25       2023        3300
            i25       2025        3500
            wish23    2021        2846
            wish23    2023        3300
        """,
    )
