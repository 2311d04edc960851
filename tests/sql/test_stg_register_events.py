"""stg_register_events: rows of 名录变动表, what each says of the status, and how long it stood."""

import datetime as dt

TYPES = """
    classification_code  item_code    item_group item_order
    register_event_types deregistered exit       1
    register_event_types moved_out    exit       4
    register_event_types new          entry      5
    register_event_types moved_in     entry      6
    register_event_types suspended    pause      7
    register_event_types renamed      attribute  10
    register_event_types relicensed   attribute  11
    register_event_types upgraded     attribute  12
    yes_no               yes          -          1
"""


def test_what_each_type_says_and_the_content_without_the_receipt(build):
    kinds = {
        4: {"event_type": "new", "event_date": "2025-03-01"},
        5: {"event_type": "relicensed", "event_date": "2025-03-02", "successor_code": "B"},
        6: {"event_type": "relicensed", "event_date": "2025-03-03", "licence_no": "1号"},
        7: {"event_type": "moved_out", "event_date": "2025-03-04", "district": "500105"},
        8: {"event_type": "moved_out", "event_date": "2025-03-05"},
        9: {"event_type": "suspended", "event_date": "2025-03-06"},
        10: {"event_type": "upgraded", "event_date": "2025-03-07"},
        11: {"event_type": "renamed", "event_date": "2025-03-08", "new_name": "乙"},
    }
    files = [
        {"receipt_no": 1, "later_receipt_no": 2, "first_seen_at": dt.datetime(2025, 4, 1, 12)},
        {"receipt_no": 2, "later_receipt_no": None, "first_seen_at": dt.datetime(2025, 4, 9, 12)},
    ]
    rows = build(
        "stg_register_events",
        stg_files=[{**file, "folder": "register_events", "is_read": True} for file in files],
        ref_classifications=TYPES,
        raw_values=[
            {
                "receipt_no": receipt_no,
                "unit_row": row,
                "field_code": field,
                "text_value": text,
            }
            for receipt_no in (1, 2)
            for row, values in kinds.items()
            for field, text in {"credit_code": "A", "agency_name": "甲", **values}.items()
        ],
    )
    said = {
        row["unit_row"]: [row[name] for name in ("change_kind", "exit_claim", "activity_claim")]
        for row in rows
    }
    assert said == {
        4: ["new", "none", "active"],
        5: ["recoded", "recoded", None],
        6: ["relicensed", None, None],
        7: ["relocated", None, None],
        8: ["moved_out", "moved_out", None],
        9: ["suspended", None, "suspended"],
        10: ["upgraded", None, None],
        11: ["renamed", None, None],
    }
    first, second = rows[:8], rows[8:]
    assert [row["event_content"] for row in first] == [row["event_content"] for row in second]
    assert len({row["event_content"] for row in first}) == 8
    assert (first[0]["new_name"], first[0]["first_registered_date"]) == ("甲", dt.date(2025, 3, 1))
    assert (first[6]["licence_kind"], first[7]["new_name"]) == ("licensed", "乙")
    dates = {(row["received_date"], row["replaced_date"], row["is_in_force"]) for row in rows}
    assert dates == {
        (dt.date(2025, 4, 1), dt.date(2025, 4, 9), False),
        (dt.date(2025, 4, 9), None, True),
    }
