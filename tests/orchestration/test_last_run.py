"""What a run has to cover, decided from receipts and digests alone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.intake.decisions import append_decision
from pipelines.intake.inbox import take_in
from pipelines.intake.receipts import read_receipts
from pipelines.orchestration.last_run import (
    LastRun,
    months_to_run,
    months_waiting,
    read_last_run,
    write_last_run,
)
from pipelines.orchestration.months import this_month
from pipelines.root import Root
from pipelines.warehouse.release import Method, current_method, reading_digest

RELEASE_ID = "2025-06-0123456789ab"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def receive(root: Root, *file_paths: str) -> None:
    for file_path in file_paths:
        path = root.inbox / file_path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file_path)
    take_in(root)


def complete_a_run(root: Root, method: Method | None = None) -> LastRun:
    """Leave what a run leaves that has read every receipt."""
    method = method or current_method()
    readings = {item.receipt_no: reading_digest(method) for item in read_receipts(root)}
    for path in (root.warehouse, root.database):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (root.marts / "current").write_text(RELEASE_ID)
    last_run = LastRun(RELEASE_ID, method, readings, 0)
    write_last_run(root, last_run)
    return last_run


def test_the_first_run_covers_every_month(root: Root) -> None:
    receive(root, "register/a.xlsx", "reports/2025-03/b.xlsx", "reports/2025-06/c.xlsx")
    assert months_to_run(root) == ("2025-03", "2025-06")
    assert months_to_run(root, "2025-06") == ("2025-06", "2025-06")


def test_a_decision_about_figures_is_a_change(root: Root) -> None:
    receive(root, "register/a.xlsx", "reports/2025-06/c.xlsx")
    complete_a_run(root)
    append_decision(root, "confirm", "2025-06", None, "张三", "核实无误")
    assert months_to_run(root) is None
    append_decision(root, "lock", "2025-06", None, "张三", "复审完毕")
    assert months_to_run(root) == ("2025-06", "2025-06")


def test_lists_alone_belong_to_this_months_run(root: Root) -> None:
    receive(root, "register/a.xlsx")
    assert months_to_run(root) == (this_month(), this_month())


def test_nothing_changed_after_a_complete_run(root: Root) -> None:
    receive(root, "reports/2025-03/b.xlsx", "reports/2025-06/c.xlsx")
    last_run = complete_a_run(root)
    assert read_last_run(root) == last_run
    assert months_to_run(root) is None
    assert months_to_run(root, "2025-03") is None
    assert months_waiting(root) is None


def test_only_months_with_something_new_are_read(root: Root) -> None:
    receive(root, "reports/2025-03/b.xlsx", "reports/2025-06/c.xlsx")
    complete_a_run(root)
    receive(root, "reports/2025-04/late.xlsx")
    assert months_to_run(root) == ("2025-04", "2025-04")
    assert months_to_run(root, "2025-06") is None
    assert months_waiting(root) == ("2025-04", "2025-04")


def test_a_file_no_run_has_taken_in_waits(root: Root) -> None:
    receive(root, "reports/2025-06/c.xlsx")
    complete_a_run(root)
    (root.inbox / "reports" / "2025-06" / "new.xlsx").write_text("new")
    assert months_to_run(root) is None
    assert months_waiting(root) == ("2025-06", "2025-06")


def test_an_impossible_month_is_read_by_any_run(root: Root) -> None:
    receive(root, "reports/2025-06/c.xlsx")
    complete_a_run(root)
    receive(root, "reports/2999-12/d.xlsx")
    assert months_to_run(root) == ("2025-06", "2025-06")
    assert months_to_run(root, "2025-06") == ("2025-06", "2025-06")


@pytest.mark.parametrize("part", ["catalog", "sql", "expectations", "code"])
def test_a_changed_method_asks_for_a_run_but_not_the_inbox(root: Root, part: str) -> None:
    receive(root, "reports/2025-06/c.xlsx")
    complete_a_run(root, replace(current_method(), **{part: "other"}))
    assert months_to_run(root) == ("2025-06", "2025-06")
    assert months_waiting(root) is None


def test_a_run_of_a_program_that_knew_another_method_is_made_again(root: Root) -> None:
    receive(root, "reports/2025-06/c.xlsx")
    complete_a_run(root)
    stored = json.loads(root.last_run.read_text(encoding="utf-8"))
    del stored["method"]["expectations"]
    root.last_run.write_text(json.dumps(stored), encoding="utf-8")
    assert read_last_run(root) is None
    assert months_to_run(root) == ("2025-06", "2025-06")


def test_deleted_results_are_made_again(root: Root) -> None:
    receive(root, "reports/2025-06/c.xlsx")
    complete_a_run(root)
    root.database.unlink()
    assert read_last_run(root) is None
    assert months_to_run(root) == ("2025-06", "2025-06")
    complete_a_run(root)
    (root.marts / "current").write_text("2025-05-ba9876543210")
    assert read_last_run(root) is None
