"""A month is signed, changed, compared, signed again, made once more and withdrawn.

One root goes through all of it, as people would type it; copies of the demo's are refused, and
killed at every step.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.bulletin.issue import Issue
from pipelines.cli import run_command
from pipelines.intake.decisions import append_decision, read_decisions
from pipelines.intake.inbox import take_in
from pipelines.orchestration import published, releasing
from pipelines.orchestration.last_run import months_to_run
from pipelines.orchestration.releasing import (
    ReleaseRefusedError,
    Roles,
    UnknownReleaseError,
    checked_roles,
    find_release,
    list_releases,
    release,
    withdraw,
)
from pipelines.root import Root
from pipelines.warehouse.frozen import changed_files, is_frozen, make_writable, read_record
from pipelines.warehouse.publishing import put_back, read_manifest, stands_in_place
from pipelines.warehouse.release import current_release_id

PERIOD = "2025-06"
NAMES = ("--prepared", "编制者", "--reviewed", "审核者", "--signed", "签发甲", "--signed", "签发乙")
ROLES = Roles("编制者", "审核者", ["签发甲", "签发乙"])
CHANGED = "重庆渝中示例人力外包有限公司0214_2025-06"


@dataclass(frozen=True)
class Story:
    """What came of each command that was typed, and the two releases."""

    root: Root
    first: str
    second: str
    codes: dict[str, int]
    said: dict[str, str]
    decided: list[bytes]  # the list of decisions after each of them
    kept: dict[str, bytes]  # the files of the first release when it was signed


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def page(root: Root, name: str = f"bulletin-{PERIOD}") -> str:
    return (root.reports / f"{name}.html").read_text(encoding="utf-8")


def send_again(root: Root) -> None:
    """Have an agency send its report once more in time, a hundred placements more this month."""
    folder = root.inbox / "reports" / PERIOD
    book = openpyxl.load_workbook(folder / f"{CHANGED}.xlsx")
    for cell in ("D10", "E10"):
        book["服务效果"][cell] = book["服务效果"][cell].value + 100
    book.save(folder / f"{CHANGED}_再报.xlsx")
    take_in(root, now=dt.datetime(2025, 7, 21, 12))


@pytest.fixture(scope="module")
def story(demo_root: Root, tmp_path_factory: pytest.TempPathFactory) -> Story:
    root = Root(tmp_path_factory.mktemp("story") / "root")
    shutil.copytree(demo_root.path, root.path)
    codes: dict[str, int] = {}
    said: dict[str, str] = {}
    decided: list[bytes] = []

    def type_in(step: str, *words: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            lines: list[str] = []
            patch.setattr("click.echo", lambda text="", **_: lines.append(str(text)))
            patch.setattr(
                "pipelines.cli._print_rows",
                lambda console, root, columns, rows: lines.extend(
                    " | ".join(row) for row in [columns, *rows]
                ),
            )
            codes[step] = run_command(["--root", str(root.path), *words])
        said[step] = "\n".join(lines)
        if root.decisions.exists():
            decided.append(root.decisions.read_bytes())

    type_in("first preview", "release", PERIOD, "--dry-run")
    type_in("sign", "release", PERIOD, *NAMES)
    first = str(current_release_id(root))
    kept = files_of(root.releases / first)
    type_in("sign again", "release", PERIOD, *NAMES)
    send_again(root)
    type_in("too early", "release", PERIOD, *NAMES)
    type_in("run", "run")
    draft_page = page(root)
    type_in("preview", "release", PERIOD, "--dry-run")
    type_in("no reason", "release", PERIOD, *NAMES)
    type_in("revise", "release", PERIOD, *NAMES, "--reason", "一家机构更正")
    second = str(current_release_id(root))
    type_in("compare", "releases", "compare", first, second.rpartition("-")[2][:6])
    type_in("reproduce", "releases", "reproduce", second)
    type_in("list", "releases")
    type_in("withdraw", "releases", "withdraw", second, "--name", "签发甲", "--reason", "填报有误")
    type_in("run after", "run")
    type_in("publish after", "publish")
    type_in("withdraw again", "releases", "withdraw", second, "--name", "甲", "--reason", "乙")
    type_in("sign withdrawn", "release", PERIOD, *NAMES)
    type_in("list after", "releases", "list")
    type_in("decisions", "decisions", PERIOD)
    said["draft page"] = draft_page
    return Story(root, first, second, codes, said, decided, kept)


def test_every_step_ends_as_it_should(story: Story) -> None:
    refused = {step for step, code in story.codes.items() if code}
    assert refused == {
        "sign again",
        "too early",
        "no reason",
        "publish after",
        "withdraw again",
        "sign withdrawn",
    }


def test_the_first_release_says_who_answers_for_it(story: Story) -> None:
    folder = story.root.releases / story.first
    record = read_record(folder)
    assert record["release_id"] == story.first
    assert record["period"] == PERIOD
    assert (record["prepared"], record["reviewed"]) == ("编制者", "审核者")
    assert record["signed"] == ["签发甲", "签发乙"]
    assert record["reason"] == "首次发布"
    assert record["previous_release_id"] is None
    assert record["made_up"] is True
    bulletin = (folder / f"bulletin-{PERIOD}.html").read_text(encoding="utf-8")
    for words in ("正式发布", "编制者", "审核者", "签发甲、签发乙", story.first, "模拟数据"):
        assert words in bulletin
    assert "未经签发" not in bulletin
    assert not any("findings" in name and "bulletin" in name for name in record["files"])
    assert {f"bulletin-{PERIOD}.html", "manifest.json", "hr_services.duckdb"} <= set(
        record["files"]
    )


def test_a_signed_release_stays_byte_for_byte(story: Story) -> None:
    assert files_of(story.root.releases / story.first) == story.kept


def test_a_draft_says_that_nobody_signed_it(story: Story) -> None:
    assert "草稿，未经签发。" in story.said["draft page"]
    assert "正式发布" not in story.said["draft page"]
    assert story.second in story.said["draft page"]


def test_refusals_say_why_and_what_to_do(story: Story) -> None:
    assert story.said["sign again"].startswith(f"{story.first} 已由签发甲、签发乙于")
    assert "没有进入已发布的数据" in story.said["too early"]
    assert story.said["too early"].endswith("请先运行 hrstats run。")
    assert "请用 --reason 写明这次为什么修订。" in story.said["no reason"]


def test_a_preview_shows_the_agency_that_changed_and_writes_nothing(story: Story) -> None:
    assert story.said["first preview"].startswith("还没有仍有效的正式发布")
    assert "--signed 姓名 签发" in story.said["first preview"]
    assert "--signed 姓名 --reason 修订原因 签发" in story.said["preview"]
    text = story.said["preview"]
    assert text.startswith(f"{story.first} → {story.second}\n新增收件 1 份，新增决定 0 项；")
    assert "机构采用的报表：变化 1 项，新增 0 项，减少 0 项。" in text
    assert f"{CHANGED}.xlsx | {CHANGED}_再报.xlsx" in text
    assert "没有写入文件。" in text


def test_a_preview_agrees_with_the_figures_themselves(story: Story) -> None:
    """Counted here by agency and indicator from the two kept files, without the comparison."""
    older, newer = (
        {
            row[:5]: row[5]
            for row in duckdb.execute(
                "select period, form_code, credit_code, indicator_code, measure_code, value "
                "from read_parquet(?)",
                [str(story.root.releases / name / "internal" / "core_observations.parquet")],
            ).fetchall()
        }
        for name in (story.first, story.second)
    )
    assert older.keys() == newer.keys()
    differing = {key[3:]: newer[key] - older[key] for key in older if older[key] != newer[key]}
    assert differing == {("placements", "month"): 100, ("placements", "ytd"): 100}
    text = story.said["preview"]
    assert "机构数值（两版都采用的报送）：变化 2 项，新增 0 项，减少 0 项。" in text
    assert text.count("| 1 | ") == 2  # the totals of both measures are of one place each
    assert text.count("| +100.00\n") == 2


def test_a_comparison_says_the_same_as_the_preview(story: Story) -> None:
    last_lines = {"preview": -1, "compare": -1}
    texts = [story.said[step].splitlines()[:end] for step, end in last_lines.items()]
    assert texts[0] == texts[1]


def test_a_revision_keeps_its_reason_and_the_one_before(story: Story) -> None:
    record = read_record(story.root.releases / story.second)
    assert record["reason"] == "一家机构更正"
    assert record["previous_release_id"] == story.first


def test_a_release_is_made_once_more_exactly(story: Story) -> None:
    assert "张表完全一致。" in story.said["reproduce"]
    assert "程序与该版发布时的不同" not in story.said["reproduce"]


def test_withdrawing_goes_back_to_what_still_stands(story: Story) -> None:
    root = story.root
    assert current_release_id(root) == story.first
    folder = root.releases / story.first
    assert stands_in_place(root, folder, read_manifest(folder))
    standing = page(root)
    assert "正式发布" in standing
    assert story.first in standing
    assert story.second not in standing
    assert is_frozen(root.releases / story.second)
    assert (
        changed_files(
            root.releases / story.second, read_record(root.releases / story.second)["files"]
        )
        == []
    )


def test_the_page_of_a_withdrawn_release_says_so(story: Story) -> None:
    withdrawn = page(story.root, f"withdrawn/bulletin-{story.second}")
    assert "原因：填报有误。" in withdrawn
    assert "已撤回：本版于" in withdrawn
    assert "正式发布" not in withdrawn
    assert story.second in withdrawn


def test_what_was_withdrawn_is_not_published_again(story: Story) -> None:
    assert story.said["run after"].startswith("没有新的报表")
    assert "仍是已撤回的" in story.said["publish after"]
    assert "填报有误" in story.said["publish after"]
    assert "已由签发甲于" in story.said["withdraw again"]
    assert story.said["sign withdrawn"].startswith(f"{story.first} 已由")
    assert current_release_id(story.root) == story.first


def test_the_list_shows_state_and_signers(story: Story) -> None:
    before, after = (story.said[step].splitlines() for step in ("list", "list after"))
    first, second = after[1:3]
    assert first.startswith(f"{story.first} | {PERIOD} | 已发布 | 20")
    assert first.endswith("签发甲、签发乙 | 现行；模拟数据")
    assert second.startswith(f"{story.second} | {PERIOD} | 已撤回 | ")
    assert "由签发甲撤回：填报有误；模拟数据" in second
    assert before[2].endswith("| 现行；模拟数据")
    assert "已发布" in before[2]


def test_decisions_only_grow_and_are_listed(story: Story) -> None:
    for earlier, later in zip(story.decided, story.decided[1:], strict=False):
        assert later.startswith(earlier)
    lines = story.said["decisions"].splitlines()
    assert [line.split(" | ")[2] for line in lines[1:4]] == ["签发", "签发", "撤回"]
    assert [line.split(" | ")[-1] for line in lines[1:4]] == [
        "首次发布",
        "一家机构更正",
        "填报有误",
    ]
    assert lines[4].startswith("共 3 项决定，只增不改")


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ((None, "乙", ["丙"]), "没有写明编制人（--prepared），"),
        (("甲", " ", ["丙"]), "没有写明审核人（--reviewed），"),
        (("甲", "乙", []), "没有写明签发人（--signed），"),
        (("甲", "乙", ["丙", ""]), "没有写明签发人（--signed），"),
        (("甲", "甲", ["丙"]), "编制人甲不能同时审核或签发"),
        (("甲", "乙", ["丙", "甲"]), "编制人甲不能同时审核或签发"),
    ],
)
def test_nobody_passes_his_own_work(
    roles: tuple[str | None, str | None, list[str]], words: str
) -> None:
    with pytest.raises(ReleaseRefusedError, match=words) as refused:
        checked_roles(*roles)
    assert str(refused.value).endswith("后再发布。")


def test_the_reviewer_may_sign_and_phones_are_no_names() -> None:
    roles = checked_roles("甲 ", "乙13812345678", ["乙", "丙", "乙"])
    assert roles.signed == ["乙", "丙"]
    assert "13812345678" not in roles.reviewed


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("2025-05", "请写 2025-06（以前各期随它一并修订）"),
        ("2025-07", "没有发布 2025-07；"),
        ("202506", "写法不对"),
    ],
)
def test_only_what_is_published_can_be_signed(demo_root: Root, asked: str, words: str) -> None:
    with pytest.raises(Exception, match=words):
        release(demo_root, asked, ROLES, None)
    assert read_decisions(demo_root) == []


def test_a_decision_about_figures_has_to_be_run_first(own_root: Root) -> None:
    append_decision(own_root, "lock", PERIOD, None, "张三", "复审完毕")
    with pytest.raises(ReleaseRefusedError, match="没有进入已发布的数据"):
        release(own_root, PERIOD, ROLES, None)


def test_a_run_that_was_not_completed_has_to_be_run_first(own_root: Root) -> None:
    own_root.last_run.unlink()
    with pytest.raises(ReleaseRefusedError, match="没有通过发布前核对"):
        release(own_root, PERIOD, ROLES, None)


def test_nothing_published_cannot_be_signed(tmp_path: Path) -> None:
    with pytest.raises(ReleaseRefusedError, match="请先运行 hrstats run"):
        release(Root(tmp_path), PERIOD, ROLES, None)


def test_what_was_tampered_with_is_not_signed(own_root: Root) -> None:
    name = "mart_response.parquet"
    (own_root.marts / name).write_bytes(b"other")
    with pytest.raises(ReleaseRefusedError, match="请先运行 hrstats publish"):
        release(own_root, PERIOD, ROLES, None)
    (own_root.releases / str(current_release_id(own_root)) / name).write_bytes(b"other")
    with pytest.raises(ReleaseRefusedError, match="从备份恢复"):
        release(own_root, PERIOD, ROLES, None)
    assert read_decisions(own_root) == []


def test_releases_are_named_by_a_part_that_means_one(own_root: Root) -> None:
    first = str(current_release_id(own_root))
    second = another(own_root)
    digits = first.rpartition("-")[2]
    assert find_release(own_root, first) == first
    assert find_release(own_root, digits) == first
    with pytest.raises(UnknownReleaseError, match=f"不止一版.*{second}"):
        find_release(own_root, PERIOD)
    for nothing in ("", "2024"):
        with pytest.raises(UnknownReleaseError, match="没有存档"):
            find_release(own_root, nothing)


@pytest.mark.parametrize(("name", "reason"), [("", "有误"), ("甲", " ")])
def test_nobody_withdraws_without_a_reason(demo_root: Root, name: str, reason: str) -> None:
    with pytest.raises(ReleaseRefusedError, match="请写明 --name 和 --reason。"):
        withdraw(demo_root, PERIOD, name, reason)


def test_a_draft_is_not_withdrawn(demo_root: Root) -> None:
    with pytest.raises(ReleaseRefusedError, match="是草稿"):
        withdraw(demo_root, PERIOD, "甲", "有误")


# ---- interruptions; the pages are replaced by what they say of their release


class KilledError(BaseException):
    """The process ends here."""


def small_page(root: Root, period: str, made_up: bool, issue: Issue) -> Path:
    path = root.reports / f"bulletin-{period}.html"
    path.write_text(f"{current_release_id(root)} <!--release-->{issue.state}<!--/release-->")
    return path


@pytest.fixture
def bare_root(own_root: Root, monkeypatch: pytest.MonkeyPatch) -> Root:
    own_root.warehouse.write_bytes(b"")  # which only has to be there, and is copied often
    monkeypatch.setattr(releasing, "read_marts", lambda root, period: None)
    monkeypatch.setattr(releasing, "months_waiting", lambda root: None)
    monkeypatch.setattr(published, "write_bulletin", small_page)
    monkeypatch.setattr(
        releasing,
        "render_bulletin",
        lambda marts, catalog, made_up, issue: f"<!--release-->{issue.state}<!--/release-->",
    )
    return own_root


def another(root: Root) -> str:
    """Have a further draft be what is published, and return its id."""
    release_id = str(current_release_id(root))
    other = f"{release_id[:-1]}{'0' if release_id[-1] != '0' else '1'}"
    folder = root.releases / other
    shutil.copytree(root.releases / release_id, folder)
    make_writable(folder)
    (folder / "release.json").unlink(missing_ok=True)
    (folder / "manifest.json").chmod(0o644)
    manifest = read_manifest(folder) | {"release_id": other}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    put_back(root, other)
    last_run = json.loads(root.last_run.read_text(encoding="utf-8"))
    root.last_run.write_text(json.dumps(last_run | {"release_id": other}), encoding="utf-8")
    return other


def dying(real: Callable[..., object], counter: Iterator[int], last: int) -> Callable[..., object]:
    """Return a function that is called as it is until the counter says that the process ends."""

    def counted(*arguments: object, **named: object) -> object:
        if next(counter) == last:
            raise KilledError
        return real(*arguments, **named)

    return counted


def kill_everywhere(
    root: Root,
    tmp_path: Path,
    act: Callable[[Root], None],
    look: Callable[[Root], None],
    stride: int = 1,
) -> int:
    """Repeat an act on copies of a root, killed some steps later each time, until it comes through.

    After each kill `look` has to be content, and the same act has to end what was begun.
    """
    for steps in itertools.count(1, stride):
        copy = Root(tmp_path / f"copy{steps}")
        shutil.copytree(root.path, copy.path)
        counter = itertools.count(1)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("fsync", "rename", "replace"):
                patch.setattr(os, name, dying(getattr(os, name), counter, steps))
            try:
                act(copy)
            except KilledError:
                pass
            else:
                make_writable(copy.path)
                return steps
        look(copy)
        try:
            act(copy)
        except ReleaseRefusedError as refused:
            assert "已由" in str(refused)  # it had been decided
        make_writable(copy.path)
        look(copy)
        shutil.rmtree(copy.path)
    raise AssertionError


def state_of(root: Root, release_id: str) -> str:
    (state,) = [one.state for one in list_releases(root) if one.release_id == release_id]
    return state


def test_signing_killed_anywhere_is_ended_by_the_same_command(
    bare_root: Root, tmp_path: Path
) -> None:
    release_id = str(current_release_id(bare_root))
    ended = []

    def act(root: Root) -> None:
        ended.append(root)
        release(root, PERIOD, ROLES, None)

    def look(root: Root) -> None:
        folder = root.releases / release_id
        assert stands_in_place(root, folder, read_manifest(folder))
        assert months_to_run(root) is None
        decided = [each.kind for each in read_decisions(root)]
        assert decided in ([], ["release"])
        assert state_of(root, release_id) == ("已发布" if decided else "草稿")
        if decided:
            assert changed_files(folder, read_record(folder)["files"]) == []
            assert "正式发布" in (folder / f"bulletin-{PERIOD}.html").read_text()
        if ended.count(root) == 2:
            assert decided == ["release"]
            assert "正式发布" in page(root)

    assert kill_everywhere(bare_root, tmp_path, act, look) > 8


def test_withdrawing_killed_anywhere_is_ended_by_the_same_command(
    bare_root: Root, tmp_path: Path
) -> None:
    release(bare_root, PERIOD, ROLES, None)
    first = str(current_release_id(bare_root))
    second = another(bare_root)
    release(bare_root, PERIOD, ROLES, "修订")
    ended = []

    def act(root: Root) -> None:
        ended.append(root)
        withdraw(root, second, "签发甲", "有误")

    def look(root: Root) -> None:
        with duckdb.connect(str(root.database), read_only=True) as reader:
            assert reader.execute("select count(*) from mart_response").fetchall()[0][0] > 0
        assert current_release_id(root) in (first, second)
        kinds = [each.kind for each in read_decisions(root)]
        assert kinds[:2] == ["release", "release"]
        assert state_of(root, second) == ("已撤回" if kinds[2:] else "已发布")
        if ended.count(root) == 2:
            assert kinds[2:] == ["withdraw"]
            folder = root.releases / first
            assert stands_in_place(root, folder, read_manifest(folder))
            assert "正式发布" in page(root)
            assert "已撤回" in page(root, f"withdrawn/bulletin-{second}")

    assert kill_everywhere(bare_root, tmp_path, act, look, stride=25) > 100


def test_without_another_release_the_withdrawn_one_stays_and_says_so(bare_root: Root) -> None:
    release_id = release(bare_root, PERIOD, ROLES, None)
    withdraw(bare_root, release_id, "签发甲", "有误")
    assert current_release_id(bare_root) == release_id
    assert "已撤回" in page(bare_root)
    with pytest.raises(ReleaseRefusedError, match="不能再次发布"):
        release(bare_root, PERIOD, ROLES, None)
    again = another(bare_root)
    assert releasing.preview(bare_root, PERIOD) is None
    with pytest.raises(ReleaseRefusedError, match="--reason"):
        release(bare_root, PERIOD, ROLES, None)
    assert release(bare_root, PERIOD, ROLES, "更正") == again


def test_withdrawing_an_older_release_leaves_what_is_published(bare_root: Root) -> None:
    first = release(bare_root, PERIOD, ROLES, None)
    second = another(bare_root)
    release(bare_root, PERIOD, ROLES, "修订")
    withdraw(bare_root, first, "签发甲", "有误")
    assert current_release_id(bare_root) == second
    assert "正式发布" in page(bare_root)
    assert "已撤回" in page(bare_root, f"withdrawn/bulletin-{first}")
