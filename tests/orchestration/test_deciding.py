"""The list of what people decided."""

from pathlib import Path

import pytest

from pipelines.intake.decisions import append_decision
from pipelines.orchestration.deciding import DECISION_HEADINGS, decision_rows
from pipelines.orchestration.months import UnknownMonthError
from pipelines.root import Root


def test_who_when_what_and_why(tmp_path: Path) -> None:
    root = Root(tmp_path)
    assert decision_rows(root, None) == []
    decided = append_decision(root, "lock", "2025-05", "91500103MA5U00000A", "张三", "复审完毕")
    append_decision(root, "release", "2025-06", "2025-06-0123456789ab", "李四", "首次发布")
    first, second = decision_rows(root, None)
    assert dict(zip(DECISION_HEADINGS, first, strict=True)) == {
        "序号": "1",
        "时间": decided.decided_at,
        "决定": "锁定",
        "报告期": "2025-05",
        "对象": "91500103MA5U00000A",
        "何人": "张三",
        "为何": "复审完毕",
    }
    assert decision_rows(root, "2025-06") == [second]
    append_decision(root, "lock", "2024", None, "王五", "年报定案")
    assert [row[3] for row in decision_rows(root, "2024")] == ["2024"]
    with pytest.raises(UnknownMonthError):
        decision_rows(root, "2025-6")
