"""The demo: a made-up industry of natural size sends eighteen months of workbooks, the job runs.

What is sent and how it arrives is the matter of `synthesis`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipelines.orchestration.run import RunOutcome, Tell, run, tell_nobody
from pipelines.orchestration.synthesis import Plan, synthesize
from pipelines.root import Root


def make_demo(
    path: Path, tell: Tell = tell_nobody, plan: Plan | None = None
) -> tuple[Root, RunOutcome]:
    """Make the demo's root anew at that place and run it.

    Args:
        path: Where.
        tell: Hears of files, then of tables.
        plan: What is sent; None for a year and a half of the whole city.

    Raises:
        NotADemoError: The place holds something the demo did not make.
    """
    root, arrivals = synthesize(path, plan or Plan(), tell)
    return root, replace(run(root, tell=tell), arrivals=arrivals)
