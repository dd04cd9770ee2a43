"""What a script does that Azure's plugin sends to an `azureml://` tracking URI."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlparse

import mlflow
from flows import new, refused, run_all
from mlflow import MlflowClient

PLAIN = os.environ["MLFLOW_TRACKING_URI"]
WORKSPACE = PLAIN[PLAIN.index("/subscriptions/") :]
HOST = urlparse(os.environ["ARM_CLOUD_METADATA_URL"]).netloc
mlflow.set_tracking_uri(f"azureml://{HOST}/mlflow/v1.0{WORKSPACE}")
client = MlflowClient()
plain = MlflowClient(PLAIN, PLAIN)


class Doubling(mlflow.pyfunc.PythonModel):
    """A model that needs no library."""

    def predict(self, context, model_input, params=None):
        return model_input * 2


def logged_model(**options) -> str:
    """The id of a run that logged a model."""
    with mlflow.start_run() as run:
        mlflow.pyfunc.log_model(name="model", python_model=Doubling(), pip_requirements=["numpy"], **options)
    return run.info.run_id


def doubles(uri: str) -> bool:
    import pandas

    return list(mlflow.pyfunc.load_model(uri).predict(pandas.DataFrame({"a": [1, 2]}))["a"]) == [2, 4]


def runs() -> None:
    experiment = mlflow.set_experiment(new("plugin")).experiment_id
    with mlflow.start_run(run_name="first") as run:
        mlflow.log_params({"depth": 3})
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_metrics({"loss": 0.25}, step=2)
        mlflow.set_tag("colour", "blue")
    seen = plain.get_run(run.info.run_id)
    assert (seen.info.status, seen.info.run_name) == ("FINISHED", "first")
    assert (seen.data.params, seen.data.metrics) == ({"depth": "3"}, {"loss": 0.25})
    assert [point.value for point in client.get_metric_history(run.info.run_id, "loss")] == [0.5, 0.25]
    assert len(client.search_runs([experiment], "metrics.loss < 0.3 and tags.colour = 'blue'")) == 1


def artifacts() -> None:
    mlflow.set_experiment(new("plugin"))
    folder = Path(mkdtemp())
    (folder / "deep").mkdir()
    (folder / "deep" / "a b.bin").write_bytes(b"lapis" * 2_000_000)
    with mlflow.start_run() as run:
        assert run.info.artifact_uri.startswith(f"azureml://{HOST}/subscriptions/"), run.info.artifact_uri
        mlflow.log_text("hello", "notes/note.txt")
        mlflow.log_artifacts(str(folder), "out")
    run_id = run.info.run_id
    assert {item.path for item in client.list_artifacts(run_id)} == {"notes", "out"}
    assert [item.path for item in client.list_artifacts(run_id, "out/deep")] == ["out/deep/a b.bin"]
    fetched = client.download_artifacts(run_id, "out/deep/a b.bin", mkdtemp())
    assert Path(fetched).read_bytes() == b"lapis" * 2_000_000
    assert {(item.path, item.is_dir) for item in plain.list_artifacts(run_id)} == {("notes", True), ("out", True)}
    plain.log_text(run_id, "from plain MLflow", "plain.txt")
    assert Path(client.download_artifacts(run_id, "plain.txt", mkdtemp())).read_text() == "from plain MLflow"


def models_of_either_client() -> None:
    mlflow.set_experiment(new("plugin"))
    name = new("plugin-model")
    run = logged_model(registered_model_name=name)
    client.set_registered_model_alias(name, "best", "1")
    for uri in (f"runs:/{run}/model", f"models:/{name}/1", f"models:/{name}@best"):
        assert doubles(uri), uri
    seen = plain.get_model_version(name, "1")
    assert (seen.run_id, seen.status) == (run, "READY")
    assert "azureml://" not in plain.get_model_version_download_uri(name, "1")
    mlflow.set_tracking_uri(PLAIN)
    try:
        other = new("plain-model")
        logged_model(registered_model_name=other)
        assert doubles(f"models:/{name}/1")
    finally:
        mlflow.set_tracking_uri(client.tracking_uri)
    assert doubles(f"models:/{other}/1")


def models_from_the_artifacts_of_a_job() -> None:
    mlflow.set_experiment(new("plugin"))
    run = logged_model()
    client.log_artifacts(run, mlflow.artifacts.download_artifacts(f"runs:/{run}/model"), "copied")
    source = f"azureml://jobs/{run}/outputs/artifacts/paths/copied"
    for registry in (client, plain):
        name = new("from-job")
        registry.create_registered_model(name)
        version = registry.create_model_version(name, source)
        assert version.run_id == run
        assert doubles(f"models:/{name}/1")
    refused(
        lambda: client.create_model_version(name, "azureml://jobs/nobody/outputs/artifacts/paths/model"), "not found"
    )


FLOWS = (runs, artifacts, models_of_either_client, models_from_the_artifacts_of_a_job)

if __name__ == "__main__":
    run_all(FLOWS)
