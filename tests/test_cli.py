"""The hrstats command without any data: help, mistakes, and what an empty root says."""

import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from pipelines import cli
from pipelines.cli import hrstats, run_command
from pipelines.orchestration import doctor
from pipelines.orchestration.lock import writer_lock
from pipelines.root import Root

COMMANDS = [
    "decisions",
    "demo",
    "doctor",
    "edit-ratios",
    "estimate",
    "lock",
    "publish",
    "query",
    "release",
    "releases",
    "remind",
    "report",
    "review",
    "run",
    "sample",
    "status",
    "synth",
    "template",
    "unlock",
]


def type_in(root: Path, *words: str) -> int:
    return run_command(["--root", str(root), *words])


def test_help_is_chinese_and_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(hrstats.commands) == COMMANDS
    assert run_command(["--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：hrstats [选项] 命令")
    assert all(command in text for command in COMMANDS)
    assert "Options" not in text
    assert run_command([]) == 0
    assert capsys.readouterr().out.strip() == text.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"用法：hrstats {command}")
    assert "显示这段说明。" in text


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["rnu"], "没有命令 rnu；"),
        (["run", "2025-06", "2025-07"], "多写了“2025-07”；"),
        (["doctor", "all", "of it"], "多写了“all of it”；"),
        (["query"], "缺少参数 SQL"),
        (["estimate"], "缺少选项 --frame；"),
        (["run", "--fast"], "没有选项 --fast"),
        (["template", "--form", "flash"], "选项 --form 的值不对，可写 register、"),
        (["synth", "--kind", "menu"], "选项 --kind 的值不对，可写 register、"),
        (["synth", "--agencies", "12"], "选项 --agencies 的值不对"),
    ],
)
def test_a_mistyped_command_gets_one_sentence(
    words: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(fault)
    assert captured.err.endswith("查看用法。\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["status"], "还没有发布过数据，请先运行 hrstats run。"),
        (["report"], "还没有发布过数据，请先运行 hrstats run。"),
        (["query", "select 1"], "还没有发布过数据，请先运行 hrstats run。"),
        (
            ["publish"],
            "还没有运行过，请先运行 hrstats run，再运行 hrstats publish。",
        ),
        (["run", "2025-6"], "报告期“2025-6”写法不对，请写成 2025-06 这样的年月。"),
        (["template"], "请写明报告期，如 2025-06；快报自 2023-01 起。"),
        (["template", "--period", "2025-01"], "1月免报，与2月合并，请写 2025-02。"),
        (["run", "2025-01"], "1月免报，与2月合并，请写 2025-02。"),
        (["status", "abc"], "报告期“abc”写法不对，请写成 2025-06 这样的年月。"),
        (["report", "2025-13"], "报告期“2025-13”写法不对，请写成 2025-06 这样的年月。"),
        (
            ["template", "--period", "2025-13"],
            "报告期“2025-13”写法不对，请写成 2025-06 这样的年月。",
        ),
        (
            ["template", "--form", "annual_return", "--period", "2024-12"],
            "报告期“2024-12”写法不对，年报的 --period 要写年份，如 2024。",
        ),
        (
            ["template", "--unit", "渝中区", "--agency", "91500103MA5U000000"],
            "--unit、--agency、--form 只能写一个。",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(tmp_path, *words) == 1
    captured = capsys.readouterr()
    assert captured.err == f"{sentence}\n"
    assert captured.out == ""
    assert not list(tmp_path.iterdir()), "nothing is left behind"


def test_a_second_writer_is_turned_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writer_lock(Root(tmp_path)):
        assert type_in(tmp_path, "run") == 1
    assert capsys.readouterr().err == "另一个任务正在写入这个数据目录，请等它结束后再试。\n"


def test_a_run_that_can_read_nothing_tells_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "data" / "raw" / "register" / "名录.xlsx"
    place.parent.mkdir(parents=True)
    place.write_text("no workbook")
    assert type_in(tmp_path, "run") == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("还没有可用的报表，")
    assert lines[1] == "退回 1 份："
    assert lines[2].startswith("退回：文件“名录.xlsx”")


def test_a_traceback_goes_to_the_log_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Root) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(doctor, "examine", fail)
    assert type_in(tmp_path, "doctor") == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("出现意外错误（RuntimeError），没有完成；请把 ")
    assert "secret" not in captured.err
    log = (tmp_path / "data" / "state" / "hrstats.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "secret detail" in log


def test_doctor_finds_a_new_root_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_in(tmp_path, "doctor") == 0
    assert "一切正常" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("demo", "synth")])
def test_a_root_that_is_not_there_is_not_made(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing"
    words = ["select 1"] if command == "query" else []
    assert type_in(missing, command, *words) == 1
    assert capsys.readouterr().err.startswith(f"没有数据目录 {missing}，")
    assert not missing.exists()


@pytest.mark.parametrize("command", ["demo", "run", "doctor"])
def test_a_root_that_is_a_file_is_named(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert type_in(file, command) == 1
    assert capsys.readouterr().err == f"数据目录 {file} 是文件，请改写为文件夹。\n"


def test_a_folder_that_is_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert type_in(tmp_path, "template", "--form", "sample", "--out", str(file)) == 1
    assert capsys.readouterr().err.startswith(f"不能读写 {file}，没有完成")
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "data").touch()
    assert type_in(tmp_path / "blocked", "run") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("不能读写 ")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipelines.cli", "--root", str(tmp_path), "doctor"]
    for words in (command, [sys.executable, "-m", "pipelines.cli", "--help"]):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as nobody:
            done = subprocess.run(words, stdout=nobody, stderr=subprocess.PIPE, check=False)
        assert done.returncode == cli.UNHEARD
        assert done.stderr == b""


def test_many_columns_are_shown_field_by_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = [f"column_{number}" for number in range(40)]
    cli._print_rows(cli._console(), Root(tmp_path), columns, [["甲"] * 40, ["乙"] * 40])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["──── 第 1 行 ────", "column_0: 甲"]
    assert lines[-1] == "column_39: 乙"


def test_doctor_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reports").touch()
    assert type_in(tmp_path, "doctor") == 1
    captured = capsys.readouterr()
    assert "不能写入" in captured.out
    assert captured.err == "有检查项不正常，请按说明处理后再运行 hrstats doctor。\n"


@pytest.mark.parametrize(
    ("form", "period"),
    [
        ("register", "2025-06"),
        ("register_events", "2025-06"),
        ("sample", None),
        ("annual_return", "2024"),
        ("platform_report", "2025"),
        ("ledger", "2025-06"),
        ("ledger", None),
        ("published_figures", None),
        ("corrections", None),
    ],
)
def test_empty_lists_are_written_where_asked(
    tmp_path: Path, form: str, period: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "发出"
    when = ["--period", period] if period else []
    assert type_in(tmp_path, "template", "--form", form, *when, "--out", str(out)) == 0
    (path,) = out.iterdir()
    assert str(path) in capsys.readouterr().out
    openpyxl.load_workbook(path).close()


def test_paths_are_short_below_where_the_command_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli._shown(tmp_path / "reports" / "a.html") == "reports/a.html"
    assert cli._shown(Path("/elsewhere/a.html")) == "/elsewhere/a.html"


def test_a_made_up_industry_goes_where_it_is_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "mock"
    words = ["synth", "--from", "2025-06", "--to", "2025-06", "--kind", "ledger"]
    assert type_in(root, *words) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("模拟数据：报表 2 份")  # the ledger and the published figures
    assert str(root / "truth") in told[1]
    assert told[2].startswith(f"下一步：hrstats --root {root} run")
    assert (root / "data" / "raw" / "ledger" / "台账_2025-06.xlsx").exists()


def test_a_made_up_industry_needs_a_place_and_a_possible_span(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["synth"]) == 1
    assert "请用 --root 写明" in capsys.readouterr().err
    assert type_in(tmp_path / "mock", "synth", "--from", "2025-09") == 1
    assert "先写早的" in capsys.readouterr().err
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "报表.xlsx").touch()
    assert type_in(tmp_path / "own", "synth") == 1
    assert "没有改动" in capsys.readouterr().err
