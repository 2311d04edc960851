"""Publishing what a writer's warehouse holds, in a run or once more afterwards.

Nothing is published before its tables were checked. How a release is written is the warehouse's
matter, what the rules are stands in `expectations/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.intake.decisions import Decision, append_decision
from pipelines.intake.shown_text import shown
from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.last_run import write_last_run
from pipelines.orchestration.published import published_periods, write_bulletins
from pipelines.orchestration.receiving import DECISIONS, RAW_KEYS, release_to_make, this_run
from pipelines.orchestration.standing import SignedRelease, day_of, signed_releases
from pipelines.orchestration.writer import Writer, open_writer
from pipelines.quality import findings
from pipelines.quality.suites import load_suites
from pipelines.quality.tables import TableFailure, check_tables, table_suites
from pipelines.quality.wording import code_names
from pipelines.root import Root
from pipelines.warehouse.publishing import (
    Publication,
    PublishingError,
    publish,
    refuse_other_releases,
)
from pipelines.warehouse.release import current_release_id
from pipelines.warehouse.sql_files import SqlTable, load_sql_tables

CORRECT = "请按各项写的办法改正后运行 hrstats run；强制性规则没有通过的不能发布。"
CONFIRM = (
    "请逐项核实：确认无误后运行 hrstats publish --confirm --name 姓名 --reason 理由 发布，"
    "有误的更正后运行 hrstats run。"
)


def _has_fault(failures: Sequence[TableFailure]) -> bool:
    """Return whether one of them is of a rule that nobody can confirm away."""
    return any(failure.rule.audit_severity == "mandatory" for failure in failures)


class NothingRunError(Exception):
    """There is no warehouse that could be published."""


class UnexplainedConfirmationError(Exception):
    """Somebody confirms without a name or a reason, or gives them for nothing."""


class WithdrawnError(Exception):
    """What would be published was withdrawn by a person."""

    def __init__(self, signed: SignedRelease, withdrawn: Decision) -> None:
        super().__init__(
            f"按现有文件算出的仍是已撤回的 {signed.release_id}"
            f"（{day_of(withdrawn)}，原因：{withdrawn.reason}），没有再次发布；"
            "请补收或更正后运行 hrstats run。"
        )


@dataclass(frozen=True)
class Confirmation:
    """Who has looked at what the rules of 核实性 ask about, and why it is right."""

    name: str
    reason: str


def checked_confirmation(
    is_confirmed: bool, name: str | None, reason: str | None
) -> Confirmation | None:
    """Return the confirmation as it is kept; None where nothing is confirmed.

    Raises:
        UnexplainedConfirmationError: --confirm without a name and a reason, or one without it.
    """
    name, reason = shown(name or "").strip(), shown(reason or "").strip()
    if is_confirmed and name and reason:
        return Confirmation(name, reason)
    if is_confirmed or name or reason:
        raise UnexplainedConfirmationError(
            "确认发布要写明何人、为何，没有发布；"
            "请写成 hrstats publish --confirm --name 姓名 --reason 理由。"
        )
    return None


class PublicationBlockedError(Exception):
    """The tables do not hold what their rules ask for; the last release stands as it was."""

    def __init__(self, failures: Sequence[TableFailure]) -> None:
        self.failures = list(failures)
        suites = load_suites()
        is_fault = _has_fault(failures)
        lines = [
            f"{SEVERITY_NAMES[failure.rule.audit_severity]}规则“{failure.rule.meta.name}”"
            f"（{suites[failure.suite].meaning.partition('：')[0]}）：{failure.message}"
            for failure in failures
        ]
        super().__init__(
            "\n".join(
                [
                    f"发布前核对有 {len(lines)} 项没有通过，本次没有发布，已发布的数据不变：",
                    *lines,
                    "退回清单和退回文件已写在 reports/returns，先看有没有填错的报表。",
                    CORRECT if is_fault else CONFIRM,
                ]
            )
        )


def publish_warehouse(
    writer: Writer, tables: Mapping[str, SqlTable], confirmation: Confirmation | None = None
) -> Publication:
    """Check the tables and publish the raw ones and those of SQL as the receipts' release.

    Args:
        writer: what a run writes with.
        tables: those of SQL by name.
        confirmation: by whom what the rules of 核实性 ask about was confirmed, if it was.

    Raises:
        WithdrawnError: This release was withdrawn.
        PublicationBlockedError: A rule does not hold and was not or cannot be confirmed.
        RuleRaisedError: A rule could not be carried out.
        PublishingError: The tables were made from something else.
    """
    release = release_to_make(writer)
    signed = signed_releases(writer.root).get(release.release_id)
    if signed and signed.withdrawn:
        raise WithdrawnError(signed, signed.withdrawn)
    names = [*RAW_KEYS, DECISIONS, *tables]
    refuse_other_releases(writer.connection, release, names)
    suites = table_suites(load_suites())
    grains = {name: table.grain for name, table in tables.items()}
    grains[findings.TABLE] = findings.KEY
    failures = check_tables(
        writer.connection, suites, grains, _last_database(writer.root), code_names(writer.catalog)
    )
    if _has_fault(failures) or (failures and confirmation is None):
        raise PublicationBlockedError(failures)
    confirmed = [
        {"table": failure.suite, "rule": failure.rule.meta.rule_code, "message": failure.message}
        for failure in failures
    ]
    if confirmed and confirmation:
        append_decision(
            writer.root,
            "confirm",
            release.period,
            release.release_id,
            confirmation.name,
            confirmation.reason,
            {"confirmed": confirmed},
        )
    return publish(
        writer.connection,
        writer.root,
        writer.catalog,
        release,
        names,
        is_made_up(writer.root),
        confirmed,
    )


def complete_run(writer: Writer) -> list[Path]:
    """Write the bulletins of what was published and keep that the run is complete."""
    bulletins = write_bulletins(writer.root, published_periods(writer.root))
    release = release_to_make(writer)
    if release.release_id == current_release_id(writer.root):
        write_last_run(writer.root, this_run(writer, release))
    return bulletins


def publish_again(root: Root, confirmation: Confirmation | None = None) -> Publication:
    """Publish the root's warehouse as the last run left it, with the bulletins.

    Raises:
        NothingRunError: Nothing has been run below this root.
        WriterBusyError: Another process is writing.
        WithdrawnError: What the last run made was withdrawn.
        PublicationBlockedError: A rule does not hold and was not or cannot be confirmed.
        PublishingError: Files, catalog, SQL or program have changed since that run.
    """
    if not root.warehouse.exists():
        raise NothingRunError("还没有运行过，请先运行 hrstats run，再运行 hrstats publish。")
    with open_writer(root) as writer:
        published = publish_warehouse(writer, load_sql_tables(), confirmation)
        complete_run(writer)
    return published


def _last_database(root: Root) -> Path | None:
    """Return the database of the last release as it is kept; None before the first one."""
    release_id = current_release_id(root)
    if release_id is None:
        return None
    database = root.releases / release_id / root.database.name
    if not database.exists():
        raise PublishingError(
            f"上一次发布的存档 {release_id} 不在 data/marts/releases 中，无法与它核对，"
            "请从备份恢复该文件夹后再发布。"
        )
    return database
