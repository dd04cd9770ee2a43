"""The model registry as stock MLflow's tests expect it: order, times, empty texts, and what the page uploads."""

import json
import time

import pytest
import requests
from mlflow.exceptions import MlflowException

SOURCE = "mlflow-artifacts:/elsewhere/model"


@pytest.fixture
def model(client, unique_name):
    return client.create_registered_model(unique_name("model")).name


def tick(client, name, before):
    """Waits for a moment that differs from the one before, so that times can be told apart."""
    while time.time_ns() // 1_000_000 <= before:
        pass
    return client.get_registered_model(name)


def test_versions_are_found_latest_changed_first(client, model):
    first = client.create_model_version(model, SOURCE)
    tick(client, model, first.creation_timestamp)
    second = client.create_model_version(model, SOURCE)
    tick(client, model, second.creation_timestamp)
    client.update_model_version(model, first.version, description="changed last")
    found = client.search_model_versions(f"name = '{model}'")
    assert [version.version for version in found] == [first.version, second.version]


def test_what_a_version_lacks_is_the_empty_text(client, model, tracking_uri):
    made = client.create_model_version(model, SOURCE)
    address = f"{tracking_uri}/api/2.0/mlflow/model-versions/get"
    told = requests.get(address, {"name": model, "version": made.version}, timeout=30).json()["model_version"]
    assert (told["description"], told["run_id"], told["run_link"]) == ("", "", "")


def test_describing_and_tagging_a_version_leaves_the_models_time(client, model):
    made = client.create_model_version(model, SOURCE)
    before = tick(client, model, made.creation_timestamp).last_updated_timestamp
    client.update_model_version(model, made.version, description="words")
    client.set_model_version_tag(model, made.version, "key", "value")
    client.set_registered_model_tag(model, "key", "value")
    client.set_registered_model_alias(model, "best", made.version)
    assert client.get_registered_model(model).last_updated_timestamp == before
    client.transition_model_version_stage(model, made.version, "Staging")
    assert client.get_registered_model(model).last_updated_timestamp > before


def test_a_logged_model_lists_its_registered_versions(client, experiment, model):
    logged = client.create_logged_model(experiment, name="made")
    for _ in range(2):
        client.create_model_version(model, logged.artifact_location, model_id=logged.model_id)
    listed = json.loads(client.get_logged_model(logged.model_id).tags["mlflow.modelVersions"])
    assert listed == [{"name": model, "version": 1}, {"name": model, "version": 2}]


def test_the_page_uploads_a_file_to_a_run(client, experiment, tracking_uri):
    run = client.create_run(experiment).info.run_id
    address = f"{tracking_uri}/ajax-api/2.0/mlflow/upload-artifact"

    def upload(data=b"dropped", **query):
        return requests.post(address, params=query, data=data, timeout=30)

    assert upload(run_uuid=run, path="notes/a.txt").status_code == 200
    assert client.download_artifacts(run, "notes/a.txt")
    assert upload(path="a.txt").json()["message"] == "Request must specify run_uuid."
    assert upload(run_uuid=run).json()["message"] == "Request must specify path."
    assert upload(run_uuid=run, path="../a.txt").json()["message"] == "Invalid path"
    assert upload(data=b"", run_uuid=run, path="a.txt").json()["message"] == "Request must specify data."


def test_a_path_that_leads_elsewhere_is_refused_before_the_model_is_looked_for(tracking_uri):
    query = {"name": "no-such-model", "version": "1", "path": "../path"}
    reply = requests.get(f"{tracking_uri}/model-versions/get-artifact", query, timeout=30)
    assert (reply.status_code, reply.json()["message"]) == (400, "Invalid path")


def test_an_unknown_model_is_refused_in_mlflows_words(client):
    with pytest.raises(MlflowException, match="not found"):
        client.get_registered_model("no-such-model")


def test_models_and_prompts_share_their_names(tracking_uri, unique_name):
    prompt, model = unique_name("prompt"), unique_name("model")
    tags = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]

    def create(name, tags):
        address = f"{tracking_uri}/api/2.0/mlflow/registered-models/create"
        return requests.post(address, json={"name": name, "tags": tags}, timeout=30)

    assert [create(prompt, tags).status_code, create(model, []).status_code] == [200, 200]
    for name, given, words in (
        (prompt, tags, f"Prompt (name={prompt}) already exists"),
        (model, [], f"Registered Model (name={model}) already exists"),
        (model, tags, "already taken by a registered model"),
        (prompt, [], "already taken by a prompt"),
    ):
        reply = create(name, given)
        assert (reply.status_code, reply.json()["error_code"]) == (400, "RESOURCE_ALREADY_EXISTS")
        assert words in reply.json()["message"]
