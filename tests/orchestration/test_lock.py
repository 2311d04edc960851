"""One writer at a time below a root, in whatever process."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.orchestration.lock import WriterBusyError, writer_lock
from pipelines.root import Root

HOLD = """
import sys
from pathlib import Path
from pipelines.orchestration.lock import writer_lock
from pipelines.root import Root
with writer_lock(Root(Path(sys.argv[1]))):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_at_once(tmp_path: Path) -> None:
    root = Root(tmp_path)
    with (
        writer_lock(root),
        pytest.raises(WriterBusyError, match="请等它结束后再试"),
        writer_lock(root),
    ):
        pass
    with writer_lock(root):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    root = Root(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    with pytest.raises(WriterBusyError), writer_lock(root):
        pass
    holder.kill()
    holder.communicate()
    with writer_lock(root):
        pass


def test_another_root_is_free(tmp_path: Path) -> None:
    with writer_lock(Root(tmp_path / "one")), writer_lock(Root(tmp_path / "other")):
        pass
