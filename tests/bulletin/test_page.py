import dataclasses
import json
import re
from html.parser import HTMLParser

import pytest

from pipelines.bulletin.issue import DRAFT
from pipelines.bulletin.page import render_bulletin, write_bulletin
from pipelines.catalog.load import load_catalog
from tests.bulletin.conftest import HOSTILE_FORMULA, HOSTILE_NAME

LOADING = {"src", "srcset", "href", "action", "data", "poster", "background", "formaction"}
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """What a page consists of: its tags with attributes, its text, whether its tags nest."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.styles: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.styles.append(data)
        elif not self.open or self.open[-1] != "script":
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def parsed(page):
    return Page(page)


def test_page_parses_and_is_chinese(parsed):
    assert parsed.open == []
    assert parsed.all("html") == [{"lang": "zh-CN"}]


def test_page_loads_nothing(parsed):
    for _, attributes in parsed.tags:
        for name in LOADING & attributes.keys():
            assert attributes[name].startswith(("#", "data:,"))
        assert "url(" not in (attributes.get("style") or "")
    styles = "".join(parsed.styles)
    assert styles
    assert "url(" not in styles
    assert "@import" not in styles
    assert "http" not in styles
    assert not any("src" in attributes for attributes in parsed.all("script"))


def test_page_forbids_itself_to_load_anything(parsed):
    (policy,) = [item["content"] for item in parsed.all("meta") if "http-equiv" in item]
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy


def test_every_chart_has_data_words_and_a_table(parsed):
    charts = [item for item in parsed.all("div") if item.get("class") == "chart"]
    assert len(charts) == 11
    data = [item["data-chart"] for item in parsed.all("script") if "data-chart" in item]
    assert [item["id"] for item in charts] == data
    assert all(item["aria-label"] for item in charts)
    assert len(parsed.all("figcaption")) == len(charts)
    assert len(parsed.all("table")) > len(charts)
    text = "".join(parsed.text)
    tables_alone = 3  # 主要指标, 机构增减, 分区县
    for words in (
        "数据来源：",
        "数据性质：",
        "数据截至2025年6月30日。版次号：2025-06-0123456789ab。",
    ):
        assert text.count(words) == len(charts) + tables_alone
    assert text.count("单位：亿元。") == 3


def test_ids_are_unique(parsed):
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = [item["href"].removeprefix("#") for item in parsed.all("a")]
    assert set(anchors) <= set(ids)


def test_sections_and_notes(page):
    for heading in (
        "一、目标进展",
        "二、主要指标",
        "三、分区县",
        "四、分业态和机构类型",
        "五、报送情况",
        "六、报送数据质量",
        "附注",
    ):
        assert f"<h2>{heading}</h2>" in page
    assert "部分数据因四舍五入的原因，存在总计与分项合计不等的情况" in page
    assert "插值参考线（非文件指标）" in page
    assert "A1：原文未写营收口径和统计范围" in page
    assert "政策文本未规定快报频率" in page


def test_agencies_missing_from_an_annual_total_are_told(page):
    assert "2023年：年末名录3302家，已报3259家，未报机构不作推算。" in page


def test_made_up_data_is_marked_on_every_chart_and_table(page, marts):
    tables = page.count("<caption>") + page.count("<figcaption>")
    assert page.count('<span class="made-up">模拟数据</span>') >= tables
    assert "模拟数据：除注明来源的已公布数据外，本页数据均为演示编造" in page
    assert "模拟数据" not in render_bulletin(
        marts, load_catalog(), made_up=False, issue=DRAFT
    ).replace("示例人力资源服务有限公司（模拟）", "")


def test_names_given_by_agencies_are_text(page, parsed):
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not any("evil" in (item["href"] or "") for item in parsed.all("a"))


def test_hostile_names_in_charts_stay_in_their_data(marts):
    hostile = "</script><script>alert(1)</script>"
    response = [{**row, "reporting_unit_name": hostile} for row in marts.response]
    page = render_bulletin(
        dataclasses.replace(marts, response=response), load_catalog(), made_up=False, issue=DRAFT
    )
    assert hostile not in page
    assert len(Page(page).all("script")) == len(Page(page).all("figure")) + 2


def test_figures_of_plotly_are_not_rounded_to_floats_that_json_lacks(page):
    assert not re.search(r'data-chart="[^"]+">[^<]*(NaN|Infinity)', page)


def test_status_has_a_shape_and_two_classes_a_shape_of_their_own(page):
    assert "序时状态：▲ 快于预期" in page
    assert "序时状态：◇ 基本符合或略慢" in page


def section(page, name):
    """Return the HTML of one section."""
    return page.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def test_no_findings_are_said_in_one_sentence(marts):
    without = dataclasses.replace(marts, findings=[], quality=[])
    page = render_bulletin(without, load_catalog(), made_up=False, issue=DRAFT)
    text = "".join(Page(f"<section{section(page, 'quality')}</section>").text)
    assert text.split() == ["六、报送数据质量", "本期报送的数据没有发现问题。"]


def test_period_without_findings_still_shows_how_it_went_before(marts):
    earlier = [row for row in marts.quality if row["period"] < "2025-06"]
    without = dataclasses.replace(marts, findings=[], quality=earlier)
    html = section(render_bulletin(without, load_catalog(), made_up=False, issue=DRAFT), "quality")
    assert "本期报送的数据没有发现问题。" in html
    assert re.findall(r'data-chart="([^"]+)"', html) == ["chart-quality-months"]
    assert "此前各期另有1条待说明，见各期快报。" in html


def test_quality_has_a_page_of_its_own_and_is_in_the_contents(page, parsed):
    assert any(item["href"] == "#quality" for item in parsed.all("a"))
    assert '<section id="quality" class="new-page">' in page
    assert ".new-page { break-before: page; }" in "".join(parsed.styles)


def test_quality_says_its_state_first(page):
    html = section(page, "quality")
    sentence = (
        "本期审核发现问题9条，其中强制性7条、核实性2条；"
        "目前待更正6条，待说明1条，已说明1条，已办结1条。"
    )
    assert 0 < html.index(sentence) < html.index("data-chart")


def test_findings_name_their_place_and_never_their_codes(page):
    text = "".join(Page(f"<section{section(page, 'quality')}</section>").text)
    for code in ("not_a_number", "placed_within_served", "mandatory", "review", "accepted", "open"):
        assert code not in text
    assert "A06 帮助实现就业和流动不超过服务人员总数" in text


def test_long_lists_are_cut_and_say_where_the_rest_is(marts):
    (standing,) = (row for row in marts.findings if row["finding_no"] == 7)
    many = [{**standing, "finding_id": str(number)} for number in range(33)]
    page = render_bulletin(
        dataclasses.replace(marts, findings=many), load_catalog(), made_up=False, issue=DRAFT
    )
    html = section(page, "quality")
    assert "下列33条核实性问题所涉数据已经计入汇总数" in html
    assert html.count('<td class="text">C12</td>') == 30
    assert "表中为前30条，另有3条见各报告期退回清单（returns 文件夹）。" in html


def test_rules_not_drawn_are_in_the_table(marts):
    rows = [{**marts.quality[-1], "rule_code": f"r{n}", "rule_name": f"规则{n}"} for n in range(17)]
    page = render_bulletin(
        dataclasses.replace(marts, quality=rows), load_catalog(), made_up=False, issue=DRAFT
    )
    html = section(page, "quality")
    assert "图中为问题最多的15项规则，其余2项见表。" in html
    assert all(f"规则{number}</th>" in html for number in range(17))


@pytest.mark.parametrize(
    "text", [HOSTILE_NAME, HOSTILE_FORMULA, "</script><script>alert(1)</script>", "'\"><b>点我</b>"]
)
def test_what_agencies_write_into_findings_stays_text(marts, text):
    findings = [
        {**row, "agency_name": text, "raw_text": text, "message": text, "explanation": text}
        for row in marts.findings
    ]
    quality = [{**row, "rule_name": text, "reporting_unit_name": text} for row in marts.quality]
    response = [{**row, "reporting_unit_name": text} for row in marts.response]
    hostile = dataclasses.replace(marts, findings=findings, quality=quality, response=response)
    page = render_bulletin(hostile, load_catalog(), made_up=False, issue=DRAFT)
    parsed = Page(page)
    plain = Page(render_bulletin(marts, load_catalog(), made_up=False, issue=DRAFT))
    assert {name for name, _ in parsed.tags} == {name for name, _ in plain.tags}
    assert len(parsed.all("script")) == len(parsed.all("figure")) + 2
    assert text in "".join(Page(f"<section{section(page, 'quality')}</section>").text)
    for data in re.findall(r'data-chart="[^"]+">(.*?)</script>', page, re.DOTALL):
        assert "<" not in data
        drawn = json.dumps(json.loads(data), ensure_ascii=False)
        assert not re.search(r"<(?!br>|extra>|/extra>)", drawn)


def test_same_marts_give_the_same_page(marts, page):
    assert render_bulletin(marts, load_catalog(), made_up=True, issue=DRAFT) == page


def test_page_is_written_whole(root):
    path = write_bulletin(root, "2025-06", made_up=True, issue=DRAFT)
    assert path == root.reports / "bulletin-2025-06.html"
    assert path.read_text(encoding="utf-8").endswith("</html>")
    assert path.stat().st_size < 8_000_000
    assert [item.name for item in root.reports.glob("*.tmp")] == []
