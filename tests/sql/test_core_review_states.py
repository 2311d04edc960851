"""core_review_states: how far each sampled agency is, and that silence is never approval."""

from __future__ import annotations

import itertools

import pytest

AGENCIES = "ABCDEFGH"
FRAME = "period credit_code reporting_unit_code is_sampled\n" + "\n".join(
    f"2025-06 {agency} 500103 true" for agency in AGENCIES
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


def states(build, seen: str, **given: str) -> dict[str, str]:
    found = build(
        "core_review_states",
        core_frame=FRAME,
        core_periods=PERIODS,
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


def test_what_nobody_reviewed_by_the_cut_off_is_said_to_be_so(build):
    found = states(build, "2025-07-24T08:00:00", core_review_decisions=DECISIONS)
    assert [agency for agency, label in found.items() if label == "未审"] == ["B", "G", "H"]


def test_a_locked_period_shows_what_was_not_reviewed(build):
    locks = """
        period
        2025-06
    """
    found = states(build, "2025-07-24T08:00:00", core_review_decisions=DECISIONS, core_locks=locks)
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
    locks = {"core_locks": "period\n2025-06"} if is_locked else {}
    found = states(build, seen, core_review_decisions="\n".join([head, *lines]), **locks)
    assert set(found.values()) <= {"未报", "已提交", "退回", "未审", "锁定", "锁定（未审）"}
