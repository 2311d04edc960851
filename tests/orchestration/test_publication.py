"""Nothing is published before its tables hold; what a person may confirm, and what nobody may."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import run_command
from pipelines.intake.decisions import read_decisions
from pipelines.orchestration.last_run import months_to_run
from pipelines.orchestration.publication import PublicationBlockedError, publish_again
from pipelines.orchestration.published import ask
from pipelines.quality.suites import load_suites
from pipelines.quality.tables import TableFailure
from pipelines.quality.validation import Failure, RuleRaisedError
from pipelines.root import Root
from pipelines.warehouse.publishing import PublishingError, read_manifest
from pipelines.warehouse.release import current_release_id

CONFIRM = ("--confirm", "--name", "张三", "--reason", "已逐项核实")
LOST = "delete from mart_response where reporting_unit_code = '500103'"
NEGATIVE = "update core_sample_values set value = -1 where period = '2025-06'"


def spoil(root: Root, *changes: str) -> None:
    """Change the warehouse as if a run had computed other figures."""
    with duckdb.connect(str(root.warehouse)) as connection:
        for change in changes:
            connection.execute(change)


def forget_release(root: Root) -> None:
    """Have the last release be one of other inputs, so that today's is a new one."""
    release_id = str(current_release_id(root))
    earlier = f"{release_id[:-1]}{'0' if release_id[-1] != '0' else '1'}"
    (root.releases / release_id).rename(root.releases / earlier)
    (root.marts / "current").write_text(f"{earlier}\n", encoding="utf-8")


def standing(root: Root) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.marts.rglob("*")) if path.is_file()}


def test_a_sound_warehouse_is_published_without_asking(own_root: Root) -> None:
    forget_release(own_root)
    publication = publish_again(own_root)
    assert publication.is_new
    folder = own_root.releases / publication.release_id
    assert read_manifest(folder)["confirmed"] == []
    assert (folder / "expectations" / "mart_response.yml").is_file()
    assert (folder / "internal" / "check_coherence.parquet").is_file()


def test_a_question_blocks_until_a_person_confirms(own_root: Root, capsys) -> None:
    forget_release(own_root)
    spoil(own_root, LOST)
    before = standing(own_root)

    assert run_command(["--root", str(own_root.path), "publish"]) == 1
    said = capsys.readouterr().err
    assert "没有发布，已发布的数据不变" in said
    assert "核实性规则“上次发布的各行仍在”（" in said
    assert "2025-06 渝中区" in said
    assert "hrstats publish --confirm" in said
    assert standing(own_root) == before
    asked = "select count(*) from mart_response where reporting_unit_code = '500103'"
    assert ask(own_root, asked).rows == [(2,)]


def test_a_confirmation_is_kept_in_the_manifest(own_root: Root, capsys) -> None:
    forget_release(own_root)
    changes = (
        LOST,
        "update mart_target_progress set actual_value = actual_value * 3, ci_low = ci_low * 3, "
        "ci_high = ci_high * 3",
    )
    spoil(own_root, *changes)
    assert run_command(["--root", str(own_root.path), "publish", *CONFIRM]) == 0
    assert "下一步：用浏览器打开最新的简报。" in capsys.readouterr().out
    manifest = json.loads((own_root.marts / "manifest.json").read_text(encoding="utf-8"))
    assert {(entry["table"], entry["rule"]) for entry in manifest["confirmed"]} == {
        ("mart_response", "rows_kept"),
        ("mart_target_progress", "actual_value_magnitude"),
    }
    assert "请核对" in manifest["confirmed"][0]["message"]
    (decision,) = read_decisions(own_root)
    assert (decision.kind, decision.period) == ("confirm", "2025-06")
    assert decision.subject == manifest["release_id"]
    assert (decision.person, decision.reason) == ("张三", "已逐项核实")
    assert decision.details["confirmed"] == manifest["confirmed"]
    assert manifest == read_manifest(own_root.releases / manifest["release_id"])
    assert not publish_again(own_root).is_new  # the confirmed release is the last one now


