"""How many files came and what became of each: received = the sum of the five states.

States are those published; what is ignored is seen by a look at the inbox. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipelines.intake.inbox import look_through
from pipelines.intake.receipts import read_receipts
from pipelines.orchestration.published import ask
from pipelines.root import Root

FILE_STATES = "select receipt_no, period, file_state from mart_files"
STATE_NAMES = {"accepted": "采用", "superseded": "被替代", "refused": "退回", "quarantined": "隔离"}


@dataclass(frozen=True)
class Tally:
    """Received files by state, the ignored ones by name and reason, and those not judged yet."""

    counts: dict[str, int]
    ignored: list[str]
    waiting_count: int

    def sentence(self) -> str:
        """Return the sum in words."""
        received = sum(self.counts.values()) + len(self.ignored)
        states = [f"{name} {self.counts[state]}" for state, name in STATE_NAMES.items()]
        waiting = f"；另有 {self.waiting_count} 份等待下次运行" if self.waiting_count else ""
        return f"收到 {received} 份：{'、'.join(states)}、忽略 {len(self.ignored)}{waiting}。"


def tally_files(root: Root, period: str | None = None) -> Tally:
    """Return what became of every file received, or of those of one period.

    Raises:
        NothingPublishedError: Nothing has been published, so that no file has a state.
    """
    states = {number: (month, state) for number, month, state in ask(root, FILE_STATES).rows}
    entries = [entry for entry in look_through(root) if period in (None, entry.file.folder_period)]
    receipts = [
        receipt
        for receipt in read_receipts(root)
        if period in (None, receipt.folder_period, states.get(receipt.receipt_no, (None,))[0])
    ]
    judged = [states[each.receipt_no][1] for each in receipts if each.receipt_no in states]
    return Tally(
        {state: Counter(judged)[state] for state in STATE_NAMES},
        [
            f"{entry.file.file_path}：{entry.ignored_because}。"
            for entry in entries
            if entry.ignored_because is not None
        ],
        sum(entry.is_waiting for entry in entries) + len(receipts) - len(judged),
    )
