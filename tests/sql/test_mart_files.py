# ruff: noqa: E501 - a row of a table stays on one line
"""mart_files: every file received, in the words that people use."""


def test_a_file_says_who_sent_it_and_what_became_of_it(check):
    """1 is of one agency, 2 of several, 3 a list of nobody."""
    check(
        "mart_files",
        ref_release="""
            release_id period
            r          2025-06
        """,
        raw_files="""
            receipt_no file_path
            1          reports/2025-06/a.xlsx
            2          reports/2025-06/b.xlsx
            3          register/c.xlsx
        """,
        stg_files="""
            receipt_no period  folder   form_code    file_name reporting_unit_code
            1          2025-06 reports  flash_report a.xlsx    500103
            2          2025-06 reports  flash_report b.xlsx    500103
            3          2025-06 register register     c.xlsx    -
        """,
        core_file_states="""
            receipt_no file_state state_note accepted_agencies superseded_agencies refused_agencies
            1          superseded 替代。     0                 1                   0
            2          accepted   采用2家。  2                 0                   0
            3          accepted   有效。     0                 0                   0
        """,
        stg_flash_submissions="""
            receipt_no credit_code agency_name
            1          A           甲
            2          A           甲
            2          B           乙
        """,
        ref_forms="""
            form_code    form_name valid_from
            flash_report 快报      2023-01
            flash_report 抽样快报  2025-01
            register     名录      2023-01
        """,
        ref_reporting_units="""
            reporting_unit_code reporting_unit_name
            500103              渝中区
        """,
        expect="""
            release_id receipt_no period  form_name file_path              reporting_unit_name credit_code agency_name file_state state_note accepted_agencies superseded_agencies
            r          1          2025-06 抽样快报  reports/2025-06/a.xlsx 渝中区              A           甲          superseded 替代。     0                 1
            r          2          2025-06 抽样快报  reports/2025-06/b.xlsx 渝中区              -           -           accepted   采用2家。  2                 0
            r          3          2025-06 名录      register/c.xlsx        -                   -           -           accepted   有效。     0                 0
        """,
    )
