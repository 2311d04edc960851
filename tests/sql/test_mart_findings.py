# ruff: noqa: E501 - a row of a table stays on one line
"""mart_findings: whose file, what the rule is called, and what became of the finding."""

RELEASE = """
    release_id
    x
"""


def test_names_of_forms_agencies_and_reporting_units(check):
    """The unit is the agency's own where its submission says it, else that of the file."""
    check(
        "mart_findings",
        ref_release=RELEASE,
        ref_forms="""
            form_code     form_name valid_from
            flash_report  抽样快报  2023-01
            flash_report  抽样快报  2026-01
            annual_return 年报      2021-12
            register      机构名录  2021-12
        """,
        ref_reporting_units="""
            reporting_unit_code reporting_unit_name
            500101              万州区
            500102              涪陵区
        """,
        core_findings="""
            finding_no receipt_no folder   form_code     period  reporting_unit_code scope  credit_code
            1          1          reports  flash_report  2025-06 500101              agency A
            2          1          reports  flash_report  2025-06 500101              agency B
            3          1          reports  flash_report  2025-06 500101              row    -
            4          2          reports  -             2025-06 -                   file   -
            5          3          register register      2025-06 -                   agency C
            6          3          register register      2025-06 -                   agency D
            7          4          annual   annual_return 2024    500101              agency A
            8          5          reports  flash_report  2025-06 500101              agency A
        """,
        stg_flash_submissions="""
            receipt_no credit_code agency_name reporting_unit_code
            1          A           甲公司      500102
            1          B           乙公司      -
            5          A           甲新公司    500101
        """,
        stg_annual_submissions="""
            receipt_no credit_code agency_name reporting_unit_code
            4          A           甲年公司    500102
        """,
        stg_register="""
            receipt_no unit_row credit_code agency_name reporting_unit_code
            3          4        C           丙公司      500102
            3          5        D           丁公司      500102
            3          6        D           丁公司      500102
            2          4        A           甲老公司    500101
        """,
        expect="""
            release_id finding_no form_name reporting_unit_code reporting_unit_name agency_name
            x          1          抽样快报  500102              涪陵区              甲公司
            x          2          抽样快报  500101              万州区              乙公司
            x          3          抽样快报  500101              万州区              -
            x          4          -         -                   -                   -
            x          5          机构名录  500102              涪陵区              丙公司
            x          6          机构名录  500102              涪陵区              丁公司
            x          7          年报      500102              涪陵区              甲年公司
            x          8          抽样快报  500101              万州区              甲新公司
        """,
    )


def test_rules_have_their_names_and_audit_relations(check):
    check(
        "mart_findings",
        ref_release=RELEASE,
        ref_rules="""
            rule_code      rule_name        audit_id rule_order
            unit_slip      数量级与以往一致 A15      2
            missing_column 栏目齐全         -        1
        """,
        core_findings="""
            finding_no receipt_no rule_code      severity
            1          1          missing_column mandatory
            2          1          unit_slip      review
            3          1          reading_failed mandatory
        """,
        expect="""
            finding_no rule_code      rule_name        audit_id severity
            1          missing_column 栏目齐全         -        mandatory
            2          unit_slip      数量级与以往一致 A15      review
            3          reading_failed -                -        mandatory
        """,
    )


def test_place_words_and_state_are_kept(check):
    finding = """
        finding_no finding_id receipt_no period  folder  form_code    file_name reporting_unit_code credit_code scope  sheet_name cell_address related_cells raw_text expected rule_code severity message submission_state state     explanation
        7          f1         1          2025-06 reports flash_report a.xlsx    500101              A           agency 服务成效   E51          服务对象!E31  1,000    核对     A06       review   请核对  accepted         explained 季节性用工
    """
    check("mart_findings", ref_release=RELEASE, core_findings=finding, expect=finding)


def test_open_findings_are_ranked_within_their_period(check):
    """Priority, then the score, then what is mandatory; closed and explained ones have no rank."""
    check(
        "mart_findings",
        ref_release=RELEASE,
        core_findings="""
            finding_no receipt_no period  severity  state
            1          1          2025-06 review    open
            2          1          2025-06 review    open
            3          1          2025-06 mandatory open
            4          1          2025-06 review    open
            5          1          2025-06 mandatory closed
            6          1          2025-06 review    explained
            7          1          2025-05 review    open
            8          1          2025-06 review    open
            9          2          -       mandatory open
        """,
        core_finding_scores="""
            finding_no score is_priority
            1          0.2   false
            2          0.1   true
            3          -     true
            4          3     true
            7          0.01  false
            8          -     false
            9          -     true
        """,
        expect="""
            finding_no score score_rank is_priority
            1          0.2   4          false
            2          0.1   2          true
            3          -     3          true
            4          3     1          true
            5          -     -          false
            6          -     -          false
            7          0.01  1          false
            8          -     5          false
            9          -     1          true
        """,
    )


def test_how_far_the_review_is_stands_by_the_period_of_the_report(check):
    """The same agency in a month and a year; a platform's report of the year is not reviewed."""
    check(
        "mart_findings",
        ref_release=RELEASE,
        core_findings="""
            finding_no receipt_no period  folder    credit_code
            1          1          2025-06 reports   A
            2          2          2024    annual    A
            3          3          2024    platforms A
        """,
        core_review_states="""
            period  credit_code review_label
            2025-06 A           区县初审
            2024    A           退回
        """,
        expect="""
            finding_no review_label
            1          区县初审
            2          退回
            3          -
        """,
    )
