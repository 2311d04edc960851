# ruff: noqa: E501 - a row of a table stays on one line
"""mart_target_progress: the words, which follow the basis of the figure."""

import pytest

RELEASE = """
    release_id
    2025-06-x
"""
STOCK = """
    target_id target_order kind  comparator indicator_code area_code base_period target_period target_value
    i25       1            stock >          institutions   500000    2021        2025          3500
"""
ANNUAL = """
    target_id target_order kind         comparator indicator_code area_code revenue_basis     base_period target_period target_value
    r25       1            annual_level >=         revenue_incl   500000    incl_pass_through 2021        2025          1500
"""
A1 = "收入口径按假定A1：含代收代付，许可和备案机构。"


def word(build, targets: str, progress: str, **given: str) -> dict[str, str]:
    """Build the mart for one row of progress and return its words."""
    (row,) = build(
        "mart_target_progress",
        ref_release=RELEASE,
        ref_targets=targets,
        core_target_progress=progress,
        **given,
    )
    return {name: row[name] for name in ("verdict", "schedule_status", "verdict_note")}


def stock(datum_date: str, actual: str, ratio: str, is_met: str, base: str = "2846") -> str:
    return f"""
        target_id as_of_period datum_date  target_date phase  base_value actual_value actual_basis planned_share schedule_ratio is_met
        i25       2024-06      {datum_date} 2025-12-31 before {base}     {actual}     register     0.65          {ratio}        {is_met}
    """


@pytest.mark.parametrize(
    ("ratio", "status"),
    [
        ("1.05", "快于预期"),
        ("1.0499", "基本符合"),
        ("0.95", "基本符合"),
        ("0.9499", "略慢"),
        ("0.60", "略慢"),
        ("0.5999", "滞后"),
        ("0", "滞后"),
        ("-0.0001", "倒退"),
        ("-", None),
    ],
)
def test_classes_of_the_schedule_ratio(build, ratio, status):
    words = word(build, STOCK, stock("2024-06-30", "3300", ratio, "false"))
    assert words["schedule_status"] == status
    assert words["verdict"] == "进行中"
    assert words["verdict_note"] == "名录数，2025年末前不作达成判定。"


def test_beyond_the_target_early_is_still_in_progress(build):
    words = word(build, STOCK, stock("2025-06-30", "3580", "1.3", "true"))
    assert words == {
        "verdict": "进行中",
        "schedule_status": "快于预期",
        "verdict_note": "名录数已超过目标值，以2025年末为准。",
    }


@pytest.mark.parametrize(("is_met", "verdict"), [("true", "已达成"), ("false", "未达成")])
def test_only_the_year_end_register_closes_a_stock(build, is_met, verdict):
    words = word(build, STOCK, stock("2025-12-31", "3490", "0.98", is_met))
    assert (words["verdict"], words["schedule_status"]) == (verdict, verdict)
    assert words["verdict_note"] == "名录数，以2025年末名录为准，期后不再变动。"


def test_a_year_end_without_its_register_is_pending(build):
    progress = stock("2025-12-31", "-", "-", "-").replace("register", "-")
    words = word(build, STOCK, progress)
    assert words == {
        "verdict": "结果待定",
        "schedule_status": None,
        "verdict_note": "2025年末的机构名录尚未收到，结果待定。",
    }


@pytest.mark.parametrize(
    ("counted", "note"),
    [
        ("2846", "名录数，2025年末前不作达成判定。"),
        (
            "2840",
            "名录数，2025年末前不作达成判定。"
            "口径未衔接：名录回溯2021年末为2840家，公布数为2846家，序时进度仅供参考。",
        ),
    ],
)
def test_a_register_that_does_not_reproduce_the_base_is_said_so(build, counted, note):
    words = word(
        build,
        STOCK,
        stock("2024-06-30", "3300", "1", "false"),
        core_published="""
            area_code year indicator_code value half_rounding
            500000    2021 institutions   2846  0.5
        """,
        core_institutions=f"""
            period  domain_type domain_code institution_count
            2021    city        500000      {counted}
        """,
    )
    assert words["verdict_note"] == note


