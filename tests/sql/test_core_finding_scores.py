# ruff: noqa: E501 - a row of a table stays on one line
"""core_finding_scores: how much each open finding may move the total, and where review may stop."""

from typing import Any

import numpy as np
import pytest

Row = dict[str, Any]

SETTINGS = [{"priority_remainder_pct": 1}]
INDICATORS = """
    indicator_code
    revenue_booked
    revenue_incl
    people_served
    placements
"""
PERIODS = """
    period  year previous_period
    2024-05 2024 -
    2025-04 2025 -
    2025-05 2025 2025-04
    2025-06 2025 2025-05
"""


def frame(period: str, agencies: str, **more: Any) -> list[Row]:
    usual = {"stratum_code": "S", "is_sampled": True}
    return [{"period": period, "credit_code": agency, **usual, **more} for agency in agencies]


def values(period: str, indicator: str, **by_agency: float) -> list[Row]:
    return [
        {
            "period": period,
            "indicator_code": indicator,
            "measure_code": "ytd",
            "credit_code": agency,
            "stratum_code": "S",
            "value": value,
        }
        for agency, value in by_agency.items()
    ]


def weight(period: str, indicator: str, number: float, stratum: str = "S") -> Row:
    key = {"period": period, "indicator_code": indicator, "stratum_code": stratum}
    return {**key, "measure_code": "ytd", "weight": number}


def finding(
    number: int, agency: str | None, indicator: str | None = "placements", **more: Any
) -> Row:
    return {
        "finding_no": number,
        "form_code": "flash_report",
        "period": "2025-06",
        "credit_code": agency,
        "indicator_code": indicator,
        "submission_state": "accepted",
        "severity": "review",
        "state": "open",
        **more,
    }


@pytest.fixture
def score(build):
    """Score findings and return their rows by number."""

    def score_all(findings: list[Row], **given: Any) -> dict[int, Row]:
        tables = {"ref_settings": SETTINGS, "ref_indicators": INDICATORS, "core_periods": PERIODS}
        rows = build("core_finding_scores", core_findings=findings, **tables | given)
        return {row["finding_no"]: row for row in rows}

    return score_all


def test_a_case_worked_by_hand(score):
    """Weight 2. A and B are sound: the link is (110 + 220)/(100 + 200) = 1.1.

    C's 3,600,000 should be 300 × 1.1 = 330, D's missing report 10 × 1.1 = 11, E's 549 should be 550.
    The total is 2 × (110 + 220 + 330 + 550) = 2,420: C counts with what it should be, D not at all.
    """
    rows = score(
        [
            finding(1, "E"),
            finding(2, "C"),
            finding(3, "D", "employers_served", submission_state="refused", severity="mandatory"),
        ],
        core_frame=frame("2025-06", "ABCDE"),
        core_weights=[weight("2025-06", "placements", 2)],
        core_sample_values=values("2025-05", "placements", A=100, B=200, C=300, D=10, E=500)
        + values("2025-06", "placements", A=110, B=220, C=3_600_000, E=549),
    )
    assert rows[2]["score"] == pytest.approx(100 * 2 * (3_600_000 - 330) / 2420)
    assert rows[3]["score"] == pytest.approx(100 * 2 * 11 / 2420)
    assert rows[1]["score"] == pytest.approx(100 * 2 * 1 / 2420)
    assert rows[3]["score_indicator_code"] == "placements"
    # D's 0.909% and E's 0.083% together are less than 1% of the total.
    assert [rows[number]["is_priority"] for number in (1, 2, 3)] == [False, True, False]


def test_review_stops_where_the_rest_stays_below_one_per_cent(score):
    """Of 10,000 the effects are 0.4, 0.5, 0.6 and 5%: 0.4 + 0.5 < 1 <= 0.4 + 0.5 + 0.6."""
    before = {"A": 6000, "B": 1000, "C": 1000, "D": 1000, "E": 1000}
    rows = score(
        [finding(1, "B"), finding(2, "C"), finding(3, "D"), finding(4, "E"), finding(5, "B")],
        core_frame=frame("2025-06", "ABCDE"),
        core_weights=[weight("2025-06", "placements", 1)],
        core_sample_values=values("2025-05", "placements", **before)
        + values("2025-06", "placements", A=6000, B=1040, C=950, D=1060, E=1500),
    )
    assert {number: row["score"] for number, row in rows.items()} == pytest.approx(
        {1: 0.4, 2: 0.5, 3: 0.6, 4: 5, 5: 0.4}
    )
    assert [number for number, row in rows.items() if row["is_priority"]] == [3, 4]


def test_what_is_expected_without_the_period_before(score):
    """B from the year before (link 440/400), C as the mean of the sound ones: (440 + 0)/1."""
    rows = score(
        [finding(1, "B", period="2025-05"), finding(2, "C", period="2025-05")],
        core_periods=PERIODS.replace("2025-05 2025 2025-04", "2025-05 2025 -"),
        core_frame=frame("2025-05", "ABC"),
        core_weights=[weight("2025-05", "placements", 1)],
        core_sample_values=values("2024-05", "placements", A=400, B=100)
        + values("2025-05", "placements", A=440, B=0, C=40),
    )
    total = 440 + 110 + 440
    assert rows[1]["score"] == pytest.approx(100 * 110 / total)
    assert rows[2]["score"] == pytest.approx(100 * 400 / total)


