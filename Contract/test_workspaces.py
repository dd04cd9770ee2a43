"""Contract B1: workspaces."""

import pytest
from azure.ai.ml import load_workspace
from azure.ai.ml.entities import Workspace
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential

from running_jobs import wait_for_status


@pytest.fixture(scope="module")
def made_workspace(ml_client):
    """A second workspace, made by the template deployment that the stock client sends."""
    wanted = Workspace(
        name="second-workspace", location="local", display_name="Second", description="made here", tags={"team": "red"}
    )
    return ml_client.workspaces.begin_create(wanted).result()


def test_the_default_workspace_can_be_read(ml_client, server):
    workspace = ml_client.workspaces.get(server.workspace)
    assert workspace.name == server.workspace
    assert workspace.discovery_url.startswith(server.api)
    assert workspace.mlflow_tracking_uri.endswith(server.workspace_path)


def test_a_workspace_names_the_resources_it_came_with(ml_client, server):
    workspace = ml_client.workspaces.get(server.workspace)
    for arm_id in (workspace.storage_account, workspace.key_vault, workspace.application_insights):
        assert arm_id.startswith(server.group_path + "/providers/")


def test_a_workspace_is_made_by_template_deployment(made_workspace):
    assert made_workspace.name == "second-workspace"
    assert made_workspace.display_name == "Second"
    assert made_workspace.description == "made here"
    assert made_workspace.tags["team"] == "red"


def test_the_list_holds_every_workspace_of_the_group(ml_client, made_workspace, server):
    names = {workspace.name for workspace in ml_client.workspaces.list()}
    assert {server.workspace, made_workspace.name} <= names


def test_a_workspace_can_be_changed(ml_client, made_workspace):
    made_workspace.description = "changed"
    ml_client.workspaces.begin_update(made_workspace).result()
    assert ml_client.workspaces.get(made_workspace.name).description == "changed"


def test_a_new_workspace_has_exactly_the_four_built_in_datastores(client_for, ml_client, made_workspace):
    from azure.identity import DefaultAzureCredential

    elsewhere = client_for(DefaultAzureCredential(), made_workspace.name)
    assert {store.name for store in elsewhere.datastores.list()} == {
        "workspaceblobstore",
        "workspaceartifactstore",
        "workspacefilestore",
        "workspaceworkingdirectory",
    }


def test_two_workspaces_do_not_see_each_others_names(client_for, ml_client, made_workspace, unique_name):
    from azure.ai.ml.entities import Environment
    from azure.identity import DefaultAzureCredential

    name = unique_name("only-here")
    ml_client.environments.create_or_update(Environment(name=name, version="1", image="ubuntu"))
    elsewhere = client_for(DefaultAzureCredential(), made_workspace.name)
    with pytest.raises(ResourceNotFoundError):
        elsewhere.environments.get(name, version="1")


def test_the_keys_of_a_workspace_are_given_by_the_privileged_call(ml_client, server):
    keys = ml_client.workspaces.get_keys(server.workspace)
    assert keys.user_storage_key


def test_an_unknown_workspace_is_not_found_and_named(ml_client):
    with pytest.raises(ResourceNotFoundError, match="no-such-workspace"):
        ml_client.workspaces.get("no-such-workspace")


def test_a_dumped_workspace_can_be_given_back_and_dumped_again(ml_client, made_workspace, folder):
    for _ in range(2):
        ml_client.workspaces.get(made_workspace.name).dump(folder / "workspace.yml")
        ml_client.workspaces.begin_create(load_workspace(source=folder / "workspace.yml")).result()


def test_a_deleted_workspace_is_gone_with_what_it_held(ml_client, wire, server, unique_name):
    name = unique_name("short-lived")
    path = f"{server.workspaces_path}/{name}"
    body = {"location": "local", "properties": {"friendlyName": name}}
    assert wire.send("PUT", path, body).status_code in (200, 201)
    assert wire.send("GET", f"{path}/datastores/workspaceblobstore").status_code == 200
    ml_client.workspaces.begin_delete(name, delete_dependent_resources=False).result()
    assert wire.send("GET", path).status_code == 404
    assert wire.send("GET", f"{path}/datastores/workspaceblobstore").status_code == 404


def test_a_workspace_made_anew_begins_empty(ml_client, client_for, wire, server, unique_name):
    name = unique_name("reborn")
    path = f"{server.workspaces_path}/{name}"
    body = {"location": "local", "properties": {"friendlyName": name}}
    job = {
        "properties": {
            "jobType": "Command",
            "command": "echo started; sleep 300",
            "environmentId": "azureml:AzureML-minimal@latest",
            "experimentName": "first-life",
        }
    }
    for _ in range(2):
        assert wire.send("PUT", path, body).status_code in (200, 201)
        experiments = wire.send("POST", f"/mlflow/v2.0{path}/api/2.0/mlflow/experiments/search", {"max_results": 10})
        assert [found["name"] for found in experiments.json()["experiments"]] == ["Default"]
        assert wire.send("GET", f"{path}/jobs").json()["value"] == []
        assert wire.send("PUT", f"{path}/jobs/same-name", job).status_code in (200, 201)
        wait_for_status(client_for(DefaultAzureCredential(), name), "same-name", {"Running"})
        ml_client.workspaces.begin_delete(name, delete_dependent_resources=False).result()
        assert wire.send("GET", path).status_code == 404


def test_paths_are_matched_without_case(wire, server):
    reply = wire.send("GET", server.workspace_path.replace("resourceGroups", "RESOURCEgroups"))
    assert reply.status_code == 200
    assert reply.json()["id"] == server.workspace_path


def test_any_guid_works_as_subscription_of_a_new_workspace(wire):
    path = (
        "/subscriptions/6f1e0dbb-0000-4a11-9d4e-1b6a2f0c1234/resourceGroups/elsewhere"
        "/providers/Microsoft.MachineLearningServices/workspaces/far-away"
    )
    assert wire.send("PUT", path, {"location": "local", "properties": {}}).status_code in (200, 201)
    assert wire.send("GET", path).json()["id"] == path


def test_what_stands_beside_a_workspace_is_found_by_its_id_and_outlives_a_deletion_of_its_own(ml_client, server, wire):
    workspace = ml_client.workspaces.get(server.workspace)
    for resource in (workspace.storage_account, workspace.key_vault, workspace.application_insights):
        assert wire.send("GET", resource).json()["id"] == resource
        assert wire.send("DELETE", resource).status_code == 200
        assert wire.send("GET", resource).status_code == 200
    assert wire.send("GET", workspace.key_vault + "x").status_code == 404
    assert wire.send("DELETE", workspace.key_vault + "x").status_code == 204
