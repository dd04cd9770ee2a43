"""Stores that the stock client fills, and everything a store holds in a form that can be compared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import Metric, ViewType
from mlflow.tracking import MlflowClient

LARGEST = 1.7976931348623157e308
FLOWERS = "flowers é"
MODEL = "iris model"


@contextmanager
def tracking(uri: str) -> Iterator[MlflowClient]:
    """The fluent calls go to this store for a while."""
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    try:
        yield MlflowClient(uri, uri)
    finally:
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])


def fill(uri: str, artifacts: Path | None = None) -> None:
    """Put one of everything into a store, odd names and values among them."""
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    with tracking(uri) as client:
        if artifacts is not None:
            mlflow.create_experiment(FLOWERS, artifact_location=(artifacts / "1").as_uri())
        experiment = mlflow.set_experiment(FLOWERS).experiment_id
        client.set_experiment_tag(experiment, "team", "x: y # z")
        # Finding out what a model needs takes half a minute.
        os.environ["MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT"] = "1"
        mlflow.sklearn.autolog()
        try:
            with mlflow.start_run(run_name="one: 'x'") as run:
                LogisticRegression(max_iter=300).fit(*load_iris(return_X_y=True))
                mlflow.log_params({"a/b": "line1\nline2", "empty": "", "größe": "null"})
                for step in range(20):
                    mlflow.log_metric("loss/x y", 1 / (step + 1), step=step)
                mlflow.log_metrics({"nan": float("nan"), "inf": float("inf")})
                mlflow.log_text("lapis", "notes/a é.txt")
        finally:
            mlflow.sklearn.autolog(disable=True)
        model = mlflow.search_logged_models([experiment], output_format="list")[0]
        mlflow.register_model(f"models:/{model.model_id}", MODEL)
        client.log_text(run.info.run_id, "flavors: {}", "old/MLmodel")
        client.create_model_version(MODEL, f"{run.info.artifact_uri}/old", run.info.run_id, description="by path")
        describe(client)
        deleted = client.create_run(experiment, run_name="deleted")
        client.log_metric(deleted.info.run_id, "m", 1)
        client.delete_run(deleted.info.run_id)
        gone = client.create_experiment("gone")
        client.create_run(gone)
        client.delete_experiment(gone)


def describe(client: MlflowClient) -> None:
    client.set_registered_model_alias(MODEL, "best", "1")
    client.transition_model_version_stage(MODEL, "1", "Production")
    client.set_model_version_tag(MODEL, "1", "checked", "yes")
    client.set_registered_model_tag(MODEL, "owner", "ann")
    client.update_registered_model(MODEL, "Tells flowers apart")
    client.update_model_version(MODEL, "1", "the first")


def contents(client: MlflowClient) -> dict[Any, Any]:
    """All that the stock client finds in a store, but for ids of experiments and addresses."""
    found: dict[Any, Any] = {}
    for experiment in client.search_experiments(view_type=ViewType.ALL):
        told = (experiment.lifecycle_stage, experiment.tags)
        created = () if experiment.name == "Default" else (experiment.creation_time, experiment.last_update_time)
        found["experiment", experiment.name] = told + created
        for run in client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL):
            found["run", run.info.run_id] = run_contents(client, run) | {"experiment": experiment.name}
        for model in client.search_logged_models([experiment.experiment_id]):
            found["model", model.model_id] = logged_model_contents(model) | {"experiment": experiment.name}
    for model in client.search_registered_models():
        aliases = {alias: str(version) for alias, version in model.aliases.items()}
        found["registered", model.name] = (model.description, model.tags, aliases, model.creation_timestamp)
        for version in client.search_model_versions(f"name = '{model.name}'"):
            found["version", model.name, str(version.version)] = version_contents(version)
    return found


def run_contents(client: MlflowClient, run: Any) -> dict[str, Any]:
    info = run.info
    points = {key: client.get_metric_history(info.run_id, key) for key in run.data.metrics}
    return {
        "info": (info.run_name, info.user_id, info.status, info.lifecycle_stage, info.start_time, info.end_time),
        "params": run.data.params,
        "tags": run.data.tags,
        "history": {key: sorted({point(metric) for metric in metrics}) for key, metrics in points.items()},
        "latest": {key: str(within(value)) for key, value in run.data.metrics.items()},
        "datasets": sorted(
            (
                read.dataset.name,
                read.dataset.digest,
                read.dataset.source,
                sorted((tag.key, tag.value) for tag in read.tags),
            )
            for read in run.inputs.dataset_inputs
        ),
        "outputs": sorted(output.model_id for output in run.outputs.model_outputs) if run.outputs else [],
    }


def logged_model_contents(model: Any) -> dict[str, Any]:
    return {
        "info": (model.name, model.model_type or "", str(model.status), model.source_run_id, model.creation_timestamp),
        "params": model.params,
        "tags": model.tags,
        "metrics": sorted(
            (metric.key, metric.run_id, metric.dataset_name, *point(metric)) for metric in model.metrics or []
        ),
    }


def version_contents(version: Any) -> tuple[Any, ...]:
    times = (version.creation_timestamp, version.last_updated_timestamp)
    return (version.description or "", version.tags, version.current_stage, version.run_id or None, *times)


def point(metric: Metric) -> tuple[int, int, str]:
    return metric.timestamp, metric.step, str(within(metric.value))


def within(value: float) -> float:
    """Infinities are kept as the largest numbers, as MLflow's own database does."""
    return value if value != value else max(-LARGEST, min(LARGEST, value))
