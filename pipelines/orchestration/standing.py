"""Which releases were signed and which still stand, told from the list of decisions alone.

A decision is all that makes a release formal or takes it back; files are put in order after it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.bulletin.issue import DRAFT, Issue, released_issue, withdrawn_issue
from pipelines.intake.decisions import Decision, read_decisions
from pipelines.root import Root

State = Literal["草稿", "已发布", "已撤回"]


@dataclass(frozen=True)
class SignedRelease:
    """A release that was signed, and how it was withdrawn if it was."""

    released: Decision
    withdrawn: Decision | None = None

    @property
    def release_id(self) -> str:
        """The release that was signed."""
        return str(self.released.subject)


def signed_releases(root: Root) -> dict[str, SignedRelease]:
    """Return the releases that were ever signed, by their id, in the order of signing."""
    signed: dict[str, SignedRelease] = {}
    for decision in read_decisions(root):
        subject = str(decision.subject)
        if decision.kind == "release":
            signed[subject] = SignedRelease(decision)
        elif decision.kind == "withdraw":
            signed[subject] = replace(signed[subject], withdrawn=decision)
    return signed


def standing_release(root: Root) -> SignedRelease | None:
    """Return the release signed last of those not withdrawn; None where there is none."""
    standing = [each for each in signed_releases(root).values() if each.withdrawn is None]
    return standing[-1] if standing else None


def day_of(decision: Decision) -> dt.date:
    """Return the day of a decision in Shanghai."""
    return dt.datetime.fromisoformat(decision.decided_at).date()


def state_of(signed: SignedRelease | None) -> State:
    """Return the state of a release; one that was never signed is a draft."""
    if signed is None:
        return "草稿"
    return "已撤回" if signed.withdrawn else "已发布"


def issue_of(root: Root, release_id: str | None) -> Issue:
    """Return what pages say of a release."""
    signed = signed_releases(root).get(release_id or "")
    if signed is None:
        return DRAFT
    if signed.withdrawn:
        return withdrawn_issue(day_of(signed.withdrawn), signed.withdrawn.reason)
    roles = signed.released.details
    return released_issue(
        day_of(signed.released), roles["prepared"], roles["reviewed"], roles["signed"]
    )
