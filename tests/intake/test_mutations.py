"""A valid workbook with random damage: never a crash, never a changed figure taken for good."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from pipelines.intake.decoding import DecodeFailure, decode_files
from tests.intake.books import READER, expected_figures, figures, receipt, save, single

MUTATIONS = 10_000
MOST_CHANGES = 12  # bytes changed in one file


def mutated(content: bytes, seed: int) -> bytes:
    """Change a few bytes, cut the end off, or repeat a piece."""
    chance = random.Random(seed)
    changed = bytearray(content)
    kind = chance.random()
    if kind < 0.8:
        for _ in range(chance.randint(1, MOST_CHANGES)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    elif kind < 0.9:
        del changed[chance.randrange(len(changed)) :]
    else:
        start = chance.randrange(len(changed))
        changed[start:start] = changed[start : start + chance.randint(1, 500)]
    return bytes(changed)


@pytest.mark.soak
def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    content = save(single(), tmp_path / "valid.xlsx").read_bytes()
    paths = []
    for seed in range(MUTATIONS):
        path = tmp_path / f"{seed}.xlsx"
        path.write_bytes(mutated(content, seed))
        paths.append(path)
    outcomes: Counter[str] = Counter()
    for path, result in decode_files(paths):
        if isinstance(result, DecodeFailure):
            outcomes[result.rule_code] += 1
            continue
        reading = READER.read(result, receipt())
        if reading.problems:
            outcomes["problems"] += 1
            continue
        outcomes["read"] += 1
        assert figures(reading) == expected_figures(), path.name
    assert sum(outcomes.values()) == MUTATIONS
    assert outcomes["damaged"] > MUTATIONS / 2
