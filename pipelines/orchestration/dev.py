"""`make dev`: Dagster's page on this machine, with the storage of the root."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from pipelines.orchestration.history import fail_killed_runs, open_history
from pipelines.orchestration.lock import WriterBusyError, writer_lock
from pipelines.root import find_root

ADDRESS = ("127.0.0.1", "3000")


def main() -> None:
    """Become `dagster dev` for the root that HRSTATS_ROOT names, else for the checkout."""
    root = find_root()
    with open_history(root) as instance, suppress(WriterBusyError), writer_lock(root):
        fail_killed_runs(instance)
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(root.dagster_home),
        "HRSTATS_ROOT": str(root.path),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    host, port = ADDRESS
    program = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "-h", host, "-p", port, "-m", "pipelines.definitions"]
    os.execve(program, [str(program), *arguments], environment)  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    main()
