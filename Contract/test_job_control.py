"""Contract B9: everything one does to a job besides running it."""

import pytest
from azure.ai.ml import command, dsl, load_component
from azure.ai.ml.constants import ListViewType
from azure.ai.ml.sweep import Choice, Uniform
from azure.core.exceptions import ResourceNotFoundError

from lazuli_wire import VERSION, all_messages, error_of
from run_history import log_of, wait_for_line
from running_jobs import MINIMAL, complete, finish, shell_job, wait_for_status
from waiting import wait_until

STUBBORN = "trap '' TERM; echo deaf; while true; do sleep 0.2; done"


def test_a_running_job_can_be_cancelled(ml_client, wire):
    job = ml_client.jobs.create_or_update(shell_job("echo started; sleep 600"))
    wait_for_line(wire, job.name, "started")
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 60)


def test_a_cancelled_job_may_tidy_up_first(ml_client, wire):
    job = ml_client.jobs.create_or_update(shell_job("trap 'echo tidied; exit 0' TERM; echo started; sleep 600 & wait"))
    wait_for_line(wire, job.name, "started")
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 60)
    assert "tidied" in log_of(wire, job.name)


def test_a_job_that_ignores_the_request_is_cancelled_all_the_same(ml_client, wire):
    job = ml_client.jobs.create_or_update(shell_job(STUBBORN))
    wait_for_line(wire, job.name, "deaf")
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 90)


