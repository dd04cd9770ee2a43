"""Contract B2: datastores."""

import base64

import pytest
from azure.ai.ml.entities import AccountKeyConfiguration, AzureBlobDatastore
from azure.core.exceptions import ResourceNotFoundError

SECRET = base64.b64encode(b"an account key that must never be shown").decode()


@pytest.fixture
def blob_datastore(ml_client, unique_name):
    return ml_client.create_or_update(
        AzureBlobDatastore(
            name=unique_name("store").replace("-", "_"),
            description="Datastore pointing to a blob container",
            account_name="mytestblobstore",
            container_name="data-container",
            credentials=AccountKeyConfiguration(account_key=SECRET),
        )
    )


def test_the_default_datastore_is_the_blob_store(ml_client):
    default = ml_client.datastores.get_default()
    assert default.name == "workspaceblobstore"
    assert default.container_name.startswith("azureml-blobstore-")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("workspaceblobstore", "AzureBlob"),
        ("workspaceartifactstore", "AzureBlob"),
        ("workspacefilestore", "AzureFile"),
        ("workspaceworkingdirectory", "AzureFile"),
    ],
)
def test_each_built_in_datastore_has_its_kind(wire, name, kind):
    assert wire.get(f"datastores/{name}").json()["properties"]["datastoreType"].lower() == kind.lower()


def test_the_artifact_store_is_the_container_azureml(ml_client):
    assert ml_client.datastores.get("workspaceartifactstore").container_name == "azureml"


def test_a_blob_datastore_is_stored_and_listed(ml_client, blob_datastore):
    stored = ml_client.datastores.get(blob_datastore.name)
    assert (stored.account_name, stored.container_name) == ("mytestblobstore", "data-container")
    assert stored.description == "Datastore pointing to a blob container"
    assert blob_datastore.name in {store.name for store in ml_client.datastores.list()}


def test_a_plain_read_never_shows_the_account_key(wire, blob_datastore):
    assert SECRET not in wire.get(f"datastores/{blob_datastore.name}").text
    assert SECRET not in wire.get("datastores").text


def test_the_privileged_call_gives_something_to_sign_with(wire, blob_datastore):
    secrets = wire.post(f"datastores/{blob_datastore.name}/listSecrets", {}).json()
    assert secrets["secretsType"] in ("Sas", "AccountKey")
    assert secrets.get("sasToken") or secrets.get("key")


def test_secrets_are_not_on_disk_in_clear(server, blob_datastore):
    files = [path for path in server.home.rglob("lazuli.sqlite*") if path.is_file()]
    assert files, "the state folder holds no lazuli.sqlite"
    assert not [path.name for path in files if SECRET.encode() in path.read_bytes()]


def test_a_datastore_can_be_described_anew(ml_client, blob_datastore):
    blob_datastore.description = "another sentence"
    blob_datastore.credentials = AccountKeyConfiguration(account_key=SECRET)
    ml_client.create_or_update(blob_datastore)
    assert ml_client.datastores.get(blob_datastore.name).description == "another sentence"


def test_a_deleted_datastore_is_gone(ml_client, blob_datastore):
    ml_client.datastores.delete(blob_datastore.name)
    with pytest.raises(ResourceNotFoundError):
        ml_client.datastores.get(blob_datastore.name)


def test_a_datastore_that_is_not_there_is_named(ml_client):
    with pytest.raises(ResourceNotFoundError, match="no_such_datastore"):
        ml_client.datastores.get("no_such_datastore")
