"""What the last complete run was made from, and what has come or changed since.

Decided from receipts and digests alone, so that a run with nothing to do ends at once: nothing
here opens the warehouse or imports Dagster, DuckDB or pandas.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.intake.decisions import figure_decisions, read_decisions
from pipelines.intake.inbox import InboxFile, look_through
from pipelines.intake.receipts import Receipt, read_receipts
from pipelines.orchestration.months import is_month, this_month
from pipelines.root import Root
from pipelines.warehouse.release import (
    Method,
    current_method,
    current_release_id,
    reading_digest,
)


@dataclass(frozen=True)
class LastRun:
    """A complete run: the release it left, its method, what read each receipt by number.

    And how many decisions about figures there were.
    """

    release_id: str
    method: Method
    readings: Mapping[int, str]
    decision_count: int


def read_last_run(root: Root) -> LastRun | None:
    """Return the last complete run; None when there is none that can be told to stand as it was.

    Its results may have been deleted, or a program that took other things for its method made it.
    """
    if not (root.last_run.exists() and root.warehouse.exists() and root.database.exists()):
        return None
    stored = json.loads(root.last_run.read_text(encoding="utf-8"))
    is_of_this_kind = stored.keys() == {field.name for field in fields(LastRun)} and stored[
        "method"
    ].keys() == {field.name for field in fields(Method)}
    # What was withdrawn is not published again, so a run that would make it has nothing to do.
    withdrawn = {each.subject for each in read_decisions(root) if each.kind == "withdraw"}
    if not is_of_this_kind or stored["release_id"] not in {current_release_id(root), *withdrawn}:
        return None
    readings = {int(number): reading for number, reading in stored["readings"].items()}
    return LastRun(
        stored["release_id"], Method(**stored["method"]), readings, stored["decision_count"]
    )


def write_last_run(root: Root, last_run: LastRun) -> None:
    """Keep the complete run for the next decision."""
    draft = root.last_run.with_suffix(".tmp")
    draft.write_text(json.dumps(asdict(last_run), indent=1), encoding="utf-8")
    draft.replace(root.last_run)


def months_to_run(root: Root, period: str | None = None) -> tuple[str, str] | None:
    """Return the first and last month that a run has to cover now; None if nothing changed.

    Only reading goes by months, everything after it is computed whole. Asked for one month, only
    its receipts and those without a month count; a changed catalog, SQL or program is a change too.
    """
    catalog = load_catalog()
    last_run = read_last_run(root)
    receipts = read_receipts(root)
    method = current_method()
    reading = reading_digest(method)
    readings = last_run.readings if last_run else {}
    unread = [
        receipt
        for receipt in receipts
        if readings.get(receipt.receipt_no) != reading
        and (period is None or month_of(receipt, catalog) in (None, period))
    ]
    has_decided = last_run is None or last_run.decision_count != len(figure_decisions(root))
    if last_run and last_run.method == method and not unread and not has_decided:
        return None
    return (period, period) if period else _span(unread, receipts, catalog)


def months_waiting(root: Root) -> tuple[str, str] | None:
    """Return the months that a run has to cover because of files no complete run has read."""
    waiting = files_waiting(root)
    known = [*read_receipts(root), *waiting]
    return _span(waiting, known, load_catalog()) if waiting else None


def files_waiting(root: Root) -> list[Receipt | InboxFile]:
    """Return the files of the inbox without a receipt, then the receipts no complete run read."""
    readings = last_run.readings if (last_run := read_last_run(root)) else {}
    return [
        *(entry.file for entry in look_through(root) if entry.is_waiting),
        *(each for each in read_receipts(root) if each.receipt_no not in readings),
    ]


def _span(
    changed: Iterable[Receipt | InboxFile], known: Iterable[Receipt | InboxFile], catalog: Catalog
) -> tuple[str, str]:
    """Return the first and last month with a change, the newest one when no month has any."""
    months = months_of(changed, catalog) or {max(months_of(known, catalog), default=this_month())}
    return min(months), max(months)


def month_of(arrival: Receipt | InboxFile, catalog: Catalog) -> str | None:
    """Return the month whose run reads this arrival; None when every run does.

    The register, the sample, the ledger and the year's lists have no month, and a report in the
    folder of an impossible month still has to be refused by some run.
    """
    is_monthly = arrival.folder == "reports" and is_month(arrival.folder_period, catalog)
    return arrival.folder_period if is_monthly else None


def months_of(arrivals: Iterable[Receipt | InboxFile], catalog: Catalog) -> set[str]:
    """Return the months that have arrivals."""
    return {month for arrival in arrivals if (month := month_of(arrival, catalog))}
