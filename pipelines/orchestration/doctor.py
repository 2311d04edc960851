"""Whether everything a run needs is there: program, catalog, SQL, folders, files, and some extras.

Each check says what was found and, where something is wrong, what to do. Nothing is repaired or
created.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.catalog.load import load_catalog
from pipelines.catalog.yaml_files import CatalogError
from pipelines.orchestration.lock import WriterBusyError, writer_lock
from pipelines.root import Root
from pipelines.warehouse.release import current_release_id
from pipelines.warehouse.sql_files import SqlFileError, load_sql_tables

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Check:
    """What was looked at, what was found, and how it is; an extra may be missing."""

    name: str
    found: str
    is_well: bool
    is_extra: bool = False


def examine(root: Root) -> Iterator[Check]:
    """Yield every check of that root, one by one."""
    yield _python()
    yield _catalog()
    yield _sql()
    for name, folder in (
        ("收件箱 data/raw", root.inbox),
        ("存档 data/archive", root.archive),
        ("运行状态 data/state", root.state),
        ("发布 data/marts", root.marts),
        ("报告 reports", root.reports),
    ):
        yield _is_writable(name, folder)
    yield _warehouse(root)
    yield _published(root)
    yield _font()
    yield _browser()


def _python() -> Check:
    """Check the interpreter's version."""
    version = ".".join(map(str, sys.version_info[:3]))
    is_well = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return Check("Python", version if is_well else f"{version}，请改用 3.11—3.14", is_well)


def _catalog() -> Check:
    """Check that the catalog can be loaded."""
    try:
        catalog = load_catalog()
    except CatalogError as error:
        return Check("指标目录", str(error), False)
    return Check("指标目录", f"{len(catalog.indicators)} 个指标", True)


def _sql() -> Check:
    """Check that every SQL file can become a table."""
    try:
        tables = load_sql_tables()
    except SqlFileError as error:
        return Check("SQL 文件", str(error), False)
    return Check("SQL 文件", f"{len(tables)} 张表", True)


def _is_writable(name: str, folder: Path) -> Check:
    """Check that files can be written there, or in what it would be made in, leaving none."""
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return Check(name, "不能写入，请检查文件夹权限和磁盘空间", False)
    free = shutil.disk_usage(folder).free / 1024**3
    return Check(name, f"可写，剩余 {free:.0f} GB", True)


def _warehouse(root: Root) -> Check:
    """Check the writer's lock and the warehouse file behind it."""
    name = "数据仓库"
    if not root.warehouse.exists():
        return Check(name, "尚未建立，首次运行时建立", True)
    try:
        with (
            writer_lock(root) if root.writer_lock.exists() else nullcontext(),
            closing(duckdb.connect(str(root.warehouse), read_only=True)),
        ):
            return Check(name, "可以打开", True)
    except WriterBusyError:
        return Check(name, "有任务正在写入，结束后可再查", True)
    except duckdb.Error:
        return Check(name, "打不开，请删除 data/state 后重新运行 hrstats run", False)


def _published(root: Root) -> Check:
    """Check that the published file opens for readers."""
    name = "已发布的数据"
    if not root.database.exists():
        return Check(name, "尚未发布", True)
    try:
        with closing(duckdb.connect(str(root.database), read_only=True)):
            return Check(name, str(current_release_id(root)), True)
    except duckdb.Error:
        return Check(name, "打不开，请运行 hrstats publish 重新发布", False)


def _font() -> Check:
    """Look for a Chinese font; only pages turned into PDF on this machine need one."""
    name = "中文字体"
    if shutil.which("fc-list") is None:
        return Check(name, "未能检查（没有 fc-list）", True, is_extra=True)
    fonts = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
    ).stdout.split("\n")
    if not fonts[0]:
        return Check(name, "没有找到，本机打开简报可能显示为方框", False, is_extra=True)
    return Check(name, fonts[0], True, is_extra=True)


def _browser() -> Check:
    """Look for a browser that can open the bulletin on this machine."""
    found = next((browser for browser in BROWSERS if shutil.which(browser)), None)
    words = found or "没有找到，请用任一浏览器打开简报"
    return Check("Chromium 浏览器", words, found is not None, is_extra=True)
