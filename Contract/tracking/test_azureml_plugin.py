"""MLflow with Azure's plugin and an `azureml://` tracking URI, outside of jobs and inside (contract f)."""

from __future__ import annotations

from pathlib import Path

import pytest
from azure.ai.ml.entities import Model
from other_python import flows_of, outcomes_of, python_of

from running_jobs import complete, shell_job

CLIENTS = "azureml-mlflow"
PROGRAM = Path(__file__).with_name("azureml_plugin_flows.py")
IN_A_JOB = """
import mlflow
mlflow.log_param("from", "the plugin")
mlflow.log_metric("loss", 0.5)
mlflow.log_text("written inside", "inside/note.txt")
print(mlflow.get_artifact_uri())
"""


@pytest.fixture(scope="module")
def outcomes(server, tmp_path_factory) -> dict[str, str]:
    return outcomes_of(server, CLIENTS, PROGRAM, tmp_path_factory.mktemp("plugin"))


@pytest.mark.parametrize("flow", flows_of(PROGRAM))
def test_the_plugin_works_outside_of_jobs(outcomes, flow):
    assert outcomes[flow] == "", outcomes[flow]


def test_the_plugin_works_inside_a_job(server, wire, ml_client, client, folder):
    python = python_of(CLIENTS)
    (folder / "src").mkdir()
    (folder / "src" / "log.py").write_text(IN_A_JOB)
    address = f"azureml://{server.api.removeprefix('https://')}/mlflow/v1.0{server.workspace_path}"
    line = f"MLFLOW_TRACKING_URI={address} {python} -W ignore log.py"
    job = complete(ml_client, wire, shell_job(line, code=str(folder / "src")))
    run = client.get_run(job.name)
    assert (run.data.params["from"], run.data.metrics["loss"]) == ("the plugin", 0.5)
    assert client.list_artifacts(job.name, "inside")[0].path == "inside/note.txt"


def test_a_model_that_mlflow_registered_from_a_job_is_an_asset_and_back(client, ml_client, experiment, unique_name):
    run = client.create_run(experiment).info.run_id
    client.log_text(run, "flavors: {}", "model/MLmodel")
    source = f"azureml://jobs/{run}/outputs/artifacts/paths/model/"
    by_mlflow, by_sdk = unique_name("by-mlflow"), unique_name("by-sdk")
    client.create_registered_model(by_mlflow)
    client.create_model_version(by_mlflow, source)
    ml_client.models.create_or_update(Model(name=by_sdk, path=source, type="mlflow_model"))
    for name in (by_mlflow, by_sdk):
        assert ml_client.models.get(name, version="1").path.endswith(f"dcid.{run}/model")
        assert client.get_model_version(name, "1").status == "READY"
