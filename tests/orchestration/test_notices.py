"""Notices and prefilled workbooks: whom they reach, and what is known already."""

import io
import shutil
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import docx
import openpyxl
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.orchestration.notices import Notices, write_notices
from pipelines.orchestration.outgoing import unit_names
from pipelines.orchestration.published import ask
from pipelines.root import Root

PERIOD = "2025-07"


@pytest.fixture(scope="module")
def noticed(demo_root: Root, tmp_path_factory: pytest.TempPathFactory) -> tuple[Root, Notices]:
    """A copy of the demo's root with the notices of the month that comes next."""
    root = Root(tmp_path_factory.mktemp("noticed") / "root")
    shutil.copytree(demo_root.path, root.path)
    return root, write_notices(root, PERIOD)


def frame_of(root: Root) -> list[tuple[str, str, str]]:
    """Return unit, code and name of the sampled agencies in scope in the newest month."""
    frame = str(root.internal / "core_frame.parquet")
    return ask(
        root,
        "select reporting_unit_code, credit_code, agency_name from read_parquet(?) "
        "where is_sampled and period = '2025-06' order by all",
        frame,
    ).rows


def sheets_of(path: Path) -> dict[str, openpyxl.Workbook]:
    with ZipFile(path) as files:
        return {
            name: openpyxl.load_workbook(io.BytesIO(files.read(name)))
            for name in files.namelist()
            if name.endswith(".xlsx")
        }


def listed_in(path: Path) -> list[list[str]]:
    with ZipFile(path) as files:
        (name,) = [name for name in files.namelist() if name.endswith(".docx")]
        (table,) = docx.Document(io.BytesIO(files.read(name))).tables
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def test_every_sampled_agency_gets_one_workbook_through_its_unit(
    noticed: tuple[Root, Notices],
) -> None:
    root, notices = noticed
    names = unit_names(load_catalog())
    expected = Counter((names[unit], code, name) for unit, code, name in frame_of(root))
    found: Counter[tuple[str, str, str]] = Counter()
    listed: Counter[tuple[str, str, str]] = Counter()
    for path in notices.paths:
        for workbook in sheets_of(path).values():
            cover = {row[0]: row[1] for row in workbook["封面"].iter_rows(values_only=True)}
            assert cover["报告期"] == "2025年7月"
            unit, code = cover["报送单位"], cover["统一社会信用代码"]
            found[str(unit), str(code), str(cover["单位详细名称"])] += 1
        unit = path.stem.split("_")[1]
        listed.update((unit, code, name) for _, code, name, _ in listed_in(path))
    assert notices.agency_count == expected.total() > 0
    assert found == expected
    assert listed == expected


def test_the_list_tells_how_the_last_month_went(noticed: tuple[Root, Notices]) -> None:
    root, notices = noticed
    response = str(root.internal / "core_response.parquet")
    rows = ask(
        root,
        "select credit_code, status, is_late from read_parquet(?) where period = '2025-06'",
        response,
    ).rows
    told = {row[1]: row[3] for path in notices.paths for row in listed_in(path)}
    words = {
        ("accepted", False): "按时报送",
        ("accepted", True): "逾期报送",
        ("refused", False): "退回未更正",
        ("missing", False): "未报",
    }
    assert told == {code: words[status, is_late] for code, status, is_late in rows}
    assert {"按时报送", "退回未更正", "未报"} <= set(told.values())


def test_the_same_notices_have_the_same_bytes_and_old_ones_go(
    noticed: tuple[Root, Notices],
) -> None:
    root, notices = noticed
    before = {path: path.read_bytes() for path in notices.paths}
    stale = notices.folder / f"快报通知_没有的单位_{PERIOD}.zip"
    kept = notices.folder / "说明.txt"
    stale.write_bytes(b"")
    kept.write_bytes(b"")
    again = write_notices(root, PERIOD)
    assert {path: path.read_bytes() for path in again.paths} == before
    assert not stale.exists()
    assert kept.exists()
    kept.unlink()


def test_notices_go_to_the_units_of_their_month(own_root: Root) -> None:
    """The sample is of 2025; in 2026-02 江北 is no more, and 两江新区 is a district."""
    notices = write_notices(own_root, "2026-02")
    units = {path.stem.split("_")[1] for path in notices.paths}
    assert not units & {"江北区", "渝北区", "两江新区（功能区）"}
    assert {"两江新区", "北碚区", "渝中区"} <= units
    assert notices.agency_count == len(frame_of(own_root))
    (path,) = (path for path in notices.paths if "_两江新区_" in path.name)
    for name, book in sheets_of(path).items():
        texts = {
            str(cell)
            for sheet in book.worksheets
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        }
        assert "两江新区" in texts, name
        assert not texts & {"江北区", "渝北区", "两江新区（功能区）"}, name
