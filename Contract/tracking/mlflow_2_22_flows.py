"""What a script written for MLflow 2.22 does."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import mlflow
from flows import new, refused, run_all
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

client = MlflowClient()


def runs() -> None:
    name = new("older")
    experiment = mlflow.set_experiment(name).experiment_id
    with mlflow.start_run(run_name="outer") as outer:
        mlflow.log_params({"depth": 3, "rate": 0.1})
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.set_tags({"colour": "blue"})
        with mlflow.start_run(nested=True) as inner:
            mlflow.log_metrics({"loss": 0.25}, step=2)
    run = mlflow.get_run(outer.info.run_id)
    assert (run.info.status, run.info.run_name, run.info.experiment_id) == ("FINISHED", "outer", experiment)
    assert (run.data.params, run.data.metrics) == ({"depth": "3", "rate": "0.1"}, {"loss": 0.5})
    assert run.data.tags["colour"] == "blue"
    assert client.get_parent_run(inner.info.run_id).info.run_id == outer.info.run_id
    assert mlflow.get_experiment_by_name(name).lifecycle_stage == "active"
    client.delete_run(inner.info.run_id)
    refused(lambda: client.log_metric(inner.info.run_id, "loss", 1), "must be in the 'active' state")
    assert len(client.search_runs([experiment], run_view_type=ViewType.ALL)) == 2
    client.restore_run(inner.info.run_id)
    refused(lambda: client.log_param(outer.info.run_id, "depth", 4), "Changing param values is not allowed")


def batches_and_history() -> None:
    run = client.create_run(client.create_experiment(new("older"))).info.run_id
    client.log_batch(
        run,
        metrics=[Metric("loss", 1 / (step + 1), 1_700_000_000_000 + step, step) for step in range(900)],
        params=[Param(f"p{index}", str(index)) for index in range(50)],
        tags=[RunTag(f"t{index}", "x" * index) for index in range(50)],
    )
    history = client.get_metric_history(run, "loss")
    assert [point.step for point in history] == list(range(900))
    assert history[-1].value == 1 / 900
    data = client.get_run(run).data
    assert (data.metrics, len(data.params), data.tags["t49"]) == ({"loss": 1 / 900}, 50, "x" * 49)


def searches() -> None:
    name = new("older")
    experiment = client.create_experiment(name, tags={"team": name})
    for index in range(7):
        run = client.create_run(experiment, run_name=f"run-{index}").info.run_id
        client.log_metric(run, "acc", index / 10)
        client.log_param(run, "odd", index % 2)
    found = client.search_runs([experiment], "metrics.acc > 0.1 and params.odd = '0'", order_by=["metrics.acc DESC"])
    assert [run.info.run_name for run in found] == ["run-6", "run-4", "run-2"]
    table = mlflow.search_runs([experiment], order_by=["metrics.acc ASC"])
    assert list(table["metrics.acc"]) == [index / 10 for index in range(7)]
    page = client.search_runs([experiment], max_results=4)
    assert len(page) == 4
    assert len(client.search_runs([experiment], max_results=4, page_token=page.token)) == 3
    assert [found.name for found in client.search_experiments(filter_string=f"tags.team = '{name}'")] == [name]
    refused(lambda: client.search_runs([experiment], "colour = 'blue'"), "Invalid attribute key")


def artifacts() -> None:
    mlflow.set_experiment(new("older"))
    folder = Path(mkdtemp())
    (folder / "deep").mkdir()
    (folder / "deep" / "a é.bin").write_bytes(b"lapis" * 100_000)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(folder), "out")
        mlflow.log_text("hello", "note.txt")
        mlflow.log_dict({"a": [1, 2]}, "some.json")
    assert [item.path for item in client.list_artifacts(run.info.run_id)] == ["note.txt", "out", "some.json"]
    assert [(item.path, item.file_size) for item in client.list_artifacts(run.info.run_id, "out/deep")] == [
        ("out/deep/a é.bin", 500_000)
    ]
    fetched = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="out")
    assert (Path(fetched) / "deep" / "a é.bin").read_bytes() == b"lapis" * 100_000
    assert mlflow.artifacts.load_dict(f"runs:/{run.info.run_id}/some.json") == {"a": [1, 2]}


def datasets() -> None:
    import pandas

    experiment = mlflow.set_experiment(new("older")).experiment_id
    with mlflow.start_run() as run:
        rows = pandas.DataFrame({"a": [1, 2, 3]})
        mlflow.log_input(mlflow.data.from_pandas(rows, name="rows"), context="training")
    (used,) = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert (used.dataset.name, [tag.value for tag in used.tags]) == ("rows", ["training"])
    assert len(client.search_runs([experiment], "datasets.name = 'rows'")) == 1


def registry() -> None:
    name = new("older-model")
    run = client.create_run(client.create_experiment(new("older"))).info.run_id
    client.log_text(run, "flavors: {}", "model/MLmodel")
    source = f"{client.get_run(run).info.artifact_uri}/model"
    client.create_registered_model(name, {"kind": "test"}, "words")
    for _ in range(3):
        client.create_model_version(name, source, run)
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "Staging")
    client.transition_model_version_stage(name, "3", "Production", archive_existing_versions=True)
    latest = {version.current_stage: version.version for version in client.get_latest_versions(name)}
    assert {"Production": "3", "Staging": "2", "Archived": "1"}.items() <= latest.items()
    client.set_registered_model_alias(name, "best", "2")
    assert client.get_model_version_by_alias(name, "best").version == "2"
    assert client.get_registered_model(name).aliases == {"best": "2"}
    client.delete_registered_model_alias(name, "best")
    refused(lambda: client.get_model_version_by_alias(name, "best"), "alias best not found")
    client.set_model_version_tag(name, "2", "checked", "yes")
    client.update_model_version(name, "2", "the second")
    version = client.get_model_version(name, "2")
    assert (version.tags, version.description, version.run_id) == ({"checked": "yes"}, "the second", run)
    assert client.get_model_version_download_uri(name, "2") == source
    assert len(client.search_model_versions(f"name = '{name}' and run_id = '{run}'")) == 3
    renamed = f"{name}-renamed"
    client.rename_registered_model(name, renamed)
    client.delete_model_version(renamed, "1")
    client.delete_registered_model(renamed)
    refused(lambda: client.get_registered_model(renamed), "not found")


def models() -> None:
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    name = new("older-iris")
    rows, labels = load_iris(return_X_y=True)
    mlflow.set_experiment(new("older"))
    mlflow.sklearn.autolog(log_models=False)
    with mlflow.start_run() as run:
        model = LogisticRegression(max_iter=300).fit(rows, labels)
        # Named, since finding out what a model needs takes half a minute.
        mlflow.sklearn.log_model(model, "model", registered_model_name=name, pip_requirements=["scikit-learn"])
    logged = mlflow.get_run(run.info.run_id).data
    assert logged.params["max_iter"] == "300"
    assert logged.metrics["training_accuracy_score"] > 0.9
    client.set_registered_model_alias(name, "best", "1")
    client.transition_model_version_stage(name, "1", "Production")
    expected = list(model.predict(rows))
    for place in (f"{name}/1", f"{name}@best", f"{name}/Production"):
        assert list(mlflow.pyfunc.load_model(f"models:/{place}").predict(rows)) == expected, place
    assert list(mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model").predict(rows)) == expected


FLOWS = (runs, batches_and_history, searches, artifacts, datasets, registry, models)

if __name__ == "__main__":
    run_all(FLOWS)
