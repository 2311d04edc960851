"""The findings as the bulletin counts and picks them, against counts made by hand."""

import dataclasses

import pytest

from pipelines.bulletin import quality
from pipelines.bulletin.quality import read_quality
from tests.bulletin.conftest import finding, quality_of

PARTS = {"rule_code": "employers_parts"}
JUMP = {"rule_code": "jump", "submission_state": "accepted"}
WANZHOU = {"reporting_unit_code": "500101", "reporting_unit_name": "万州区"}
NOWHERE = {"reporting_unit_code": None, "reporting_unit_name": None}
FINDINGS = (
    finding(1, **PARTS, credit_code="A", agency_name="甲公司"),
    finding(2, **PARTS, credit_code="A", agency_name="甲公司", state="closed"),
    finding(3, **JUMP, credit_code="A", agency_name="甲公司更名", state="explained"),
    finding(4, **JUMP, **WANZHOU, credit_code="B", agency_name="乙公司"),
    finding(5, **JUMP, **WANZHOU, credit_code="B", agency_name=None),
    finding(6, **PARTS, **WANZHOU, credit_code="C", agency_name=None, state="closed"),
    finding(7, **NOWHERE, rule_code="damaged", scope="file", credit_code=None),
)
EARLIER = (
    finding(8, **JUMP, period="2025-05"),
    finding(9, **JUMP, period="2025-05", credit_code="B"),
    finding(10, **PARTS, period="2025-05", state="closed"),
)


def reported(period, accepted, refused, code="TOTAL", name="全市"):
    return {
        "period": period,
        "reporting_unit_code": code,
        "reporting_unit_name": name,
        "accepted_count": accepted,
        "refused_count": refused,
    }


@pytest.fixture
def few(marts):
    return dataclasses.replace(
        marts,
        findings=FINDINGS,
        quality=quality_of([*EARLIER, *FINDINGS]),
        response=[
            reported("2025-06", 30, 10),
            reported("2025-06", 12, 4, "500101", "万州区"),
            reported("2025-06", 0, 0, "500102", "涪陵区"),
            reported("2025-06", 18, 6, "500103", "渝中区"),
        ],
        response_totals=[reported("2025-05", 18, 2), reported("2025-06", 30, 10)],
    )


def counts(tallies):
    return [(item.name, item.mandatory, item.review, *item.states.values()) for item in tallies]


def test_total_is_counted_by_nature_and_by_what_became_of_it(few):
    total = read_quality(few).total
    assert (total.total, total.open) == (7, 4)
    assert dict(total.states) == {"待更正": 2, "待说明": 2, "已说明": 1, "已办结": 2}
    assert quality.state_sentence(total) == (
        "本期审核发现问题7条，其中强制性4条、核实性3条；"
        "目前待更正2条，待说明2条，已说明1条，已办结2条。"
    )


def test_rules_stand_with_most_findings_first_and_carry_their_number(few):
    assert counts(read_quality(few).rules) == [
        ("A05 服务用人单位等于分项之和", 3, 0, 1, 0, 0, 2),
        ("A15 与上年同期相比增减在50%以内", 0, 3, 0, 2, 1, 0),
        ("文件没有损坏", 1, 0, 1, 0, 0, 0),
    ]
    assert [rule.agencies for rule in read_quality(few).rules] == [2, 2, 0]


def test_rules_of_one_name_are_one_bar(few):
    rows = [{**row, "rule_code": f"{row['rule_code']}_ytd"} for row in few.quality]
    found = read_quality(dataclasses.replace(few, quality=[*few.quality, *rows]))
    assert found.rules[0].name == "A05 服务用人单位等于分项之和"
    assert found.rules[0].total == 6
    assert len(found.rules) == 3


def test_units_stand_in_the_order_of_divisions_whoever_is_unknown_last(few):
    units = read_quality(few).units
    assert counts(units) == [
        ("万州区", 1, 2, 0, 2, 0, 1),
        ("涪陵区", 0, 0, 0, 0, 0, 0),
        ("渝中区", 2, 1, 1, 0, 1, 1),
        ("报送单位不明", 1, 0, 1, 0, 0, 0),
    ]
    assert [unit.rate_text for unit in units] == ["18.8", "—", "12.5", "—"]


