"""The one lock that every writer takes first, whether it is a command or a run from Dagster's page.

Readers never take it: they open what is published, which is replaced, not changed.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.root import Root


class WriterBusyError(Exception):
    """Another process is writing below the same root."""

    def __init__(self) -> None:
        super().__init__("另一个任务正在写入这个数据目录，请等它结束后再试。")


@contextmanager
def writer_lock(root: Root) -> Iterator[None]:
    """Hold the root's writer lock; the kernel frees it however the process ends.

    Raises:
        WriterBusyError: Someone else holds it; nothing waits.
    """
    root.writer_lock.parent.mkdir(parents=True, exist_ok=True)
    with root.writer_lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WriterBusyError from error
        yield
