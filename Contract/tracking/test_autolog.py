"""Libraries that log by themselves: what they note is there, and the model they leave predicts the same once loaded."""

from __future__ import annotations

import mlflow
import numpy
import pytest

datasets = pytest.importorskip("sklearn.datasets")


@pytest.fixture(scope="module")
def wine():
    return datasets.load_wine(return_X_y=True)


@pytest.fixture
def autologged(client, experiment):
    """Trains under a flavour's autolog, and gives what is stored of the run and the model that was logged."""

    def train(flavor, fit):
        # The example is what the signature comes from; finding out what a model needs takes half a minute.
        flavor.autolog(log_input_examples=True, extra_tags={"made-by": "autolog"})
        try:
            with mlflow.start_run() as run:
                fit()
        finally:
            flavor.autolog(disable=True)
        (model,) = mlflow.search_logged_models([experiment], output_format="list")
        assert model.source_run_id == run.info.run_id
        assert str(model.status) == "READY"
        return client.get_run(run.info.run_id), model

    return train


@pytest.fixture(autouse=True)
def named_requirements(monkeypatch):
    """What a model needs is not tried out in a process of its own: that takes half a minute a model."""
    monkeypatch.setenv("MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT", "1")


def reloaded(model):
    return mlflow.pyfunc.load_model(f"models:/{model.model_id}")


def test_scikit_learn_logs_a_search_and_its_best_model(client, experiment, wine):
    model_selection = pytest.importorskip("sklearn.model_selection")
    tree = pytest.importorskip("sklearn.tree")
    mlflow.sklearn.autolog(max_tuning_runs=2)
    try:
        with mlflow.start_run() as run:
            search = model_selection.GridSearchCV(tree.DecisionTreeClassifier(random_state=1), {"max_depth": [1, 2, 3]})
            search.fit(*wine)
    finally:
        mlflow.sklearn.autolog(disable=True)
    stored = client.get_run(run.info.run_id)
    assert stored.data.params["best_max_depth"] == str(search.best_params_["max_depth"])
    assert stored.data.metrics["best_cv_score"] == pytest.approx(search.best_score_)
    children = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert len(children) == 2
    best = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/best_estimator")
    assert list(best.predict(wine[0])) == list(search.predict(wine[0]))


def test_xgboost_logs_its_rounds_and_its_model(client, autologged, wine):
    xgboost = pytest.importorskip("xgboost")
    rows, labels = wine
    fitted = []

    def fit():
        data = xgboost.DMatrix(rows, label=labels)
        parameters = {"objective": "multi:softprob", "num_class": 3, "max_depth": 2, "nthread": 1}
        fitted.append(xgboost.train(parameters, data, num_boost_round=12, evals=[(data, "train")], verbose_eval=False))

    run, model = autologged(mlflow.xgboost, fit)
    assert (run.data.params["max_depth"], run.data.params["num_boost_round"]) == ("2", "12")
    losses = [point.value for point in client.get_metric_history(run.info.run_id, "train-mlogloss")]
    assert len(losses) == 12
    assert losses == sorted(losses, reverse=True)
    assert {"feature_importance_weight.json", "feature_importance_weight.png"} & {
        item.path for item in client.list_artifacts(run.info.run_id)
    }
    assert numpy.allclose(reloaded(model).predict(rows), fitted[0].predict(xgboost.DMatrix(rows)))


def test_lightgbm_logs_its_rounds_and_its_model(client, autologged, wine):
    lightgbm = pytest.importorskip("lightgbm")
    rows, labels = wine
    fitted = []

    def fit():
        data = lightgbm.Dataset(rows, label=labels)
        parameters = {"objective": "multiclass", "num_class": 3, "num_leaves": 5, "verbose": -1, "num_threads": 1}
        fitted.append(lightgbm.train(parameters, data, num_boost_round=9, valid_sets=[data], valid_names=["train"]))

    run, model = autologged(mlflow.lightgbm, fit)
    assert (run.data.params["num_leaves"], run.data.params["num_boost_round"]) == ("5", "9")
    assert len(client.get_metric_history(run.info.run_id, "train-multi_logloss")) == 9
    assert numpy.allclose(reloaded(model).predict(rows), fitted[0].predict(rows))


def test_an_onnx_model_is_logged_registered_and_scored(client, experiment, wine, unique_name):
    skl2onnx = pytest.importorskip("skl2onnx")
    pytest.importorskip("onnxruntime")
    linear_model = pytest.importorskip("sklearn.linear_model")
    rows = wine[0].astype(numpy.float32)
    model = linear_model.LogisticRegression(max_iter=3000).fit(rows, wine[1])
    graph = skl2onnx.to_onnx(model, rows[:1], options={"zipmap": False})
    name = unique_name("onnx")
    with mlflow.start_run():
        mlflow.onnx.log_model(graph, name="model", registered_model_name=name, pip_requirements=["onnxruntime"])
    predicted = mlflow.pyfunc.load_model(f"models:/{name}/1").predict(rows)
    assert list(predicted["label"]) == list(model.predict(rows))
