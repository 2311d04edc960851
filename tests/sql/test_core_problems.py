# ruff: noqa: E501 - a row of a table stays on one line
"""core_problems: what reading and the rules found, numbered, each with a name that stays."""

import hashlib
import re
from typing import Any

import pytest

FILES = """
    receipt_no folder    form_code         period  file_name reporting_unit_code is_read
    1          reports   flash_report      2025-06 a.xlsx    500101              true
    2          annual    annual_return     2024    b.xlsx    500102              true
    3          register  register          2025-06 c.xlsx    -                   true
    4          published published_figures -       d.xlsx    -                   true
    5          reports   -                 2025-06 e.xlsx    -                   false
"""


def test_both_sources_are_numbered_by_receipt_reading_first(check):
    check(
        "core_problems",
        stg_files=FILES,
        raw_problems="""
            receipt_no problem_no scope  credit_code unit_row rule_code     severity  expected message
            5          1          file   -           -        damaged       mandatory -        坏
            1          2          row    -           7        no_code       mandatory 代码     乙
            1          1          agency A           5        missing_value mandatory 数字     甲
        """,
        core_edit_failures="""
            failure_no receipt_no scope  credit_code unit_row rule_code severity expected message compared_receipt_no
            3          2          agency B           9        A14       review   -        丁      1
            1          1          agency A           5        A06       review   -        丙      -
            2          1          agency B           6        A06       review   -        丙      -
        """,
        expect="""
            finding_no receipt_no folder  form_code     period  file_name reporting_unit_code scope  credit_code unit_row rule_code     severity  expected message compared_receipt_no
            1          1          reports flash_report  2025-06 a.xlsx    500101              agency A           5        missing_value mandatory 数字     甲      -
            2          1          reports flash_report  2025-06 a.xlsx    500101              row    -           7        no_code       mandatory 代码     乙      -
            3          1          reports flash_report  2025-06 a.xlsx    500101              agency A           5        A06           review    -        丙      -
            4          1          reports flash_report  2025-06 a.xlsx    500101              agency B           6        A06           review    -        丙      -
            5          2          annual  annual_return 2024    b.xlsx    500102              agency B           9        A14           review    -        丁      1
            6          5          reports -             2025-06 e.xlsx    -                   file   -           -        damaged       mandatory -        坏      -
        """,
    )


def test_where_and_what_are_kept(check):
    place = """
        receipt_no scope  credit_code unit_row field_code indicator_code measure_code sheet_name cell_address raw_text related_cells
        1          agency A           5        placements placements     ytd          服务成效   E51          1,000    服务对象!E31
    """
    rows = [dict(zip(*[line.split() for line in place.split("\n")[1:3]], strict=True))]
    check("core_problems", stg_files=FILES, core_edit_failures=rows, expect=place)
    read = [{name: value for name, value in rows[0].items() if name != "related_cells"}]
    check(
        "core_problems",
        stg_files=FILES,
        raw_problems=read,
        expect=place.replace("服务对象!E31", "-"),
    )


FILE = {
    "receipt_no": 1,
    "folder": "reports",
    "form_code": "flash_report",
    "period": "2025-06",
    "file_name": "a.xlsx",
}
FAILURE = {
    "failure_no": 1,
    "receipt_no": 1,
    "scope": "agency",
    "credit_code": "A",
    "unit_row": 5,
    "rule_code": "placements_above_people_served",
    "severity": "review",
    "field_code": "placements",
    "indicator_code": "placements",
    "measure_code": "ytd",
    "sheet_name": "服务成效",
    "cell_address": "E51",
    "raw_text": "1000",
    "message": "甲",
}


@pytest.fixture
def finding_id(build):
    """Return the finding_id of FAILURE in FILE, each with some columns changed."""

    def id_of(failure: dict[str, Any] | None = None, file: dict[str, Any] | None = None) -> str:
        (row,) = build(
            "core_problems",
            stg_files=[{**FILE, **(file or {})}],
            core_edit_failures=[{**FAILURE, **(failure or {})}],
        )
        return row["finding_id"]

    return id_of


def test_the_id_is_what_returned_workbooks_already_carry(finding_id):
    """Workbooks of earlier releases come back with it: another formula would lose explanations."""
    text = "flash_report|2025-06|A|placements_above_people_served|placements|ytd|1000"
    assert finding_id() == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:12]
    assert re.fullmatch("[0-9a-f]{12}", finding_id())


@pytest.mark.parametrize(
    ("failure", "file"),
    [
        pytest.param({"receipt_no": 9}, {"receipt_no": 9, "file_name": "b.xlsx"}, id="version"),
        pytest.param({"unit_row": 8, "cell_address": "E54"}, {}, id="row moved"),
        pytest.param({"sheet_name": "合并"}, {}, id="sheet"),
        pytest.param({"message": "乙", "expected": "丙", "severity": "mandatory"}, {}, id="words"),
        pytest.param({"related_cells": "服务对象!E31", "failure_no": 7}, {}, id="related"),
        pytest.param({"compared_receipt_no": 3}, {}, id="compared"),
        pytest.param({}, {"reporting_unit_code": "500101", "is_read": True}, id="unit"),
    ],
)
def test_the_id_stays_while_rule_place_in_the_form_and_figure_do(finding_id, failure, file):
    assert finding_id(failure, file) == finding_id()


