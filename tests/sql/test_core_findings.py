# ruff: noqa: E501 - a row of a table stays on one line
"""core_findings: what became of each finding and of the submission that it stands in."""


def test_the_submission_decides_and_without_one_the_finding(check):
    """Row 4 names no agency; C and D stand in a register, which has no versions."""
    check(
        "core_findings",
        stg_files="""
            receipt_no folder   period  file_name is_read
            1          reports  2025-06 a.xlsx    true
            2          reports  2025-06 b.xlsx    false
            3          register 2025-06 c.xlsx    true
        """,
        core_problems="""
            finding_no finding_id receipt_no folder   form_code    period  scope  credit_code severity
            1          f1         1          reports  flash_report 2025-06 agency A           mandatory
            2          f2         1          reports  flash_report 2025-06 agency A           review
            3          f3         1          reports  flash_report 2025-06 agency B           review
            4          f4         1          reports  flash_report 2025-06 row    -           mandatory
            5          f5         1          reports  flash_report 2025-06 row    -           review
            6          f6         2          reports  -            2025-06 file   -           mandatory
            7          f7         2          reports  -            2025-06 agency E           review
            8          f8         3          register register     2025-06 agency C           review
            9          f9         3          register register     2025-06 agency D           mandatory
            10         f10        3          register register     2025-06 file   -           review
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 refused
            1          B           flash_report 2025-06 accepted
            2          E           flash_report 2025-06 refused
        """,
        expect="""
            finding_no finding_id submission_state state closing_receipt_no explanation explanation_receipt_no
            1          f1         refused          open  -                  -           -
            2          f2         refused          open  -                  -           -
            3          f3         accepted         open  -                  -           -
            4          f4         excluded         open  -                  -           -
            5          f5         accepted         open  -                  -           -
            6          f6         refused          open  -                  -           -
            7          f7         refused          open  -                  -           -
            8          f8         accepted         open  -                  -           -
            9          f9         excluded         open  -                  -           -
            10         f10        accepted         open  -                  -           -
        """,
    )


def test_a_later_version_of_the_agency_closes_its_findings(check):
    """What was accepted stays open until another is. Of A the third version is accepted, of B the first; C is accepted later only elsewhere."""
    check(
        "core_findings",
        stg_files="""
            receipt_no folder  period  file_name is_read
            1          reports 2025-06 a.xlsx    true
            2          reports 2025-06 b.xlsx    true
            3          reports 2025-06 c.xlsx    true
            4          reports 2025-07 d.xlsx    true
            5          annual  2025    e.xlsx    true
        """,
        core_problems="""
            finding_no finding_id receipt_no folder  form_code    period  scope  credit_code severity
            1          f1         1          reports flash_report 2025-06 agency A           mandatory
            2          f2         1          reports flash_report 2025-06 agency B           review
            3          f3         1          reports flash_report 2025-06 agency C           mandatory
            4          f4         2          reports flash_report 2025-06 agency A           review
            5          f5         2          reports flash_report 2025-06 agency B           mandatory
            6          f6         3          reports flash_report 2025-06 agency A           review
        """,
        core_versions="""
            receipt_no credit_code form_code     period  submission_state
            1          A           flash_report  2025-06 refused
            1          B           flash_report  2025-06 accepted
            1          C           flash_report  2025-06 refused
            2          A           flash_report  2025-06 superseded
            2          B           flash_report  2025-06 refused
            3          A           flash_report  2025-06 accepted
            4          C           flash_report  2025-07 accepted
            5          C           annual_return 2025    accepted
        """,
        expect="""
            finding_no receipt_no credit_code submission_state state  closing_receipt_no
            1          1          A           refused          closed 2
            2          1          B           accepted         open   -
            3          1          C           refused          open   -
            4          2          A           superseded       closed 3
            5          2          B           refused          open   -
            6          3          A           accepted         open   -
        """,
    )


def test_an_agency_is_not_closed_by_a_file_of_the_same_name(check):
    """What closes it is its own later version, here refused; the new file is without B."""
    check(
        "core_findings",
        stg_files="""
            receipt_no folder  period  file_name is_read later_receipt_no
            1          reports 2025-06 a.xlsx    true    2
            2          reports 2025-06 a.xlsx    true    -
        """,
        core_problems="""
            finding_no finding_id receipt_no folder  form_code    period  scope  credit_code severity
            1          f1         1          reports flash_report 2025-06 agency A           mandatory
            2          f2         1          reports flash_report 2025-06 agency B           review
            3          f3         1          reports flash_report 2025-06 row    -           mandatory
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 refused
            2          A           flash_report 2025-06 refused
            1          B           flash_report 2025-06 accepted
        """,
        expect="""
            finding_no credit_code state  closing_receipt_no
            1          A           closed 2
            2          B           open   -
            3          -           closed 2
        """,
    )


