"""Publishing what a writer's warehouse holds, in a run or once more afterwards.

How a release is written is the warehouse's matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.orchestration.demo_root import is_made_up
from pipelines.orchestration.receiving import RAW_KEYS, release_to_make
from pipelines.orchestration.writer import Writer, open_writer
from pipelines.root import Root
from pipelines.warehouse.publishing import Publication, publish
from pipelines.warehouse.sql_files import load_sql_tables


class NothingRunError(Exception):
    """There is no warehouse that could be published."""


def publish_warehouse(writer: Writer, tables: Iterable[str]) -> Publication:
    """Publish the raw tables and those of SQL as the release that the receipts make.

    Raises:
        PublishingError: The tables were made from something else.
    """
    return publish(
        writer.connection,
        writer.root,
        writer.catalog,
        release_to_make(writer),
        [*RAW_KEYS, *tables],
        is_made_up(writer.root),
    )


def publish_again(root: Root) -> Publication:
    """Publish the root's warehouse as the last run left it.

    Raises:
        NothingRunError: Nothing has been run below this root.
        WriterBusyError: Another process is writing.
        PublishingError: Files, catalog, SQL or program have changed since that run.
    """
    if not root.warehouse.exists():
        raise NothingRunError("还没有运行过，请先运行 hrstats run，再运行 hrstats publish。")
    with open_writer(root) as writer:
        return publish_warehouse(writer, load_sql_tables())
