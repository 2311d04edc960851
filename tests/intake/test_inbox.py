from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.inbox import (
    archive_path,
    inbox_digest,
    inbox_periods,
    list_inbox,
    look_through,
    take_in,
)
from pipelines.intake.receipts import read_receipts
from pipelines.root import Root

NOW = dt.datetime(2025, 7, 10, 1, 30, 59, 123456, tzinfo=dt.UTC)


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def drop(root: Root, file_path: str, content: bytes = b"content") -> Path:
    path = root.inbox / file_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_empty_root_has_an_empty_inbox(root: Root) -> None:
    assert list_inbox(root) == []
    assert inbox_periods(root) == []
    assert take_in(root) == []


def test_files_are_listed_by_path_with_folder_and_period(root: Root) -> None:
    for path in (
        *("reports/2025-06/b.xlsx", "reports/2025-06/江北区/a.xlsx", "reports/2025-05/c.xls"),
        *("annual/2024/d.xlsx", "register/e.xlsx", "sample/2025-06/f.xlsx", "published/g.xlsx"),
        *("reports/h.xlsx", "reports/六月/i.xlsx", "j.xlsx", "annual/2024-12/k.xlsx"),
    ):
        drop(root, path)
    assert [(f.file_path, f.folder, f.folder_period) for f in list_inbox(root)] == [
        ("annual/2024-12/k.xlsx", "annual", None),
        ("annual/2024/d.xlsx", "annual", "2024"),
        ("j.xlsx", "", None),
        ("published/g.xlsx", "published", None),
        ("register/e.xlsx", "register", None),
        ("reports/2025-05/c.xls", "reports", "2025-05"),
        ("reports/2025-06/b.xlsx", "reports", "2025-06"),
        ("reports/2025-06/江北区/a.xlsx", "reports", "2025-06"),
        ("reports/h.xlsx", "reports", None),
        ("reports/六月/i.xlsx", "reports", None),
        ("sample/2025-06/f.xlsx", "sample", None),
    ]
    assert inbox_periods(root) == ["2025-05", "2025-06"]


def test_what_is_no_received_file_is_passed_over(root: Root, tmp_path: Path) -> None:
    good = drop(root, "register/good.xlsx")
    for name in ("~$good.xlsx", ".gitkeep", ".hidden.xlsx", "README.md", "README"):
        drop(root, f"register/{name}")
    drop(root, ".git/x.xlsx")
    (root.inbox / "register" / "link.xlsx").symlink_to(good)
    (root.inbox / "linked").symlink_to(good.parent)
    os.mkfifo(root.inbox / "register" / "pipe.xlsx")
    assert [file.file_path for file in list_inbox(root)] == ["register/good.xlsx"]
    assert len(take_in(root)) == 1


def test_names_that_are_no_utf8_do_not_stop_anything(root: Root) -> None:
    folder = root.inbox / "register"
    folder.mkdir(parents=True)
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xb1\xa8\xb1\xed.xlsx"))).write_bytes(b"gbk")
    (receipt,) = take_in(root)
    assert receipt.file_name == "����.xlsx"
    assert read_receipts(root) == [receipt]


def test_a_receipt_says_what_arrived_where_and_when(root: Root) -> None:
    drop(root, "reports/2025-06/江北区/表.XLSX", b"bytes")
    (receipt,) = take_in(root, now=NOW)
    assert receipt.receipt_no == 1
    assert receipt.sha256 == hashlib.sha256(b"bytes").hexdigest()
    assert (receipt.folder, receipt.folder_period) == ("reports", "2025-06")
    assert receipt.file_path == "reports/2025-06/江北区/表.XLSX"
    assert receipt.size_bytes == 5
    assert receipt.first_seen_at == "2025-07-10T09:30:59+08:00"
    assert read_receipts(root) == [receipt]
    archived = root.archive / receipt.sha256[:2] / f"{receipt.sha256}.xlsx"
    assert archive_path(root, receipt) == archived
    assert archived.read_bytes() == b"bytes"


def test_a_moment_without_a_zone_is_local(root: Root) -> None:
    drop(root, "register/a.xlsx")
    (receipt,) = take_in(root, now=dt.datetime(2025, 7, 10, 9, 30))
    assert receipt.first_seen_at == "2025-07-10T09:30:00+08:00"


def test_the_same_bytes_twice_are_one_submission(root: Root) -> None:
    drop(root, "reports/2025-06/a.xlsx", b"same")
    drop(root, "reports/2025-06/渝中区/b.xlsx", b"same")
    first = take_in(root)
    assert [receipt.file_path for receipt in first] == ["reports/2025-06/a.xlsx"]
    drop(root, "reports/2025-06/c.xlsx", b"same")
    assert take_in(root) == []
    assert read_receipts(root) == first


