"""AutoML jobs by the stock client: what they leave, and what becomes of it."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import mlflow
import pytest
from azure.ai.ml import Input, automl
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Model
from azure.core.exceptions import HttpResponseError
from mlflow import MlflowClient

from automl_tables import customers, table
from lazuli_wire import all_messages, error_of
from run_history import details_of, failure_of, log_of
from running_jobs import complete, downloaded, finish, wait_for_status
from waiting import wait_until

TWO = ["LogisticRegression", "DecisionTree"]
ENSEMBLES = {"VotingEnsemble", "StackEnsemble"}


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """The folder of a table of 600 customers."""
    return table(tmp_path_factory.mktemp("bank"), customers())


def experiment(bank, trials=4, minutes=2, training=None, **options):
    """A short classification of the table's customers."""
    job = automl.classification(
        **(
            {
                "training_data": Input(type=AssetTypes.MLTABLE, path=str(bank)),
                "target_column_name": "y",
                "primary_metric": "accuracy",
                "experiment_name": "customers",
            }
            | options
        )
    )
    job.set_limits(max_trials=trials, timeout_minutes=minutes, trial_timeout_minutes=1)
    if training:
        job.set_training(**training)
    return job


@pytest.fixture(scope="module")
def ended(ml_client, wire, bank):
    """One experiment that several tests look at."""
    return complete(ml_client, wire, experiment(bank, n_cross_validations=3))


@pytest.fixture(scope="module")
def tracking(server):
    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])
    return MlflowClient()


def best_of(tracking, name):
    return tracking.get_run(tracking.get_run(name).data.tags["automl_best_child_run_id"])


def trials_of(tracking, name):
    experiment_id = tracking.get_run(name).info.experiment_id
    return tracking.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{name}'")


# What an experiment leaves


def test_every_trial_is_a_child_run_with_its_pipeline_score_and_parameters(ended, tracking):
    trials = trials_of(tracking, ended.name)
    assert {trial.info.run_id for trial in trials} == {f"{ended.name}_{number}" for number in range(len(trials))}
    for trial in trials:
        assert trial.info.status in {"FINISHED", "KILLED"}
        assert trial.data.tags["runTemplate"] == "automl_child"
        assert trial.data.tags["run_algorithm"] in trial.info.run_name
        assert trial.data.params["algorithm"] == trial.data.tags["run_algorithm"]
    scored = [trial for trial in trials if trial.info.status == "FINISHED"]
    assert all(float(trial.data.tags["score"]) == trial.data.metrics["accuracy"] for trial in scored)
    assert all({"accuracy", "AUC_weighted", "log_loss"} <= set(trial.data.metrics) for trial in scored)


def test_the_parent_names_the_best_child_by_the_tag_that_notebooks_read(ml_client, ended, tracking):
    best = best_of(tracking, ended.name)
    scores = [trial.data.metrics["accuracy"] for trial in trials_of(tracking, ended.name) if trial.data.metrics]
    assert best.data.metrics["accuracy"] == max(scores)
    assert ml_client.jobs.get(ended.name).tags["automl_best_child_run_id"] == best.info.run_id
    assert tracking.get_run(ended.name).data.metrics["accuracy"] == best.data.metrics["accuracy"]


def test_the_best_childs_model_is_downloaded_by_mlflow_and_scores_rows(ended, tracking, tmp_path):
    best = best_of(tracking, ended.name)
    local = Path(tracking.download_artifacts(best.info.run_id, "outputs", str(tmp_path)))
    assert (local / "mlflow-model" / "MLmodel").exists()
    assert (local / "mlflow-model" / "conda.yaml").exists()


def test_the_best_child_has_charts_as_data_and_pictures_and_says_what_columns_are_worth(ended, tracking, tmp_path):
    best = best_of(tracking, ended.name)
    outputs = Path(tracking.download_artifacts(best.info.run_id, "outputs", str(tmp_path)))
    data = {chart.stem for chart in (outputs / "charts" / "validation").glob("*.json")}
    pictures = {chart.stem: ElementTree.parse(chart) for chart in (outputs / "charts" / "validation").glob("*.svg")}
    assert set(pictures) == data - {"accuracy_table"}
    assert "roc_curve" in pictures
    importance = json.loads((outputs / "explanation" / "importance.json").read_text())
    assert importance["method"] in ("shap", "permutation")
    assert sum(column["share"] for column in importance["columns"]) == pytest.approx(1)


