"""Decisions: numbered in order, on disk once told, and never without a person and a reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipelines.intake.decisions import append_decision, figure_decisions, read_decisions
from pipelines.root import Root


def test_decisions_read_back_in_the_order_in_which_they_were_taken(tmp_path: Path) -> None:
    root = Root(tmp_path)
    assert read_decisions(root) == []
    moment = dt.datetime(2025, 7, 25, 1, 30, tzinfo=dt.UTC)
    first = append_decision(
        root, "lock", "2025-06", None, " 张三 ", "复审完毕", {"名": "值"}, moment
    )
    second = append_decision(root, "release", "2025-06", "2025-06-abc", "李四", "按期发布")
    assert read_decisions(root) == [first, second]
    assert (first.decision_no, second.decision_no) == (1, 2)
    assert first.decided_at == "2025-07-25T09:30:00+08:00"
    assert first.person == "张三"
    assert first.details == {"名": "值"}


def test_only_locks_change_what_is_published(tmp_path: Path) -> None:
    root = Root(tmp_path)
    for kind in ("confirm", "lock", "release", "unlock", "withdraw"):
        append_decision(root, kind, "2025-06", None, "张三", "核实无误")
    assert [each.kind for each in figure_decisions(root)] == ["lock", "unlock"]


@pytest.mark.parametrize(("person", "reason"), [("", "复审完毕"), ("张三", " ")])
def test_nobody_decides_for_no_reason(tmp_path: Path, person: str, reason: str) -> None:
    root = Root(tmp_path)
    with pytest.raises(ValueError, match="not a decision"):
        append_decision(root, "lock", "2025-06", None, person, reason)
    assert not root.decisions.exists()


def test_a_line_that_is_no_decision_is_named(tmp_path: Path) -> None:
    root = Root(tmp_path)
    append_decision(root, "lock", "2025-06", None, "张三", "复审完毕")
    root.decisions.write_text(root.decisions.read_text("utf-8") + '{"decision_no": 2}\n', "utf-8")
    with pytest.raises(ValueError, match=r"决定清单“decisions[.]jsonl”第2行无法识别"):
        read_decisions(root)


def test_personal_numbers_are_starred(tmp_path: Path) -> None:
    root = Root(tmp_path)
    append_decision(root, "lock", "2025-06", None, "张三", "已电话13812345678核实")
    assert "13812345678" not in root.decisions.read_text("utf-8")
    (decision,) = read_decisions(root)
    assert decision.reason == "已电话138****5678核实"
