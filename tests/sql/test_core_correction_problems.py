# ruff: noqa: E501 - a row of a table stays on one line
"""core_correction_problems: a mandatory finding on each correction that was not used."""

from __future__ import annotations

FILES = """
    receipt_no folder      form_code   file_name
    3          corrections corrections 更正.xlsx
"""


def test_what_was_not_used_is_said_at_its_cell_after_all_others(build):
    (row,) = build(
        "core_correction_problems",
        stg_files=FILES,
        core_problems="""
            finding_no
            1
            2
        """,
        core_corrections="""
            receipt_no unit_row correction_state credit_code sheet_name cell_address old_text correction_note
            3          4        applied          A           更正       H4           10       -
            3          5        already_reported A           更正       H5           10       -
            3          6        stale            A           更正       H6           12       现为13万元，请改正
            3          7        replaced         A           更正       H7           10       -
            3          8        held             A           更正       H8           10       2025-06已锁定，解锁后才计入
        """,
    )
    assert (row["finding_no"], row["scope"], row["severity"]) == (3, "row", "mandatory")
    assert (row["sheet_name"], row["cell_address"], row["raw_text"]) == ("更正", "H6", "12")
    assert row["message"] == (
        "文件“更正.xlsx”工作表“更正”单元格H6“原数”填的是“12”，"
        "本条更正没有采用：现为13万元，请改正，改好后用原文件名重新放入。"
    )


def test_an_id_stays_while_place_and_words_do(build):
    def ids(notes: list[str]) -> list[str]:
        rows = [
            {
                "receipt_no": 3,
                "unit_row": 6 + number,
                "correction_state": "stale",
                "sheet_name": "更正",
                "cell_address": f"H{6 + number}",
                "old_text": "12",
                "correction_note": note,
            }
            for number, note in enumerate(notes)
        ]
        found = build("core_correction_problems", stg_files=FILES, core_corrections=rows)
        return [row["finding_id"] for row in found]

    first, second = ids(["甲", "甲"])
    assert first != second
    assert ids(["甲", "乙"])[0] == first
    assert ids(["甲", "乙"])[1] != second
