"""Whole stories that begin with a table: from the documents the product is made from, and from the public samples."""

import json

import mlflow
import pytest
import requests
from azure.ai.ml import Input, automl
from azure.ai.ml.automl import ClassificationModels
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data, ManagedOnlineDeployment, ManagedOnlineEndpoint, Model
from mlflow import MlflowClient

from automl_tables import customers, public, table
from running_jobs import complete

BANK = ("bank-marketing", "bankmarketing_train.csv.gz")
SAMPLES = ("bank-marketing", "azureml-examples")


@pytest.fixture(scope="module")
def tracking(server):
    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])
    return MlflowClient()


def best_of(tracking, name):
    return tracking.get_run(tracking.get_run(name).data.tags["automl_best_child_run_id"])


def trials_of(tracking, name):
    experiment_id = tracking.get_run(name).info.experiment_id
    return tracking.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{name}'")


def sample(folder, name):
    """A table of the public bank marketing samples; without them, generated customers."""
    return table(folder / name, public(*SAMPLES, f"{name}.csv.gz") or customers(seed=len(name)))


def test_bank_marketing_from_a_table_to_an_answer_with_no_script_and_no_environment(
    ml_client, wire, tracking, folder, unique_name
):
    rows = public(*BANK) or customers()
    job = automl.classification(
        training_data=Input(type=AssetTypes.MLTABLE, path=str(table(folder / "bank", rows))),
        target_column_name="y",
        primary_metric="AUC_weighted",
        experiment_name="bank-marketing",
    )
    job.set_limits(timeout_minutes=1, max_trials=8)
    ended = complete(ml_client, wire, job, seconds=180)
    best = best_of(tracking, ended.name)
    model = ml_client.models.create_or_update(
        Model(
            path=f"azureml://jobs/{best.info.run_id}/outputs/artifacts/paths/outputs/mlflow-model/",
            name=unique_name("bank"),
            type=AssetTypes.MLFLOW_MODEL,
        )
    )
    name = unique_name("bank")
    endpoint = ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key"))
    deployment = ManagedOnlineDeployment(
        name="blue", endpoint_name=name, model=model.id, instance_type="Standard_DS2_v2", instance_count=1
    )
    ml_client.online_deployments.begin_create_or_update(deployment).result()
    stored = ml_client.online_endpoints.get(name)
    stored.traffic = {"blue": 100}
    ml_client.online_endpoints.begin_create_or_update(stored).result()
    key = {"Authorization": f"Bearer {ml_client.online_endpoints.get_keys(name).primary_key}"}
    request = public("bank-marketing", "score-request.json") or json.dumps(
        {"data": [{"age": 70, "balance": 2500.0, "job": "student", "contact": "cellular"}] * 2}
    )
    uri = endpoint.result().scoring_uri
    reply = requests.post(uri, request, headers=key | {"Content-Type": "application/json"}, timeout=30)
    assert reply.status_code == 200, reply.text
    labels = reply.json()["result"] if isinstance(reply.json(), dict) else reply.json()
    assert len(labels) == 2
    assert set(labels) <= {"yes", "no"}
    swagger = requests.get(uri.replace("/score", "/swagger.json"), headers=key, timeout=30)
    assert "age" in swagger.text
    ml_client.online_endpoints.begin_delete(name).wait()


def test_the_diabetes_block_of_the_first_document(ml_client, wire, tracking, folder):
    rows = public("diabetes-dp100", "diabetes.csv")
    if rows is None:
        pytest.skip("The diabetes table is not at hand.")
    ml_client.data.create_or_update(
        Data(path=str(table(folder / "diabetes", rows)), type=AssetTypes.MLTABLE, name="diabetes-automl", version="1")
    )
    classification_job = automl.classification(
        experiment_name="auto-ml-class-dev",
        training_data=Input(type=AssetTypes.MLTABLE, path="azureml:diabetes-automl:1"),
        target_column_name="Diabetic",
        primary_metric="accuracy",
        n_cross_validations=5,
        enable_model_explainability=True,
    )
    classification_job.set_limits(timeout_minutes=60, trial_timeout_minutes=20, max_trials=5)
    classification_job.set_training(
        blocked_training_algorithms=[ClassificationModels.LOGISTIC_REGRESSION], enable_onnx_compatible_models=True
    )
    ended = complete(ml_client, wire, classification_job, seconds=300)
    best = best_of(tracking, ended.name)
    assert best.data.metrics["accuracy"] > 0.94
    algorithms = {trial.data.tags["run_algorithm"] for trial in trials_of(tracking, ended.name)}
    assert "LogisticRegression" not in algorithms
    files = {artifact.path for artifact in tracking.list_artifacts(best.info.run_id, "outputs")}
    assert "outputs/mlflow-model" in files


def test_the_smallest_public_sample(server, ml_client, wire, tracking, folder, unique_name):
    """P12: classification of a table, no compute; better than the majority by far."""
    training, held = sample(folder, "training"), sample(folder, "test")
    (folder / "job.yml").write_text(
        "type: automl\nexperiment_name: dpv2-cli-automl-classifier-experiment\ntask: classification\n"
        f'primary_metric: accuracy\ntarget_column_name: "y"\ntraining_data:\n  path: {training}\n  type: mltable\n'
        f"test_data:\n  path: {held}\n  type: mltable\n"
        "limits:\n  timeout_minutes: 2\n  max_trials: 40\n  enable_early_termination: true\n"
        "featurization:\n  mode: auto\n"
    )
    made = json.loads(server.run("job", "create", "-f", folder / "job.yml", folder=folder).stdout)
    ended = complete(ml_client, wire, made["name"], seconds=240)
    best = best_of(tracking, ended.name)
    assert best.data.metrics["test_accuracy"] >= (0.915 if public(*SAMPLES, "test.csv.gz") else 0.8)


def test_the_public_sample_with_every_setting(server, ml_client, wire, tracking, folder):
    """P19: custom featurization, blocked transformers, two allowed algorithms, an exit score."""
    parts = {name: sample(folder, name) for name in ("training", "validation", "test")}
    data = "".join(f"{name}_data:\n  path: {path}\n  type: mltable\n" for name, path in parts.items())
    (folder / "job.yml").write_text(
        "type: automl\ntask: classification\nlog_verbosity: debug\nprimary_metric: accuracy\n"
        f'target_column_name: "y"\n{data}'
        "limits:\n  timeout_minutes: 2\n  max_trials: 10\n  trial_timeout_minutes: 1\n"
        "  enable_early_termination: true\n  exit_score: 0.92\n"
        'featurization:\n  mode: custom\n  transformer_params:\n    imputer:\n      - fields: ["job"]\n'
        "        parameters:\n          strategy: most_frequent\n  blocked_transformers:\n    - WordEmbedding\n"
        "training:\n  enable_model_explainability: true\n  allowed_training_algorithms:\n"
        "    - gradient_boosting\n    - logistic_regression\n"
    )
    made = json.loads(server.run("job", "create", "-f", folder / "job.yml", folder=folder).stdout)
    ended = complete(ml_client, wire, made["name"], seconds=240)
    algorithms = {trial.data.tags["run_algorithm"] for trial in trials_of(tracking, ended.name)}
    assert algorithms <= {"GradientBoosting", "LogisticRegression", "VotingEnsemble", "StackEnsemble"}
