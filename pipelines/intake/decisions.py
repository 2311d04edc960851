"""What people decided by command: the append-only list of who did what, when and why.

Decisions that come in workbooks (reviews, corrections) are kept with their files instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from pipelines.intake.append_only import append_lines, read_lines
from pipelines.intake.clock import moment_text
from pipelines.intake.shown_text import shown
from pipelines.root import Root

DecisionKind = Literal["lock", "unlock", "confirm", "release", "withdraw"]
# Without these, what is published stays the same: they are about a release that stands already.
ABOUT_FIGURES: Sequence[DecisionKind] = ("lock", "unlock")


@dataclass(frozen=True)
class Decision:
    """A decision: on which period and subject (an agency, a release; None: all of the period)."""

    decision_no: int
    decided_at: str  # ISO, Asia/Shanghai, to the second
    kind: DecisionKind
    period: str
    subject: str | None
    person: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no decision: a kind that is not known, or nobody and nothing behind it."""
        if self.kind not in get_args(DecisionKind) or not (self.person and self.reason):
            raise ValueError("not a decision")


def read_decisions(root: Root) -> list[Decision]:
    """Return every decision in the order in which they were taken.

    Raises:
        ValueError: a finished line is not a decision.
    """
    return read_lines(root.decisions, "决定清单", lambda line: Decision(**line))


def figure_decisions(root: Root) -> list[Decision]:
    """Return the decisions that change what is published, in their order."""
    return [each for each in read_decisions(root) if each.kind in ABOUT_FIGURES]


def append_decision(
    root: Root,
    kind: DecisionKind,
    period: str,
    subject: str | None,
    person: str,
    reason: str,
    details: Mapping[str, Any] | None = None,
    now: dt.datetime | None = None,
) -> Decision:
    """Add a decision and return it once it is on disk; the caller holds the writer's lock.

    Identity-card and phone numbers in what people write are starred.

    Args:
        root: whose list it is.
        kind: what is decided.
        period: of which period.
        subject: about what in it.
        person: who decides.
        reason: why.
        details: what else belongs to this kind.
        now: the moment (None: the clock).

    Raises:
        ValueError: nobody decides, or for no reason.
    """
    decision = Decision(
        len(read_decisions(root)) + 1,
        moment_text(now),
        kind,
        period,
        subject,
        shown(person.strip()),
        shown(reason.strip()),
        details or {},
    )
    append_lines(root.decisions, [asdict(decision)])
    return decision
