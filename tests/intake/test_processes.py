"""Requests and replies between us and the worker, whatever their number and length."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipelines.intake.processes import BYTES_AHEAD, SENT_AHEAD, ask_each
from pipelines.intake.serving import SENT_AT_ONCE

WORKER = """
import os
from pipelines.intake.serving import allow_memory, serve

def prepare(setup, send_part):
    def answer(request):
        word, _, size = request.rstrip(b".").partition(b" ")
        if word == b"die":
            os._exit(3)
        if word == b"leave":
            allow_memory(10**9)
        for _ in range(3 if size else 0):
            send_part(b"p" * int(size))
        return ["answer", setup.decode(), word.decode()]
    return answer

serve(prepare)
"""


@pytest.fixture
def worker(tmp_path: Path) -> list[str]:
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    return [sys.executable, str(script)]


def ask(requests: list[bytes], worker: list[str]) -> list[tuple[bytes, object, int]]:
    """Return each request with its reply and the bytes of the parts before it."""
    answers = []
    size = 0
    for request, reply in ask_each(requests, bytes, worker, lambda _: 30, setup=b"all"):
        if reply[0] == "part":
            size += len(reply[1])
        else:
            answers.append((request, reply[2] if reply[0] == "answer" else reply[1], size))
            size = 0
    return answers


def test_replies_come_in_the_order_of_the_requests(worker: list[str]) -> None:
    requests = [str(number).encode() for number in range(5 * SENT_AHEAD)]
    assert ask(requests, worker) == [(each, each.decode(), 0) for each in requests]


def test_nothing_is_asked_nobody_is_started() -> None:
    assert ask([], ["no such program"]) == []


@pytest.mark.parametrize("place", range(SENT_AHEAD + 1))
def test_what_was_sent_ahead_is_answered_by_the_next_worker(worker: list[str], place: int) -> None:
    requests = [str(number).encode() for number in range(2 * SENT_AHEAD)]
    expected = [(each, each.decode(), 0) for each in requests]
    for word, told in ((b"die", "decode_crashed"), (b"leave", "leave")):
        requests.insert(place, word)
        expected.insert(place, (word, told, 0))
    assert ask(requests, worker) == expected


def test_long_requests_and_long_replies_do_not_wait_for_each_other(worker: list[str]) -> None:
    part = 4 * SENT_AT_ONCE
    long = f"long {part}".encode() + b"." * (40 * BYTES_AHEAD)
    short = f"short {part}".encode()
    requests = [short, long, short, short, long, long, short]
    expected = [(each, each.partition(b" ")[0].decode(), 3 * part) for each in requests]
    assert ask(requests, worker) == expected
