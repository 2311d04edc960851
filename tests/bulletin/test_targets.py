import dataclasses

import pytest

from pipelines.bulletin.targets import headline, progress_sentence, read_progress, schedule_clause
from pipelines.bulletin.words import number
from pipelines.catalog.load import load_catalog


def with_row(progress, **changes):
    return dataclasses.replace(progress, row={**progress.row, **changes})


def test_estimate_is_told_with_its_interval(progress):
    assert progress_sentence(progress["revenue_2025"], "95%") == (
        "据抽样快报测算，2025年1—6月，全市人力资源服务业实现营业收入（含代收代付）684.52亿元"
        "（95%置信区间为656.34亿—712.69亿元）。"
        "1—6月营业收入相当于2025年目标（达1500亿元）的45.6%，慢于序时进度4.0个百分点。"
    )
    assert progress_sentence(progress["placements_2025"], "95%") == (
        "据抽样快报测算，2025年1—6月，全市人力资源服务机构帮助实现就业和流动260.61万人次"
        "（95%置信区间为249.88万—271.33万人次）。"
        "1—6月帮助实现就业和流动人次相当于2025年目标（达到500万人次）的52.1%，"
        "快于序时进度2.5个百分点。"
    )


def test_count_is_told_without_interval_against_a_line_of_no_document(progress):
    assert progress_sentence(progress["institutions_2025"], "95%") == (
        "截至6月末，全市共有人力资源服务机构3703家。"
        "机构总数相当于2025年目标（超过3500家）的105.8%，比插值参考线（非文件指标）多285家。"
    )


def test_closed_target_is_told_by_the_census(progress):
    assert progress_sentence(progress["revenue_2023"], "95%") == (
        "据年报统计，2023年，全市人力资源服务业实现营业收入（含代收代付）1006.00亿元。"
        "营业收入相当于2023年目标（达1000亿元）的100.6%，已达成。"
    )
    assert progress_sentence(progress["institutions_2023"], "95%").startswith(
        "截至2023年末，全市共有人力资源服务机构3302家。"
    )


def test_missing_figure_is_not_made_up(progress):
    missing = with_row(
        progress["revenue_2025"], actual_value=None, actual_basis=None, completion_pct=None
    )
    assert progress_sentence(missing, "95%") == "行业营业收入（含代收代付）本期没有可发布的数据。"


def test_year_before_the_target_has_no_completion_and_names_its_line(progress):
    before = with_row(
        progress["revenue_2025"], as_of_period="2024-06", completion_pct=None, schedule_gap_pp=-2.0
    )
    assert progress_sentence(before, "95%").endswith(
        "2025年目标（达1500亿元）本期不计算完成率；按序时进度和插值参考线（非文件指标）对照，"
        "1—6月营业收入慢于序时进度2.0个百分点。"
    )


def test_flash_of_december_stands_until_the_census_and_closes_nothing(progress):
    waiting = with_row(
        progress["revenue_2025"],
        as_of_period="2026-02",
        actual_value=1505e8,
        ci_low=1480e8,
        ci_high=1530e8,
        completion_pct=100.3,
        planned_value=1500e8,
        schedule_gap_pp=0.3,
        verdict="快报测算尚难判定",
    )
    assert progress_sentence(waiting, "95%") == (
        "据抽样快报测算，2025年1—12月，全市人力资源服务业实现营业收入（含代收代付）1505.00亿元"
        "（95%置信区间为1480.00亿—1530.00亿元）。1—12月营业收入相当于2025年目标（达1500亿元）的100.3%，"
        "快报测算尚难判定。"
    )


@pytest.mark.parametrize(
    ("gap", "planned", "expected"),
    [
        (2.46, 90, "快于序时进度2.5个百分点"),
        (-2.44, 130, "慢于序时进度2.4个百分点"),
        (-2.44, 105, "慢于序时进度2.4个百分点（差异在抽样误差范围内）"),
        (0.04, 100, "与序时进度持平"),
    ],
)
def test_schedule_clause_claims_no_more_than_the_interval(gap, planned, expected):
    row = {"schedule_gap_pp": gap, "planned_value": planned, "ci_low": 95.0, "ci_high": 110.0}
    assert schedule_clause(row) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3703, "多285家"), (3400, "少18家"), (3418.4, "插值参考线（非文件指标）持平")],
)
def test_stock_is_set_against_its_line_in_its_own_unit(progress, value, expected):
    told = progress_sentence(with_row(progress["institutions_2025"], actual_value=value), "95%")
    assert told.endswith(f"{expected}。")


def test_path_has_every_year_from_the_base_to_the_target(progress):
    path = progress["revenue_2025"].path
    assert [year.label for year in path] == [
        "2021年",
        "2022年",
        "2023年",
        "2024年",
        "2025年1—6月",
    ]
    assert [year.is_final for year in path] == [True] * 4 + [False]
    assert [year.due is not None for year in path] == [False] * 4 + [True]
    assert [number(year.actual["value"], 0) for year in path[:2]] == ["61805000000", "77000000000"]
    assert [year.plan.node_type for year in path] == ["基期", *["插值参考线"] * 3, "文件指标"]


def test_year_without_its_final_figure_shows_its_last_flash(marts):
    late = [row for row in marts.years if row["year"] != "2024"]
    path = read_progress(dataclasses.replace(marts, years=late), load_catalog())[3].path
    assert [(year.label, year.is_final) for year in path[2:4]] == [
        ("2023年", True),
        ("2024年1—12月", False),
    ]


def test_path_of_a_stock_takes_the_year_ends(progress):
    path = progress["institutions_2025"].path
    assert [year.plan.node_type for year in path] == ["基期", *["插值参考线"] * 3, "文件指标"]
    assert path[-1].label == "2025年6月末"


def test_published_figure_comes_before_a_count_of_the_same_year(marts):
    published = next(row for row in marts.years if row["year"] == "2021")
    census = {**published, "actual_basis": "census", "value": 1}
    both = dataclasses.replace(marts, years=[census, *marts.years])
    first = read_progress(both, load_catalog())[0].path[0]
    assert first.actual["actual_basis"] == "published"


def test_headline_is_the_nearest_target_year_not_over(progress):
    all_of_them = list(progress.values())
    for period, year in (("2023-12", "2023"), ("2024-02", "2025"), ("2026-03", "2025")):
        chosen = headline(all_of_them, period)
        assert {item.target.target_period for item in chosen} == {year}
        assert len(chosen) == 3
    assert headline([], "2025-06") == []


def test_target_unknown_to_the_catalog_is_an_error(marts):
    strange = dataclasses.replace(marts, targets=[{**marts.targets[0], "target_id": "other"}])
    with pytest.raises(ValueError, match="目录中没有目标other"):
        read_progress(strange, load_catalog())
