"""What a page says of the release it belongs to: a draft, formally released, or withdrawn.

Who decided so, and when, is told from outside; the page of a release that is withdrawn later is
the page as it was, with the mark on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

FIRST, LAST = "<!--release-->", "<!--/release-->"  # what stands between is about the release


@dataclass(frozen=True)
class Issue:
    """The state of a release in words, a warning where it may not be relied on, further lines."""

    state: str
    banner: str | None = None
    lines: Sequence[tuple[str, str]] = ()


DRAFT = Issue("草稿", "草稿，未经签发。")


def released_issue(day: dt.date, prepared: str, reviewed: str, signed: Sequence[str]) -> Issue:
    """Return what the page of a signed release says: who answers for it, and since when."""
    roles = [("编制", prepared), ("审核", reviewed), ("签发", "、".join(signed))]
    return Issue("正式发布", None, [*roles, ("签发日期", _date(day))])


def withdrawn_issue(day: dt.date, reason: str) -> Issue:
    """Return what the page of a withdrawn release says: since when and why."""
    return Issue("已撤回", f"已撤回：本版于{_date(day)}撤回，原因：{reason.rstrip('。')}。")


def _date(day: dt.date) -> str:
    """Return a day as it is written in Chinese."""
    return f"{day.year}年{day.month}月{day.day}日"
