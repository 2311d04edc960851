"""Child processes that answer requests, so that a crash, a hang or a bomb costs one file.

The children run `serving`; requests are bytes, replies JSON, which bulky parts may precede.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, TypeVar

from pipelines.intake import limits
from pipelines.intake.serving import (
    HEADER,
    LAST,
    LEAVING,
    PART,
    REQUEST,
    STATUS,
    TOOK_TOO_LONG,
    Reply,
)
from pipelines.root import PROJECT

LONGEST_COMPLAINT = 4_096
RECEIVED_AT_ONCE = 64 * 1024  # more would be mapped anew and given back for each message
# Else glibc gives memory back after each file, only to ask for as much again for the next one.
KEEPING_MEMORY = dict.fromkeys(
    ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(16 * 1024**2)
)
# Requests sent before their turn: so many that the worker never waits for us, so short that it
# can go on sending a reply while we send them.
SENT_AHEAD = 8
BYTES_AHEAD = 32 * 1024
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
    seconds_for: Callable[[Request], float],
    read_cell: Callable[[dict[str, Any]], Any] | None = None,
    setup: bytes = b"",
) -> Iterator[tuple[Request, Reply]]:
    """Yield each request with the worker's reply, and before it with the parts of a long one.

    A part is ["part", bytes]. A request that costs the worker is refused, whatever parts came. The
    next requests wait at the worker, so that it need not wait for us.

    Args:
        requests: what is asked, in this order.
        encode: how a request is sent.
        worker: command of the child process.
        seconds_for: processor time that a request may take; by the clock it may take several times
            as long.
        read_cell: what becomes of the objects in a reply.
        setup: what every worker needs to know.
    """
    host: WorkerHost | None = None
    coming = iter(requests)
    sent: deque[tuple[Request, float]] = deque()
    try:
        while True:
            for request in islice(coming, SENT_AHEAD - len(sent)):
                host = host or WorkerHost(worker, setup, read_cell)
                sent.append((request, seconds_for(request)))
                host.send(encode(request), sent[-1][1])
            if not (host and sent):
                return
            request, seconds = sent.popleft()
            try:
                for message in host.receive(seconds * limits.WAIT_PER_SECOND):
                    yield request, message
            except WorkerLostError as lost:
                status, complaint = host.end_worker()
                rule_code = "decode_timeout" if status == TOOK_TOO_LONG else lost.rule_code
                yield request, ["refused", rule_code, complaint or f"exit code {status}"]
    finally:
        if host:
            host.stop()


class WorkerHost:
    """A host (`serving`), and the worker it has started for us, if any."""

    def __init__(
        self,
        command: Sequence[str],
        setup: bytes = b"",
        read_cell: Callable[[dict[str, Any]], Any] | None = None,
    ) -> None:
        self._read_cell = read_cell
        self._worker: _Stream | None = None
        self._unanswered: deque[tuple[bytes, float]] = deque()
        self._sent = 0  # how many of these the worker has been sent
        search_path = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=self._log,
                stderr=self._log,
                env={**os.environ, **KEEPING_MEMORY, "PYTHONPATH": search_path.rstrip(os.pathsep)},
            )
        self._host = _Stream(ours)
        try:
            self._host.send(setup, limits.SECONDS_TO_START)
            self._host.receive(limits.SECONDS_TO_START)
        except WorkerLostError as lost:  # no fault of any file
            self._process.kill()
            complaint = self._complaint()
            self.stop()
            raise RuntimeError(f"读取工作簿的程序无法启动，请检查安装：{complaint}") from lost

    def send(self, request: bytes, seconds: float) -> None:
        """Send a request and the processor time it may take, a long one when its turn has come.

        That the worker has died is seen when its reply is received.
        """
        self._unanswered.append((request, seconds))
        if self._worker is not None:
            self._send_ahead(self._worker)

    def receive(self, seconds: float) -> Iterator[Reply]:
        """Yield the parts of the first reply that is due, as they come, and the reply itself.

        Raises:
            WorkerLostError: the worker died, answered too late or too much; it must be ended.
        """
        worker = self._worker or self._start_worker()
        self._unanswered.popleft()
        self._sent -= 1
        kind = PART
        while kind == PART:
            started = time.monotonic()
            kind, content = worker.receive(seconds)
            seconds -= time.monotonic() - started  # what we do with a part is no delay of its own
            if kind == LEAVING:
                self.end_worker()
            elif kind == LAST:
                self._send_ahead(worker)
            if kind == PART:
                yield ["part", content]
            else:
                yield json.loads(content, object_hook=self._read_cell)

    def _start_worker(self) -> _Stream:
        """Start a worker, and send it what its predecessor has left."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._host.socket, [b"w"], [theirs.fileno()])
        self._worker = _Stream(ours)
        self._sent = 0
        self._send_ahead(self._worker)
        return self._worker

    def _send_ahead(self, worker: _Stream) -> None:
        """Send what may be sent: the first unanswered request, and others while they are short."""
        size = sum(len(request) for request, _ in islice(self._unanswered, self._sent))
        for request, seconds in islice(self._unanswered, self._sent, None):
            size += len(request)
            if self._sent and size > BYTES_AHEAD:
                return
            worker.send(request, seconds)
            self._sent += 1

    def end_worker(self) -> tuple[int, str]:
        """End the worker, whatever it is doing; return its exit code and last complaints."""
        assert self._worker is not None  # noqa: S101
        self._worker.socket.close()
        self._worker = None
        self._host.socket.sendall(b"e")
        (status,) = STATUS.unpack(self._host.read(STATUS.size, limits.SECONDS_TO_START))
        return status, self._complaint()

    def stop(self) -> None:
        """End the host and its worker, whatever they are doing."""
        for stream in filter(None, (self._worker, self._host)):
            stream.socket.close()
        with self._process, self._log:
            try:
                self._process.wait(limits.SECONDS_TO_START)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _complaint(self) -> str:
        """Return what was complained of last, and forget it."""
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - LONGEST_COMPLAINT))
        complaints = self._log.read().decode(errors="replace").strip().splitlines()
        self._log.seek(0)
        self._log.truncate()
        return " | ".join(complaints[-3:])


class _Stream:
    """Our end of a connection, of which no more is waited for than is wanted."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._received = bytearray()
        self._ready = select.poll()
        self._ready.register(connection, select.POLLIN)

    def send(self, content: bytes, seconds: float) -> None:
        """Send a request; whether it arrives is seen by what is received."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(REQUEST.pack(seconds, len(content)) + content)

    def receive(self, seconds: float) -> tuple[bytes, bytes]:
        """Return the next message and its kind."""
        deadline = time.monotonic() + seconds
        kind, size = HEADER.unpack(self.read(HEADER.size, seconds))
        if size > limits.REPLY_BYTES:
            raise WorkerLostError("too_large")
        return kind, self.read(size, deadline - time.monotonic())

    def read(self, size: int, seconds: float) -> bytes:
        """Return that many bytes."""
        deadline = time.monotonic() + seconds
        received = self._received
        while len(received) < size:
            patience = max(0.0, deadline - time.monotonic())
            if not self._ready.poll(patience * 1000):
                raise WorkerLostError("decode_timeout")
            try:
                chunk = self.socket.recv(RECEIVED_AT_ONCE)
            except ConnectionResetError:  # it died before it had read all of the request
                chunk = b""
            if not chunk:
                raise WorkerLostError("decode_crashed")
            received += chunk
        wanted = bytes(received[:size])
        del received[:size]
        return wanted