@pytest.mark.parametrize(
    ("failure", "file"),
    [
        pytest.param({"raw_text": "1001"}, {}, id="figure"),
        pytest.param({"raw_text": None}, {}, id="blank"),
        pytest.param({"rule_code": "unit_slip"}, {}, id="rule"),
        pytest.param({"field_code": "people_served"}, {}, id="field"),
        pytest.param({"measure_code": "month"}, {}, id="measure"),
        pytest.param({"measure_code": None}, {}, id="no measure"),
        pytest.param({"credit_code": "B"}, {}, id="agency"),
        pytest.param({}, {"period": "2025-07"}, id="period"),
        pytest.param({}, {"form_code": "annual_return"}, id="form"),
    ],
)
def test_the_id_is_another_where_one_of_them_is(finding_id, failure, file):
    assert finding_id(failure, file) != finding_id()


def test_without_an_agency_the_file_and_the_cell_tell_findings_apart(finding_id):
    row = {"scope": "row", "credit_code": None, "field_code": "credit_code", "measure_code": None}
    assert finding_id(row) == finding_id(row | {"receipt_no": 2}, {"receipt_no": 2})
    assert finding_id(row) != finding_id(row | {"cell_address": "E52"})
    assert finding_id(row) != finding_id(row | {"sheet_name": "地方标准"})
    assert finding_id(row) != finding_id(row, {"file_name": "b.xlsx"})
    assert finding_id(row) == finding_id(row, {"file_name": "核实_12_退回_7_a.xlsx"})


def test_without_a_field_the_place_stands_for_it(finding_id):
    row = {"field_code": None, "indicator_code": None, "measure_code": None}
    assert finding_id(row) == finding_id(row | {"unit_row": 6})
    assert finding_id(row) != finding_id(row | {"cell_address": "E52"})
    assert finding_id(row) != finding_id(row | {"sheet_name": "合并"})


def test_a_file_that_tells_neither_form_nor_period_has_an_id_of_its_own(finding_id):
    """Nothing is known but folder and name; the damaged file of the same name is the same."""
    nothing = dict.fromkeys(FAILURE, None) | {
        "failure_no": 1,
        "receipt_no": 1,
        "scope": "file",
        "rule_code": "damaged",
    }
    damaged = {"form_code": None, "period": None}
    assert finding_id(nothing, damaged) == finding_id(
        nothing | {"receipt_no": 8}, damaged | {"receipt_no": 8}
    )
    assert finding_id(nothing, damaged) != finding_id(nothing, damaged | {"file_name": "b.xlsx"})
    assert finding_id(nothing, damaged) != finding_id(nothing, damaged | {"folder": "annual"})


def test_a_known_name_beside_a_wrong_code_tells_the_code(build):
    """甲 is there once, 乙 three times, one of them with almost the code; 丙 is not registered."""
    rows = build(
        "core_problems",
        stg_files=FILES,
        core_frame_sources="""
            period  register_receipt_no
            2025-06 3
            2024    3
        """,
        stg_register="""
            receipt_no unit_row credit_code agency_name
            3          4        A100        甲（重庆）公司
            3          5        B100        乙公司
            3          6        B200        乙公司
            3          7        B255        乙公司
            2          4        A999        甲（重庆）公司
        """,
        raw_problems="""
            receipt_no problem_no scope agency_name    rule_code           raw_text severity  message
            1          1          file  甲(重庆)公司   invalid_credit_code A1       mandatory 不对。
            1          2          row   乙公司         invalid_credit_code B2OO     mandatory 不对。
            1          3          row   乙公司         invalid_credit_code B20      mandatory 不对。
            1          4          row   丙公司         invalid_credit_code C1       mandatory 不对。
            1          5          row   -              invalid_credit_code C1       mandatory 不对。
            1          6          row   甲（重庆）公司 missing_value       C1       mandatory 不对。
        """,
        core_edit_failures="""
            failure_no receipt_no scope  credit_code rule_code      severity  message
            1          1          agency Z           unknown_agency mandatory 不在名录中。
            2          2          agency Z           unknown_agency mandatory 不在名录中。
        """,
        stg_flash_submissions="""
            receipt_no credit_code agency_name
            1          Z           甲（重庆）公司
        """,
        stg_annual_submissions="""
            receipt_no credit_code agency_name
            2          Z           乙公司
        """,
    )
    told = "；名录中“甲（重庆）公司”的代码为“A100”，请核对后改填。"
    assert [row["message"] for row in rows] == [
        f"不对{told}",
        "不对。",
        "不对；名录中“乙公司”的代码为“B200”，请核对后改填。",
        "不对。",
        "不对。",
        "不对。",
        f"不在名录中{told}",
        "不在名录中。",
    ]
