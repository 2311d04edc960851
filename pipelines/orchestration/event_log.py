"""Dagster's event log with its SQLite files kept open: `dagster.yaml` names it.

Dagster opens a file anew for each event and SQLite syncs it whenever it is closed, which took more
of a run than computing all tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event

MOST_OPEN = 4  # files: the index, the run that goes on, and what somebody looks at
PATIENCE = 60  # seconds that a writer waits for another one


class OpenEventLogStorage(SqliteEventLogStorage):
    """The files of `SqliteEventLogStorage`, each opened once."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> OpenEventLogStorage:
        """Make the storage that the settings describe."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        """Return what opens the file of a run or of the index, and keeps it open."""
        if shard not in self._engines:
            while len(self._engines) >= MOST_OPEN:
                self._engines.pop(next(iter(self._engines))).dispose()
            engine = create_engine(
                self.conn_string_for_shard(shard), connect_args={"timeout": PATIENCE}
            )
            event.listen(engine, "connect", _sync_seldom)
            self._initdb(engine)
            self._engines[shard] = engine
        return self._engines[shard]

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()


def _sync_seldom(connection: sqlite3.Connection, _: object) -> None:
    """Leave syncing to SQLite's checkpoints: a power failure may cost events, never the file."""
    connection.execute("pragma synchronous = normal")
