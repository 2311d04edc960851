"""When the inbox asks for a run: after files stand still, and again after a failure."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration import sensors
from pipelines.orchestration.sensors import INBOX_TAG, build_sensor
from pipelines.root import Root


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


class Watcher:
    """Dagster's daemon as far as the sensor knows it: it keeps the cursor between looks."""

    def __init__(self, root: Root, instance: dg.DagsterInstance) -> None:
        self.sensor = build_sensor("monthly_run", root)
        self.instance = instance
        self.cursor: str | None = None

    def look(self) -> dg.SensorResult:
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        result = self.sensor(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        return result

    def asks(self) -> dg.RunRequest | None:
        requests = self.look().run_requests or []
        return requests[0] if requests else None


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


@pytest.fixture
def watcher(root: Root, instance: dg.DagsterInstance) -> Watcher:
    return Watcher(root, instance)


def put(root: Root, name: str, content: bytes) -> None:
    path = root.inbox / "reports" / "2025-06" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def end_a_run(instance: dg.DagsterInstance, request: dg.RunRequest, *, well: bool) -> None:
    @dg.op
    def work() -> None:
        if not well:
            raise RuntimeError

    @dg.job
    def stand_in() -> None:
        work()

    stand_in.execute_in_process(instance=instance, tags=dict(request.tags), raise_on_error=False)


def test_an_empty_inbox_asks_for_nothing(watcher: Watcher) -> None:
    assert watcher.asks() is None
    assert watcher.asks() is None


def test_a_file_still_being_written_waits(root: Root, watcher: Watcher) -> None:
    put(root, "快报.xlsx", b"half")
    assert watcher.asks() is None
    put(root, "快报.xlsx", b"half and more")
    assert watcher.asks() is None
    assert watcher.asks() is not None


def test_the_request_covers_the_months_of_the_new_files(root: Root, watcher: Watcher) -> None:
    put(root, "快报.xlsx", b"whole")
    watcher.look()
    request = watcher.asks()
    assert request is not None
    assert request.tags["dagster/asset_partition_range_start"] == "2025-06"
    assert request.tags["dagster/asset_partition_range_end"] == "2025-06"
    assert request.tags[INBOX_TAG] in (request.run_key or "")


def test_a_failed_run_is_asked_for_again_after_a_pause(
    root: Root,
    watcher: Watcher,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(root, "快报.xlsx", b"whole")
    watcher.look()
    first = watcher.asks()
    assert first is not None
    end_a_run(instance, first, well=False)
    assert watcher.asks() is None

    now = sensors.time.time()
    monkeypatch.setattr(sensors.time, "time", lambda: now + 61)
    second = watcher.asks()
    assert second is not None
    assert second.run_key != first.run_key
    assert second.tags == first.tags


def test_the_same_bytes_written_again_after_a_failure_get_a_new_key(
    root: Root, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, "快报.xlsx", b"whole")
    watcher.look()
    first = watcher.asks()
    shutil.rmtree(root.inbox)
    watcher.look()
    put(root, "快报.xlsx", b"whole")
    watcher.look()
    second = watcher.asks()
    assert first is not None
    assert second is not None
    assert first.run_key != second.run_key


def test_a_run_in_progress_is_waited_for(
    root: Root, watcher: Watcher, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, "快报.xlsx", b"whole")
    watcher.look()
    request = watcher.asks()
    assert request is not None
    seen: list[str | None] = []

    @dg.op
    def look_meanwhile() -> None:
        seen.append(watcher.look().skip_reason and "waits")

    @dg.job
    def stand_in() -> None:
        look_meanwhile()

    stand_in.execute_in_process(instance=instance, tags=dict(request.tags))
    assert seen == ["waits"]


def test_nothing_is_asked_once_a_run_has_read_everything(
    own_root: Root, instance: dg.DagsterInstance
) -> None:
    watcher = Watcher(own_root, instance)
    watcher.look()
    assert watcher.asks() is None
    put(own_root, "新.xlsx", b"new")
    watcher.look()
    request = watcher.asks()
    assert request is not None
    assert request.tags["dagster/asset_partition_range_start"] == "2025-06"
