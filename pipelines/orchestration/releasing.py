"""Signing what is published, taking it back, and the list of both.

The decision is what counts and is written in one go: before it, everything that a signed release
needs is made ready; after it, what is published and the pages are put in order, which the same
command does again where it was interrupted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pipelines.bulletin.files import replace_file
from pipelines.bulletin.issue import released_issue
from pipelines.bulletin.marts import read_marts
from pipelines.bulletin.page import bulletin_path, mark_page, render_bulletin
from pipelines.catalog.load import load_catalog
from pipelines.intake.clock import SHANGHAI, moment_text
from pipelines.intake.decisions import append_decision
from pipelines.intake.shown_text import shown
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.last_run import months_to_run, months_waiting
from pipelines.orchestration.lock import writer_lock
from pipelines.orchestration.months import well_written
from pipelines.orchestration.published import published_periods, write_bulletins
from pipelines.orchestration.standing import (
    SignedRelease,
    State,
    day_of,
    issue_of,
    signed_releases,
    standing_release,
    state_of,
)
from pipelines.root import Root
from pipelines.warehouse.comparing import Comparison, compare
from pipelines.warehouse.frozen import changed_files, freeze, release_folders
from pipelines.warehouse.publishing import put_back, read_manifest, stands_in_place
from pipelines.warehouse.release import current_release_id

FIRST_TIME = "首次发布"
LOST = "{} 的存档不完整或被改动过，没有完成；请从备份恢复 data/marts/releases 中的该文件夹。"


class UnknownReleaseError(Exception):
    """No release that is kept, or more than one, is meant."""


class ReleaseRefusedError(Exception):
    """Why a release was not signed or not withdrawn, and what to do."""


@dataclass(frozen=True)
class Roles:
    """Who answers for a release: who prepared it, who reviewed it, all who signed it."""

    prepared: str
    reviewed: str
    signed: Sequence[str]


@dataclass(frozen=True)
class Kept:
    """A release as the list shows it."""

    release_id: str
    period: str
    state: State
    is_current: bool
    is_made_up: bool
    has_archive: bool
    signed: SignedRelease | None

    def cells(self) -> list[str]:
        """Return id, period, state, when and by whom it was signed, and what else is to be said."""
        released = self.signed.released if self.signed else None
        withdrawn = self.signed.withdrawn if self.signed else None
        remarks = [
            "现行" if self.is_current else "",
            f"{day_of(withdrawn)}由{withdrawn.person}撤回：{withdrawn.reason}" if withdrawn else "",
            "" if self.has_archive else "存档缺失",
            "模拟数据" if self.is_made_up else "",
        ]
        return [
            self.release_id,
            self.period,
            self.state,
            released.decided_at if released else "",
            released.person if released else "",
            "；".join(filter(None, remarks)),
        ]


def checked_roles(prepared: str | None, reviewed: str | None, signed: Sequence[str]) -> Roles:
    """Return the roles when each is filled and nobody passes his own work.

    The issue names three roles and no rule for them. Whoever prepared the figures can neither
    review nor sign them, as in any review by four eyes; the reviewer may also be one who signs.

    Raises:
        ReleaseRefusedError: a role is empty, or the same person stands in two that exclude.
    """
    names = {
        "编制人（--prepared）": [prepared or ""],
        "审核人（--reviewed）": [reviewed or ""],
        "签发人（--signed）": list(signed),
    }
    cleaned = {role: [shown(name).strip() for name in given] for role, given in names.items()}
    missing = [role for role, given in cleaned.items() if not given or not all(given)]
    if missing:
        raise ReleaseRefusedError(
            f"没有写明{'、'.join(missing)}，没有发布；请写明编制、审核、签发各是何人后再发布。"
        )
    (maker,), (reviewer,), signers = cleaned.values()
    if maker == reviewer or maker in signers:
        raise ReleaseRefusedError(
            f"编制人{maker}不能同时审核或签发，没有发布；请由他人审核、签发后再发布。"
        )
    return Roles(maker, reviewer, list(dict.fromkeys(signers)))


def preview(root: Root, period: str) -> Comparison | None:
    """Return what signing would change against the release that stands; None where none does.

    Nothing is written.

    Raises:
        ReleaseRefusedError: The period could not be signed as it is.
    """
    release_id = _release_to_sign(root, period)
    standing = standing_release(root)
    if standing is None:
        return None
    return compare_releases(root, standing.release_id, release_id)


def signed_of(root: Root, period: str) -> list[SignedRelease]:
    """Return the releases of a period signed so far; after the first, each has to say why."""
    return [each for each in signed_releases(root).values() if each.released.period == period]


def release(root: Root, period: str, roles: Roles, reason: str | None) -> str:
    """Sign what is published of that period and return its id.

    Args:
        root: where it is published.
        period: its newest month (YYYY-MM).
        roles: who answers for it.
        reason: why, which has to be said when the period was released before.

    Raises:
        ReleaseRefusedError: It is not ready, or was signed already.
        WriterBusyError: Another process is writing.
    """
    with writer_lock(root):
        if current_release_id(root) in signed_releases(root):
            _write_pages(root)  # which an interrupted signing may have left as a draft's
        release_id = _release_to_sign(root, period)
        before = signed_of(root, period)
        why = shown(reason or "").strip() or (None if before else FIRST_TIME)
        if why is None:
            raise ReleaseRefusedError(
                f"{period} 已发布过（{before[-1].release_id}），没有再次发布；"
                "请用 --reason 写明这次为什么修订。"
            )
        now = dt.datetime.now(SHANGHAI)
        previous = standing_release(root)
        details = asdict(roles) | {"previous_release_id": previous and previous.release_id}
        made_up = is_made_up(root)
        issue = released_issue(now.date(), roles.prepared, roles.reviewed, roles.signed)
        page = render_bulletin(read_marts(root, period), load_catalog(), made_up, issue)
        record = {
            "release_id": release_id,
            "period": period,
            "released_at": moment_text(now),
            **details,
            "reason": why,
            "made_up": made_up,
        }
        pages = {bulletin_path(root, period).name: page.encode()}
        freeze(root.releases / release_id, record, pages)
        person = "、".join(roles.signed)
        append_decision(root, "release", period, release_id, person, why, details, now)
        _write_pages(root)
    return release_id


def withdraw(root: Root, asked: str, name: str, reason: str) -> str:
    """Withdraw a signed release, and return its id.

    Where it is what is published, the one signed before it that still stands takes its place;
    where there is none, it stays and says of itself that it was withdrawn.

    Raises:
        ReleaseRefusedError: It was never signed or is withdrawn already, or nobody says why.
        UnknownReleaseError: There is no such release.
        WriterBusyError: Another process is writing.
    """
    name, reason = shown(name).strip(), shown(reason).strip()
    if not name or not reason:
        raise ReleaseRefusedError("没有写明何人、为何撤回，没有撤回；请写明 --name 和 --reason。")
    with writer_lock(root):
        release_id = find_release(root, asked)
        signed = signed_releases(root).get(release_id)
        if signed is None:
            raise ReleaseRefusedError(f"{release_id} 是草稿，没有发布过，不必撤回。")
        if signed.withdrawn:
            _settle(root, release_id)
            raise ReleaseRefusedError(
                f"{release_id} 已由{signed.withdrawn.person}于{day_of(signed.withdrawn)}撤回，"
                "不必再撤回。"
            )
        append_decision(root, "withdraw", signed.released.period, release_id, name, reason)
        _settle(root, release_id)
    return release_id


def list_releases(root: Root) -> list[Kept]:
    """Return every release: signed ones in the order of signing, then the drafts that are kept."""
    signed = signed_releases(root)
    current = current_release_id(root)
    folders = {folder.name: folder for folder in release_folders(root)}
    listed = []
    for name in dict.fromkeys([*signed, *folders]):
        manifest = read_manifest(folders[name]) if name in folders else None
        listed.append(
            Kept(
                name,
                manifest["period"] if manifest else signed[name].released.period,
                state_of(signed.get(name)),
                name == current,
                manifest["made_up"] if manifest else is_made_up(root),
                manifest is not None,
                signed.get(name),
            )
        )
    return listed


def find_release(root: Root, asked: str) -> str:
    """Return the id that begins so, or whose digits after the period do.

    Raises:
        UnknownReleaseError: None that is kept does, or several do.
    """
    names = [folder.name for folder in release_folders(root)]
    found = [name for name in names if name == asked] or [
        name
        for name in names
        if asked and (name.startswith(asked) or name.rpartition("-")[2].startswith(asked))
    ]
    if len(found) != 1:
        what = f"不止一版（{'、'.join(found)}），请多写几位" if found else "没有存档，请核对"
        raise UnknownReleaseError(f"发布编号“{asked}”{what}；hrstats releases 列出全部编号。")
    return found[0]


def compare_releases(root: Root, older: str, newer: str) -> Comparison:
    """Return what changed from one kept release to another, each named by its whole id.

    Raises:
        ReleaseRefusedError: One of them is not as it was written.
    """
    for name in (older, newer):
        folder = root.releases / name
        if not (folder / "manifest.json").is_file() or changed_files(
            folder, read_manifest(folder)["files"]
        ):
            raise ReleaseRefusedError(LOST.format(name))
    return compare(root.releases / older, root.releases / newer, load_catalog())


def _release_to_sign(root: Root, period: str) -> str:
    """Return the id of what is published when it can be signed as the release of that period."""
    well_written(period)
    release_id = current_release_id(root)
    if release_id is None:
        raise ReleaseRefusedError("还没有发布过数据，请先运行 hrstats run。")
    folder = root.releases / release_id
    if not (folder / "manifest.json").is_file():
        raise ReleaseRefusedError(LOST.format(release_id))
    manifest = read_manifest(folder)
    if manifest["period"] != period:
        raise ReleaseRefusedError(
            f"现在的数据最新到 {manifest['period']}（{release_id}），没有发布 {period}；"
            f"请写 {manifest['period']}（以前各期随它一并修订），"
            "或收进该期报表、运行 hrstats run 后再发布。"
        )
    signed = signed_releases(root).get(release_id)
    if signed and signed.withdrawn:
        raise ReleaseRefusedError(
            f"{release_id} 已于{day_of(signed.withdrawn)}撤回，不能再次发布；"
            "请更正后运行 hrstats run，再发布新的一版。"
        )
    if months_to_run(root) or months_waiting(root):
        raise ReleaseRefusedError(
            "还有文件、决定或目录、程序的变化没有进入已发布的数据，或者上次运行没有通过发布前核对，"
            "没有发布；请先运行 hrstats run。"
        )
    if signed:
        raise ReleaseRefusedError(
            f"{release_id} 已由{signed.released.person}于{day_of(signed.released)}签发，"
            "不必再次发布。"
        )
    if changed_files(folder, manifest["files"]):
        raise ReleaseRefusedError(LOST.format(release_id))
    if not stands_in_place(root, folder, manifest):
        raise ReleaseRefusedError(
            "data/marts 中的文件与存档不一致，没有发布；请先运行 hrstats publish。"
        )
    return release_id


def _settle(root: Root, withdrawn: str) -> None:
    """Have what still stands be what is published, and the pages say what became of the others."""
    signed = signed_releases(root)
    standing = standing_release(root)
    if current_release_id(root) == withdrawn and standing:
        put_back(root, standing.release_id)
    _write_pages(root)
    issue = issue_of(root, withdrawn)
    period = signed[withdrawn].released.period
    kept = root.releases / withdrawn / bulletin_path(root, period).name
    page = mark_page(kept.read_text(encoding="utf-8"), issue)
    replace_file(root.reports / "withdrawn" / f"bulletin-{withdrawn}.html", page.encode())
    published = {bulletin_path(root, period) for period in published_periods(root)}
    for path in root.reports.glob("bulletin-*.html"):
        page = path.read_text(encoding="utf-8")
        if path not in published and withdrawn in page:
            replace_file(path, mark_page(page, issue).encode())


def _write_pages(root: Root) -> None:
    """Write the bulletins of what is published as its state is now."""
    write_bulletins(root, published_periods(root))
