"""MLflow inside a job and from outside: parameters, metrics, artifacts, and an autolog run of scikit-learn."""

from pathlib import Path

import mlflow
import pytest
from azure.ai.ml.entities import Model
from mlflow.tracking import MlflowClient

from run_history import log_of
from running_jobs import complete, python_job, shell_job

SKLEARN = "AzureML-sklearn-1.5@latest"
TRAIN = """\
import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

mlflow.sklearn.autolog()
rows, labels = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=300, C=0.5).fit(rows, labels)
print("accuracy", model.score(rows, labels))
"""


@pytest.fixture(scope="module")
def tracking(server):
    """A client of the tracking URI that the workspace names."""
    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])
    return MlflowClient(server.exports["MLFLOW_TRACKING_URI"])


@pytest.fixture(scope="module")
def trained(ml_client, wire):
    """A finished autolog run; the environment is built once for the whole module."""
    return complete(ml_client, wire, python_job(TRAIN, environment=SKLEARN, experiment_name="iris"), seconds=300)


def test_a_job_is_a_run_of_its_experiment(ml_client, wire, tracking, unique_name):
    experiment = unique_name("experiment")
    job = complete(ml_client, wire, shell_job("echo x", experiment_name=experiment, display_name="shown"))
    run = tracking.get_run(job.name)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "shown"
    assert run.info.experiment_id == tracking.get_experiment_by_name(experiment).experiment_id


def test_the_tracking_uri_of_the_workspace_works_without_a_plugin(ml_client, server, unique_name):
    uri = ml_client.workspaces.get(server.workspace).mlflow_tracking_uri
    client = MlflowClient(uri)
    assert client.get_experiment(client.create_experiment(unique_name("plain"))).lifecycle_stage == "active"


def test_a_run_made_outside_keeps_parameters_metrics_and_tags(tracking, unique_name):
    experiment = tracking.create_experiment(unique_name("outside"))
    run = tracking.create_run(experiment)
    tracking.log_param(run.info.run_id, "depth", 3)
    for step, value in enumerate((0.5, 0.25)):
        tracking.log_metric(run.info.run_id, "loss", value, step=step)
    tracking.set_tag(run.info.run_id, "colour", "blue")
    tracking.set_terminated(run.info.run_id)
    stored = tracking.get_run(run.info.run_id)
    assert stored.data.params == {"depth": "3"}
    assert stored.data.metrics == {"loss": 0.25}
    assert stored.data.tags["colour"] == "blue"
    assert stored.info.status == "FINISHED"
    assert [metric.value for metric in tracking.get_metric_history(run.info.run_id, "loss")] == [0.5, 0.25]


def test_an_artifact_made_outside_can_be_fetched(tracking, unique_name, tmp_path):
    (tmp_path / "note.txt").write_text("lapis")
    run = tracking.create_run(tracking.create_experiment(unique_name("outside")))
    tracking.log_artifact(run.info.run_id, str(tmp_path / "note.txt"), "notes")
    assert [item.path for item in tracking.list_artifacts(run.info.run_id, "notes")] == ["notes/note.txt"]
    fetched = tracking.download_artifacts(run.info.run_id, "notes/note.txt", str(tmp_path))
    assert Path(fetched).read_text() == "lapis"


@pytest.mark.sklearn
def test_autolog_writes_parameters_metrics_and_the_model(tracking, trained):
    run = tracking.get_run(trained.name)
    assert run.data.params["C"] == "0.5"
    assert run.data.metrics["training_accuracy_score"] > 0.9
    assert run.info.status == "FINISHED"


@pytest.mark.sklearn
def test_the_logged_model_lies_in_the_artifacts_of_the_run(tracking, trained, tmp_path, ml_client):
    ml_client.jobs.download(trained.name, download_path=tmp_path)
    assert list(tmp_path.rglob("MLmodel")), sorted(str(path) for path in tmp_path.rglob("*"))


@pytest.mark.sklearn
def test_the_logged_model_can_be_registered_and_downloaded(ml_client, trained, unique_name, tmp_path):
    name = unique_name("iris")
    path = f"azureml://jobs/{trained.name}/outputs/artifacts/paths/model/"
    ml_client.models.create_or_update(Model(name=name, path=path, type="mlflow_model"))
    ml_client.models.download(name, version="1", download_path=str(tmp_path))
    (description,) = tmp_path.rglob("MLmodel")
    assert "sklearn" in description.read_text()


def test_what_mlflow_logs_in_a_job_is_seen_from_outside(ml_client, wire, tracking):
    program = (
        "import mlflow\n"
        "mlflow.log_param('hello_param', 'world')\n"
        "mlflow.log_metric('hello_metric', 42)\n"
        "open('helloworld.txt', 'w').write('hello')\n"
        "mlflow.log_artifact('helloworld.txt')\n"
    )
    job = complete(ml_client, wire, python_job(program))
    run = tracking.get_run(job.name)
    assert (run.data.params["hello_param"], run.data.metrics["hello_metric"]) == ("world", 42)
    assert "helloworld.txt" in {item.path for item in tracking.list_artifacts(job.name)}
    assert "Traceback" not in log_of(wire, job.name)


def test_a_model_logged_in_a_job_without_a_run_of_the_scripts_own_belongs_to_the_job(
    ml_client, wire, tracking, unique_name
):
    program = (
        "import mlflow, os\n"
        "experiment = os.environ['MLFLOW_EXPERIMENT_NAME']\n"
        "number = mlflow.get_experiment_by_name(experiment).experiment_id\n"
        "model = mlflow.MlflowClient().create_logged_model(number, name='model')\n"
        "mlflow.MlflowClient().log_model_artifact(model.model_id, 'MLmodel')\n"
    )
    job = complete(ml_client, wire, python_job(f"open('MLmodel', 'w').write('flavors: {{}}')\n{program}"))
    name = unique_name("from-job")
    path = f"azureml://jobs/{job.name}/outputs/artifacts/paths/model/"
    ml_client.models.create_or_update(Model(name=name, path=path, type="mlflow_model"))
    (model,) = tracking.search_logged_models(
        [tracking.get_run(job.name).info.experiment_id], f"source_run_id = '{job.name}'"
    )
    assert (model.name, model.source_run_id) == ("model", job.name)