def test_what_is_most_is_named(few):
    assert quality.most_sentence(read_quality(few)) == (
        "不符合最多的审核规则：A05 服务用人单位等于分项之和（3条）、"
        "A15 与上年同期相比增减在50%以内（3条）、文件没有损坏（1条）。"
        "问题最多的报送单位：万州区（3条）、渝中区（3条）、报送单位不明（1条）。"
    )


def test_periods_are_set_against_who_reported(few):
    months = read_quality(few).months
    assert [(month.name, month.total, month.rate_text) for month in months] == [
        ("2025年5月", 3, "15.0"),
        ("2025年6月", 7, "17.5"),
    ]
    assert quality.trend_text(months) == "2025年5月为15.0条，▲ 上升"


def test_thirteen_periods_are_shown(few):
    periods = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)][:18]
    totals = [reported(period, 10, 0) for period in periods]
    months = read_quality(dataclasses.replace(few, response_totals=totals)).months
    assert [months[0].name, months[-1].name, len(months)] == ["2024年6月", "2025年6月", 13]


@pytest.mark.parametrize(
    ("before", "said"),
    [(18, "▼ 下降"), (50, "▲ 上升"), (40, "与2025年5月持平"), (0, "没有可比的上期")],
)
def test_trend_compares_rates_not_numbers(few, before, said):
    of_both = [*FINDINGS, *({**row, "period": "2025-05"} for row in FINDINGS)]
    marts = dataclasses.replace(
        few,
        quality=quality_of(of_both),
        response_totals=[reported("2025-05", before, 0), reported("2025-06", 30, 10)],
    )
    assert quality.trend_text(read_quality(marts).months).endswith(said)


def test_agencies_with_most_findings_come_first_with_their_last_name(few):
    agencies = read_quality(few).agencies
    assert [
        (item.credit_code, item.name, item.mandatory, item.review, item.open) for item in agencies
    ] == [
        ("A", "甲公司更名", 2, 1, 1),
        ("B", "乙公司", 0, 2, 2),
        ("C", "—", 1, 0, 0),
    ]
    assert agencies[0].most_common == "A05 服务用人单位等于分项之和（2条）"


def test_ten_agencies_are_named_those_with_unsettled_findings_first(few):
    rows = [
        finding(number, credit_code=f"{number:02}", state="open" if number == 12 else "closed")
        for number in range(1, 13)
    ]
    agencies = read_quality(dataclasses.replace(few, findings=rows)).agencies
    assert [item.credit_code for item in agencies] == ["12", *(f"{n:02}" for n in range(1, 10))]


def test_review_findings_stand_until_explained_if_their_figures_count(few):
    refused = finding(11, rule_code="jump", submission_state="refused")
    found = read_quality(dataclasses.replace(few, findings=[*FINDINGS, refused]))
    assert [row["finding_no"] for row in found.standing] == [4, 5]
    assert [row["finding_no"] for row in found.explained] == [3]
    assert found.standing_before == 2


def test_finding_sent_again_unchanged_is_one(few):
    again = {**FINDINGS[3], "finding_no": 20, "receipt_no": 900}
    found = read_quality(dataclasses.replace(few, findings=[*FINDINGS, again]))
    assert [row["finding_no"] for row in found.standing] == [5, 20]
    agency = next(item for item in found.agencies if item.credit_code == "B")
    assert agency.review == 2


def test_finding_of_an_accepted_file_stands_though_a_later_file_was_refused(few):
    again = {**FINDINGS[3], "receipt_no": 900, "submission_state": "refused"}
    found = read_quality(dataclasses.replace(few, findings=[*FINDINGS, again]))
    assert [row["finding_no"] for row in found.standing] == [4, 5]


def test_findings_of_other_periods_and_folders_are_no_agency_of_this_one(few):
    others = [
        finding(30, credit_code="X", period="2025-05"),
        finding(31, credit_code="Y", folder="annual", period="2024"),
        finding(32, credit_code="Z", period=None),
    ]
    found = read_quality(dataclasses.replace(few, findings=others))
    assert found.agencies == []
