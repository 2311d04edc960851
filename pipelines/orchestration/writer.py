"""What a run writes with: the root, the warehouse's one connection, and who hears of progress.

Whoever opens a writer holds the root's lock for as long as it lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Catalog
from pipelines.orchestration.lock import writer_lock
from pipelines.root import Root
from pipelines.warehouse.database import open_warehouse
from pipelines.warehouse.release import Method, current_method


@dataclass(frozen=True)
class Writer:
    """What every step of a run is given; `tell` hears of each table that is done.

    The method is taken once, when the writer is made, since files may change while a run goes on.
    """

    root: Root
    connection: duckdb.DuckDBPyConnection
    catalog: Catalog
    method: Method
    tell: Callable[[str], None] = lambda table: None


@contextmanager
def open_writer(root: Root) -> Iterator[Writer]:
    """Lock the root and open its warehouse, for one writer.

    Raises:
        WriterBusyError: Another process is writing.
    """
    with writer_lock(root), open_warehouse(root) as connection:
        yield Writer(root, connection, load_catalog(), current_method())
