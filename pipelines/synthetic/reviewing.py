"""What a made-up reviewer decides of each agency: mostly 通过, some sent back, some left for later.

The workbooks that are filled with it are not the matter of this room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.synthetic.chance import Chance

RETURNED, LEFT = 0.03, 0.05  # shares of agencies sent back, and not looked at
TAKEN = 0.7  # share of explanations that are taken, of those with questions not sent back
RETURN_REASONS = ("与上月相差较大，请核对原始记录", "业务与名录不符，请核实", "漏填分支机构数据")
EXPLAINED_REASON = "已电话核实，情况属实"


@dataclass(frozen=True)
class MadeUpDecision:
    """What is written in 审核意见 and 理由."""

    decision: Literal["passed", "returned", "explained"]
    reason: str | None = None


def decide_reviews(
    chance: Chance, period: str, level: str, has_questions: Mapping[str, bool]
) -> dict[str, MadeUpDecision]:
    """Return what a level decides of the agencies of a period; who is left blank is not in it.

    Args:
        chance: Where chance comes from.
        period: The period (YYYY-MM).
        level: 区县 or 市: each has luck of its own.
        has_questions: Whether there are 核实性 findings, by credit code.
    """
    rng = chance.of(f"review by {level}", int(period.replace("-", "")))
    decided: dict[str, MadeUpDecision] = {}
    for code in sorted(has_questions):
        luck, reason, taking = rng.random(3)
        if luck < LEFT:
            continue
        if luck < LEFT + RETURNED:
            number = int(np.floor(reason * len(RETURN_REASONS)))
            decided[code] = MadeUpDecision("returned", RETURN_REASONS[number])
        elif has_questions[code] and taking < TAKEN:
            decided[code] = MadeUpDecision("explained", EXPLAINED_REASON)
        else:
            decided[code] = MadeUpDecision("passed")
    return decided
