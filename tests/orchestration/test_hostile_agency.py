"""An agency whose every text is an attack, through the whole graph: nothing of it takes effect.

Its name, figures, remarks, explanation and file names carry formulas, markup, templates, SQL,
controls, a turn of the writing direction, and somebody's identity card and phones. Every file that
a run writes below data/marts and reports is searched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book

from pipelines.cli import run_command
from pipelines.intake.returned.remarks import EXPLANATION, REVIEW_SHEET
from pipelines.intake.templates.cover import COVER
from pipelines.orchestration.run import run
from pipelines.root import Root
from tests.programs import find_browser

PERIOD = "2025-06"
CARD, MOBILE, LANDLINE = "50010319900101138X", "13812345678", "023-63512345"
NUMBERS = (CARD, MOBILE, LANDLINE)
ATTACK = (
    '=HYPERLINK("http://evil.example/","点")<script>alert(1)</script><img src=x onerror=alert(1)>'
    '<a href="javascript:alert(1)">点</a></script>{{7*7}}{% for x in y %}'
    "'; drop table raw_files;--[bold]粗[/bold][link=http://evil.example/]链[/link]"
    f"_x001B_[31m\u202e倒写 {CARD} {MOBILE} {LANDLINE}"
)
FILE_NAME = (
    f"=1+1<img src=x onerror=alert(1)>{{{{7*7}}}}';drop table raw_files;--[bold]\x1b[31m\u202e"
    f"{MOBILE}.xlsx"
)
OUR_SCRIPTS = 2  # of the page: plotly and the drawing; figures are data
HARMFUL = re.compile("HYPERLINK|evil|cmd|alert|1\\+1|7\\*7|DDE", re.IGNORECASE)


def cell_beside(book: Book, label: str) -> openpyxl.cell.cell.Cell:
    """The cell of the cover in which what a label asks for is filled in."""
    sheet = book[COVER]
    for row in sheet.iter_rows():
        for cell in row:
            if str(cell.value).startswith(label):
                return sheet.cell(cell.row, cell.column + 1)
    raise AssertionError(label)


def single_reports(root: Root) -> list[Path]:
    """The reports of one agency in the inbox."""
    folder = root.inbox / "reports" / PERIOD
    return [path for path in sorted(folder.rglob("*.xlsx")) if re.search(r"\d_2025-06", path.name)]


def attack(root: Root) -> None:
    """Send a report that is one attack, an explanation that is one, and a file that is none."""
    inbox = root.inbox / "reports" / PERIOD
    book = openpyxl.load_workbook(single_reports(root)[0])
    for label in ("单位详细名称", "填表人", "联系电话"):
        cell = cell_beside(book, label)
        cell.value, cell.data_type = ATTACK, "s"
    figures = book["营业收入"]
    figures["D10"].value, figures["D10"].data_type = ATTACK, "s"
    book.save(inbox / FILE_NAME)
    returned = next((root.reports / "returns" / PERIOD).glob("*/核实_*.xlsx"))
    book = openpyxl.load_workbook(returned)
    sheet = book[REVIEW_SHEET]
    (head,) = [cell for row in sheet for cell in row if cell.value == EXPLANATION]
    answer = sheet.cell(head.row + 1, head.column)
    answer.value, answer.data_type = ATTACK, "s"
    book.save(inbox / f"说明{MOBILE}.xlsx")
    (inbox / f"<svg onload=alert(1)>{MOBILE}.xlsx").write_bytes(b"<html>" + ATTACK.encode())


@pytest.fixture(scope="module")
def attacked(demo_root: Root, tmp_path_factory: pytest.TempPathFactory) -> Root:
    copy = tmp_path_factory.mktemp("hostile") / "root"
    shutil.copytree(demo_root.path, copy)
    root = Root(copy)
    attack(root)
    run(root, PERIOD)
    return root


def workbooks(root: Root) -> list[Path]:
    found = sorted(root.reports.rglob("*.xlsx"))
    assert {path.parent.name for path in found} >= {"findings", PERIOD}
    return found


def test_the_attack_arrived(attacked: Root) -> None:
    with duckdb.connect(str(attacked.database), read_only=True) as connection:
        files = str(attacked.internal / "raw_files.parquet")
        named = connection.execute(
            "select count(*) from read_parquet(?) where file_name like '%onerror%'", [files]
        ).fetchone()
        explained = connection.execute(
            "select count(*) from mart_findings where explanation like '%drop table%'"
        ).fetchone()
        asked = connection.execute(
            "select count(*) from mart_findings where rule_code = 'personal_data'"
        ).fetchone()
    assert named == (1,)
    assert explained is not None
    assert explained[0] >= 1
    assert asked is not None
    assert asked[0] >= 4  # name of the agency, a figure, the explanation, names of files


def test_no_workbook_computes_or_leads_out(attacked: Root) -> None:
    for path in workbooks(attacked):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                part = package.read(name).decode(errors="replace")
                if name.endswith(".rels"):
                    outside = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', part)
                    outside += re.findall(r'TargetMode="External"[^>]*Target="([^"]*)"', part)
                    assert all(target.startswith("../") for target in outside), path
                    assert "evil" not in part
                formulas = re.findall(r"<(?:\w+:)?f[ >].*?</(?:\w+:)?f>", part, re.DOTALL)
                assert not any(HARMFUL.search(formula) for formula in formulas), path
                assert not re.search("<(?:oddFooter|oddHeader)>[^<]*(?:evil|alert)", part)


def test_all_text_of_workbooks_stays_text(attacked: Root) -> None:
    seen = 0
    for path in workbooks(attacked):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("=HYPERLINK"):
                        seen += 1
                        assert cell.data_type == "s"
                        assert cell.quotePrefix
    assert seen


def test_personal_numbers_are_in_no_output(attacked: Root) -> None:
    own = re.compile(r"(?:核实|退回)_\d+_")  # the agency's own workbook, with what it wrote
    for path in sorted([*attacked.marts.rglob("*"), *attacked.reports.rglob("*")]):
        assert MOBILE not in path.name
        if not path.is_file():
            continue
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            sheets = [book[REVIEW_SHEET]] if own.match(path.name) else list(book)
            texts = [str(cell.value) for sheet in sheets for row in sheet for cell in row]
            texts += [
                cell.comment.text for sheet in book for row in sheet for cell in row if cell.comment
            ]
        elif path.suffix == ".parquet":
            texts = [str(row) for row in duckdb.sql(f"from '{path}'").fetchall()]
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = [name for (name,) in connection.execute("show tables").fetchall()]
                texts = [
                    str(row)
                    for table in tables
                    for row in connection.sql(f"from {table}").fetchall()
                ]
        else:
            texts = [path.read_text(encoding="utf-8")]
        for text in texts:
            assert not any(number in text for number in NUMBERS), path
            assert "\x1b" not in text, path
            assert "\u202e" not in text, path


def test_the_archive_keeps_what_was_sent(attacked: Root) -> None:
    assert MOBILE in attacked.receipts.read_text(encoding="utf-8")


class Elements(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless_elements(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements of a page, none of which came from an agency."""
    elements = Elements(page).found
    for tag, attributes in elements:
        assert tag not in ("iframe", "object", "embed", "base", "form")
        assert not any(name.startswith("on") for name in attributes)
        addresses = [attributes.get(name) for name in ("src", "href", "xlink:href")]
        assert all(each.startswith(("data:", "#")) for each in addresses if each is not None)
    return elements


