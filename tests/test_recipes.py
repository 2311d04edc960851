"""README's recipes, followed to the letter in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.root import PROJECT

BLOCK = re.compile(
    r"```(?:yaml|sql)\n(?:#|--) (?P<what>[^\n]+) (?P<path>\S+)\n(?P<text>.+?)```", re.S
)
PERIOD = "2025-02"
AGENCIES = 6
FIGURE = 10_000  # every figure of every report, in base units

SEND_AND_RUN = f"""
import datetime as dt
from decimal import Decimal
from pathlib import Path

from stdnum.cn.uscc import calc_check_digit

from pipelines.catalog.load import load_catalog
from pipelines.cli import run_command
from pipelines.intake.templates import (
    AgencyIdentity, AgencyReport, write_flash_roll, write_list,
)

catalog = load_catalog()
inbox = Path("root/data/raw")
codes = [f"91500103MA0000{{number:03}}" for number in range({AGENCIES})]
codes = [code + calc_check_digit(code) for code in codes]
register = [
    dict(credit_code=code, agency_name="示例机构" + code, district="500103",
         reporting_unit="500103", institution_type="market_private", licence_kind="licensed",
         first_registered_date=dt.date(2020, 1, 1), business_line="dispatch", size_class="small")
    for code in codes
]
sample = [
    dict(credit_code=row["credit_code"], agency_name=row["agency_name"], reporting_unit="500103",
         stratum="SMA")
    for row in register
]
totals = dict(registered_seekers=3, employers_served=4, revenue_booked=9)  # of equal parts
values = {{
    (line.indicator, measure): Decimal({FIGURE}) * totals.get(line.indicator, 1)
    for line in catalog.form("flash_report", "{PERIOD}").lines if not line.calculated
    for measure in line.measures
}}
reports = [
    AgencyReport(AgencyIdentity(row["credit_code"], row["agency_name"], "500103", "500103"),
                 values=values)
    for row in register
]
for folder in ("register", "sample", "reports/{PERIOD}"):
    (inbox / folder).mkdir(parents=True)
write_list(inbox / "register/register.xlsx", catalog, "register", "2025-02", register)
write_list(inbox / "sample/sample.xlsx", catalog, "sample", "2025-02", sample)
write_flash_roll(inbox / "reports/{PERIOD}/roll.xlsx", catalog, "{PERIOD}", "500103", reports)
raise SystemExit(run_command(["--root", "root", "run", "{PERIOD}"]))
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """What a copy of the project publishes after its recipes were followed."""
    project = tmp_path_factory.mktemp("project")
    for folder in ("pipelines", "sql", "expectations"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / folder, project / folder, ignore=ignored)
    for block in BLOCK.finditer((PROJECT / "README.md").read_text(encoding="utf-8")):
        follow(project / block["path"], block["what"], block["text"])
    environment = {**os.environ, "PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, "-c", SEND_AND_RUN],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(project / "root/data/marts/hr_services.duckdb", read_only=True) as opened:
        yield opened


def follow(path: Path, what: str, text: str) -> None:
    """Do what a block of the README says."""
    if what == "new file":
        assert not path.exists()
        path.write_text(text, encoding="utf-8")
        return
    assert what in {"add to", "add to the last section of"}
    before, checks, after = path.read_text(encoding="utf-8").partition("checks:\n")
    path.write_text(before + text + checks + after, encoding="utf-8")


def test_readme_has_a_block_for_every_recipe() -> None:
    paths = [match["path"] for match in BLOCK.finditer((PROJECT / "README.md").read_text("utf-8"))]
    assert paths == [
        "pipelines/catalog/indicators.yml",
        "pipelines/catalog/forms/flash_report.yml",
        "pipelines/catalog/policies/example_2024.yml",
        "expectations/flash_report.yml",
        "sql/mart_agencies_by_size.sql",
        "expectations/mart_agencies_by_size.yml",
    ]


def test_an_added_indicator_is_asked_for_read_and_estimated(
    published: duckdb.DuckDBPyConnection,
) -> None:
    row = published.execute(
        "select value, unit, indicator_name from mart_industry_monthly "
        "where indicator_code = 'interviews' and measure_code = 'ytd'"
    ).fetchone()
    assert row == (AGENCIES * FIGURE, "人次", "组织面试人次")


def test_an_added_policy_is_judged(published: duckdb.DuckDBPyConnection) -> None:
    row = published.execute(
        "select target_value, comparator, actual_value, document_no from mart_target_progress "
        "where target_id = 'example_2024_placements_2025'"
    ).fetchone()
    assert row == (4_500_000, ">", AGENCIES * FIGURE, "示例〔2024〕1号")


def test_an_added_rule_finds_the_cells_that_break_it(
    published: duckdb.DuckDBPyConnection,
) -> None:
    """The reports say three registered seekers for each person served."""
    rows = published.execute(
        "select distinct rule_name, severity, submission_state, expected from mart_findings "
        "where rule_code = 'seekers_above_people_served'"
    ).fetchall()
    assert rows == [("登记求职人员不大于服务人员", "review", "accepted", "不大于10,000人次")]
    found = published.execute(
        "select count(distinct credit_code), min(message) from mart_findings "
        "where rule_code = 'seekers_above_people_served'"
    ).fetchone()
    assert found is not None
    assert found[0] == AGENCIES
    assert "为30,000人次，大于服务人员总数（31）10,000人次" in found[1]


def test_an_added_table_is_published_with_its_meaning(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("select * from mart_agencies_by_size").fetchall()
    assert (PERIOD, "small", AGENCIES) in rows
    meaning = published.execute(
        "select comment from duckdb_tables() where table_name = 'mart_agencies_by_size'"
    ).fetchone()
    assert meaning == ("每个报告期、每种规模类别的机构数一行。",)
