from decimal import Decimal

import pytest

from pipelines.bulletin import words
from pipelines.bulletin.words import Shown

REVENUE = Shown("行业营业收入（含代收代付）", "亿元", Decimal(100_000_000))
AGENCIES = Shown("人力资源服务机构总数", "家", Decimal(1))


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.125, 2, "0.13"),  # half-even would say 0.12
        (1.005, 2, "1.01"),  # the float is below the half that its text says
        (Decimal("2.345"), 2, "2.35"),
        (-0.125, 2, "−0.13"),
        (-0.001, 2, "0.00"),
        (2.5, 0, "3"),
        (1e21, 0, "1000000000000000000000"),
        (7, 2, "7.00"),
    ],
)
def test_numbers_are_rounded_half_up_once(value, decimals, expected):
    assert words.number(value, decimals) == expected


def test_money_has_two_decimals_and_counts_none():
    assert REVENUE.amount(684_524_999_999.0) == "6845.25亿元"
    assert AGENCIES.amount(3703.0) == "3703家"


def test_nothing_is_a_dash():
    assert REVENUE.number(None) == "—"
    assert REVENUE.amount(None) == "—"
    assert REVENUE.interval(None, None) == "—"
    assert words.percent(None) == "—"
    assert words.count(None) == "—"


def test_interval_repeats_the_power_of_ten_but_not_the_unit():
    assert REVENUE.interval_amount(1e8, 1.2e8) == "1.00亿—1.20亿元"
    assert AGENCIES.interval_amount(3, 5) == "3—5家"


@pytest.mark.parametrize(
    ("status", "expected"),
    [("发布", "1.50"), ("样本不足，不发布", "样本不足"), ("层内无样本，不发布", "层内无样本")],
)
def test_withheld_value_says_why(status, expected):
    row = {
        "publication_status": status,
        "value": 1.5e8 if status == "发布" else None,
        "indicator_name": REVENUE.name,
        "display_unit": REVENUE.unit,
        "display_factor": REVENUE.factor,
    }
    assert words.value_text(row) == expected


@pytest.mark.parametrize(
    ("value", "is_met", "expected"),
    [
        (99.94, False, "99.9%"),
        (99.95, False, "99.9%（未达）"),
        (100.0, False, "99.9%（未达）"),  # exactly 3500 where more than 3500 is asked
        (100.0, True, "100.0%"),
        (105.84, True, "105.8%"),
        (None, False, "—"),
    ],
)
def test_completion_never_reads_full_while_unmet(value, is_met, expected):
    assert words.completion_text(value, is_met) == expected


@pytest.mark.parametrize(
    ("comparator", "actual", "expected"),
    [(">", 3500, False), (">", 3501, True), (">=", 3500, True), (">=", None, False)],
)
def test_met_is_judged_by_the_comparator(comparator, actual, expected):
    row = {"comparator": comparator, "actual_value": actual, "target_value": Decimal(3500)}
    assert words.is_met(row) is expected


@pytest.mark.parametrize("verdict", ["已达成", "未达成", "提前实现"])
def test_estimate_may_not_close_a_target(verdict):
    row = {"verdict": verdict, "actual_basis": "estimate", "target_id": "revenue"}
    with pytest.raises(ValueError, match="快报测算值不得使用"):
        words.verdict_text(row)
    assert words.verdict_text(row | {"actual_basis": "census"}) == verdict


def test_estimate_may_be_expected_to_reach_its_target():
    row = {"verdict": "快报测算预计达到", "actual_basis": "estimate", "target_id": "revenue"}
    assert words.verdict_text(row) == "快报测算预计达到"


@pytest.mark.parametrize(
    ("severity", "state", "expected"),
    [
        ("mandatory", "open", "待更正"),
        ("mandatory", "closed", "已办结"),
        ("review", "open", "待说明"),
        ("review", "explained", "已说明"),
        ("review", "closed", "已办结"),
    ],
)
def test_findings_are_to_be_corrected_or_explained(severity, state, expected):
    assert words.finding_state_text(severity, state) == expected


def test_mandatory_finding_cannot_be_explained_away():
    with pytest.raises(KeyError):
        words.finding_state_text("mandatory", "explained")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12345", "12345"), ("123456", "12345…"), ("1\n 2", "1 2"), (None, "—")],
)
def test_what_agencies_write_is_cut_to_one_line(text, expected):
    assert words.shortened(text, 5) == expected


def test_periods_are_named_as_releases_do():
    assert words.period_name("2025-06", "M") == "2025年6月"
    assert words.period_name("2025-02", "M2") == "2025年1—2月"
    assert words.year_to_date_name("2025-12") == "1—12月"
    assert words.year_to_date_name("2025-01") == "1月"
    assert words.last_day("2024-02") == "2024年2月29日"
