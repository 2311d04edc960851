"""Making a kept release once more from the archive, and comparing it row by row.

The whole job runs in a folder of its own, on the receipts and decisions of the release alone, with
its own copies of catalog, SQL and expectations. Only the program is today's, and that is said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.intake.append_only import append_lines
from pipelines.intake.inbox import archive_path
from pipelines.intake.receipts import append_receipts, read_receipts
from pipelines.orchestration.demo_root import new_demo_root
from pipelines.orchestration.releasing import find_release
from pipelines.root import Root
from pipelines.warehouse.files import file_digest
from pipelines.warehouse.frozen import changed_files
from pipelines.warehouse.publishing import read_manifest
from pipelines.warehouse.release import CODE_FOLDER, current_method

METHOD_COPIES = {"catalog": "pipelines/catalog", "sql": "sql", "expectations": "expectations"}
CONFIRM = ("publish", "--confirm", "--name", "复现", "--reason", "发布时已确认")


class NotReproducibleError(Exception):
    """Why a release could not be made once more, and what to do."""


@dataclass(frozen=True)
class TableDifference:
    """A published table that did not come out the same: rows only kept, rows only made now."""

    table: str
    kept_only: int
    made_only: int
    has_other_columns: bool = False

    def sentence(self) -> str:
        """Return what differs in Chinese."""
        if self.has_other_columns:
            return f"{self.table}：字段不同或没有复现出这张表。"
        return (
            f"{self.table}：存档中有 {self.kept_only} 行复现不出，"
            f"复现出 {self.made_only} 行存档中没有。"
        )


@dataclass(frozen=True)
class Reproduction:
    """What came of making a release once more."""

    release_id: str
    is_same_program: bool
    tables: int
    differences: Sequence[TableDifference]


def reproduce(root: Root, asked: str) -> Reproduction:
    """Make a release once more and compare each of its published tables with the kept one.

    Raises:
        UnknownReleaseError: There is no such release.
        NotReproducibleError: Its folder or the archive is damaged, or the run did not come through.
    """
    release_id = find_release(root, asked)
    folder = root.releases / release_id
    manifest = read_manifest(folder)
    damaged = changed_files(folder, manifest["files"])
    if damaged:
        raise NotReproducibleError(
            f"存档 {release_id} 中的 {damaged[0]} 缺失或被改动过，不能复现；请从备份恢复该文件夹。"
        )
    with TemporaryDirectory(prefix="hrstats-") as place:
        program = _copy_program(Path(place) / "program", folder)
        made = _copy_inputs(root, Path(place) / "root", manifest)
        _run(program, made, is_confirmed=bool(manifest["confirmed"]))
        tables = [name for name in manifest["files"] if name.endswith(".parquet")]
        differences = [
            difference
            for name in tables
            if (difference := _difference(name, folder / name, made.marts / name))
        ]
    is_same_program = manifest["method"]["code"] == current_method().code
    return Reproduction(release_id, is_same_program, len(tables), differences)


def _copy_program(place: Path, folder: Path) -> Path:
    """Return a copy of today's program whose catalog, SQL and expectations are the release's."""
    ours = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(CODE_FOLDER, place / "pipelines", ignore=ours)
    for path in (place / METHOD_COPIES["catalog"]).rglob("*.yml"):
        path.unlink()
    for kept, used in METHOD_COPIES.items():
        for path in (folder / kept).rglob("*"):
            if path.is_file():
                copy = place / used / path.relative_to(folder / kept)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
    return place


def _copy_inputs(root: Root, place: Path, manifest: Mapping[str, Any]) -> Root:
    """Return a new root with the receipts, files and decisions of the release, and no others."""
    made = new_demo_root(place) if manifest["made_up"] else Root(place)
    digests = {entry["receipt_no"]: entry["sha256"] for entry in manifest["inputs"]}
    receipts = [item for item in read_receipts(root) if item.receipt_no in digests]
    for receipt in receipts:
        source = archive_path(root, receipt)
        is_kept = source.is_file() and file_digest(source) == receipt.sha256
        if not is_kept or receipt.sha256 != digests[receipt.receipt_no]:
            raise NotReproducibleError(
                f"归档中第 {receipt.receipt_no} 号收件“{receipt.shown_name}”缺失或被改动过，"
                "不能复现；请从备份恢复 data/archive。"
            )
        target = archive_path(made, receipt)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():  # the same bytes may have come in twice
            shutil.copyfile(source, target)
    if len(receipts) != len(digests):
        raise NotReproducibleError(
            "收件清单中缺少该版用过的收件，不能复现；请从备份恢复 data/archive。"
        )
    append_receipts(made, receipts)
    append_lines(made.decisions, manifest["decisions"])
    made.inbox.mkdir(parents=True, exist_ok=True)
    return made


def _run(program: Path, root: Root, is_confirmed: bool) -> None:
    """Run the copied program on the new root, and publish what people had confirmed."""
    done = _call(program, root, "run")
    if done.returncode and is_confirmed:
        done = _call(program, root, *CONFIRM)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"退出代码 {done.returncode}"]
        raise NotReproducibleError(f"按该版的目录和规则重算没有完成：{said[-1]}")


def _call(program: Path, root: Root, *words: str) -> subprocess.CompletedProcess[str]:
    """Call a command of the copied program."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "--root", str(root.path), *words],
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        check=False,
    )


def _difference(name: str, kept: Path, made: Path) -> TableDifference | None:
    """Return how a table differs; the release's name is not compared, today's program has its own.

    Rows are compared whole and as often as they occur.
    """
    table = Path(name).stem
    if not made.is_file():
        return TableDifference(table, 0, 0, has_other_columns=True)
    columns = _columns(kept)
    if columns != _columns(made):
        return TableDifference(table, 0, 0, has_other_columns=True)
    names = [f'"{column}"' for column, _ in columns if column != "release_id"]
    kept_only, made_only = (_rows_only_in(names, *pair) for pair in ((kept, made), (made, kept)))
    return TableDifference(table, kept_only, made_only) if kept_only or made_only else None


def _columns(path: Path) -> list[tuple[str, str]]:
    """Return the names and types of a Parquet file's columns."""
    with duckdb.connect() as connection:
        rows = connection.execute("describe from read_parquet(?)", [str(path)]).fetchall()
    return [(row[0], row[1]) for row in rows]


def _rows_only_in(names: Sequence[str], one: Path, other: Path) -> int:
    """Return how many rows of one file are not in the other, each as often as it occurs."""
    columns = ", ".join(names)
    with duckdb.connect() as connection:
        ((count,),) = connection.execute(
            f"select count(*) from (select {columns} from read_parquet(?) "
            f"except all select {columns} from read_parquet(?))",
            [str(one), str(other)],
        ).fetchall()
    return int(count)
