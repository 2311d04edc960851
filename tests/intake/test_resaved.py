"""Workbooks as LibreOffice saves them, in each container: read like the one they were made of."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook

from pipelines.intake.decoding import Formatted, Unreadable, Workbook, decode_files
from pipelines.intake.templates import AgencyIdentity, AgencyReport, write_flash_single
from tests.intake.books import ASKED, CATALOG, CODE, READER, expected_figures, figures, receipt

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="没有安装 LibreOffice（soffice）")
KINDS = ["ods", "xls", "xlsx"]


def resaved(path: Path, kind: str) -> Workbook:
    target = path.parent / kind
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(target)]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    ((_, result),) = decode_files([target / f"{path.stem}.{kind}"])
    assert isinstance(result, Workbook)
    assert result.container == kind
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_from_any_container(tmp_path: Path, kind: str) -> None:
    identity = AgencyIdentity(CODE, "示例人力资源有限公司", "500103", "500103")
    values = {place: number * 10_000 for place, number in expected_figures().items()}
    path = tmp_path / "template.xlsx"
    report = AgencyReport(identity, accounting_method="gross", values=values)
    write_flash_single(path, CATALOG, "2025-06", report)
    ((_, sent),) = decode_files([path])
    assert isinstance(sent, Workbook)
    expected = READER.read(sent, receipt())
    reading = READER.read(resaved(path, kind), receipt())
    assert reading.problems == expected.problems
    assert figures(reading) == figures(expected)
    assert len(figures(reading)) == len(ASKED)


@pytest.mark.parametrize("kind", KINDS)
def test_marks_are_kept_in_any_container(tmp_path: Path, kind: str) -> None:
    book = OpenpyxlWorkbook()
    book["Sheet"].append(["=1/0", '=IF(1=1,"",2)', "=1+1", 12.5, 1234567, 0.125, 99])
    for column, code in {"D": '0.00"万元"', "E": "#,##0,,", "F": "0.0%", "G": '"¥"0.00'}.items():
        book["Sheet"][f"{column}1"].number_format = code
    path = tmp_path / "marks.xlsx"
    book.save(path)
    (row,) = resaved(path, kind).sheets[0].rows
    assert row[:3] == [Unreadable("#DIV/0!"), None, 2.0]
    shown = {"ods": ["12.50万元", "1", "12.5%"]}.get(kind, ['0.00"万元"', "#,##0,,", "0.0%"])
    values = [12.5, 1234567.0, 0.125]
    assert row[3:6] == [Formatted(*pair) for pair in zip(values, shown, strict=True)]
    assert row[6] == 99
