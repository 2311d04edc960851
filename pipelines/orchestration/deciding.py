"""The list of what people decided, in the words of those who read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipelines.intake.decisions import DecisionKind, read_decisions
from pipelines.orchestration.months import YEAR, well_written
from pipelines.root import Root

KIND_NAMES: Mapping[DecisionKind, str] = {
    "lock": "锁定",
    "unlock": "解锁",
    "confirm": "确认发布",
    "release": "签发",
    "withdraw": "撤回",
}
DECISION_HEADINGS = ("序号", "时间", "决定", "报告期", "对象", "何人", "为何")


def decision_rows(root: Root, period: str | None) -> list[list[str]]:
    """Return every decision, or those of a period, in their order.

    A year is the period of an annual return.

    Raises:
        UnknownMonthError: The period is written neither YYYY-MM nor YYYY, or it is a January.
    """
    if period is not None and not re.fullmatch(YEAR, period):
        well_written(period)
    return [
        [
            str(each.decision_no),
            each.decided_at,
            KIND_NAMES[each.kind],
            each.period,
            each.subject or "",
            each.person,
            each.reason,
        ]
        for each in read_decisions(root)
        if period in (None, each.period)
    ]