@pytest.mark.parametrize(
    "words",
    [
        ["--confirm"],
        ["--confirm", "--name", "张三"],
        ["--confirm", "--name", " ", "--reason", "已核实"],
        ["--name", "张三", "--reason", "已核实"],
    ],
)
def test_nobody_confirms_without_name_and_reason(demo_root: Root, words: list[str], capsys) -> None:
    assert run_command(["--root", str(demo_root.path), "publish", *words]) == 1
    assert "请写成 hrstats publish --confirm --name 姓名 --reason 理由。" in capsys.readouterr().err
    assert read_decisions(demo_root) == []


def test_a_fault_cannot_be_confirmed(own_root: Root, capsys) -> None:
    forget_release(own_root)
    spoil(own_root, LOST, NEGATIVE)
    before = standing(own_root)
    assert run_command(["--root", str(own_root.path), "publish", *CONFIRM]) == 1
    said = capsys.readouterr().err
    assert "强制性规则“累计数和期末数不为负”（" in said
    assert "核实性规则" in said
    assert "--confirm" not in said
    assert standing(own_root) == before
    assert read_decisions(own_root) == []


def test_all_failures_come_with_the_error(own_root: Root) -> None:
    forget_release(own_root)
    spoil(own_root, LOST, NEGATIVE)
    with pytest.raises(PublicationBlockedError) as blocked:
        publish_again(own_root)
    found = {(failure.suite, failure.rule.meta.rule_code) for failure in blocked.value.failures}
    assert found == {
        ("core_sample_values", "value_not_negative"),
        ("mart_response", "rows_kept"),
    }


def test_a_rule_that_raised_stops_too_and_says_so(
    own_root: Root, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def raising(*arguments: object) -> None:
        raise RuleRaisedError("审核规则“甲”（a）无法执行，运行已停止。")

    forget_release(own_root)
    before = standing(own_root)
    monkeypatch.setattr("pipelines.orchestration.publication.check_tables", raising)
    assert run_command(["--root", str(own_root.path), "publish", *CONFIRM]) == 1
    said = capsys.readouterr().err
    assert "无法执行" in said
    assert "没有通过" not in said
    assert standing(own_root) == before


def test_what_was_not_run_is_refused_before_it_is_checked(
    own_root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.orchestration.publication.check_tables", None)
    spoil(own_root, "drop table check_coherence")
    with pytest.raises(PublishingError, match=r"check_coherence.*hrstats run"):
        publish_again(own_root)


def test_a_lost_archive_of_the_last_release_is_not_passed_over(own_root: Root) -> None:
    (own_root.releases / str(current_release_id(own_root)) / "hr_services.duckdb").unlink()
    with pytest.raises(PublishingError, match="从备份恢复"):
        publish_again(own_root)


def test_a_blocked_run_can_be_confirmed_afterwards(
    own_root: Root, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    [rule] = [r for r in load_suites()["mart_response"].rules if r.meta.rule_code == "rows_kept"]
    asking = [TableFailure("mart_response", Failure(rule, [1], None), ("2025-06/500103",))]
    monkeypatch.setattr(
        "pipelines.orchestration.publication.check_tables", lambda *arguments: asking
    )
    own_root.last_run.unlink()
    before = standing(own_root)

    assert run_command(["--root", str(own_root.path), "run"]) == 1
    assert "hrstats publish --confirm" in capsys.readouterr().err
    assert standing(own_root) == before
    assert months_to_run(own_root) is not None  # the next run computes again

    assert run_command(["--root", str(own_root.path), "publish", *CONFIRM]) == 0
    manifest = read_manifest(own_root.releases / str(current_release_id(own_root)))
    assert [entry["rule"] for entry in manifest["confirmed"]] == ["rows_kept"]
