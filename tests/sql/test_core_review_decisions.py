# ruff: noqa: E501 - a row of a table stays on one line
"""core_review_decisions: which decisions take effect, and why the others do not."""

from __future__ import annotations

import pytest

FRAME = """
    period  credit_code reporting_unit_code
    2024    A           500103
    2024    B           500103
    2024    C           500105
    2025-06 A           500103
    2025-06 B           500103
    2025-06 C           500105
    2025-06 D           500000
"""
VERSIONS = """
    receipt_no credit_code form_code    period  submission_state
    1          A           flash_report 2025-06 superseded
    2          A           flash_report 2025-06 accepted
    2          B           flash_report 2025-06 refused
    2          C           flash_report 2025-06 accepted
    2          D           flash_report 2025-06 accepted
    20         C           flash_report 2025-06 late
"""
GIVEN = {
    "core_review_frame": FRAME,
    "core_received_versions": VERSIONS,
    "ref_areas": """
        area_code area_type
        500000    city
        500103    district
    """,
    "ref_reporting_units": """
        reporting_unit_code reporting_unit_name
        500000              市级直报
        500103              渝中区
        500105              江北区
    """,
    "core_problems": """
        finding_no receipt_no credit_code severity  compared_receipt_no
        1          2          A           review    -
        2          2          C           mandatory -
        3          2          C           review    1
    """,
}
TEXTS = {"passed": "通过", "returned": "退回", "explained": "说明采纳", "withdrawn": "撤回"}
HEAD = "receipt_no unit_row period credit_code review_level reporting_unit_code reviewed_receipt_no decision_text decision reason first_seen_at"


def rows(*decisions: str, together: int = 0) -> str:
    """Return rows of stg_reviews: receipt, agency, level, unit, version, decision, reason.

    Each comes in the second of its receipt, or all in the same one.
    """
    lines = []
    for number, decision in enumerate(decisions, start=1):
        receipt, agency, level, unit, version, code, reason = decision.split()
        text = TEXTS.get(code, code)
        known = code if code in TEXTS else "-"
        lines.append(
            f"{receipt} {number} 2025-06 {agency} {level} {unit} {version} {text} {known} {reason}"
            f" 2025-07-20T09:00:{(together or int(receipt)):02d}"
        )
    return "\n".join([HEAD, *lines])


def judge(build, *decisions: str, **given: str) -> list[tuple[str, str | None]]:
    found = build("core_review_decisions", stg_reviews=rows(*decisions), **GIVEN | given)
    return [(row["decision_state"], row["decision_note"]) for row in found]


@pytest.mark.parametrize(
    ("decision", "because"),
    [
        (
            "9 A district 500103 2 同意 -",
            "审核意见“同意”不是通过、退回、说明采纳、撤回之一，请从中选填",
        ),
        ("9 Z district 500103 2 passed -", "Z不在2025-06的样本中，请核对代码"),
        (
            "9 A city 500103 2 passed -",
            "市级复审由市里审核，报送单位应填全市的名称，区县请选“区县初审”",
        ),
        ("9 D district 500000 2 passed -", "市级直报的机构没有区县初审，请选“市级复审”"),
        ("9 C district 500103 2 passed -", "该机构由江北区报送，不由本单位审核，请删去本行的意见"),
        (
            "9 B district 500103 2 passed -",
            "本期还没有可采用的报送，无从审核，请在报来后用新的审核表审核",
        ),
        (
            "9 A district 500103 - passed -",
            "没有填受理号，现在采用的是第2号文件，请用新的审核表审核",
        ),
        (
            "9 A district 500103 1 passed -",
            "所审的第1号文件已不是采用的报送，现在采用的是第2号文件，请用新的审核表重新审核",
        ),
        ("9 A district 500103 2 returned -", "退回没有写理由，请补填理由"),
        ("9 A district 500103 2 explained -", "说明采纳没有写理由，请补填理由"),
        (
            "9 C district 500105 2 explained 已核实",
            "该机构的报送没有核实性问题，没有可采纳的说明，请填通过或退回",
        ),
        ("9 A district 500103 2 withdrawn -", "本级没有可撤回的审核意见，请删去本行的意见"),
        ("9 A city 500000 2 passed -", "渝中区还没有初审通过，市级不能复审，请先由区县初审"),
    ],
)
def test_a_decision_is_refused_with_its_reason(build, decision: str, because: str) -> None:
    assert judge(build, decision) == [("refused", f"不予采用：{because}。")]


def test_decisions_after_the_lock_are_refused(build) -> None:
    found = judge(
        build,
        "9 A district 500103 2 passed -",
        stg_locks="""
            period  locked_at
            2025-06 2025-07-20T08:59:59
        """,
    )
    assert found == [("refused", "不予采用：2025-06已锁定，请在解锁后再审核。")]


def test_the_city_reviews_what_a_district_passed_and_who_reports_to_it(build) -> None:
    """The city comes too early at first; C's district returned it; a passed one may be returned."""
    found = judge(
        build,
        "7 A city 500000 2 passed -",
        "8 A district 500103 2 explained 已核实",
        "8 C district 500105 2 returned 漏报",
        "9 A city 500000 2 returned 人数不符",
        "9 C city 500000 2 passed -",
        "9 D city 500000 2 passed -",
    )
    assert [state for state, _ in found] == [
        *("refused", "effective", "effective", "effective", "refused", "effective")
    ]


