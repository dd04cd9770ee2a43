"""Logged models and the registry, with a real scikit-learn model."""

from __future__ import annotations

import mlflow
import pytest
from mlflow.exceptions import MlflowException

datasets = pytest.importorskip("sklearn.datasets")
linear_model = pytest.importorskip("sklearn.linear_model")
pytest.importorskip("mlflow.pyfunc")


@pytest.fixture(scope="module")
def data():
    return datasets.load_iris(return_X_y=True)


@pytest.fixture
def logged(client, experiment, data, unique_name):
    """A run with a model that is registered too: the run, the fitted model, the name."""
    name = unique_name("iris")
    with mlflow.start_run() as run:
        model = linear_model.LogisticRegression(max_iter=300).fit(*data)
        # Named, since finding out what a model needs takes half a minute.
        needs = ["scikit-learn"]
        mlflow.sklearn.log_model(model, name="model", registered_model_name=name, pip_requirements=needs)
    return run, model, name


def test_a_model_loads_by_every_address(client, logged, data):
    run, model, name = logged
    client.set_registered_model_alias(name, "best", "1")
    client.transition_model_version_stage(name, "1", "Production")
    expected = list(model.predict(data[0]))
    for uri in (
        f"runs:/{run.info.run_id}/model",
        f"models:/{name}/1",
        f"models:/{name}@best",
        f"models:/{name}/Production",
        f"models:/{name}/latest",
    ):
        assert list(mlflow.pyfunc.load_model(uri).predict(data[0])) == expected, uri


def test_what_mlflow_registers_is_a_model_asset(logged, ml_client):
    run, _, name = logged
    asset = ml_client.models.get(name, version="1")
    assert asset.type == "mlflow_model"
    assert asset.job_name == run.info.run_id


def test_autolog_notes_params_metrics_dataset_and_model(client, experiment, data):
    mlflow.sklearn.autolog()
    try:
        with mlflow.start_run() as run:
            linear_model.LogisticRegression(max_iter=300).fit(*data)
    finally:
        mlflow.sklearn.autolog(disable=True)
    stored = client.get_run(run.info.run_id)
    assert stored.data.params["max_iter"] == "300"
    assert stored.data.metrics["training_accuracy_score"] > 0.9
    models = mlflow.search_logged_models([experiment], output_format="list")
    assert [str(model.status) for model in models] == ["READY"]
    assert {metric.key for metric in models[0].metrics} >= {"training_accuracy_score"}


def test_versions_are_copied_tagged_described_and_deleted(client, logged):
    _, _, name = logged
    copy = client.copy_model_version(f"models:/{name}/1", f"{name}-copy")
    assert (copy.name, copy.version) == (f"{name}-copy", "1")
    client.set_model_version_tag(name, "1", "checked", "yes")
    client.update_model_version(name, "1", "the first")
    version = client.get_model_version(name, "1")
    assert (version.tags, version.description) == ({"checked": "yes"}, "the first")
    assert [found.version for found in client.search_model_versions(f"name = '{name}'")] == ["1"]
    assert {model.name for model in client.search_registered_models(f"name LIKE '{name}%'")} == {name, f"{name}-copy"}
    client.delete_model_version(name, "1")
    with pytest.raises(MlflowException, match="not found"):
        client.get_model_version(name, "1")
    client.delete_registered_model(name)
    with pytest.raises(MlflowException, match="not found"):
        client.get_registered_model(name)
