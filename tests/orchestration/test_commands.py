"""The commands on a root with data, as people type them one after the other."""

import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from pipelines import cli
from pipelines.cli import run_command
from pipelines.intake.inbox import take_in
from pipelines.orchestration.published import ask
from pipelines.root import Root


def type_in(root: Root, *words: str) -> int:
    return run_command(["--root", str(root.path), *words])


def test_run_without_news_says_so(demo_root: Root, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_in(demo_root, "run") == 0
    text = capsys.readouterr().out
    assert text.startswith("没有新的报表，目录和程序也没有变化，不必重新计算。")
    assert "bulletin-2025-06.html" in text
    assert text.splitlines()[-1].startswith(f"下一步：hrstats --root {demo_root.path} status")


@pytest.mark.parametrize("words", [["status"], ["report"], ["run"], ["query", "from mart_quality"]])
def test_only_what_validates_imports_great_expectations(demo_root: Root, words: list[str]) -> None:
    """It takes seconds; reading, reporting and a run without news do without."""
    code = (
        "import sys; from pipelines.cli import run_command; "
        f"code = run_command(['--root', {str(demo_root.path)!r}, *{words!r}]); "
        "sys.exit(code or 'great_expectations' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_demo_ends_with_the_headline_targets(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    cli._print_headline(cli._console(), demo_root)
    text = capsys.readouterr().out
    assert "2025年政策目标，截至2025年6月　模拟数据" in text
    for target in ("达1500亿元", "超过3500家", "达到500万人次"):
        assert target in text
    assert "95%区间" in text


def test_status_tells_who_reported_who_was_refused_and_who_owes(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "status", "2025-06") == 0
    text = capsys.readouterr().out
    assert "2025-06 报送情况（家）　模拟数据" in text
    for heading in ("抽中", "不在范围", "应报", "已收", "已采用", "退回", "逾期", "未报", "加权"):
        assert heading in text
    assert (
        "报送日历：催报 2025-07-15（已过），截止 2025-07-18（已过），"
        "截数 2025-07-23（已过），发布 2025-07-25（已过）。" in text
    )
    assert "退回：文件“加密的快报.xlsx”设有打开密码" in text
    ((waiting, priority),) = ask(
        demo_root,
        "select count(*), count(*) filter (is_priority) from mart_findings "
        "where period = '2025-06' and state = 'open'",
    ).rows
    assert waiting > priority > 0
    assert (
        f"待办问题：{waiting} 条，其中优先办理 {priority} 条（其余合计影响任一总量不到 1%）" in text
    )
    silent = ask(
        demo_root,
        "select missing_count from mart_response "
        "where period = '2025-06' and reporting_unit_code = 'TOTAL'",
    ).rows[0][0]
    assert text.count("\n未报：") == silent > 0
    ((returned, unreviewed),) = ask(
        demo_root,
        "select returned_count, unreviewed_count from mart_reviews "
        "where period = '2025-06' and reporting_unit_code = 'TOTAL'",
    ).rows
    told = f"锁定 0 家，退回 {returned} 家，未审 {unreviewed} 家。"
    assert f"审核：区县初审 0 家，市级复审 0 家，{told}" in text


def test_status_of_a_year_tells_who_sent_the_annual_return(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    """By stratum and for the city; the review counts whom a year asks."""
    assert type_in(demo_root, "status", "2024") == 0
    text = capsys.readouterr().out
    assert "2024 年报报送情况（家）　模拟数据" in text
    lines = {
        cells[1]: cells[2:-1]
        for line in text.splitlines()
        if len(cells := [cell.strip() for cell in line.split("│")]) > 2
    }
    assert (next(iter(lines)), [*lines][-1]) == ("公共服务机构", "全市")
    frame, left, expected, reported, missing = map(int, lines["全市"][:5])
    query = "select annual_state, count(*) from read_parquet(?) where year = '2024' group by 1"
    path = demo_root.internal / "core_annual_states.parquet"
    states = dict(ask(demo_root, query, str(path)).rows)
    assert (reported, missing, left) == tuple(
        states.get(state, 0) for state in ("reported", "missing", "out_of_scope")
    )
    assert frame == sum(states.values())
    assert expected == frame - left
    assert lines["全市"][5] == f"{100 * reported / expected:.1f}%"
    del lines["全市"]
    counts = zip(*(map(int, row[:5]) for row in lines.values()), strict=True)
    assert [sum(column) for column in counts] == [frame, left, expected, reported, missing]
    assert "2024文件：收到 " in text
    assert "审核：区县初审 0 家" in text
    assert type_in(demo_root, "status", "2019") == 1
    assert capsys.readouterr().err.startswith("没有 2019 年的年报")


def test_status_of_a_period_without_data(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "status", "2024-12") == 1
    assert "2025-05、2025-06" in capsys.readouterr().err


def test_query_shows_rows_and_says_they_are_made_up(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "query", "select '[b]' as a, null as b, 1.50 as c") == 0
    text = capsys.readouterr().out
    assert "模拟数据" in text
    assert "│ [b] │   │ 1.50 │" in text
    assert "共 1 行" in text


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1 as a) to '{}/out.csv'",
        "explain analyze copy (select 1 as a) to '{}/out.csv'",
        "export database '{}/out'",
        "attach '{}/out.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "create temp table t as select 1",
        "drop table mart_response",
        "select 1; drop table mart_response",
        "from read_parquet('{root}/data/marts/internal/raw_files.parquet')",
        "from '{root}/data/marts/mart_response.parquet'",
        "from read_text('/etc/hostname')",
    ],
)
def test_query_neither_writes_nor_leaves_what_is_published(
    demo_root: Root, tmp_path: Path, sql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "query", sql.format(tmp_path, root=demo_root.path)) == 1
    assert capsys.readouterr().err == "只能查询已发布的数据，不能修改或读写其他文件。\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "sql",
    [
        "describe mart_response",
        "show tables",
        "explain from mart_response",
        "with a as (select 1) from a;",
        "pivot mart_response on period using sum(sampled_count) group by reporting_unit_code",
    ],
)
def test_query_takes_every_kind_of_question(demo_root: Root, sql: str) -> None:
    assert type_in(demo_root, "query", sql) == 0


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("", "没有写查询语句，"),
        (" ; ", "没有写查询语句，"),
        ("select 1; select 2", "一次只能写一条查询语句，"),
        ("selct 1", "查询没有执行，请检查 SQL（Parser Error: "),
        ("from nothing", "查询没有执行，请检查 SQL（Catalog Error: "),
        ("select ?", "查询没有执行，请检查 SQL（Invalid Input Error: "),
    ],
)
def test_a_query_that_cannot_be_answered_gets_one_sentence(
    demo_root: Root, sql: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "query", sql) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(sentence)
    assert line.endswith("。")


