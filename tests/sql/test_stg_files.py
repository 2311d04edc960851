"""stg_files: the folder says the period; a later file takes the place of an earlier one."""


def test_folder_period_stands_above_the_cover(check):
    check(
        "stg_files",
        raw_files="""
            receipt_no folder   folder_period period  outcome first_seen_at
            1          reports  2025-06       2025-06 read    2025-07-18T09:30:00
            2          reports  2025-06       2025-05 refused 2025-07-18T09:30:00
            3          register -             2025-06 read    2025-07-01T08:00:00
        """,
        expect="""
            receipt_no folder   period  is_read
            1          reports  2025-06 true
            2          reports  2025-06 false
            3          register 2025-06 true
        """,
    )


def test_a_later_file_of_the_same_name_and_period_takes_its_place(check):
    """Only one that is read: 4 is refused; 2 has another name, 3 and 10 another place."""
    check(
        "stg_files",
        raw_files="""
            receipt_no folder    folder_period file_name outcome
            1          reports   2025-06       a.xlsx    refused
            2          reports   2025-06       b.xlsx    read
            3          reports   2025-07       a.xlsx    read
            4          reports   2025-06       a.xlsx    refused
            5          reports   2025-06       a.xlsx    read
            6          reports   2025-06       a.xlsx    read
            7          published -             a.xlsx    read
            8          published -             b.xlsx    quarantined
            9          published -             a.xlsx    read
            10         annual    2025          a.xlsx    read
        """,
        expect="""
            receipt_no is_read later_receipt_no
            1          false   5
            2          true    -
            3          true    -
            4          false   5
            5          true    6
            6          true    -
            7          true    9
            8          false   -
            9          true    -
            10         true    -
        """,
    )


def test_a_returned_workbook_is_the_file_it_was_made_of(check):
    check(
        "stg_files",
        raw_files="""
            receipt_no folder  folder_period file_name            outcome
            1          reports 2025-06       a.xlsx               read
            2          reports 2025-06       退回_1_a.xlsx        read
            3          reports 2025-06       核实_2_退回_1_a.xlsx read
            4          reports 2025-06       退回_b.xlsx          read
        """,
        expect="""
            receipt_no later_receipt_no
            1          2
            2          3
            3          -
            4          -
        """,
    )


def test_a_later_list_of_the_month_takes_the_place_of_one_of_any_name(check):
    """June's register comes anew; May's and the sample's stay, a refused one replaces nothing."""
    check(
        "stg_files",
        raw_files="""
            receipt_no folder   period  file_name outcome
            1          register 2025-06 a.xlsx    read
            2          register 2025-05 a.xlsx    read
            3          sample   2025-06 a.xlsx    read
            4          register 2025-06 b.xlsx    refused
            5          register 2025-06 c.xlsx    read
            6          register 2025-07 a.xlsx    read
            7          sample   2025-07 a.xlsx    read
            8          sample   2025-07 b.xlsx    read
            9          ledger   2025-06 a.xlsx    read
            10         ledger   2025-06 b.xlsx    read
        """,
        expect="""
            receipt_no later_receipt_no
            1          5
            2          -
            3          -
            4          5
            5          -
            6          -
            7          8
            8          -
            9          10
            10         -
        """,
    )
