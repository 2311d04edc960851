"""When a run starts by itself: something new lies in the inbox and is no longer being written.

What is new is decided in `last_run`; only when to ask for a run is decided here.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import dagster as dg

from pipelines.intake.inbox import inbox_digest, list_inbox
from pipelines.orchestration.last_run import months_waiting
from pipelines.orchestration.months import range_tags
from pipelines.root import Root

INBOX_TAG = "hrstats/inbox"
SECONDS_BETWEEN_LOOKS = 60
LONGEST_PAUSE_MINUTES = 30


@dataclass(frozen=True)
class Look:
    """What the sensor remembers: the files it saw, and how many runs it ever asked for."""

    files: Mapping[str, list[int]] = field(default_factory=dict)  # path -> bytes, mtime in ns
    requests: int = 0


def build_sensor(job_name: str, root: Root) -> dg.SensorDefinition:
    """Return the sensor on that root's inbox, off until switched on in Dagster's page."""

    @dg.sensor(
        name="inbox",
        job_name=job_name,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        description="收件箱 data/raw 中有新文件且已写完时运行；没有成功的运行过一会儿再次提交。",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        before = Look(**json.loads(context.cursor)) if context.cursor else Look()
        try:
            now = Look(_files(root), before.requests)
            if now != before:
                return _wait(now, "收件箱刚有变化，等文件写完再看。")
            months = months_waiting(root)
            digest = inbox_digest(root)[:12]
        except OSError:
            return _wait(before, "收件箱正在变化，稍后再看。")
        if months is None:
            return _wait(now, "收件箱没有新内容。")
        reason = _reason_to_wait(context.instance, digest)
        if reason:
            return _wait(now, reason)
        asked = Look(now.files, now.requests + 1)
        # The count makes the key new: Dagster never starts a run of a key that had one.
        key = f"{'_'.join(months)}-{digest}-{asked.requests}"
        tags = {**range_tags(*months), INBOX_TAG: digest}
        return dg.SensorResult([dg.RunRequest(key, tags=tags)], cursor=_cursor(asked))

    return inbox


def _files(root: Root) -> dict[str, list[int]]:
    """Return the size and time of every file in the inbox."""
    states = {file.file_path: file.path.stat() for file in list_inbox(root)}
    return {path: [state.st_size, state.st_mtime_ns] for path, state in states.items()}


def _wait(look: Look, reason: str) -> dg.SensorResult:
    """Ask for no run this time and say why."""
    return dg.SensorResult(skip_reason=reason, cursor=_cursor(look))


def _cursor(look: Look) -> str:
    """Return what the next look is compared with."""
    return json.dumps(asdict(look), ensure_ascii=False)


def _reason_to_wait(instance: dg.DagsterInstance, digest: str) -> str | None:
    """Return why not to ask for a run of this inbox now; None when it is time.

    After each run that did not bring it to an end the pause grows by a minute.
    """
    records = instance.get_run_records(dg.RunsFilter(tags={INBOX_TAG: digest}))
    if any(not record.dagster_run.is_finished for record in records):
        return "这些文件正在处理。"
    ends = [record.end_time for record in records if record.end_time is not None]
    if not ends:
        return None
    pause_seconds = 60 * min(len(ends), LONGEST_PAUSE_MINUTES)
    is_too_soon = time.time() < max(ends) + pause_seconds
    return "上次运行没有成功，稍后再次提交。" if is_too_soon else None
