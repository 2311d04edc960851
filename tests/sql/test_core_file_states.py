"""core_file_states: every receipt is in exactly one state, and says why."""

from __future__ import annotations


def test_every_file_is_in_one_state(build):
    """5 is in force, 4 was; 7 could not be opened; 8 has a head and no row that could be read.

    10 came late, 11 for one agency; what a review decides stands although its file came anew;
    14 was returned by one. No decision of 15, 17 and 18 ever stood: 17's level has decided anew, 18
    was left blank; 16's stood until later ones came.
    """
    found = build(
        "core_file_states",
        raw_files="""
            receipt_no outcome
            1          read
            2          read
            3          read
            4          read
            5          read
            6          refused
            7          quarantined
            8          read
            9          read
            10         read
            11         read
            12         read
            13         read
            14         read
            15         read
            16         read
            17         read
            18         read
        """,
        stg_files="""
            receipt_no folder   file_name is_read later_receipt_no
            1          reports  a.xlsx    true    -
            2          reports  b.xlsx    true    -
            3          reports  c.xlsx    true    -
            4          register d.xlsx    true    5
            5          register e.xlsx    true    -
            6          reports  f.xlsx    false   -
            7          reports  g.xlsx    false   -
            8          sample   h.xlsx    true    -
            9          reports  i.xlsx    true    -
            10         reports  j.xlsx    true    -
            11         reports  k.xlsx    true    -
            12         review   l.xlsx    true    13
            13         review   l.xlsx    true    -
            14         reports  m.xlsx    true    -
            15         review   n.xlsx    true    -
            16         review   l.xlsx    true    -
            17         review   o.xlsx    true    -
            18         review   p.xlsx    true    -
        """,
        raw_values="""
            receipt_no value_no unit_row
            4          1        4
            5          1        4
            8          1        0
            12         1        5
            13         1        5
            15         1        5
            16         1        5
            17         1        5
            18         1        5
        """,
        core_versions="""
            receipt_no credit_code submission_state accepted_receipt_no version_note
            1          A           superseded       2                   -
            1          B           superseded       3                   -
            1          C           refused          -                   -
            2          A           accepted         2                   -
            2          C           refused          -                   -
            2          D           superseded       3                   -
            3          B           accepted         3                   -
            3          D           accepted         3                   -
            6          E           refused          -                   -
            9          F           superseded       2                   -
            10         G           late             -                   逾期，计入下一版次。
            10         H           late             -                   逾期，计入下一版次。
            11         A           accepted         11                  -
            11         B           late             3                   逾期，计入下一版次。
            14         I           refused          14                  审核退回：人数不实
        """,
        core_problems="""
            finding_no receipt_no scope  severity  message
            1          6          agency mandatory 不是数字。
            2          6          file   mandatory 报告期不符。
            3          7          file   mandatory 有密码。
            4          8          row    review    请核实。
            5          8          row    mandatory 代码不对。
        """,
        core_review_decisions="""
            receipt_no unit_row decision_state decision_note
            12         5        effective      -
            12         6        refused        不予采用：不在样本中。
            13         5        effective      -
            15         5        refused        不予采用：已锁定。
            15         6        refused        不予采用：已锁定。
            16         5        superseded     被第13号文件中的审核意见替代。
            16         6        refused        不予采用：不在样本中。
            17         5        refused        不予采用：没有写理由。
        """,
        core_review_problems="""
            finding_no receipt_no scope  severity  message
            6          14         agency mandatory 经区县初审退回。
            7          15         row    mandatory 第5行不予采用。
            8          15         row    mandatory 第6行不予采用。
        """,
    )
    columns = ("accepted_agencies", "superseded_agencies", "refused_agencies", "late_agencies")
    assert [
        (row["receipt_no"], row["file_state"], row["state_note"], *(row[name] for name in columns))
        for row in found
    ] == [
        (1, "superseded", "被第3号文件“c.xlsx”等2份文件替代。", 0, 2, 1, 0),
        (2, "accepted", "采用1家，被替代1家，退回1家。", 1, 1, 1, 0),
        (3, "accepted", "采用2家。", 2, 0, 0, 0),
        (4, "superseded", "被第5号文件“e.xlsx”替代。", 0, 0, 0, 0),
        (5, "accepted", "现行有效。", 0, 0, 0, 0),
        (6, "refused", "退回：报告期不符。", 0, 0, 1, 0),
        (7, "quarantined", "隔离，没有打开：有密码。", 0, 0, 0, 0),
        (8, "refused", "退回：代码不对。", 0, 0, 0, 0),
        (9, "superseded", "被第2号文件“b.xlsx”替代。", 0, 1, 0, 0),
        (10, "accepted", "逾期，计入下一版次。", 0, 0, 0, 2),
        (11, "accepted", "采用1家，1家逾期，计入下一版次。", 1, 0, 0, 1),
        (12, "accepted", "现行有效。", 0, 0, 0, 0),
        (13, "accepted", "现行有效。", 0, 0, 0, 0),
        (14, "refused", "退回：经区县初审退回。", 0, 0, 1, 0),
        (15, "refused", "退回：第5行不予采用。", 0, 0, 0, 0),
        (16, "superseded", "其中的审核意见都已撤回、被替代或不再适用。", 0, 0, 0, 0),
        (17, "refused", "退回：不予采用：没有写理由。", 0, 0, 0, 0),
        (18, "refused", "退回：没有可用的内容，请重新报送。", 0, 0, 0, 0),
    ]
