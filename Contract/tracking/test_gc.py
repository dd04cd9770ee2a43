"""`lazuli mlflow gc`: deleted runs go for good, with their files, and their bytes come back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow.entities import Metric
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from lazuli_server import LazuliServer


@pytest.fixture(scope="module")
def own_server(tmp_path_factory) -> Iterator[LazuliServer]:
    """A server whose deleted runs are nobody else's."""
    server = LazuliServer(tmp_path_factory.mktemp("gc") / "home").start()
    yield server
    server.stop()


@pytest.fixture
def own_client(own_server) -> MlflowClient:
    uri = own_server.exports["MLFLOW_TRACKING_URI"]
    return MlflowClient(uri, uri)


@pytest.fixture
def heavy_run(own_client) -> str:
    """A deleted run with many points and a large file."""
    run = own_client.create_run("0").info.run_id
    for start in range(0, 20_000, 1000):
        points = [Metric("loss", step / 7, 1_700_000_000_000 + step, step) for step in range(start, start + 1000)]
        own_client.log_batch(run, points)
    own_client.log_text(run, "x" * 1_000_000, "deep/file.txt")
    own_client.delete_run(run)
    return run


def collect(server: LazuliServer, *options: str) -> dict:
    return server.run_json("mlflow", "gc", "--yes", *options)


def test_a_deleted_run_goes_with_all_it_had(own_server, own_client, heavy_run):
    living = own_client.create_run("0").info.run_id
    own_client.log_text(living, "stays", "file.txt")
    folder = next(own_server.home.rglob(f"*dcid.{heavy_run}"))
    told = collect(own_server)
    assert told["run_ids"] == [heavy_run]
    assert told["file_bytes"] >= 1_000_000
    assert told["database_bytes"] > 500_000
    with pytest.raises(MlflowException, match="not found"):
        own_client.get_run(heavy_run)
    assert own_client.get_metric_history(heavy_run, "loss") == []
    assert not folder.exists()
    assert [file.path for file in own_client.list_artifacts(living)] == ["file.txt"]


def test_the_database_on_disk_gets_smaller(own_server, heavy_run):
    def size() -> int:
        return sum(path.stat().st_size for path in own_server.home.glob("lazuli.sqlite*"))

    before = size()
    collect(own_server)
    assert size() < before - 500_000


def test_a_trial_removes_nothing(own_server, own_client, heavy_run):
    told = own_server.run_json("mlflow", "gc", "--dry-run")
    assert (told["dry_run"], told["run_ids"], told["files"]) == (True, [heavy_run], 1)
    assert own_client.get_run(heavy_run).info.lifecycle_stage == "deleted"
    own_client.restore_run(heavy_run)
    assert len(own_client.get_metric_history(heavy_run, "loss")) == 20_000
    own_client.delete_run(heavy_run)
    collect(own_server)


def test_what_was_deleted_lately_can_be_spared(own_server, own_client):
    run = own_client.create_run("0").info.run_id
    own_client.delete_run(run)
    assert collect(own_server, "--older-than", "1d2h")["run_ids"] == []
    refused = own_server.run("mlflow", "gc", "--yes", "--run-ids", run, "--older-than", "1h", check=False)
    assert "later than --older-than allows" in refused.stderr
    assert collect(own_server, "--run-ids", run)["run_ids"] == [run]


def test_living_and_unknown_runs_are_refused(own_server, own_client):
    run = own_client.create_run("0").info.run_id
    refused = own_server.run("mlflow", "gc", "--yes", "--run-ids", run, check=False)
    assert refused.returncode == 1 and "is not deleted" in refused.stderr
    unknown = own_server.run("mlflow", "gc", "--yes", "--run-ids", "nosuchrun", check=False)
    assert unknown.returncode == 3
    assert own_client.get_run(run).info.lifecycle_stage == "active"


def test_a_deleted_experiment_goes_with_its_runs_and_its_name_is_free(own_server, own_client):
    experiment = own_client.create_experiment("short-lived")
    run = own_client.create_run(experiment).info.run_id
    own_client.delete_experiment(experiment)
    told = collect(own_server, "--experiment-ids", experiment)
    assert (told["experiment_ids"], told["run_ids"]) == ([experiment], [run])
    own_client.create_experiment("short-lived")


def test_files_of_a_registered_model_stay(own_server, own_client, tmp_path):
    (tmp_path / "MLmodel").write_text("flavors: {}")
    run = own_client.create_run("0")
    own_client.log_artifacts(run.info.run_id, str(tmp_path), "model")
    own_client.log_text(run.info.run_id, "x", "other.txt")
    own_client.create_registered_model("kept")
    own_client.create_model_version("kept", f"{run.info.artifact_uri}/model", run.info.run_id)
    own_client.delete_run(run.info.run_id)
    told = collect(own_server)
    assert (told["files"], told["files_kept"]) == (1, 1)
    left = [path.name for path in Path(own_server.home / "blobs").rglob("*") if run.info.run_id in str(path)]
    assert "MLmodel" in left and "other.txt" not in left


def test_nobody_is_asked_where_nobody_can_answer(own_server):
    finished = own_server.run("mlflow", "gc", check=False)
    assert finished.returncode == 2
    assert "--yes" in finished.stderr


def test_a_duration_that_is_none_is_refused(own_server):
    finished = own_server.run("mlflow", "gc", "--yes", "--older-than", "soon", check=False)
    assert finished.returncode == 2
    assert json.dumps("30d")[1:-1] in finished.stderr
