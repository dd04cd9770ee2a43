"""Experiments at the edge: tables of a dozen rows, and less time than one trial takes. Each ends with a model that
predicts, or with a sentence."""

from __future__ import annotations

import io

import mlflow
import pandas as pd
import pytest
from azure.ai.ml import Input, automl
from azure.ai.ml.constants import AssetTypes
from mlflow import MlflowClient

from automl_tables import customers, table
from lazuli_server import said
from run_history import failure_of
from running_jobs import complete, finish

MORE_TIME = "No model was finished in the time. Give the experiment more of it."


@pytest.fixture(scope="module")
def tracking(server):
    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])
    return MlflowClient()


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A file of 20,000 customers."""
    file = tmp_path_factory.mktemp("many") / "rows.csv"
    file.write_text(customers(20_000))
    return file


def train(server, file, target, budget, output, check=True):
    """Runs `lazuli automl train`, which needs no server, with a budget in seconds."""
    settings = ("--target", target, "--timeout-seconds", str(budget), "--output", output)
    return server.run("automl", "train", file, *settings, check=check, seconds=60)


def predictions(model, text, target):
    """What plain MLflow says of the rows of a table."""
    rows = pd.read_csv(io.StringIO(text)).drop(columns=target)
    return list(mlflow.pyfunc.load_model(str(model)).predict(rows))


def best_model(tracking, name, folder):
    """The folder of the winner's model, downloaded as notebooks do."""
    best = tracking.get_run(name).data.tags["automl_best_child_run_id"]
    return tracking.download_artifacts(best, "outputs/mlflow-model", str(folder))


# Twelve rows


@pytest.mark.parametrize("target", ["y", "balance"], ids=["classes", "numbers"])
def test_twelve_rows_give_a_model_that_predicts(server, folder, target):
    rows = customers(12)
    (folder / "rows.csv").write_text(rows)
    told = train(server, folder / "rows.csv", target, 5, folder / "found").stdout
    assert "12 rows" in told
    predicted = predictions(folder / "found" / "outputs" / "mlflow-model", rows, target)
    assert len(predicted) == 12
    if target == "y":
        assert set(predicted) <= {"yes", "no"}
    else:
        assert all(-2000 < value < 4000 for value in predicted)


def test_an_experiment_over_twelve_rows_completes_and_its_winner_is_loaded_by_mlflow(ml_client, wire, tracking, folder):
    rows = customers(12)
    job = automl.classification(
        training_data=Input(type=AssetTypes.MLTABLE, path=str(table(folder / "dozen", rows))),
        target_column_name="y",
        primary_metric="accuracy",
        experiment_name="a-dozen",
    )
    job.set_limits(max_trials=3, timeout_minutes=1)
    ended = complete(ml_client, wire, job)
    guardrails = ended.properties["data_guardrails"]
    assert "2 of 12 rows" in guardrails
    assert set(predictions(best_model(tracking, ended.name, folder / "got"), rows, "y")) <= {"yes", "no"}


# Less time than one trial takes


@pytest.mark.parametrize("budget", [0.05, 0.8, 1.2, 2])
def test_a_budget_shorter_than_one_trial_gives_a_sentence_or_a_model(server, folder, many, budget):
    ended = train(server, many, "y", budget, folder / "found", check=False)
    assert "Traceback" not in said(ended)
    assert "Fatal error" not in said(ended)
    model = folder / "found" / "outputs" / "mlflow-model"
    if "The model lies in" in ended.stdout:
        assert set(predictions(model, customers(50), "y")) <= {"yes", "no"}
    else:
        assert MORE_TIME in said(ended)
        assert not model.exists()


def test_a_command_that_found_no_model_ends_with_another_code_than_zero(server, folder, many):
    ended = train(server, many, "y", 0.05, folder / "found", check=False)
    assert MORE_TIME in said(ended)
    assert ended.returncode != 0


def hurried(wire, folder, many, name, timeout, **task):
    """Submits an experiment over 20,000 customers with a timeout that the stock client cannot say."""
    rows = table(folder / "many", many.read_text())
    details = {
        "taskType": "Classification",
        "targetColumnName": "y",
        "primaryMetric": "Accuracy",
        "trainingData": {"jobInputType": "mltable", "uri": f"file://{rows}"},
        "limitSettings": {"timeout": timeout, "enableEarlyTermination": False},
    }
    body = {"properties": {"jobType": "AutoML", "experimentName": "hurried", "taskDetails": details | task}}
    reply = wire.put(f"jobs/{name}", body)
    assert reply.status_code in (200, 201), reply.text
    return name


def test_a_job_with_a_second_of_time_gives_a_sentence_or_a_model(ml_client, wire, tracking, folder, many, unique_name):
    name = hurried(wire, folder, many, unique_name("hurried"), "PT1S")
    ended = finish(ml_client, name, seconds=60)
    if ended.status == "Completed":
        assert set(predictions(best_model(tracking, name, folder / "got"), customers(50), "y")) <= {"yes", "no"}
    else:
        assert MORE_TIME in failure_of(wire, name)


def test_a_winner_that_was_not_through_with_its_folds_is_completed_and_its_score_is_the_jobs(
    ml_client, wire, tracking, folder, many, unique_name
):
    boosters = {"trainingSettings": {"allowedTrainingAlgorithms": ["LightGBM"]}}
    validation = {"nCrossValidations": {"mode": "Custom", "value": 60}}
    name = hurried(wire, folder, many, unique_name("hurried"), "PT2S", **boosters, **validation)
    best = finish(ml_client, name, seconds=60).tags["automl_best_child_run_id"]
    assert tracking.get_run(name).data.metrics["accuracy"] == tracking.get_run(best).data.metrics["accuracy"]
    assert ml_client.jobs.get(best).status == "Completed"
