"""A root whose data are made up: how it is known, made and made anew.

What is put into it is `demo`'s matter.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.orchestration.lock import writer_lock
from pipelines.root import Root
from pipelines.warehouse.frozen import make_writable

MARKER = ".made-up"


class NotADemoError(Exception):
    """A folder that the demo did not make and therefore does not wipe."""


def is_made_up(root: Root) -> bool:
    """Return whether everything below this root is made up and has to say so."""
    return (root.path / MARKER).is_file()


def new_demo_root(path: Path) -> Root:
    """Return an empty root at that place; only a folder that the demo itself made is wiped.

    Raises:
        NotADemoError: The folder holds something else.
        WriterBusyError: A run is going on there.
    """
    root = Root(path)
    if path.exists() and any(path.iterdir()):
        if not is_made_up(root):
            raise NotADemoError(f"{path} 不是演示程序建立的文件夹，没有改动；请先把它移走或改名。")
        with writer_lock(root):
            make_writable(root.releases)
            shutil.rmtree(path)
    path.mkdir(parents=True, exist_ok=True)
    words = "本文件夹由 hrstats demo 或 hrstats synth 建立，全部为模拟数据。\n"
    (path / MARKER).write_text(words, encoding="utf-8")
    return root
