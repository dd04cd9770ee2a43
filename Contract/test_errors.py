"""Contract A7: an error says what is wrong, where, and what to do; all problems of a body at once."""

import pytest
from azure.ai.ml import MLClient
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

from lazuli_wire import all_messages, all_targets, error_of


def job_body(**properties):
    return {
        "properties": {"jobType": "Command", "command": "echo x", "environmentId": "azureml:AzureML-minimal@latest"}
        | properties
    }


def refused(wire, path, body):
    reply = wire.put(path, body)
    assert reply.status_code == 400, reply.text
    return error_of(reply)


def test_all_problems_of_a_body_are_told_at_once_with_their_places(wire, unique_name):
    error = refused(
        wire,
        f"jobs/{unique_name('job')}",
        job_body(comand="echo y", resources={"instanceCount": "two"}, inputs={"a": {"jobInputType": "uri_fil"}}),
    )
    assert all_targets(error) >= {
        "$.properties.comand",
        "$.properties.resources.instanceCount",
        "$.properties.inputs.a.jobInputType",
    }
    assert '"command"' in all_messages(error)
    assert "uri_file" in all_messages(error)


def test_a_mistyped_key_is_answered_with_the_nearest_right_one(wire, unique_name):
    body = {"properties": {"dataType": "uri_file", "dataUrl": "azureml://datastores/workspaceblobstore/paths/x"}}
    assert '"dataUri"' in all_messages(refused(wire, f"data/{unique_name('d')}/versions/1", body))


def test_a_key_that_differs_in_case_is_answered_with_the_right_one(wire, unique_name):
    body = {"properties": {"datatype": "uri_file", "dataUri": "azureml://datastores/workspaceblobstore/paths/x"}}
    assert '"dataType"' in all_messages(refused(wire, f"data/{unique_name('d')}/versions/1", body))


def test_a_missing_key_is_named(wire, unique_name):
    body = job_body()
    del body["properties"]["command"]
    assert "$.properties.command" in all_targets(refused(wire, f"jobs/{unique_name('job')}", body))


@pytest.mark.parametrize("text", ["", "{", "[", '{"properties":', "nul", '{"a":1}}', "\x00", '{"a":01}', '"\ud800"'])
def test_a_body_that_is_not_json_is_refused_with_its_place(wire, unique_name, text):
    reply = wire.put(f"jobs/{unique_name('job')}", data=text.encode("utf-8", "surrogatepass"))
    assert reply.status_code == 400
    assert error_of(reply)["code"]


@pytest.mark.parametrize(
    "body", [[], "text", 5, True, {"properties": []}, {"properties": "x"}, {"properties": None}, {}]
)
def test_a_body_of_the_wrong_shape_is_refused(wire, unique_name, body):
    assert wire.put(f"jobs/{unique_name('job')}", body).status_code == 400


def test_enum_values_are_read_without_case(wire, unique_name):
    name = unique_name("job")
    assert wire.put(f"jobs/{name}", job_body(jobType="command")).status_code in (200, 201)
    assert wire.get(f"jobs/{name}").json()["properties"]["jobType"] == "Command"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("no-such-workspace", "workspaces"),
        ("no-such-group", "resourceGroups"),
        ("00000000-dead-4000-8000-000000000000", "subscriptions"),
    ],
)
def test_a_wrong_scope_says_which_name_is_wrong(wire, server, wrong, place):
    parts = server.workspace_path.split("/")
    parts[parts.index(place) + 1] = wrong
    reply = wire.send("GET", "/".join(parts) + "/jobs")
    assert reply.status_code == 404
    assert wrong in error_of(reply)["message"]


def test_the_arguments_of_the_client_in_the_wrong_order_are_recognised(server):
    client = MLClient(DefaultAzureCredential(), server.resource_group, server.subscription, server.workspace)
    with pytest.raises(HttpResponseError) as refusal:
        list(client.jobs.list())
    assert refusal.value.status_code in (400, 404)
    assert server.resource_group in str(refusal.value)


def test_an_unknown_path_is_a_404_with_an_error_body(wire, server):
    for path in ("/nowhere", f"{server.workspace_path}/gadgets", f"{server.workspace_path}/jobs/a/b/c/d"):
        reply = wire.send("GET", path)
        assert reply.status_code == 404
        assert error_of(reply)


def test_an_unknown_method_is_refused(wire, server):
    reply = wire.send("PATCH", f"{server.workspace_path}/codes")
    assert reply.status_code in (404, 405)


@pytest.mark.parametrize("name", ["a%2Fb", "%00", "a b", "x" * 300, "-", "\u2603"])
def test_a_name_against_the_rules_is_refused(wire, name):
    reply = wire.put(f"environments/{name}/versions/1", {"properties": {"image": "ubuntu"}})
    assert reply.status_code in (400, 404, 405), reply.text


def test_an_if_match_that_no_longer_holds_stops_a_write(wire, unique_name):
    path = f"environments/{unique_name('e')}/versions/1"
    wire.put(path, {"properties": {"image": "ubuntu"}})
    body = {"properties": {"image": "ubuntu", "tags": {"a": "b"}}}
    assert wire.put(path, body, headers={"If-Match": '"stale"'}).status_code == 412


def test_a_very_large_body_is_refused_and_the_server_lives_on(wire, unique_name):
    reply = wire.put(f"jobs/{unique_name('job')}", job_body(description="x" * 40_000_000))
    assert reply.status_code in (400, 413)
    assert wire.send("GET", wire.server.workspace_path).status_code == 200


def test_very_deep_json_is_refused(wire, unique_name):
    reply = wire.put(f"jobs/{unique_name('job')}", data=b'{"a":' * 50_000 + b"1" + b"}" * 50_000)
    assert reply.status_code == 400