def test_without_a_sound_agency_the_link_is_one(score):
    rows = score(
        [finding(1, "A")],
        core_frame=frame("2025-06", "A"),
        core_weights=[weight("2025-06", "placements", 3)],
        core_sample_values=values("2025-05", "placements", A=100)
        + values("2025-06", "placements", A=150),
    )
    assert rows[1]["score"] == pytest.approx(50)


def test_a_finding_on_the_submission_takes_the_largest_of_the_main_totals(score):
    now = {"A": 100, "B": 100}
    rows = score(
        [finding(1, "B", None)],
        core_frame=frame("2025-06", "AB"),
        core_weights=[weight("2025-06", code, 1) for code in ("placements", "people_served")],
        core_sample_values=values("2025-05", "placements", **now)
        + values("2025-06", "placements", A=100, B=110)
        + values("2025-05", "people_served", **now)
        + values("2025-06", "people_served", A=100, B=160),
    )
    assert rows[1]["score"] == pytest.approx(30)
    assert rows[1]["score_indicator_code"] == "people_served"


def test_who_is_not_asked_moves_nothing_and_who_is_unknown_has_no_score(score):
    """N is registered but not sampled, U is in no register; rows and files have no agency."""
    rows = score(
        [
            finding(1, "N"),
            finding(2, "U", submission_state="refused", severity="mandatory"),
            finding(3, None, None, submission_state="refused", severity="mandatory"),
            finding(4, None, None),
            finding(5, "A", "size_class", form_code="register", period="2025-06"),
            finding(6, "A", state="explained"),
            finding(7, "A", state="closed"),
        ],
        core_frame=frame("2025-06", "A") + frame("2025-06", "N", is_sampled=False),
        core_weights=[weight("2025-06", "placements", 1)],
        core_sample_values=values("2025-06", "placements", A=100),
    )
    assert {number: (row["score"], row["is_priority"]) for number, row in rows.items()} == {
        1: (0, False),
        2: (None, True),
        3: (None, True),
        4: (None, False),
        5: (None, False),
    }


def test_an_accepted_version_stands_for_a_refused_one(score):
    """A's refused second report leaves its first in the total: nothing is missing."""
    rows = score(
        [finding(1, "A", submission_state="refused", severity="mandatory")],
        core_frame=frame("2025-06", "AB"),
        core_weights=[weight("2025-06", "placements", 1)],
        core_sample_values=values("2025-05", "placements", A=100, B=100)
        + values("2025-06", "placements", A=120, B=120),
    )
    assert rows[1]["score"] == pytest.approx(0)


def test_annual_returns_count_once_each(score):
    """No weights in a full count; the link is 110/100, C is expected to have 220."""
    annual = {
        "form_code": "annual_return",
        "indicator_code": "placements",
        "measure_code": "annual",
    }
    observed = [
        {**annual, "period": period, "credit_code": agency, "value": value}
        for period, agency, value in (
            ("2023", "A", 100),
            ("2023", "C", 200),
            ("2024", "A", 110),
            ("2024", "C", 330),
        )
    ]
    rows = score(
        [finding(1, "C", form_code="annual_return", period="2024")],
        core_frame=[
            row for period in ("2023", "2024") for row in frame(period, "AC", is_sampled=False)
        ],
        core_observations=observed,
    )
    assert rows[1]["score"] == pytest.approx(100 * 110 / 330)


def industry(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[int, float]]:
    """Return 400 agencies of May, of June, of June as reported, and the reported by position.

    Sixty reports are wrong: slips of the unit, lost digits, and many small slips of the pen.
    """
    rng = np.random.default_rng(seed)
    before = np.round(np.exp(rng.normal(6, 1.5, 400))) + 1
    now = np.round(before * np.exp(rng.normal(0.18, 0.05, 400)))
    wrong = rng.choice(400, 60, replace=False)
    factors = np.concatenate([[10_000, 1000, 10, 0.1], 1 + rng.uniform(-0.6, 0.6, 56)])
    reported = now.copy()
    reported[wrong] = np.round(now[wrong] * factors)
    return before, now, reported, {int(p): float(reported[p]) for p in wrong}


@pytest.mark.parametrize("seed", range(4))
def test_reviewing_only_what_has_priority_brings_the_total_within_one_per_cent(score, seed):
    before, now, reported, wrong = industry(seed)
    names = [f"N{number:03}" for number in range(400)]
    rows = score(
        [finding(position, names[position]) for position in wrong],
        core_frame=frame("2025-06", names),
        core_weights=[weight("2025-06", "placements", 5)],
        core_sample_values=values("2025-05", "placements", **dict(zip(names, before, strict=True)))
        + values("2025-06", "placements", **dict(zip(names, reported, strict=True))),
    )
    reviewed = [position for position, row in rows.items() if row["is_priority"]]
    corrected = reported.copy()
    corrected[reviewed] = now[reviewed]
    assert 0 < len(reviewed) < len(wrong) / 2
    assert corrected.sum() == pytest.approx(now.sum(), rel=0.01)
    assert reported.sum() != pytest.approx(now.sum(), rel=0.01)
    # A slip by ten thousand stands at the top, whatever it does to its own total.
    scores = {position: row["score"] for position, row in rows.items()}
    assert max(scores, key=scores.__getitem__) == max(
        wrong, key=lambda position: abs(reported[position] - now[position])
    )