def test_the_job_is_downloaded_with_its_log_and_its_outputs(ml_client, ended, tmp_path):
    files = downloaded(ml_client, ended.name, tmp_path)
    assert "artifacts/outputs/mlflow-model/MLmodel" in files
    assert "artifacts/user_logs/std_log.txt" in files
    named = downloaded(ml_client, ended.name, tmp_path / "named", output_name="best_model")
    assert "named-outputs/best_model/MLmodel" in named


def test_the_children_are_listed_and_shown_as_jobs(ml_client, wire, ended, tracking):
    children = {child.name: child.status for child in ml_client.jobs.list(parent_job_name=ended.name)}
    assert set(children) == {trial.info.run_id for trial in trials_of(tracking, ended.name)}
    best = best_of(tracking, ended.name).info.run_id
    assert children[best] == "Completed"
    shown = ml_client.jobs.get(best)
    assert (shown.status, shown.properties["runTemplate"]) == ("Completed", "automl_child")
    top = {job["name"] for job in wire.get("jobs").json()["value"]}
    assert ended.name in top
    assert best not in top


def test_a_child_can_be_downloaded_as_a_job(ml_client, ended, tracking, tmp_path):
    best = best_of(tracking, ended.name).info.run_id
    assert "artifacts/outputs/mlflow-model/MLmodel" in downloaded(ml_client, best, tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "azureml://jobs/{job}/outputs/artifacts/paths/outputs/mlflow-model/",
        "azureml://jobs/{best}/outputs/artifacts/paths/outputs/mlflow-model/",
        "azureml://jobs/{best}/outputs/artifacts/outputs/mlflow-model/",
        "azureml://jobs/{job}/outputs/best_model",
        "runs:/{best}/outputs/mlflow-model",
    ],
)
def test_the_winner_is_registered_by_every_path_that_documents_print(
    ml_client, ended, tracking, unique_name, tmp_path, path
):
    best = best_of(tracking, ended.name).info.run_id
    model = Model(path=path.format(job=ended.name, best=best), name=unique_name("winner"), type=AssetTypes.MLFLOW_MODEL)
    made = ml_client.models.create_or_update(model)
    ml_client.models.download(made.name, made.version, download_path=tmp_path)
    assert list(tmp_path.rglob("model.onnx"))


def test_the_job_says_how_it_went(ml_client, wire, ended):
    reason = ml_client.jobs.get(ended.name).properties["lazuli.reason"]
    assert re.match(r"Best of \d+ trials: accuracy 0\.\d+ \(.*\)", reason)
    assert details_of(wire, ended.name)["status"] == "Completed"


def test_what_was_asked_is_shown_as_it_was_sent(ml_client, wire, ended):
    shown = ml_client.jobs.get(ended.name)
    assert (shown.target_column_name, shown.limits.max_trials, shown.n_cross_validations) == ("y", 4, 3)
    outputs = wire.get(f"jobs/{ended.name}").json()["properties"]["outputs"]
    assert outputs["best_model"]["jobOutputType"] == "mlflow_model"


# While it runs


def test_the_leaderboard_fills_while_the_experiment_runs(ml_client, wire, bank, tracking):
    job = ml_client.jobs.create_or_update(experiment(bank, trials=500, minutes=5))
    found = wait_until(lambda: trials_of(tracking, job.name), "the first trial is a run")
    assert found[0].data.tags["mlflow.parentRunId"] == job.name
    wait_until(
        lambda: " % done" in ml_client.jobs.get(job.name).properties.get("lazuli.reason", ""), "the progress is told"
    )
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 60)
    assert all(trial.info.status != "RUNNING" for trial in trials_of(tracking, job.name))


def test_an_experiment_that_is_cancelled_leaves_the_best_so_far(ml_client, wire, bank, tracking):
    job = ml_client.jobs.create_or_update(experiment(bank, trials=500, minutes=5))
    wait_until(
        lambda: any(trial.data.metrics for trial in trials_of(tracking, job.name)), "a trial has its score", seconds=90
    )
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 60)
    assert best_of(tracking, job.name).data.metrics["accuracy"] > 0.5


def test_a_trial_cannot_be_cancelled_by_itself(ml_client, wire, bank, tracking):
    job = ml_client.jobs.create_or_update(experiment(bank, trials=500, minutes=5))
    wait_until(lambda: trials_of(tracking, job.name), "the first trial is a run")
    running = [trial for trial in trials_of(tracking, job.name) if trial.info.status == "RUNNING"]
    if running:
        reply = wire.post(f"jobs/{running[0].info.run_id}/cancel")
        assert reply.status_code == 409
        assert job.name in all_messages(error_of(reply))
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 60)


