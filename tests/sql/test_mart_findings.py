# ruff: noqa: E501 - a row of a table stays on one line
"""mart_findings: whose file, and what became of it."""


def test_names_and_states(check):
    check(
        "mart_findings",
        ref_release="""
            release_id
            x
        """,
        ref_forms="""
            form_code    form_name valid_from
            flash_report 抽样快报  2023-01
            flash_report 抽样快报  2026-01
            register     机构名录  2021-12
        """,
        ref_reporting_units="""
            reporting_unit_code reporting_unit_name
            500101              万州区
            500102              涪陵区
        """,
        core_findings="""
            finding_no receipt_no folder   form_code    period  reporting_unit_code scope  credit_code rule_code     severity
            1          1          reports  flash_report 2025-06 500101              agency A           missing_value mandatory
            2          1          reports  flash_report 2025-06 500101              agency B           A06           review
            3          1          reports  flash_report 2025-06 500101              row    -           no_code       mandatory
            4          2          reports  -            2025-06 -                   file   -           damaged       mandatory
            5          3          register register     2025-06 -                   agency C           no_stratum    review
            6          3          register register     2025-06 -                   agency D           bad_date      mandatory
            7          4          reports  flash_report 2025-06 500101              agency B           A06           review
            8          5          reports  flash_report 2025-06 500102              agency E           missing_value mandatory
            9          6          reports  flash_report 2025-06 500102              file   E           other_rule    mandatory
            10         8          reports  flash_report 2025-06 500102              agency E           missing_value mandatory
        """,
        core_versions="""
            receipt_no credit_code form_code    period  state
            1          A           flash_report 2025-06 refused
            1          B           flash_report 2025-06 superseded
            4          B           flash_report 2025-06 accepted
            5          E           flash_report 2025-06 refused
            6          E           flash_report 2025-06 refused
            7          E           flash_report 2025-06 accepted
            8          E           flash_report 2025-06 refused
        """,
        stg_flash_submissions="""
            receipt_no credit_code agency_name reporting_unit_code
            1          A           甲公司      500102
            1          B           乙公司      -
            4          B           乙公司      500101
        """,
        stg_register="""
            receipt_no unit_row credit_code agency_name reporting_unit_code
            3          4        C           丙公司      500102
            3          5        D           丁公司      500102
            3          6        D           丁公司      500102
        """,
        expect="""
            finding_no form_name reporting_unit_code reporting_unit_name agency_name rule_code     submission_state
            1          抽样快报  500102              涪陵区              甲公司      missing_value refused
            2          抽样快报  500101              万州区              乙公司      A06           superseded
            3          抽样快报  500101              万州区              -           no_code       excluded
            4          -         -                   -                   -           damaged       refused
            5          机构名录  500102              涪陵区              丙公司      no_stratum    accepted
            6          机构名录  500102              涪陵区              丁公司      bad_date      excluded
            7          抽样快报  500101              万州区              乙公司      A06           accepted
            8          抽样快报  500102              涪陵区              -           missing_value corrected
            9          抽样快报  500102              涪陵区              -           other_rule    corrected
            10         抽样快报  500102              涪陵区              -           missing_value refused
        """,
    )
