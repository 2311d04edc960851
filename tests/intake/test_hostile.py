"""Every hostile file ends as the outcome it must, and stops no other."""

from __future__ import annotations

import pytest

from pipelines.intake.decoding import DecodeFailure, Workbook, decode_files
from tests.intake.hostile import READ, expected_outcomes, hostile_files

MACROS = {"老格式含宏.xls", "含宏.xlsm", "老式宏表.xlsx", "开放文档含宏.ods"}


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook | DecodeFailure]:
    folder = tmp_path_factory.mktemp("hostile")
    paths = []
    for name, content in hostile_files().items():
        folder.joinpath(name).write_bytes(content)
        paths.append(folder / name)
    return {path.name: result for path, result in decode_files(paths)}


def test_every_file_ends_as_it_must(decoded: dict[str, Workbook | DecodeFailure]) -> None:
    found = {
        name: result.rule_code if isinstance(result, DecodeFailure) else READ
        for name, result in decoded.items()
    }
    assert len(found) > 100
    assert found == expected_outcomes()


def test_macros_are_noted(decoded: dict[str, Workbook | DecodeFailure]) -> None:
    found = {
        name
        for name, result in decoded.items()
        if isinstance(result, Workbook) and result.has_macros
    }
    assert found == MACROS
