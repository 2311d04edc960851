# ruff: noqa: E501 - a row of a table stays on one line
"""mart_quality: findings counted by rule and reporting unit, each once."""

REPORTING_UNITS = """
    reporting_unit_code reporting_unit_name unit_order
    500101              万州区              2
    500103              渝中区              4
"""


def test_findings_are_counted_by_what_became_of_them(check):
    check(
        "mart_quality",
        ref_reporting_units=REPORTING_UNITS,
        mart_findings="""
            release_id finding_no finding_id receipt_no period  form_code    form_name reporting_unit_code reporting_unit_name credit_code rule_code rule_name  audit_id severity  state
            x          1          f1         1          2025-06 flash_report 抽样快报  500103              渝中区              A           parts     等于分项   A05      mandatory open
            x          2          f2         2          2025-06 flash_report 抽样快报  500103              渝中区              A           parts     等于分项   A05      mandatory closed
            x          3          f3         3          2025-06 flash_report 抽样快报  500103              渝中区              B           parts     等于分项   A05      mandatory closed
            x          4          f4         4          2025-06 flash_report 抽样快报  500101              万州区              C           parts     等于分项   A05      mandatory open
            x          5          f5         5          2025-06 flash_report 抽样快报  500101              万州区              C           jump      变动过大   -        review    open
            x          6          f6         6          2025-06 flash_report 抽样快报  500101              万州区              D           jump      变动过大   -        review    explained
            x          7          f7         7          2025-05 flash_report 抽样快报  500101              万州区              D           jump      变动过大   -        review    explained
        """,
        expect="""
            period  form_code    form_name rule_code rule_name audit_id severity  reporting_unit_code reporting_unit_name unit_order finding_count agency_count open_count explained_count closed_count
            2025-05 flash_report 抽样快报  jump      变动过大  -        review    500101              万州区              2          1             1            0          1               0
            2025-06 flash_report 抽样快报  jump      变动过大  -        review    500101              万州区              2          2             2            1          1               0
            2025-06 flash_report 抽样快报  parts     等于分项  A05      mandatory 500101              万州区              2          1             1            1          0               0
            2025-06 flash_report 抽样快报  parts     等于分项  A05      mandatory 500103              渝中区              4          3             2            1          0               2
        """,
    )


def test_finding_sent_again_unchanged_is_one_finding_as_last_left(check):
    check(
        "mart_quality",
        ref_reporting_units=REPORTING_UNITS,
        mart_findings="""
            release_id finding_no finding_id receipt_no period  form_code    reporting_unit_code credit_code rule_code severity state
            x          1          f1         1          2025-06 flash_report 500103              A           jump      review   open
            x          2          f2         2          2025-06 flash_report 500103              A           jump      review   closed
            x          3          f1         3          2025-06 flash_report 500103              A           jump      review   explained
        """,
        expect="""
            rule_code finding_count agency_count open_count explained_count closed_count
            jump      2             1            0          1               1
        """,
    )


def test_what_is_unknown_is_named_and_stands_last(check):
    check(
        "mart_quality",
        ref_reporting_units=REPORTING_UNITS,
        mart_findings="""
            release_id finding_no finding_id receipt_no period  form_code    form_name reporting_unit_code reporting_unit_name credit_code rule_code      rule_name severity  state
            x          1          f1         1          2025-06 flash_report 抽样快报  -                   -                   -           damaged        文件损坏  mandatory open
            x          2          f2         2          2025-06 flash_report 抽样快报  500103              渝中区              -           damaged        文件损坏  mandatory open
            x          3          f3         3          -       -            -         -                   -                   -           unknown_folder 位置不对  mandatory open
        """,
        expect="""
            period  form_code    form_name rule_code      reporting_unit_code reporting_unit_name unit_order agency_count
            2025-06 flash_report 抽样快报  damaged        500103              渝中区              4          0
            2025-06 flash_report 抽样快报  damaged        UNKNOWN             报送单位不明        -          0
            NONE    UNKNOWN      报表不明  unknown_folder UNKNOWN             报送单位不明        -          0
        """,
    )


def test_no_findings_make_no_rows(build):
    assert build("mart_quality") == []
