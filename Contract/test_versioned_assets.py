"""What data, environments, models and components have in common: names, versions, labels, archive, immutability."""

from dataclasses import dataclass
from typing import Any

import pytest

from lazuli_wire import error_of

STORE = "azureml://datastores/workspaceblobstore/paths/any"


@dataclass(frozen=True)
class Kind:
    """A kind of versioned asset: its segment in ids, a body, and the same body with other content."""

    segment: str
    first: dict[str, Any]
    other: dict[str, Any]

    def body(self, content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """The body with one content (the first unless said otherwise) and more properties."""
        return {"properties": (content or self.first) | more}


def component_spec(line: str) -> dict[str, Any]:
    spec = {"type": "command", "name": "any", "command": line, "environment": "azureml:AzureML-minimal@latest"}
    return {"componentSpec": spec}


KINDS = [
    Kind(
        "data", {"dataType": "uri_folder", "dataUri": f"{STORE}/1"}, {"dataType": "uri_folder", "dataUri": f"{STORE}/2"}
    ),
    Kind("environments", {"image": "ubuntu:22.04"}, {"image": "debian:12"}),
    Kind(
        "models",
        {"modelType": "custom_model", "modelUri": f"{STORE}/1"},
        {"modelType": "custom_model", "modelUri": f"{STORE}/2"},
    ),
    Kind("components", component_spec("echo one"), component_spec("echo two")),
]

pytestmark = pytest.mark.parametrize("kind", KINDS, ids=[kind.segment for kind in KINDS])


@pytest.fixture(scope="module", autouse=True)
def files_of_models(wire):
    """A model is registered from files that exist; these are they."""
    store = wire.get("datastores/workspaceblobstore").json()["properties"]["containerName"]
    token = wire.managed_identity_token("https://storage.azure.com")
    for path in ("any/1/weights.bin", "any/2/weights.bin"):
        url = f"{wire.server.blob}/{store}/{path}"
        headers = {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2021-08-06"}
        assert wire.send("PUT", url, data=b"weights", token=token, headers=headers).status_code == 201


@pytest.fixture
def name(unique_name, kind):
    return unique_name("asset")


def make(wire, kind, name, version="1", content=None, **more):
    return wire.put(f"{kind.segment}/{name}/versions/{version}", kind.body(content, **more))


def made(wire, kind, name, version="1", content=None, **more):
    reply = make(wire, kind, name, version, content, **more)
    assert reply.status_code in (200, 201), reply.text
    return reply.json()


def listed(wire, path, view="ActiveOnly"):
    return {item["name"] for item in wire.get(path, query={"listViewType": view}).json()["value"]}


def test_a_version_comes_back_as_it_was_sent(wire, kind, name):
    reply = made(wire, kind, name, description="first", tags={"a": "b"}, properties={"p": "q"})
    assert reply["id"] == wire.here(f"{kind.segment}/{name}/versions/1")
    assert reply["name"] == "1"
    stored = wire.get(f"{kind.segment}/{name}/versions/1").json()["properties"]
    assert (stored["description"], stored["tags"]) == ("first", {"a": "b"})
    assert stored["properties"]["p"] == "q"


def test_the_same_content_again_is_no_conflict(wire, kind, name):
    made(wire, kind, name)
    assert make(wire, kind, name).status_code == 200


def test_other_content_under_the_same_version_is_refused(wire, kind, name):
    made(wire, kind, name)
    reply = make(wire, kind, name, content=kind.other)
    assert reply.status_code == 409
    assert "new version" in error_of(reply)["message"]


def test_tags_and_description_of_a_version_may_change(wire, kind, name):
    made(wire, kind, name, tags={"a": "b"})
    assert made(wire, kind, name, description="later", tags={"c": "d"})["properties"]["tags"] == {"c": "d"}


def test_the_container_tells_the_latest_and_the_next_version(wire, kind, name):
    for version in ("1", "2", "10"):
        made(wire, kind, name, version)
    container = wire.get(f"{kind.segment}/{name}").json()["properties"]
    assert (container["latestVersion"], container["nextVersion"]) == ("10", "11")


def test_the_newest_version_is_found_by_creation_time(wire, kind, name):
    for version in ("1", "2", "3"):
        made(wire, kind, name, version)
    query = {"$orderBy": "createdtime desc", "$top": "1"}
    (newest,) = wire.get(f"{kind.segment}/{name}/versions", query=query).json()["value"]
    assert newest["name"] == "3"


def test_an_archived_version_is_hidden_and_comes_back(wire, kind, name):
    made(wire, kind, name, "1")
    made(wire, kind, name, "2")
    path = f"{kind.segment}/{name}/versions"
    made(wire, kind, name, "1", isArchived=True)
    assert listed(wire, path) == {"2"}
    assert listed(wire, path, "ArchivedOnly") == {"1"}
    assert listed(wire, path, "All") == {"1", "2"}
    assert wire.get(f"{path}/1").json()["properties"]["isArchived"] is True
    made(wire, kind, name, "1", isArchived=False)
    assert listed(wire, path) == {"1", "2"}


def test_a_container_appears_in_the_list_of_its_kind(wire, kind, name):
    made(wire, kind, name)
    items = {item["name"]: item for item in wire.get(kind.segment, query={"listViewType": "All"}).json()["value"]}
    assert items[name]["properties"]["latestVersion"] == "1"


def test_an_archived_container_is_hidden(wire, kind, name):
    made(wire, kind, name)
    assert wire.put(f"{kind.segment}/{name}", {"properties": {"isArchived": True}}).status_code in (200, 201)
    assert name not in listed(wire, kind.segment)
    assert name in listed(wire, kind.segment, "ArchivedOnly")


def test_an_unknown_version_is_not_found_and_named(wire, kind, name):
    made(wire, kind, name)
    reply = wire.get(f"{kind.segment}/{name}/versions/7")
    assert reply.status_code == 404
    assert name in error_of(reply)["message"]


def test_an_unknown_name_is_not_found_and_named(wire, kind, name):
    reply = wire.get(f"{kind.segment}/{name}/versions/1")
    assert reply.status_code == 404
    assert name in error_of(reply)["message"]


def test_a_reply_carries_who_made_it_and_when(wire, kind, name):
    data = made(wire, kind, name)["systemData"]
    assert data["createdAt"].endswith("Z") or "+00:00" in data["createdAt"]
    assert data["createdBy"]
