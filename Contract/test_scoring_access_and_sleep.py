"""Endpoints for signed-in callers, and deployments that sleep while nobody asks."""

import pytest
from azure.ai.ml.entities import TargetUtilizationScaleSettings
from azure.identity import DefaultAzureCredential

from scoring_endpoints import OnlineEndpoint
from waiting import wait_until


@pytest.fixture
def endpoint(ml_client, folder, unique_name):
    made = OnlineEndpoint(ml_client, folder, unique_name("sleepy"))
    yield made
    ml_client.online_endpoints.begin_delete(made.name).wait()


def instances(server, name):
    return server.run_json("online-endpoint", "metrics", "-n", name)["deployments"]["blue"]["instances"]


def test_a_signed_in_caller_with_the_role_scores_and_others_do_not(server, ml_client, wire, endpoint):
    endpoint.deploy("blue")
    stored = ml_client.online_endpoints.get(endpoint.name)
    stored.auth_mode = "aad_token"
    ml_client.online_endpoints.begin_create_or_update(stored).result()
    token = DefaultAzureCredential().get_token("https://ml.azure.com/.default").token
    assert endpoint.ask('"x"', headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert endpoint.ask('"x"').status_code == 401
    reader = server.run_json("principal", "create", "--name", endpoint.name, "--role", "Reader")
    secret = {"client_id": reader["clientId"], "client_secret": reader["clientSecret"]}
    answer = endpoint.session.post(
        f"{server.api}/adfs/{reader['tenantId']}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials", "scope": "https://ml.azure.com/.default"} | secret,
        verify=server.addresses["ca"],
    )
    foreign = answer.json()["access_token"]
    refusal = endpoint.ask('"x"', headers={"Authorization": f"Bearer {foreign}"})
    assert refusal.status_code == 403
    assert "onlineEndpoints/score/action" in refusal.text


def test_a_deployment_that_may_sleep_sleeps_and_is_woken_by_a_request(server, endpoint):
    scale = TargetUtilizationScaleSettings(min_instances=0, max_instances=1, polling_interval=1)
    endpoint.deploy("blue", scale_settings=scale)
    assert endpoint.ask('"awake"').status_code == 200
    wait_until(lambda: instances(server, endpoint.name) == 0, "the deployment sleeps", 60)
    assert endpoint.ask('"woken"').status_code == 200
    assert "woke" in endpoint.logs("blue")