def test_the_stream_of_the_stock_client_shows_the_trials(ml_client, bank, capsys):
    job = ml_client.jobs.create_or_update(experiment(bank, trials=3))
    ml_client.jobs.stream(job.name)
    assert "LightGBM" in capsys.readouterr().out


# Algorithms and limits


@pytest.mark.parametrize(
    ("training", "expected"),
    [
        (
            {"allowed_training_algorithms": ["LogisticRegression", "DecisionTree"]},
            {"LogisticRegression", "DecisionTree"},
        ),
        ({"blocked_training_algorithms": ["LightGBM", "XGBoostClassifier"]}, None),
    ],
)
def test_only_what_is_allowed_and_not_blocked_is_trained(ml_client, wire, bank, tracking, training, expected):
    job = complete(ml_client, wire, experiment(bank, trials=6, training=training))
    used = {trial.data.tags["run_algorithm"] for trial in trials_of(tracking, job.name)} - ENSEMBLES
    assert used
    if expected:
        assert used <= expected
    else:
        assert not used & set(training["blocked_training_algorithms"])


def test_there_are_never_more_trials_than_asked_for(ml_client, wire, bank, tracking):
    job = complete(ml_client, wire, experiment(bank, trials=3))
    plain = [trial for trial in trials_of(tracking, job.name) if trial.data.tags["run_algorithm"] not in ENSEMBLES]
    assert 1 <= len(plain) <= 3


def test_the_whole_experiment_ends_in_time_with_the_best_so_far(ml_client, wire, bank, tracking):
    body = wire_body(bank, ml_client, limits={"timeout": "PT5S", "enableEarlyTermination": False})
    name = "ends-in-time"
    assert wire.put(f"jobs/{name}", body).status_code in (200, 201)
    ended = finish(ml_client, name, seconds=60)
    assert ended.status == "Completed", log_of(wire, name)
    assert float(ended.properties["lazuli.durationSeconds"]) < 10
    assert best_of(tracking, name).data.metrics["accuracy"] > 0.5


def wire_body(bank, ml_client, limits=None, **task):
    """The body of a classification as the wire has it, for what the stock client cannot say."""
    from azure.ai.ml.entities import Data

    data = ml_client.data.create_or_update(Data(path=str(bank), type=AssetTypes.MLTABLE, name="wire-customers"))
    details = {
        "taskType": "Classification",
        "targetColumnName": "y",
        "primaryMetric": "Accuracy",
        "trainingData": {"jobInputType": "mltable", "uri": data.id},
        "limitSettings": limits or {"maxTrials": 2},
    }
    return {"properties": {"jobType": "AutoML", "experimentName": "wire", "taskDetails": details | task}}


@pytest.mark.parametrize("kind", ["uri_file", "uri_folder"])
def test_a_plain_file_or_folder_is_a_table_too(ml_client, wire, bank, folder, unique_name, kind):
    from azure.ai.ml.entities import Data

    (folder / "plain").mkdir()
    (folder / "plain" / "rows.csv").write_text(customers())
    path = folder / "plain" / "rows.csv" if kind == "uri_file" else folder / "plain"
    data = ml_client.data.create_or_update(Data(path=str(path), type=kind, name=unique_name("plain")))
    body = wire_body(bank, ml_client, trainingData={"jobInputType": kind, "uri": data.id})
    name = unique_name("plain")
    assert wire.put(f"jobs/{name}", body).status_code in (200, 201)
    complete(ml_client, wire, name)


def test_an_ml_table_may_name_its_files_by_their_place_in_a_datastore(ml_client, wire, folder, unique_name):
    from azure.ai.ml.entities import Data

    (folder / "rows.csv").write_text(customers())
    uploaded = ml_client.data.create_or_update(
        Data(path=str(folder / "rows.csv"), type=AssetTypes.URI_FILE, name=unique_name("rows"))
    )
    far = folder / "far"
    far.mkdir()
    (far / "MLTable").write_text(
        f"paths:\n  - file: {uploaded.path}\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
    )
    assert "no column" in refusal(ml_client, experiment(far, target_column_name="nobody"))
    complete(ml_client, wire, experiment(far, trials=2))


