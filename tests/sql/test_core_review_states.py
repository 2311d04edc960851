"""core_review_states: how far each agency is, and that silence is never approval."""

from __future__ import annotations

import itertools
import random

import pytest

AGENCIES = "ABCDEFGH"
FRAME = "period period_type credit_code reporting_unit_code\n" + "\n".join(
    f"2025-06 M {agency} 500103" for agency in AGENCIES
)
PERIODS = """
    period  cut_off_date
    2025-06 2025-07-23
"""
VERSIONS = """
    receipt_no credit_code form_code    period  submission_state
    1          B           flash_report 2025-06 accepted
    1          C           flash_report 2025-06 accepted
    1          D           flash_report 2025-06 accepted
    1          E           flash_report 2025-06 accepted
    1          F           flash_report 2025-06 refused
    9          G           flash_report 2025-06 late
    1          H           flash_report 2025-06 superseded
    2          H           flash_report 2025-06 accepted
"""
DECISIONS = """
    receipt_no unit_row credit_code reviewed_receipt_no review_level decision  decision_state
    5          1        C           1                   district     explained effective
    5          2        D           1                   district     passed    effective
    6          2        D           1                   city         passed    effective
    5          3        E           1                   district     passed    effective
    6          3        E           1                   city         returned  effective
    5          4        B           1                   district     passed    refused
    5          5        H           1                   district     passed    superseded
"""
AREAS = """
    area_code area_type
    500000    city
    500103    district
"""
MONTH_LABELS = ("未报", "未审", "区县初审", "市级复审", "退回", "退回", "未审", "未审")


def states(build, seen: str, **given: str) -> dict[str, str]:
    found = build(
        "core_review_states",
        core_review_frame=FRAME,
        core_periods=PERIODS,
        ref_areas=AREAS,
        core_received_versions=VERSIONS,
        stg_files=f"""
            receipt_no first_seen_at
            1          2025-07-10T08:00:00
            9          {seen}
        """,
        **given,
    )
    return {row["credit_code"]: row["review_label"] for row in found}


def test_each_agency_is_in_one_state(build):
    """H reported anew after its review; B's decision was refused; G came late."""
    assert states(build, "2025-07-23T23:00:00", core_review_decisions=DECISIONS) == {
        "A": "未报",
        "B": "已提交",
        "C": "区县初审",
        "D": "市级复审",
        "E": "退回",
        "F": "退回",
        "G": "已提交",
        "H": "已提交",
    }


def test_the_city_s_pass_falls_with_the_district_s(build):
    """D's district has taken back its pass after the city's."""
    withdrawn = DECISIONS.replace(
        "5          2        D           1                   district     passed    effective",
        "7          2        D           1                   district     withdrawn effective",
    )
    found = states(build, "2025-07-24T08:00:00", core_review_decisions=withdrawn)
    assert found["D"] == "未审"


def test_what_nobody_reviewed_by_the_cut_off_is_said_to_be_so(build):
    found = states(build, "2025-07-24T08:00:00", core_review_decisions=DECISIONS)
    assert [agency for agency, label in found.items() if label == "未审"] == ["B", "G", "H"]


def test_a_locked_period_shows_what_was_not_reviewed(build):
    locks = """
        period
        2025-06
    """
    found = states(build, "2025-07-24T08:00:00", core_review_decisions=DECISIONS, stg_locks=locks)
    assert found == {
        "A": "未报",
        "B": "锁定（未审）",
        "C": "锁定",
        "D": "锁定",
        "E": "退回",
        "F": "退回",
        "G": "未审",
        "H": "锁定（未审）",
    }


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_year_s_review_is_due_when_it_is_locked(build, is_locked: bool) -> None:
    """2024 beside 2025-06, whose own decisions and reports are not the year's, nor its lock."""
    rows = build(
        "core_review_states",
        core_review_frame=FRAME
        + """
            2024    Y           A           500103
            2024    Y           B           500103
            2024    Y           C           500103
            2024    Y           D           500000
            2024    Y           E           500103
        """,
        core_periods=PERIODS,
        ref_areas=AREAS,
        core_received_versions=VERSIONS
        + """
            3          B           annual_return 2024   accepted
            3          C           annual_return 2024   accepted
            3          D           annual_return 2024   accepted
            3          E           annual_return 2024   accepted
        """,
        core_review_decisions=DECISIONS
        + """
            7          1        C           3                   district     explained effective
            7          2        D           3                   city         passed    effective
            7          3        E           3                   district     returned  effective
        """,
        stg_files="""
            receipt_no first_seen_at
            1          2025-07-10T08:00:00
            9          2025-08-30T08:00:00
        """,
        **({"stg_locks": "period\n2024"} if is_locked else {}),
    )
    labels = {row["credit_code"]: row["review_label"] for row in rows if row["period"] == "2024"}
    assert labels == {
        "A": "未报",
        "B": "锁定（未审）" if is_locked else "已提交",
        "C": "锁定" if is_locked else "区县初审",
        "D": "锁定" if is_locked else "市级复审",
        "E": "退回",
    }
    month = {row["credit_code"]: row["review_label"] for row in rows if row["period"] != "2024"}
    assert month == dict(zip(AGENCIES, MONTH_LABELS, strict=True))


