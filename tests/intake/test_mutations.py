"""Valid workbooks with random damage: never a crash, never a changed figure taken for good."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.intake.decoding import DecodeFailure, decode_files
from pipelines.intake.records import Reading
from tests.intake.books import READER, expected_figures, figures, receipt, save, single
from tests.intake.hostile import repacked
from tests.intake.old_books import old_book
from tests.intake.open_books import open_book

FEW, MANY = 200, 10_000
MOST_CHANGES = 12  # bytes changed in one file
CRASHED = ("decode_crashed", "decode_timeout")
Mutate = Callable[[bytes, int], bytes]


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = save(single(), tmp_path_factory.mktemp("valid") / "valid.xlsx")
    return {"xlsx": path.read_bytes(), "xls": old_book(single()), "ods": open_book(single())}


def damaged(content: bytes, seed: int) -> bytes:
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


def edited(content: bytes, seed: int) -> bytes:
    """Damage a member of a package, or drop or double a piece of its XML; checksums are right."""
    chance = random.Random(seed)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    name = chance.choice([name for name in names if name.endswith((".xml", ".rels"))])

    def change(part: bytes) -> bytes:
        if chance.random() < 0.3:
            return damaged(part, seed)
        tags = [place for place, byte in enumerate(part) if byte == ord("<")]
        start, end = sorted(chance.choices(tags, k=2))
        piece = part[start:end]
        kept = chance.choice([b"", piece * 2, piece.replace(b'"', b'"9', 1), piece.upper()])
        return part[:start] + kept + part[end:]

    return repacked(content, {name: change})


def outcomes(
    content: bytes, mutate: Mutate, count: int, folder: Path
) -> Iterator[tuple[str, Reading | None]]:
    """Yield what became of each mutated file: the rule, or its reading."""
    paths = []
    for seed in range(count):
        path = folder / f"{seed}.xlsx"
        path.write_bytes(mutate(content, seed))
        paths.append(path)
    for _, result in decode_files(paths):
        if isinstance(result, DecodeFailure):
            yield result.rule_code, None
        else:
            yield "read", READER.read(result, receipt())


def assert_no_figure_changes(content: bytes, mutate: Mutate, count: int, folder: Path) -> None:
    found: Counter[str] = Counter()
    for seed, (rule, reading) in enumerate(outcomes(content, mutate, count, folder)):
        found[rule] += 1
        if reading is not None and not reading.problems:
            assert figures(reading) == expected_figures(), seed
    assert found["damaged"] > count / 2
    assert not found.keys() & set(CRASHED)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_damage_to_a_package_is_refused_or_harmless(
    tmp_path: Path, valid: dict[str, bytes], kind: str
) -> None:
    """Every member has a checksum: whatever is read is what was sent."""
    assert_no_figure_changes(valid[kind], damaged, FEW, tmp_path)


@pytest.mark.soak
def test_damage_to_a_package_in_many_ways(tmp_path: Path, valid: dict[str, bytes]) -> None:
    assert_no_figure_changes(valid["xlsx"], damaged, MANY, tmp_path)


def assert_nothing_crashes(content: bytes, mutate: Mutate, count: int, folder: Path) -> None:
    found = Counter(rule for rule, _ in outcomes(content, mutate, count, folder))
    assert found.total() == count
    assert found["read"]
    assert found["damaged"]
    assert not found.keys() & set(CRASHED)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_edited_xml_crashes_nothing(tmp_path: Path, valid: dict[str, bytes], kind: str) -> None:
    """Its checksum being right, a changed figure is what was sent."""
    assert_nothing_crashes(valid[kind], edited, FEW, tmp_path)


@pytest.mark.soak
def test_xml_edited_in_many_ways(tmp_path: Path, valid: dict[str, bytes]) -> None:
    assert_nothing_crashes(valid["xlsx"], edited, MANY, tmp_path)


def test_damage_to_an_old_workbook_crashes_nothing(tmp_path: Path, valid: dict[str, bytes]) -> None:
    """An .xls has no checksum: what was changed on the way is taken for what was sent."""
    assert_nothing_crashes(valid["xls"], damaged, FEW, tmp_path)


def test_an_old_workbook_is_never_read_in_part(tmp_path: Path, valid: dict[str, bytes]) -> None:
    def cut(content: bytes, seed: int) -> bytes:
        return content[: random.Random(seed).randrange(8, len(content))]

    found = Counter(rule for rule, _ in outcomes(valid["xls"], cut, FEW, tmp_path))
    assert found == {"damaged": FEW}
