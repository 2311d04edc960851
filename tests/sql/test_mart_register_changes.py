"""mart_register_changes: the words of a change, with what its event says."""


def test_words_reason_and_doubt(build):
    rows = build(
        "mart_register_changes",
        core_register_changes="""
            credit_code change_date change_kind changed_field   date_basis doubt_code related_code
            A           2025-02-10  renamed     agency_name     event      -          -
            B           2025-02-10  new         register_status registered new_code   C
            C           2025-02-10  unlisted    register_status snapshot   lost_without_exit -
        """,
        core_register="""
            credit_code valid_from_date agency_name reporting_unit_code
            A           2025-02-10      甲          500101
            B           2025-02-10      乙          500101
            C           2025-02-10      丙          500101
        """,
        ref_classifications="""
            classification_code   item_code item_name
            register_event_types  renamed   更名
            register_event_types  new       新设
            register_change_kinds unlisted  漏列
        """,
        stg_register_events="""
            receipt_no unit_row changed_code event_date is_in_force reason event_document_no
            1          4        A            2025-02-10 true        改制   渝文1号
            1          5        B            2025-02-10 true        无关   渝文2号
            2          4        A            2025-02-10 false       旧     渝文0号
        """,
        ref_release="""
            release_id period
            R          2025-06
        """,
    )
    told = {
        row["credit_code"]: [
            row[name] for name in ("change_name", "reason", "event_document_no", "is_doubtful")
        ]
        for row in rows
    }
    assert told == {
        "A": ["更名", "改制", "渝文1号", False],
        "B": ["新设", None, None, True],
        "C": ["漏列", None, None, True],
    }
    notes = {row["credit_code"]: row["doubt_note"] for row in rows}
    assert notes["A"] is None
    assert "“C”同期退出" in notes["B"]
    assert notes["C"].endswith("请补列或补报退出。")
