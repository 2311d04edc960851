"""An inbox as bad as it gets goes the whole way: nothing is lost, and the counts add up."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest

from pipelines.cli import run_command
from pipelines.intake.inbox import archive_path, look_through
from pipelines.intake.receipts import read_receipts
from pipelines.orchestration.publication import PublicationBlockedError
from pipelines.orchestration.published import ask
from pipelines.orchestration.run import run
from pipelines.orchestration.tally import tally_files
from pipelines.root import Root
from tests.intake.hostile import expected_outcomes, hostile_files
from tests.orchestration.hostile_inbox import (
    CORRECTED,
    IGNORED,
    MONTH,
    PLACED,
    STALE,
    STATES,
    make_hostile_inbox,
    write_corrections,
)
from tests.quality.form_cases import Agency

READABLE = {name for name, outcome in expected_outcomes().items() if outcome == "read"}
BAD = {content: name for name, content in hostile_files().items() if name not in READABLE}
MORE = {name: content for content, name in BAD.items()}  # each once: copies are ignored


@dataclass(frozen=True)
class Received:
    """The root after its runs, what was received, and what the first run was stopped by."""

    root: Root
    contents: list[bytes]
    blocked: str


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Received:
    root = Root(tmp_path_factory.mktemp("hostile"))
    contents = make_hostile_inbox(root, MORE)
    with pytest.raises(PublicationBlockedError) as blocked:
        run(root)
    write_corrections(root, {CORRECTED: PLACED})  # the other row is taken back
    contents.append((root.inbox / "corrections/更正.xlsx").read_bytes())
    run(root)
    return Received(root, contents, str(blocked.value))


def test_received_is_the_sum_of_the_five_states(received: Received) -> None:
    tally = tally_files(received.root)
    receipts = read_receipts(received.root)
    assert tally.waiting_count == 0
    assert sum(tally.counts.values()) == len(receipts)
    assert {line.partition("：")[0] for line in tally.ignored} == IGNORED
    entries = look_through(received.root)
    assert not any(entry.is_waiting for entry in entries)
    assert {e.file.file_path for e in entries if e.ignored_because is not None} == IGNORED
    expected = Counter(state for states in STATES.values() for state in states)
    expected["quarantined"] += len(MORE)
    assert tally.counts == expected


def test_each_file_is_in_its_state_and_says_why(received: Received) -> None:
    query = "select file_path, file_state, state_note from mart_files order by receipt_no"
    states: dict[str, list[str]] = {}
    for path, state, note in ask(received.root, query).rows:
        states.setdefault(path, []).append(state)
        assert note.endswith("。")
    for name in MORE:
        assert states.pop(f"reports/{MONTH}/{name}") == ["quarantined"]
    assert states == STATES


def test_the_archive_holds_every_byte_that_was_received(received: Received) -> None:
    receipts = read_receipts(received.root)
    archived = {
        receipt.sha256: archive_path(received.root, receipt).read_bytes() for receipt in receipts
    }
    assert all(hashlib.sha256(content).hexdigest() == sha for sha, content in archived.items())
    assert set(received.contents) <= set(archived.values())


def test_a_correction_that_fits_nothing_stops_publication(received: Received) -> None:
    assert "更正都与采用的报送相符" in received.blocked
    assert "1条更正没有采用" in received.blocked
    query = (
        "select credit_code, correction_state from mart_corrections order by receipt_no, unit_row"
    )
    assert ask(received.root, query).rows == [
        (Agency(CORRECTED).credit_code, "replaced"),
        (Agency(STALE).credit_code, "replaced"),
        (Agency(CORRECTED).credit_code, "applied"),
    ]


def test_a_correction_counts_and_says_where_it_is_from(received: Received) -> None:
    path = str(received.root.internal / "core_observations.parquet")
    query = (
        "select credit_code, value, cell_address is not null, correction_receipt_no "
        "from read_parquet(?) where period = ? and form_code = 'flash_report' "
        "and indicator_code = 'placements' and measure_code = 'ytd' and credit_code in (?, ?) "
        "order by 1"
    )
    codes = sorted(Agency(serial).credit_code for serial in (CORRECTED, STALE))
    corrected = Agency(CORRECTED).credit_code
    last = len(read_receipts(received.root))
    assert ask(received.root, query, path, MONTH, *codes).rows == [
        (code, *((Decimal(7777), True, last) if code == corrected else (PLACED * 6, True, None)))
        for code in codes
    ]


def test_one_version_of_each_agency_counts(received: Received) -> None:
    path = str(received.root.internal / "core_versions.parquet")
    query = (
        "select credit_code, count(*) filter (where submission_state = 'accepted'), "
        "count(*) filter (where submission_state = 'superseded'), "
        "count(*) filter (where version_note is null) from read_parquet(?) "
        "where period = ? group by all"
    )
    found = {code: counts for code, *counts in ask(received.root, query, path, MONTH).rows}
    twice = {Agency(serial).credit_code for serial in (1, 5, 7, 8)}
    refused = {Agency(serial).credit_code for serial in (4, 6)}
    assert found == {
        code: [0, 0, 0] if code in refused else [1, int(code in twice), 1] for code in found
    }
    assert len(found) == 30


def test_two_versions_of_one_look_ask_which_counts(received: Received) -> None:
    query = "select file_name, message from mart_findings where rule_code = 'simultaneous_versions'"
    ((file_name, message),) = ask(received.root, query).rows
    assert file_name == "7b.xlsx"
    assert "“7a.xlsx”" in message


def test_status_prints_the_sum_and_what_is_ignored(
    received: Received, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["--root", str(received.root.path), "status"]) == 0
    told = capsys.readouterr().out
    assert f"全部文件：{tally_files(received.root).sentence()}" in told
    assert f"忽略：reports/{MONTH}/~$1.xlsx：是 Office 打开文件时的锁定文件。" in told
    assert run_command(["--root", str(received.root.path), "status", MONTH]) == 0
    of_month = tally_files(received.root, MONTH)
    assert f"{MONTH}文件：{of_month.sentence()}" in capsys.readouterr().out
    assert len(of_month.ignored) == len(IGNORED) - 1
