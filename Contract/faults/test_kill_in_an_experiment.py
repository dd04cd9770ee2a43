"""The server, or one of an experiment's own processes, takes a blow while the experiment runs."""

import os
import signal

import mlflow
import pandas as pd
from mlflow import MlflowClient
from processes import processes_with

from automl_tables import MLTABLE, customers
from lazuli_wire import Wire
from run_history import end_of, failure_of, log_of
from waiting import wait_until


def submit(server, wire, name, seconds):
    """An experiment over customers, whose table lies in the default datastore."""
    folder = server.home.parent / "customers"
    folder.mkdir(exist_ok=True)
    (folder / "MLTable").write_text(MLTABLE.format(file="rows.csv"))
    (folder / "rows.csv").write_text(customers())
    details = {
        "taskType": "Classification",
        "targetColumnName": "y",
        "primaryMetric": "Accuracy",
        "trainingData": {"jobInputType": "mltable", "uri": f"file://{folder}"},
        "limitSettings": {"timeout": f"PT{seconds}S", "enableEarlyTermination": False},
    }
    reply = wire.put(f"jobs/{name}", {"properties": {"jobType": "AutoML", "taskDetails": details}})
    assert reply.status_code in (200, 201), reply.text


def children(wire, name):
    return wire.send("GET", wire.history(f"runs/{name}/children")).json()["value"]


def test_an_experiment_goes_on_while_the_server_is_dead_and_misses_no_trial(fragile_server):
    server = fragile_server()
    wire = Wire(server)
    submit(server, wire, "survivor", seconds=12)
    before = wait_until(lambda: len(children(wire, "survivor")) > 1 and children(wire, "survivor"), "trials begin")
    server.kill()
    again = Wire(fragile_server(server.home))
    assert end_of(again, "survivor") == "Completed"
    after = children(again, "survivor")
    numbers = sorted(int(child["name"].rsplit("_", 1)[1]) for child in after)
    assert numbers == list(range(len(after)))
    assert len(after) > len(before)
    assert all(child["status"] != "Running" for child in after)
    tags = again.get("jobs/survivor").json()["properties"]["tags"]
    assert tags["automl_best_child_run_id"] in {child["name"] for child in after}


def training_processes(name):
    """The processes that train for an experiment now."""
    return set(processes_with("\0child\0train\0")) & set(processes_with(name))


def test_a_training_process_that_is_killed_loses_its_trial_alone_and_the_trial_says_why(
    server, wire, unique_name, tmp_path
):
    name = unique_name("bereft")
    submit(server, wire, name, seconds=12)
    victim = min(wait_until(lambda: training_processes(name), "training begins", pause=0.01))
    os.kill(victim, signal.SIGKILL)
    assert end_of(wire, name) == "Completed"
    (lost,) = [child["runId"] for child in children(wire, name) if child["status"] == "Failed"]
    assert "SIGKILL" in failure_of(wire, lost)
    assert "SIGKILL" in log_of(wire, name)

    mlflow.set_tracking_uri(server.exports["MLFLOW_TRACKING_URI"])
    tracking = MlflowClient()
    winner = tracking.get_run(name).data.tags["automl_best_child_run_id"]
    assert winner != lost
    model = tracking.download_artifacts(winner, "outputs/mlflow-model", str(tmp_path))
    rows = pd.DataFrame({"age": [70, 20], "balance": [2500.0, -300.0], "job": "student", "contact": "cellular"})
    assert list(mlflow.pyfunc.load_model(model).predict(rows)) == ["yes", "no"]