def test_a_file_that_took_its_place_closes_what_concerns_the_file(check):
    """Which one did is told by stg_files."""
    check(
        "core_findings",
        stg_files="""
            receipt_no folder    period  file_name is_read later_receipt_no
            1          reports   2025-06 a.xlsx    false   5
            2          reports   2025-06 b.xlsx    true    -
            3          reports   2025-07 a.xlsx    true    -
            4          reports   2025-06 a.xlsx    false   5
            5          reports   2025-06 a.xlsx    true    6
            6          reports   2025-06 a.xlsx    true    -
            7          published -       a.xlsx    true    9
            8          published -       b.xlsx    true    -
            9          published -       a.xlsx    true    -
            10         annual    2025-06 a.xlsx    true    -
        """,
        core_problems="""
            finding_no finding_id receipt_no folder    form_code         period  scope credit_code severity
            1          f1         1          reports   -                 2025-06 file  -           mandatory
            2          f2         4          reports   -                 2025-06 file  -           mandatory
            3          f3         6          reports   flash_report      2025-06 row   -           mandatory
            4          f4         7          published published_figures -       row   -           mandatory
            5          f5         8          published published_figures -       row   -           mandatory
        """,
        expect="""
            finding_no receipt_no submission_state state  closing_receipt_no
            1          1          refused          closed 5
            2          4          refused          closed 5
            3          6          excluded         open   -
            4          7          excluded         closed 9
            5          8          excluded         open   -
        """,
    )


def test_corrections_that_were_not_used_are_findings_too(check):
    """They come after the others, are nobody's submission, and a new file closes them."""
    row = """
        finding_no finding_id receipt_no folder      scope credit_code severity  rule_code
        2          c1         2          corrections row   A           mandatory unused_correction
    """
    check(
        "core_findings",
        stg_files="""
            receipt_no folder      period  file_name is_read later_receipt_no
            1          reports     2025-06 a.xlsx    true    -
            2          corrections -       b.xlsx    true    3
            3          corrections -       b.xlsx    true    -
        """,
        core_problems="""
            finding_no finding_id receipt_no folder  form_code    period  scope  credit_code severity
            1          f1         1          reports flash_report 2025-06 agency A           review
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 accepted
        """,
        core_correction_problems=row,
        expect="""
            finding_no finding_id submission_state state  closing_receipt_no
            1          f1         accepted         open   -
            2          c1         excluded         closed 3
        """,
    )


def test_a_comparison_counts_with_the_accepted_submission_only(check):
    """Of A's versions of May 1 was replaced by 2, and 3 refused; 3 is accepted of B alone."""
    check(
        "core_findings",
        stg_files="""
            receipt_no folder  period  file_name is_read
            4          reports 2025-06 d.xlsx    true
            5          reports 2025-06 e.xlsx    true
        """,
        core_problems="""
            finding_no finding_id receipt_no folder  form_code    period  scope  credit_code severity compared_receipt_no
            1          f1         4          reports flash_report 2025-06 agency A           review   1
            2          f1         4          reports flash_report 2025-06 agency A           review   2
            3          f1         4          reports flash_report 2025-06 agency A           review   3
            4          f2         4          reports flash_report 2025-06 agency A           review   -
            5          f3         4          reports flash_report 2025-06 agency B           review   3
            6          f4         4          reports flash_report 2025-06 agency C           review   3
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-05 superseded
            2          A           flash_report 2025-05 accepted
            3          A           flash_report 2025-05 refused
            3          B           flash_report 2025-05 accepted
            4          A           flash_report 2025-06 accepted
            4          B           flash_report 2025-06 accepted
            4          C           flash_report 2025-06 accepted
            5          A           flash_report 2025-06 refused
        """,
        stg_explanations="""
            receipt_no finding_id explanation
            5          f1         更正了四月
        """,
        expect="""
            finding_no credit_code state
            2          A           explained
            4          A           open
            5          B           open
        """,
    )