def test_a_documented_bridge_stands_for_the_missing_one(build):
    (row,) = build(
        "mart_target_progress",
        ref_release=RELEASE,
        ref_targets=STOCK,
        ref_bridges="""
            indicator_code from_source to_source bridge_period bridge_factor bridge_document
            institutions   published   register  2021          0.98          模拟文号1
            institutions   published   register  2020          0.5           模拟文号2
            institutions   register    published 2021          0.5           模拟文号3
        """,
        core_target_progress=stock("2024-06-30", "3300", "1", "false"),
        core_published="""
            area_code year indicator_code value half_rounding
            500000    2021 institutions   2846  0.5
        """,
        core_institutions="""
            period  domain_type domain_code institution_count
            2021    city        500000      2789
        """,
    )
    assert row["bridge_factor"] == 0.98
    assert row["verdict_note"] == (
        "名录数，2025年末前不作达成判定。2021年公布数按系数0.98衔接到名录口径（模拟文号1）。"
    )


def test_a_published_figure_is_reproduced_up_to_its_rounding(build):
    words = word(
        build,
        STOCK,
        stock("2024-06-30", "3300", "1", "false"),
        core_published="""
            area_code year indicator_code value half_rounding
            500000    2021 institutions   59100 50
        """,
        core_institutions="""
            period  domain_type domain_code institution_count
            2021    city        500000      59149
        """,
    )
    assert "口径未衔接" not in words["verdict_note"]


def test_a_published_base_beyond_the_target(build):
    progress = """
        target_id as_of_period datum_date target_date phase  base_value actual_value actual_basis is_base_met is_met
        i25       2024-06      2024-06-30 2025-12-31  before 3600       3700         register     true        true
    """
    assert word(build, STOCK, progress) == {
        "verdict": "提前实现",
        "schedule_status": None,
        "verdict_note": "公布的2021年基期数已达到目标值。",
    }


def test_a_base_beyond_the_target_that_was_not_kept(build):
    progress = """
        target_id as_of_period datum_date target_date phase  base_value actual_value actual_basis is_base_met is_met
        i25       2024-06      2024-06-30 2025-12-31  before 3600       3490         register     true        false
    """
    assert word(build, STOCK, progress)["verdict"] == "达成后回落"


def test_without_a_base(build):
    words = word(build, STOCK, stock("2024-06-30", "3300", "-", "false", base="-"))
    assert words["verdict_note"].endswith("没有2021年的公布数，不计算序时进度。")


def annual(
    datum_date: str, phase: str, actual: str, basis: str, share: str, ratios: str, met: str
) -> str:
    level_type = "文件指标" if phase != "before" else "插值参考线"
    return f"""
        target_id as_of_period as_of_year datum_date   target_date phase   level_type   actual_value actual_basis planned_share schedule_ratio_low schedule_ratio schedule_ratio_high is_low_met is_met is_high_met data_status estimated_pct reported_count missing_count out_of_scope_count frame_count
        r25       2025-06      2024       {datum_date} 2025-12-31  {phase} {level_type} {actual}     {basis}      {share}       {ratios}                                             {met}                         年报数      0.499         3700           50            10                 3760
    """


@pytest.mark.parametrize(
    ("ratios", "status"),
    [
        ("0.96 1.00 1.04", "基本符合"),
        ("0.92 0.96 1.00", "基本符合或略慢"),
        ("0.55 0.58 0.61", "略慢或滞后"),
        ("0.94 1.00 1.06", "略慢至快于预期"),
    ],
)
def test_an_interval_across_a_cut_off_prints_both_classes(build, ratios, status):
    progress = annual(
        "2025-06-30", "target_year", "720", "estimate", "0.5", ratios, "false false false"
    )
    assert word(build, ANNUAL, progress) == {
        "verdict": "进行中",
        "schedule_status": status,
        "verdict_note": f"快报数由抽样推算，达成与否以2025年年报数为准。{A1}",
    }


def test_the_beginning_of_a_year_has_no_class(build):
    progress = annual(
        "2025-02-28", "target_year", "720", "estimate", "0.16", "0.5 0.6 0.7", "false false false"
    )
    assert word(build, ANNUAL, progress)["schedule_status"] == "起步期"


def test_an_estimate_whose_interval_lies_beyond_the_target(build):
    progress = annual(
        "2025-11-30", "target_year", "1600", "estimate", "0.9", "1.1 1.2 1.3", "true true true"
    )
    assert word(build, ANNUAL, progress)["verdict"] == "快报测算预计达到"


