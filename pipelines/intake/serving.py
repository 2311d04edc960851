"""The child's side of `processes`: little memory, requests in, replies out.

The program is loaded once, in a host that touches no file; each worker is a copy (fork) of it. So
the next worker is there at once when a file costs one. Anything an answer does not expect (a panic
of a library, memory running out) ends the worker: the parent sees that and asks for another.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.intake import limits
from pipelines.intake.gates import RefusedError

REQUEST = struct.Struct(">dI")  # seconds of processor time that it may take, length
HEADER = struct.Struct(">cI")  # kind of message, length
STATUS = struct.Struct(">i")
TOOK_TOO_LONG = -signal.SIGPROF  # exit code of a worker
SENT_AT_ONCE = 64 * 1024
READY, PART, LAST, LEAVING = b"r", b"p", b"l", b"x"
Reply = list[Any]  # its first item says what it is; ["refused", rule, detail] is known to all
Answer = Callable[[bytes], Reply]
SendPart = Callable[[bytes], None]


def serve(prepare: Callable[[bytes, SendPart], Answer]) -> None:
    """Start a worker whenever the parent asks for one, until the parent is gone.

    Args:
        prepare: makes of what the parent sent first, and of a function that sends part of a reply
            before its end, the function that answers requests.
    """
    os.dup2(2, 1)  # whatever a library prints has its place among the complaints
    host = socket.socket(fileno=0)
    messages = _Messages()
    _, setup = receive(host)
    answer = prepare(setup, lambda part: messages.send(PART, part))
    host.sendall(HEADER.pack(READY, 0))
    gc.freeze()
    while True:
        _, descriptors, _, _ = socket.recv_fds(host, 1, 1)
        if not descriptors:
            return
        worker = os.fork()
        if not worker:
            host.close()
            messages.connect(socket.socket(fileno=descriptors[0]))
            _answer_all(messages, answer)
            return
        os.close(descriptors[0])
        host.recv(1)  # the parent needs this worker no more, or is gone itself
        os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        host.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))


def reply_to(request: bytes, answer: Answer) -> Reply:
    """Return the answer to a request, or why it is refused."""
    try:
        return answer(request)
    except RefusedError as error:
        return ["refused", error.rule_code, error.detail]


def receive(stream: socket.socket) -> tuple[float, bytes]:
    """Return the seconds of processor time for the next request, and it; empty: no more."""
    header = stream.recv(REQUEST.size, socket.MSG_WAITALL)
    if not header:
        return 0, b""
    seconds, size = REQUEST.unpack(header)
    return seconds, stream.recv(size, socket.MSG_WAITALL)


def allow_seconds(seconds: float) -> None:
    """Let this process use so much processor time from now on; then the system ends it.

    The signal is left to the system, as Python would wait for a library's call to return.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)


def allow_memory(size_bytes: int) -> None:
    """Let this process use as much memory as a file of this size may take.

    A bomb then kills this process, not the computer.
    """
    limit = int(limits.for_size(limits.WORKER_MEMORY_BYTES, size_bytes, limits.HUGE_BYTES))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def allow_memory_for(path: Path) -> None:
    """Let this process use as much memory as this file may take, if it is there."""
    allow_memory(path.stat().st_size if path.exists() else 0)


class _Messages:
    """The way back to the parent, which exists only in a worker.

    Small parts wait for the end of their reply: each sending wakes the parent.
    """

    def connect(self, stream: socket.socket) -> None:
        self.stream = stream
        self._waiting = bytearray()

    def send(self, kind: bytes, content: bytes) -> None:
        self._waiting += HEADER.pack(kind, len(content))
        self._waiting += content
        if kind != PART or len(self._waiting) > SENT_AT_ONCE:
            self.stream.sendall(self._waiting)
            self._waiting.clear()


def _answer_all(messages: _Messages, answer: Answer) -> None:
    """Answer requests until there are no more, or until one has needed much memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allow_memory(0)
    ordinary = resource.getrlimit(resource.RLIMIT_AS)[0]
    while True:
        seconds, request = receive(messages.stream)
        if not request:
            return
        allow_seconds(seconds)
        reply = reply_to(request, answer)
        is_leaving = resource.getrlimit(resource.RLIMIT_AS)[0] > ordinary
        content = json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode()
        messages.send(LEAVING if is_leaving else LAST, content)
        if is_leaving:
            return