def test_an_explanation_answers_what_is_asked_and_the_last_one_counts(check):
    """1 and 2 are one question of two versions, 3 is an order to correct, nobody asked for f9.

    File 7 is of another unit: it does not have B, so it cannot answer for it. File 8 is a report.
    """
    check(
        "core_findings",
        stg_files="""
            receipt_no folder   period  file_name is_read
            1          reports  2025-06 a.xlsx    true
            2          reports  2025-06 b.xlsx    true
            3          register 2025-06 c.xlsx    true
            4          reports  2025-06 d.xlsx    true
            5          reports  2025-06 e.xlsx    true
            6          register 2025-06 f.xlsx    false
            7          reports  2025-06 g.xlsx    true
            8          reports  2025-06 h.xlsx    true
        """,
        core_problems="""
            finding_no finding_id receipt_no folder   form_code    period  scope  credit_code severity
            1          f1         1          reports  flash_report 2025-06 agency A           review
            2          f1         2          reports  flash_report 2025-06 agency A           review
            3          f2         2          reports  flash_report 2025-06 agency B           mandatory
            4          f3         2          reports  flash_report 2025-06 agency B           review
            5          f4         2          reports  flash_report 2025-06 agency B           review
            6          f5         3          register register     2025-06 agency B           review
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 superseded
            2          A           flash_report 2025-06 accepted
            2          B           flash_report 2025-06 refused
            4          A           flash_report 2025-06 refused
            4          B           flash_report 2025-06 refused
            5          A           flash_report 2025-06 refused
            7          C           flash_report 2025-06 accepted
        """,
        stg_explanations="""
            receipt_no finding_id explanation
            5          f1         新签两家客户
            2          f1         业务增加
            4          f1         笔误
            4          f2         属实
            4          f3         季节性用工
            6          f5         确系两家
            7          f4         代写
            8          f5         代写
            4          f9         无此问题
        """,
        expect="""
            finding_no finding_id submission_state state     explanation  explanation_receipt_no closing_receipt_no
            1          f1         superseded       closed    新签两家客户 5                      2
            2          f1         accepted         explained 新签两家客户 5                      -
            3          f2         refused          closed    -            -                      4
            4          f3         refused          closed    季节性用工   4                      4
            5          f4         refused          closed    -            -                      4
            6          f5         accepted         explained 确系两家     6                      -
        """,
    )


def test_place_and_words_are_kept(check):
    finding = """
        finding_no finding_id receipt_no folder  form_code    period  file_name reporting_unit_code scope  credit_code unit_row field_code indicator_code measure_code sheet_name cell_address raw_text related_cells rule_code severity expected message
        7          f1         1          reports flash_report 2025-06 a.xlsx    500101              agency A           5        placements placements     ytd          服务成效   E51          1,000    服务对象!E31  A06       review   -        请核对
    """
    check(
        "core_findings",
        stg_files="""
            receipt_no folder  period  file_name is_read
            1          reports 2025-06 a.xlsx    true
        """,
        core_problems=finding,
        expect=finding,
    )


def test_who_reviewed_took_the_explanation_and_a_return_stays_open(check):
    """The district takes A's explanations; B's was withdrawn; what is 强制性 is never explained."""
    check(
        "core_findings",
        stg_files="""
            receipt_no folder  period  file_name is_read
            1          reports 2025-06 a.xlsx    true
            5          review  2025-06 审.xlsx   true
        """,
        core_problems="""
            finding_no finding_id receipt_no folder  form_code    period  scope  credit_code severity
            1          f1         1          reports flash_report 2025-06 agency A           review
            2          f2         1          reports flash_report 2025-06 agency A           mandatory
            3          f3         1          reports flash_report 2025-06 agency B           review
            4          f4         1          reports flash_report 2025-06 agency C           review
        """,
        core_review_problems="""
            finding_no finding_id receipt_no folder  form_code    period  scope  credit_code severity
            5          f5         1          reports flash_report 2025-06 agency C           mandatory
            6          f6         5          review  review       2025-06 row    D           mandatory
        """,
        core_versions="""
            receipt_no credit_code form_code    period  submission_state
            1          A           flash_report 2025-06 accepted
            1          B           flash_report 2025-06 accepted
            1          C           flash_report 2025-06 refused
        """,
        core_review_decisions="""
            receipt_no unit_row credit_code reviewed_receipt_no decision  decision_state reason
            5          4        A           1                   explained effective      已电话核实
            5          5        B           1                   explained superseded     已电话核实
            5          6        C           1                   returned  effective      漏报
        """,
        expect="""
            finding_no submission_state state     explanation                explanation_receipt_no
            1          accepted         explained 审核采纳说明：已电话核实   5
            2          accepted         open      -                          -
            3          accepted         open      -                          -
            4          refused          open      -                          -
            5          refused          open      -                          -
            6          excluded         open      -                          -
        """,
    )
