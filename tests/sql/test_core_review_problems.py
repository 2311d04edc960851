# ruff: noqa: E501 - a row of a table stays on one line
"""core_review_problems: what the agency must send anew, and what the reviewer must write anew."""

from __future__ import annotations


def test_a_return_goes_to_the_agency_and_a_refused_decision_to_the_reviewer(build):
    """E's refused decision was given anew; F was passed."""
    found = build(
        "core_review_problems",
        stg_files="""
            receipt_no folder  form_code    period  file_name  reporting_unit_code
            2          reports flash_report 2025-06 渝中区.xlsx 500103
            9          review  review       2025-06 审核表.xlsx 500103
            10         review  review       2025-06 新审核表.xlsx 500103
        """,
        core_problems="""
            finding_no
            1
        """,
        core_correction_problems="""
            finding_no
            2
        """,
        ref_classifications="""
            classification_code item_code item_name
            review_levels       district  区县初审
        """,
        core_review_decisions="""
            receipt_no unit_row period  review_level credit_code reviewed_receipt_no decision decision_text decision_state reason sheet_name cell_address decision_note
            9          5        2025-06 district     A           2                   returned 退回          effective      漏报   审核       X5           -
            9          6        2025-06 district     C           2                   -        同意          refused        -      审核       X6           不予采用：不是意见。
            9          7        2025-06 district     E           1                   passed   通过          refused        -      审核       X7           不予采用：已不是采用的报送。
            9          8        2025-06 district     F           2                   passed   通过          effective      -      审核       X8           -
            10         5        2025-06 district     E           2                   passed   通过          effective      -      审核       X5           -
        """,
    )
    columns = ("finding_no", "receipt_no", "scope", "credit_code", "rule_code", "message")
    assert [tuple(row[column] for column in columns) for row in found] == [
        (
            *(3, 2, "agency", "A", "returned_by_review"),
            "文件“渝中区.xlsx”中该机构的报送经区县初审退回：“漏报”，请改正后重新报送。",
        ),
        (
            *(4, 9, "row", "C", "refused_review"),
            "文件“审核表.xlsx”工作表“审核”单元格X6“审核意见”填的是“同意”，不予采用：不是意见。",
        ),
    ]
    assert {row["severity"] for row in found} == {"mandatory"}
