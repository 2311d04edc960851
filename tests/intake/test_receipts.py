from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.receipts import Receipt, append_receipts, read_receipts
from pipelines.root import Root

RECEIPTS = st.builds(
    Receipt,
    receipt_no=st.integers(1, 10**9),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    folder=st.sampled_from(["reports", "register", ""]),
    folder_period=st.none() | st.just("2025-06"),
    file_path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    size_bytes=st.integers(0, 2**40),
    first_seen_at=st.just("2025-07-10T09:00:00+08:00"),
)
RECEIPT = Receipt(1, "a" * 64, "reports", "2025-06", "reports/2025-06/甲/表.xlsx", 5, "2025-07-10")


def test_there_are_none_at_first(tmp_path: Path) -> None:
    assert read_receipts(Root(tmp_path)) == []
    append_receipts(Root(tmp_path), [])
    assert list(tmp_path.iterdir()) == []


@given(batches=st.lists(st.lists(RECEIPTS, max_size=3), max_size=4))
def test_what_is_appended_reads_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Receipt]]
) -> None:
    root = Root(tmp_path_factory.mktemp("root"))
    before = b""
    for batch in batches:
        append_receipts(root, batch)
        content = root.receipts.read_bytes() if root.receipts.exists() else b""
        assert content.startswith(before)  # never rewritten
        before = content
    assert read_receipts(root) == [receipt for batch in batches for receipt in batch]


@pytest.mark.parametrize("lost", [1, 10, 100])
def test_a_line_cut_off_by_a_crash_was_never_acknowledged(tmp_path: Path, lost: int) -> None:
    root = Root(tmp_path)
    append_receipts(root, [RECEIPT, replace(RECEIPT, receipt_no=2)])
    root.receipts.write_bytes(root.receipts.read_bytes()[:-lost])
    assert read_receipts(root) == [RECEIPT]
    append_receipts(root, [replace(RECEIPT, receipt_no=3)])
    assert [receipt.receipt_no for receipt in read_receipts(root)] == [1, 3]


@pytest.mark.parametrize("line", ["nonsense", "[]", "{}", '{"receipt_no": 1}'])
def test_a_damaged_line_is_an_error_that_names_it(tmp_path: Path, line: str) -> None:
    root = Root(tmp_path)
    append_receipts(root, [RECEIPT])
    with root.receipts.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(ValueError, match="第2行"):
        read_receipts(root)


def test_identity_is_bytes_and_folder_not_name() -> None:
    assert replace(RECEIPT, file_path="reports/2025-06/b.xlsx").identity == RECEIPT.identity
    assert replace(RECEIPT, folder_period="2025-07").identity != RECEIPT.identity
    assert replace(RECEIPT, sha256="b" * 64).identity != RECEIPT.identity
    assert RECEIPT.file_name == "表.xlsx"
