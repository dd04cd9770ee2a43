"""Contract B4: data assets through the stock client."""

import pytest
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

REMOTE = [
    "azureml://datastores/workspaceblobstore/paths/some/folder/",
    "wasbs://container@account.blob.core.windows.net/folder",
    "abfss://fs@account.dfs.core.windows.net/folder",
    "https://example.com/rows.csv",
]


@pytest.fixture
def rows(folder):
    (folder / "rows.csv").write_text("a,b\n1,2\n")
    return folder / "rows.csv"


def test_a_file_is_registered_and_read_back(ml_client, rows, unique_name):
    name = unique_name("file")
    asset = ml_client.data.create_or_update(
        Data(path=str(rows), type=AssetTypes.URI_FILE, description="d", name=name, version="1", tags={"k": "v"})
    )
    assert asset.path.startswith("azureml://")
    again = ml_client.data.get(name, version="1")
    assert (again.type, again.description, again.tags, again.path) == ("uri_file", "d", {"k": "v"}, asset.path)


def test_a_version_that_is_left_out_is_counted_up(ml_client, rows, unique_name):
    name = unique_name("counted")
    versions = [
        ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=name)).version for _ in range(3)
    ]
    assert versions == ["1", "2", "3"]
    assert ml_client.data.get(name, label="latest").version == "3"


def test_an_ml_table_keeps_what_it_refers_to(ml_client, wire, folder, unique_name):
    table = folder / "table"
    table.mkdir()
    (table / "MLTable").write_text(
        "type: mltable\npaths:\n  - pattern: ./*.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
    )
    (table / "rows.csv").write_text("a,b\n1,2\n")
    name = unique_name("table")
    ml_client.data.create_or_update(Data(path=str(table), type=AssetTypes.MLTABLE, name=name, version="1"))
    stored = wire.get(f"data/{name}/versions/1").json()["properties"]
    assert stored["dataType"] == "mltable"
    assert stored["referencedUris"] == ["./*.csv"]


@pytest.mark.parametrize("path", REMOTE)
def test_a_remote_path_is_kept_as_it_was_given(ml_client, unique_name, path):
    name = unique_name("remote")
    ml_client.data.create_or_update(Data(path=path, type="uri_folder", name=name, version="1"))
    assert ml_client.data.get(name, version="1").path.rstrip("/").endswith(path.rstrip("/").split("//", 1)[1])


def test_versions_and_names_are_listed(ml_client, rows, unique_name):
    name = unique_name("listed")
    for version in ("1", "2"):
        ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=name, version=version))
    assert {asset.version for asset in ml_client.data.list(name)} == {"1", "2"}
    assert name in {asset.name for asset in ml_client.data.list()}


def test_an_archived_version_leaves_the_list_and_returns(ml_client, rows, unique_name):
    name = unique_name("archived")
    ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=name, version="1"))
    ml_client.data.archive(name, version="1")
    assert list(ml_client.data.list(name)) == []
    ml_client.data.restore(name, version="1")
    assert [asset.version for asset in ml_client.data.list(name)] == ["1"]


def test_other_content_under_the_same_version_is_refused(ml_client, rows, unique_name):
    name = unique_name("fixed")
    ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=name, version="1"))
    rows.write_text("a,b\n3,4\n")
    with pytest.raises(HttpResponseError) as refusal:
        ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=name, version="1"))
    assert refusal.value.status_code == 409


def test_unknown_data_is_not_found(ml_client):
    with pytest.raises(ResourceNotFoundError):
        ml_client.data.get("no-such-data", version="1")
    with pytest.raises(Exception, match="no-such-data"):
        ml_client.data.get("no-such-data", label="latest")


def test_the_uris_of_many_assets_are_resolved_in_one_call(ml_client, wire, server, rows, unique_name):
    name = unique_name("resolved")
    asset = ml_client.data.create_or_update(Data(path=str(rows), type="uri_file", name=name, version="1"))
    workspace_id = wire.send("GET", server.workspace_path).json()["properties"]["workspaceId"]
    asset_id = f"azureml://locations/local/workspaces/{workspace_id}/data/{name}/versions/1"
    reply = wire.send(
        "POST",
        f"/data/v1.0{server.workspace_path}/dataversion/batchGetResolvedUris",
        {"values": [asset_id]},
    )
    found = reply.json()["values"][asset_id]
    assert found["type"] == "UriFile"
    assert found["uri"].split("/paths/")[1] == asset.path.split("/paths/")[1]
