"""Contract B11: online endpoints and deployments as the stock SDK makes, reads and calls them."""

import json

import pytest
from azure.ai.ml.entities import (
    CodeConfiguration,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
)
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError


@pytest.fixture
def endpoint(ml_client, unique_name):
    wanted = ManagedOnlineEndpoint(name=unique_name("online"), description="Online endpoint", auth_mode="key")
    made = ml_client.begin_create_or_update(wanted).result()
    yield made
    ml_client.online_endpoints.begin_delete(made.name).wait()


@pytest.fixture
def deployment(ml_client, endpoint, folder):
    """A deployment with a model, code and an environment of its own."""
    (folder / "src").mkdir()
    (folder / "src" / "score.py").write_text("def init():\n    pass\n\n\ndef run(raw):\n    return [1]\n")
    (folder / "model").mkdir()
    (folder / "model" / "weights.txt").write_text(f"weights of {endpoint.name}")
    wanted = ManagedOnlineDeployment(
        name="blue",
        endpoint_name=endpoint.name,
        model=Model(path=str(folder / "model"), type="custom_model"),
        environment=Environment(image="python:3.11"),
        code_configuration=CodeConfiguration(code=str(folder / "src"), scoring_script="score.py"),
        instance_type="Standard_DS2_v2",
        instance_count=1,
        request_settings=OnlineRequestSettings(request_timeout_ms=3000),
    )
    return ml_client.online_deployments.begin_create_or_update(wanted, skip_script_validation=True).result()


def test_an_endpoint_is_made_and_read_back(ml_client, endpoint):
    stored = ml_client.online_endpoints.get(endpoint.name)
    assert (stored.auth_mode, stored.description) == ("key", "Online endpoint")
    assert stored.provisioning_state == "Succeeded"
    assert stored.scoring_uri.endswith("/score")
    assert stored.openapi_uri.endswith("swagger.json")
    assert endpoint.name in {each.name for each in ml_client.online_endpoints.list()}


def test_keys_are_given_and_can_be_renewed_one_at_a_time(ml_client, endpoint):
    before = ml_client.online_endpoints.get_keys(endpoint.name)
    assert before.primary_key != before.secondary_key
    ml_client.online_endpoints.begin_regenerate_keys(endpoint.name, key_type="primary").wait()
    after = ml_client.online_endpoints.get_keys(endpoint.name)
    assert after.primary_key != before.primary_key
    assert after.secondary_key == before.secondary_key


def test_a_plain_read_never_shows_the_keys(ml_client, wire, endpoint):
    key = ml_client.online_endpoints.get_keys(endpoint.name).primary_key
    assert key not in wire.get(f"onlineEndpoints/{endpoint.name}").text


def test_an_endpoint_with_tokens_gives_a_token_with_its_times(ml_client, unique_name):
    wanted = ManagedOnlineEndpoint(name=unique_name("tokens"), auth_mode="aml_token")
    made = ml_client.begin_create_or_update(wanted).result()
    token = ml_client.online_endpoints.get_keys(made.name)
    assert token.access_token
    assert int(token.refresh_after_time_utc) < int(token.expiry_time_utc)
    ml_client.online_endpoints.begin_delete(made.name).wait()


def test_a_deployment_is_stored_with_its_model_code_and_environment(ml_client, endpoint, deployment):
    stored = ml_client.online_deployments.get("blue", endpoint.name)
    assert stored.instance_type == "Standard_DS2_v2"
    assert stored.instance_count == 1
    assert stored.code_configuration.scoring_script == "score.py"
    assert "/models/" in stored.model
    assert "/environments/" in stored.environment
    assert [each.name for each in ml_client.online_deployments.list(endpoint.name)] == ["blue"]


def test_traffic_is_given_to_deployments_that_exist(ml_client, endpoint, deployment):
    endpoint.traffic = {"blue": 100}
    ml_client.begin_create_or_update(endpoint).result()
    assert ml_client.online_endpoints.get(endpoint.name).traffic == {"blue": 100}
    endpoint.traffic = {"green": 100}
    with pytest.raises(HttpResponseError, match="green") as refusal:
        ml_client.begin_create_or_update(endpoint).result()
    assert refusal.value.status_code == 400


def test_the_number_of_instances_can_change(ml_client, endpoint, deployment):
    stored = ml_client.online_deployments.get("blue", endpoint.name)
    stored.instance_count = 2
    ml_client.online_deployments.begin_create_or_update(stored).result()
    assert ml_client.online_deployments.get("blue", endpoint.name).instance_count == 2


def test_a_deployment_needs_its_endpoint(wire, unique_name):
    reply = wire.put(
        f"onlineEndpoints/{unique_name('none')}/deployments/blue",
        {
            "location": "local",
            "sku": {"name": "Default", "capacity": 1},
            "properties": {"endpointComputeType": "Managed"},
        },
    )
    assert reply.status_code == 404


def test_a_deployment_and_then_its_endpoint_can_be_deleted(ml_client, unique_name):
    name = unique_name("gone")
    ml_client.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    ml_client.online_endpoints.begin_delete(name).wait()
    with pytest.raises(ResourceNotFoundError):
        ml_client.online_endpoints.get(name)


def test_a_deployment_scores_what_it_is_sent(ml_client, endpoint, deployment, folder):
    (folder / "request.json").write_text(json.dumps({"data": [[1]]}))
    answer = ml_client.online_endpoints.invoke(endpoint_name=endpoint.name, request_file=str(folder / "request.json"))
    assert answer == "[1]"