def test_cancelling_a_finished_job_changes_nothing(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x"))
    wire.post(f"jobs/{job.name}/cancel")
    assert ml_client.jobs.get(job.name).status == "Completed"


def test_cancelling_an_unknown_job_is_not_found(ml_client):
    with pytest.raises(ResourceNotFoundError):
        ml_client.jobs.begin_cancel("no-such-job").wait()


def listed(wire, view="ActiveOnly"):
    """The names of all jobs, by plain HTTP: the stock client asks for the metadata once per job it lists."""
    names, path = (
        [],
        wire.server.api + wire.here(f"jobs?api-version={VERSION}&listViewType={getattr(view, 'value', view)}"),
    )
    while path:
        page = wire.send("GET", path).json()
        names += [job["name"] for job in page["value"]]
        path = page.get("nextLink")
    return names


def test_an_archived_job_leaves_the_list_and_returns(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x"))
    ml_client.jobs.archive(job.name)
    assert job.name not in listed(wire)
    assert job.name in listed(wire, ListViewType.ARCHIVED_ONLY)
    ml_client.jobs.restore(job.name)
    assert job.name in {each.name for each in ml_client.jobs.list()}


def test_display_name_description_and_tags_of_a_job_can_change(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x", tags={"kept": "yes"}))
    ml_client.jobs.update(job.name, display_name="renamed", description="later", tags={"added": "too"})
    stored = ml_client.jobs.get(job.name)
    assert (stored.display_name, stored.description) == ("renamed", "later")
    assert {"kept": "yes", "added": "too"}.items() <= stored.tags.items()


def test_a_fetched_job_can_be_sent_back_with_new_tags(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x"))
    job.tags["seen"] = "yes"
    job.display_name = "another name"
    ml_client.jobs.create_or_update(job)
    stored = ml_client.jobs.get(job.name)
    assert (stored.tags["seen"], stored.display_name) == ("yes", "another name")


def test_jobs_are_listed_newest_first(ml_client, wire):
    first, second = (complete(ml_client, wire, shell_job("echo x")).name for _ in range(2))
    names = listed(wire)
    assert names.index(second) < names.index(first)


def test_an_unknown_job_is_not_found(ml_client):
    with pytest.raises(ResourceNotFoundError, match="no-such-job"):
        ml_client.jobs.get("no-such-job")


def test_a_plain_job_has_no_children(ml_client, wire):
    job = complete(ml_client, wire, shell_job("echo x"))
    assert list(ml_client.jobs.list(parent_job_name=job.name)) == []


def test_run_data_names_the_outputs_that_the_client_may_fetch(ml_client, wire):
    from azure.ai.ml import Output

    job = complete(
        ml_client, wire, shell_job("echo x > ${{outputs.made}}/x", outputs={"made": Output(type="mlflow_model")})
    )
    body = {"runId": job.name, "selectRunMetadata": True, "selectRunDefinition": True, "selectJobSpecification": True}
    metadata = wire.send("POST", f"/history/v1.0{wire.server.workspace_path}/rundata", body).json()["runMetadata"]
    assert metadata["status"] == "Completed"
    assert metadata["outputs"]["made"]["type"] in ("uri_file", "uri_folder", "mltable")
    asset_id = metadata["outputs"]["made"]["assetId"]
    path = f"/data/v1.0{wire.server.workspace_path}/dataversion/batchGetResolvedUris"
    values = wire.send("POST", path, {"values": [asset_id]}).json()["values"]
    assert f"{job.name}/made" in values[asset_id]["uri"]


# Kinds of job whose running is not built yet: they are checked and kept, and never said to have succeeded.


def assert_kept_and_not_run(wire, name, kind):
    stored = wire.get(f"jobs/{name}").json()["properties"]
    assert stored["jobType"] == kind
    assert stored["status"] not in ("Completed", "Running", "Finalizing")
    assert "not run yet" in stored["error"]["message"]


@pytest.fixture
def trial(folder):
    job = command(
        command="python -c 'print(${{inputs.batch_size}}, ${{inputs.learning_rate}})'",
        environment=MINIMAL,
        inputs={"batch_size": 8, "learning_rate": 0.5},
    )
    return job(batch_size=Choice(values=[16, 32, 64]), learning_rate=Uniform(0.01, 0.1))


def test_a_sweep_is_kept_as_it_was_sent(ml_client, wire, trial):
    sweep = trial.sweep(sampling_algorithm="random", primary_metric="acc", goal="maximize")
    sweep.set_limits(max_total_trials=4, max_concurrent_trials=2, timeout=7200)
    sent = ml_client.jobs.create_or_update(sweep)
    assert_kept_and_not_run(wire, sent.name, "Sweep")
    stored = ml_client.jobs.get(sent.name)
    assert (stored.objective.primary_metric, stored.objective.goal) == ("acc", "maximize")
    assert stored.limits.max_total_trials == 4
    assert list(stored.search_space["batch_size"].values) == [16, 32, 64]


def test_all_mistakes_of_a_sweep_are_told_at_once(wire, unique_name):
    body = {
        "properties": {
            "jobType": "Sweep",
            "searchSpace": {"lr": ["uniformm", [0, 1]]},
            "samplingAlgorithm": {"samplingAlgorithmType": "Randomm"},
            "objective": {"goal": "maximise", "primaryMetric": "acc"},
            "trial": {"command": "echo", "environmentId": "azureml:AzureML-minimal@latest"},
        }
    }
    reply = wire.put(f"jobs/{unique_name('sweep')}", body)
    assert reply.status_code == 400
    told = all_messages(error_of(reply))
    for nearest in ("uniform", "Random", "maximize"):
        assert nearest.lower() in told.lower()


def test_a_pipeline_is_kept_as_it_was_sent(ml_client, wire, folder):
    (folder / "step.yml").write_text(
        "name: step\ntype: command\ncommand: echo ${{inputs.word}} > ${{outputs.made}}/x\n"
        "environment: azureml:AzureML-minimal@latest\ninputs:\n  word:\n    type: string\n"
        "outputs:\n  made:\n    type: uri_folder\n"
    )
    step = load_component(source=folder / "step.yml")

    @dsl.pipeline(default_compute="serverless")
    def two_steps(word: str):
        first = step(word=word)
        second = step(word="second")
        return {"first": first.outputs.made, "second": second.outputs.made}

    sent = ml_client.jobs.create_or_update(two_steps(word="lapis"), experiment_name="pipe")
    assert_kept_and_not_run(wire, sent.name, "Pipeline")
    assert set(ml_client.jobs.get(sent.name).jobs) == {"first", "second"}


def test_a_kind_of_job_that_nobody_knows_is_refused_with_the_kinds_there_are(wire, unique_name):
    reply = wire.put(f"jobs/{unique_name('job')}", {"properties": {"jobType": "Comand", "command": "echo"}})
    assert reply.status_code == 400
    assert "Command" in error_of(reply)["message"]


def test_a_cancelled_tree_of_processes_leaves_nobody_behind(ml_client, wire, tmp_path):
    marker = tmp_path / "alive"
    line = f"(while true; do date +%s%N > {marker}; sleep 0.1; done) & echo forked; sleep 600"
    job = ml_client.jobs.create_or_update(shell_job(line))
    wait_for_line(wire, job.name, "forked")
    wait_until(marker.exists, "the child writes")
    ml_client.jobs.begin_cancel(job.name).wait()
    wait_for_status(ml_client, job.name, {"Canceled"}, 60)
    settled = marker.read_text()
    with pytest.raises(AssertionError):
        wait_until(lambda: marker.read_text() != settled, "an orphan still writes", seconds=1.5)


def test_a_job_that_prints_a_lot_keeps_every_line(ml_client, wire):
    job = finish(ml_client, shell_job("seq 1 300000"))
    assert job.status == "Completed"
    numbers = [line for line in log_of(wire, job.name).splitlines() if line.isdigit()]
    assert numbers == [str(number) for number in range(1, 300001)]