def test_of_files_that_come_together_those_of_districts_go_first(build) -> None:
    """The city's file is numbered before the district's, by its name."""
    decisions = ("7 A city 500000 2 passed -", "8 A district 500103 2 passed -")
    together = build("core_review_decisions", stg_reviews=rows(*decisions, together=9), **GIVEN)
    assert [row["decision_state"] for row in together] == ["effective", "effective"]


def test_the_last_decision_of_a_level_counts_and_may_be_withdrawn(build) -> None:
    found = judge(
        build,
        "7 A district 500103 2 passed -",
        "7 C district 500105 2 passed -",
        "8 A district 500103 2 returned 漏报",
        "8 C district 500105 2 withdrawn -",
        "9 C district 500105 2 withdrawn -",
        "9 A district 500103 1 passed -",
    )
    assert found == [
        ("superseded", "被第8号文件中的审核意见替代。"),
        ("superseded", "已由第8号文件撤回。"),
        ("effective", None),
        ("effective", None),
        ("refused", "不予采用：本级没有可撤回的审核意见，请删去本行的意见。"),
        (
            "refused",
            "不予采用：所审的第1号文件已不是采用的报送，现在采用的是第2号文件，请用新的审核表重新审核。",
        ),
    ]


def test_a_new_version_is_reviewed_anew_and_what_was_returned_stays_returned(build) -> None:
    """When both decisions came, the first versions counted; then both agencies reported anew."""
    found = judge(
        build,
        "7 A district 500103 1 passed -",
        "7 C district 500105 2 returned 漏报",
        core_received_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 superseded
            8          A           flash_report 2025-06 accepted
            2          C           flash_report 2025-06 superseded
            8          C           flash_report 2025-06 accepted
        """,
    )
    assert found == [
        ("superseded", "所审的报送已不再采用，须重新审核。"),
        ("effective", None),
    ]


def test_a_review_is_not_blamed_for_what_came_late(build) -> None:
    """In the vintage of July the late 8 counts: what was said of 1 is over, of 8 it holds."""
    found = judge(
        build,
        "9 A district 500103 1 passed -",
        "10 A district 500103 8 passed -",
        core_received_versions="""
            receipt_no credit_code form_code    period  submission_state first_seen_at
            1          A           flash_report 2025-06 superseded       2025-07-10T08:00:00
            8          A           flash_report 2025-06 accepted         2025-07-26T08:00:00
        """,
        core_periods="""
            period  cut_off_date is_cut_off_applied
            2025-06 2025-07-23   true
        """,
    )
    assert found == [
        ("superseded", "所审的报送已不再采用，须重新审核。"),
        ("effective", None),
    ]


def test_a_year_s_returns_are_judged_like_a_month_s_reports(build) -> None:
    """What was said of A's year does not touch A's month; 2024 is locked, 2025-06 is not."""
    head, *month = rows("9 A district 500103 2 passed -").splitlines()
    years = [
        "7 1 2024 A district 500103 3 通过 passed - 2025-04-01T09:00:00",
        "7 2 2024 B district 500103 3 说明采纳 explained 已核实 2025-04-01T09:00:00",
        "7 3 2024 C district 500105 3 退回 returned 漏报 2025-04-01T09:00:00",
        "8 1 2024 A city 500000 3 通过 passed - 2025-04-02T09:00:00",
        "8 2 2024 D city 500000 3 通过 passed - 2025-04-02T09:00:00",
        "9 9 2024 B district 500103 3 通过 passed - 2025-07-20T09:00:00",
    ]
    found = build(
        "core_review_decisions",
        stg_reviews="\n".join([head, *years, *month]),
        stg_locks="""
            period  locked_at
            2024    2025-05-01T08:00:00
        """,
        **GIVEN
        | {
            "core_received_versions": VERSIONS
            + """
            3          A           annual_return 2024   accepted
            3          B           annual_return 2024   accepted
            3          C           annual_return 2024   accepted
            3          D           annual_return 2024   accepted
            """,
            "core_problems": """
                finding_no receipt_no credit_code severity
                1          3          B           review
            """,
        },
    )
    assert [
        (row["receipt_no"], row["credit_code"], row["decision_state"], row["decision_note"])
        for row in found
    ] == [
        (7, "A", "effective", None),
        (7, "B", "effective", None),
        (7, "C", "effective", None),
        (8, "A", "effective", None),
        (8, "D", "refused", "不予采用：D不在2024年报的应报机构中，请核对代码。"),
        (9, "A", "effective", None),
        (9, "B", "refused", "不予采用：2024已锁定，请在解锁后再审核。"),
    ]


def test_of_who_left_after_being_drawn_nothing_is_left_to_review(build) -> None:
    """An event took Z out of the frame after the district had returned its report; N was never drawn."""
    found = judge(
        build,
        "9 Z district 500103 2 returned 漏报",
        "9 N district 500103 2 passed -",
        "9 A district 500103 2 passed -",
        core_frame_sources="""
            period  sample_receipt_no
            2025-06 1
        """,
        stg_sample="""
            receipt_no credit_code
            1          A
            1          Z
        """,
        core_registered_agencies="""
            period  credit_code register_status
            2025-06 A           active
            2025-06 N           active
            2025-06 Z           deregistered
        """,
    )
    assert found == [
        ("superseded", "该机构期末已不在范围内，不需要审核。"),
        ("refused", "不予采用：N不在2025-06的样本中，请核对代码。"),
        ("effective", None),
    ]
