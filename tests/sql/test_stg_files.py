"""stg_files: the folder says the period."""


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
