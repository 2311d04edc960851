"""What each step costs in processor time, as ratios to decoding the same workbooks alone.

openpyxl reads a roll of 2,000 agencies only: for 100,000 its time is to be multiplied by 50.

Run by `make bench`; writes build/bench.json and build/bench.md and tests nothing. Each step runs in
a process of its own, so that its peak of memory is its own; imports come before the clock starts,
but for whole commands, which are timed as a person waits for them.
"""

from __future__ import annotations

import json
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

from pipelines.root import PROJECT
from tests.benchmarks import steps

REPEATS = 3
DECODING = "decode alone (calamine)"
BUILD = PROJECT / "build"
HEADINGS = ("step", "counts", "CPU s", "ratio", "wall s", "peak MB", "of workers")
KIB_IN_MB = 1024
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Cost:
    """What a step took: medians of its repeats, the largest peaks of memory, what it did.

    The ratio is to decoding the same workbooks alone; None where none are decoded.
    """

    step: str
    counts: str
    cpu_seconds: float
    wall_seconds: float
    peak_mb: int
    workers_peak_mb: int
    ratio: float | None = None


def cpu_seconds() -> float:
    """Return the seconds of processor time of this process and of its ended children."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def timed(prepare: steps.Step) -> tuple[str, float, float, int, int]:
    """Prepare a step, carry it out and return counts, CPU and wall seconds and peaks (MB).

    The first peak is that of the process itself, the second that of its largest child.
    """
    work = prepare()
    before, start = cpu_seconds(), time.perf_counter()
    counts = work()
    wall, cpu = time.perf_counter() - start, cpu_seconds() - before
    own, workers = (
        resource.getrusage(who).ru_maxrss // KIB_IN_MB
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return counts, cpu, wall, own, workers


def cost(name: str, prepare: steps.Step, repeats: int) -> Cost:
    """Return what a step costs, each time in a new process."""
    runs = [in_new_process(partial(timed, prepare)) for _ in range(repeats)]
    return Cost(
        name,
        runs[-1][0],
        median(run[1] for run in runs),
        median(run[2] for run in runs),
        max(run[3] for run in runs),
        max(run[4] for run in runs),
    )


def in_new_process(call: Callable[[], Answer]) -> Answer:
    """Return what a call answers in a process of its own.

    Whatever this process has used would count as the new one's peak: so it does nothing itself.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(call).result()


def measure(folder: Path) -> list[Cost]:
    """Return the costs of all steps, in the order of the table."""
    singles, month, roll, little_roll, inbox = (
        folder / name for name in ("singles", "month", "roll", "little", "inbox")
    )
    in_new_process(partial(steps.make_singles, singles))
    in_new_process(partial(steps.make_month, month))
    in_new_process(partial(steps.make_roll, roll))
    in_new_process(partial(steps.make_little_roll, little_roll))
    in_new_process(partial(steps.make_inbox, inbox))
    plan: list[tuple[str, Callable[[Path], steps.Work], Path, int]] = [
        (DECODING, steps.decode_alone, singles, REPEATS),
        ("intake: read and store", steps.read_and_store, singles, REPEATS),
        ("look through a large inbox", steps.look_through_inbox, inbox, REPEATS),
        ("pandas.read_excel with openpyxl", steps.read_with_pandas, singles, 1),
        (DECODING, steps.decode_alone, roll, 1),
        ("intake of a roll", steps.read_and_store, roll, 1),
        (DECODING, steps.decode_alone, little_roll, REPEATS),
        ("intake of a little roll", steps.read_and_store, little_roll, REPEATS),
        ("pandas.read_excel with openpyxl", steps.read_with_pandas, little_roll, 1),
        ("whole month: hrstats run", steps.run_month, month, 1),
        ("all SQL tables", steps.build_tables, month, REPEATS),
        ("validation of forms and tables", steps.validate_everything, month, REPEATS),
        ("report: bulletin and return lists", steps.write_reports, month, REPEATS),
        ("run again without change", steps.run_month, month, REPEATS),
        ("validation alone, many failures", steps.validate_failures, month, REPEATS),
    ]
    costs = []
    for name, step, root, repeats in track(plan, "make bench"):
        costs.append(cost(name, partial(step, root), repeats))
        print(" | ".join(cells(costs[-1])), flush=True)  # should a later one fail
    alone = {
        root: each.cpu_seconds
        for each, (name, _, root, _) in zip(costs, plan, strict=True)
        if name == DECODING
    }
    alone[month] = alone[singles]  # nearly the same workbooks
    return [
        replace(each, ratio=each.cpu_seconds / alone[root]) if root in alone else each
        for each, (_, _, root, _) in zip(costs, plan, strict=True)
    ]


def cells(each: Cost) -> list[str]:
    """Return a row of the table."""
    return [
        each.step,
        each.counts,
        f"{each.cpu_seconds:.2f}",
        "" if each.ratio is None else f"{each.ratio:.1f}",
        f"{each.wall_seconds:.2f}",
        f"{each.peak_mb:,}",
        f"{each.workers_peak_mb:,}",
    ]


def markdown(costs: list[Cost]) -> str:
    """Return the table as Markdown."""
    lines = [HEADINGS, ["---", "---", *["--:"] * (len(HEADINGS) - 2)], *map(cells, costs)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def main() -> None:
    """Measure everything, print the table and write it."""
    folder = Path(tempfile.mkdtemp())
    try:
        costs = measure(folder)
    finally:
        shutil.rmtree(folder)
    title = f"Medians of up to {REPEATS} runs; ratio: to the CPU of decoding alone"
    table = Table(title=title)
    for heading in HEADINGS:
        is_text = heading in HEADINGS[:2]
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold")
    for each in costs:
        table.add_row(*cells(each))
    Console(width=120).print(table)
    BUILD.mkdir(exist_ok=True)
    about = {"python": platform.python_version(), "machine": platform.machine()}
    told = {**about, "costs": [asdict(each) for each in costs]}
    (BUILD / "bench.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    (BUILD / "bench.md").write_text(f"{title}.\n\n{markdown(costs)}", "utf-8")
    print("Written: build/bench.json, build/bench.md")


if __name__ == "__main__":
    main()