def test_the_same_bytes_in_another_months_folder_are_a_new_arrival(root: Root) -> None:
    drop(root, "reports/2025-06/a.xlsx", b"same").rename(root.inbox / "held")
    (root.inbox / "held").rename(root.inbox / "reports" / "2025-06" / "a.xlsx")
    take_in(root)
    drop(root, "reports/2025-07/a.xlsx", b"same")
    (second,) = take_in(root)
    assert (second.receipt_no, second.folder_period) == (2, "2025-07")
    assert len(list(root.archive.glob("??/*.xlsx"))) == 1


def test_new_bytes_are_a_new_arrival_and_the_old_ones_stay(root: Root) -> None:
    path = drop(root, "reports/2025-06/a.xlsx", b"first")
    (first,) = take_in(root)
    path.write_bytes(b"second")
    (second,) = take_in(root)
    path.unlink()
    assert take_in(root) == []
    assert [receipt.receipt_no for receipt in read_receipts(root)] == [1, 2]
    assert archive_path(root, first).read_bytes() == b"first"
    assert archive_path(root, second).read_bytes() == b"second"


def test_only_the_months_asked_for_are_taken(root: Root) -> None:
    for path in (
        *("reports/2025-05/a.xlsx", "reports/2025-06/b.xlsx", "reports/stray.xlsx"),
        *("register/c.xlsx", "annual/2024/d.xlsx", "ledger/e.xlsx", "platforms/2025/f.xlsx"),
    ):
        drop(root, path, path.encode())
    taken = [receipt.file_path for receipt in take_in(root, ["2025-06"])]
    assert taken == [
        "annual/2024/d.xlsx",
        "ledger/e.xlsx",
        "platforms/2025/f.xlsx",
        "register/c.xlsx",
        "reports/2025-06/b.xlsx",
        "reports/stray.xlsx",
    ]
    assert [receipt.file_path for receipt in take_in(root)] == ["reports/2025-05/a.xlsx"]


@given(
    files=st.dictionaries(
        st.tuples(
            st.sampled_from(["reports/2025-05", "reports/2025-06", "register"]),
            st.sampled_from(["a.xlsx", "b.xlsx", "c.xls"]),
        ),
        st.sampled_from([b"1", b"2", b"3"]),
        max_size=9,
    )
)
def test_taking_in_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, files: dict[tuple[str, str], bytes]
) -> None:
    root = Root(tmp_path_factory.mktemp("root"))
    for (folder, name), content in files.items():
        drop(root, f"{folder}/{name}", content)
    digest = inbox_digest(root)
    receipts = take_in(root)
    content = root.receipts.read_bytes() if receipts else b""
    assert {(r.folder, r.folder_period, r.sha256) for r in receipts} == {
        (folder[:8].rstrip("/"), folder[8:] or None, hashlib.sha256(data).hexdigest())
        for (folder, _), data in files.items()
    }
    assert [receipt.receipt_no for receipt in receipts] == list(range(1, len(receipts) + 1))
    assert len({receipt.identity for receipt in receipts}) == len(receipts)
    assert take_in(root) == []
    assert (root.receipts.read_bytes() if receipts else b"") == content
    assert inbox_digest(root) == digest


def test_the_digest_follows_names_and_bytes(root: Root) -> None:
    seen = {inbox_digest(root)}
    path = drop(root, "register/a.xlsx", b"1")
    seen.add(inbox_digest(root))
    path.write_bytes(b"2")
    seen.add(inbox_digest(root))
    path.rename(path.with_name("b.xlsx"))
    seen.add(inbox_digest(root))
    assert len(seen) == 4
    os.utime(path.with_name("b.xlsx"), (0, 0))
    assert inbox_digest(root) in seen


def test_odd_suffixes_do_not_become_paths(root: Root) -> None:
    drop(root, "register/a.x y;z")
    drop(root, "register/b", b"b")
    for receipt in take_in(root):
        assert archive_path(root, receipt).name == receipt.sha256
        assert archive_path(root, receipt).exists()


