"""A child process that answers requests, so that a crash, a hang or a bomb costs one file.

The child runs `serving`; requests are bytes, replies JSON, each after its length in four bytes.
"""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from pipelines.intake import limits
from pipelines.root import PROJECT

LENGTH = struct.Struct(">I")
LONGEST_COMPLAINT = 4_096
# Else glibc gives memory back after each file, only to ask for as much again for the next one.
KEEPING_MEMORY = dict.fromkeys(
    ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(16 * 1024**2)
)
Reply = list[Any]  # its first item says what it is; ["refused", rule, detail] is known to all
Request = TypeVar("Request")


def command_of(module: str) -> Sequence[str]:
    """Return the command that runs a module of this project as a child."""
    return (sys.executable, "-m", module)


class WorkerLostError(Exception):
    """The worker died or was too slow over a file."""

    def __init__(self, rule_code: str) -> None:
        super().__init__(rule_code)
        self.rule_code = rule_code


def ask_each(
    requests: Iterable[Request],
    encode: Callable[[Request], bytes],
    worker: Sequence[str],
    seconds_each: float,
    read_cell: Callable[[dict[str, Any]], Any] | None = None,
) -> Iterator[tuple[Request, Reply]]:
    """Yield each request with the worker's reply; one that costs the worker is refused.

    The worker is already busy with the next request when a reply is yielded.

    Args:
        requests: what is asked, in this order.
        encode: how a request is sent.
        worker: command of the child process; a new one is started after each that is lost.
        seconds_each: how long a request may be waited for.
        read_cell: what becomes of the objects in a reply.
    """
    process: WorkerProcess | None = None
    answered: tuple[Request, Reply] | None = None
    try:
        for request in requests:
            process = process or WorkerProcess(worker, read_cell)
            process.send(encode(request))
            if answered:
                yield answered
            try:
                answered = request, process.receive(seconds_each)
            except WorkerLostError as lost:
                answered = request, ["refused", lost.rule_code, process.stop()]
                process = None
        if answered:
            yield answered
    finally:
        if process:
            process.stop()


class WorkerProcess:
    """A running worker and the pipes to it."""

    def __init__(
        self, command: Sequence[str], read_cell: Callable[[dict[str, Any]], Any] | None = None
    ) -> None:
        self._read_cell = read_cell
        search_path = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=0,
            env={**os.environ, **KEEPING_MEMORY, "PYTHONPATH": search_path.rstrip(os.pathsep)},
        )
        self._ready = select.poll()
        self._ready.register(self._process.stdout, select.POLLIN)  # type: ignore[arg-type]
        try:
            self.receive(limits.SECONDS_TO_START)
        except WorkerLostError as lost:  # no fault of any file
            raise RuntimeError(f"读取工作簿的程序无法启动，请检查安装：{self.stop()}") from lost

    def send(self, request: bytes) -> None:
        """Send a request; that the worker has died is seen when its reply is received."""
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101
        with suppress(BrokenPipeError):
            pipe.write(LENGTH.pack(len(request)) + request)

    def receive(self, seconds: float) -> Reply:
        """Return the next message of the worker.

        Raises:
            WorkerLostError: the worker died, answered too late or too much; it must be stopped.
        """
        deadline = time.monotonic() + seconds
        (size,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if size > limits.REPLY_BYTES:
            raise WorkerLostError("too_large")
        reply: Reply = json.loads(self._read(size, deadline), object_hook=self._read_cell)
        return reply

    def stop(self) -> str:
        """End the worker, whatever it is doing, and return what it complained of last."""
        with self._process as process:
            process.kill()
        with self._log as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - LONGEST_COMPLAINT))
            complaints = log.read().decode(errors="replace").strip().splitlines()
        return " | ".join(complaints[-3:]) or f"exit code {self._process.returncode}"

    def _read(self, size: int, deadline: float) -> bytes:
        """Return that many bytes from the worker."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101
        received = bytearray()
        while len(received) < size:
            patience = max(0.0, deadline - time.monotonic())
            if not self._ready.poll(patience * 1000):
                raise WorkerLostError("decode_timeout")
            chunk = pipe.read(size - len(received))
            if not chunk:
                raise WorkerLostError("decode_crashed")
            received += chunk
        return bytes(received)
