import pytest

from pipelines.bulletin import tables
from pipelines.bulletin.quality import read_quality


@pytest.fixture
def found(marts):
    return read_quality(marts)


def cells(table, name):
    rows = [row for body in table.bodies for row in body.rows if row[0] == name]
    assert len(rows) == 1
    return list(rows[0])


def test_every_row_has_a_cell_for_every_column(marts, progress, found):
    made = [
        tables.path_table(progress["revenue_2025"], "95%"),
        tables.verdict_table(list(progress.values()), "95%"),
        tables.indicator_table(marts.industry, "2025-06", "M", "95%"),
        tables.district_table(marts.districts, ["institutions", "placements"], "2025-06", "95%"),
        tables.domain_table(marts.business_lines, "business_line_name", "业态", "2025-06", "95%"),
        tables.response_table(marts.response),
        tables.refused_table(marts.findings),
        tables.rules_table(found.rules),
        tables.units_table(found.units, found.total),
        tables.months_table(found.months),
        tables.agencies_table(found.agencies),
        tables.standing_table(found.standing),
        tables.explained_table(found.explained),
    ]
    for table in made:
        rows = [row for body in table.bodies for row in body.rows]
        assert rows
        assert {len(row) for row in rows} == {len(table.columns)}


def test_indicators_stand_with_month_total_and_intervals(marts):
    table = tables.indicator_table(marts.industry, "2025-06", "M", "95%")
    assert cells(table, "行业营业收入（含代收代付）") == [
        "行业营业收入（含代收代付）",
        "亿元",
        "120.29",
        "109.68—130.90",
        "684.52",
        "656.34—712.69",
        "快报数",
    ]
    groups = [column.group for column in table.columns[2:6]]
    assert groups == [*["本期（6月）"] * 2, *["年内累计（1—6月）"] * 2]


def test_first_period_of_a_year_keeps_period_and_total_apart(marts):
    table = tables.indicator_table(marts.industry, "2025-02", "M2", "95%")
    groups = [column.group for column in table.columns[2:6]]
    assert groups == [*["本期（1—2月）"] * 2, *["年内累计（1—2月）"] * 2]


def test_stock_stands_at_the_end_of_the_period_and_has_no_total(marts):
    table = tables.indicator_table(marts.industry, "2025-06", "M", "95%")
    row = cells(table, "人力资源服务机构总数（期末）")
    assert row[1:] == ["家", "3703", "—", "—", "—", "快报数"]


def test_methods_are_named(marts):
    assert tables.methods_note(marts.industry, "2025-06") == (
        "本期数：累计之差推算；年内累计数：分层扩张估计；期末数：名录计数、分层扩张估计。"
    )


def test_month_without_previous_period_is_a_dash_not_a_guess(marts):
    totals = [row for row in marts.industry if row["measure_code"] == "ytd"]
    row = cells(tables.indicator_table(totals, "2025-06", "M", "95%"), "行业营业收入（含代收代付）")
    assert row[2:4] == ["—", "—"]


def test_districts_stand_in_the_order_of_divisions_not_of_values(marts):
    table = tables.district_table(marts.districts, ["institutions", "placements"], "2025-06", "95%")
    districts, functional = table.bodies
    assert [row[0] for row in districts.rows][:3] == ["万州区", "涪陵区", "渝中区"]
    assert len(districts.rows) == 38
    assert functional.heading == "功能区"
    assert [row[0] for row in functional.rows][-1] == "万盛经开区"


def test_a_redrawn_district_and_unplaced_agencies_are_told_once():
    rows = [
        {"area_name": "万州区", "area_type": "district", "has_series_break": False, "note": "甲。"},
        {"area_name": "北碚区", "area_type": "district", "has_series_break": True, "note": "乙。"},
        {"area_name": "北碚区", "area_type": "district", "has_series_break": True, "note": "乙。"},
        {
            "area_name": "未能承接",
            "area_type": "unplaced",
            "has_series_break": False,
            "note": "丙。",
        },
    ]
    assert tables.district_notes(rows) == ["北碚区：乙。", "未能承接：丙。"]


