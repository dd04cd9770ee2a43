"""`lazuli mlflow import` and `export`: real stores of the stock client go in and out, and nothing is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient
from mlflow_stores import FLOWERS, MODEL, contents, fill, tracking

from lazuli_server import LazuliServer, said

datasets = pytest.importorskip("sklearn.datasets")
pytest.importorskip("sqlalchemy")
KINDS = ["created", "present", "failed"]


@dataclass
class Store:
    """A store of the stock client's: how it names it, and how `lazuli mlflow import` does."""

    uri: str
    source: str

    @property
    def client(self) -> MlflowClient:
        return MlflowClient(self.uri, self.uri)


def imported(server: LazuliServer, source: str | Path, *options: str) -> dict[str, Any]:
    return server.run_json("mlflow", "import", source, *options)


def client_of(server: LazuliServer) -> MlflowClient:
    uri = server.exports["MLFLOW_TRACKING_URI"]
    return MlflowClient(uri, uri)


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory) -> Iterator[Any]:
    """Makes servers that hold nothing yet."""
    servers: list[LazuliServer] = []

    def make() -> LazuliServer:
        servers.append(LazuliServer(tmp_path_factory.mktemp("moved") / "home").start())
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="module", params=["mlruns", "sqlite"])
def store(request, tmp_path_factory) -> Store:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "mlruns":
        made = Store((folder / "mlruns").as_uri(), str(folder / "mlruns"))
        fill(made.uri)
    else:
        made = Store(f"sqlite:///{folder / 'mlflow.db'}", f"sqlite:///{folder / 'mlflow.db'}")
        fill(made.uri, artifacts=folder / "artifacts")
    return made


@pytest.fixture(scope="module")
def moved(store, empty_server) -> tuple[Store, LazuliServer, dict[str, Any]]:
    """A store, and the server that it was imported into, with what the command said."""
    server = empty_server()
    return store, server, imported(server, store.source)


def test_everything_arrives_with_its_ids(moved):
    store, server, report = moved
    assert contents(client_of(server)) == contents(store.client)
    assert report["errors"] == 0
    names = {e.name: e.experiment_id for e in store.client.search_experiments(view_type=ViewType.ALL)}
    arrived = {e.name: e.experiment_id for e in client_of(server).search_experiments(view_type=ViewType.ALL)}
    assert arrived == names


def test_a_second_import_changes_nothing(moved):
    store, server, first = moved
    before = contents(client_of(server))
    again = imported(server, store.source)
    for what in ("experiments", "runs", "loggedModels", "registeredModels", "modelVersions", "files"):
        assert again[what]["created"] == 0, what
        assert again[what]["present"] == sum(first[what].values()), what
    assert contents(client_of(server)) == before


def test_models_load_and_files_are_there(moved):
    store, server, _ = moved
    flowers = datasets.load_iris(return_X_y=True)[0]
    with tracking(store.uri):
        expected = list(mlflow.pyfunc.load_model(f"models:/{MODEL}/1").predict(flowers))
    with tracking(server.exports["MLFLOW_TRACKING_URI"]) as client:
        version = client.get_model_version_by_alias(MODEL, "best")
        logged = client.search_logged_models([client.get_run(version.run_id).info.experiment_id])[0]
        addresses = [f"models:/{MODEL}@best", f"models:/{MODEL}/Production", f"models:/{logged.model_id}"]
        for address in [*addresses, f"runs:/{version.run_id}/model"]:
            assert list(mlflow.pyfunc.load_model(address).predict(flowers)) == expected, address
        assert mlflow.artifacts.load_text(f"runs:/{version.run_id}/notes/a é.txt") == "lapis"
        by_path = mlflow.artifacts.download_artifacts(f"models:/{MODEL}/2")
        assert (Path(by_path) / "MLmodel").read_text() == "flavors: {}"


def test_another_servers_content_is_imported_over_its_address(moved, empty_server):
    _, server, _ = moved
    second = empty_server()
    report = imported(second, server.exports["MLFLOW_TRACKING_URI"])
    assert report["errors"] == 0
    assert contents(client_of(second)) == contents(client_of(server))
    before = contents(client_of(second))
    assert imported(second, server.exports["MLFLOW_TRACKING_URI"])["runs"]["created"] == 0
    assert contents(client_of(second)) == before


def test_a_taken_id_is_told_and_another_given(store, empty_server):
    server = empty_server()
    theirs = store.client.get_experiment_by_name(FLOWERS)
    client_of(server).create_experiment("mine")
    finished = server.run("mlflow", "import", store.source, "-o", "json", "--no-artifacts")
    arrived = client_of(server).get_experiment_by_name(FLOWERS)
    if theirs.experiment_id == "1":
        assert f'The id 1 of "{FLOWERS}" is that of "mine" here' in finished.stderr
    else:
        assert arrived.experiment_id == theirs.experiment_id
    runs = client_of(server).search_runs([arrived.experiment_id])
    assert [run.info.run_name for run in runs] == ["one: 'x'"]
    assert imported(server, store.source)["files"]["created"] > 0


