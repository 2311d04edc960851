"""Who is chased, in which order, and that nothing is left over from before."""

import io
import time

import docx
import openpyxl

from pipelines.orchestration.published import ask, missing_agencies
from pipelines.orchestration.reminding import owing_agencies, write_reminders
from pipelines.root import Root

PERIOD = "2025-06"


def test_all_who_are_missing_or_refused_are_chased_largest_first(demo_root: Root) -> None:
    owing = owing_agencies(demo_root, PERIOD)
    response, revenue = (
        str(demo_root.internal / f"{name}.parquet")
        for name in ("core_response", "core_register_revenue")
    )
    rows = ask(
        demo_root,
        "select credit_code, status, register_revenue from read_parquet(?) as response "
        "inner join read_parquet(?) as revenue using (period, credit_code) "
        "where period = '2025-06' and status not in ('accepted', 'out_of_scope') "
        "and credit_code not in (select credit_code from read_parquet(?) "
        "where period = '2025-06' and submission_state = 'late')",
        response,
        revenue,
        str(demo_root.internal / "core_versions.parquet"),
    ).rows
    expected = sorted(rows, key=lambda row: (-row[2], row[0]))
    assert [(one.credit_code, one.status) for one in owing] == [row[:2] for row in expected]
    assert {one.status for one in owing} == {"missing", "refused"}
    for one in owing:
        assert (one.reason or "").startswith("不符合：") == (one.status == "refused")
        assert one.reason != "不符合：整份文件退回"  # a finding says why


def test_whose_report_came_too_late_to_count_is_not_chased_and_shown_as_come(
    demo_root: Root,
) -> None:
    """The made-up industry sends some reports of every period after its cut-off."""
    held = {
        code
        for (code,) in ask(
            demo_root,
            "select credit_code from read_parquet(?) as response "
            "inner join read_parquet(?) as versions using (period, credit_code) "
            "where period = '2025-06' and status = 'missing' and submission_state = 'late'",
            *(
                str(demo_root.internal / f"{name}.parquet")
                for name in ("core_response", "core_versions")
            ),
        ).rows
    }
    assert held
    assert held.isdisjoint(one.credit_code for one in owing_agencies(demo_root, PERIOD))
    shown = missing_agencies(demo_root, PERIOD)
    marked = {
        line.split("（")[-1][:18]
        for line in shown
        if line.endswith("，已报来，逾期，计入下一版次。")
    }
    assert marked == held
    assert len(shown) > len(held)


def test_the_list_and_the_letters_name_the_same_agencies(own_root: Root) -> None:
    reminders = write_reminders(own_root, PERIOD)
    (sheet,) = openpyxl.load_workbook(reminders.list_path).worksheets
    listed = {row[3] for row in sheet.iter_rows(min_row=4, values_only=True)}
    lettered = [
        row.cells[1].text
        for path in reminders.letter_paths
        for row in docx.Document(io.BytesIO(path.read_bytes())).tables[0].rows[1:]
    ]
    assert sorted(lettered) == sorted(map(str, listed))
    assert len(lettered) == reminders.owing_count


def test_writing_again_changes_no_byte_and_removes_letters_to_who_owes_nothing(
    own_root: Root,
) -> None:
    reminders = write_reminders(own_root, PERIOD)
    paths = [reminders.list_path, *reminders.letter_paths]
    before = {path: path.read_bytes() for path in paths}
    stale = reminders.list_path.with_name(f"催报通知_没有的单位_{PERIOD}.docx")
    stale.write_bytes(b"")
    time.sleep(2.1)  # a zip's times are told in steps of two seconds
    write_reminders(own_root, PERIOD)
    assert {path: path.read_bytes() for path in reminders.list_path.parent.iterdir()} == before