def test_the_size_of_the_compute_limits_the_experiment(ml_client, wire, bank, unique_name):
    from azure.ai.ml.entities import AmlCompute

    cluster = AmlCompute(name=unique_name("c")[:20], size="Standard_A1_v2", min_instances=0, max_instances=1)
    name = ml_client.compute.begin_create_or_update(cluster).result().name
    ended = complete(ml_client, wire, experiment(bank, trials=2, compute=name))
    assert "2 GiB of memory" in ended.properties["lazuli.limits"]


# What is refused


def refusal(ml_client, job):
    with pytest.raises(HttpResponseError) as caught:
        ml_client.jobs.create_or_update(job)
    assert caught.value.status_code == 400
    return str(caught.value)


def test_a_target_that_the_table_does_not_have_is_refused_with_the_nearest_column(ml_client, bank):
    sentence = refusal(ml_client, experiment(bank, target_column_name="ballance"))
    assert 'no column "ballance"' in sentence
    assert 'Did you mean "balance"?' in sentence


def test_an_algorithm_both_allowed_and_blocked_is_refused(ml_client, bank):
    training = {"allowed_training_algorithms": ["KNN"], "blocked_training_algorithms": ["KNN"]}
    assert "KNN is both allowed and blocked" in refusal(ml_client, experiment(bank, training=training))


def test_limits_that_contradict_each_other_are_refused(ml_client, bank):
    job = experiment(bank)
    job.set_limits(timeout_minutes=5, trial_timeout_minutes=10)
    assert "longer than the timeout" in refusal(ml_client, job)


@pytest.mark.parametrize(
    ("member", "word", "hint"),
    [
        ("primaryMetric", "Acuracy", "Accuracy"),
        ("trainingSettings", {"allowedTrainingAlgorithms": ["LightGMB"]}, "LightGBM"),
    ],
)
def test_unknown_words_are_refused_with_the_nearest(wire, ml_client, bank, unique_name, member, word, hint):
    reply = wire.put(f"jobs/{unique_name('job')}", wire_body(bank, ml_client, **{member: word}))
    assert reply.status_code == 400
    assert f'Did you mean "{hint}"?' in all_messages(error_of(reply))


def test_a_forecast_is_refused_in_one_sentence(ml_client, bank):
    job = automl.forecasting(
        training_data=Input(type=AssetTypes.MLTABLE, path=str(bank)),
        target_column_name="balance",
        primary_metric="r2_score",
        experiment_name="customers",
    )
    job.set_forecast_settings(time_column_name="age", forecast_horizon=3)
    assert "AutoML jobs of the task Forecasting are not run by this version of Lazuli" in refusal(ml_client, job)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [("a,y\n" + "1,no\n" * 50, "class"), ("a,y\n1,yes\n2,no\n", "rows")],
    ids=["one class", "two rows"],
)
def test_a_table_that_nothing_can_be_learnt_from_fails_with_a_sentence(ml_client, wire, folder, rows, sentence):
    job = finish(ml_client, experiment(table(folder / "poor", rows)))
    assert job.status == "Failed"
    assert sentence in failure_of(wire, job.name)
    assert "Traceback" not in failure_of(wire, job.name)


def test_data_that_is_not_there_fails_with_its_address(ml_client, wire):
    path = "azureml://datastores/workspaceblobstore/paths/nothing/here/"
    job = finish(ml_client, experiment("unused", training_data=Input(type=AssetTypes.MLTABLE, path=path)))
    assert job.status == "Failed"
    assert "nothing there" in failure_of(wire, job.name)


# The command line


def test_a_yaml_file_runs_and_its_stream_shows_the_leaderboard(server, wire, bank, folder):
    (folder / "automl.yml").write_text(
        f"type: automl\ntask: classification\nprimary_metric: auc_weighted\ntarget_column_name: y\n"
        f"training_data: {{type: mltable, path: {bank}}}\n"
        "limits: {timeout_minutes: 2, max_trials: 3}\n"
        "training: {allowed_training_algorithms: [light_gbm, logistic_regression]}\n"
    )
    streamed = server.run("job", "create", "-f", folder / "automl.yml", "--stream", folder=folder)
    assert "LightGBM" in streamed.stdout
    name = wire.get("jobs").json()["value"][0]["name"]
    shown = json.loads(server.run("job", "show", "-n", name).stdout)
    assert shown["tags"]["automl_best_child_run_id"].startswith(f"{name}_")
    assert shown["training"]["allowed_training_algorithms"] == ["light_gbm", "logistic_regression"]