def test_one_experiment_can_be_chosen(store, empty_server):
    server = empty_server()
    report = imported(server, store.source, "--experiment", "gone", "--no-artifacts")
    assert (report["runs"]["created"], report["registeredModels"]["created"]) == (1, 0)
    refused = server.run("mlflow", "import", store.source, "--experiment", "gon", check=False)
    assert refused.returncode == 3
    assert 'has no experiment "gon"' in refused.stderr


def test_what_is_broken_is_named_and_the_rest_goes_on(tmp_path, empty_server):
    uri = (tmp_path / "mlruns").as_uri()
    with tracking(uri) as client:
        experiment = client.create_experiment("broken")
        runs = [client.create_run(experiment).info.run_id for _ in range(2)]
        for run in runs:
            client.log_metric(run, "m", 1)
    root = tmp_path / "mlruns" / experiment
    (root / runs[0] / "meta.yaml").write_text("run_id: 'x")
    (root / runs[1] / "metrics" / "m").write_text("1 0.5 0\nrubbish\n")
    server = empty_server()
    finished = server.run("mlflow", "import", tmp_path / "mlruns", "-o", "json", check=False)
    assert finished.returncode == 1
    assert runs[0] in finished.stderr and "metrics/m, line 2" in finished.stderr
    assert json.loads(finished.stdout)["errors"] == 2
    assert client_of(server).get_run(runs[1]).data.metrics == {"m": 0.5}


def test_files_that_were_moved_are_found_where_the_option_says(tmp_path, empty_server):
    database, artifacts = tmp_path / "mlflow.db", tmp_path / "artifacts"
    with tracking(f"sqlite:///{database}") as client:
        experiment = client.create_experiment("moved", artifact_location=(artifacts / "1").as_uri())
        run = client.create_run(experiment).info.run_id
        client.log_text(run, "here", "note.txt")
    shutil.move(artifacts, tmp_path / "elsewhere")
    server = empty_server()
    imported(server, database, "--artifacts", str(tmp_path / "elsewhere"))
    assert [file.path for file in client_of(server).list_artifacts(run)] == ["note.txt"]


def test_without_a_server_the_command_says_how_to_start_one(tmp_path, server):
    finished = server.run("mlflow", "import", tmp_path, check=False, extra={"LAZULI_HOME": str(tmp_path)})
    assert finished.returncode != 0
    assert "lazuli up" in said(finished)


@pytest.fixture(scope="module")
def exported(moved, tmp_path_factory) -> tuple[LazuliServer, Path]:
    """A server, and the mlruns folder that it was exported to."""
    _, server, _ = moved
    folder = tmp_path_factory.mktemp("exported") / "mlruns"
    report = server.run_json("mlflow", "export", folder)
    assert report["errors"] == 0
    return server, folder


def test_stock_mlflow_reads_what_was_exported(exported):
    server, folder = exported
    flowers = datasets.load_iris(return_X_y=True)[0]
    with tracking(folder.as_uri()) as client:
        assert contents(client) == contents(client_of(server))
        names = {e.name: e.experiment_id for e in client.search_experiments(view_type=ViewType.ALL)}
        assert names == {e.name: e.experiment_id for e in client_of(server).search_experiments(view_type=ViewType.ALL)}
        assert len(mlflow.pyfunc.load_model(f"models:/{MODEL}@best").predict(flowers)) == len(flowers)
        run = client.get_model_version(MODEL, "1").run_id
        assert mlflow.artifacts.load_text(f"runs:/{run}/notes/a é.txt") == "lapis"


def test_what_was_exported_and_imported_is_the_same(exported, empty_server):
    server, folder = exported
    second = empty_server()
    assert imported(second, folder)["errors"] == 0
    assert contents(client_of(second)) == contents(client_of(server))


def test_a_second_export_changes_nothing(exported):
    server, folder = exported
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    again = server.run_json("mlflow", "export", folder)
    assert (again["runs"]["created"], again["files"]["created"], again["errors"]) == (0, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def test_a_deleted_experiment_can_be_restored_from_what_was_exported(exported):
    _, folder = exported
    with tracking(folder.as_uri()) as client:
        gone = client.get_experiment_by_name("gone").experiment_id
        client.restore_experiment(gone)
        assert len(client.search_runs([gone])) == 1


def test_another_lazuli_server_takes_an_export(moved, empty_server):
    _, server, _ = moved
    second = empty_server()
    report = server.run_json("mlflow", "export", second.exports["MLFLOW_TRACKING_URI"], "--experiment", FLOWERS)
    assert report["errors"] == 0
    mine, theirs = contents(client_of(server)), contents(client_of(second))
    assert {key: mine[key] for key in theirs if key != ("experiment", "Default")} == {
        key: theirs[key] for key in theirs if key != ("experiment", "Default")
    }
    assert ("registered", MODEL) in theirs and ("experiment", "gone") not in theirs
