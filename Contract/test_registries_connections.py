"""Contract B13: registry discovery and connections."""

import pytest
from azure.ai.ml import MLClient
from azure.ai.ml.entities import PatTokenConfiguration, WorkspaceConnection
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import DefaultAzureCredential

TOKEN = "pat-that-must-never-be-shown"


@pytest.fixture
def connection(ml_client, unique_name):
    wanted = WorkspaceConnection(
        name=unique_name("git"),
        type="git",
        target="https://git.example.com/repository",
        credentials=PatTokenConfiguration(pat=TOKEN),
    )
    return ml_client.connections.create_or_update(wanted)


def test_a_connection_is_stored_and_listed(ml_client, connection):
    stored = ml_client.connections.get(connection.name)
    assert (stored.type, stored.target) == ("git", "https://git.example.com/repository")
    assert connection.name in {each.name for each in ml_client.connections.list()}


def test_a_plain_read_never_shows_the_secret(wire, connection):
    assert TOKEN not in wire.get(f"connections/{connection.name}").text
    assert TOKEN not in wire.get("connections").text


def test_a_connection_put_answers_200(wire, unique_name):
    body = {"properties": {"category": "Git", "target": "https://x", "authType": "PAT", "credentials": {"pat": "p"}}}
    path = f"connections/{unique_name('git')}"
    assert [wire.put(path, body).status_code for _ in range(2)] == [200, 200]


def test_a_deleted_connection_is_gone(ml_client, connection):
    ml_client.connections.delete(connection.name)
    with pytest.raises(ResourceNotFoundError):
        ml_client.connections.get(connection.name)


def test_a_registry_is_discovered(wire, server):
    url = server.exports["REGISTRY_DISCOVERY_ENDPOINT_URL"] + "registrymanagement/v1.0/registries/azureml/discovery"
    found = wire.send("GET", url).json()
    assert found["registryName"] == "azureml"
    assert found["primaryRegionResourceProviderUri"].startswith(server.api)


def test_the_stock_client_opens_a_registry_and_lists_its_models(server):
    client = MLClient(DefaultAzureCredential(), registry_name="azureml")
    assert list(client.models.list()) == []