def test_a_file_that_cannot_be_opened_stops_no_other(
    root: Root, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drop(root, "register/a.xlsx", b"a")
    drop(root, "register/b.xlsx", b"b")
    really_open = os.open

    def refuse(path: os.PathLike[str], flags: int, mode: int = 0o777) -> int:
        if Path(path).name == "a.xlsx":
            raise PermissionError(13, "denied")
        return really_open(path, flags, mode)

    monkeypatch.setattr("pipelines.intake.inbox.os.open", refuse)
    assert [receipt.file_path for receipt in take_in(root)] == ["register/b.xlsx"]
    assert "register/a.xlsx" in caplog.text
    assert not list(root.archive.glob(".arriving*"))


def reasons(root: Root) -> dict[str, str | None]:
    """Return why each entry is ignored; None where it is not."""
    return {entry.file.file_path: entry.ignored_because for entry in look_through(root)}


def test_every_entry_is_a_receipt_or_ignored_with_a_reason(root: Root) -> None:
    good = drop(root, "register/good.xlsx")
    for name in (
        "~$good.xlsx",
        ".hidden.xlsx",
        "a.xlsx.crdownload",
        "b.PART",
        "c.tmp",
        "README.md",
    ):
        drop(root, f"register/{name}")
    drop(root, ".git/x.xlsx")
    drop(root, ".gitkeep")
    (root.inbox / "register" / "link.xlsx").symlink_to(good)
    (root.inbox / "linked").symlink_to(good.parent)
    os.mkfifo(root.inbox / "register" / "pipe.xlsx")
    assert [entry.is_waiting for entry in look_through(root)].count(True) == 1
    take_in(root)
    assert not any(entry.is_waiting for entry in look_through(root))
    assert reasons(root) == {
        ".git": "是隐藏文件或隐藏文件夹",
        "linked": "是链接，请放入文件本身",
        "register/.hidden.xlsx": "是隐藏文件或隐藏文件夹",
        "register/a.xlsx.crdownload": "是没有下载或保存完的临时文件，请放入完整的文件",
        "register/b.PART": "是没有下载或保存完的临时文件，请放入完整的文件",
        "register/c.tmp": "是没有下载或保存完的临时文件，请放入完整的文件",
        "register/good.xlsx": None,
        "register/link.xlsx": "是链接，请放入文件本身",
        "register/pipe.xlsx": "不是普通文件（管道或设备）",
        "register/~$good.xlsx": "是 Office 打开文件时的锁定文件",
    }


def test_the_same_bytes_again_are_ignored_and_say_how_to_count(root: Root) -> None:
    repeated = (
        "与第1号文件“a.xlsx”内容完全相同，不重复接收；如要重新以它为准，请打开后重新保存再报送"
    )
    path = drop(root, "reports/2025-06/a.xlsx", b"first")
    take_in(root)
    drop(root, "reports/2025-06/b.xlsx", b"first")
    assert reasons(root) == {"reports/2025-06/a.xlsx": None, "reports/2025-06/b.xlsx": repeated}
    path.unlink()  # renamed, not sent twice
    assert reasons(root) == {"reports/2025-06/b.xlsx": None}
    path.write_bytes(b"second")
    take_in(root)
    path.write_bytes(b"first")  # the first version again, under its own name
    (root.inbox / "reports/2025-06/b.xlsx").unlink()
    assert take_in(root) == []
    assert reasons(root) == {"reports/2025-06/a.xlsx": repeated}


def test_what_may_not_be_read_is_told(
    root: Root, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The refusal is made up: to root, who may run the tests, none is given."""
    file, folder = drop(root, "register/a.xlsx"), drop(root, "sample/b.xlsx").parent
    for name, refused in {"open": file, "scandir": folder}.items():
        really = getattr(os, name)

        def refuse(
            path: object, *more: object, really: Any = really, refused: Path = refused
        ) -> object:
            if path == refused:
                raise PermissionError(13, "Permission denied", str(refused))
            return really(path, *more)

        monkeypatch.setattr(os, name, refuse)
    assert take_in(root) == []
    assert set(reasons(root)) == {"register/a.xlsx", "sample"}
    assert "register/a.xlsx" in caplog.text
    assert "sample" in caplog.text


@pytest.mark.parametrize("change", ["longer", "touched", "replaced"])
def test_a_file_that_changes_while_it_is_read_waits_for_the_next_look(
    root: Root, change: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = drop(root, "register/a.xlsx", b"half")
    really_open = os.open

    def open_and_change(name: os.PathLike[str], flags: int, mode: int = 0o777) -> int:
        descriptor = really_open(name, flags, mode)
        if Path(name) == path:
            if change == "longer":
                path.write_bytes(b"half and half")
            elif change == "touched":
                os.utime(path, (1, 1))
            else:
                path.with_name("new").write_bytes(b"whole")
                path.with_name("new").replace(path)
        return descriptor

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.intake.inbox.os.open", open_and_change)
        assert take_in(root) == []
    assert "正在写入" in caplog.text
    assert not list(root.archive.glob("*"))
    assert len(take_in(root)) == 1


def test_receipts_do_not_depend_on_the_order_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shuffled:
        """A listing of a folder that comes in another order."""

        def __init__(self, folder: Path) -> None:
            with real_scandir(folder) as listing:
                self.entries = sorted(listing, key=lambda entry: entry.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *error: object) -> None:
            """Nothing is open."""

    real_scandir = os.scandir
    found = []
    for name in ("one", "other"):
        root = Root(tmp_path / name)
        for path in ("reports/2025-06/b.xlsx", "reports/2025-06/a.xlsx", "register/c.xlsx"):
            drop(root, path, path.encode())
        found.append([receipt.file_path for receipt in take_in(root)])
        monkeypatch.setattr("pipelines.intake.inbox.os.scandir", Shuffled)
    assert found[0] == found[1]