def test_district_with_few_respondents_is_withheld_with_their_number(marts):
    table = tables.district_table(marts.districts, ["institutions", "placements"], "2025-06", "95%")
    assert cells(table, "涪陵区") == ["涪陵区", "44", "样本不足", "—", "7"]


def test_series_has_a_row_a_month_and_columns_by_year(marts):
    rows = [
        row
        for row in marts.industry
        if row["indicator_code"] == "placements" and row["measure_code"] == "month"
    ]
    table = tables.series_table(rows, "95%")
    assert [row[0] for row in table.bodies[0].rows][:2] == ["1—2月", "3月"]
    assert [column.group for column in table.columns[1:]] == [
        f"{year}年" for year in (2023, 2024, 2025) for _ in range(2)
    ]
    assert cells(table, "7月")[-2:] == ["—", "—"]


def test_path_names_what_is_no_document_figure(progress):
    table = tables.path_table(progress["revenue_2025"], "95%")
    assert cells(table, "2022年")[-2:] == ["838.54", "插值参考线（非文件指标）"]
    assert cells(table, "2025年1—6月")[1:] == [
        "684.52",
        "656.34—712.69",
        "快报数，分层扩张估计",
        "人力资源服务业抽样快报",
        "1500.00",
        "文件指标",
    ]
    assert cells(table, "2025年1—6月应达")[-2:] == ["743.84", "按序时进度"]


def test_figure_that_is_missing_has_no_nature():
    assert tables.nature({"actual_basis": None, "data_status": None}) == "—"


def test_published_figure_keeps_the_status_of_its_source(progress):
    published = progress["revenue_2025"].path[0].actual
    assert tables.nature(published) == "公布"


def test_verdicts_of_2023(progress):
    table = tables.verdict_table([progress["placements_2023"]], "95%")
    assert cells(table, "2023年帮助实现就业和流动人次")[1:] == [
        "达到380万人次",
        "376.20万人次",
        "—",
        "99.0%",
        "年报数，年报汇总",
        "未达成",
        "收入口径按假定A1。",
    ]


def test_findings_have_a_column_for_each_nature_and_each_state(found):
    table = tables.units_table(found.units, found.total)
    groups = {column.label: column.group for column in table.columns}
    assert [label for label in groups if groups[label] == "审核性质（条）"] == ["强制性", "核实性"]
    assert [label for label in groups if groups[label] == "处理情况（条）"] == [
        "待更正",
        "待说明",
        "已说明",
        "已办结",
    ]
    assert cells(table, "渝中区")[1:8] == ["8", "6", "2", "5", "1", "1", "1"]
    assert cells(table, "全市")[1:8] == ["9", "7", "2", "6", "1", "1", "1"]


def test_findings_say_where_they_stand_and_what_is_written_there(found):
    (row,) = tables.standing_table(found.standing).bodies[0].rows
    assert row[1:5] == ("渝中区", "服务效果", "C12", '=HYPERLINK("http://e…')
    assert "大于服务人员总数31，请核实" in row[5]


def test_explained_findings_carry_the_explanation(found):
    (row,) = tables.explained_table(found.explained).bodies[0].rows
    assert row[-1].startswith("含上年结转，")


def test_refused_file_says_what_became_of_it(marts):
    table = tables.refused_table([marts.findings[0], {**marts.findings[0], "state": "closed"}])
    assert [row[2] for row in table.bodies[0].rows] == ["待更正", "已办结"]


def test_finding_without_reporting_unit_says_so(found):
    (row,) = (
        tables.standing_table([{**found.standing[0], "reporting_unit_name": None}]).bodies[0].rows
    )
    assert row[1] == "报送单位不明"
