"""The server takes a blow while an experiment runs."""

from automl_tables import MLTABLE, customers
from lazuli_wire import Wire
from run_history import end_of
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