def test_query_shows_wide_rows_field_by_field(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "query", "from mart_target_progress limit 2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["模拟数据", "──── 第 1 行 ────"]
    assert "──── 第 2 行 ────" in lines
    assert any(line.startswith("target_id: ") for line in lines)


def test_refused_files_are_listed_whatever_their_folder(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("register", "reports/2025-04"):
        place = own_root.inbox / folder / "不是表格.xlsx"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(folder)
    assert type_in(own_root, "run") == 0
    text = capsys.readouterr().out
    assert "整份或部分退回 2 份文件，强制性问题 2 条：" in text
    assert text.count("退回：文件“不是表格.xlsx”") == 2
    assert type_in(own_root, "status", "2025-06") == 0
    text = capsys.readouterr().out
    assert "退回：文件“不是表格.xlsx”" in text
    assert text.count("退回：文件“加密的快报.xlsx”") == 1


def test_a_month_without_files_says_so_and_shows_no_other_month(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(own_root, "run", "2025-04") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{own_root.inbox / 'reports' / '2025-04'} 中没有文件；")
    assert "bulletin-" not in text


def test_status_of_january_names_february(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, "status", "2025-01") == 1
    assert capsys.readouterr().err == "1月免报，与2月合并，请写 2025-02。\n"


def test_who_locks_and_why_is_asked(
    own_root: Root, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("李四\n审核完毕\n"))
    assert type_in(own_root, "lock", "2025-06") == 0
    text = capsys.readouterr().out
    assert "锁定人" in text
    assert "锁定原因" in text
    assert "2025-06 已锁定（决定第 1 号，李四，审核完毕）" in text
    assert type_in(own_root, "unlock", "2025-06", "--name", "王五", "--reason", "补报") == 0
    assert "2025-06 已解锁（决定第 2 号，王五，补报）" in capsys.readouterr().out
    assert type_in(own_root, "lock", "2025-06", "--name", "王五", "--reason", " ") == 1
    assert capsys.readouterr().err.startswith("请写明锁定人和原因")


def test_a_lock_says_what_waits_unread(own_root: Root, capsys: pytest.CaptureFixture[str]) -> None:
    """One is received, one is not; what is of another month has nothing to do with the lock."""
    names = ("--name", "李四", "--reason", "审核完毕")
    (own_root.inbox / "reports" / "2025-06" / "收到未读.xlsx").write_bytes(b"1")
    take_in(own_root)
    (own_root.inbox / "corrections").mkdir(exist_ok=True)
    (own_root.inbox / "corrections" / "未收.xlsx").write_bytes(b"2")
    (own_root.inbox / "reports" / "2025-05" / "别的月份.xlsx").write_bytes(b"3")
    assert type_in(own_root, "lock", "2025-06", *names) == 0
    text = capsys.readouterr().out
    assert text.startswith(
        "注意：还有 2 份文件没有读入，其中锁定时还没有登记收件的不再计入 2025-06；"
    )
    assert "2025-06 已锁定" in text
    assert type_in(own_root, "unlock", "2025-06", *names) == 0
    assert "注意" not in capsys.readouterr().out


def test_a_lock_of_what_is_all_read_says_nothing_more(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(own_root, "lock", "2025-06", "--name", "李四", "--reason", "审核完毕") == 0
    assert "注意" not in capsys.readouterr().out


def test_review_writes_a_workbook_for_each_unit_and_one_for_the_city(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(own_root, "review") == 0
    text = capsys.readouterr().out
    written = sorted((own_root.reports / "review" / "2025-06").iterdir())
    assert f"共 {len(written)} 份" in text
    assert all(str(path) in text for path in written)
    assert type_in(own_root, "review", "2025-06", "--city") == 0
    assert "审核表_全市_2025-06.xlsx" in capsys.readouterr().out


def test_notices_and_reminders_say_where_they_lie(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(own_root, "sample", "notice", "2025-07") == 0
    text = capsys.readouterr().out
    folder = own_root.reports / "notices" / "2025-07"
    zips = len([*folder.iterdir()])
    asked = len(sampled(own_root, "period = '2025-06'"))
    assert f"通知：{zips} 个报送单位，预填报表 {asked} 份，位于 {folder}" in text
    assert "下一步：" in text
    assert type_in(own_root, "remind", "2025-06") == 0
    text = capsys.readouterr().out
    folder = own_root.reports / "reminders" / "2025-06"
    assert f"催报通知：{len([*folder.glob('*.docx')])} 份，位于 {folder}" in text
    assert "下一步：" in text


@pytest.mark.parametrize("words", [["sample", "notice"], ["remind"]])
def test_nobody_is_asked_for_january(
    demo_root: Root, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(demo_root, *words, "2026-01") == 1
    assert capsys.readouterr().err == "1月免报，与2月合并，请写 2026-02。\n"


def test_doctor_leaves_everything_as_it_is(own_root: Root) -> None:
    own_root.writer_lock.unlink()
    before = sorted(own_root.path.rglob("*"))
    assert type_in(own_root, "doctor") == 0
    assert sorted(own_root.path.rglob("*")) == before


def test_report_writes_the_newest_period(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    bulletin = own_root.reports / "bulletin-2025-06.html"
    bulletin.unlink()
    assert type_in(own_root, "report") == 0
    assert bulletin.exists()
    assert str(bulletin) in capsys.readouterr().out


def test_publish_again_changes_nothing_and_mends_what_is_missing(
    own_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(own_root, "publish") == 0
    assert capsys.readouterr().out.startswith("内容没有变化，未重新发布：2025-06-")
    own_root.database.unlink()
    assert type_in(own_root, "publish") == 0
    assert capsys.readouterr().out.startswith("已发布：2025-06-")
    assert own_root.database.exists()


def test_templates_go_to_sampled_agencies_of_the_unit(demo_root: Root, tmp_path: Path) -> None:
    words = ["template", "--period", "2025-07", "--unit", "渝中", "--out", str(tmp_path)]
    assert type_in(demo_root, *words) == 0
    (path,) = tmp_path.iterdir()
    assert path.name == "渝中区_汇总表_2025-07.xlsx"
    expected = sampled(demo_root, "reporting_unit_code = '500103' and period = '2025-06'")
    assert expected
    assert texts_of(path) & sampled(demo_root, "true") == expected


def test_a_template_knows_what_was_reported_a_year_ago(demo_root: Root, tmp_path: Path) -> None:
    observations = demo_root.internal / "core_observations.parquet"
    code, revenue = ask(
        demo_root,
        "select credit_code, value from read_parquet(?) where period = '2025-06' "
        "and indicator_code = 'revenue_booked' and measure_code = 'ytd' and value > 0 "
        "and credit_code in (select credit_code from read_parquet(?) "
        "where period = '2025-06' and reporting_unit_code = '500103') "
        "order by credit_code limit 1",
        str(observations),
        str(demo_root.internal / "core_frame.parquet"),
    ).rows[0]
    words = ["template", "--period", "2026-06", "--agency", code, "--out", str(tmp_path)]
    assert type_in(demo_root, *words) == 0
    (path,) = tmp_path.iterdir()
    sheet = openpyxl.load_workbook(path)["营业收入"]
    (row,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == "01")
    assert float(revenue) / 10_000 in [value for value in row if isinstance(value, int | float)]


def test_nobody_to_ask_is_said_plainly(
    demo_root: Root, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["template", "--period", "2025-07", "--out", str(tmp_path)]
    assert type_in(demo_root, *words, "--unit", "月球区") == 1
    assert capsys.readouterr().err.startswith("没有名为“月球区”的报送单位")
    assert type_in(demo_root, *words, "--agency", "91500103MA5U00000X") == 1
    assert capsys.readouterr().err.startswith("样本中没有统一社会信用代码为 91500103MA5U00000X")
    assert type_in(Root(tmp_path), *words) == 1
    assert capsys.readouterr().err.startswith("还不知道各报送单位有哪些样本机构")
    assert not list(tmp_path.glob("*.xlsx"))


def test_an_abolished_district_gets_no_template(
    own_root: Root, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["template", "--period", "2026-02", "--out", str(tmp_path / "out")]
    assert type_in(own_root, *words, "--unit", "江北区") == 1
    told = "江北区自2026年2月起停用，其机构按所在街道（镇）由两江新区承接。"
    assert capsys.readouterr().err.startswith(told)
    assert not (tmp_path / "out").exists()


def sampled(root: Root, condition: str) -> set[str]:
    frame = root.internal / "core_frame.parquet"
    query = f"select credit_code from read_parquet(?) where is_sampled and {condition}"
    return {code for (code,) in ask(root, query, str(frame)).rows}


def texts_of(path: Path) -> set[object]:
    workbook = openpyxl.load_workbook(path, read_only=True)
    return {
        value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
    }
