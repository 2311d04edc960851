"""Fixture workbooks of other projects: each ends as recorded, none crashes or hangs the intake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipelines.intake.decoding import REASONS, DecodeFailure, Workbook, decode_files
from pipelines.root import PROJECT

FIXTURES = PROJECT.parent / "shared" / "spreadsheets"
LIST = Path(__file__).with_name("fixture_outcomes.txt")
READ = "read"
Decoded = dict[str, Workbook | DecodeFailure]


@pytest.fixture(scope="module")
def decoded() -> Decoded:
    if not FIXTURES.exists():
        pytest.skip("其他项目的样例工作簿只放在共享文件夹，不随本项目分发，未检查")
    paths = sorted(path for path in FIXTURES.iterdir() if path.name != "manifest.json")
    return {path.name: result for path, result in decode_files(paths)}


def cells(decoded: Decoded, name: str) -> list[list[object]]:
    result = decoded[name]
    assert isinstance(result, Workbook)
    return result.sheets[0].rows  # type: ignore[return-value]


def test_every_fixture_ends_as_recorded(decoded: Decoded) -> None:
    recorded = dict(line.split(maxsplit=1)[::-1] for line in LIST.read_text().splitlines())
    found = {
        name: result.rule_code if isinstance(result, DecodeFailure) else READ
        for name, result in decoded.items()
    }
    assert len(found) == 150
    assert found == recorded
    assert set(found.values()) <= {READ, *REASONS}


@pytest.mark.parametrize("suffix", ["xls", "xlsx", "ods"])
@pytest.mark.parametrize("epoch", [1900, 1904])
def test_dates_of_both_epochs(decoded: Decoded, epoch: int, suffix: str) -> None:
    """The third column is what Excel showed for the serial numbers of the first."""
    name = f"sheetjs__1904__{epoch}.{suffix}"
    for serial, date, shown, _ in cells(decoded, name):
        assert isinstance(date, dt.date), serial
        assert f"{date:%Y-%m-%d}" == shown
    result = decoded[name]
    assert isinstance(result, Workbook)
    if suffix != "ods":  # which writes dates as such
        assert result.epoch == epoch


def test_strict_and_transitional_are_read_alike(decoded: Decoded) -> None:
    rows = cells(decoded, "poi__test-data__spreadsheet__sample.strict.xlsx")
    assert rows[0][:2] == ["Lorem", 111.0]
