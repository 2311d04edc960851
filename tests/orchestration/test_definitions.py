"""What Dagster loads: every table an asset, one job, in one process; and its settings."""

from pathlib import Path

import dagster as dg
import pytest

from pipelines.orchestration import dev
from pipelines.orchestration.assets import JOB_NAME
from pipelines.orchestration.graph import build_definitions
from pipelines.orchestration.history import open_history
from pipelines.root import Root
from pipelines.warehouse.sql_files import PYTHON_TABLES, load_sql_tables


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    definitions = build_definitions(Root(tmp_path_factory.mktemp("root")))
    dg.Definitions.validate_loadable(definitions)
    return definitions


def test_every_table_is_an_asset_with_its_sources(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    tables = load_sql_tables()
    names = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert names == {*PYTHON_TABLES, *tables, "publication", "bulletin", "return_list"}
    for name, table in tables.items():
        node = graph.get(dg.AssetKey(name))
        assert {key.to_user_string() for key in node.parent_keys} == set(table.sources)
        assert node.description
        assert node.description.startswith(table.meaning)
    assert all(graph.get(key).description for key in graph.get_all_asset_keys())


def test_only_intake_has_months(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    partitioned = {
        key.to_user_string() for key in graph.get_all_asset_keys() if graph.get(key).is_partitioned
    }
    assert partitioned == {"raw_files", "raw_values", "raw_problems"}
    months = graph.get(dg.AssetKey("raw_files")).partitions_def
    assert months is not None
    assert months.get_first_partition_key() == "2023-01"


def test_the_job_runs_in_one_process(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def(JOB_NAME)
    assert job.executor_def is dg.in_process_executor


def test_what_dagster_dev_loads_is_the_same() -> None:
    from pipelines.definitions import defs

    assert defs.resolve_job_def(JOB_NAME).name == JOB_NAME


def test_settings_take_effect(tmp_path: Path) -> None:
    with open_history(Root(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 900
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 2
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1


def test_dev_opens_the_page_of_the_root_on_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[object, ...]] = []
    monkeypatch.setattr(dev.os, "execve", lambda *call: started.append(call))
    monkeypatch.setenv("HRSTATS_ROOT", str(tmp_path))

    dev.main()
    ((program, arguments, environment),) = started
    assert Path(str(program)).name == "dagster"
    assert arguments[1:] == ["dev", "-h", "127.0.0.1", "-p", "3000", "-m", "pipelines.definitions"]
    assert environment["DAGSTER_HOME"] == str(tmp_path / "data" / "state" / "dagster")
    assert environment["HRSTATS_ROOT"] == str(tmp_path)
    assert (tmp_path / "data" / "state" / "dagster" / "dagster.yaml").exists()
