"""Stock MLflow against the default workspace: every test has an experiment of its own."""

from __future__ import annotations

from collections.abc import Iterator

import mlflow
import pytest
from mlflow.tracking import MlflowClient


@pytest.fixture(scope="session")
def tracking_uri(server) -> str:
    return server.exports["MLFLOW_TRACKING_URI"]


@pytest.fixture
def client(tracking_uri) -> Iterator[MlflowClient]:
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(tracking_uri)
    yield MlflowClient(tracking_uri)
    while mlflow.active_run():
        mlflow.end_run()
    mlflow.set_tracking_uri(before)


@pytest.fixture
def experiment(client, unique_name) -> str:
    """The id of a new experiment, which is also the current one."""
    return mlflow.set_experiment(unique_name("tracking")).experiment_id
