"""stg_locks: the last word of a period counts."""


def test_what_is_locked_now(check):
    """2025-05 was unlocked, 2025-06 locked anew; a release locks nothing."""
    check(
        "stg_locks",
        raw_decisions="""
            decision_no decided_at          kind    period  person reason
            1           2025-07-20T09:00:00 lock    2025-05 甲     审核完毕
            2           2025-07-21T09:00:00 lock    2025-06 甲     审核完毕
            3           2025-07-22T09:00:00 unlock  2025-05 乙     补报
            4           2025-07-22T09:30:00 unlock  2025-06 乙     补报
            5           2025-07-23T09:00:00 lock    2025-06 丙     补报完毕
            6           2025-07-24T09:00:00 lock    2024    甲     年报定案
            7           2025-07-25T09:00:00 release 2025-04 甲     发布
        """,
        expect="""
            period  locked_by reason
            2024    甲        年报定案
            2025-06 丙        补报完毕
        """,
    )
