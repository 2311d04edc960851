"""The child's side of `processes`: little memory, requests in, replies out.

Anything an answer does not expect (a panic of a library, memory running out) ends the process: the
parent sees that and starts another.
"""

from __future__ import annotations

import json
import os
import resource
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

from pipelines.intake import limits
from pipelines.intake.gates import RefusedError

LENGTH = struct.Struct(">I")
READY = ["ready"]


def serve(answer: Callable[[bytes], list[Any]]) -> None:
    """Answer requests until the standard input ends; a refusal is a reply like any other."""
    _limit_memory()
    requests = os.fdopen(0, "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the replies
    _send(replies, READY)
    while request := _receive(requests):
        _send(replies, reply_to(request, answer))


def reply_to(request: bytes, answer: Callable[[bytes], list[Any]]) -> list[Any]:
    """Return the answer to a request, or why it is refused."""
    try:
        return answer(request)
    except RefusedError as error:
        return ["refused", error.rule_code, error.detail]


def _receive(stream: BinaryIO) -> bytes:
    """Return the next request; empty when there are no more."""
    header = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(header)[0]) if header else b""


def _send(stream: BinaryIO, message: list[Any]) -> None:
    """Write one reply."""
    reply = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(LENGTH.pack(len(reply)) + reply)
    stream.flush()


def _limit_memory() -> None:
    """Let a bomb kill this process, not the computer, and leave no core dump."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = limits.WORKER_MEMORY_BYTES
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