@pytest.mark.parametrize("phase", ["target_year", "after"])
@pytest.mark.parametrize(
    ("met", "verdict"),
    [
        ("true true true", "快报测算预计达到"),
        ("false true true", "快报测算尚难判定"),
        ("false false true", "快报测算尚难判定"),
        ("false false false", "快报测算预计未达到"),
    ],
)
def test_the_flash_of_december_never_closes_a_year(build, phase, met, verdict):
    progress = annual("2025-12-31", phase, "1470", "estimate", "1", "0.97 0.98 0.99", met)
    words = word(build, ANNUAL, progress)
    assert words["verdict"] == verdict
    assert words["schedule_status"] == "基本符合"
    assert words["verdict_note"] == f"快报数由抽样推算，2025年全年以年报数为准，不作达成判定。{A1}"


@pytest.mark.parametrize(
    ("met", "verdict", "status", "error"),
    [
        ("true true true", "已达成", "已达成", "已计入推算误差"),
        ("false false false", "未达成", "未达成", "已计入推算误差"),
        *(
            (
                f"false {met} true",
                "结果待定",
                "基本符合",
                "推算误差范围内可能达到也可能达不到目标，结果待定",
            )
            for met in ("true", "false")
        ),
    ],
)
def test_the_census_closes_a_year_as_far_as_it_reaches(build, met, verdict, status, error):
    progress = annual("2025-12-31", "after", "1432", "census", "1", "- 0.955 -", met)
    words = word(build, ANNUAL, progress)
    assert (words["verdict"], words["schedule_status"]) == (verdict, status)
    assert words["verdict_note"] == (
        "2025年年报数，年末名录3760家中已报3700家，停业、关闭等10家，"
        f"未报50家的推算数占0.50%，{error}。{A1}"
    )


def test_a_locked_year_is_told_as_final(build):
    progress = annual("2025-12-31", "after", "1500", "census", "1", "- 1 -", "true true true")
    progress = progress.replace("年报数", "最终核实数").replace(" 50 ", " 0 ")
    note = word(build, ANNUAL, progress)["verdict_note"]
    assert note == f"2025年最终核实数，年末名录3760家中已报3700家，停业、关闭等10家，全部报齐。{A1}"


def test_a_year_without_any_datum_is_pending(build):
    progress = annual("2025-12-31", "after", "-", "-", "1", "- - -", "- - -")
    assert word(build, ANNUAL, progress) == {
        "verdict": "结果待定",
        "schedule_status": None,
        "verdict_note": f"2025年年报数和12月快报数均未取得，结果待定。{A1}",
    }


def test_years_between_the_targets_are_compared_with_a_reference_line(build):
    progress = annual(
        "2024-06-30", "before", "600", "estimate", "0.5", "0.8 0.9 0.94", "false false false"
    )
    assert word(build, ANNUAL, progress) == {
        "verdict": "进行中",
        "schedule_status": "略慢",
        "verdict_note": "快报数由抽样推算，文件没有2024年指标，"
        f"按插值参考线（非文件指标）对照，不计完成率。{A1}",
    }


def test_a_year_of_another_target_of_the_text(build):
    progress = annual(
        "2024-06-30", "before", "600", "estimate", "0.5", "0.8 0.9 0.94", "true true true"
    ).replace("插值参考线", "文件指标")
    words = word(build, ANNUAL, progress)
    assert words["verdict"] == "进行中"
    assert words["verdict_note"] == (
        f"快报数由抽样推算，按同一文件的2024年指标对照，不计本目标的完成率。{A1}"
    )


def test_no_publishable_estimate(build):
    progress = annual("2025-06-30", "target_year", "-", "-", "0.5", "- - -", "- - -")
    words = word(build, ANNUAL, progress)
    assert (words["verdict"], words["schedule_status"]) == ("进行中", None)
    assert words["verdict_note"].startswith("本期没有可发布的同口径快报数。")


def test_what_the_policy_says_stands_beside_the_figures(check):
    check(
        "mart_target_progress",
        ref_release=RELEASE,
        ref_targets="""
            target_id policy_id document_no clause quote target_order kind  comparator indicator_code area_code unit_scope     base_period base_source target_period target_value unit
            i25       p         85号        一     超过  1            stock >          institutions   500000    licensed_filed 2021        published   2025          3500         家
        """,
        core_target_nodes="""
            target_id node_no node_type node_value
            i25       1       基期      2846
            i25       2       文件指标  3500
        """,
        core_target_progress=stock("2024-06-30", "3300", "1.06", "false"),
        expect="""
            release_id target_id document_no quote unit_scope     base_value target_value target_value_high unit as_of_period actual_value actual_basis bridge_factor forecast_value outlook_status
            2025-06-x  i25       85号        超过  licensed_filed 2846       3500         -                 家   2024-06      3300         register     -             -              -
        """,
    )