def test_no_markup_takes_effect_in_the_bulletin(attacked: Root) -> None:
    page = (attacked.reports / f"bulletin-{PERIOD}.html").read_text(encoding="utf-8")
    assert "{{7*7}}" in page
    elements = harmless_elements(page)
    kinds = [attributes.get("type") for tag, attributes in elements if tag == "script"]
    assert len(kinds) - kinds.count("application/json") == OUR_SCRIPTS


def test_no_markup_takes_effect_in_a_browser(attacked: Root, tmp_path: Path) -> None:
    page = attacked.reports / f"bulletin-{PERIOD}.html"
    options = "--headless --no-sandbox --disable-gpu --no-first-run --virtual-time-budget=8000"
    command = [find_browser(), *options.split(), f"--user-data-dir={tmp_path}", "--dump-dom"]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    assert "svg" in {tag for tag, _ in harmless_elements(done.stdout)}  # plotly drew


@pytest.mark.parametrize(
    "words",
    [
        f"status {PERIOD}",
        f"report {PERIOD}",
        "query|select agency_name, message, explanation from mart_findings order by finding_no",
    ],
)
def test_the_terminal_shows_text_only(
    attacked: Root, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    command = words.split("|") if "|" in words else words.split()
    assert run_command(["--root", str(attacked.path), *command]) == 0
    shown = "".join(capsys.readouterr())
    assert shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert not any(number in shown for number in NUMBERS)
    log = attacked.state / "hrstats.log"
    assert not log.exists() or not any(number in log.read_text() for number in NUMBERS)


def test_no_sql_took_effect(attacked: Root) -> None:
    with duckdb.connect(str(attacked.warehouse), read_only=True) as connection:
        (count,) = connection.execute("select count(*) from raw_files").fetchone() or (0,)
        texts = connection.execute(
            "select distinct text_value from raw_values where text_value like '%drop table%'"
        ).fetchall()
    assert count > 80
    assert texts
