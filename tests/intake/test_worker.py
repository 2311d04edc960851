from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook

from pipelines.intake import limits
from pipelines.intake.gates import OLE, RefusedError
from pipelines.intake.serving import reply_to
from pipelines.intake.worker import answer, decode
from pipelines.root import PROJECT
from tests.intake.books import CODE, save, single


def test_replies_are_plain_data(tmp_path: Path) -> None:
    kind, sheets, *more = answer(os.fsencode(save(single(), tmp_path / "good.xlsx")))
    assert (kind, more) == ("sheets", ["xlsx", False, 1900])
    name, is_visible, first_row, first_column, rows = sheets[0]
    assert (name, is_visible, first_row, first_column) == ("封面", True, 1, 1)
    assert rows[3] == ["统一社会信用代码", CODE]


def test_a_refusal_is_a_reply(tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"")
    request = os.fsencode(tmp_path / "bad.xlsx")
    assert reply_to(request, answer) == ["refused", "empty", ""]


def test_blanks_at_the_right_and_lower_ends_are_cut_off(tmp_path: Path) -> None:
    book = OpenpyxlWorkbook()
    sheet = book["Sheet"]
    sheet["A1"], sheet["B2"], sheet["F2"], sheet["A9"] = "a", "b", "  ", "\u3000"
    book.save(tmp_path / "blanks.xlsx")
    ((_, _, _, _, rows),), *_ = decode(tmp_path / "blanks.xlsx")
    assert rows == [["a"], [None, "b"]]


def test_a_grid_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(single(), tmp_path / "good.xlsx")
    monkeypatch.setattr(limits, "WORKBOOK_CELLS", 100)
    assert reply_to(os.fsencode(path), answer)[:2] == ["refused", "too_large"]


def test_a_workbook_is_told_by_its_bytes_not_its_suffix(tmp_path: Path) -> None:
    path = save(single(), tmp_path / "good.xlsx")
    shutil.copy(path, tmp_path / "good.xls")
    assert decode(tmp_path / "good.xls") == decode(path)


@pytest.mark.parametrize("suffix", [".xls", ".xlsx", ".et"])
def test_a_broken_old_workbook_is_damaged(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"old{suffix}"
    path.write_bytes(OLE + bytes(600) + "Workbook".encode("utf-16-le"))
    with pytest.raises(RefusedError, match="damaged"):
        decode(path)


@pytest.mark.parametrize("module", ["worker", "inbox"])
def test_starting_is_cheap(module: str) -> None:
    """The worker starts anew after each file lost; the inbox is looked at before every run."""
    program = (
        f"import sys, pipelines.intake.{module}; "
        "heavy = {'pandas', 'numpy', 'duckdb', 'dagster', 'openpyxl', 'pydantic', 'stdnum'}; "
        "sys.exit(' '.join(heavy & set(sys.modules)) or None)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_decoding_leaves_the_limits_of_its_own_process_alone(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    answer(os.fsencode(save(single(), tmp_path / "a.xlsx")))
    assert resource.getrlimit(resource.RLIMIT_AS) == before