@pytest.mark.parametrize("seen", ["2025-07-11T08:00:00", "2025-08-30T08:00:00"])
@pytest.mark.parametrize("is_locked", [False, True])
def test_nobody_is_reviewed_without_a_decision(build, seen: str, is_locked: bool) -> None:
    """All kinds of decisions that have no effect, on every agency, pass nothing."""
    kinds = itertools.product(
        AGENCIES,
        (1, 2),
        ("district", "city"),
        (("passed", "refused"), ("passed", "superseded"), ("withdrawn", "effective")),
    )
    lines = [
        f"5 {number} {agency} {version} {level} {decision} {state}"
        for number, (agency, version, level, (decision, state)) in enumerate(kinds, start=1)
    ]
    head = (
        "receipt_no unit_row credit_code reviewed_receipt_no review_level decision decision_state"
    )
    locks = {"stg_locks": "period\n2025-06"} if is_locked else {}
    found = states(build, seen, core_review_decisions="\n".join([head, *lines]), **locks)
    assert set(found.values()) <= {"未报", "已提交", "退回", "未审", "锁定", "锁定（未审）"}


@pytest.mark.parametrize("seed", range(12))
def test_who_is_reviewed_has_a_decision_on_the_very_version_that_counts(build, seed: int) -> None:
    """Versions and reviews come in any order, reviews of any version by both levels."""
    rng = random.Random(seed)
    receipts = list(range(1, 25))
    versions = [
        {
            "receipt_no": receipt,
            "credit_code": agency,
            "form_code": "flash_report",
            "period": "2025-06",
            "submission_state": "refused" if rng.random() < 0.2 else "accepted",
        }
        for receipt in receipts[::2]
        for agency in AGENCIES
        if rng.random() < 0.3
    ]
    for agency in AGENCIES:
        good = [
            each
            for each in versions
            if each["credit_code"] == agency and each["submission_state"] == "accepted"
        ]
        for each in good[:-1]:
            each["submission_state"] = "superseded"
    sent = {
        agency: [each["receipt_no"] for each in versions if each["credit_code"] == agency]
        for agency in AGENCIES
    }
    problems = [
        {"finding_no": number, "severity": "review"}
        | {key: each[key] for key in ("receipt_no", "credit_code")}
        for number, each in enumerate(versions)
    ]
    reviews = [
        {
            "receipt_no": receipt,
            "unit_row": row,
            "period": "2025-06",
            "credit_code": agency,
            "review_level": level,
            "reporting_unit_code": "500000" if level == "city" else "500103",
            "reviewed_receipt_no": rng.choice(sent[agency][-2:] or receipts[:1]),
            "decision": decision,
            "decision_text": decision,
            "reason": "理由",
        }
        for receipt in receipts[1::2]
        for level in [rng.choice(["city", "district", "district"])]
        for row, agency in enumerate(AGENCIES)
        for decision in [rng.choice(["passed", "returned", "explained", "withdrawn"])]
    ]
    decisions = build(
        "core_review_decisions",
        stg_reviews=reviews,
        core_review_frame=FRAME,
        core_received_versions=versions,
        core_problems=problems,
        ref_areas="area_code area_type\n500000 city",
    )
    rows = build(
        "core_review_states",
        core_review_frame=FRAME,
        core_periods=PERIODS,
        ref_areas=AREAS,
        core_received_versions=versions,
        core_review_decisions=decisions,
    )
    for row in rows:
        counted = max(
            (
                each["receipt_no"]
                for each in versions
                if each["credit_code"] == row["credit_code"]
                and each["submission_state"] == "accepted"
            ),
            default=None,
        )
        said = [
            each
            for each in reviews
            if each["credit_code"] == row["credit_code"]
            and each["reviewed_receipt_no"] == counted
            and each["receipt_no"] > (counted or 0)
        ]
        by_district = [each for each in said if each["review_level"] == "district"]
        if row["review_state"] == "district_reviewed":
            assert by_district[-1]["decision"] in ("passed", "explained")
        if row["review_state"] == "city_reviewed":
            assert any(each["decision"] in ("passed", "explained") for each in by_district)
        if not said:
            assert row["review_state"] in ("missing", "submitted", "returned")
    states = {row["review_state"] for row in rows}
    assert len(states) > 1
